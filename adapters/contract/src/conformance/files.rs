//! Real files for the cases.

use sha2::{Digest as _, Sha256};

use crate::{Media, MediaKind};

/// A folder of files that goes away with the value.
#[derive(Debug)]
pub struct Files(tempfile::TempDir);

impl Files {
    /// An empty folder.
    #[expect(clippy::new_without_default, reason = "for tests")]
    pub fn new() -> Self {
        Self(tempfile::tempdir().expect("a temporary folder"))
    }

    /// A PNG of 640 x 480 pixels in a shade of its own.
    pub fn picture(&self, shade: u8) -> Media {
        let (width, height) = (640, 480);
        let mut bytes = Vec::new();
        {
            let mut encoder = png::Encoder::new(&mut bytes, width, height);
            encoder.set_color(png::ColorType::Grayscale);
            encoder.set_depth(png::BitDepth::Eight);
            let mut writer = encoder.write_header().expect("a PNG header");
            writer.write_image_data(&vec![shade; (width * height) as usize]).expect("PNG data");
        }
        self.media(
            MediaKind::Picture,
            &format!("фото {shade}.png"),
            "image/png",
            &bytes,
            Some((width, height)),
            "Набережная",
        )
    }

    /// A small PDF.
    pub fn document(&self) -> Media {
        let bytes = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n";
        self.media(MediaKind::Document, "Постановление.pdf", "application/pdf", bytes, None, "")
    }

    fn media(
        &self,
        kind: MediaKind,
        name: &str,
        mime: &str,
        bytes: &[u8],
        size: Option<(u32, u32)>,
        alt: &str,
    ) -> Media {
        let sha256 = hex::encode(Sha256::digest(bytes));
        let path = self.0.path().join(&sha256);
        std::fs::write(&path, bytes).expect("a file");
        Media {
            kind,
            path,
            name: name.into(),
            mime: mime.into(),
            bytes: bytes.len() as u64,
            sha256,
            size,
            alt: alt.into(),
        }
    }
}
