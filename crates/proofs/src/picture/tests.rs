//! Real pictures, made here byte by byte where it matters.

use super::*;
use image::{Rgb, RgbImage};

/// A picture whose left half is red and right half blue, so that its turning shows.
fn two_halves(width: u32, height: u32) -> RgbImage {
    let red = |x: u32| if x < width / 2 { Rgb([220, 20, 20]) } else { Rgb([20, 20, 220]) };
    RgbImage::from_fn(width, height, |x, _| red(x))
}

fn jpeg(image: &RgbImage) -> Vec<u8> {
    let mut out = Vec::new();
    image.write_with_encoder(JpegEncoder::new_with_quality(&mut out, 90)).unwrap();
    out
}

fn png(image: &RgbImage) -> Vec<u8> {
    let mut out = Vec::new();
    image.write_with_encoder(PngEncoder::new(&mut out)).unwrap();
    out
}

/// `jpeg` with an EXIF segment behind its first marker that says `orientation` (tag 0x0112) and where it was taken.
fn with_exif(jpeg: &[u8], orientation: u8) -> Vec<u8> {
    let mut tiff = b"II\x2a\x00\x08\x00\x00\x00".to_vec();
    tiff.extend_from_slice(&[2, 0]);
    tiff.extend_from_slice(&[0x12, 0x01, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0]);
    // 0x010f, the maker: a text of 9 bytes behind the directory, which ends at 8 + 2 + 24 + 4
    tiff.extend_from_slice(&[0x0f, 0x01, 2, 0, 9, 0, 0, 0, 38, 0, 0, 0]);
    tiff.extend_from_slice(&[0, 0, 0, 0]);
    tiff.extend_from_slice(b"SECRETCAM");
    let mut segment = b"Exif\0\0".to_vec();
    segment.extend_from_slice(&tiff);
    let length = u16::try_from(segment.len() + 2).unwrap().to_be_bytes();
    [&jpeg[..2], &[0xff, 0xe1], &length, &segment, &jpeg[2..]].concat()
}

fn near(pixel: &Rgb<u8>, wanted: [u8; 3]) -> bool {
    pixel.0.iter().zip(wanted).all(|(a, b)| a.abs_diff(b) < 40)
}

#[test]
fn a_phones_photo_stands_upright_and_tells_nothing_of_the_camera() {
    // taken with the phone on its side: row 0 is the right side of what was seen (orientation 6: turn right)
    let photo = with_exif(&jpeg(&two_halves(64, 32)), 6);
    let tidied = tidy(&photo, FileKind::Jpeg).unwrap();
    assert_eq!((tidied.width, tidied.height, tidied.media), (32, 64, FileKind::Jpeg));
    let image = image::load_from_memory(&tidied.bytes).unwrap().into_rgb8();
    assert!(near(image.get_pixel(16, 8), [220, 20, 20]), "the left half is now above");
    assert!(near(image.get_pixel(16, 56), [20, 20, 220]));
    let has = |bytes: &[u8], part: &[u8]| bytes.windows(part.len()).any(|w| w == part);
    assert!(has(&photo, b"SECRETCAM") && has(&photo, b"Exif"));
    assert!(!has(&tidied.bytes, b"SECRETCAM") && !has(&tidied.bytes, b"Exif"));
    let small = image::load_from_memory(&preview(&photo, FileKind::Jpeg).unwrap()).unwrap();
    assert_eq!((small.width(), small.height()), (32, 64), "previews are upright too, and never larger");
    let upside_down = tidy(&with_exif(&jpeg(&two_halves(64, 32)), 3), FileKind::Jpeg).unwrap();
    let image = image::load_from_memory(&upside_down.bytes).unwrap().into_rgb8();
    assert!(near(image.get_pixel(8, 16), [20, 20, 220]));
}

#[test]
fn a_large_picture_becomes_as_large_as_needed() {
    let tidied = tidy(&png(&two_halves(3_000, 1_500)), FileKind::Png).unwrap();
    assert_eq!((tidied.width, tidied.height, tidied.media), (2_000, 1_000, FileKind::Png));
    assert_eq!(
        tidied,
        tidy(&png(&two_halves(3_000, 1_500)), FileKind::Png).unwrap(),
        "the same picture, the same bytes"
    );
}

/// A PNG of a few bytes whose head claims 60,000 times 60,000 points.
fn bomb(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = png(&two_halves(8, 8));
    bytes[16..20].copy_from_slice(&width.to_be_bytes());
    bytes[20..24].copy_from_slice(&height.to_be_bytes());
    let crc = crc(&bytes[12..29]);
    bytes[29..33].copy_from_slice(&crc.to_be_bytes());
    bytes
}

fn crc(bytes: &[u8]) -> u32 {
    let step = |c: u32| (0..8).fold(c, |c, _| if c & 1 == 1 { 0xedb8_8320 ^ (c >> 1) } else { c >> 1 });
    !bytes.iter().fold(u32::MAX, |c, b| step((c ^ u32::from(*b)) & 0xff) ^ (c >> 8))
}

#[test]
fn bombs_ruins_and_other_files_are_refused_in_words() {
    let code = |bytes: &[u8], kind| tidy(bytes, kind).unwrap_err().code.into_owned();
    assert_eq!(code(&bomb(60_000, 60_000), FileKind::Png), "proofs.picture-huge");
    assert_eq!(
        code(&bomb(15_000, 15_000), FileKind::Png),
        "proofs.picture-huge",
        "each side fits, together they do not"
    );
    let whole = png(&two_halves(64, 64));
    assert_eq!(code(&whole[..whole.len() / 2], FileKind::Png), "proofs.picture-broken");
    assert_eq!(code(b"\xff\xd8\xff\xe0 nothing \xff\xd9", FileKind::Jpeg), "proofs.picture-broken");
    assert_eq!(code(&whole, FileKind::Jpeg), "proofs.picture-broken", "a PNG that is said to be a JPEG");
    assert_eq!(code(b"%PDF-1.7", FileKind::Pdf), "proofs.picture-kind");
    let refused = tidy(&bomb(60_000, 60_000), FileKind::Png).unwrap_err();
    assert!(refused.next.is_some() && refused.say.zh.contains("像素"));
}

fn lines(purpose: &str) -> Vec<String> {
    vec![format!("仅限用于：{purpose}"), "有效期至2026年12月22日".to_owned()]
}

#[test]
fn a_watermark_goes_through_the_whole_picture() {
    let white = RgbImage::from_pixel(900, 600, Rgb([255, 255, 255]));
    let marked = watermark(&jpeg(&white), FileKind::Jpeg, &lines("给房东看的租房备案")).unwrap();
    let image = image::load_from_memory(&marked).unwrap().into_rgb8();
    assert_eq!(image.dimensions(), (900, 600));
    // every ninth of the picture is covered: none can be cut out without words on it
    for part in 0..9_u32 {
        let (left, above) = (part % 3 * 300, part / 3 * 200);
        let inked = (left..left + 300).flat_map(|x| (above..above + 200).map(move |y| (x, y)));
        let inked = inked.filter(|(x, y)| image.get_pixel(*x, *y).0[1] < 200).count();
        assert!((600..20_000).contains(&inked), "part {part} has {inked} points of the watermark");
    }
    assert_ne!(
        marked,
        watermark(&jpeg(&white), FileKind::Jpeg, &lines("别的用途")).unwrap(),
        "the words matter"
    );
    let refused = watermark(&jpeg(&white), FileKind::Jpeg, &lines("\u{10fffd}")).unwrap_err();
    assert!(
        matches!(refused, kernel::Failure::Refused(r) if r.code == "proofs.no-glyph" && r.fields[0].field == "purpose")
    );
}

#[test]
fn every_page_of_a_pdf_bears_it() {
    let plain = include_bytes!("../../../certificates/tests/printed.pdf");
    let marked = watermark(plain, FileKind::Pdf, &lines("银行开户")).unwrap();
    let document = lopdf::Document::load_mem(&marked).unwrap();
    let pages = document.get_pages();
    assert_eq!(pages.len(), lopdf::Document::load_mem(plain).unwrap().get_pages().len());
    for page in pages.into_values() {
        let content = String::from_utf8_lossy(&document.get_page_content(page)).into_owned();
        assert!(content.trim_start().starts_with('q') && content.contains("/YimenWatermark Do"));
        let images = document.get_page_images(page).unwrap();
        assert!(
            images.iter().any(|i| (i.width, i.height) == (1, 1)),
            "the picture of the watermark is there"
        );
    }
    let refused = watermark(b"%PDF-1.7 no more", FileKind::Pdf, &lines("银行开户")).unwrap_err();
    assert!(matches!(refused, kernel::Failure::Refused(r) if r.code == "proofs.pdf-broken"));
}

#[tokio::test]
async fn a_heic_is_refused_with_what_to_do() {
    let bytes = Bytes::from_static(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic\0\0\0\x10mdat12345678");
    let sent = tidy_upload(Upload { name: "IMG_1.HEIC".to_owned(), bytes }).await;
    let Err(kernel::Failure::Refused(no)) = sent else { panic!("{sent:?}") };
    assert!(no.code == "proofs.picture-heic" && no.next.unwrap().zh.contains("JPG"));
    let pdf = Bytes::from_static(b"%PDF-1.7\nstartxref\n9\n%%EOF\n");
    assert!(tidy_upload(Upload { name: "a.pdf".to_owned(), bytes: pdf }).await.is_ok());
}
