//! From content to a site's form: a headline, HTML, and what a reader reads.

use vestnik_contract::markdown::{Document, LinkStyle, escape_html};
use vestnik_contract::{Content, Drawn, LengthUnit, Limits, Markup, Media, MediaKind, Misfit, MisfitCode, Rendered};

use crate::settings::Settings;

/// The picture types every browser shows.
const PICTURE_TYPES: [&str; 4] = ["image/jpeg", "image/png", "image/gif", "image/webp"];
/// Room in a request for everything that is neither text nor file: names of fields, ids, excerpt, slug.
const ENVELOPE_BYTES: u64 = 8_000;

pub(crate) fn limits(settings: &Settings) -> Limits {
    Limits {
        text_max: Some(settings.text_max),
        unit: LengthUnit::Chars,
        pictures_max: settings.pictures_max,
        documents_max: settings.documents_max,
        documents_with_pictures: true,
        picture_bytes_max: settings.file_bytes_max,
        document_bytes_max: settings.file_bytes_max,
        picture_side_max: None,
        picture_types: PICTURE_TYPES.to_vec(),
    }
}

pub(crate) fn draw(content: &Content, settings: &Settings) -> Drawn {
    let (body, footer) = (Document::parse(&content.body), content.footer.as_deref().map(Document::parse));
    let mut html = body.html();
    let mut paragraphs = vec![content.title.clone(), body.plain(LinkStyle::LabelOnly)];
    if let Some(link) = &content.link {
        let shown = escape_html(link.as_str());
        html.extend(["<p><a href=\"", &shown, "\">", &shown, "</a></p>"]);
        paragraphs.push(link.to_string());
    }
    if let Some(footer) = &footer {
        html.push_str(&footer.html());
        paragraphs.push(footer.plain(LinkStyle::LabelOnly));
    }
    paragraphs.retain(|p| !p.is_empty());
    let plain = paragraphs.join("\n\n");
    let rendered = Rendered {
        title: Some(content.title.clone()),
        body: html,
        markup: Markup::Html,
        length: LengthUnit::Chars.measure(&plain),
        plain,
        link: content.link.clone(),
        tags: content.tags.clone(),
        media: content.media.clone(),
    };
    let misfits = misfits(&rendered, settings);
    Drawn { rendered, misfits }
}

fn misfits(post: &Rendered, settings: &Settings) -> Vec<Misfit> {
    let mut found = Vec::new();
    let title = post.title.as_deref().unwrap_or_default().chars().count();
    if title == 0 {
        let problem = "there is no headline, and a site's news has one";
        found.push(Misfit::new(MisfitCode::TitleMissing, "title", problem, "write one"));
    }
    let max = settings.title_max;
    if title > max {
        let problem = format!("{title} characters, and the site takes {max}");
        let todo = format!("shorten it by {}", title - max);
        found.push(Misfit::new(MisfitCode::TitleTooLong, "title", problem, todo).over("length", title, max));
    }
    let (length, max) = (post.length, settings.text_max);
    if length > max {
        let problem = format!("{length} characters with headline and footer, and the site takes {max}");
        let todo = format!("shorten it by {} or write a shorter text for this channel", length - max);
        found.push(Misfit::new(MisfitCode::TextTooLong, "text", problem, todo).over("length", length, max));
    }
    for (kind, max, what, code) in [
        (MediaKind::Picture, settings.pictures_max, "pictures", MisfitCode::TooManyPictures),
        (MediaKind::Document, settings.documents_max, "documents", MisfitCode::TooManyDocuments),
    ] {
        let count = post.media.iter().filter(|m| m.kind == kind).count();
        if count > max {
            let problem = format!("{count} {what}, and the site takes {max}");
            found.push(if kind == MediaKind::Document && max == 0 {
                let todo = "put the document on the site and give its address as the post's link";
                Misfit::new(MisfitCode::NoDocuments, "media", problem, todo)
            } else {
                Misfit::new(code, "media", problem, format!("leave out {}", count - max)).over("count", count, max)
            });
        }
    }
    found.extend(post.media.iter().enumerate().filter_map(|(n, media)| media_misfit(n, media, settings)));
    let (request, max) = (request_bytes(post), settings.body_bytes_max);
    if request > max {
        let problem = format!(
            "text and files make a request of {request} bytes, and the site takes {max} (files grow by a third on the way)"
        );
        let todo = "leave out files or make them smaller";
        found.push(Misfit::new(MisfitCode::RequestTooLarge, "media", problem, todo).heavy(request, max));
    }
    found
}

fn media_misfit(n: usize, media: &Media, settings: &Settings) -> Option<Misfit> {
    let misfit = |code, problem: String, todo: &str| {
        let problem = format!("«{}»: {problem}", media.name);
        Misfit::new(code, format!("media[{n}]"), problem, todo).with("name", media.name.as_str())
    };
    if media.kind == MediaKind::Video {
        let todo = "give the film's address as the post's link";
        return Some(misfit(MisfitCode::Film, "films cannot be sent to a site yet".into(), todo));
    }
    let max = settings.file_bytes_max;
    if media.bytes > max {
        let problem = format!("{} bytes, and the site takes {max} a file", media.bytes);
        return Some(misfit(MisfitCode::FileTooLarge, problem, "make it smaller").heavy(media.bytes, max));
    }
    if media.kind == MediaKind::Document {
        return None;
    }
    if !PICTURE_TYPES.contains(&media.mime.as_str()) {
        let types = PICTURE_TYPES.join(", ");
        let problem = format!("type {}, and sites show {types}", media.mime);
        let misfit = misfit(MisfitCode::PictureType, problem, "save it as JPEG or PNG");
        return Some(misfit.with("mime", media.mime.as_str()).with("types", types));
    }
    if media.alt.trim().is_empty() {
        let todo = "write what it shows, for those who cannot see it";
        return Some(misfit(MisfitCode::NoAlt, "it has no text alternative".into(), todo));
    }
    None
}

/// An upper bound of the request's size.
fn request_bytes(post: &Rendered) -> u64 {
    let text = |t: &str| serde_json::to_string(t).map_or(0, |t| t.len() as u64);
    let title = text(post.title.as_deref().unwrap_or_default());
    let files: u64 = post
        .media
        .iter()
        .map(|m| m.bytes.div_ceil(3).saturating_mul(4).saturating_add(text(&m.name) + text(&m.alt) + 256))
        .fold(0, u64::saturating_add);
    let tags: u64 = post.tags.iter().map(|t| text(t) + 1).sum();
    (title + text(&post.body) + text(&post.plain) + tags + ENVELOPE_BYTES).saturating_add(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn render(content: &Content, settings: &Settings) -> Result<Rendered, Vec<Misfit>> {
        draw(content, settings).fitting()
    }

    fn settings() -> Settings {
        serde_json::from_str(r#"{"url":"https://gorod.ru/v","secret":{"env":"A"},"body_bytes_max":4000000}"#).unwrap()
    }

    fn content() -> Content {
        Content {
            title: "Вода & <свет>".into(),
            body: "С 10 до 18 **нет** воды.".into(),
            link: Some("https://gorod.ru/doc?a=1&b=2".parse().unwrap()),
            tags: vec!["жкх".into()],
            media: Vec::new(),
            footer: Some("[Мы в MAX](https://max.ru/gorod)".into()),
        }
    }

    #[test]
    fn the_headline_stands_apart_and_link_and_footer_close_the_text() {
        let post = render(&content(), &settings()).unwrap();
        assert_eq!(post.title.as_deref(), Some("Вода & <свет>"));
        assert_eq!(
            post.body,
            "<p>С 10 до 18 <strong>нет</strong> воды.</p><p><a href=\"https://gorod.ru/doc?a=1&amp;b=2\">\
             https://gorod.ru/doc?a=1&amp;b=2</a></p><p><a href=\"https://max.ru/gorod\">Мы в MAX</a></p>"
        );
        assert_eq!(post.plain, "Вода & <свет>\n\nС 10 до 18 нет воды.\n\nhttps://gorod.ru/doc?a=1&b=2\n\nМы в MAX");
    }

    #[test]
    fn files_that_do_not_fit_together_are_told() {
        let media = |bytes, mime: &str| Media {
            kind: MediaKind::Picture,
            path: "x".into(),
            name: "фото.png".into(),
            mime: mime.into(),
            bytes,
            sha256: String::new(),
            size: None,
            alt: "Набережная".into(),
        };
        let two = Content { media: vec![media(2_000_000, "image/png"), media(2_000_000, "image/png")], ..content() };
        let told = render(&two, &settings()).unwrap_err();
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(told[0].problem.contains("the site takes 4000000"), "{}", told[0]);
        let wrong = Content { media: vec![media(9_000_000, "image/png"), media(1, "image/tiff")], ..content() };
        let told: Vec<_> = render(&wrong, &settings()).unwrap_err().iter().map(|m| m.field.clone()).collect();
        assert_eq!(told, ["media[0]", "media[1]", "media"]);
    }
}
