//! Backup of a running store into one folder with a manifest of checksums, and restore into an empty place.
//!
//! The tables lie in the backup as text that both databases read, beside the steps that make them: a backup of SQLite
//! can be restored into PostgreSQL and the other way round. Files are copied as they are, encrypted. The keys are not
//! in the folder; they go into a file beside it, to be kept elsewhere.

mod manifest;
mod postgres;
mod sqlite;
mod text;

use crate::handle::Engine;
use crate::postgres::Postgres;
use crate::{Sealer, Store, StoreConfig, params};
use kernel::{Fault, SystemRng};
use manifest::{FORMAT, Hashed, Kept, Manifest, Table, failed};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// `name` with `ending` behind it.
fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(ending);
    path.with_file_name(name)
}

/// The key file that belongs to the backup `folder`.
pub fn keys_beside(folder: &Path) -> PathBuf {
    beside(folder, ".keys.toml")
}

fn keys_check(sealer: &Sealer) -> String {
    sealer.blind("store.keys", "check")
}

pub(crate) async fn write(store: &Store, to: &Path) -> Result<(), Fault> {
    if to.exists() {
        return Err(Fault::new(format!("{} is already there: name a new folder", to.display())));
    }
    let part = beside(to, ".part");
    if part.exists() {
        std::fs::remove_dir_all(&part).map_err(|e| failed(&part, e))?;
    }
    let tables_folder = part.join("tables");
    std::fs::create_dir_all(&tables_folder).map_err(|e| failed(&part, e))?;
    let tables = match &store.inner().engine {
        Engine::Sqlite(engine) => {
            let (database, folder) = (engine.path().to_owned(), tables_folder.clone());
            blocking(move || sqlite::write(&database, &folder)).await?
        }
        Engine::Postgres(engine) => postgres::write(engine, &tables_folder).await?,
    };
    // Files come after the tables: a file lies there before its row, so every row of the snapshot has its file.
    let files = copy_files(store, &tables, &part).await?;
    let manifest = Manifest {
        format: FORMAT,
        made_at: store.inner().clock.now().to_string(),
        keys_check: keys_check(store.sealer()),
        tables,
        files,
    };
    crate::keys::write_private(&keys_beside(to), &store.sealer().key_file()?)?;
    let json = serde_json::to_vec_pretty(&manifest).map_err(|e| Fault::from("writing the manifest", e))?;
    let mut out = Hashed::create(&part.join("manifest.json"))?;
    out.write(&json).map_err(|e| failed(&part, e))?;
    out.finish()?;
    sync(&part)?;
    std::fs::rename(&part, to).map_err(|e| failed(to, e))
}

async fn copy_files(store: &Store, tables: &[Table], part: &Path) -> Result<Vec<Kept>, Fault> {
    let mut kept = Vec::new();
    for address in addresses(tables, part)? {
        let place = address_place(&address)?;
        let (from, to) = (store.inner().data.join("files").join(&place), part.join("files").join(&place));
        match blocking(move || manifest::copy(&from, &to)).await {
            Ok(sha256) => kept.push(Kept { address, sha256 }),
            Err(fault) => {
                // It may have been deleted, by law, since the snapshot; then its row is gone too.
                let row: Option<(i64,)> =
                    store.row("SELECT 1 FROM store_file WHERE address = $1", params![address]).await?;
                if row.is_some() {
                    return Err(fault);
                }
            }
        }
    }
    Ok(kept)
}

/// The addresses of all files, from the written table.
fn addresses(tables: &[Table], part: &Path) -> Result<Vec<String>, Fault> {
    let Some(table) = tables.iter().find(|t| t.name == "store_file") else { return Ok(Vec::new()) };
    let column = table.columns.iter().position(|(name, _)| name == "address");
    let mut all = Vec::new();
    for line in manifest::lines(&part.join("tables/store_file.copy"))? {
        let line = line?;
        let address = column.and_then(|c| line.split('\t').nth(c));
        all.push(address.ok_or_else(|| Fault::new("a file without an address"))?.to_owned());
    }
    Ok(all)
}

/// `ab/abcd…`; an address is 64 hexadecimal digits and nothing else, also when it comes out of a backup.
fn address_place(address: &str) -> Result<PathBuf, Fault> {
    let well_formed = address.len() == 64 && address.bytes().all(|b| b.is_ascii_hexdigit());
    match address.get(..2) {
        Some(folder) if well_formed => Ok(Path::new(folder).join(address)),
        _ => Err(Fault::new("a file of the backup has an address that is none")),
    }
}

/// Checks the whole backup: format, every checksum; answers nothing else.
///
/// # Errors
/// A [`Fault`] that names the first file that is missing or changed.
pub async fn check(from: &Path) -> Result<(), Fault> {
    let from = from.to_owned();
    blocking(move || checked(&from).map(|_| ())).await
}

fn checked(from: &Path) -> Result<Manifest, Fault> {
    let path = from.join("manifest.json");
    let json =
        std::fs::read(&path).map_err(|e| failed(&path, e).while_doing("this is no finished backup"))?;
    let manifest: Manifest =
        serde_json::from_slice(&json).map_err(|e| Fault::from("reading the manifest", e))?;
    if manifest.format != FORMAT {
        return Err(Fault::new(format!(
            "the backup has format {}, this program reads {FORMAT}",
            manifest.format
        )));
    }
    let same = |path: PathBuf, wanted: &str| -> Result<(), Fault> {
        if manifest::sha256(&path)? == wanted {
            return Ok(());
        }
        Err(Fault::new(format!("the backup is damaged: {} has changed", path.display())))
    };
    for table in &manifest.tables {
        table.check_names()?;
        same(from.join("tables").join(format!("{}.copy", table.name)), &table.sha256)?;
    }
    for kept in &manifest.files {
        same(from.join("files").join(address_place(&kept.address)?), &kept.sha256)?;
    }
    Ok(manifest)
}

/// Restores the backup `from` into the empty place that `config` names; `keys` is the key file kept with it.
///
/// # Errors
/// A [`Fault`] when a checksum is wrong, when the keys are others, or when the place is not empty; nothing is written
/// then.
pub async fn restore(from: &Path, keys: &Path, config: &StoreConfig) -> Result<(), Fault> {
    let source = from.to_owned();
    let manifest = blocking(move || checked(&source)).await?;
    let data = &config.data;
    let filled = std::fs::read_dir(data).is_ok_and(|mut entries| entries.next().is_some());
    if filled {
        return Err(Fault::new(format!("{} is not empty: restore into a new folder", data.display())));
    }
    let engine = match &config.database {
        Some(url) => {
            let engine = Postgres::open(url, 1).await?;
            postgres::check_empty(&engine).await?;
            Some(engine)
        }
        None => None,
    };
    let part = beside(data, ".part");
    if part.exists() {
        std::fs::remove_dir_all(&part).map_err(|e| failed(&part, e))?;
    }
    std::fs::create_dir_all(&part).map_err(|e| failed(&part, e))?;
    let result = fill(from, keys, engine.as_ref(), manifest, &part).await;
    if result.is_err() {
        let _ = std::fs::remove_dir_all(&part);
        return result;
    }
    sync(&part)?;
    let _ = std::fs::remove_dir(data);
    std::fs::rename(&part, data).map_err(|e| failed(data, e))
}

async fn fill(
    from: &Path,
    keys: &Path,
    engine: Option<&Postgres>,
    manifest: Manifest,
    part: &Path,
) -> Result<(), Fault> {
    let text =
        std::fs::read_to_string(keys).map_err(|e| Fault::from(format!("the keys {}", keys.display()), e))?;
    crate::keys::write_private(&part.join("keys.toml"), &text)?;
    let sealer = Sealer::load(&part.join("keys.toml"), Arc::new(SystemRng))?;
    if keys_check(&sealer) != manifest.keys_check {
        return Err(Fault::new(format!("{} is not the key file of this backup", keys.display())));
    }
    let steps = steps(&manifest.tables, from)?;
    let (source, target) = (from.join("files"), part.join("files"));
    let kept = manifest.files;
    blocking(move || {
        for file in &kept {
            let place = address_place(&file.address)?;
            if manifest::copy(&source.join(&place), &target.join(&place))? != file.sha256 {
                return Err(Fault::new("a file of the backup changed while it was restored"));
            }
        }
        Ok(())
    })
    .await?;
    let (tables, folder) = (manifest.tables, from.join("tables"));
    match engine {
        Some(engine) => postgres::restore(engine, &steps, &tables, &folder).await,
        None => {
            let database = part.join("yimen.db");
            blocking(move || sqlite::restore(&database, &steps, &tables, &folder)).await
        }
    }
}

/// The texts of the steps that made the tables, in their order.
fn steps(tables: &[Table], from: &Path) -> Result<Vec<String>, Fault> {
    let broken = || Fault::new("the backup does not hold the steps that make its tables");
    let table = tables.iter().find(|t| t.name == "store_migration").ok_or_else(broken)?;
    let column = |name: &str| table.columns.iter().position(|(n, _)| n == name).ok_or_else(broken);
    let (text, place) = (column("text")?, column("place")?);
    let mut steps: Vec<(i64, String)> = Vec::new();
    for line in manifest::lines(&from.join("tables/store_migration.copy"))? {
        let mut row = crate::Row(text::read(&line?, &table.kinds())?);
        steps.push((row.take(place)?, row.take(text)?));
    }
    steps.sort();
    let ledger = std::iter::once(crate::migrate::LEDGER.to_owned());
    Ok(ledger.chain(steps.into_iter().map(|(_, text)| text)).collect())
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Fault> + Send + 'static,
) -> Result<T, Fault> {
    tokio::task::spawn_blocking(work).await.map_err(|e| Fault::from("backing up or restoring", e))?
}

fn sync(folder: &Path) -> Result<(), Fault> {
    std::fs::File::open(folder).and_then(|f| f.sync_all()).map_err(|e| failed(folder, e))
}
