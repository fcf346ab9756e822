//! What a file is, from its content: a name or a declared type proves nothing.

use super::FileKind;
use std::collections::HashMap;

/// What is wrong with a file's content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wrong {
    /// No byte at all.
    Empty,
    /// None of the kinds we know.
    Unknown,
    /// It begins as this kind but does not end as one.
    Truncated(FileKind),
    /// Its name claims this kind, its content is another.
    Named { claims: FileKind, is: FileKind },
}

/// The kind of a whole file, also compared with what its name claims.
pub(super) fn kind(name: &str, bytes: &[u8]) -> Result<FileKind, Wrong> {
    if bytes.is_empty() {
        return Err(Wrong::Empty);
    }
    let is = begins_as(bytes).ok_or(Wrong::Unknown)?;
    match claimed(name) {
        Some(claims) if claims != is => Err(Wrong::Named { claims, is }),
        _ if !complete(is, bytes) => Err(Wrong::Truncated(is)),
        _ => Ok(is),
    }
}

fn begins_as(bytes: &[u8]) -> Option<FileKind> {
    match infer::get(bytes)?.mime_type() {
        "application/pdf" => Some(FileKind::Pdf),
        "image/jpeg" => Some(FileKind::Jpeg),
        "image/png" => Some(FileKind::Png),
        "image/heif" => Some(FileKind::Heic),
        // OFD is a ZIP whose root holds OFD.xml (GB/T 33190); the entry stands in the local head or in the directory.
        "application/zip" if find(bytes, b"OFD.xml") => Some(FileKind::Ofd),
        _ => None,
    }
}

fn claimed(name: &str) -> Option<FileKind> {
    let (_, ending) = name.rsplit_once('.')?;
    let endings = HashMap::from([
        ("pdf", FileKind::Pdf),
        ("jpg", FileKind::Jpeg),
        ("jpeg", FileKind::Jpeg),
        ("jpe", FileKind::Jpeg),
        ("png", FileKind::Png),
        ("ofd", FileKind::Ofd),
        ("heic", FileKind::Heic),
        ("heif", FileKind::Heic),
    ]);
    endings.get(ending.to_ascii_lowercase().as_str()).copied()
}

/// Whether the end is there. Devices append their own data behind an image, so the end need not be the last byte.
fn complete(kind: FileKind, bytes: &[u8]) -> bool {
    let tail = |length: usize| bytes.get(bytes.len().saturating_sub(length)..).unwrap_or(bytes);
    match kind {
        FileKind::Pdf => find(tail(2048), b"%%EOF") && find(tail(4096), b"startxref"),
        FileKind::Jpeg => find(tail(65_536), &[0xff, 0xd9]),
        FileKind::Png => png_ends(bytes),
        FileKind::Ofd => find(tail(65_557), b"PK\x05\x06"),
        FileKind::Heic => boxes_fit(bytes),
    }
}

/// Walks the chunks of a PNG up to IEND.
fn png_ends(bytes: &[u8]) -> bool {
    let mut rest = bytes.get(8..).unwrap_or_default();
    while let Some((head, behind)) = rest.split_at_checked(8) {
        let Some(length) = number(head) else { return false };
        let Some((_, next)) = behind.split_at_checked(length.saturating_add(4)) else { return false };
        if head.ends_with(b"IEND") {
            return true;
        }
        rest = next;
    }
    false
}

/// Walks the top boxes of an ISO media file: they must fill it exactly.
fn boxes_fit(bytes: &[u8]) -> bool {
    let mut rest = bytes;
    while !rest.is_empty() {
        match rest.get(..8).and_then(number) {
            Some(0) => return true,
            Some(1) => return rest.len() >= 16,
            Some(length) if length >= 8 => match rest.split_at_checked(length) {
                Some((_, next)) => rest = next,
                None => return false,
            },
            _ => return false,
        }
    }
    true
}

fn number(bytes: &[u8]) -> Option<usize> {
    let four = <[u8; 4]>::try_from(bytes.get(..4)?).ok()?;
    usize::try_from(u32::from_be_bytes(four)).ok()
}

fn find(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes.windows(wanted.len()).any(|w| w == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The smallest PNG: signature, IHDR, IDAT, IEND.
    pub(crate) fn png() -> Vec<u8> {
        let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
        for (name, data) in [(b"IHDR", &[0u8; 13][..]), (b"IDAT", &[1, 2, 3]), (b"IEND", &[])] {
            png.extend_from_slice(&u32::try_from(data.len()).unwrap().to_be_bytes());
            png.extend_from_slice(name);
            png.extend_from_slice(data);
            png.extend_from_slice(&[0; 4]);
        }
        png
    }

    #[test]
    fn content_decides_and_the_name_must_agree() {
        let pdf = b"%PDF-1.7\nstartxref\n9\n%%EOF\n";
        assert_eq!(kind("a.PDF", pdf), Ok(FileKind::Pdf));
        assert_eq!(kind("a", pdf), Ok(FileKind::Pdf));
        assert_eq!(kind("a.png", pdf), Err(Wrong::Named { claims: FileKind::Png, is: FileKind::Pdf }));
        assert_eq!(kind("a.pdf", &pdf[..12]), Err(Wrong::Truncated(FileKind::Pdf)));
        assert_eq!(kind("照片.png", &png()), Ok(FileKind::Png));
        let cut = png();
        assert_eq!(kind("照片.png", &cut[..cut.len() - 12]), Err(Wrong::Truncated(FileKind::Png)));
        assert_eq!(kind("a.jpg", &[0xff, 0xd8, 0xff, 0xe0, 1, 2]), Err(Wrong::Truncated(FileKind::Jpeg)));
        assert_eq!(kind("a.jpg", &[0xff, 0xd8, 0xff, 0xe0, 1, 0xff, 0xd9, 7]), Ok(FileKind::Jpeg));
        assert_eq!(kind("a.pdf", b"MZ\x90\x00 program"), Err(Wrong::Unknown));
        assert_eq!(kind("a.svg", b"<svg onload='x'/>"), Err(Wrong::Unknown));
        assert_eq!(kind("a.pdf", b""), Err(Wrong::Empty));
    }

    #[test]
    fn a_zip_is_an_ofd_only_with_its_root() {
        assert_eq!(kind("a.ofd", b"PK\x03\x04....OFD.xml....PK\x05\x06.."), Ok(FileKind::Ofd));
        assert_eq!(kind("a.zip", b"PK\x03\x04....run.exe....PK\x05\x06.."), Err(Wrong::Unknown));
    }

    #[test]
    fn a_heic_is_whole_when_its_boxes_fill_it() {
        let mut heic = vec![0, 0, 0, 24];
        heic.extend_from_slice(b"ftypheic\0\0\0\0mif1heic\0\0\0\x10mdat12345678");
        assert_eq!(kind("a.heic", &heic), Ok(FileKind::Heic));
        heic.pop();
        assert_eq!(kind("a.heic", &heic), Err(Wrong::Truncated(FileKind::Heic)));
    }
}
