//! All SQL of the room: the error reports.

use kernel::{Fault, Timestamp};
use store::{Cx, Store, params, row};

row! {
    /// A report as kept; the contact stays sealed.
    pub(crate) struct ReportLine {
        pub(crate) id: String,
        pub(crate) number: String,
        pub(crate) reported_at: Timestamp,
        pub(crate) place: String,
        pub(crate) kind: String,
        pub(crate) text: String,
        pub(crate) reply: Option<String>,
        pub(crate) rev: i64,
    }
}

const COLUMNS: &str = "id, number, reported_at, place, kind, text, reply, rev";

/// A new report and its sealed contact.
pub(crate) fn insert(cx: &mut Cx, line: ReportLine, contact: Option<Vec<u8>>) {
    cx.commit.exec(
        "INSERT INTO portal_report (id, number, reported_at, place, kind, text, contact, rev) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, 1)",
        params![line.id, line.number, line.reported_at, line.place, line.kind, line.text, contact],
    );
}

/// The reply to a report that has none yet.
pub(crate) fn reply(cx: &mut Cx, id: String, rev: i64, reply: String) {
    let now = cx.now;
    cx.commit.exec(
        "UPDATE portal_report SET reply = $3, replied_at = $4, rev = rev + 1 WHERE id = $1 AND rev = $2 AND reply IS NULL",
        params![id, rev, reply, now],
    );
}

/// The report with this number.
pub(crate) async fn find(store: &Store, number: &str) -> Result<Option<ReportLine>, Fault> {
    store.row(&format!("SELECT {COLUMNS} FROM portal_report WHERE number = $1"), params![number]).await
}

/// The reports, newest first, before (`at`, `id`).
pub(crate) async fn list(store: &Store, before: (i64, String), limit: i64) -> Result<Vec<ReportLine>, Fault> {
    let sql = format!(
        "SELECT {COLUMNS} FROM portal_report WHERE (reported_at, id) < ($1, $2) ORDER BY reported_at DESC, id DESC LIMIT $3"
    );
    store.rows(&sql, params![before.0, before.1, limit]).await
}
