//! What MAX takes, and what to change when it does not.

use vestnik_contract::{Content, LengthUnit, Limits, Media, MediaKind, Misfit};

use crate::settings::Settings;

/// MAX API schema 0.0.33, `/uploads`: 50 MB and 7680 x 7680 for images, 4 GB for files. Whether MB are decimal or
/// binary is not said: decimal ones are safe.
const PICTURE_BYTES_MAX: u64 = 50_000_000;
const PICTURE_SIDE_MAX: u32 = 7680;
const DOCUMENT_BYTES_MAX: u64 = 4_000_000_000;
/// JPG, PNG, GIF, TIFF, BMP and HEIC; WEBP is not among them.
const PICTURE_TYPES: [&str; 6] = ["image/jpeg", "image/png", "image/gif", "image/tiff", "image/bmp", "image/heic"];
/// Longest address of a link (MAX API schema 0.0.33).
const LINK_MAX: usize = 2048;

/// What MAX takes.
pub(crate) fn limits(settings: &Settings) -> Limits {
    Limits {
        text_max: Some(settings.text_max),
        unit: LengthUnit::Utf16,
        pictures_max: settings.attachments_max,
        documents_max: 1,
        documents_with_pictures: false,
        picture_bytes_max: PICTURE_BYTES_MAX,
        document_bytes_max: DOCUMENT_BYTES_MAX,
        picture_side_max: Some(PICTURE_SIDE_MAX),
        picture_types: PICTURE_TYPES.to_vec(),
    }
}

/// Everything that does not fit, at once.
pub(super) fn misfits(settings: &Settings, content: &Content, length: usize) -> Vec<Misfit> {
    let mut misfits = Vec::new();
    let max = settings.text_max;
    if length > max {
        misfits.push(misfit(
            "text",
            format!("with title, link, tags, footer and markup the text has {length} UTF-16 units, MAX takes {max}"),
            format!("shorten it by {}; an emoji counts twice, a link counts with its address", length - max),
        ));
    }
    if let Some(link) = content.link.as_ref().filter(|link| link.as_str().len() > LINK_MAX) {
        let length = link.as_str().len();
        misfits.push(misfit(
            "link",
            format!("the address has {length} characters, MAX takes {LINK_MAX}"),
            "use a shorter address of the same page",
        ));
    }
    together(settings, content, &mut misfits);
    for (number, media) in content.media.iter().enumerate() {
        let field = format!("media[{number}]");
        match media.kind {
            MediaKind::Picture => picture(&field, media, &mut misfits),
            MediaKind::Document if media.bytes > DOCUMENT_BYTES_MAX => misfits.push(misfit(
                &field,
                format!("«{}» has {} bytes, MAX takes files of {DOCUMENT_BYTES_MAX}", media.name, media.bytes),
                "make the file smaller, or publish a link to it",
            )),
            MediaKind::Document => {}
            MediaKind::Video => misfits.push(misfit(
                &field,
                format!("«{}» is a film; vestnik does not send films to MAX yet", media.name),
                "publish a link to the film, or a picture from it",
            )),
        }
    }
    misfits
}

fn together(settings: &Settings, content: &Content, misfits: &mut Vec<Misfit>) {
    let count = |kind| content.media.iter().filter(|m| m.kind == kind).count();
    let (pictures, documents) = (count(MediaKind::Picture), count(MediaKind::Document));
    let max = settings.attachments_max;
    if pictures > max {
        misfits.push(misfit(
            "media",
            format!("the post has {pictures} pictures, MAX takes {max}"),
            format!("leave out {}, or make two posts", pictures - max),
        ));
    }
    if documents > 1 {
        misfits.push(misfit(
            "media",
            format!("the post has {documents} documents, MAX takes 1 in a post"),
            "send the others as posts of their own, or as links",
        ));
    }
    if documents > 0 && pictures > 0 {
        misfits.push(misfit(
            "media",
            format!("the post has a document beside pictures ({pictures}); MAX takes a document only alone"),
            "send the document as another post, or as a link",
        ));
    }
}

fn picture(field: &str, media: &Media, misfits: &mut Vec<Misfit>) {
    let name = &media.name;
    if !PICTURE_TYPES.contains(&media.mime.as_str()) {
        misfits.push(misfit(
            field,
            format!("«{name}» is {}, MAX takes JPEG, PNG, GIF, TIFF, BMP and HEIC", media.mime),
            "save the picture as JPEG or PNG",
        ));
    }
    if media.bytes > PICTURE_BYTES_MAX {
        misfits.push(misfit(
            field,
            format!("«{name}» has {} bytes, MAX takes pictures of {PICTURE_BYTES_MAX}", media.bytes),
            "save the picture smaller or with more compression",
        ));
    }
    if let Some((width, height)) = media.size.filter(|&(w, h)| w.max(h) > PICTURE_SIDE_MAX) {
        misfits.push(misfit(
            field,
            format!("«{name}» has {width} x {height} pixels, MAX takes sides of {PICTURE_SIDE_MAX}"),
            "save the picture smaller",
        ));
    }
}

fn misfit(field: &str, problem: impl Into<String>, todo: impl Into<String>) -> Misfit {
    Misfit { field: field.into(), problem: problem.into(), todo: todo.into() }
}
