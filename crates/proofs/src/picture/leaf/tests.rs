//! Pages bound into PDFs that qpdf and poppler read.

use super::*;
use image::codecs::jpeg::JpegEncoder;
use image::{Rgb, RgbImage};
use std::ffi::OsStr;
use std::process::Command;

fn tool(name: &str, args: &[&OsStr]) -> String {
    let out = Command::new(name).args(args).output();
    let out = out.unwrap_or_else(|e| panic!("{name} is missing ({e}): apt install qpdf poppler-utils"));
    assert!(out.status.success(), "{name}: {}", String::from_utf8_lossy(&out.stderr));
    String::from_utf8(out.stdout).unwrap()
}

/// A sheet whose upper edge is red.
fn photo(width: u32, height: u32) -> Vec<u8> {
    let edge = |y| if y < height / 4 { Rgb([220, 20, 20]) } else { Rgb([240, 240, 240]) };
    let mut out = Vec::new();
    let image = RgbImage::from_fn(width, height, |_, y| edge(y));
    image.write_with_encoder(JpegEncoder::new_with_quality(&mut out, 90)).unwrap();
    out
}

#[test]
fn a_page_lies_within_a4_whichever_way_it_lies() {
    for (width, height, fits) in [
        (3_000, 4_000, (1_654, 2_206)),
        (4_000, 3_000, (2_206, 1_654)),
        (1_000, 4_000, (585, 2_338)),
        (640, 480, (640, 480)),
    ] {
        let page = leaf(&photo(width, height), 200).unwrap();
        let head = JpegDecoder::new(Cursor::new(&page)).unwrap();
        let (w, h) = head.dimensions();
        assert!(w.abs_diff(fits.0) < 3 && h.abs_diff(fits.1) < 3, "{width}×{height} became {w}×{h}");
    }
    for (bytes, code) in [
        (b"%PDF-1.7\n".to_vec(), "proofs.page-kind"),
        (Vec::new(), "proofs.page-kind"),
        (photo(100, 800), "proofs.page-small"),
        (photo(800, 800)[..200].to_vec(), "proofs.picture-broken"),
    ] {
        assert_eq!(leaf(&bytes, 200).unwrap_err().code, code);
    }
}

#[test]
fn pages_are_bound_in_their_order_each_turned() {
    let page = leaf(&photo(400, 600), 200).unwrap();
    let grey = {
        let mut out = Vec::new();
        let image = image::GrayImage::from_pixel(400, 600, image::Luma([200]));
        image.write_with_encoder(JpegEncoder::new_with_quality(&mut out, 90)).unwrap();
        leaf(&out, 200).unwrap()
    };
    let mut leaves: Vec<(Vec<u8>, u8)> = (0..4).map(|turn| (page.clone(), turn)).collect();
    leaves.push((grey, 0));
    let pdf = bind(&leaves, 200).unwrap();
    assert_eq!(pdf, bind(&leaves, 200).unwrap(), "the same pages, the same bytes: nothing of when or where");
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("scan.pdf");
    std::fs::write(&file, &pdf).unwrap();
    tool("qpdf", &["--check".as_ref(), file.as_os_str()]);
    let info = tool("pdfinfo", &["-l".as_ref(), "9".as_ref(), file.as_os_str()]);
    assert!(info.contains("Pages:           5"), "{info}");
    for (n, size) in [(1, "144 x 216"), (2, "216 x 144"), (3, "144 x 216"), (4, "216 x 144")] {
        assert!(info.contains(&format!("Page    {n} size:  {size} pts")), "{info}");
    }
    let images = tool("pdfimages", &["-list".as_ref(), file.as_os_str()]);
    let images: Vec<&str> = images.lines().skip(2).collect();
    assert!(
        images.len() == 5 && images.iter().all(|line| line.contains("jpeg")),
        "as they were kept: {images:?}"
    );
    assert!(images[4].contains("gray") && images[0].contains("rgb"), "{images:?}");
    // Drawn by poppler: a quarter to the right brings the upper edge to the right, and so on.
    let out = folder.path().join("p");
    tool("pdftoppm", &["-r".as_ref(), "72".as_ref(), "-png".as_ref(), file.as_os_str(), out.as_os_str()]);
    for (n, (x, y)) in [(1, (0.5, 0.1)), (2, (0.9, 0.5)), (3, (0.5, 0.9)), (4, (0.1, 0.5))] {
        let drawn = image::open(folder.path().join(format!("p-{n}.png"))).unwrap().into_rgb8();
        let at = |x: f32, y: f32| {
            *drawn.get_pixel((x * drawn.width() as f32) as u32, (y * drawn.height() as f32) as u32)
        };
        let red = |p: Rgb<u8>| p.0[0] > 180 && p.0[1] < 80;
        assert!(red(at(x, y)) && !red(at(1.0 - x, 1.0 - y)), "page {n}");
        let small = image::load_from_memory(&small_leaf(&page, n - 1).unwrap()).unwrap().into_rgb8();
        let (w, h) = (small.width() as f32, small.height() as f32);
        assert!(red(*small.get_pixel((x * w) as u32, (y * h) as u32)), "the preview of page {n}");
    }
}

#[test]
fn a_copy_with_a_watermark_can_be_made_of_it() {
    let pdf = bind(&[(leaf(&photo(400, 600), 200).unwrap(), 1)], 200).unwrap();
    if let Ok(copy) = super::super::watermark(&pdf, FileKind::Pdf, &["仅供办理房屋交易".to_owned()]) {
        assert!(copy.len() > pdf.len());
    }
}
