//! From content to a page of the site.

use vestnik_contract::markdown::{Document, escape_html};
use vestnik_contract::{Content, Drawn, LengthUnit, Limits, Markup, Media, MediaKind, Misfit, MisfitCode, Rendered};

use crate::html::text_of;
use crate::links;
use crate::notes::Uploaded;

/// More pictures than this are a gallery, which is made by hand.
const PICTURES_MAX: usize = 30;
const DOCUMENTS_MAX: usize = 20;
/// What every supported `WordPress` takes (AVIF only since 6.5).
const PICTURE_TYPES: [&str; 4] = ["image/jpeg", "image/png", "image/gif", "image/webp"];
/// Documents that a stock site takes, by extension (`wp_get_mime_types`).
const DOCUMENT_TYPES: [&str; 20] = [
    "pdf", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "pps", "ppsx", "odt", "ods", "odp", "odg", "rtf", "txt", "csv",
    "zip", "rar", "7z", "gz",
];

/// What a site takes.
pub(crate) fn limits(upload_bytes_max: u64) -> Limits {
    Limits {
        text_max: None,
        unit: LengthUnit::Chars,
        pictures_max: PICTURES_MAX,
        documents_max: DOCUMENTS_MAX,
        documents_with_pictures: true,
        picture_bytes_max: upload_bytes_max,
        document_bytes_max: upload_bytes_max,
        picture_side_max: None,
        picture_types: PICTURE_TYPES.to_vec(),
    }
}

/// The page without its files, which have no address yet; see [`with_files`].
pub(crate) fn draw(content: &Content, limits: &Limits) -> Drawn {
    let mut body = Document::parse(&content.body);
    links::mark(&mut body);
    let mut html = body.html();
    if let Some(link) = content.link.as_ref().filter(|l| !body.links().contains(&l.as_str())) {
        html.push_str(&paragraph(link.as_str(), link.as_str()));
    }
    if let Some(footer) = &content.footer {
        let mut footer = Document::parse(footer);
        links::mark(&mut footer);
        html.push_str(&footer.html());
    }
    // A word in brackets would be run as a shortcode of the site.
    let html = html.replace('[', "&#91;").replace(']', "&#93;");
    let title = title(&content.title);
    let plain = text_of(&title, &with_files(&html, &nowhere(&content.media)));
    let rendered = Rendered {
        length: LengthUnit::Chars.measure(&plain),
        title: Some(title),
        body: html,
        markup: Markup::Html,
        plain,
        link: None,
        tags: content.tags.clone(),
        media: content.media.clone(),
    };
    Drawn { rendered, misfits: misfits(content, limits) }
}

/// The whole content: pictures first, then the text, then the documents.
pub(crate) fn with_files(body: &str, files: &[(&Media, &str)]) -> String {
    let mut out = String::with_capacity(body.len() + files.len() * 200);
    for (picture, url) in files.iter().filter(|(m, _)| m.kind == MediaKind::Picture) {
        let (url, alt) = (attribute(url), attribute(&picture.alt));
        out.extend([
            "<figure class=\"wp-block-image size-large\"><img src=\"",
            &url,
            "\" alt=\"",
            &alt,
            "\"></figure>",
        ]);
    }
    out.push_str(body);
    for (document, url) in files.iter().filter(|(m, _)| m.kind == MediaKind::Document) {
        let label = if document.alt.trim().is_empty() { &document.name } else { &document.alt };
        out.push_str(&paragraph(url, label));
    }
    out
}

/// Every file of a post beside its address on the site; `None` when one was not uploaded.
pub(crate) fn placed<'a>(media: &'a [Media], uploaded: &'a [Uploaded]) -> Option<Vec<(&'a Media, &'a str)>> {
    media.iter().map(|m| uploaded.iter().find(|u| u.sha256 == m.sha256).map(|u| (m, u.url.as_str()))).collect()
}

fn nowhere(media: &[Media]) -> Vec<(&Media, &str)> {
    media.iter().map(|m| (m, "")).collect()
}

/// The headline is HTML too; quotes stay, so that the theme can set them in its own way.
fn title(text: &str) -> String {
    text.trim().replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn paragraph(url: &str, label: &str) -> String {
    ["<p><a href=\"", &attribute(url), "\">", &attribute(label), "</a></p>"].concat()
}

fn attribute(text: &str) -> String {
    escape_html(text).replace('[', "&#91;").replace(']', "&#93;").replace('\n', " ")
}

fn misfits(content: &Content, limits: &Limits) -> Vec<Misfit> {
    let mut found = Vec::new();
    let count = |kind: MediaKind| content.media.iter().filter(|m| m.kind == kind).count();
    for (kind, what, max, code) in [
        (MediaKind::Picture, "pictures", limits.pictures_max, MisfitCode::TooManyPictures),
        (MediaKind::Document, "documents", limits.documents_max, MisfitCode::TooManyDocuments),
    ] {
        let there = count(kind);
        if there > max {
            let problem = format!("{there} {what}, and a page takes at most {max}");
            let misfit = Misfit::new(code, "media", problem, "take some out or make two posts");
            found.push(misfit.over("count", there, max));
        }
    }
    for (n, media) in content.media.iter().enumerate() {
        one_file(n, media, limits, &mut found);
    }
    found
}

fn one_file(n: usize, media: &Media, limits: &Limits, found: &mut Vec<Misfit>) {
    let name = &media.name;
    let misfit = |code, problem: String, todo: &str| {
        Misfit::new(code, format!("media[{n}]"), problem, todo).with("name", name.as_str())
    };
    match media.kind {
        MediaKind::Picture => {
            if !limits.picture_types.contains(&media.mime.as_str()) {
                let problem = format!("{name} is {}, which sites may refuse", media.mime);
                let misfit = misfit(MisfitCode::PictureType, problem, "save it as JPEG or PNG");
                found.push(misfit.with("mime", media.mime.as_str()).with("types", limits.picture_types.join(", ")));
            }
            if media.alt.trim().is_empty() {
                let problem = format!("{name} has no text alternative");
                found.push(misfit(MisfitCode::NoAlt, problem, "say in a sentence what the picture shows"));
            }
        }
        MediaKind::Document => {
            let ending = name.rsplit_once('.').map(|(_, e)| e.to_lowercase()).unwrap_or_default();
            if !DOCUMENT_TYPES.contains(&ending.as_str()) {
                let problem = format!("{name} is of a kind that WordPress refuses (`.{ending}`)");
                let misfit = misfit(MisfitCode::DocumentType, problem, "save it as PDF, or put it into a ZIP archive");
                found.push(misfit.with("ending", ending));
            }
        }
        MediaKind::Video => {
            let problem = format!("{name} is a film, which vestnik cannot put on a site yet");
            return found.push(misfit(MisfitCode::Film, problem, "give a link to it"));
        }
    }
    let max = if media.kind == MediaKind::Picture { limits.picture_bytes_max } else { limits.document_bytes_max };
    if media.bytes > max {
        let problem = format!("{name} has {} bytes, the site takes at most {max}", media.bytes);
        let todo = "make it smaller, or raise upload_megabytes_max when the site takes more";
        found.push(misfit(MisfitCode::FileTooLarge, problem, todo).heavy(media.bytes, max));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn render(content: &Content, limits: &Limits) -> Result<Rendered, Vec<Misfit>> {
        draw(content, limits).fitting()
    }

    fn content(body: &str) -> Content {
        Content {
            title: "Вода & «свет» <5 В>".into(),
            body: body.into(),
            link: Some("https://gorod.example.ru/doc?a=1&b=2".parse().unwrap()),
            tags: vec!["новости".into()],
            media: Vec::new(),
            footer: Some("Мы в MAX: https://max.ru/gorod".into()),
        }
    }

    fn media(kind: MediaKind, name: &str, mime: &str, alt: &str) -> Media {
        Media {
            kind,
            path: "x".into(),
            name: name.into(),
            mime: mime.into(),
            bytes: 10,
            sha256: name.into(),
            size: None,
            alt: alt.into(),
        }
    }

    #[test]
    fn a_page_has_title_text_link_and_footer() {
        let post = render(&content("раз\nдва [gallery]"), &limits(100)).unwrap();
        assert_eq!(post.title.as_deref(), Some("Вода &amp; «свет» &lt;5 В&gt;"));
        assert_eq!(
            post.body,
            "<p>раз<br>два &#91;gallery&#93;</p><p><a href=\"https://gorod.example.ru/doc?a=1&amp;b=2\">\
             https://gorod.example.ru/doc?a=1&amp;b=2</a></p><p>Мы в MAX: <a href=\"https://max.ru/gorod\">\
             https://max.ru/gorod</a></p>"
        );
        assert_eq!(
            post.plain,
            "Вода & «свет» <5 В>\n\nраз\nдва [gallery]\n\nhttps://gorod.example.ru/doc?a=1&b=2\n\n\
             Мы в MAX: https://max.ru/gorod"
        );
        assert!(!post.body.contains('\n'), "WordPress would show a line end");
    }

    #[test]
    fn files_stand_where_readers_look_for_them() {
        let picture = media(MediaKind::Picture, "a.png", "image/png", "Мост \"новый\"");
        let document = media(MediaKind::Document, "Приказ.pdf", "application/pdf", "");
        let files = [(&picture, "https://s/a.png"), (&document, "https://s/p.pdf")];
        assert_eq!(
            with_files("<p>Текст</p>", &files),
            "<figure class=\"wp-block-image size-large\"><img src=\"https://s/a.png\" alt=\"Мост &quot;новый&quot;\">\
             </figure><p>Текст</p><p><a href=\"https://s/p.pdf\">Приказ.pdf</a></p>"
        );
    }

    #[test]
    fn every_misfit_names_the_file_and_the_way_out() {
        let mut content = content("x");
        content.media = vec![
            media(MediaKind::Picture, "a.png", "image/png", " "),
            media(MediaKind::Picture, "b.svg", "image/svg+xml", "Схема"),
            media(MediaKind::Document, "c.exe", "application/x-msdownload", ""),
            media(MediaKind::Video, "d.mp4", "video/mp4", ""),
            Media { bytes: 101, ..media(MediaKind::Document, "e.pdf", "application/pdf", "") },
        ];
        let misfits = render(&content, &limits(100)).unwrap_err();
        let fields: Vec<_> = misfits.iter().map(|m| m.field.as_str()).collect();
        assert_eq!(fields, ["media[0]", "media[1]", "media[2]", "media[3]", "media[4]"]);
        assert!(misfits.iter().all(|m| !m.todo.is_empty()));
        assert!(misfits[4].problem.contains("101") && misfits[4].problem.contains("100"), "{}", misfits[4]);
    }
}
