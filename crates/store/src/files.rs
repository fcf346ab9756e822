//! Files: sniffed, limited, encrypted, addressed by HMAC, never executed; the path never comes from the user.

use crate::{Cx, Store};
use bytes::Bytes;
use kernel::{AccountId, Failure, Fault, FileId, Outcome, Timestamp};

/// A file as it arrived.
#[derive(Debug, Clone)]
pub struct Upload {
    /// The name it had on the person's device.
    pub name: String,
    /// Its content.
    pub bytes: Bytes,
}

/// The kinds of file that are accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FileKind {
    /// PDF.
    Pdf,
    /// JPEG image.
    Jpeg,
    /// PNG image.
    Png,
    /// OFD (GB/T 33190), the Chinese fixed-layout document.
    Ofd,
    /// HEIC image, as phones take it.
    Heic,
}

impl FileKind {
    /// Every kind.
    pub const ALL: [Self; 5] = [Self::Pdf, Self::Jpeg, Self::Png, Self::Ofd, Self::Heic];

    /// The media type.
    pub fn mime(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Ofd => "application/ofd",
            Self::Heic => "image/heic",
        }
    }

    /// The usual ending of a name.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::Ofd => "ofd",
            Self::Heic => "heic",
        }
    }
}

impl std::fmt::Display for FileKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.extension())
    }
}

impl std::str::FromStr for FileKind {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|k| k.extension() == text).ok_or_else(|| format!("{text} is no file kind"))
    }
}

crate::text_column!(FileKind);

/// What may be uploaded at one place.
#[derive(Debug, Clone)]
pub struct Limits {
    /// The most bytes.
    pub bytes_max: usize,
    /// The accepted kinds.
    pub kinds: Vec<FileKind>,
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes_max: 20 * 1024 * 1024, kinds: FileKind::ALL.to_vec() }
    }
}

/// What is known of a kept file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileInfo {
    /// Its id.
    pub id: FileId,
    /// The name it had on the person's device.
    pub name: String,
    /// What it is, from its content.
    pub kind: FileKind,
    /// Its size in bytes.
    pub size: i64,
    /// The keyed digest of its content, in hex: the same content gives the same digest.
    pub digest: String,
    /// The account that uploaded it, when one was signed in.
    pub owner: Option<AccountId>,
    /// When it was kept.
    pub kept_at: Timestamp,
}

/// Checks, encrypts and writes the file, and puts its row into the commit.
///
/// # Errors
/// A refusal when it is too large, broken, or of a kind that is not accepted.
pub async fn keep(cx: &mut Cx, upload: Upload, limits: &Limits) -> Outcome<FileInfo> {
    let _ = (cx, upload, limits);
    Err(Failure::Fault(Fault::new("not built yet")))
}

/// What is known of file `id`.
///
/// # Errors
/// A [`Fault`] of the database.
pub async fn info(store: &Store, id: FileId) -> Result<Option<FileInfo>, Fault> {
    let _ = (store, id);
    Err(Fault::new("not built yet"))
}

/// Reads and decrypts file `id`.
///
/// # Errors
/// A not-found refusal, or a fault when the file is gone or changed.
pub async fn read(store: &Store, id: FileId) -> Outcome<(FileInfo, Vec<u8>)> {
    let _ = (store, id);
    Err(Failure::Fault(Fault::new("not built yet")))
}

pub(crate) fn folder(path: &std::path::Path) -> Result<object_store::local::LocalFileSystem, Fault> {
    std::fs::create_dir_all(path).map_err(|e| Fault::from("making the folder of the files", e))?;
    object_store::local::LocalFileSystem::new_with_prefix(path).map_err(|e| Fault::from("opening the folder of the files", e))
}

pub(crate) async fn sweep(_ground: crate::Ground) -> Result<(), Failure> {
    Ok(())
}
