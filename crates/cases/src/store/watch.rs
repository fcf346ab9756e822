//! Rows of what supervision reads: deviations, late recordings, disputed entries.

use crate::model::CaseId;
use crate::queries::WatchBody;
use crate::scope::{Reach, Scope};
use kernel::{Fault, Timestamp};
use store::{Commit, Sealed, Store, Value, params, row};

/// A row that is written with its event.
pub(crate) struct WatchLine {
    pub case: CaseId,
    pub seq: i64,
    pub kind: &'static str,
    pub at: Timestamp,
    pub agency: String,
    pub division: String,
    pub item_key: String,
    pub open: bool,
    pub path: String,
    pub body: Sealed<WatchBody>,
}

row! {
    /// A row as it is read.
    pub(crate) struct WatchFound {
        pub(crate) case: CaseId,
        pub(crate) seq: i64,
        pub(crate) number: String,
        pub(crate) item_key: String,
        pub(crate) item_zh: String,
        pub(crate) item_en: String,
        pub(crate) agency: String,
        pub(crate) at: Timestamp,
        pub(crate) recorded_at: Timestamp,
        pub(crate) path: String,
        pub(crate) open: bool,
        pub(crate) body: Sealed<WatchBody>,
    }
}

const FOUND: &str = "SELECT w.case_id, w.seq, c.number, w.item_key, c.item_zh, c.item_en, w.agency, w.at, w.recorded_at, w.path,
         w.open, w.body
     FROM cases_watch w JOIN cases_case c ON c.id = w.case_id";

pub(crate) fn add_watch(commit: &mut Commit, w: &WatchLine) {
    let now = commit.at;
    commit.exec(
        "INSERT INTO cases_watch (case_id, seq, kind, at, recorded_at, agency, division, item_key, open, path, body)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        params![w.case, w.seq, w.kind, w.at, now, w.agency, w.division, w.item_key, w.open, w.path, w.body],
    );
}

/// A disputed entry was looked at.
pub(crate) fn settle_watch(commit: &mut Commit, case: CaseId, path: &str, body: &Sealed<WatchBody>) {
    commit.exec_any(
        "UPDATE cases_watch SET open = 0, body = $3 WHERE case_id = $1 AND kind = 'dispute' AND path = $2 AND open = 1",
        params![case, path, body],
    );
}

/// What of it is wanted, as SQL takes it.
pub(crate) struct WatchWanted<'a> {
    pub kind: &'static str,
    pub agency: Option<&'a str>,
    pub item: Option<&'a str>,
    pub from: Option<Timestamp>,
    pub until: Option<Timestamp>,
    pub open: Option<bool>,
}

/// Rows within a scope, the newest first, before (`at`, `case`, `seq`).
pub(crate) async fn watch(
    store: &Store,
    scope: &Scope,
    wanted: &WatchWanted<'_>,
    before: (i64, String, i64),
    limit: i64,
) -> Result<Vec<WatchFound>, Fault> {
    let mut params = params![wanted.kind, before.0, before.1, before.2, limit];
    let mut filter = String::new();
    let mut add = |sql: &str, value: Value| {
        params.push(value);
        filter.push_str(&sql.replace("$$", &format!("${}", params.len())));
    };
    let text = |t: &str| Value::Text(t.to_owned());
    match &scope.0 {
        Reach::All => {}
        Reach::Division(prefix) => add(" AND w.division LIKE $$", text(&format!("{prefix}%"))),
        // Agency codes hold neither `%` nor `_`, so the part pattern is exact.
        Reach::Agency(agency) => {
            add(" AND (w.agency = $$", text(agency.as_str()));
            // A division of the agency that keeps a register answers for it.
            for whole in parents(agency.as_str()).filter(|_| wanted.kind == "dispute") {
                add(" OR w.agency = $$", text(whole));
            }
            add(" OR w.agency LIKE $$)", text(&format!("{agency}.%")));
        }
        Reach::Party(..) | Reach::Window(_) | Reach::Nothing => return Ok(Vec::new()),
    }
    for (column, value) in [("agency", wanted.agency), ("item_key", wanted.item)] {
        if let Some(value) = value {
            add(&format!(" AND w.{column} = $$"), text(value));
        }
    }
    if let Some(from) = wanted.from {
        add(" AND w.at >= $$", Value::Int(from.as_microsecond()));
    }
    if let Some(until) = wanted.until {
        add(" AND w.at < $$", Value::Int(until.as_microsecond()));
    }
    if let Some(open) = wanted.open {
        add(" AND w.open = $$", Value::Int(i64::from(open)));
    }
    let sql = format!(
        "{FOUND}
         WHERE w.kind = $1 AND (w.at, w.case_id, w.seq) < ($2, $3, $4){filter}
         ORDER BY w.at DESC, w.case_id DESC, w.seq DESC LIMIT $5"
    );
    store.rows(&sql, params).await
}

/// The agencies of which this one is a division; the place alone (`nanjing`) is none.
fn parents(agency: &str) -> impl Iterator<Item = &str> {
    let ends = agency.match_indices('.').map(|(at, _)| at).skip(1);
    ends.filter_map(move |at| agency.get(..at))
}

/// The disputed entry with this place in its case, if the register is kept by this agency, a part of it, or the whole of which it is one.
pub(crate) async fn dispute(
    store: &Store,
    case: CaseId,
    seq: i64,
    agency: &str,
) -> Result<Option<WatchFound>, Fault> {
    let sql = format!("{FOUND} WHERE w.case_id = $1 AND w.seq = $2 AND w.kind = 'dispute'");
    let found: Option<WatchFound> = store.row(&sql, params![case, seq]).await?;
    let part = |part: &str, whole: &str| {
        part.strip_prefix(whole).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    let whole = |keeper: &str| parents(agency).any(|parent| parent == keeper);
    Ok(found.filter(|f| part(&f.agency, agency) || whole(&f.agency)))
}
