//! The key ring: a file outside the database, readable by its owner only.

use kernel::{Fault, Rng, rng};
use serde::{Deserialize, Serialize};
use std::io::Write;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;
use zeroize::{Zeroize, Zeroizing};

/// The length of every key.
pub(crate) const SECRET_LEN: usize = 32;

/// All keys, oldest first, and the key of the blind indexes, which never changes.
pub(crate) struct Ring {
    keys: Vec<(u32, Zeroizing<[u8; SECRET_LEN]>)>,
    index: Zeroizing<[u8; SECRET_LEN]>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    index: String,
    key: Vec<WrittenKey>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenKey {
    id: u32,
    secret: String,
}

impl Drop for Written {
    fn drop(&mut self) {
        self.index.zeroize();
        self.key.iter_mut().for_each(|k| k.secret.zeroize());
    }
}

impl Ring {
    pub fn load_or_make(path: &Path, rng: &dyn Rng) -> Result<Self, Fault> {
        if !path.exists() {
            let ring = Self { keys: Vec::new(), index: Zeroizing::new(rng::bytes(rng)) }.grown(rng);
            ring.make(path)?;
        }
        Self::load(path)
    }

    pub fn load(path: &Path) -> Result<Self, Fault> {
        let doing = || format!("the key file {}", path.display());
        let text = Zeroizing::new(std::fs::read_to_string(path).map_err(|e| Fault::from(doing(), e))?);
        warn_when_open(path);
        // The parser's own message would quote the line, and with it a key.
        let written: Written =
            toml::from_str(&text).map_err(|_| Fault::new(format!("{} is not in order", doing())))?;
        let mut keys = Vec::new();
        for key in &written.key {
            keys.push((
                key.id,
                secret(&key.secret).ok_or_else(|| Fault::new(doing() + " holds a broken key"))?,
            ));
        }
        keys.sort_by_key(|(id, _)| *id);
        let index =
            secret(&written.index).ok_or_else(|| Fault::new(doing() + " holds a broken index key"))?;
        if keys.is_empty() {
            return Err(Fault::new(doing() + " holds no key"));
        }
        Ok(Self { keys, index })
    }

    /// The key that seals.
    pub fn newest(&self) -> (u32, &[u8; SECRET_LEN]) {
        self.keys.last().map_or((0, &self.index), |(id, secret)| (*id, secret))
    }

    pub fn get(&self, id: u32) -> Option<Zeroizing<[u8; SECRET_LEN]>> {
        self.keys.iter().find(|(k, _)| *k == id).map(|(_, secret)| secret.clone())
    }

    pub fn index(&self) -> &[u8; SECRET_LEN] {
        &self.index
    }

    /// This ring with one more key.
    pub fn grown(mut self, rng: &dyn Rng) -> Self {
        let id = self.keys.last().map_or(1, |(id, _)| id + 1);
        self.keys.push((id, Zeroizing::new(rng::bytes(rng))));
        self
    }

    /// Puts the file in place of the old one.
    pub fn save(&self, path: &Path) -> Result<(), Fault> {
        let beside = self.write_beside(path)?;
        std::fs::rename(&beside, path).map_err(|e| Fault::from("putting the key file in place", e))?;
        sync_folder(path)
    }

    /// Puts the file where none is; when another program was faster, its file stays.
    fn make(&self, path: &Path) -> Result<(), Fault> {
        let beside = self.write_beside(path)?;
        let linked = std::fs::hard_link(&beside, path);
        std::fs::remove_file(&beside).map_err(|e| Fault::from("making the key file", e))?;
        match linked {
            Err(e) if e.kind() != std::io::ErrorKind::AlreadyExists => {
                Err(Fault::from("making the key file", e))
            }
            _ => sync_folder(path),
        }
    }

    fn write_beside(&self, path: &Path) -> Result<std::path::PathBuf, Fault> {
        let written = Written {
            index: hex::encode(*self.index),
            key: (self.keys.iter())
                .map(|(id, secret)| WrittenKey { id: *id, secret: hex::encode(**secret) })
                .collect(),
        };
        let text = Zeroizing::new(toml::to_string(&written).map_err(|e| Fault::from("writing the keys", e))?);
        let beside = path.with_extension(format!("toml.{}", std::process::id()));
        write_private(&beside, &format!("{HEADER}{}", *text))?;
        Ok(beside)
    }
}

const HEADER: &str = "# The keys of this store. Without this file nothing sealed can be read again: keep a copy apart from \
the database.\n";

/// Writes a file that only its owner may read, to the disk.
pub(crate) fn write_private(path: &Path, text: &str) -> Result<(), Fault> {
    let write = || -> std::io::Result<()> {
        let mut options = std::fs::OpenOptions::new();
        let mut file = options.write(true).create(true).truncate(true).mode(0o600).open(path)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()
    };
    write().map_err(|e| Fault::from(format!("writing {}", path.display()), e))
}

fn sync_folder(path: &Path) -> Result<(), Fault> {
    let Some(folder) = path.parent() else { return Ok(()) };
    std::fs::File::open(folder)
        .and_then(|f| f.sync_all())
        .map_err(|e| Fault::from("writing the key file's folder", e))
}

fn warn_when_open(path: &Path) {
    if let Ok(meta) = std::fs::metadata(path)
        && meta.permissions().mode() & 0o077 != 0
    {
        tracing::warn!(path = %path.display(), "the key file can be read by others than its owner");
    }
}

fn secret(text: &str) -> Option<Zeroizing<[u8; SECRET_LEN]>> {
    let bytes = Zeroizing::new(hex::decode(text).ok()?);
    <[u8; SECRET_LEN]>::try_from(bytes.as_slice()).ok().map(Zeroizing::new)
}
