//! The watermark: text that rises over the whole surface, row beside row, in the red of a seal, thin enough to read what is below.

use super::letters::{Mask, mask};
use image::RgbImage;
use kernel::Outcome;

/// The red of a seal.
pub(super) const RED: [u8; 3] = [179, 38, 30];
/// How much of what lies below is covered.
const STRENGTH: f32 = 0.42;
/// Text rises by some 27 degrees: sine and cosine.
const RISE: (f32, f32) = (0.454, 0.891);
const LETTER_MIN: f32 = 12.0;
/// So many letters fit beside each other on the shorter side.
const LETTERS: f32 = 26.0;

/// The text and how far its repetitions stand apart.
pub(super) struct Tile {
    mask: Mask,
    step: (f32, f32),
}

impl Tile {
    /// `lines` in a size that suits a surface of so many points.
    ///
    /// # Errors
    /// As [`mask`].
    pub fn of(lines: &[String], width: u32, height: u32) -> Outcome<Self> {
        let size = (width.min(height) as f32 / LETTERS).max(LETTER_MIN);
        let mask = mask(lines, size)?;
        let step = (mask.width as f32 + size * 2.5, mask.height as f32 + size * 2.0);
        Ok(Self { mask, step })
    }

    /// How far the watermark covers the point, 0 to 1.
    pub fn cover(&self, x: u32, y: u32) -> f32 {
        let (x, y) = (x as f32, y as f32);
        let (along, down) = (x * RISE.1 - y * RISE.0, x * RISE.0 + y * RISE.1);
        let row = (down / self.step.1).floor();
        let shift = if row.rem_euclid(2.0) < 1.0 { 0.0 } else { self.step.0 / 2.0 };
        let (u, v) = ((along + shift).rem_euclid(self.step.0), down - row * self.step.1);
        f32::from(self.between(u, v)) / 255.0 * STRENGTH
    }

    /// The mask between its points, so that slanted edges stay smooth.
    fn between(&self, u: f32, v: f32) -> u8 {
        let (left, above) = (u as usize, v as usize);
        let (right, below) = (u.fract(), v.fract());
        let at = |x, y| f32::from(self.mask.at(x, y));
        let top = at(left, above) * (1.0 - right) + at(left + 1, above) * right;
        let bottom = at(left, above + 1) * (1.0 - right) + at(left + 1, above + 1) * right;
        (top * (1.0 - below) + bottom * below) as u8
    }
}

/// Draws the watermark into the points of `image`.
pub(super) fn stamp(image: &mut RgbImage, tile: &Tile) {
    for (x, y, pixel) in image.enumerate_pixels_mut() {
        let cover = tile.cover(x, y);
        if cover > 0.0 {
            for (below, red) in pixel.0.iter_mut().zip(RED) {
                *below = mixed(*below, red, cover);
            }
        }
    }
}

/// `over` laid on `below`, covering so much of it.
pub(super) fn mixed(below: u8, over: u8, cover: f32) -> u8 {
    (f32::from(below) * (1.0 - cover) + f32::from(over) * cover).round() as u8
}
