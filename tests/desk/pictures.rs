//! Pictures made for tests: with the place where they were taken, held sideways, larger than they look.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageFormat, ImageReader};

/// Stands in the Exif block as the name of the camera's place.
const PLACE: &[u8] = b"47.2357N 39.7015E";

/// A photo whose Exif block tells a place and how the camera was held (1 to 8).
pub fn jpeg_with_place(width: u32, height: u32, orientation: u16) -> Vec<u8> {
    let mut bytes = Vec::new();
    let picture = DynamicImage::new_rgb8(width, height);
    picture.write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, 80)).unwrap();
    let exif = exif(orientation);
    let mut segment = vec![0xff, 0xe1];
    segment.extend(u16::try_from(exif.len() + 2).unwrap().to_be_bytes());
    segment.extend(exif);
    bytes.splice(2..2, segment);
    bytes
}

/// Two entries: the orientation, and a text (image description) with the place.
fn exif(orientation: u16) -> Vec<u8> {
    let mut exif = b"Exif\0\0II*\0\x08\0\0\0\x02\0".to_vec();
    let length = u32::try_from(PLACE.len()).unwrap();
    // Tag, type (ASCII), count, where: behind the two entries.
    exif.extend([0x0e, 0x01, 2, 0]);
    exif.extend(length.to_le_bytes());
    exif.extend(38u32.to_le_bytes());
    exif.extend([0x12, 0x01, 3, 0, 1, 0, 0, 0]);
    exif.extend(orientation.to_le_bytes());
    exif.extend([0, 0, 0, 0, 0, 0]);
    exif.extend(PLACE);
    exif
}

/// Whether the place can be read in these bytes.
pub fn tells_place(bytes: &[u8]) -> bool {
    bytes.windows(PLACE.len()).any(|window| window == PLACE)
}

/// A plain picture.
pub fn png(width: u32, height: u32) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    DynamicImage::new_rgb8(width, height).write_to(&mut out, ImageFormat::Png).unwrap();
    out.into_inner()
}

/// A file of some bytes that says it has four thousand million pixels.
pub fn bomb() -> Vec<u8> {
    let mut bytes = png(1, 1);
    bytes[16..20].copy_from_slice(&65_000u32.to_be_bytes());
    bytes[20..24].copy_from_slice(&65_000u32.to_be_bytes());
    bytes
}

/// Width and height of an encoded picture.
pub fn size(bytes: &[u8]) -> (u32, u32) {
    ImageReader::new(Cursor::new(bytes)).with_guessed_format().unwrap().into_dimensions().unwrap()
}

/// A picture that is whole from the first part to the last, and its pixels break off.
pub fn half() -> Vec<u8> {
    let mut noise: u32 = 7;
    let picture = image::RgbImage::from_fn(64, 64, |_, _| {
        noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        image::Rgb(noise.to_be_bytes()[..3].try_into().unwrap())
    });
    let mut whole = Cursor::new(Vec::new());
    picture.write_to(&mut whole, ImageFormat::Png).unwrap();
    let whole = whole.into_inner();
    let part = |name: &[u8; 4], content: &[u8]| {
        let named = [&name[..], content].concat();
        let mut sum = flate2::Crc::new();
        sum.update(&named);
        [&u32::try_from(content.len()).unwrap().to_be_bytes()[..], &named, &sum.sum().to_be_bytes()].concat()
    };
    let pixels = u32::from_be_bytes(whole[33..37].try_into().unwrap()) as usize;
    [&whole[..33], &part(b"IDAT", &whole[41..41 + pixels - 400]), &part(b"IEND", &[])].concat()
}
