use std::io::Write as _;

use image::ExtendedColorType;
use image::codecs::webp::WebPEncoder;

use super::*;

mod liars;

const MAX: u64 = 1_000_000;
const SECRET: &[u8] = b"47.2357N 39.7015E";

fn tells(bytes: &[u8]) -> bool {
    bytes.windows(SECRET.len()).any(|window| window == SECRET)
}

/// Left half red, right half blue: so that turning is seen.
fn two_halves(width: u32, height: u32) -> DynamicImage {
    let colour = |x| if x < width / 2 { image::Rgb([220, 20, 20]) } else { image::Rgb([20, 20, 220]) };
    DynamicImage::ImageRgb8(image::RgbImage::from_fn(width, height, |x, _| colour(x)))
}

fn encoded(format: ImageFormat) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    two_halves(16, 8).write_to(&mut out, format).unwrap();
    out.into_inner()
}

/// An Exif block with the orientation and the place.
fn exif(orientation: u8) -> Vec<u8> {
    let mut exif = b"II*\0\x08\0\0\0\x02\0\x0e\x01\x02\0\x11\0\0\0\x26\0\0\0\x12\x01\x03\0\x01\0\0\0".to_vec();
    exif.extend([orientation, 0, 0, 0, 0, 0, 0, 0]);
    exif.extend(SECRET);
    exif
}

fn segment(marker: u8, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len() + 2).unwrap().to_be_bytes();
    [&[0xff, marker], &length[..], content].concat()
}

fn jpeg_with(segments: &[Vec<u8>]) -> Vec<u8> {
    let plain = encoded(ImageFormat::Jpeg);
    [&plain[..2], &segments.concat(), &plain[2..]].concat()
}

fn chunk(name: [u8; 4], content: &[u8]) -> Vec<u8> {
    let named = [&name[..], content].concat();
    let mut sum = flate2::Crc::new();
    sum.update(&named);
    [&u32::try_from(content.len()).unwrap().to_be_bytes(), &named[..], &sum.sum().to_be_bytes()].concat()
}

/// The two halves under a header that says another size.
fn png_of(width: u32, height: u32) -> Vec<u8> {
    let plain = encoded(ImageFormat::Png);
    let header = [&width.to_be_bytes()[..], &height.to_be_bytes(), &plain[24..29]].concat();
    [&plain[..8], &chunk(*b"IHDR", &header), &plain[33..]].concat()
}

/// Packed as in PNG's chunks.
fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut packer = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
    packer.write_all(bytes).unwrap();
    packer.finish().unwrap()
}

fn png_with(chunks: &[Vec<u8>]) -> Vec<u8> {
    let plain = encoded(ImageFormat::Png);
    let (head, rest) = plain.split_at(33);
    [head, &chunks.concat(), rest].concat()
}

fn riff(chunks: &[(&[u8; 4], Vec<u8>)]) -> Vec<u8> {
    let mut body = b"WEBP".to_vec();
    for (name, content) in chunks {
        body.extend(*name);
        body.extend(u32::try_from(content.len()).unwrap().to_le_bytes());
        body.extend(content);
        body.extend(vec![0; content.len() % 2]);
    }
    [b"RIFF", &u32::try_from(body.len()).unwrap().to_le_bytes()[..], &body].concat()
}

/// The two halves as a WebP packs their pixels.
fn webp_pixels() -> Vec<u8> {
    let mut plain = Vec::new();
    let picture = two_halves(16, 8).into_rgb8();
    WebPEncoder::new_lossless(&mut plain).encode(&picture, 16, 8, ExtendedColorType::Rgb8).unwrap();
    plain[20..].to_vec()
}

fn webp_with(orientation: u8) -> Vec<u8> {
    let flags = vec![0x08 | 0x04, 0, 0, 0, 15, 0, 0, 7, 0, 0];
    riff(&[(b"VP8X", flags), (b"VP8L", webp_pixels()), (b"EXIF", exif(orientation)), (b"XMP ", SECRET.to_vec())])
}

/// One frame of two by three pixels, `frames` times, with a comment.
fn gif(frames: usize) -> Vec<u8> {
    let frame = b"\x21\xf9\x04\0\x0a\0\0\0,\0\0\0\0\x02\0\x03\0\0\x02\x02\x84_\0";
    let comment = [&[0x21, 0xfe, 17][..], SECRET, &[0]].concat();
    let repeat = b"\x21\xff\x0bNETSCAPE2.0\x03\x01\0\0\0";
    [b"GIF89a\x02\0\x03\0\x80\0\0\0\0\0\xff\xff\xff", &repeat[..], &comment, &frame.repeat(frames), b";"].concat()
}

fn cleaned(mime: &'static str, bytes: Vec<u8>) -> Clean {
    clean(mime, bytes, MAX).unwrap()
}

/// The same on a screen of this size.
fn gif_on(screen: (u16, u16), frames: usize) -> Vec<u8> {
    let mut gif = gif(frames);
    gif[6..8].copy_from_slice(&screen.0.to_le_bytes());
    gif[8..10].copy_from_slice(&screen.1.to_le_bytes());
    gif
}

#[test]
fn a_photo_tells_nothing_and_shows_the_same() {
    let told = jpeg_with(&[
        segment(0xe1, &[b"Exif\0\0", &exif(1)[..]].concat()),
        segment(0xe1, &[b"http://ns.adobe.com/xap/1.0/\0", SECRET].concat()),
        segment(0xed, &[b"Photoshop 3.0\0", SECRET].concat()),
        segment(0xfe, SECRET),
        segment(0xe2, &[b"MPF\0", SECRET].concat()),
        segment(0xe2, b"ICC_PROFILE\0\x01\x01colours"),
    ]);
    let clean = cleaned("image/jpeg", [told.as_slice(), SECRET].concat());
    assert!(!tells(&clean.bytes));
    assert!(clean.bytes.windows(7).any(|window| window == b"colours"), "colours stay as they were meant");
    let (before, after) = (open(&told, MAX).unwrap(), open(&clean.bytes, MAX).unwrap());
    assert_eq!(before, after);
}

#[test]
fn a_photo_held_sideways_is_turned() {
    let told = jpeg_with(&[segment(0xe1, &[b"Exif\0\0", &exif(6)[..]].concat())]);
    let clean = cleaned("image/jpeg", told);
    assert_eq!(clean.size, (8, 16));
    let picture = open(&clean.bytes, MAX).unwrap().into_rgb8();
    assert_eq!(picture.dimensions(), (8, 16));
    // Turned to the right, left is above.
    assert!(picture.get_pixel(4, 1).0[0] > 150 && picture.get_pixel(4, 14).0[2] > 150);
    assert!(!tells(&clean.bytes));
}

#[test]
fn other_formats_tell_nothing_either() {
    let texts = [chunk(*b"tEXt", SECRET), chunk(*b"zTXt", SECRET), chunk(*b"iTXt", SECRET), chunk(*b"tIME", SECRET)];
    let png = [png_with(&texts).as_slice(), SECRET].concat();
    let before = open(&png, MAX).unwrap();
    let clean = cleaned("image/png", png);
    assert!(!tells(&clean.bytes));
    assert_eq!(open(&clean.bytes, MAX).unwrap(), before);

    let webp = webp_with(1);
    assert!(tells(&webp));
    let clean = cleaned("image/webp", [webp.as_slice(), SECRET].concat());
    assert!(!tells(&clean.bytes));
    assert_eq!(open(&clean.bytes, MAX).unwrap().into_rgb8(), two_halves(16, 8).into_rgb8());

    let clean = cleaned("image/gif", [gif(3).as_slice(), SECRET].concat());
    assert!(!tells(&clean.bytes));
    assert!(clean.bytes.windows(11).any(|window| window == b"NETSCAPE2.0"), "it goes on for ever as before");
    assert_eq!(clean.bytes.split(|byte| *byte == 0x2c).count(), 4);
}

#[test]
fn png_and_webp_are_turned_too() {
    let png = png_with(&[chunk(*b"eXIf", &exif(8))]);
    let clean = cleaned("image/png", png);
    assert_eq!((clean.size, open(&clean.bytes, MAX).unwrap().height()), ((8, 16), 16));
    let clean = cleaned("image/webp", webp_with(3));
    let picture = open(&clean.bytes, MAX).unwrap().into_rgb8();
    assert_eq!(picture.get_pixel(2, 4).0, [20, 20, 220], "upside down, the right half is the left one");
}

#[test]
fn what_is_cleaned_twice_stays_as_it_is() {
    for (mime, bytes) in [
        ("image/jpeg", jpeg_with(&[segment(0xfe, SECRET)])),
        ("image/png", png_with(&[chunk(*b"tEXt", SECRET)])),
        ("image/webp", webp_with(1)),
        ("image/gif", gif(2)),
    ] {
        let once = cleaned(mime, bytes).bytes;
        assert_eq!(cleaned(mime, once.clone()).bytes, once, "{mime}");
    }
}

#[test]
fn a_second_file_behind_the_end_is_left_out() {
    let page = b"<html><script>alert(1)</script></html>";
    for (mime, bytes) in [
        ("image/jpeg", encoded(ImageFormat::Jpeg)),
        ("image/png", encoded(ImageFormat::Png)),
        ("image/webp", webp_with(1)),
        ("image/gif", gif(1)),
    ] {
        let clean = cleaned(mime, [bytes.as_slice(), page].concat());
        assert!(!clean.bytes.windows(7).any(|window| window == b"<script"), "{mime}");
    }
}

#[test]
fn a_picture_that_breaks_off_is_told_wherever_it_does() {
    for (mime, bytes) in [
        ("image/jpeg", jpeg_with(&[segment(0xfe, SECRET)])),
        ("image/png", png_with(&[chunk(*b"tEXt", SECRET)])),
        ("image/webp", webp_with(1)),
        ("image/gif", gif(2)),
    ] {
        for length in 0..bytes.len() {
            let cut = clean(mime, bytes[..length].to_vec(), MAX);
            assert_eq!(cut.err(), Some(Unfit::Broken { mime }), "{mime}, {length} of {}", bytes.len());
        }
    }
}

#[test]
fn a_bomb_is_never_opened() {
    let liar = png_of(60_000, 60_000);
    let told = clean("image/png", liar.clone(), MAX).unwrap_err();
    assert_eq!(told, Unfit::TooManyPixels { width: 60_000, height: 60_000, max: MAX });
    assert!(open(&liar, MAX).is_none());
}

#[test]
fn an_animation_without_end_is_refused() {
    assert!(clean("image/gif", gif_on((1000, 1000), 5), MAX).is_ok());
    let told = clean("image/gif", gif_on((1000, 1000), 21), MAX).unwrap_err();
    assert_eq!(told, Unfit::TooManyFrames { frames: 21 });
}

proptest::proptest! {
    #[test]
    fn no_picture_brings_it_down(
        which in 0usize..4,
        changes in proptest::collection::vec((0usize..400, 0u8..), 0..6),
        keep in 0usize..600,
    ) {
        let (mime, mut bytes) = match which {
            0 => ("image/jpeg", jpeg_with(&[segment(0xe1, &[b"Exif\0\0", &exif(6)[..]].concat())])),
            1 => ("image/png", png_with(&[chunk(*b"eXIf", &exif(5))])),
            2 => ("image/webp", webp_with(7)),
            _ => ("image/gif", gif(2)),
        };
        for (at, byte) in changes {
            let at = at % bytes.len();
            bytes[at] = byte;
        }
        bytes.truncate(keep.max(12));
        if let Ok(clean) = clean(mime, bytes, MAX) {
            proptest::prop_assert!(!clean.bytes.is_empty());
        }
    }
}
