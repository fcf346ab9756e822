//! The watermark on every page of a PDF: one picture of the text per size of page, laid over what the page draws.

use super::mark::{RED, Tile};
use kernel::{Outcome, Refusal, RefusalKind};
use lopdf::{Dictionary, Document, Object, ObjectId, Stream, dictionary};
use std::collections::BTreeMap;

/// More pages than a copy to be handed on ever has.
const PAGES_MAX: usize = 300;
/// Points of the watermark for each point of the page.
const FINENESS: f32 = 1.6;
/// The longest side of the watermark's picture.
const SIDE_MAX: f32 = 2_400.0;
/// How far up a page's size is looked for.
const LEVELS_MAX: usize = 32;
const A4: [f32; 4] = [0.0, 0.0, 595.0, 842.0];
const NAME: &str = "YimenWatermark";

/// The PDF with `lines` over every page.
///
/// # Errors
/// A refusal when it is locked, broken or too long; as [`Tile::of`].
pub(super) fn watermark(bytes: &[u8], lines: &[String]) -> Outcome<Vec<u8>> {
    let mut document = Document::load_mem(bytes).map_err(|e| broken(&e))?;
    if document.is_encrypted() || document.was_encrypted() {
        return Err(locked().into());
    }
    let pages: Vec<ObjectId> = document.get_pages().into_values().collect();
    if pages.is_empty() || pages.len() > PAGES_MAX {
        return Err(length(pages.len()).into());
    }
    let mut made: BTreeMap<(u32, u32), ObjectId> = BTreeMap::new();
    for page in pages {
        let sides = sides(&document, page);
        let [left, bottom, right, top] = sides;
        let (width, height) = (right - left, top - bottom);
        let fine = FINENESS.min(SIDE_MAX / width.max(height));
        let points = ((width * fine) as u32, (height * fine) as u32);
        let picture = match made.get(&points) {
            Some(id) => *id,
            None => {
                let id = picture(&mut document, &Tile::of(lines, points.0, points.1)?, points)?;
                made.insert(points, id);
                id
            }
        };
        lay(&mut document, page, picture, sides).map_err(|e| broken(&e))?;
    }
    let mut out = Vec::new();
    document.save_to(&mut out).map_err(|e| broken(&lopdf::Error::IO(e)))?;
    Ok(out)
}

/// One red point, seen as far as the text covers: so the text is stored once, in one byte a point.
fn picture(document: &mut Document, tile: &Tile, (width, height): (u32, u32)) -> Outcome<ObjectId> {
    let image = |width: u32, height: u32, colours: &str| {
        dictionary! {
            "Type" => "XObject",
            "Subtype" => "Image",
            "Width" => i64::from(width),
            "Height" => i64::from(height),
            "ColorSpace" => colours,
            "BitsPerComponent" => 8_i64,
        }
    };
    let cover = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
    let cover = cover.map(|(x, y)| (tile.cover(x, y) * 255.0) as u8).collect();
    let mut mask = Stream::new(image(width, height, "DeviceGray"), cover);
    mask.compress().map_err(|e| broken(&e))?;
    let mask = document.try_add_object(mask).map_err(|e| broken(&e))?;
    let mut red = image(1, 1, "DeviceRGB");
    red.set("SMask", Object::Reference(mask));
    Ok(document.try_add_object(Stream::new(red, RED.to_vec())).map_err(|e| broken(&e))?)
}

/// Sets what the page draws within brackets and lays the picture over it.
fn lay(document: &mut Document, page: ObjectId, picture: ObjectId, sides: [f32; 4]) -> lopdf::Result<()> {
    document.add_xobject(page, NAME, picture)?;
    let [left, bottom, right, top] = sides;
    let (width, height) = (right - left, top - bottom);
    let after = format!("\nQ\nq {width} 0 0 {height} {left} {bottom} cm /{NAME} Do Q\n");
    let stream = |text: &str| Stream::new(Dictionary::new(), text.as_bytes().to_vec());
    let first = document.try_add_object(stream("q\n"))?;
    let last = document.try_add_object(stream(&after))?;
    let drawn = document.get_page_contents(page);
    let contents: Vec<Object> =
        std::iter::once(first).chain(drawn).chain([last]).map(Object::Reference).collect();
    document.get_dictionary_mut(page)?.set("Contents", contents);
    Ok(())
}

/// The page's sides in points, its own or those of the tree above it; A4 when they make no sense.
fn sides(document: &Document, page: ObjectId) -> [f32; 4] {
    let mut at = page;
    for _ in 0..LEVELS_MAX {
        let Ok(node) = document.get_dictionary(at) else { break };
        let found =
            node.get(b"MediaBox").and_then(|o| document.dereference(o)).and_then(|(_, o)| o.as_array());
        if let Ok(found) = found {
            let numbers: Vec<f32> = found.iter().filter_map(|o| o.as_float().ok()).collect();
            let [a, b, c, d] = numbers[..] else { break };
            let sides = [a.min(c), b.min(d), a.max(c), b.max(d)];
            let sound = |length: f32| (10.0..=14_400.0).contains(&length);
            return if sound(sides[2] - sides[0]) && sound(sides[3] - sides[1]) { sides } else { A4 };
        }
        let Ok(parent) = node.get(b"Parent").and_then(Object::as_reference) else { break };
        at = parent;
    }
    A4
}

fn broken(error: &lopdf::Error) -> Refusal {
    tracing::debug!(%error, "a PDF does not open");
    Refusal::new(
        RefusalKind::Invalid,
        "proofs.pdf-broken",
        "这份PDF打不开，可能已经损坏。",
        "This PDF does not open; it may be damaged.",
    )
    .next("请重新保存后，在下次办事时交。", "Save it anew and hand it in with your next case.")
}

fn locked() -> Refusal {
    Refusal::new(
        RefusalKind::Invalid,
        "proofs.pdf-locked",
        "这份PDF加了密码，不能出具副本。",
        "This PDF is locked with a password; no copy can be made.",
    )
    .next("请去掉密码后，在下次办事时交。", "Remove the password and hand it in with your next case.")
}

fn length(pages: usize) -> Refusal {
    Refusal::new(
        RefusalKind::Invalid,
        "proofs.pdf-length",
        format!("这份PDF有{pages}页，副本最多{PAGES_MAX}页。"),
        format!("This PDF has {pages} pages; a copy has {PAGES_MAX} at most."),
    )
    .next("请分开后再交。", "Split it.")
}
