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
    println!("backed up to {}; it holds the keys: keep it as safe as the original", to.display());
    Ok(())
}

/// Brings `from` back into an empty data folder or database.
///
/// # Errors
/// A [`Fault`] when the target is not empty or the backup is damaged; nothing is half restored.
pub async fn restore(config: &Config, from: &Path) -> Result<(), Fault> {
    store::restore(store_config(config), from).await?;
    println!("restored from {} into {}", from.display(), config.data.display());
    Ok(())
}
