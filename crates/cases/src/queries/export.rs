//! Cases with their histories, page by page: for CSV and XES, in constant memory.

use super::{CaseRow, Paged, paged};
use crate::event::CaseEvent;
use crate::model::Case;
use crate::rules;
use crate::scope::Scope;
use crate::store as rows;
use crate::verbs;
use ::store::Store;
use kernel::Outcome;
use trace::Recorded;

/// A case with its history.
#[derive(Debug, Clone)]
pub struct Exported {
    /// Its row.
    pub row: CaseRow,
    /// The administrative division it belongs to.
    pub division: String,
    /// Its events.
    pub events: Vec<Recorded<CaseEvent>>,
    /// The case folded from them.
    pub case: Case,
}

/// The cases of a scope by id, after `cursor`; one look at the trace for each page.
///
/// # Errors
/// A fault when a chain is broken.
pub async fn export_from(
    store: &Store,
    scope: &Scope,
    cursor: Option<&str>,
    limit: i64,
) -> Outcome<Paged<Exported>> {
    let lines = rows::cases_after(store, scope, cursor.unwrap_or_default(), limit + 1).await?;
    let page = paged(lines, limit, |l| l.id.to_string(), Ok)?;
    let subjects: Vec<trace::Subject> = page.rows.iter().map(|l| verbs::subject_of(l.id)).collect();
    let histories = trace::histories::<CaseEvent>(store, &subjects).await?;
    let mut rows = Vec::with_capacity(page.rows.len());
    for (line, traced) in page.rows.into_iter().zip(histories) {
        let case = rules::fold(traced.events.iter().map(|e| (&e.event, e.occurred_at)))?;
        let division = line.division.clone();
        rows.push(Exported { row: CaseRow::of(line)?, division, events: traced.events, case });
    }
    Ok(Paged { rows, next: page.next })
}

/// The rows alone of the cases of a scope by id, after `cursor`: for tables.
///
/// # Errors
/// A fault of the store.
pub async fn export_rows(
    store: &Store,
    scope: &Scope,
    cursor: Option<&str>,
    limit: i64,
) -> Outcome<Paged<CaseRow>> {
    let lines = rows::cases_after(store, scope, cursor.unwrap_or_default(), limit + 1).await?;
    Ok(paged(lines, limit, |l| l.id.to_string(), CaseRow::of)?)
}
