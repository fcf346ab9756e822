//! `yimen backup` and `yimen restore`.

use crate::config::Config;
use crate::wiring::{ground, store_config};
use kernel::Fault;
use std::path::Path;

/// Copies database, files and keys into the new folder `to`, consistently, while the server runs.
///
/// # Errors
/// A [`Fault`] when the folder exists already or something cannot be copied.
pub async fn backup(config: &Config, to: &Path) -> Result<(), Fault> {
    ground(config).await?.store.backup(to).await?;
    let keys = store::backup::keys_beside(to);
    println!("backed up to {}", to.display());
    println!("the keys lie beside it in {}: keep them elsewhere, nothing opens without them", keys.display());
    Ok(())
}

/// Brings `from` back into an empty data folder or database; `keys` is the key file kept with it.
///
/// # Errors
/// A [`Fault`] when the target is not empty or the backup is damaged; nothing is half restored.
pub async fn restore(config: &Config, from: &Path, keys: Option<&Path>) -> Result<(), Fault> {
    let beside = store::backup::keys_beside(from);
    store::restore(from, keys.unwrap_or(&beside), &store_config(config)).await?;
    println!("restored from {} into {}", from.display(), config.data.display());
    Ok(())
}
