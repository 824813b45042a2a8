//! Pictures that show one thing to whoever checks them and another to whoever opens them.

use super::*;

/// The size of a picture that would be published.
const HUGE: u32 = 50_000;

fn broken(mime: &'static str, bytes: Vec<u8>) {
    assert_eq!(clean(mime, bytes, MAX).err(), Some(Unfit::Broken { mime }));
}

#[test]
fn a_text_before_a_pngs_header_does_not_speak_for_it() {
    let huge = png_of(HUGE, HUGE);
    // What stands at the header's place says 16 x 16, and would be cut out.
    let text = chunk(*b"tEXt", &[&[0, 0, 0, 16, 0, 0, 0, 16][..], b"comment\0"].concat());
    broken("image/png", [&huge[..8], &text, &huge[8..]].concat());
    let (small, two) = (encoded(ImageFormat::Png), png_of(HUGE, HUGE));
    broken("image/png", [&small[..33], &two[8..]].concat());
}

#[test]
fn a_pngs_frames_are_counted_and_lie_on_it() {
    let control = |width: u32, x: u32| {
        let fields = [0, width, 8, x, 0].map(u32::to_be_bytes).concat();
        chunk(*b"fcTL", &[&fields[..], &[0, 1, 0, 10, 0, 0]].concat())
    };
    let animated = |frames: Vec<Vec<u8>>| {
        let announced = chunk(*b"acTL", &[0, 0, 0, 1, 0, 0, 0, 0]);
        png_with(&[vec![announced], frames].concat())
    };
    assert!(clean("image/png", animated(vec![control(16, 0)]), MAX).is_ok());
    // 16 x 8 pixels, and a limit of 128: twenty frames are as many pictures.
    let many = clean("image/png", animated(vec![control(16, 0); 21]), 128).unwrap_err();
    assert_eq!(many, Unfit::TooManyFrames { frames: 21 });
    for frame in [control(HUGE, 0), control(16, 1), control(16, u32::MAX)] {
        broken("image/png", animated(vec![frame]));
    }
}

#[test]
fn a_gifs_frame_lies_on_its_screen() {
    for screen in [(1, 1), (2, 2), (1, 3), (0, 0)] {
        broken("image/gif", gif_on(screen, 1));
    }
    let mut moved = gif(1);
    let frame = moved.iter().rposition(|byte| *byte == 0x2c).unwrap();
    moved[frame + 1] = 1;
    broken("image/gif", moved);
}

#[test]
fn a_webps_picture_fills_its_canvas() {
    let canvas = |width: u8| vec![0, 0, 0, 0, width - 1, 0, 0, 7, 0, 0];
    let lossless = |width: u32, height: u32| {
        let size = ((width - 1) | (height - 1) << 14).to_le_bytes();
        [&[0x2f][..], &size, &[0; 16]].concat()
    };
    broken("image/webp", riff(&[(b"VP8X", canvas(1)), (b"VP8L", lossless(16_384, 16_384))]));
    broken("image/webp", riff(&[(b"VP8L", lossless(16, 8)), (b"VP8L", lossless(16_384, 16_384))]));
    broken("image/webp", riff(&[(b"VP8L", lossless(16, 8)), (b"VP8X", canvas(16))]));
    let told = clean("image/webp", riff(&[(b"VP8L", lossless(16_384, 16_384))]), MAX).unwrap_err();
    assert_eq!(told, Unfit::TooManyPixels { width: 16_384, height: 16_384, max: MAX });

    let frame = |x: u8, size: u8, picture: Vec<u8>, more: &[u8]| {
        let place = [&[x, 0, 0, 0, 0, 0, size - 1, 0, 0, 7, 0, 0, 10, 0, 0, 0][..], b"VP8L"].concat();
        let length = u32::try_from(picture.len()).unwrap().to_le_bytes();
        [&place[..], &length, &picture, &vec![0; picture.len() % 2], more].concat()
    };
    let animated = |frame: Vec<u8>| {
        let mut canvas = canvas(16);
        canvas[0] = 2;
        riff(&[(b"VP8X", canvas), (b"ANIM", vec![0; 6]), (b"ANMF", frame)])
    };
    let note = [b"note", &17u32.to_le_bytes()[..], SECRET, &[0]].concat();
    let clean = cleaned("image/webp", animated(frame(0, 16, webp_pixels(), &note)));
    assert!(clean.size == (16, 8) && !tells(&clean.bytes), "{clean:?}");
    broken("image/webp", animated(frame(1, 16, lossless(16, 8), &[])));
    broken("image/webp", animated(frame(0, 16, lossless(16_384, 16_384), &[])));
}

#[test]
fn a_jpeg_has_one_frame_and_no_room_for_notes() {
    let frame = |side: u16| {
        let side = side.to_be_bytes();
        segment(0xc0, &[&[8][..], &side, &side, &[1, 1, 0x11, 0]].concat())
    };
    broken("image/jpeg", jpeg_with(&[frame(65_000)]));
    // A picture inside the picture, as thumbnails are: its start is no start of ours.
    broken("image/jpeg", jpeg_with(&[vec![0xff, 0xd8], frame(16), vec![0xff, 0xd9]]));
    let told = jpeg_with(&[segment(0xf7, SECRET), segment(0x02, SECRET), segment(0xdc, SECRET)]);
    assert!(!tells(&cleaned("image/jpeg", told).bytes));
}

#[test]
fn a_profile_of_colours_that_unpacks_without_end_is_left_out() {
    let profile = |bytes: usize| chunk(*b"iCCP", &[&b"sRGB\0\0"[..], &packed(&vec![0; bytes])].concat());
    let has_profile = |bytes: &[u8]| bytes.windows(4).any(|window| window == b"iCCP");
    assert!(has_profile(&cleaned("image/png", png_with(&[profile(4 << 20)])).bytes));
    let clean = cleaned("image/png", png_with(&[profile((4 << 20) + 1)]));
    assert!(!has_profile(&clean.bytes));
    assert_eq!(open(&clean.bytes, MAX).unwrap(), two_halves(16, 8), "it looks the same");
    let noise = chunk(*b"iCCP", &[b"sRGB\0\0", SECRET].concat());
    assert!(!has_profile(&cleaned("image/png", png_with(&[noise])).bytes));
}

#[test]
fn a_bmp_keeps_its_pixels_and_nothing_around_them() {
    let plain = encoded(ImageFormat::Bmp);
    let before = open(&plain, MAX).unwrap();
    let start = usize::try_from(u32_le(&plain, 10).unwrap()).unwrap();
    let shifted = u32::try_from(start + SECRET.len()).unwrap().to_le_bytes();
    let gap = [&plain[..10], &shifted, &plain[14..start], SECRET, &plain[start..]].concat();
    // The length in the header may count what stands behind the pixels, too.
    let mut behind = [&plain[..], b"<html><script>alert(1)</script>", SECRET].concat();
    let length = u32::try_from(behind.len()).unwrap().to_le_bytes();
    behind[2..6].copy_from_slice(&length);
    for bytes in [plain.clone(), gap, behind] {
        let clean = cleaned("image/bmp", bytes);
        assert_eq!((clean.mime, clean.size), ("image/png", (16, 8)));
        assert!(!tells(&clean.bytes) && !clean.bytes.windows(7).any(|window| window == b"<script"));
        assert_eq!(open(&clean.bytes, MAX).unwrap(), before, "not a pixel is another");
    }
    let mut huge = plain.clone();
    huge[18..22].copy_from_slice(&HUGE.to_le_bytes());
    huge[22..26].copy_from_slice(&HUGE.to_le_bytes());
    let told = clean("image/bmp", huge, MAX).unwrap_err();
    assert_eq!(told, Unfit::TooManyPixels { width: HUGE, height: HUGE, max: MAX });
    broken("image/bmp", plain[..plain.len() - 1].to_vec());
}

#[test]
fn notes_between_the_blocks_of_an_animation_are_left_out() {
    let plain = gif(1);
    // Behind the block that says how often it repeats (it ends at 37).
    let note = [&[17][..], SECRET].concat();
    let told = [&plain[..37], &note, &plain[37..]].concat();
    assert_eq!(cleaned("image/gif", told).bytes, cleaned("image/gif", plain).bytes);
}
