use std::fs;
use std::path::PathBuf;

use sha2::{Digest as _, Sha256};

use super::*;

/// The smallest PNG: one grey pixel.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\0\0\0\0\x3a\x7e\x9b\x55\0\0\0\nIDATx\x9cc`\0\0\0\x02\0\x01\x48\xaf\xa4\x71\0\0\0\0IEND\xaeB`\x82";
const GIF: &[u8] = b"GIF89a\x02\0\x03\0\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\x02\0\x03\0\0\x02\x02\x84_\0;";

struct Desk {
    dir: tempfile::TempDir,
    settings: MediaSettings,
}

impl Desk {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let settings = MediaSettings {
            dir: dir.path().join("media"),
            picture_bytes_max: 1_000_000,
            document_bytes_max: 2_000_000,
            pixels_max: 1_000_000,
        };
        Self { dir, settings }
    }

    fn file(&self, name: &str, content: &[u8]) -> PathBuf {
        let path = self.dir.path().join(name);
        fs::write(&path, content).unwrap();
        path
    }

    fn take(&self, name: &str, content: &[u8]) -> Result<Media, String> {
        self.take_as(name, content, "Здание школы")
    }

    fn take_as(&self, name: &str, content: &[u8], alt: &str) -> Result<Media, String> {
        let entry = MediaEntry { path: self.file(name, content), alt: alt.into() };
        take(&entry, &self.settings).map_err(|error| error.to_string())
    }

    /// Everything in the media folder, temporary files too.
    fn kept(&self) -> Vec<PathBuf> {
        let list = |dir: &Path| fs::read_dir(dir).into_iter().flatten().map(|e| e.unwrap().path()).collect::<Vec<_>>();
        let (folders, mut files): (Vec<_>, Vec<_>) = list(&self.settings.dir).into_iter().partition(|p| p.is_dir());
        files.extend(folders.iter().flat_map(|folder| list(folder)));
        files
    }
}

/// A ZIP's end as far as anybody looks at it: a local header, then names.
fn zip(names: &[&str]) -> Vec<u8> {
    let mut bytes = b"PK\x03\x04\x14\0\0\0\x08\0".to_vec();
    bytes.resize(512, 0);
    for name in names {
        bytes.extend_from_slice(b"PK\x01\x02");
        bytes.extend_from_slice(name.as_bytes());
    }
    bytes
}

#[test]
fn a_picture_is_copied_under_its_hash_once() {
    let desk = Desk::new();
    let media = desk.take(" школа.JPG.png", PNG).unwrap();
    assert_eq!((media.kind, media.mime.as_str(), media.size), (MediaKind::Picture, "image/png", Some((1, 1))));
    assert_eq!(
        (media.name.as_str(), media.alt.as_str(), media.bytes),
        (" школа.JPG.png", "Здание школы", PNG.len() as u64)
    );
    assert_eq!(media.sha256, hex::encode(Sha256::digest(PNG)));
    assert_eq!(media.path, desk.settings.dir.join(&media.sha256[..2]).join(&media.sha256));
    assert_eq!(fs::read(&media.path).unwrap(), PNG);

    let again = desk.take_as("другое имя", PNG, "Она же").unwrap();
    assert_eq!((again.path, again.sha256), (media.path.clone(), media.sha256));
    assert_eq!(desk.kept(), [media.path]);
}

#[test]
fn a_bmp_is_kept_as_a_png_and_named_so() {
    let desk = Desk::new();
    let mut bmp = std::io::Cursor::new(Vec::new());
    image::DynamicImage::new_rgb8(3, 2).write_to(&mut bmp, image::ImageFormat::Bmp).unwrap();
    let bmp = [bmp.get_ref().as_slice(), b"<html><script>alert(1)</script>"].concat();
    let media = desk.take("Схема.BMP", &bmp).unwrap();
    assert_eq!((media.mime.as_str(), media.name.as_str(), media.size), ("image/png", "Схема.png", Some((3, 2))));
    assert!(fs::read(&media.path).unwrap().starts_with(b"\x89PNG"));
    assert_eq!(desk.take("схема", &bmp).unwrap().name, "схема");
}

#[test]
fn a_copy_that_is_old_is_young_again_when_it_is_brought() {
    let desk = Desk::new();
    let path = desk.take("a.png", PNG).unwrap().path;
    let old = || {
        let week = KEPT_UNNAMED + std::time::Duration::from_secs(3600);
        let long_ago = fs::metadata(&path).unwrap().modified().unwrap() - week;
        fs::File::options().write(true).open(&path).unwrap().set_modified(long_ago).unwrap();
    };
    let hash = path.file_name().unwrap().to_string_lossy().into_owned();
    assert_eq!(long_unnamed(&desk.settings.dir).unwrap(), [""; 0]);
    old();
    assert_eq!(long_unnamed(&desk.settings.dir).unwrap(), std::slice::from_ref(&hash));
    // It comes again between the asking and the removing.
    desk.take("a.png", PNG).unwrap();
    assert_eq!(remove_unnamed(&desk.settings.dir, std::slice::from_ref(&hash)).unwrap(), 0);
    assert!(path.is_file());
    old();
    assert_eq!(remove_unnamed(&desk.settings.dir, &[hash.clone(), hash]).unwrap(), 1);
    assert!(desk.kept().is_empty());
}

#[test]
fn a_damaged_copy_is_made_again() {
    let desk = Desk::new();
    let path = desk.take("a.png", PNG).unwrap().path;
    fs::write(&path, b"half").unwrap();
    desk.take("a.png", PNG).unwrap();
    assert_eq!(fs::read(path).unwrap(), PNG);
}

#[test]
fn documents_and_videos_are_known_by_their_content() {
    let desk = Desk::new();
    let mut odt = zip(&[]);
    odt.truncate(30);
    odt.extend_from_slice(b"mimetypeapplication/vnd.oasis.opendocument.textPK");
    let docx = zip(&["[Content_Types].xml", "word/document.xml"]);
    let xlsx = zip(&["[Content_Types].xml", "xl/workbook.xml"]);
    let mp4 = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom\0\0\0\0";
    for (name, content, kind, mime) in [
        ("приказ.pdf", &b"%PDF-1.7\n"[..], MediaKind::Document, "application/pdf"),
        ("без имени", b"{\\rtf1 }", MediaKind::Document, "application/rtf"),
        ("план.docx", &docx, MediaKind::Document, kind_of("docx")),
        ("план.xlsx", &xlsx, MediaKind::Document, kind_of("xlsx")),
        ("план.odt", &odt, MediaKind::Document, kind_of("odt")),
        ("план.txt", "Текст\r\n".as_bytes(), MediaKind::Document, "text/plain"),
        ("cp1251.TXT", b"\xcf\xeb\xe0\xed\r\n", MediaKind::Document, "text/plain"),
        ("парад.mp4", mp4, MediaKind::Video, "video/mp4"),
        ("карта.gif", GIF, MediaKind::Picture, "image/gif"),
    ] {
        let media = desk.take(name, content).unwrap();
        assert_eq!((media.kind, media.mime.as_str()), (kind, mime), "{name}");
        assert_eq!(media.size.is_some(), kind == MediaKind::Picture, "{name}");
    }
    assert!(desk.take_as("без описания.pdf", b"%PDF-1.7\n", "").is_ok(), "a document speaks for itself");
}

fn kind_of(extension: &str) -> &'static str {
    match extension {
        "docx" => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        _ => "application/vnd.oasis.opendocument.text",
    }
}

#[test]
fn what_is_refused_is_told_why_and_leaves_nothing_behind() {
    let desk = Desk::new();
    let macros = zip(&["[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"]);
    let archive = zip(&["readme.txt"]);
    for (name, content, told) in [
        (
            "a.jpg",
            "не картинка".as_bytes(),
            "named like a picture, but its content is no picture; save the picture again",
        ),
        ("a.jpg", b"%PDF-1.7\n", "named like a picture, but its content is application/pdf"),
        ("a.png", &PNG[..14], "begins like image/png and then breaks off"),
        ("a.pdf", b"", "it is empty"),
        ("a.svg", b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>", "its content is HTML, SVG or XML"),
        ("a.txt", b" \n<script>alert(1)</script>", "its content is text/html"),
        ("a.txt", b"<?xml version=\"1.0\"?>", "its content is text/xml"),
        ("a.txt", b"#!/bin/sh\n", "its content is text/x-shellscript"),
        ("a.txt", b"a\0b", "of no kind that is known"),
        ("a.bin", b"text", "give a picture (JPEG, PNG"),
        (
            "a.exe",
            b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff\0\0",
            "its content is application/vnd.microsoft.portable-executable",
        ),
        (
            "a.heic",
            b"\0\0\0\x18ftyphevc\0\0\0\0mif1hevc",
            "image/heif, from which the place where it was taken cannot be removed; save the picture again as JPEG",
        ),
        ("a.tif", b"II*\0\x08\0\0\0\x01\0\x0e\x01", "image/tiff, from which the place"),
        ("a.avif", b"\0\0\0\x1cftypavif\0\0\0\0avifmif1miaf", "save the picture again as JPEG"),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old office format; save it as DOCX"),
        ("a.docm", &macros, "it holds macros; save it without macros"),
        ("a.zip", &archive, "its content is application/zip"),
    ] {
        let error = desk.take(name, content).expect_err(name);
        assert!(error.contains(told) && error.contains(name), "{name}: {error}");
    }
    assert!(desk.kept().is_empty(), "{:?}", desk.kept());
}

#[test]
fn a_picture_without_words_is_refused() {
    let desk = Desk::new();
    let error = desk.take_as("a.png", PNG, " \n").unwrap_err();
    assert!(error.contains("a.png is a picture without a text alternative; say under `alt`"), "{error}");
    assert!(desk.kept().is_empty());
}

#[test]
fn a_picture_of_100_megabytes_is_refused_with_figures_before_it_is_read() {
    let desk = Desk::new();
    let path = desk.file("a.png", PNG);
    // Sparse: it would take the test's memory and time to read, and has none of them on disk.
    fs::OpenOptions::new().write(true).open(&path).unwrap().set_len(104_857_600).unwrap();
    let error = take(&MediaEntry { path, alt: "a".into() }, &desk.settings).unwrap_err().to_string();
    assert!(error.contains("a.png has 104.9 MB and a picture may have 1.0 MB (media.picture_bytes_max)"), "{error}");
    assert!(desk.kept().is_empty());
}

#[test]
fn a_file_may_be_as_large_as_the_limit_and_no_larger() {
    let desk = Desk::new();
    let mut pdf = b"%PDF-1.7\n".to_vec();
    pdf.resize(2_000_000, b' ');
    assert_eq!(desk.take("a.pdf", &pdf).unwrap().bytes, 2_000_000);
    pdf.push(b' ');
    assert!(desk.take("a.pdf", &pdf).unwrap_err().contains("has 2.1 MB and a document may have 2.0 MB"));
}

#[test]
fn a_file_that_is_not_there_or_none_is_told() {
    let desk = Desk::new();
    let error = |path: PathBuf| take(&MediaEntry { path, alt: String::new() }, &desk.settings).unwrap_err().to_string();
    assert!(error(desk.dir.path().join("нет.jpg")).contains("нет.jpg cannot be read: No such file"));
    assert!(error(desk.dir.path().to_owned()).contains("is not a file; name the picture or document itself"));
    assert!(error("/dev/null".into()).contains("is not a file"));
}

#[test]
fn a_folder_that_cannot_be_written_is_told() {
    let mut desk = Desk::new();
    desk.settings.dir = desk.file("media", b"a file is in the way");
    let error = desk.take("a.png", PNG).unwrap_err();
    assert!(error.contains("the media folder ") && error.contains("make room there"), "{error}");
}

/// How files begin that are looked into.
const STARTS: &[&[u8]] = &[
    b"",
    PNG,
    GIF,
    b"\xff\xd8\xff\xe0",
    b"RIFF\0\0\0\0WEBPVP8X",
    b"BM",
    b"II*\0",
    b"PK\x03\x04",
    b"\0\0\0\x18ftypheic",
];

proptest::proptest! {
    #[test]
    fn no_content_brings_it_down(
        start in proptest::sample::select(STARTS),
        keep in 0usize..80,
        rest in proptest::collection::vec(0u8.., 0..200),
        name in proptest::sample::select(&["a.jpg", "a.txt", "a.docx", "a"][..]),
    ) {
        let desk = Desk::new();
        let content = [&start[..keep.min(start.len())], &rest].concat();
        let _ = desk.take(name, &content);
    }
}

#[test]
fn what_a_dead_process_left_is_swept_and_what_is_on_its_way_is_not() {
    let desk = Desk::new();
    fs::create_dir_all(&desk.settings.dir).unwrap();
    let (old, new) = (desk.settings.dir.join(".taking-old"), desk.settings.dir.join(".taking-new"));
    for file in [&old, &new] {
        fs::write(file, b"half").unwrap();
    }
    let kept = desk.take("a.png", PNG).unwrap().path;
    let long_ago = fs::metadata(&old).unwrap().modified().unwrap() - std::time::Duration::from_secs(25 * 3600);
    for file in [&old, &kept] {
        fs::File::options().write(true).open(file).unwrap().set_modified(long_ago).unwrap();
    }
    sweep(&desk.settings);
    assert!(!old.exists() && new.exists() && kept.exists());
}

#[test]
fn a_name_is_a_label_and_never_a_place() {
    let name = |text: &str| readable_name(Path::new(text));
    assert_eq!(name("../../etc/план.pdf"), "план.pdf");
    assert_eq!(name("C:\\Отдел\\план.pdf"), "план.pdf");
    assert_eq!(name("a\u{202e}gpj.exe\n\u{0}"), "agpj.exe");
    assert_eq!(name(&"я".repeat(300)).chars().count(), 200);
}
