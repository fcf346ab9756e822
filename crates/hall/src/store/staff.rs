//! What clerks are trained for, and clerks of other agencies who were admitted.

use super::HallCode;
use crate::model::Letters;
use ::store::{Commit, Store, params, row};
use kernel::{AccountId, Fault, Timestamp};

row! {
    /// What a clerk is trained for in a hall.
    pub(crate) struct Training {
        pub(crate) hall: HallCode,
        pub(crate) clerk: AccountId,
        pub(crate) letters: Letters,
        /// Keys with spaces between.
        pub(crate) items: String,
        /// The letters that both cover.
        pub(crate) covers: Letters,
    }
}

impl Training {
    pub(crate) fn items(&self) -> Vec<String> {
        self.items.split(' ').filter(|item| !item.is_empty()).map(str::to_owned).collect()
    }
}

const TRAINING: &str = "SELECT hall, clerk, letters, items, covers FROM hall_training";

/// What the clerks of these halls are trained for.
pub(crate) async fn trainings_in(store: &Store, codes: &[HallCode]) -> Result<Vec<Training>, Fault> {
    if codes.is_empty() {
        return Ok(Vec::new());
    }
    let marks: Vec<String> = (1..=codes.len()).map(|n| format!("${n}")).collect();
    let sql = format!("{TRAINING} WHERE hall IN ({}) ORDER BY hall, clerk", marks.join(", "));
    store.rows(&sql, codes.iter().map(::store::ToValue::to_value).collect()).await
}

/// What a clerk is trained for; nothing when that is not kept.
pub(crate) async fn training(
    store: &Store,
    hall: &HallCode,
    clerk: AccountId,
) -> Result<Option<Training>, Fault> {
    store.row(&format!("{TRAINING} WHERE hall = $1 AND clerk = $2"), params![hall, clerk]).await
}

pub(crate) fn put_training(commit: &mut Commit, t: &Training) {
    commit.exec(
        "INSERT INTO hall_training (hall, clerk, letters, items, covers) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (hall, clerk) DO UPDATE SET letters = $3, items = $4, covers = $5",
        params![t.hall, t.clerk, t.letters, t.items, t.covers],
    );
}

pub(crate) fn drop_training(commit: &mut Commit, hall: &HallCode, clerk: AccountId) {
    commit.exec_any("DELETE FROM hall_training WHERE hall = $1 AND clerk = $2", params![hall, clerk]);
}

row! {
    /// A clerk of another agency who was admitted to a hall.
    pub(crate) struct Guest {
        pub(crate) clerk: AccountId,
        pub(crate) agency: String,
        pub(crate) since: Timestamp,
    }
}

/// Who was admitted to a hall.
pub(crate) async fn guests(store: &Store, hall: &HallCode) -> Result<Vec<Guest>, Fault> {
    let sql = "SELECT clerk, agency, since FROM hall_guest WHERE hall = $1 ORDER BY since, clerk LIMIT 500";
    store.rows(sql, params![hall]).await
}

/// Whether a clerk was admitted to a hall, and of which agency.
pub(crate) async fn guest(store: &Store, hall: &HallCode, clerk: AccountId) -> Result<Option<Guest>, Fault> {
    let sql = "SELECT clerk, agency, since FROM hall_guest WHERE hall = $1 AND clerk = $2";
    store.row(sql, params![hall, clerk]).await
}

/// The halls that have admitted a clerk of this agency.
pub(crate) async fn guest_halls(
    store: &Store,
    clerk: AccountId,
    agency: &str,
) -> Result<Vec<(HallCode,)>, Fault> {
    let sql = "SELECT hall FROM hall_guest WHERE clerk = $1 AND agency = $2 ORDER BY hall LIMIT 20";
    store.rows(sql, params![clerk, agency]).await
}

/// Admits a clerk; of two heads at once one conflicts.
pub(crate) fn add_guest(commit: &mut Commit, hall: &HallCode, guest: &Guest) {
    commit.exec(
        "INSERT INTO hall_guest (hall, clerk, agency, since) VALUES ($1, $2, $3, $4)",
        params![hall, guest.clerk, guest.agency, guest.since],
    );
}

pub(crate) fn drop_guest(commit: &mut Commit, hall: &HallCode, clerk: AccountId) {
    commit.exec("DELETE FROM hall_guest WHERE hall = $1 AND clerk = $2", params![hall, clerk]);
}

::store::words! {
    /// What a head changed.
    pub enum StaffChange {
        /// A clerk of another agency was admitted.
        Admitted = "admitted",
        /// What a clerk is trained for.
        Trained = "trained",
        /// Nothing is kept any more: whatever a window takes.
        Untied = "untied",
        /// The admission ended.
        Dismissed = "dismissed",
    }
}

row! {
    /// What a head changed of a clerk.
    pub(crate) struct Change {
        /// Its number within the hall.
        pub(crate) nth: i64,
        pub(crate) at: Timestamp,
        pub(crate) clerk: AccountId,
        pub(crate) head: Option<AccountId>,
        pub(crate) what: StaffChange,
        pub(crate) letters: Letters,
        pub(crate) items: String,
    }
}

/// Writes it down; of two at once one conflicts.
pub(crate) fn add_change(commit: &mut Commit, hall: &HallCode, c: &Change) {
    commit.exec(
        "INSERT INTO hall_staff_change (hall, nth, at, clerk, head, what, letters, items) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        params![hall, c.nth, c.at, c.clerk, c.head, c.what, c.letters, c.items],
    );
}

/// The latest changes of a hall.
pub(crate) async fn changes(store: &Store, hall: &HallCode, limit: i64) -> Result<Vec<Change>, Fault> {
    let sql = "SELECT nth, at, clerk, head, what, letters, items FROM hall_staff_change WHERE hall = $1 ORDER BY nth DESC LIMIT $2";
    store.rows(sql, params![hall, limit]).await
}
