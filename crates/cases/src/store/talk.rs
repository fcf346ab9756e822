//! Rows of what is said about a case.

use crate::model::CaseId;
use kernel::{AccountId, Fault, Timestamp};
use store::{Commit, Sealed, Store, params, row};

row! {
    /// One line.
    pub(crate) struct TalkLine {
        pub(crate) seq: i64,
        pub(crate) kind: String,
        pub(crate) side: String,
        pub(crate) agency: Option<String>,
        pub(crate) account: Option<AccountId>,
        pub(crate) at: Timestamp,
        pub(crate) body: Sealed<String>,
    }
}

pub(crate) fn add_line(commit: &mut Commit, case: CaseId, line: &TalkLine) {
    commit.exec(
        "INSERT INTO cases_talk (case_id, seq, kind, side, agency, account, at, body) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        params![case, line.seq, line.kind, line.side, line.agency, line.account, line.at, line.body],
    );
}

/// The lines after `after`; internal notes only for staff.
pub(crate) async fn talk_of(
    store: &Store,
    case: CaseId,
    notes: bool,
    after: i64,
    limit: i64,
) -> Result<Vec<TalkLine>, Fault> {
    let filter = if notes { "" } else { " AND kind = 'message'" };
    let sql = format!(
        "SELECT seq, kind, side, agency, account, at, body FROM cases_talk
         WHERE case_id = $1 AND seq > $2{filter} ORDER BY seq LIMIT $3"
    );
    store.rows(&sql, params![case, after, limit]).await
}

/// How far somebody has read.
pub(crate) async fn read_until(store: &Store, case: CaseId, reader: &str) -> Result<i64, Fault> {
    let row: Option<(i64,)> = store
        .row("SELECT seq FROM cases_talk_read WHERE case_id = $1 AND reader = $2", params![case, reader])
        .await?;
    Ok(row.map_or(0, |r| r.0))
}

pub(crate) fn mark_read(commit: &mut Commit, case: CaseId, reader: &str, seq: i64) {
    commit.exec_any(
        "INSERT INTO cases_talk_read (case_id, reader, seq) VALUES ($1, $2, $3)
         ON CONFLICT (case_id, reader) DO UPDATE SET seq = excluded.seq WHERE cases_talk_read.seq < excluded.seq",
        params![case, reader, seq],
    );
}

/// How far the other side has read: for staff any of the parties, for a party any of the bodies.
pub(crate) async fn others_read_until(store: &Store, case: CaseId, staff: bool) -> Result<i64, Fault> {
    let side = if staff { "NOT LIKE" } else { "LIKE" };
    let sql = format!(
        "SELECT COALESCE(MAX(seq), 0) FROM cases_talk_read WHERE case_id = $1 AND reader {side} 'agency:%'"
    );
    let row: Option<(i64,)> = store.row(&sql, params![case]).await?;
    Ok(row.map_or(0, |r| r.0))
}
