//! Lists: every one within a scope, by an index, page after page by key.

use super::case::{COLUMNS, CaseLine, within};
use crate::model::{CaseId, TaskId};
use crate::scope::Scope;
use kernel::{Fault, SubjectId, Timestamp};
use store::{Store, Value, params, row};

row! {
    /// A line of the inbox.
    pub(crate) struct InboxLine {
        pub(crate) task: TaskId,
        pub(crate) number: String,
        pub(crate) title_zh: String,
        pub(crate) title_en: String,
        pub(crate) item_key: String,
        pub(crate) item_zh: String,
        pub(crate) item_en: String,
        pub(crate) subject_name: String,
        pub(crate) state: String,
        pub(crate) absent: i64,
        pub(crate) filed_at: Timestamp,
        pub(crate) opened_at: Timestamp,
        pub(crate) due_at: i64,
    }
}

/// Open tasks of an agency, the most urgent first, after (`due`, `id`).
pub(crate) async fn inbox(
    store: &Store,
    agency: &str,
    item: Option<&str>,
    after: (i64, String),
    limit: i64,
) -> Result<Vec<InboxLine>, Fault> {
    let filter = if item.is_some() { " AND c.item_key = $5" } else { "" };
    let sql = format!(
        "SELECT t.id, c.number, t.title_zh, t.title_en, c.item_key, c.item_zh, c.item_en, c.subject_name, c.state, c.absent,
             c.filed_at, t.opened_at, t.due_at
         FROM cases_task t JOIN cases_case c ON c.id = t.case_id
         WHERE t.agency = $1 AND t.state = 'open' AND (t.due_at, t.id) > ($2, $3){filter}
         ORDER BY t.due_at, t.id LIMIT $4"
    );
    let mut params = params![agency, after.0, after.1, limit];
    params.extend(item.map(|i| Value::Text(i.to_owned())));
    store.rows(&sql, params).await
}

/// The cases of a party, the last filed first, before (`filed_at`, `id`).
pub(crate) async fn mine(
    store: &Store,
    subject: SubjectId,
    before: (i64, String),
    limit: i64,
) -> Result<Vec<CaseLine>, Fault> {
    // A subject may stand in a case in two roles; the first of its lines counts.
    let sql = format!(
        "SELECT {COLUMNS} FROM cases_party p JOIN cases_case c ON c.id = p.case_id
         WHERE p.subject = $1 AND (p.filed_at, p.case_id) < ($2, $3)
           AND NOT EXISTS (SELECT 1 FROM cases_party q WHERE q.case_id = p.case_id AND q.subject = $1 AND q.position < p.position)
         ORDER BY p.filed_at DESC, p.case_id DESC LIMIT $4"
    );
    store.rows(&sql, params![subject, before.0, before.1, limit]).await
}

/// Running cases within a scope, the one due first at the top, after (`due`, `id`).
pub(crate) async fn late(
    store: &Store,
    scope: &Scope,
    after: (i64, String),
    limit: i64,
) -> Result<Vec<CaseLine>, Fault> {
    let Some((within, mut extra)) = within(scope, 4) else { return Ok(Vec::new()) };
    let sql = format!(
        "SELECT {COLUMNS} FROM cases_case c WHERE c.running = 1 AND (c.due_at, c.id) > ($1, $2) AND {within}
         ORDER BY c.due_at, c.id LIMIT $3"
    );
    let mut params = params![after.0, after.1, limit];
    params.append(&mut extra);
    store.rows(&sql, params).await
}

/// The place in a list of the row with this key.
pub(crate) fn place(key: i64, id: CaseId) -> String {
    format!("{key}.{id}")
}
