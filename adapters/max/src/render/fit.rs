//! What MAX takes, and what to change when it does not.

use vestnik_contract::{Content, LengthUnit, Limits, Media, MediaKind, Misfit, MisfitCode};

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
        let problem =
            format!("with title, link, tags, footer and markup the text has {length} UTF-16 units, MAX takes {max}");
        let todo = format!("shorten it by {}; an emoji counts twice, a link counts with its address", length - max);
        misfits.push(Misfit::new(MisfitCode::TextTooLong, "text", problem, todo).over("length", length, max));
    }
    if let Some(link) = content.link.as_ref().filter(|link| link.as_str().len() > LINK_MAX) {
        let length = link.as_str().len();
        let problem = format!("the address has {length} characters, MAX takes {LINK_MAX}");
        let todo = "use a shorter address of the same page";
        misfits.push(Misfit::new(MisfitCode::LinkTooLong, "link", problem, todo).over("length", length, LINK_MAX));
    }
    together(settings, content, &mut misfits);
    for (n, media) in content.media.iter().enumerate() {
        one_file(n, media, &mut misfits);
    }
    misfits
}

fn together(settings: &Settings, content: &Content, misfits: &mut Vec<Misfit>) {
    let count = |kind| content.media.iter().filter(|m| m.kind == kind).count();
    let (pictures, documents) = (count(MediaKind::Picture), count(MediaKind::Document));
    let max = settings.attachments_max;
    if pictures > max {
        let problem = format!("the post has {pictures} pictures, MAX takes {max}");
        let todo = format!("leave out {}, or make two posts", pictures - max);
        misfits.push(Misfit::new(MisfitCode::TooManyPictures, "media", problem, todo).over("count", pictures, max));
    }
    if documents > 1 {
        let problem = format!("the post has {documents} documents, MAX takes 1 in a post");
        let todo = "send the others as posts of their own, or as links";
        misfits.push(Misfit::new(MisfitCode::TooManyDocuments, "media", problem, todo).over("count", documents, 1));
    }
    if documents > 0 && pictures > 0 {
        let problem = format!("the post has a document beside pictures ({pictures}); MAX takes a document only alone");
        let todo = "send the document as another post, or as a link";
        misfits.push(Misfit::new(MisfitCode::DocumentBesidePictures, "media", problem, todo).with("count", pictures));
    }
}

fn one_file(n: usize, media: &Media, misfits: &mut Vec<Misfit>) {
    let name = &media.name;
    let misfit = |code, problem: String, todo: &str| {
        Misfit::new(code, format!("media[{n}]"), problem, todo).with("name", name.as_str())
    };
    let bytes = media.bytes;
    match media.kind {
        MediaKind::Picture => {
            if !PICTURE_TYPES.contains(&media.mime.as_str()) {
                let types = "JPEG, PNG, GIF, TIFF, BMP, HEIC";
                let problem = format!("«{name}» is {}, MAX takes JPEG, PNG, GIF, TIFF, BMP and HEIC", media.mime);
                let misfit = misfit(MisfitCode::PictureType, problem, "save the picture as JPEG or PNG");
                misfits.push(misfit.with("mime", media.mime.as_str()).with("types", types));
            }
            if bytes > PICTURE_BYTES_MAX {
                let problem = format!("«{name}» has {bytes} bytes, MAX takes pictures of {PICTURE_BYTES_MAX}");
                let todo = "save the picture smaller or with more compression";
                misfits.push(misfit(MisfitCode::FileTooLarge, problem, todo).heavy(bytes, PICTURE_BYTES_MAX));
            }
            if let Some((width, height)) = media.size.filter(|&(w, h)| w.max(h) > PICTURE_SIDE_MAX) {
                let problem = format!("«{name}» has {width} x {height} pixels, MAX takes sides of {PICTURE_SIDE_MAX}");
                let misfit = misfit(MisfitCode::PictureSide, problem, "save the picture smaller");
                misfits.push(misfit.wide((width, height), PICTURE_SIDE_MAX));
            }
        }
        MediaKind::Document if bytes > DOCUMENT_BYTES_MAX => {
            let problem = format!("«{name}» has {bytes} bytes, MAX takes files of {DOCUMENT_BYTES_MAX}");
            let todo = "make the file smaller, or publish a link to it";
            misfits.push(misfit(MisfitCode::FileTooLarge, problem, todo).heavy(bytes, DOCUMENT_BYTES_MAX));
        }
        MediaKind::Document => {}
        MediaKind::Video => misfits.push(misfit(
            MisfitCode::Film,
            format!("«{name}» is a film; vestnik does not send films to MAX yet"),
            "publish a link to the film, or a picture from it",
        )),
    }
}
