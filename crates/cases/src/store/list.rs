//! Lists: every one within a scope, by an index, page after page by key.

use super::case::{COLUMNS, CaseLine, only, within};
use crate::model::{CaseId, MatterId, TaskId};
use crate::scope::{Limited, Scope};
use kernel::{Fault, SubjectId, Timestamp};
use store::{Store, Value, params, row};

row! {
    /// A line of the inbox.
    pub(crate) struct InboxLine {
        pub(crate) task: TaskId,
        pub(crate) case_id: CaseId,
        pub(crate) agency: String,
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
        pub(crate) step: String,
        pub(crate) holder: String,
        pub(crate) external: String,
        pub(crate) division: String,
        pub(crate) rev: i64,
        pub(crate) matter: MatterId,
        pub(crate) members: i64,
        pub(crate) received: String,
    }
}

/// What of an inbox is wanted, as SQL takes it.
#[derive(Debug, Default)]
pub(crate) struct Wanted<'a> {
    pub item: Option<&'a str>,
    pub step: Option<&'a str>,
    pub state: Option<&'a str>,
    /// The holder's account, or empty for tasks nobody has taken.
    pub holder: Option<String>,
    pub due_before: Option<Timestamp>,
    pub number: Option<&'a str>,
    pub name: Option<&'a str>,
}

/// Open tasks of an agency, the most urgent first, after (`due`, `id`). Each filter alone is an index; the first that is there
/// leads, the others are looked up on what it finds.
pub(crate) async fn inbox(
    store: &Store,
    agency: &str,
    wanted: &Wanted<'_>,
    after: (i64, String),
    limit: i64,
) -> Result<Vec<InboxLine>, Fault> {
    let mut params = params![agency, after.0, after.1, limit];
    let mut filter = String::new();
    let mut add = |sql: &str, value: Value| {
        params.push(value);
        filter.push_str(&sql.replace("$$", &format!("${}", params.len())));
    };
    let text = |t: &str| Value::Text(t.to_owned());
    for (column, value) in [("item_key", wanted.item), ("step", wanted.step), ("case_state", wanted.state)] {
        if let Some(value) = value {
            add(&format!(" AND t.{column} = $$"), text(value));
        }
    }
    if let Some(holder) = &wanted.holder {
        add(" AND t.holder = $$", text(holder));
    }
    if let Some(before) = wanted.due_before {
        add(" AND t.due_at < $$", Value::Int(before.as_microsecond()));
    }
    for (column, value) in [("number", wanted.number), ("subject_name", wanted.name)] {
        if let Some(value) = value {
            add(&format!(" AND t.{column} >= $$"), text(value));
            add(&format!(" AND t.{column} < $$"), text(&format!("{value}\u{10ffff}")));
        }
    }
    let sql = format!(
        "SELECT t.id, t.case_id, c.agency, t.number, t.title_zh, t.title_en, t.item_key, c.item_zh, c.item_en, t.subject_name, c.state, c.absent,
             c.filed_at, t.opened_at, t.due_at, t.step, t.holder, t.external, c.division, c.rev, c.matter_id,
             (SELECT m.members FROM cases_matter m WHERE m.id = c.matter_id), c.received
         FROM cases_task t JOIN cases_case c ON c.id = t.case_id
         WHERE t.agency = $1 AND t.state = 'open' AND (t.due_at, t.id) > ($2, $3){filter}
         ORDER BY t.due_at, t.id LIMIT $4"
    );
    store.rows(&sql, params).await
}

row! {
    /// An item at a step of which something waits.
    pub(crate) struct ChoiceLine {
        pub(crate) item_key: String,
        pub(crate) item_zh: String,
        pub(crate) item_en: String,
        pub(crate) step: String,
        pub(crate) title_zh: String,
        pub(crate) title_en: String,
    }
}

/// Every pair of item and step of which an agency has an open task, `most` at most. It leaps over an index from one pair to the next:
/// some look-ups a pair, whether ten tasks wait of it or a million.
pub(crate) async fn choices(store: &Store, agency: &str, most: i64) -> Result<Vec<ChoiceLine>, Fault> {
    // The next step of the same item, else the first step of the next one: SQLite does not leap by a pair of columns.
    let sql = "WITH RECURSIVE pair (id, n) AS (
             SELECT (SELECT t.id FROM cases_task t WHERE t.agency = $1 AND t.state = 'open'
                 ORDER BY t.item_key, t.step, t.due_at, t.id LIMIT 1), 1
             UNION ALL
             SELECT COALESCE(
                 (SELECT t.id FROM cases_task t
                  WHERE t.agency = $1 AND t.state = 'open' AND t.item_key = o.item_key AND t.step > o.step
                  ORDER BY t.step, t.due_at, t.id LIMIT 1),
                 (SELECT t.id FROM cases_task t
                  WHERE t.agency = $1 AND t.state = 'open' AND t.item_key > o.item_key
                  ORDER BY t.item_key, t.step, t.due_at, t.id LIMIT 1)), p.n + 1
             FROM pair p JOIN cases_task o ON o.id = p.id WHERE p.n < $2
         )
         SELECT t.item_key, c.item_zh, c.item_en, t.step, t.title_zh, t.title_en
         FROM pair p JOIN cases_task t ON t.id = p.id JOIN cases_case c ON c.id = t.case_id ORDER BY p.n";
    store.rows(sql, params![agency, most]).await
}

row! {
    /// How many open tasks there are; none counts further than the limit.
    pub(crate) struct Counted {
        pub(crate) all: i64,
        pub(crate) overdue: i64,
        pub(crate) soon: i64,
        pub(crate) mine: i64,
        pub(crate) free: i64,
    }
}

/// Counts of an inbox, each over one index and no further than `limit`.
pub(crate) async fn counts(
    store: &Store,
    agency: &str,
    me: &str,
    now: Timestamp,
    soon: Timestamp,
    limit: i64,
) -> Result<Counted, Fault> {
    let count = |filter: &str| {
        format!(
            "(SELECT COUNT(*) FROM (SELECT 1 FROM cases_task WHERE agency = $1 AND state = 'open'{filter} LIMIT $5) x)"
        )
    };
    let sql = format!(
        "SELECT {}, {}, {}, {}, {}",
        count(""),
        count(" AND due_at < $2"),
        count(" AND due_at >= $2 AND due_at < $3"),
        count(" AND holder = $4"),
        count(" AND holder = ''"),
    );
    let found: Option<Counted> = store.row(&sql, params![agency, now, soon, me, limit]).await?;
    found.ok_or_else(|| Fault::new("a count without a row"))
}

/// The cases of a party, the last filed first, before (`filed_at`, `id`).
pub(crate) async fn mine(
    store: &Store,
    subject: SubjectId,
    agent: Option<&Limited>,
    before: (i64, String),
    limit: i64,
) -> Result<Vec<CaseLine>, Fault> {
    let (only, mut more) = only(agent, 5);
    // A subject may stand in a case in two roles; the first of its lines counts. A minimum and no NOT EXISTS: PostgreSQL makes that an
    // anti-join over all of a firm's ten thousand cases as soon as it plans without the values.
    let sql = format!(
        "SELECT {COLUMNS} FROM cases_party p JOIN cases_case c ON c.id = p.case_id
         WHERE p.subject = $1 AND (p.filed_at, p.case_id) < ($2, $3)
           AND p.position = (SELECT MIN(q.position) FROM cases_party q WHERE q.case_id = p.case_id AND q.subject = $1){only}
         ORDER BY p.filed_at DESC, p.case_id DESC LIMIT $4"
    );
    let mut params = params![subject, before.0, before.1, limit];
    params.append(&mut more);
    store.rows(&sql, params).await
}

/// The cases that an agency's windows received for other places, the last filed first, before (`filed_at`, `id`).
pub(crate) async fn received(
    store: &Store,
    agency: &str,
    before: (i64, String),
    limit: i64,
) -> Result<Vec<CaseLine>, Fault> {
    through_windows(store, ("received", agency), before, limit).await
}

/// The cases that were filed at an agency's windows, the last filed first, before (`filed_at`, `id`).
pub(crate) async fn filed_at_window(
    store: &Store,
    agency: &str,
    before: (i64, String),
    limit: i64,
) -> Result<Vec<CaseLine>, Fault> {
    through_windows(store, ("filed_window", agency), before, limit).await
}

/// The cases whose `column` names the agency; nobody's are those where it is empty.
async fn through_windows(
    store: &Store,
    (column, agency): (&'static str, &str),
    before: (i64, String),
    limit: i64,
) -> Result<Vec<CaseLine>, Fault> {
    let sql = format!(
        "SELECT {COLUMNS} FROM cases_case c
         WHERE c.{column} = $1 AND c.{column} <> '' AND (c.filed_at, c.id) < ($2, $3)
         ORDER BY c.filed_at DESC, c.id DESC LIMIT $4"
    );
    store.rows(&sql, params![agency, before.0, before.1, limit]).await
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
