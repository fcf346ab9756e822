//! The trays of pages that are being taken.

use crate::scan::model::{Body, Spot, Tray};
use ::store::{Commit, Sealed, Sealer, Store, params, row};
use jiff::SignedDuration;
use kernel::{AccountId, Fault, Timestamp};

const BODY: &str = "proofs_tray.body";
/// More fields than any form takes papers in.
const TRAYS_MAX: i64 = 200;

row! {
    struct TrayRow {
        field: String,
        rev: i64,
        body: Sealed<Body>,
    }
}

impl TrayRow {
    fn open(self, sealer: &Sealer) -> Result<Tray, Fault> {
        let body = self.body.open(sealer, BODY)?;
        Ok(Tray { field: self.field, rev: self.rev, body })
    }
}

/// What lies in the tray, unless its time is over.
pub(crate) async fn get(store: &Store, spot: &Spot<'_>, after: Timestamp) -> Result<Option<Tray>, Fault> {
    let sql = "SELECT field, rev, body FROM proofs_tray
               WHERE account = $1 AND place = $2 AND field = $3 AND since >= $4";
    let row: Option<TrayRow> = store.row(sql, params![spot.account, spot.place, spot.field, after]).await?;
    row.map(|row| row.open(store.sealer())).transpose()
}

/// All trays of a place.
pub(crate) async fn at(
    store: &Store,
    account: AccountId,
    place: &str,
    after: Timestamp,
) -> Result<Vec<Tray>, Fault> {
    let sql = "SELECT field, rev, body FROM proofs_tray
               WHERE account = $1 AND place = $2 AND since >= $3 ORDER BY field LIMIT $4";
    let rows: Vec<TrayRow> = store.rows(sql, params![account, place, after, TRAYS_MAX]).await?;
    rows.into_iter().map(|row| row.open(store.sealer())).collect()
}

/// Writes what lies in the tray now, unless somebody else did meanwhile; trays whose time is over are forgotten on the way.
pub(crate) fn put(
    commit: &mut Commit,
    sealer: &Sealer,
    spot: &Spot<'_>,
    before: Option<&Tray>,
    body: &Body,
    over: Timestamp,
) -> Result<(), Fault> {
    let sealed = Sealed::seal(sealer, BODY, body)?;
    commit.exec_any("DELETE FROM proofs_tray WHERE since < $1", params![over]);
    match before {
        Some(tray) => commit.exec(
            "UPDATE proofs_tray SET body = $1, rev = rev + 1 WHERE account = $2 AND place = $3 AND field = $4 AND rev = $5",
            params![sealed, spot.account, spot.place, spot.field, tray.rev],
        ),
        None => commit.exec(
            "INSERT INTO proofs_tray (account, place, field, rev, since, body) VALUES ($1, $2, $3, 1, $4, $5)",
            params![spot.account, spot.place, spot.field, commit.at, sealed],
        ),
    };
    Ok(())
}

/// Takes the tray away.
pub(crate) fn drop(commit: &mut Commit, spot: &Spot<'_>, rev: i64) {
    commit.exec(
        "DELETE FROM proofs_tray WHERE account = $1 AND place = $2 AND field = $3 AND rev = $4",
        params![spot.account, spot.place, spot.field, rev],
    );
}

/// Takes all trays of a place away.
pub(crate) fn clear(commit: &mut Commit, account: AccountId, place: &str) {
    commit.exec_any("DELETE FROM proofs_tray WHERE account = $1 AND place = $2", params![account, place]);
}

/// When a tray that is over now was begun, at the latest.
pub(crate) fn over(now: Timestamp, hours: u32) -> Timestamp {
    now - SignedDuration::from_hours(i64::from(hours))
}
