//! All SQL of the room.

use crate::model::LeavingId;
use kernel::{AccountId, Fault, Timestamp};
use std::collections::BTreeMap;
use store::{Commit, Store, Value, params, row};

row! {
    struct EntryRow {
        external: String,
        number: String,
    }
}

/// Which of these numbers of a source have come in, and as which cases.
pub(crate) async fn entries(
    store: &Store,
    source: &str,
    externals: &[&str],
) -> Result<BTreeMap<String, String>, Fault> {
    if externals.is_empty() {
        return Ok(BTreeMap::new());
    }
    let places: Vec<String> = (2..externals.len() + 2).map(|i| format!("${i}")).collect();
    let sql = format!(
        "SELECT external, number FROM records_entry WHERE source = $1 AND external IN ({})",
        places.join(", ")
    );
    let mut params = params![source];
    params.extend(externals.iter().map(|e| Value::Text((*e).to_owned())));
    let rows: Vec<EntryRow> = store.rows(&sql, params).await?;
    Ok(rows.into_iter().map(|r| (r.external, r.number)).collect())
}

pub(crate) fn add_entry(commit: &mut Commit, source: &str, external: &str, number: &str) {
    let at = commit.at;
    commit.exec(
        "INSERT INTO records_entry (source, external, number, at) VALUES ($1, $2, $3, $4)",
        params![source, external, number, at],
    );
}

row! {
    /// A file that went out.
    pub struct Leaving {
        /// Its id.
        pub id: LeavingId,
        /// `xes` or `csv`.
        pub format: String,
        /// Which cases, as JSON.
        pub selection: String,
        /// When.
        pub at: Timestamp,
    }
}

pub(crate) fn add_leaving(
    commit: &mut Commit,
    id: LeavingId,
    account: &str,
    agency: &str,
    format: &str,
    selection: &str,
) {
    let at = commit.at;
    commit.exec(
        "INSERT INTO records_leaving (id, account, agency, format, selection, at) VALUES ($1, $2, $3, $4, $5, $6)",
        params![id, account, agency, format, selection, at],
    );
}

/// The files that an account took last, the newest first.
pub(crate) async fn leavings(store: &Store, account: AccountId, limit: i64) -> Result<Vec<Leaving>, Fault> {
    store
        .rows(
            "SELECT id, format, selection, at FROM records_leaving WHERE account = $1 ORDER BY at DESC, id DESC LIMIT $2",
            params![account, limit],
        )
        .await
}

row! {
    /// A case that has ended and waits to be packed.
    pub(crate) struct Due {
        pub(crate) subject: String,
        pub(crate) number: String,
        pub(crate) since: Timestamp,
    }
}

/// The case has ended now: it waits, also when it did before.
pub(crate) fn wait(commit: &mut Commit, subject: &str, number: &str) {
    let at = commit.at;
    commit.exec_any("DELETE FROM records_due WHERE subject = $1", params![subject]);
    commit.exec(
        "INSERT INTO records_due (subject, number, state, since) VALUES ($1, $2, 'waiting', $3)",
        params![subject, number, at],
    );
}

/// The cases that wait since `until` or longer, after (`since`, `subject`).
pub(crate) async fn due(
    store: &Store,
    until: Timestamp,
    after: &(Timestamp, String),
    limit: i64,
) -> Result<Vec<Due>, Fault> {
    store
        .rows(
            "SELECT subject, number, since FROM records_due
             WHERE state = 'waiting' AND since <= $1 AND (since, subject) > ($2, $3) ORDER BY since, subject LIMIT $4",
            params![until, after.0, after.1, limit],
        )
        .await
}

/// Whether the case still waits, and since the same end.
pub(crate) async fn still_due(store: &Store, row: &Due) -> Result<bool, Fault> {
    let found: Option<(Timestamp,)> = store
        .row("SELECT since FROM records_due WHERE subject = $1 AND state = 'waiting'", params![row.subject])
        .await?;
    Ok(found.is_some_and(|(since,)| since == row.since))
}

/// What became of the case that waited.
pub(crate) fn settle(commit: &mut Commit, row: &Due, state: &str, package: Option<&str>, why: Option<&str>) {
    commit.exec(
        "UPDATE records_due SET state = $3, package = $4, why = $5 WHERE subject = $1 AND since = $2 AND state = 'waiting'",
        params![row.subject, row.since, state, package, why],
    );
}

row! {
    /// A closed case that could not be packed.
    pub struct Stuck {
        /// Its number.
        pub number: String,
        /// Since when it waits.
        pub since: Timestamp,
        /// Why, in Chinese.
        pub why: Option<String>,
    }
}

/// The closed cases that could not be packed, the oldest first.
///
/// # Errors
/// A fault of the store.
pub async fn stuck(store: &Store, limit: i64) -> Result<Vec<Stuck>, Fault> {
    store
        .rows(
            "SELECT number, since, why FROM records_due WHERE state = 'stuck' ORDER BY since, subject LIMIT $1",
            params![limit],
        )
        .await
}
