//! Pictures that arrived, for readers to see.

use std::collections::VecDeque;

use bytes::Bytes;

/// The newest are kept, as many as fit: long trials upload more than memory holds.
const BYTES_MAX: usize = 32 * 1024 * 1024;
/// What every browser shows.
const KINDS: [&str; 4] = ["image/jpeg", "image/png", "image/gif", "image/webp"];

/// Pictures by a key of the platform's own.
#[derive(Debug, Default)]
pub(crate) struct Gallery {
    pictures: VecDeque<(String, &'static str, Bytes)>,
    bytes: usize,
}

impl Gallery {
    /// Keeps a picture; anything else is let go.
    pub(crate) fn keep(&mut self, key: &str, content: &[u8]) {
        let kind = infer::get(content).map(|found| found.mime_type()).filter(|kind| KINDS.contains(kind));
        let Some(kind) = kind.filter(|_| content.len() <= BYTES_MAX) else { return };
        self.bytes += content.len();
        // Not a part of the request, which would stay in memory whole.
        self.pictures.push_back((key.to_owned(), kind, Bytes::copy_from_slice(content)));
        while self.bytes > BYTES_MAX {
            let Some((_, _, oldest)) = self.pictures.pop_front() else { break };
            self.bytes -= oldest.len();
        }
    }

    /// The picture of a key, with its media type.
    pub(crate) fn get(&self, key: &str) -> Option<(&'static str, Bytes)> {
        let found = self.pictures.iter().rev().find(|(kept, _, _)| kept == key);
        found.map(|(_, kind, content)| (*kind, content.clone()))
    }

    /// Whether there is a picture of this key.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.pictures.iter().any(|(kept, _, _)| kept == key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(bytes: usize) -> Vec<u8> {
        let mut content = b"\x89PNG\r\n\x1a\n".to_vec();
        content.resize(bytes, 0);
        content
    }

    #[test]
    fn the_oldest_go_when_there_is_no_more_room() {
        let mut gallery = Gallery::default();
        for key in ["a", "b", "c"] {
            gallery.keep(key, &picture(BYTES_MAX / 2));
        }
        assert_eq!(["a", "b", "c"].map(|key| gallery.has(key)), [false, true, true]);
        assert_eq!(gallery.get("c").map(|(kind, _)| kind), Some("image/png"));
    }

    #[test]
    fn what_is_no_picture_is_let_go() {
        let mut gallery = Gallery::default();
        gallery.keep("page", b"<!doctype html><script>alert(1)</script>");
        gallery.keep("bomb", &picture(BYTES_MAX + 1));
        assert!(!gallery.has("page") && !gallery.has("bomb"));
    }
}
