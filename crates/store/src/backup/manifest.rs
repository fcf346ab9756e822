//! What a backup says of itself, and the files it is made of: hashed as they are written, checked before they are read.

use super::text::Kind;
use kernel::Fault;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Read, Write};
use std::path::Path;

/// The version of this layout.
pub(super) const FORMAT: u32 = 1;

/// `manifest.json`.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Manifest {
    pub format: u32,
    pub made_at: String,
    /// By which the right key file is known, without telling anything of it.
    pub keys_check: String,
    /// In the order in which they must be filled: foreign keys point back.
    pub tables: Vec<Table>,
    pub files: Vec<Kept>,
}

/// One table: `tables/NAME.copy`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Table {
    pub name: String,
    pub columns: Vec<(String, Kind)>,
    pub rows: u64,
    pub sha256: String,
}

/// One file: `files/AB/ABCD…`, still encrypted.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Kept {
    pub address: String,
    pub sha256: String,
}

impl Table {
    pub fn kinds(&self) -> Vec<Kind> {
        self.columns.iter().map(|(_, kind)| *kind).collect()
    }

    /// The columns, quoted, for SQL.
    pub fn column_list(&self) -> String {
        self.columns.iter().map(|(name, _)| format!("\"{name}\"")).collect::<Vec<_>>().join(", ")
    }

    /// Names go into SQL: only what a migration can have made is let through.
    pub fn check_names(&self) -> Result<(), Fault> {
        let plain = |name: &str| {
            !name.is_empty()
                && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
        };
        if plain(&self.name) && self.columns.iter().all(|(name, _)| plain(name)) {
            return Ok(());
        }
        Err(Fault::new("a table or column of the backup has a name that no step makes"))
    }
}

/// A file that is hashed while it is written.
pub(super) struct Hashed {
    file: BufWriter<File>,
    digest: Sha256,
    lines: u64,
}

impl Hashed {
    pub fn create(path: &Path) -> Result<Self, Fault> {
        let file = File::create(path).map_err(|e| failed(path, e))?;
        Ok(Self { file: BufWriter::with_capacity(1 << 18, file), digest: Sha256::new(), lines: 0 })
    }

    pub fn write(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.digest.update(bytes);
        self.lines += u64::try_from(bytes.iter().filter(|b| **b == b'\n').count()).unwrap_or(0);
        self.file.write_all(bytes)
    }

    /// To the disk; answers how many lines it has, and its checksum.
    pub fn finish(self) -> Result<(u64, String), Fault> {
        let file = self
            .file
            .into_inner()
            .map_err(|e| Fault::from("writing the backup", e.into_error()).transient())?;
        file.sync_all().map_err(|e| Fault::from("writing the backup", e).transient())?;
        Ok((self.lines, hex::encode(self.digest.finalize())))
    }
}

/// A fault about a file of the backup.
pub(super) fn failed(path: &Path, error: std::io::Error) -> Fault {
    Fault::from(format!("the backup's file {}", path.display()), error).transient()
}

/// The checksum of a file.
pub(super) fn sha256(path: &Path) -> Result<String, Fault> {
    let mut file = File::open(path).map_err(|e| failed(path, e))?;
    let mut digest = Sha256::new();
    let mut buffer = vec![0; 1 << 18];
    loop {
        match file.read(&mut buffer).map_err(|e| failed(path, e))? {
            0 => return Ok(hex::encode(digest.finalize())),
            length => digest.update(buffer.get(..length).unwrap_or_default()),
        }
    }
}

/// The lines of a table's file.
pub(super) fn lines(path: &Path) -> Result<impl Iterator<Item = Result<String, Fault>> + use<>, Fault> {
    let file = File::open(path).map_err(|e| failed(path, e))?;
    let path = path.to_owned();
    Ok(BufReader::with_capacity(1 << 18, file).lines().map(move |line| line.map_err(|e| failed(&path, e))))
}

/// Copies one file and answers its checksum.
pub(super) fn copy(from: &Path, to: &Path) -> Result<String, Fault> {
    if let Some(folder) = to.parent() {
        std::fs::create_dir_all(folder).map_err(|e| failed(folder, e))?;
    }
    let bytes = std::fs::read(from).map_err(|e| failed(from, e))?;
    let mut out = Hashed::create(to)?;
    out.write(&bytes).map_err(|e| failed(to, e))?;
    out.finish().map(|(_, sha256)| sha256)
}
