//! From content to a topic: plain text, pictures, one link beside them.

use vestnik_contract::markdown::{Document, LinkStyle};
use vestnik_contract::{Content, LengthUnit, Limits, Markup, Media, MediaKind, Misfit, Rendered};

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

/// The topic that a content becomes, or everything that does not fit.
pub(crate) fn render(content: &Content, limits: &Limits, blocks_max: usize) -> Result<Rendered, Vec<Misfit>> {
    let body = text(content);
    let length = limits.unit.measure(&body);
    let mut misfits = Vec::new();
    if let Some(max) = limits.text_max.filter(|max| length > *max) {
        misfits.push(Misfit {
            field: "text".into(),
            problem: format!(
                "with title, tags and footer it has {length} characters (an emoji counts as two), and a topic on OK takes {max}"
            ),
            todo: format!("shorten it by {} or write a shorter text for this channel", length - max),
        });
    }
    misfits.extend(content.media.iter().enumerate().filter_map(|(i, media)| file_misfit(i, media, limits)));
    let pictures = content.media.iter().filter(|m| m.kind == MediaKind::Picture).count();
    if pictures > limits.pictures_max {
        let max = limits.pictures_max;
        misfits.push(Misfit {
            field: "media".into(),
            problem: format!("there are {pictures} pictures, and a topic on OK takes {max}"),
            todo: format!("leave out {}", pictures - max),
        });
    }
    let blocks = attachment::blocks(pictures > 0, content.link.is_some());
    if blocks > blocks_max {
        misfits.push(Misfit {
            field: "link".into(),
            problem: format!("text, pictures and link make {blocks} parts, and a topic on OK takes {blocks_max}"),
            todo: "write the link into the text, or leave the pictures out".into(),
        });
    }
    if let Some(link) = content.link.as_ref().filter(|link| !matches!(link.scheme(), "http" | "https")) {
        misfits.push(Misfit {
            field: "link".into(),
            problem: format!("`{link}` is not a web address"),
            todo: "give an address that begins with https://".into(),
        });
    }
    if !misfits.is_empty() {
        return Err(misfits);
    }
    Ok(Rendered {
        title: None,
        plain: body.clone(),
        body,
        markup: Markup::Plain,
        link: content.link.clone(),
        tags: Vec::new(),
        media: content.media.clone(),
        length,
    })
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
    let (problem, todo) = match media.kind {
        MediaKind::Document => (
            format!("a topic on OK takes no documents, and «{name}» is one"),
            "put the document on the official site and give its address as the post's link".to_owned(),
        ),
        MediaKind::Video => (
            format!("vestnik does not publish films on OK yet, and «{name}» is one"),
            "put the film where it can be watched and give its address as the post's link".to_owned(),
        ),
        MediaKind::Picture if !limits.picture_types.contains(&media.mime.as_str()) => (
            format!("«{name}» is {}, and OK takes {}", media.mime, limits.picture_types.join(", ")),
            "save it as JPEG or PNG".to_owned(),
        ),
        MediaKind::Picture if media.bytes > limits.picture_bytes_max => (
            format!("«{name}» has {} bytes, and a picture on OK may have {}", media.bytes, limits.picture_bytes_max),
            "save it smaller".to_owned(),
        ),
        MediaKind::Picture => return None,
    };
    Some(Misfit { field: format!("media[{}]", index + 1), problem, todo })
}

#[cfg(test)]
mod tests {
    use super::*;

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
            ("media[2]: «файл» has 1001 bytes, and a picture on OK may have 1000", "save it smaller"),
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
