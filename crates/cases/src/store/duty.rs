//! What is owed beside tasks: one row for each kind in a case, written with the event that brings or ends it.

use super::case::{COLUMNS, CaseLine};
use crate::model::CaseId;
use crate::projection::{NO_DUE, Projection, Public};
use crate::rules::Duty;
use kernel::{Fault, Timestamp};
use store::{Commit, FromRow, Row, Store, params, row};

row! {
    /// A duty as it stands in the table.
    pub(crate) struct DutyLine {
        pub(crate) kind: String,
        pub(crate) due_at: i64,
        pub(crate) since: Timestamp,
    }
}

/// A duty with its case.
pub(crate) struct Owed {
    pub duty: DutyLine,
    pub case: CaseLine,
}

impl FromRow for Owed {
    fn from_row(mut row: Row) -> Result<Self, Fault> {
        let duty = DutyLine { kind: row.take(0)?, due_at: row.take(1)?, since: row.take(2)? };
        Ok(Self { duty, case: CaseLine::from_row(row.skip(3))? })
    }
}

fn due(duty: &Duty) -> i64 {
    duty.due.map_or(NO_DUE, |at| at.as_microsecond())
}

/// Brings the rows of a case from `before` to what it owes now.
pub(super) fn change(commit: &mut Commit, case: &Projection, before: &[Duty]) {
    for old in before.iter().filter(|d| case.duties.iter().all(|now| now.kind != d.kind)) {
        commit.exec_any(
            "DELETE FROM cases_duty WHERE case_id = $1 AND kind = $2",
            params![case.id, old.kind.word()],
        );
    }
    for duty in case.duties.iter().filter(|d| !before.contains(d)) {
        commit.exec_any(
            "INSERT INTO cases_duty (case_id, kind, agency, due_at, since) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (case_id, kind) DO UPDATE SET due_at = excluded.due_at, since = excluded.since",
            params![case.id, duty.kind.word(), case.agency.as_str(), due(duty), duty.since],
        );
    }
}

/// Brings the rows of what is public from `before` to what is public now.
pub(super) fn publish(commit: &mut Commit, case: &Projection, before: &[Public]) {
    for old in before.iter().filter(|old| !case.public.contains(old)) {
        commit.exec_any(
            "DELETE FROM cases_public WHERE case_id = $1 AND step = $2",
            params![case.id, old.step],
        );
    }
    for public in case.public.iter().filter(|p| !before.contains(p)) {
        commit.exec_any(
            "INSERT INTO cases_public (case_id, step, until_at, since) VALUES ($1, $2, $3, $4)
             ON CONFLICT (case_id, step) DO UPDATE SET until_at = excluded.until_at, since = excluded.since",
            params![case.id, public.step, public.until, public.since],
        );
    }
}

/// A step that is public, with its case.
pub(crate) struct PublicLine {
    pub step: String,
    pub since: Timestamp,
    pub until: Timestamp,
    pub case: CaseLine,
}

impl FromRow for PublicLine {
    fn from_row(mut row: Row) -> Result<Self, Fault> {
        let (step, since, until) = (row.take(0)?, row.take(1)?, row.take(2)?);
        Ok(Self { step, since, until, case: CaseLine::from_row(row.skip(3))? })
    }
}

/// What is public at `now`, what ends first at the top, after (`until`, `case`, `step`).
pub(crate) async fn public(
    store: &Store,
    now: Timestamp,
    after: (i64, String, String),
    limit: i64,
) -> Result<Vec<PublicLine>, Fault> {
    let sql = format!(
        "SELECT p.step, p.since, p.until_at, {COLUMNS} FROM cases_public p JOIN cases_case c ON c.id = p.case_id
         WHERE p.until_at >= $1 AND (p.until_at, p.case_id, p.step) > ($2, $3, $4)
         ORDER BY p.until_at, p.case_id, p.step LIMIT $5"
    );
    store.rows(&sql, params![now, after.0, after.1, after.2, limit]).await
}

/// One public step of the case with this number, while it is public.
pub(crate) async fn public_step(
    store: &Store,
    now: Timestamp,
    number: &str,
    step: &str,
) -> Result<Option<PublicLine>, Fault> {
    let sql = format!(
        "SELECT p.step, p.since, p.until_at, {COLUMNS} FROM cases_case c JOIN cases_public p ON p.case_id = c.id
         WHERE c.number = $1 AND p.step = $2 AND p.until_at >= $3"
    );
    store.row(&sql, params![number, step, now]).await
}

/// What an agency owes, the most urgent first, after (`due`, `case`, `kind`).
pub(crate) async fn owed(
    store: &Store,
    agency: &str,
    after: (i64, String, String),
    limit: i64,
) -> Result<Vec<Owed>, Fault> {
    let sql = format!(
        "SELECT d.kind, d.due_at, d.since, {COLUMNS} FROM cases_duty d JOIN cases_case c ON c.id = d.case_id
         WHERE d.agency = $1 AND (d.due_at, d.case_id, d.kind) > ($2, $3, $4)
         ORDER BY d.due_at, d.case_id, d.kind LIMIT $5"
    );
    store.rows(&sql, params![agency, after.0, after.1, after.2, limit]).await
}

/// What is owed in one case.
pub(crate) async fn of_case(store: &Store, case: CaseId) -> Result<Vec<DutyLine>, Fault> {
    store
        .rows("SELECT kind, due_at, since FROM cases_duty WHERE case_id = $1 ORDER BY kind", params![case])
        .await
}
