//! Pictures of papers: upright, of sensible size, without what the camera tells of the person; previews; copies with a watermark.
//!
//! A picture is measured before it is opened: a small file may unfold to gigabytes. What leaves here was drawn anew, so that no
//! place of taking (EXIF), no hidden content and no orientation mark goes on.

pub(crate) mod leaf;
mod letters;
mod mark;
mod pdf;

use ::store::files::{FileKind, Upload};
use bytes::Bytes;
use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::imageops::FilterType;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits};
use kernel::{Fault, Outcome, Refusal, RefusalKind};
use std::io::Cursor;
use tokio::sync::Semaphore;

/// The longer side of a kept picture: an A4 page at 170 dots an inch, which one can read and print.
pub const SIDE_MAX: u32 = 2_000;
/// The longer side of a preview.
pub const PREVIEW_SIDE: u32 = 480;
/// The most points that are unfolded: 64 million take 200 MB; phones take 12 to 50 million.
const POINTS_MAX: u64 = 64_000_000;
/// The most memory that a decoder may take.
const ALLOC_MAX: u64 = 400 << 20;
/// The longest side that is opened at all.
const OPENED_SIDE_MAX: u32 = 20_000;
const QUALITY: u8 = 85;
const PREVIEW_QUALITY: u8 = 75;

/// How many pictures are worked on at a time: each may take much memory.
static AT_WORK: Semaphore = Semaphore::const_new(2);

/// A picture as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tidied {
    /// Its bytes, drawn anew.
    pub bytes: Vec<u8>,
    /// What it is: the same kind as before.
    pub media: FileKind,
    /// Its width in points.
    pub width: u32,
    /// Its height in points.
    pub height: u32,
}

/// Turns a picture upright as its camera says (EXIF), makes it no larger than needed, and leaves everything else behind.
///
/// # Errors
/// A refusal when it is no JPEG or PNG, is broken, or would unfold to too much.
pub fn tidy(bytes: &[u8], media: FileKind) -> Result<Tidied, Refusal> {
    let image = opened(bytes, media, SIDE_MAX)?;
    let (width, height) = (image.width(), image.height());
    Ok(Tidied { bytes: drawn(&image, media, QUALITY)?, media, width, height })
}

/// A small JPEG of a picture, upright.
///
/// # Errors
/// As [`tidy`].
pub fn preview(bytes: &[u8], media: FileKind) -> Result<Vec<u8>, Refusal> {
    drawn(&opened(bytes, media, PREVIEW_SIDE)?, FileKind::Jpeg, PREVIEW_QUALITY)
}

/// The same for an upload that is no kept paper yet, worked on where it holds up nobody else.
///
/// # Errors
/// As [`preview`].
pub async fn preview_upload(bytes: Vec<u8>, media: FileKind) -> Outcome<Vec<u8>> {
    apart(move || Ok(preview(&bytes, media)?)).await
}

/// A copy that bears `lines` all over: in a picture they are drawn into the points, so that they cannot be taken off again; every
/// page of a PDF is covered by them.
///
/// # Errors
/// A refusal when the file cannot bear one or a character of `lines` cannot be drawn; a fault when the machine has no Chinese font.
pub fn watermark(bytes: &[u8], media: FileKind, lines: &[String]) -> Outcome<Vec<u8>> {
    match media {
        FileKind::Jpeg | FileKind::Png => {
            let mut image = opened(bytes, media, SIDE_MAX)?.into_rgb8();
            let tile = mark::Tile::of(lines, image.width(), image.height())?;
            mark::stamp(&mut image, &tile);
            Ok(drawn(&DynamicImage::ImageRgb8(image), media, QUALITY)?)
        }
        FileKind::Pdf => pdf::watermark(bytes, lines),
        FileKind::Ofd | FileKind::Heic => Err(no_copy(media).into()),
    }
}

/// What an upload handler does with a file before it keeps it: a JPEG or PNG is tidied ([`tidy`]), HEIC is refused, since it cannot
/// be, and would carry on where it was taken; whatever else stays as it is and is judged by `store::files`.
///
/// # Errors
/// As [`tidy`]; `proofs.picture-heic`.
pub async fn tidy_upload(upload: Upload) -> Outcome<Upload> {
    if is_heic(&upload.bytes) {
        return Err(heic().into());
    }
    let media = match image::guess_format(&upload.bytes) {
        Ok(ImageFormat::Jpeg) => FileKind::Jpeg,
        Ok(ImageFormat::Png) => FileKind::Png,
        _ => return Ok(upload),
    };
    let bytes = upload.bytes.clone();
    let tidied = apart(move || Ok(tidy(&bytes, media)?)).await?;
    Ok(Upload { name: upload.name, bytes: Bytes::from(tidied.bytes) })
}

/// Whether it is a picture in an ISO media file, as phones take it: `ftyp` and a brand of HEIF (ISO/IEC 23008-12).
fn is_heic(bytes: &[u8]) -> bool {
    const BRANDS: [&[u8]; 8] = [b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"];
    bytes.get(4..8) == Some(b"ftyp".as_slice())
        && bytes.get(8..12).is_some_and(|brand| BRANDS.contains(&brand))
}

/// Runs work on a picture where it holds up nobody else, a few at a time.
pub(crate) async fn apart<T: Send + 'static>(
    work: impl FnOnce() -> Outcome<T> + Send + 'static,
) -> Outcome<T> {
    let _place = AT_WORK.acquire().await.map_err(|e| Fault::from("waiting to work on a picture", e))?;
    tokio::task::spawn_blocking(work).await.map_err(|e| Fault::from("working on a picture", e))?
}

/// The picture, upright and at most `side` long, without transparency.
fn opened(bytes: &[u8], media: FileKind, side: u32) -> Result<DynamicImage, Refusal> {
    fitted(bytes, media, |_, _| side)
}

/// The same, at most as long as `side` says of its width and height.
fn fitted(bytes: &[u8], media: FileKind, side: impl Fn(u32, u32) -> u32) -> Result<DynamicImage, Refusal> {
    let format = match media {
        FileKind::Jpeg => ImageFormat::Jpeg,
        FileKind::Png => ImageFormat::Png,
        FileKind::Pdf | FileKind::Ofd | FileKind::Heic => return Err(no_picture(media)),
    };
    let mut limits = Limits::default();
    limits.max_image_width = Some(OPENED_SIDE_MAX);
    limits.max_image_height = Some(OPENED_SIDE_MAX);
    limits.max_alloc = Some(ALLOC_MAX);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(|e| wrong(&e))?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > POINTS_MAX {
        return Err(huge());
    }
    let side = side(width, height);
    let turn = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut image = DynamicImage::from_decoder(decoder).map_err(|e| wrong(&e))?;
    if width.max(height) > side {
        image = image.resize(side, side, FilterType::CatmullRom);
    }
    image.apply_orientation(turn);
    Ok(plain(image))
}

/// Eight bits a colour; what shines through stands on white, as on paper.
fn plain(image: DynamicImage) -> DynamicImage {
    if image.color().has_alpha() {
        let mut image = image.into_rgba8();
        for pixel in image.pixels_mut() {
            let [red, green, blue, alpha] = pixel.0;
            let over = |c: u8| mark::mixed(255, c, f32::from(alpha) / 255.0);
            pixel.0 = [over(red), over(green), over(blue), 255];
        }
        return DynamicImage::ImageRgb8(DynamicImage::ImageRgba8(image).into_rgb8());
    }
    if image.color().has_color() {
        DynamicImage::ImageRgb8(image.into_rgb8())
    } else {
        DynamicImage::ImageLuma8(image.into_luma8())
    }
}

fn drawn(image: &DynamicImage, media: FileKind, quality: u8) -> Result<Vec<u8>, Refusal> {
    let mut out = Vec::new();
    let done = match media {
        FileKind::Png => image.write_with_encoder(PngEncoder::new(&mut out)),
        _ => image.write_with_encoder(JpegEncoder::new_with_quality(&mut out, quality)),
    };
    done.map_err(|e| wrong(&e))?;
    Ok(out)
}

fn wrong(error: &ImageError) -> Refusal {
    match error {
        ImageError::Limits(_) => huge(),
        other => {
            tracing::debug!(%other, "a picture does not open");
            Refusal::new(
                RefusalKind::Invalid,
                "proofs.picture-broken",
                "这张图片打不开，可能没有传完或已经损坏。",
                "This picture does not open; it may be incomplete or damaged.",
            )
            .next("请重新拍一张或重新保存后再上传。", "Take it again, or save it anew, then upload it.")
        }
    }
}

fn huge() -> Refusal {
    let most = POINTS_MAX / 1_000_000;
    Refusal::new(
        RefusalKind::TooLarge,
        "proofs.picture-huge",
        format!("这张图片展开后太大，最多{most}00万像素。"),
        format!("This picture unfolds to too much; the most is {most} million points."),
    )
    .next(
        "请用手机重新拍一张，或缩小后再上传。",
        "Take it again with a phone, or make it smaller, then upload it.",
    )
}

fn heic() -> Refusal {
    Refusal::new(
        RefusalKind::Invalid,
        "proofs.picture-heic",
        "这是手机的HEIC照片，办事人员的电脑不一定能打开，里面还可能带有拍摄地点，不能接收。",
        "This is a HEIC photo of a phone: not every office can open it, and it may say where it was taken; it is not accepted.",
    )
    .next(
        "请把手机相机的格式设为“兼容性最佳”（JPG）后重拍，或截屏后上传。",
        "Set the camera to “Most compatible” (JPG) and take it again, or upload a screenshot of it.",
    )
}

fn no_picture(media: FileKind) -> Refusal {
    let is = media.extension().to_uppercase();
    Refusal::new(
        RefusalKind::Invalid,
        "proofs.picture-kind",
        format!("这是{is}文件，不是能处理的图片。"),
        format!("This is {is}, not a picture that can be worked on."),
    )
    .next("请上传JPG或PNG图片。", "Upload a JPG or PNG picture.")
}

fn no_copy(media: FileKind) -> Refusal {
    let is = media.extension().to_uppercase();
    Refusal::new(
        RefusalKind::Invalid,
        "proofs.no-copy",
        format!("{is}文件不能加水印，不能出具副本。"),
        format!("A watermark cannot be put on {is}; no copy can be made."),
    )
    .next(
        "请把它转成PDF或图片，在下次办事时交。",
        "Convert it to PDF or a picture and hand that in with your next case.",
    )
}

#[cfg(test)]
mod tests;
