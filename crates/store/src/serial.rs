//! Running numbers: in blocks reserved per server (gaps allowed), or strict.

use crate::Ground;
use kernel::Fault;

/// The next number of `series`, from a block reserved by this server: unique and growing per server, gaps allowed.
///
/// # Errors
/// A [`Fault`] when a new block cannot be reserved.
pub async fn block(ground: &Ground, series: &str) -> Result<i64, Fault> {
    let _ = (ground, series);
    Err(Fault::new("not built yet"))
}

/// The next number of `series`, one after another across all servers, in a short transaction of its own.
///
/// # Errors
/// A [`Fault`] when the transaction fails.
pub async fn strict(ground: &Ground, series: &str) -> Result<i64, Fault> {
    let _ = (ground, series);
    Err(Fault::new("not built yet"))
}
