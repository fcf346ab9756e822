//! Files: sniffed, limited, encrypted, addressed by HMAC, never executed; the path never comes from the user.
//!
//! **Invariant:** a file lies on the disk before its row is committed, and is never changed. What lies there without a
//! row (its commit failed) is swept after a day.

mod loose;
mod sniff;

pub use loose::{LOOSE_SECONDS, attach, give_up, keep_loose};

use crate::{Cx, Ground, Store, params, row};
use bytes::Bytes;
use futures::TryStreamExt;
use kernel::{AccountId, Failure, Fault, FileId, Outcome, Refusal, RefusalKind, Timestamp};
use object_store::local::LocalFileSystem;
use object_store::path::Path as Place;
use object_store::{ObjectStore, ObjectStoreExt};
use sniff::Wrong;
use std::path::Path;

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

row! {
    struct Kept {
        id: FileId,
        name: Vec<u8>,
        kind: FileKind,
        size: i64,
        digest: String,
        owner: Option<AccountId>,
        kept_at: Timestamp,
        address: String,
    }
}

/// How long a file may lie without a row before it is swept.
const ORPHANS_KEPT_SECONDS: i64 = 86_400;
/// Names longer than this are cut: file systems allow no more either.
const NAME_MAX: usize = 255;

/// Checks, encrypts and writes the file, and puts its row into the commit.
///
/// # Errors
/// A refusal when it is too large, broken, or of a kind that is not accepted.
pub async fn keep(cx: &mut Cx, upload: Upload, limits: &Limits) -> Outcome<FileInfo> {
    write(cx, upload, limits, None).await
}

async fn write(
    cx: &mut Cx,
    upload: Upload,
    limits: &Limits,
    loose_until: Option<Timestamp>,
) -> Outcome<FileInfo> {
    let id: FileId = cx.new_id();
    let store = cx.ground.store.clone();
    let sealer = store.sealer().clone();
    let (name, limits) = (tidy_name(&upload.name), limits.clone());
    let size = i64::try_from(upload.bytes.len()).map_err(|e| Fault::from("measuring a file", e))?;
    let (kind, digest, sealed) = apart(move || {
        let kind = check(&upload, &limits)?;
        let digest = sealer.blind_bytes("store_file.digest", &upload.bytes);
        Ok((kind, digest, sealer.seal(&content(id), &upload.bytes)?))
    })
    .await?;
    let address = store.sealer().blind("store_file.address", &id.to_string());
    let place = place(&address)?;
    store.inner().files.put(&place, sealed.into()).await.map_err(disk)?;
    let owner = cx.actor.account;
    let sealed_name = store.sealer().seal(&named(id), name.as_bytes())?;
    cx.commit.exec(
        "INSERT INTO store_file (id, address, name, kind, size, digest, owner, kept_at, loose_until) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        params![id, address, sealed_name, kind, size, digest, owner, cx.now, loose_until],
    );
    Ok(FileInfo { id, name, kind, size, digest, owner, kept_at: cx.now })
}

/// Runs what takes many milliseconds (a large file through the cipher) where it holds up nobody else.
async fn apart<T: Send + 'static>(work: impl FnOnce() -> Outcome<T> + Send + 'static) -> Outcome<T> {
    tokio::task::spawn_blocking(work).await.map_err(|e| Fault::from("working on a file", e))?
}

fn check(upload: &Upload, limits: &Limits) -> Result<FileKind, Refusal> {
    if upload.bytes.len() > limits.bytes_max {
        let most = limits.bytes_max / (1024 * 1024);
        return Err(Refusal::new(
            RefusalKind::TooLarge,
            "store.file-too-large",
            format!("文件太大，最大 {most} MB。"),
            format!("The file is too large; the most is {most} MB."),
        )
        .next("请压缩或分开后再上传。", "Make it smaller or split it, then upload it again."));
    }
    let kind = sniff::kind(&upload.name, &upload.bytes).map_err(|wrong| refuse(wrong, limits))?;
    if limits.kinds.contains(&kind) { Ok(kind) } else { Err(refuse(Wrong::Unknown, limits)) }
}

fn refuse(wrong: Wrong, limits: &Limits) -> Refusal {
    let invalid = |code, zh: String, en: String| Refusal::new(RefusalKind::Invalid, code, zh, en);
    let kinds = limits.kinds.iter().map(|k| k.extension().to_uppercase()).collect::<Vec<_>>();
    match wrong {
        Wrong::Empty => {
            invalid("store.file-empty", "文件是空的。".to_owned(), "The file is empty.".to_owned())
                .next("请检查文件后重新上传。", "Check the file and upload it again.")
        }
        Wrong::Unknown => invalid(
            "store.file-kind",
            format!("不支持这种文件，请上传 {}。", kinds.join("、")),
            format!("This kind of file is not accepted; upload {}.", kinds.join(", ")),
        )
        .next("请转换格式后重新上传。", "Convert it and upload it again."),
        Wrong::Truncated(kind) => invalid(
            "store.file-truncated",
            format!("文件不完整：开头是 {}，但没有结尾。", kind.extension().to_uppercase()),
            format!(
                "The file is incomplete: it begins as {} but has no end.",
                kind.extension().to_uppercase()
            ),
        )
        .next("请确认文件能正常打开，再重新上传。", "Make sure that it opens, then upload it again."),
        Wrong::Named { claims, is } => invalid(
            "store.file-mistyped",
            format!("文件名是 .{claims}，内容却是 {}。", is.extension().to_uppercase()),
            format!("The file is named .{claims}, but its content is {}.", is.extension().to_uppercase()),
        )
        .next("请改正文件名或转换格式后重新上传。", "Correct the name or convert it, then upload it again."),
    }
}

/// The last part of what the browser sent, without control characters, cut to a sensible length.
fn tidy_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let tidy: String = last.chars().filter(|c| !c.is_control()).collect();
    let mut end = tidy.len().min(NAME_MAX);
    while !tidy.is_char_boundary(end) {
        end -= 1;
    }
    match tidy.get(..end) {
        Some(tidy) if !tidy.trim().is_empty() => tidy.trim().to_owned(),
        _ => "file".to_owned(),
    }
}

fn content(id: FileId) -> String {
    format!("store_file.content:{id}")
}

fn named(id: FileId) -> String {
    format!("store_file.name:{id}")
}

fn place(address: &str) -> Result<Place, Fault> {
    let folder = address.get(..2).unwrap_or("00");
    Place::parse(format!("{folder}/{address}")).map_err(|e| Fault::from("addressing a file", e))
}

/// A disk that fails may be repaired: trying again later may help.
fn disk(error: object_store::Error) -> Fault {
    Fault::from("the folder of the files cannot be used", error).transient()
}

async fn kept(store: &Store, id: FileId) -> Result<Option<Kept>, Fault> {
    store
        .row(
            "SELECT id, name, kind, size, digest, owner, kept_at, address FROM store_file WHERE id = $1",
            params![id],
        )
        .await
}

impl Kept {
    fn info(self, store: &Store) -> Result<FileInfo, Fault> {
        let name = store.sealer().open(&named(self.id), &self.name)?;
        let name = String::from_utf8(name).map_err(|e| Fault::from("reading a file's name", e))?;
        let Self { id, kind, size, digest, owner, kept_at, .. } = self;
        Ok(FileInfo { id, name, kind, size, digest, owner, kept_at })
    }
}

/// What is known of file `id`.
///
/// # Errors
/// A [`Fault`] of the database.
pub async fn info(store: &Store, id: FileId) -> Result<Option<FileInfo>, Fault> {
    kept(store, id).await?.map(|row| row.info(store)).transpose()
}

/// Reads and decrypts file `id`.
///
/// # Errors
/// A not-found refusal, or a fault when the file is gone or changed.
pub async fn read(store: &Store, id: FileId) -> Outcome<(FileInfo, Vec<u8>)> {
    let Some(row) = kept(store, id).await? else { return Err(Failure::Refused(Refusal::not_found())) };
    let found = store.inner().files.get(&place(&row.address)?).await.map_err(disk)?;
    let sealed = found.bytes().await.map_err(disk)?;
    let sealer = store.sealer().clone();
    let plain = apart(move || Ok(sealer.open(&content(id), &sealed)?)).await?;
    Ok((row.info(store)?, plain))
}

/// Opens the folder of the files; every write reaches the disk before it is answered.
pub(crate) fn folder(path: &Path) -> Result<LocalFileSystem, Fault> {
    let doing = || format!("the folder of the files {}", path.display());
    std::fs::create_dir_all(path).map_err(|e| Fault::from(doing(), e))?;
    LocalFileSystem::new_with_prefix(path).map(|f| f.with_fsync(true)).map_err(|e| Fault::from(doing(), e))
}

/// Lets go of loose files whose time is over, then deletes files without a row that have lain for a day: their commit
/// failed, or they were let go of.
///
/// # Errors
/// A [`Fault`] of the folder or the database.
pub async fn sweep(ground: Ground) -> Result<(), Failure> {
    loose::let_go(&ground).await?;
    let files = &ground.store.inner().files;
    let now = ground.clock.now().as_second();
    let mut all = files.list(None);
    while let Some(found) = all.try_next().await.map_err(disk)? {
        if now - found.last_modified.timestamp() < ORPHANS_KEPT_SECONDS {
            continue;
        }
        let address = found.location.filename().unwrap_or_default().to_owned();
        let row: Option<(i64,)> =
            ground.store.row("SELECT 1 FROM store_file WHERE address = $1", params![address]).await?;
        if row.is_none() {
            tracing::info!(address, "sweeping a file that has no row");
            files.delete(&found.location).await.map_err(disk)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_only_a_name() {
        assert_eq!(tidy_name("../../etc/passwd"), "passwd");
        assert_eq!(tidy_name("C:\\照片\\身份证.jpg"), "身份证.jpg");
        assert_eq!(tidy_name("a\r\nb\0.pdf"), "ab.pdf");
        assert_eq!(tidy_name("///"), "file");
        assert!(tidy_name(&"䶮".repeat(200)).len() <= NAME_MAX);
    }
}
