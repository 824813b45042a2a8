//! The pictures of the demo's posts: flat landscapes, drawn dot by dot.

use std::fs::File;
use std::io::{self, BufWriter};
use std::path::Path;

const WIDTH: u32 = 960;
const HEIGHT: u32 = 540;

type Colour = [u8; 3];

/// What a picture shows.
#[derive(Debug, Clone, Copy)]
pub(super) enum Motif {
    /// Hills, the sun and a river.
    River,
    /// A house at dusk.
    House,
    /// A bus in a street.
    Bus,
}

/// Draws a picture into a PNG file.
pub(super) fn write(path: &Path, motif: Motif) -> io::Result<()> {
    let mut dots = Vec::with_capacity((WIDTH * HEIGHT * 3) as usize);
    for y in 0..HEIGHT {
        for x in 0..WIDTH {
            let (x, y) = (f64::from(x) / f64::from(WIDTH), f64::from(y) / f64::from(HEIGHT));
            dots.extend(match motif {
                Motif::River => river(x, y),
                Motif::House => house(x, y),
                Motif::Bus => bus(x, y),
            });
        }
    }
    let mut encoder = png::Encoder::new(BufWriter::new(File::create(path)?), WIDTH, HEIGHT);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::Fast);
    let mut writer = encoder.write_header().map_err(io::Error::other)?;
    writer.write_image_data(&dots).map_err(io::Error::other)?;
    writer.finish().map_err(io::Error::other)
}

fn river(x: f64, y: f64) -> Colour {
    let near = 0.62 + 0.06 * (x * 9.0).sin();
    let far = 0.48 + 0.09 * (x * 5.0 + 1.0).sin();
    if y > 0.74 + 0.015 * (x * 40.0).sin() {
        return blend([46, 134, 193], [21, 67, 120], (y - 0.74) / 0.26);
    }
    if y > near {
        return [39, 120, 73];
    }
    if y > far {
        return [88, 160, 106];
    }
    if within(x, y, 0.76, 0.26, 0.085) {
        return [255, 214, 102];
    }
    blend([120, 190, 240], [247, 229, 200], y / 0.6)
}

fn house(x: f64, y: f64) -> Colour {
    let (left, right, roof) = (0.3, 0.7, 0.3);
    if y > 0.86 {
        return [52, 73, 94];
    }
    if x > left && x < right && y > roof {
        let (column, row) = (((x - left) / 0.08).fract(), ((y - roof) / 0.14).fract());
        let window = column > 0.3 && column < 0.75 && row > 0.3 && row < 0.75;
        return if window { [255, 209, 92] } else { [176, 90, 72] };
    }
    let slope = 0.14 + (x - 0.5).abs() * 0.7;
    if y > slope && y <= roof && x > left - 0.02 && x < right + 0.02 {
        return [110, 52, 48];
    }
    if within(x, y, 0.14, 0.2, 0.05) {
        return [244, 241, 222];
    }
    blend([44, 44, 84], [232, 126, 90], y / 0.86)
}

fn bus(x: f64, y: f64) -> Colour {
    for wheel in [0.32, 0.66] {
        if within(x, y, wheel, 0.76, 0.045) {
            return if within(x, y, wheel, 0.76, 0.018) { [189, 195, 199] } else { [33, 37, 41] };
        }
    }
    if x > 0.2 && x < 0.8 && y > 0.36 && y < 0.76 {
        let window = y > 0.42 && y < 0.57 && ((x - 0.2) / 0.1).fract() > 0.15;
        return match window {
            true => [214, 234, 248],
            false if y > 0.63 && y < 0.66 => [231, 76, 60],
            false => [244, 190, 49],
        };
    }
    if y > 0.76 {
        let stripe = y > 0.87 && y < 0.89 && (x * 8.0).fract() > 0.4;
        return if stripe { [236, 240, 241] } else { [84, 96, 108] };
    }
    let skyline = 0.3 + 0.12 * ((x * 7.0).floor() * 2.4).sin();
    if y > skyline { [163, 188, 204] } else { blend([150, 205, 245], [222, 240, 250], y / 0.5) }
}

/// A disc; the picture is 16 to 9.
fn within(x: f64, y: f64, centre_x: f64, centre_y: f64, radius: f64) -> bool {
    let (dx, dy) = ((x - centre_x) * 16.0 / 9.0, y - centre_y);
    dx * dx + dy * dy < radius * radius
}

fn blend(from: Colour, to: Colour, share: f64) -> Colour {
    let share = share.clamp(0.0, 1.0);
    let mix = |a: u8, b: u8| {
        let mixed = f64::from(a) + (f64::from(b) - f64::from(a)) * share;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between two bytes")]
        let byte = mixed.round() as u8;
        byte
    };
    [mix(from[0], to[0]), mix(from[1], to[1]), mix(from[2], to[2])]
}
