//! Writing a package: one ZIP, `manifest.json` first, the same bytes for the same content.

use super::{Entry, Package, attribute_word};
use kernel::{Fault, clock};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::io::{Cursor, Write as _};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

/// The name of the manifest in the package.
pub(crate) const MANIFEST: &str = "manifest.json";

/// Names longer than this are cut.
const NAME_MAX: usize = 80;

/// What the package says of itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Manifest {
    pub(crate) format: String,
    pub(crate) subject: String,
    pub(crate) reference: String,
    pub(crate) agency: String,
    pub(crate) title: String,
    pub(crate) closed_at: String,
    pub(crate) packed_at: String,
    pub(crate) retention_years: Option<u16>,
    pub(crate) retention_basis: String,
    pub(crate) openness: String,
    pub(crate) openness_ground: String,
    pub(crate) entries: Vec<Listed>,
}

/// One entry as the manifest lists it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Listed {
    /// Its path in the package.
    pub(crate) path: String,
    /// Its name as it was handed over.
    pub(crate) name: String,
    pub(crate) media: String,
    pub(crate) size: u64,
    pub(crate) sha256: String,
    pub(crate) sm3: String,
}

pub(crate) fn sha256(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

pub(crate) fn sm3(bytes: &[u8]) -> String {
    hex::encode(sm3::Sm3::digest(bytes))
}

/// The version of the package's layout.
pub(crate) const FORMAT: &str = "yimen-archive/1";

/// The entry's path: numbered, so that names may repeat, and without anything that a file system would take amiss.
fn path(number: usize, name: &str) -> String {
    let safe = |c: char| {
        if c.is_control() || "/\\:*?\"<>|".contains(c) { '_' } else { c }
    };
    let name: String = name.trim_start_matches('.').chars().map(safe).collect();
    let skip = name.chars().count().saturating_sub(NAME_MAX);
    format!("content/{number:03}-{}", name.chars().skip(skip).collect::<String>())
}

/// The package's bytes.
pub(crate) fn pack(package: &Package, entries: &[Entry]) -> Result<Vec<u8>, Fault> {
    let listed: Vec<Listed> = (1..)
        .zip(entries)
        .map(|(number, e)| Listed {
            path: path(number, &e.name),
            name: e.name.clone(),
            media: e.media.clone(),
            size: e.bytes.len() as u64,
            sha256: sha256(&e.bytes),
            sm3: sm3(&e.bytes),
        })
        .collect();
    let manifest = serde_json::to_vec_pretty(&manifest(package, &listed))
        .map_err(|e| Fault::from("writing the manifest of an archive", e))?;
    let at = clock::legal_date(package.closed_at);
    let stamp = (u16::try_from(at.year()), u8::try_from(at.month()), u8::try_from(at.day()));
    let stamp = match stamp {
        (Ok(y), Ok(m), Ok(d)) => DateTime::from_date_and_time(y, m, d, 0, 0, 0).unwrap_or_default(),
        _ => DateTime::default(),
    };
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(stamp)
        .unix_permissions(0o444);
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let names = std::iter::once(MANIFEST).chain(listed.iter().map(|l| l.path.as_str()));
    let contents = std::iter::once(manifest.as_slice()).chain(entries.iter().map(|e| e.bytes.as_slice()));
    for (name, bytes) in names.zip(contents) {
        zip.start_file(name, options).map_err(|e| Fault::from("packing an archive", e))?;
        zip.write_all(bytes).map_err(|e| Fault::from("packing an archive", e))?;
    }
    let done = zip.finish().map_err(|e| Fault::from("packing an archive", e))?;
    Ok(done.into_inner())
}

/// What the package says of itself.
pub(crate) fn manifest(package: &Package, listed: &[Listed]) -> Manifest {
    Manifest {
        format: FORMAT.to_owned(),
        subject: package.subject.clone(),
        reference: package.reference.clone(),
        agency: package.agency.to_string(),
        title: package.title.clone(),
        closed_at: package.closed_at.to_string(),
        packed_at: package.packed_at.to_string(),
        retention_years: package.retention.years,
        retention_basis: package.retention.basis.zh.clone(),
        openness: attribute_word(package.openness.attribute).to_owned(),
        openness_ground: package.openness.ground.zh.clone(),
        entries: listed.to_vec(),
    }
}
