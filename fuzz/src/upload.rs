//! Uploads: whatever a browser sends, it becomes a whole file that can be shown again, of the size that was checked, or
//! nothing is left of it.

use std::path::{Path, PathBuf};

use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};
use vestnik::config::MediaSettings;
use vestnik::media::{Incoming, MediaError, small};
use vestnik_contract::{Media, MediaKind};

/// What browsers may say the file is called; the first byte of an input chooses.
const LABELS: [&str; 6] = ["школа.jpg", "план.txt", "план.docx", "../../приказ.pdf", "a\u{202e}gpj.exe", ""];
/// Small enough that an input can be over it.
const BYTES_MAX: u64 = 6000;
const PIXELS_MAX: u64 = 1_000_000;

thread_local! {
    static FOLDER: TempDir = tempfile::tempdir().expect("a folder");
    static RUNTIME: Runtime = Builder::new_current_thread().build().expect("a runtime");
}

/// Sends a file as it comes, part by part.
pub fn check(input: &[u8]) {
    let (first, content) = input.split_first().unwrap_or((&0, input));
    let label = LABELS[usize::from(*first) % LABELS.len()];
    FOLDER.with(|folder| {
        let settings = MediaSettings {
            dir: folder.path().to_owned(),
            picture_bytes_max: BYTES_MAX,
            document_bytes_max: BYTES_MAX,
            pixels_max: PIXELS_MAX,
        };
        cut_off(content, label, &settings);
        match sent(content, label, &settings) {
            Err(error) => {
                assert!(MediaError::CODES.contains(&error.code()), "{error}");
                assert!(!error.to_string().trim().is_empty());
            }
            Ok(media) => is_whole(&media, &settings),
        }
        // What lies there now has a name of its own, and goes before the next input.
        for entry in files(folder.path()) {
            let name = entry.file_name().unwrap_or_default().to_string_lossy().into_owned();
            assert!(name.len() == 64, "{name} was left behind");
            std::fs::remove_file(entry).expect("it is ours");
        }
    });
}

fn sent(content: &[u8], label: &str, settings: &MediaSettings) -> Result<Media, MediaError> {
    let mut incoming = Incoming::begin(Path::new(label), settings)?;
    for part in content.chunks(1000) {
        incoming.write(part)?;
    }
    incoming.finish("")
}

/// The connection ends in the middle: nothing is there afterwards.
fn cut_off(content: &[u8], label: &str, settings: &MediaSettings) {
    if let Ok(mut incoming) = Incoming::begin(Path::new(label), settings) {
        let _ = incoming.write(&content[..content.len() / 2]);
    }
    assert_eq!(files(&settings.dir), Vec::<PathBuf>::new());
}

fn is_whole(media: &Media, settings: &MediaSettings) {
    let bytes = std::fs::read(&media.path).expect("it was kept");
    assert_eq!(bytes.len() as u64, media.bytes);
    assert!(media.bytes <= BYTES_MAX, "{} bytes", media.bytes);
    assert!(!media.name.contains(['/', '\\', '\u{202e}']), "{:?}", media.name);
    assert_eq!(media.size.is_some(), media.kind == MediaKind::Picture);
    if let Some((width, height)) = media.size {
        assert!(u64::from(width) * u64::from(height) <= PIXELS_MAX);
        // Whoever else opens it finds no other picture.
        let seen = imagesize::blob_size(&bytes).expect("others read it, too");
        assert_eq!((seen.width, seen.height), (width as usize, height as usize));
        assert!(media.mime != "image/bmp", "nobody can tell where the pixels of a BMP end");
        // Clean is clean: taken again, it is the same file.
        if let Ok(again) = sent(&bytes, "again.jpg", settings) {
            assert_eq!((&again.sha256, again.size), (&media.sha256, media.size));
        }
        let shown = RUNTIME.with(|runtime| runtime.block_on(small(&media.sha256, settings)));
        assert!(shown.expect("it made its copy or gave it up").is_some(), "what was taken can be shown");
    }
}

fn files(under: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(under).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found
}
