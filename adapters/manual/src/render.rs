//! What the person copies: a headline, a text, the files.

use vestnik_contract::markdown::{Document, LinkStyle};
use vestnik_contract::{Content, Drawn, LengthUnit, Limits, Markup, MediaKind, Misfit, MisfitCode, Rendered};

use crate::settings::Settings;

/// More files than anybody uploads by hand for one post.
const FILES_MAX: usize = 100;
/// Any size: the person sees what the site says to it.
const ANY_SIZE: u64 = u64::MAX;

pub(crate) fn limits(settings: &Settings) -> Limits {
    Limits {
        text_max: settings.text_max,
        unit: LengthUnit::Chars,
        pictures_max: FILES_MAX,
        documents_max: FILES_MAX,
        documents_with_pictures: true,
        picture_bytes_max: ANY_SIZE,
        document_bytes_max: ANY_SIZE,
        picture_side_max: None,
        picture_types: vec!["image/jpeg", "image/png", "image/gif", "image/webp"],
    }
}

pub(crate) fn draw(content: &Content, settings: &Settings) -> Drawn {
    // Addresses are written out: what is pasted from a plain text has no links of its own.
    let plain = |text: &str| Document::parse(text).plain(LinkStyle::WithAddress);
    let mut paragraphs = vec![plain(&content.body)];
    paragraphs.extend(content.link.as_ref().map(ToString::to_string));
    paragraphs.extend(content.footer.as_deref().map(plain));
    paragraphs.retain(|p| !p.is_empty());
    let body = paragraphs.join("\n\n");
    let plain = if body.is_empty() { content.title.clone() } else { format!("{}\n\n{body}", content.title) };
    let rendered = Rendered {
        title: Some(content.title.clone()),
        body,
        markup: Markup::Plain,
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
    let length = post.length;
    if let Some(max) = settings.text_max.filter(|max| length > *max) {
        let problem = format!("{length} characters with headline and footer, and the channel takes {max}");
        let todo = format!("shorten it by {} or write a shorter text for this channel", length - max);
        found.push(Misfit::new(MisfitCode::TextTooLong, "text", problem, todo).over("length", length, max));
    }
    for (kind, what, code) in [
        (MediaKind::Picture, "pictures", MisfitCode::TooManyPictures),
        (MediaKind::Document, "documents", MisfitCode::TooManyDocuments),
    ] {
        let count = post.media.iter().filter(|m| m.kind == kind).count();
        if count > FILES_MAX {
            let problem = format!("{count} {what}, and one post takes {FILES_MAX}");
            let misfit = Misfit::new(code, "media", problem, format!("leave out {}", count - FILES_MAX));
            found.push(misfit.over("count", count, FILES_MAX));
        }
    }
    if let Some(video) = post.media.iter().find(|m| m.kind == MediaKind::Video) {
        let problem = format!("«{}» is a film, and films cannot be queued yet", video.name);
        let misfit = Misfit::new(MisfitCode::Film, "media", problem, "give the film's address as the post's link");
        found.push(misfit.with("name", video.name.as_str()));
    }
    found
}
