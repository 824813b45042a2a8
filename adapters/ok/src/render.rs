//! From content to a topic: plain text, pictures, one link beside them.

use vestnik_contract::markdown::{Document, LinkStyle};
use vestnik_contract::{Content, Drawn, LengthUnit, Limits, Markup, Media, MediaKind, Misfit, MisfitCode, Rendered};

use crate::attachment;
use crate::settings::Settings;

/// What OK takes of a file is known from its refusals alone (errors 500 to 505).
const PICTURE_TYPES: [&str; 3] = ["image/jpeg", "image/png", "image/gif"];

/// What a topic takes, by the settings: OK refuses what is too much without publishing the figures.
pub(crate) fn limits(settings: &Settings) -> Limits {
    Limits {
        text_max: Some(settings.text_max),
        unit: LengthUnit::Utf16,
        pictures_max: settings.pictures_max,
        documents_max: 0,
        documents_with_pictures: false,
        picture_bytes_max: settings.picture_bytes_max,
        document_bytes_max: 0,
        picture_side_max: None,
        picture_types: PICTURE_TYPES.to_vec(),
    }
}

/// The topic that a content becomes, and everything that does not fit.
pub(crate) fn draw(content: &Content, limits: &Limits, blocks_max: usize) -> Drawn {
    let body = text(content);
    let length = limits.unit.measure(&body);
    let misfits = misfits(content, length, limits, blocks_max);
    let rendered = Rendered {
        title: None,
        plain: body.clone(),
        body,
        markup: Markup::Plain,
        link: content.link.clone(),
        tags: Vec::new(),
        media: content.media.clone(),
        length,
    };
    Drawn { rendered, misfits }
}

fn misfits(content: &Content, length: usize, limits: &Limits, blocks_max: usize) -> Vec<Misfit> {
    let mut misfits = Vec::new();
    if let Some(max) = limits.text_max.filter(|max| length > *max) {
        let problem = format!(
            "with title, tags and footer it has {length} characters (an emoji counts as two), and a topic on OK takes {max}"
        );
        let todo = format!("shorten it by {} or write a shorter text for this channel", length - max);
        misfits.push(Misfit::new(MisfitCode::TextTooLong, "text", problem, todo).over("length", length, max));
    }
    misfits.extend(content.media.iter().enumerate().filter_map(|(i, media)| file_misfit(i, media, limits)));
    let pictures = content.media.iter().filter(|m| m.kind == MediaKind::Picture).count();
    let max = limits.pictures_max;
    if pictures > max {
        let problem = format!("there are {pictures} pictures, and a topic on OK takes {max}");
        let todo = format!("leave out {}", pictures - max);
        misfits.push(Misfit::new(MisfitCode::TooManyPictures, "media", problem, todo).over("count", pictures, max));
    }
    let blocks = attachment::blocks(pictures > 0, content.link.is_some());
    if blocks > blocks_max {
        let problem = format!("text, pictures and link make {blocks} parts, and a topic on OK takes {blocks_max}");
        let todo = "write the link into the text, or leave the pictures out";
        misfits.push(Misfit::new(MisfitCode::TooManyParts, "link", problem, todo).over("count", blocks, blocks_max));
    }
    if let Some(link) = content.link.as_ref().filter(|link| !matches!(link.scheme(), "http" | "https")) {
        let problem = format!("`{link}` is not a web address");
        let todo = "give an address that begins with https://";
        misfits.push(Misfit::new(MisfitCode::LinkNotWeb, "link", problem, todo).with("link", link.as_str()));
    }
    misfits
}

fn text(content: &Content) -> String {
    let plain = |markdown: &str| Document::parse(markdown).plain(LinkStyle::WithAddress);
    let tags = content.tags.iter().filter_map(|tag| hashtag(tag)).collect::<Vec<_>>().join(" ");
    let footer = content.footer.as_deref().map(plain).unwrap_or_default();
    let parts = [content.title.clone(), plain(&content.body), tags, footer];
    parts.into_iter().filter(|part| !part.trim().is_empty()).collect::<Vec<_>>().join("\n\n")
}

/// A hashtag ends at the first character that is neither a letter, a digit nor `_`.
fn hashtag(tag: &str) -> Option<String> {
    let words = tag.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty());
    let joined = words.collect::<Vec<_>>().join("_");
    (!joined.is_empty()).then(|| format!("#{joined}"))
}

fn file_misfit(index: usize, media: &Media, limits: &Limits) -> Option<Misfit> {
    let name = &media.name;
    let misfit = |code, problem: String, todo: &str| {
        Misfit::new(code, format!("media[{index}]"), problem, todo).with("name", name.as_str())
    };
    let max = limits.picture_bytes_max;
    Some(match media.kind {
        MediaKind::Document => misfit(
            MisfitCode::NoDocuments,
            format!("a topic on OK takes no documents, and «{name}» is one"),
            "put the document on the official site and give its address as the post's link",
        ),
        MediaKind::Video => misfit(
            MisfitCode::Film,
            format!("vestnik does not publish films on OK yet, and «{name}» is one"),
            "put the film where it can be watched and give its address as the post's link",
        ),
        MediaKind::Picture if !limits.picture_types.contains(&media.mime.as_str()) => {
            let types = limits.picture_types.join(", ");
            let problem = format!("«{name}» is {}, and OK takes {types}", media.mime);
            let misfit = misfit(MisfitCode::PictureType, problem, "save it as JPEG or PNG");
            misfit.with("mime", media.mime.as_str()).with("types", types)
        }
        MediaKind::Picture if media.bytes > max => misfit(
            MisfitCode::FileTooLarge,
            format!("«{name}» has {} bytes, and a picture on OK may have {max}", media.bytes),
            "save it smaller",
        )
        .heavy(media.bytes, max),
        MediaKind::Picture => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn render(content: &Content, limits: &Limits, blocks_max: usize) -> Result<Rendered, Vec<Misfit>> {
        draw(content, limits, blocks_max).fitting()
    }

    fn content() -> Content {
        Content {
            title: "Отключение воды".into(),
            body: "Подробности [на сайте](https://example.ru/voda), **важно**.".into(),
            link: Some("https://example.ru/form".parse().unwrap()),
            tags: vec!["новости".into(), "благоустройство города".into(), "!".into()],
            media: Vec::new(),
            footer: Some("Мы в MAX: https://max.ru/gorod".into()),
        }
    }

    fn limits() -> Limits {
        Limits {
            text_max: Some(200),
            unit: LengthUnit::Utf16,
            pictures_max: 1,
            documents_max: 0,
            documents_with_pictures: false,
            picture_bytes_max: 1_000,
            document_bytes_max: 0,
            picture_side_max: None,
            picture_types: PICTURE_TYPES.to_vec(),
        }
    }

    fn file(kind: MediaKind, mime: &str, bytes: u64) -> Media {
        Media {
            kind,
            path: "x".into(),
            name: "файл".into(),
            mime: mime.into(),
            bytes,
            sha256: String::new(),
            size: None,
            alt: "Набережная".into(),
        }
    }

    #[test]
    fn title_text_tags_and_footer_stand_in_this_order() {
        let post = render(&content(), &limits(), 10).unwrap();
        assert_eq!(
            post.body,
            "Отключение воды\n\nПодробности на сайте (https://example.ru/voda), важно.\n\n\
             #новости #благоустройство_города\n\nМы в MAX: https://max.ru/gorod"
        );
        assert_eq!(post.link.unwrap().as_str(), "https://example.ru/form");
        let bare = Content { body: String::new(), tags: Vec::new(), footer: None, ..content() };
        assert_eq!(render(&bare, &limits(), 10).unwrap().body, "Отключение воды");
    }

    #[test]
    fn every_misfit_is_told_with_its_figures_and_the_way_out() {
        let mut content = content();
        content.body = "я".repeat(300);
        content.media = vec![
            file(MediaKind::Picture, "image/png", 10),
            file(MediaKind::Picture, "image/jpeg", 1_001),
            file(MediaKind::Picture, "image/svg+xml", 10),
            file(MediaKind::Document, "application/pdf", 10),
            file(MediaKind::Video, "video/mp4", 10),
        ];
        let misfits = render(&content, &limits(), 2).unwrap_err();
        let told: Vec<String> = misfits.iter().map(ToString::to_string).collect();
        for (part, todo) in [
            ("a topic on OK takes 200", "shorten it by"),
            ("media[1]: «файл» has 1001 bytes, and a picture on OK may have 1000", "save it smaller"),
            ("image/svg+xml", "JPEG or PNG"),
            ("takes no documents", "official site"),
            ("films", "link"),
            ("3 pictures, and a topic on OK takes 1", "leave out 2"),
            ("3 parts, and a topic on OK takes 2", "into the text"),
        ] {
            assert!(told.iter().any(|t| t.contains(part) && t.contains(todo)), "{part}: {told:#?}");
        }
        assert_eq!(told.len(), 7, "{told:#?}");
    }

    #[test]
    fn an_emoji_counts_as_two() {
        let content =
            Content { title: "😀".into(), body: String::new(), tags: Vec::new(), footer: None, ..content() };
        assert_eq!(render(&content, &limits(), 10).unwrap().length, 2);
    }
}
