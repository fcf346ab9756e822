//! Pages from a camera: each drawn anew no larger than a sheet of A4, turned by quarters, bound into one PDF.

use super::{FileKind, PREVIEW_QUALITY, PREVIEW_SIDE, drawn, fitted, heic, is_heic, opened, wrong};
use image::codecs::jpeg::JpegDecoder;
use image::{DynamicImage, ImageDecoder as _, ImageFormat};
use kernel::{Fault, Outcome, Refusal, RefusalKind};
use lopdf::content::{Content, Operation};
use lopdf::{Dictionary, Document, Object, ObjectId, Stream, dictionary};
use std::io::Cursor;

/// The sides of A4 in hundredths of an inch (ISO 216: 210 × 297 mm).
const A4: [f64; 2] = [827.0, 1_169.0];
/// What a page of text is readable at, and a third of the bytes of a better one.
const QUALITY: u8 = 80;
/// Whatever is narrower is no page that one could read.
const SIDE_MIN: u32 = 160;
/// A PDF measures in so many to the inch (ISO 32000-1, 8.3.2.3).
const POINTS: f64 = 72.0;
const NAME: &str = "Leaf";

/// A page as it is kept: JPEG, upright as the camera says, within A4 at `dpi` dots an inch, nothing of the camera in it.
///
/// # Errors
/// A refusal when it is no JPEG or PNG, is broken, would unfold to too much, or is too small to be read.
pub(crate) fn leaf(bytes: &[u8], dpi: u32) -> Result<Vec<u8>, Refusal> {
    if is_heic(bytes) {
        return Err(heic());
    }
    let media = match image::guess_format(bytes) {
        Ok(ImageFormat::Jpeg) => FileKind::Jpeg,
        Ok(ImageFormat::Png) => FileKind::Png,
        _ => return Err(no_photo()),
    };
    let image = fitted(bytes, media, |width, height| longest(width, height, dpi))?;
    if image.width().min(image.height()) < SIDE_MIN {
        return Err(small());
    }
    drawn(&image, FileKind::Jpeg, QUALITY)
}

/// The longer side of a picture that lies within A4, whichever way the sheet lies.
fn longest(width: u32, height: u32, dpi: u32) -> u32 {
    let [short, long] = A4.map(|side| side * f64::from(dpi) / 100.0);
    let ratio = f64::from(width.max(height)) / f64::from(width.min(height).max(1));
    (short * ratio).min(long).floor() as u32
}

/// A small JPEG of a page, turned by so many quarters clockwise.
///
/// # Errors
/// A refusal when the page does not open.
pub(crate) fn small_leaf(bytes: &[u8], turn: u8) -> Result<Vec<u8>, Refusal> {
    let image = opened(bytes, FileKind::Jpeg, PREVIEW_SIDE)?;
    drawn(&turned(&image, turn), FileKind::Jpeg, PREVIEW_QUALITY)
}

fn turned(image: &DynamicImage, turn: u8) -> DynamicImage {
    match turn % 4 {
        1 => image.rotate90(),
        2 => image.rotate180(),
        3 => image.rotate270(),
        _ => image.clone(),
    }
}

/// One PDF of these pages ([`leaf`]) in their order, each turned by so many quarters clockwise. The pictures go in as they are: turned
/// by how they are drawn, so that nothing is lost, and whatever is laid over a page (a watermark) stands upright.
///
/// # Errors
/// A refusal when a page does not open.
pub(crate) fn bind(leaves: &[(Vec<u8>, u8)], dpi: u32) -> Outcome<Vec<u8>> {
    let mut document = Document::with_version("1.7");
    let tree = document.try_new_object_id().map_err(|e| broken(&e))?;
    let mut kids = Vec::new();
    for (bytes, turn) in leaves {
        kids.push(Object::Reference(page(&mut document, tree, (bytes, *turn), dpi)?));
    }
    let count = i64::try_from(kids.len()).map_err(|e| Fault::from("counting pages", e))?;
    document.set_object(tree, dictionary! {"Type" => "Pages", "Kids" => kids, "Count" => count});
    let root = dictionary! {"Type" => "Catalog", "Pages" => Object::Reference(tree)};
    let root = document.try_add_object(root).map_err(|e| broken(&e))?;
    document.trailer.set("Root", Object::Reference(root));
    let mut out = Vec::new();
    document.save_to(&mut out).map_err(|e| Fault::from("writing a PDF", e))?;
    Ok(out)
}

/// One page, as large as its picture at `dpi`.
fn page(document: &mut Document, tree: ObjectId, (bytes, turn): (&[u8], u8), dpi: u32) -> Outcome<ObjectId> {
    let head = JpegDecoder::new(Cursor::new(bytes)).map_err(|e| wrong(&e))?;
    let (width, height) = head.dimensions();
    let colours = if head.color_type().has_color() { "DeviceRGB" } else { "DeviceGray" };
    let image = dictionary! {
        "Type" => "XObject",
        "Subtype" => "Image",
        "Width" => i64::from(width),
        "Height" => i64::from(height),
        "ColorSpace" => colours,
        "BitsPerComponent" => 8_i64,
        "Filter" => "DCTDecode",
    };
    let image = Stream::new(image, bytes.to_vec()).with_compression(false);
    let image = document.try_add_object(image).map_err(|e| broken(&e))?;
    let [wide, high] = if turn % 2 == 1 { [height, width] } else { [width, height] }
        .map(|dots| (f64::from(dots) * POINTS / f64::from(dpi)) as f32);
    // Where the picture's unit square goes (ISO 32000-1, 8.3.3): turned, then stretched over the page.
    let [w, h] = [wide, high];
    let place: [f32; 6] = match turn % 4 {
        1 => [0.0, -h, w, 0.0, 0.0, h],
        2 => [-w, 0.0, 0.0, -h, w, h],
        3 => [0.0, h, -w, 0.0, w, 0.0],
        _ => [w, 0.0, 0.0, h, 0.0, 0.0],
    };
    let operation = |name: &str, with: Vec<Object>| Operation::new(name, with);
    let operations = vec![
        operation("q", Vec::new()),
        operation("cm", place.into_iter().map(Object::Real).collect()),
        operation("Do", vec![Object::Name(NAME.into())]),
        operation("Q", Vec::new()),
    ];
    let drawing = Content { operations }.encode().map_err(|e| broken(&e))?;
    let drawing = document.try_add_object(Stream::new(Dictionary::new(), drawing)).map_err(|e| broken(&e))?;
    let page = dictionary! {
        "Type" => "Page",
        "Parent" => Object::Reference(tree),
        "MediaBox" => vec![0.into(), 0.into(), Object::Real(wide), Object::Real(high)],
        "Resources" => dictionary! {"XObject" => dictionary! {NAME => Object::Reference(image)}},
        "Contents" => Object::Reference(drawing),
    };
    Ok(document.try_add_object(page).map_err(|e| broken(&e))?)
}

fn broken(error: &lopdf::Error) -> Fault {
    Fault::new(format!("binding pages: {error}"))
}

fn no_photo() -> Refusal {
    let (zh, en) = ("这不是照片。", "This is no photo.");
    Refusal::new(RefusalKind::Invalid, "proofs.page-kind", zh, en).next(
        "这里请拍照或选取JPG、PNG图片；PDF请在上一页直接上传。",
        "Take a photo here, or choose a JPG or PNG; a PDF is uploaded on the page before.",
    )
}

fn small() -> Refusal {
    let (zh, en) = ("这张图片太小，看不清文字。", "This picture is too small to be read.");
    Refusal::new(RefusalKind::Invalid, "proofs.page-small", zh, en)
        .next("请靠近一些重新拍。", "Go closer and take it again.")
}

#[cfg(test)]
mod tests;
