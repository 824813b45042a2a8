//! Pictures for posts.

use super::Press;

const WIDTH: u32 = 64;
const HEIGHT: u32 = 40;

impl Press {
    /// The line of a post file that gives the post a picture; the picture lies beside it, each number another one.
    pub fn with_picture(&self, number: usize) -> String {
        let shades: Vec<u8> = number.to_le_bytes().into_iter().cycle().take((WIDTH * HEIGHT) as usize).collect();
        let mut picture = Vec::new();
        let mut encoder = png::Encoder::new(&mut picture, WIDTH, HEIGHT);
        encoder.set_color(png::ColorType::Grayscale);
        encoder.write_header().unwrap().write_image_data(&shades).unwrap();
        let name = format!("picture-{number}.png");
        self.file(&name, picture);
        format!("media: [{{file: {name}, alt: Снимок {number}}}]")
    }
}
