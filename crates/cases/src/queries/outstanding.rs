//! What the applicant owes in all of their cases, the first due at the top.

use super::duty::no_place;
use super::messages::place;
use super::{CaseRow, Paged, due, paged};
use crate::rules::OutstandingKind;
use crate::scope::{Reach, Scope};
use crate::store::{self as rows, OutstandingLine};
use ::store::Store;
use identity::Applicant;
use kernel::{Fault, Outcome, Text, Timestamp};

/// A line of what a party owes.
#[derive(Debug, Clone)]
pub struct OutstandingRow {
    /// What.
    pub kind: OutstandingKind,
    /// The promised material's id; empty for the other kinds.
    pub what: String,
    /// Its name; empty for the other kinds.
    pub name: Text,
    /// Until when; none where no time runs.
    pub due_at: Option<Timestamp>,
    /// The case.
    pub case: CaseRow,
}

/// What the applicant owes, the most urgent first, page after page by key. An agent sees what their mandate covers.
///
/// # Errors
/// `cases.no-place` when the cursor is none.
pub async fn outstanding(
    store: &Store,
    who: &Applicant,
    cursor: Option<&str>,
    limit: i64,
) -> Outcome<Paged<OutstandingRow>> {
    let after = match cursor {
        None => (i64::MIN, String::new(), String::new(), String::new()),
        Some(text) => place(text).ok_or_else(no_place)?,
    };
    let Reach::Party(subject, _, agent) = Scope::from(who).0 else {
        return Ok(Paged { rows: Vec::new(), next: None });
    };
    let lines = rows::outstanding(store, subject, agent.as_ref(), after, limit + 1).await?;
    let key = |l: &OutstandingLine| format!("{}.{}.{}.{}", l.due_at, l.case.id, l.kind, l.what);
    Ok(paged(lines, limit, key, one)?)
}

fn one(line: OutstandingLine) -> Result<OutstandingRow, Fault> {
    let kind = OutstandingKind::ALL.into_iter().find(|k| k.word() == line.kind);
    let kind = kind.ok_or_else(|| Fault::new(format!("{} is nothing outstanding", line.kind)))?;
    let (what, name, due_at) = (line.what, line.name, due(line.due_at));
    Ok(OutstandingRow { kind, what, name, due_at, case: CaseRow::of(line.case)? })
}
