//! Checks an OFD off line: every file of the package is what was signed, none is missing and none was added.

use super::check::{self, BYTES_MAX, Checked, DATA_NAME, Doubt};
use super::ofd::{IDENTIFIER, MOMENT, ROOT, SIGNED, VALUE};
use crate::keys::{Algorithm, Trust};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use kernel::{Timestamp, clock};
use std::collections::BTreeMap;
use std::io::{Cursor, Read as _};
use zip::ZipArchive;

/// A package with more files is none of ours.
const FILES_MAX: usize = 256;
/// No more than this is unpacked.
const UNPACKED_MAX: u64 = 64 * 1024 * 1024;

/// Checks one of our own OFDs.
///
/// # Errors
/// The [`Doubt`].
pub fn check_ofd(bytes: &[u8], trust: &Trust) -> Result<Checked, Doubt> {
    let parts = unpack(bytes).ok_or(Doubt::NotAnOfd)?;
    let part = |path: &str| parts.get(path).map(Vec::as_slice);
    part(ROOT).ok_or(Doubt::NotAnOfd)?;
    let (signed, value) = part(SIGNED).zip(part(VALUE)).ok_or(Doubt::NotSigned)?;
    let text = std::str::from_utf8(signed).map_err(|_| Doubt::BrokenSignature)?;
    let signed_at =
        inside(text, "<ofd:SignatureDateTime>", "<").and_then(moment).ok_or(Doubt::BrokenSignature)?;
    // from here on the list is known to be ours, as this program writes it
    let (signer, algorithm, stamp) = check::verify(value, [signed, &[]], signed_at, trust)?;
    whole(text, &parts, algorithm)?;
    let identifier = inside(text, &format!("<ofd:Parameter Name=\"{IDENTIFIER}\">"), "<")
        .ok_or(Doubt::NotSigned)?
        .to_owned();
    let data = part(&format!("Doc_0/Attachs/{DATA_NAME}"));
    let data = data.map(serde_json::from_slice).transpose().map_err(|_| Doubt::BrokenData)?;
    Ok(Checked { signer, signed_at, algorithm, stamp, identifier, data })
}

/// The files by their paths; `None` when a path stands twice or something is not as it should be.
fn unpack(bytes: &[u8]) -> Option<BTreeMap<String, Vec<u8>>> {
    if bytes.len() > BYTES_MAX || !bytes.starts_with(b"PK\x03\x04") {
        return None;
    }
    let mut zip = ZipArchive::new(Cursor::new(bytes)).ok()?;
    if zip.len() > FILES_MAX || zip.offset() != 0 {
        return None;
    }
    let (mut parts, mut room) = (BTreeMap::new(), UNPACKED_MAX);
    for n in 0..zip.len() {
        let file = zip.by_index(n).ok()?;
        let name = file.name().to_owned();
        named_alike(bytes, usize::try_from(file.header_start()).ok()?, file.name_raw())?;
        let mut content = Vec::new();
        file.take(room + 1).read_to_end(&mut content).ok()?;
        room = room.checked_sub(u64::try_from(content.len()).ok()?)?;
        if parts.insert(name, content).is_some() {
            return None;
        }
    }
    Some(parts)
}

/// The name before the content is the one in the directory at the end: readers go by either.
fn named_alike(zip: &[u8], at: usize, name: &[u8]) -> Option<()> {
    let length = zip.get(at.checked_add(26)?..at.checked_add(28)?)?;
    let before = zip.get(at.checked_add(30)?..)?.get(..name.len())?;
    (usize::from(u16::from_le_bytes(length.try_into().ok()?)) == name.len() && before == name).then_some(())
}

/// Every file but the two of the signature is in the list, once, with its digest.
fn whole(list: &str, parts: &BTreeMap<String, Vec<u8>>, algorithm: Algorithm) -> Result<(), Doubt> {
    let mut told = BTreeMap::new();
    for reference in list.split("<ofd:Reference FileRef=\"/").skip(1) {
        let path = reference.split('"').next().unwrap_or_default();
        let value = inside(reference, "<ofd:CheckValue>", "<").and_then(|v| STANDARD.decode(v).ok());
        told.insert(path, value.ok_or(Doubt::BrokenSignature)?);
    }
    let mut left = told.len();
    for (path, bytes) in parts.iter().filter(|(path, _)| ![SIGNED, VALUE].contains(&path.as_str())) {
        let value = told.get(path.as_str()).ok_or(Doubt::NotCovered)?;
        if *value != algorithm.digest(&[bytes]) {
            return Err(Doubt::Changed);
        }
        left -= 1;
    }
    if left == 0 { Ok(()) } else { Err(Doubt::Changed) }
}

/// What stands between `before` and `after`.
fn inside<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    text.split_once(before)?.1.split_once(after).map(|(found, _)| found)
}

fn moment(text: &str) -> Option<Timestamp> {
    let civil = jiff::civil::DateTime::strptime(MOMENT, text).ok()?;
    civil.to_zoned(clock::legal_zone()).ok().map(|zoned| zoned.timestamp())
}
