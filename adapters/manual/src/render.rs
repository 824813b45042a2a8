//! What the person copies: a headline, a text, the files.

use vestnik_contract::markdown::{Document, LinkStyle};
use vestnik_contract::{Content, LengthUnit, Limits, Markup, MediaKind, Misfit, Rendered};

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

pub(crate) fn render(content: &Content, settings: &Settings) -> Result<Rendered, Vec<Misfit>> {
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
    if misfits.is_empty() { Ok(rendered) } else { Err(misfits) }
}

fn misfits(post: &Rendered, settings: &Settings) -> Vec<Misfit> {
    let mut found = Vec::new();
    let mut misfit = |field: &str, problem, todo| found.push(Misfit { field: field.into(), problem, todo });
    if let Some(max) = settings.text_max.filter(|max| post.length > *max) {
        misfit(
            "text",
            format!("{} characters with headline and footer, and the channel takes {max}", post.length),
            format!("shorten it by {} or write a shorter text for this channel", post.length - max),
        );
    }
    for (kind, what) in [(MediaKind::Picture, "pictures"), (MediaKind::Document, "documents")] {
        let count = post.media.iter().filter(|m| m.kind == kind).count();
        if count > FILES_MAX {
            let over = count - FILES_MAX;
            misfit("media", format!("{count} {what}, and one post takes {FILES_MAX}"), format!("leave out {over}"));
        }
    }
    if let Some(video) = post.media.iter().find(|m| m.kind == MediaKind::Video) {
        misfit(
            "media",
            format!("«{}» is a film, and films cannot be queued yet", video.name),
            "give the film's address as the post's link".into(),
        );
    }
    found
}
