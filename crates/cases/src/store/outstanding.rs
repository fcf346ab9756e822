//! What parties owe, and on which certificates a case relies: one row for each thing, written with the event that brings or ends it.

use super::case::{COLUMNS, CaseLine, only};
use crate::model::{CaseId, CertificateId};
use crate::projection::{NO_DUE, Projection};
use crate::rules::Outstanding;
use crate::scope::Limited;
use kernel::{Fault, SubjectId, Text};
use store::{Commit, FromRow, Row, Store, params};

/// A thing outstanding, with its case.
pub(crate) struct OutstandingLine {
    pub kind: String,
    pub what: String,
    pub name: Text,
    pub due_at: i64,
    pub case: CaseLine,
}

impl FromRow for OutstandingLine {
    fn from_row(mut row: Row) -> Result<Self, Fault> {
        let name = Text::new(row.take::<String>(2)?, row.take::<String>(3)?);
        let (kind, what, due_at) = (row.take(0)?, row.take(1)?, row.take(4)?);
        Ok(Self { kind, what, name, due_at, case: CaseLine::from_row(row.skip(5))? })
    }
}

fn due(outstanding: &Outstanding) -> i64 {
    outstanding.due.map_or(NO_DUE, |at| at.as_microsecond())
}

/// Brings the rows of a case from `before` to what its parties owe now.
pub(super) fn change(commit: &mut Commit, case: &Projection, before: &[Outstanding]) {
    for old in before.iter().filter(|old| !case.outstanding.iter().any(|now| now.key() == old.key())) {
        commit.exec_any(
            "DELETE FROM cases_outstanding WHERE case_id = $1 AND subject = $2 AND kind = $3 AND what = $4",
            params![case.id, old.subject, old.kind.word(), old.what],
        );
    }
    for now in case.outstanding.iter().filter(|now| !before.contains(now)) {
        commit.exec_any(
            "INSERT INTO cases_outstanding (case_id, subject, kind, what, name_zh, name_en, due_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7)
             ON CONFLICT (case_id, subject, kind, what) DO UPDATE SET due_at = excluded.due_at",
            params![case.id, now.subject, now.kind.word(), now.what, now.name.zh, now.name.en, due(now)],
        );
    }
}

/// What `subject` owes, the first due at the top, after (`due`, `case`, `kind`, `what`).
pub(crate) async fn outstanding(
    store: &Store,
    subject: SubjectId,
    agent: Option<&Limited>,
    after: (i64, String, String, String),
    limit: i64,
) -> Result<Vec<OutstandingLine>, Fault> {
    let (only, mut more) = only(agent, 7);
    let sql = format!(
        "SELECT w.kind, w.what, w.name_zh, w.name_en, w.due_at, {COLUMNS}
         FROM cases_outstanding w JOIN cases_case c ON c.id = w.case_id
         WHERE w.subject = $1 AND (w.due_at, w.case_id, w.kind, w.what) > ($2, $3, $4, $5){only}
         ORDER BY w.due_at, w.case_id, w.kind, w.what LIMIT $6"
    );
    let mut params = params![subject, after.0, after.1, after.2, after.3, limit];
    params.append(&mut more);
    store.rows(&sql, params).await
}

/// Who owes what in one case: subject, kind, what.
pub(crate) async fn outstanding_in(
    store: &Store,
    case: CaseId,
) -> Result<Vec<(SubjectId, String, String)>, Fault> {
    store.rows("SELECT subject, kind, what FROM cases_outstanding WHERE case_id = $1", params![case]).await
}

/// Brings the rows of the certificates on which a case relies from `before` to now.
pub(super) fn rely(commit: &mut Commit, case: &Projection, before: &[CertificateId]) {
    for old in before.iter().filter(|old| !case.relying.contains(old)) {
        commit.exec_any(
            "DELETE FROM cases_relied WHERE certificate = $1 AND case_id = $2",
            params![*old, case.id],
        );
    }
    for now in case.relying.iter().filter(|now| !before.contains(now)) {
        commit
            .exec("INSERT INTO cases_relied (certificate, case_id) VALUES ($1, $2)", params![*now, case.id]);
    }
}

/// The running cases that rely on a certificate, by id and number, after `after`.
pub(crate) async fn relying_on(
    store: &Store,
    certificate: CertificateId,
    after: &str,
    limit: i64,
) -> Result<Vec<(String, String)>, Fault> {
    let sql = "SELECT r.case_id, c.number FROM cases_relied r JOIN cases_case c ON c.id = r.case_id
         WHERE r.certificate = $1 AND r.case_id > $2 ORDER BY r.case_id LIMIT $3";
    store.rows(sql, params![certificate, after, limit]).await
}
