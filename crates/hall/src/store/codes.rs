//! Short codes: of tickets on paper, of tablets at windows; and how often one tries.

use super::{HallCode, TicketRow};
use ::store::{Commit, Store, params};
use kernel::{Fault, Timestamp};

/// The ticket of a day by the blind index of its short code.
pub(crate) async fn by_code(store: &Store, day: &str, code: &str) -> Result<Option<TicketRow>, Fault> {
    let ticket = super::TICKET;
    store.row(&format!("{ticket} WHERE day = $1 AND code = $2"), params![day, code]).await
}

pub(crate) fn count_try(commit: &mut Commit, place: &str, minute: i64) {
    commit.exec(
        "INSERT INTO hall_try (place, minute, tries) VALUES ($1, $2, 1)
         ON CONFLICT (place, minute) DO UPDATE SET tries = hall_try.tries + 1",
        params![place, minute],
    );
}

pub(crate) fn forget_tries(commit: &mut Commit, before: i64) {
    commit.exec_any("DELETE FROM hall_try WHERE minute < $1", params![before]);
}

pub(crate) async fn tries(store: &Store, place: &str, minute: i64) -> Result<i64, Fault> {
    let sql = "SELECT tries FROM hall_try WHERE place = $1 AND minute = $2";
    let found: Option<(i64,)> = store.row(sql, params![place, minute]).await?;
    Ok(found.map_or(0, |(tries,)| tries))
}

/// The code by which a tablet is paired with a window; the one before is void.
pub(crate) fn set_pairing(
    commit: &mut Commit,
    code: &str,
    hall: &HallCode,
    number: &str,
    ends_at: Timestamp,
) {
    commit.exec_any("DELETE FROM hall_pairing WHERE hall = $1 AND number = $2", params![hall, number]);
    commit.exec(
        "INSERT INTO hall_pairing (code, hall, number, ends_at) VALUES ($1, $2, $3, $4)",
        params![code, hall, number, ends_at],
    );
}

/// The window of a code, and until when it can be used.
pub(crate) async fn pairing(
    store: &Store,
    code: &str,
) -> Result<Option<(HallCode, String, Timestamp)>, Fault> {
    store.row("SELECT hall, number, ends_at FROM hall_pairing WHERE code = $1", params![code]).await
}

/// The tablet at a window from now on; the code is used up, once.
pub(crate) fn set_tablet(commit: &mut Commit, code: &str, token: &str, hall: &HallCode, number: &str) {
    commit.exec("DELETE FROM hall_pairing WHERE code = $1", params![code]);
    commit.exec_any("DELETE FROM hall_tablet WHERE hall = $1 AND number = $2", params![hall, number]);
    commit.exec(
        "INSERT INTO hall_tablet (token, hall, number) VALUES ($1, $2, $3)",
        params![token, hall, number],
    );
}

/// The window of a tablet, by the blind index of its address.
pub(crate) async fn tablet(store: &Store, token: &str) -> Result<Option<(HallCode, String)>, Fault> {
    store.row("SELECT hall, number FROM hall_tablet WHERE token = $1", params![token]).await
}

/// Whether a window has a tablet.
pub(crate) async fn has_tablet(store: &Store, hall: &HallCode, number: &str) -> Result<bool, Fault> {
    let sql = "SELECT token FROM hall_tablet WHERE hall = $1 AND number = $2";
    let found: Option<(String,)> = store.row(sql, params![hall, number]).await?;
    Ok(found.is_some())
}
