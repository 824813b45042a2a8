//! Files on their way into posts: a slot, the bytes, a token.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use sha2::{Digest as _, Sha256};

use super::refusal::Refusal;
use crate::reader::Gallery;

/// Largest image, in bytes, and its longest side, in pixels (MAX API schema 0.0.33, `/uploads`).
const IMAGE_BYTES_MAX: u64 = 50 * 1024 * 1024;
const IMAGE_SIDE_MAX: usize = 7680;
const IMAGE_TYPES: [&str; 6] = ["image/jpeg", "image/png", "image/gif", "image/tiff", "image/bmp", "image/heif"];

/// A file that arrived whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UploadedFile {
    /// Counted from 1.
    pub number: u64,
    /// `image`, `video`, `audio` or `file`.
    pub kind: String,
    /// What posts name it by.
    pub token: String,
    /// The file name given.
    pub name: String,
    /// The media type found in the bytes.
    pub mime: Option<&'static str>,
    /// Size in bytes.
    pub bytes: u64,
    /// SHA-256 of the bytes, lower-case hex.
    pub sha256: String,
    /// Width and height in pixels; images only.
    pub size: Option<(usize, usize)>,
}

/// All uploads, by number.
#[derive(Debug, Default)]
pub(super) struct Uploads {
    /// What readers see of them, by number.
    pub(super) gallery: Gallery,
    slots: BTreeMap<u64, Slot>,
    by_token: HashMap<String, u64>,
}

#[derive(Debug)]
struct Slot {
    kind: String,
    token: String,
    state: State,
}

#[derive(Debug)]
enum State {
    /// What has arrived, by its place in the file.
    Arriving(BTreeMap<u64, Bytes>),
    Whole(Arc<UploadedFile>),
}

/// How far an upload is.
#[derive(Debug)]
pub(super) enum Progress {
    /// So many bytes have arrived.
    Part(u64),
    Whole(Arc<UploadedFile>),
}

impl Uploads {
    /// Opens a slot: its number, and its token for kinds that tell it at once.
    pub(super) fn open(&mut self, kind: &str, now: DateTime<Utc>) -> Result<(u64, Option<String>), Refusal> {
        if !matches!(kind, "image" | "video" | "audio" | "file") {
            return Err(Refusal::payload(format!("Unknown upload type `{kind}`, use image, video, audio or file")));
        }
        let number = self.slots.len() as u64 + 1;
        let token = hex::encode(Sha256::digest(format!("{kind} {number} {}", now.timestamp_micros())));
        self.by_token.insert(token.clone(), number);
        let state = State::Arriving(BTreeMap::new());
        self.slots.insert(number, Slot { kind: kind.to_owned(), token: token.clone(), state });
        Ok((number, matches!(kind, "video" | "audio").then_some(token)))
    }

    /// Takes bytes of a file at `from`; with the last of them the file is whole.
    pub(super) fn take(
        &mut self,
        number: u64,
        name: &str,
        from: u64,
        total: u64,
        bytes: Bytes,
    ) -> Result<Progress, Refusal> {
        let slot = self.slots.get_mut(&number).ok_or_else(|| Refusal::no_such("Upload not found"))?;
        let State::Arriving(chunks) = &mut slot.state else {
            return Err(Refusal::upload("This address has its file already"));
        };
        chunks.insert(from, bytes);
        let arrived = contiguous(chunks);
        if arrived < total {
            return Ok(Progress::Part(arrived));
        }
        let whole = joined(chunks);
        let file = examine(number, slot.kind.clone(), slot.token.clone(), name, &whole);
        if let Err(refusal) = accept(&file) {
            chunks.clear();
            return Err(refusal);
        }
        self.gallery.keep(&number.to_string(), &whole);
        let file = Arc::new(file);
        slot.state = State::Whole(file.clone());
        Ok(Progress::Whole(file))
    }

    /// How far an upload is.
    pub(super) fn progress(&self, number: u64) -> Option<Progress> {
        self.slots.get(&number).map(|slot| match &slot.state {
            State::Arriving(chunks) => Progress::Part(contiguous(chunks)),
            State::Whole(file) => Progress::Whole(file.clone()),
        })
    }

    /// The file behind a token in a post.
    pub(super) fn ready(&self, token: &str, kind: &str) -> Result<Arc<UploadedFile>, Refusal> {
        let slot = self.by_token.get(token).and_then(|number| self.slots.get(number));
        match slot {
            Some(Slot { state: State::Whole(file), .. }) if file.kind == kind => Ok(file.clone()),
            Some(Slot { state: State::Arriving(_), kind: opened, .. }) if opened == kind => {
                Err(Refusal::not_ready(kind))
            }
            _ => Err(Refusal::payload(format!("Unknown token of {kind}"))),
        }
    }

    pub(super) fn finished(&self) -> Vec<Arc<UploadedFile>> {
        let whole = |slot: &Slot| if let State::Whole(file) = &slot.state { Some(file.clone()) } else { None };
        self.slots.values().filter_map(whole).collect()
    }
}

/// How many bytes from the start have arrived without a gap.
fn contiguous(chunks: &BTreeMap<u64, Bytes>) -> u64 {
    chunks.iter().fold(0, |end, (&from, bytes)| if from <= end { end.max(from + bytes.len() as u64) } else { end })
}

fn joined(chunks: &BTreeMap<u64, Bytes>) -> Vec<u8> {
    let mut whole = Vec::new();
    for (&from, bytes) in chunks {
        let overlap = whole.len().saturating_sub(usize::try_from(from).unwrap_or(usize::MAX));
        whole.extend_from_slice(bytes.get(overlap..).unwrap_or_default());
    }
    whole
}

fn examine(number: u64, kind: String, token: String, name: &str, whole: &[u8]) -> UploadedFile {
    let size = (kind == "image").then(|| imagesize::blob_size(whole).ok()).flatten();
    UploadedFile {
        number,
        kind,
        token,
        name: name.to_owned(),
        mime: infer::get(whole).map(|found| found.mime_type()),
        bytes: whole.len() as u64,
        sha256: hex::encode(Sha256::digest(whole)),
        size: size.map(|s| (s.width, s.height)),
    }
}

fn accept(file: &UploadedFile) -> Result<(), Refusal> {
    if file.kind != "image" {
        return Ok(());
    }
    if !file.mime.is_some_and(|mime| IMAGE_TYPES.contains(&mime)) {
        return Err(Refusal::upload("File extension is forbidden"));
    }
    if file.bytes > IMAGE_BYTES_MAX || file.size.is_some_and(|(w, h)| w.max(h) > IMAGE_SIDE_MAX) {
        return Err(Refusal::upload("Image is too large"));
    }
    Ok(())
}
