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
