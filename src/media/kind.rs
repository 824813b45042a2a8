//! What a file is, by its content. Names and extensions are only believed where the content leaves them open.

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::Path;

use vestnik_contract::MediaKind;

use super::{MediaError, Unfit};

/// Enough to tell any kind apart.
const HEAD_BYTES: u64 = 8 * 1024;
/// Where a ZIP's list of contents lies: office documents have some dozens of parts.
const TAIL_BYTES: u64 = 256 * 1024;

/// Pictures that at least one platform takes and that can be cleaned.
const PICTURES: [&str; 5] = ["image/jpeg", "image/png", "image/gif", "image/webp", "image/bmp"];
/// Pictures that tell where they were taken in ways that nothing here can remove.
const TELLING: [&str; 4] = ["image/tiff", "image/heif", "image/heic", "image/avif"];
/// Brands of the family of HEIC that a file may begin with; phones use the first.
const HEIF_BRANDS: [&[u8]; 9] = [b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"mif2", b"msf1"];
const PICTURE_EXTENSIONS: [&str; 11] =
    ["jpg", "jpeg", "png", "gif", "webp", "bmp", "tif", "tiff", "heic", "heif", "avif"];

const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const ODT: &str = "application/vnd.oasis.opendocument.text";

/// What was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) kind: MediaKind,
    pub(super) mime: &'static str,
}

/// Looks at a file from its beginning. Reads its beginning, for archives its end.
pub(super) fn recognise(source: &mut File, file: &Path) -> Result<Found, MediaError> {
    let io = |e: std::io::Error| MediaError::Unreadable { file: file.to_owned(), cause: e.to_string() };
    let not_taken = |why| MediaError::NotTaken { file: file.to_owned(), why };
    let mut head = Vec::new();
    source.by_ref().take(HEAD_BYTES).read_to_end(&mut head).map_err(io)?;
    if head.is_empty() {
        return Err(not_taken(Unfit::Empty));
    }
    let extension = file.extension().map(|e| e.to_string_lossy().to_lowercase()).unwrap_or_default();
    let mime = infer::get(&head).map(|found| found.mime_type()).or_else(|| heif(&head));
    match mime {
        Some(mime) if PICTURES.contains(&mime) => {
            return Ok(Found { kind: MediaKind::Picture, mime });
        }
        Some(mime) if TELLING.contains(&mime) => return Err(not_taken(Unfit::Telling { mime })),
        Some(mime) if mime.starts_with("video/") => return Ok(Found { kind: MediaKind::Video, mime }),
        _ => {}
    }
    if PICTURE_EXTENSIONS.contains(&extension.as_str()) {
        return Err(not_taken(Unfit::NamedLikePicture { content: mime }));
    }
    let document = |mime| Ok(Found { kind: MediaKind::Document, mime });
    match mime {
        Some(mime @ ("application/pdf" | "application/rtf")) => document(mime),
        Some(
            "application/msword"
            | "application/vnd.ms-excel"
            | "application/vnd.ms-powerpoint"
            | "application/x-ole-storage",
        ) => Err(not_taken(Unfit::OldOffice)),
        Some(mime) if head.starts_with(b"PK") => match office(source, &head).map_err(io)? {
            Office::Document(mime) => document(mime),
            Office::WithMacros => Err(not_taken(Unfit::Macros)),
            Office::Other => Err(not_taken(Unfit::Other { mime })),
        },
        Some(mime) => Err(not_taken(Unfit::Other { mime })),
        None if looks_like_markup(&head) => Err(not_taken(Unfit::Markup)),
        None if extension == "txt" && is_text(&head) => document("text/plain"),
        None => Err(not_taken(Unfit::Unknown)),
    }
}

enum Office {
    Document(&'static str),
    WithMacros,
    Other,
}

/// Office documents are ZIP archives. What is in them stands in the list at the end, whatever program wrote them;
/// an ODT says what it is in its first entry, which is never compressed.
fn office(source: &mut File, head: &[u8]) -> std::io::Result<Office> {
    if head.get(38..).is_some_and(|rest| rest.starts_with(ODT.as_bytes()) && !rest[ODT.len()..].starts_with(b"-")) {
        return Ok(Office::Document(ODT));
    }
    let bytes = source.metadata()?.len();
    source.seek(SeekFrom::Start(bytes.saturating_sub(TAIL_BYTES)))?;
    let mut tail = Vec::new();
    source.by_ref().take(TAIL_BYTES).read_to_end(&mut tail)?;
    let names = |name: &[u8]| tail.windows(name.len()).any(|window| window == name);
    Ok(match () {
        () if !names(b"[Content_Types].xml") => Office::Other,
        () if names(b"vbaProject.bin") => Office::WithMacros,
        () if names(b"word/document.xml") => Office::Document(DOCX),
        () if names(b"xl/workbook.xml") => Office::Document(XLSX),
        () => Office::Other,
    })
}

/// Of this family `infer` knows what phones make, not all that programs do.
fn heif(head: &[u8]) -> Option<&'static str> {
    let brand = head.get(8..12).filter(|_| &head[4..8] == b"ftyp")?;
    HEIF_BRANDS.contains(&brand).then_some("image/heif")
}

fn looks_like_markup(head: &[u8]) -> bool {
    let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    text.trim_ascii_start().starts_with(b"<")
}

/// Text of any encoding that has no invisible characters but line ends and tabs. UTF-16 has them.
fn is_text(head: &[u8]) -> bool {
    head.iter().all(|b| *b >= 0x20 || matches!(b, b'\t' | b'\n' | b'\r' | 0x0c))
}
