//! What an agency owes beside its tasks, in one list; and what is public now (公示), for everybody.

use super::{CaseRow, Paged, due, paged};
use crate::rules::DutyKind;
use crate::scope::Handler;
use crate::store::{self as rows, Owed, PublicLine};
use ::store::Store;
use kernel::codes::CaseNumber;
use kernel::{Fault, Outcome, Refusal, RefusalKind, Timestamp};

/// A line of what is owed.
#[derive(Debug, Clone)]
pub struct DutyRow {
    /// What.
    pub kind: DutyKind,
    /// Since when.
    pub since: Timestamp,
    /// Until when; none where no law sets a term.
    pub due_at: Option<Timestamp>,
    /// The case.
    pub case: CaseRow,
}

/// What the handler's agency owes in its cases, the most urgent first, page after page by key.
///
/// # Errors
/// A refusal when the cursor is none.
pub async fn owed(store: &Store, who: &Handler, cursor: Option<&str>, limit: i64) -> Outcome<Paged<DutyRow>> {
    let after = match cursor {
        None => (i64::MIN, String::new(), String::new()),
        Some(text) => place(text).ok_or_else(no_place)?,
    };
    let lines = rows::owed(store, who.agency().as_str(), after, limit + 1).await?;
    let key = |o: &Owed| format!("{}.{}.{}", o.duty.due_at, o.case.id, o.duty.kind);
    Ok(paged(lines, limit, key, one)?)
}

fn one(owed: Owed) -> Result<DutyRow, Fault> {
    let kind = DutyKind::ALL.into_iter().find(|k| k.word() == owed.duty.kind);
    let kind = kind.ok_or_else(|| Fault::new(format!("{} is no duty", owed.duty.kind)))?;
    let (since, due_at) = (owed.duty.since, due(owed.duty.due_at));
    Ok(DutyRow { kind, since, due_at, case: CaseRow::of(owed.case)? })
}

/// A step of a case that is public now, as anybody may see it: a natural person's name is masked.
#[derive(Debug, Clone)]
pub struct PublicRow {
    /// The case.
    pub case: CaseRow,
    /// The step.
    pub step: String,
    /// Since when.
    pub since: Timestamp,
    /// Until when one may object.
    pub until: Timestamp,
    /// Whom it is about.
    pub name: String,
}

/// What is public at `now`, what ends first at the top, page after page by key. Needs no right: it is public.
///
/// # Errors
/// A refusal when the cursor is none.
pub async fn public_now(
    store: &Store,
    now: Timestamp,
    cursor: Option<&str>,
    limit: i64,
) -> Outcome<Paged<PublicRow>> {
    let after = match cursor {
        None => (i64::MIN, String::new(), String::new()),
        Some(text) => place(text).ok_or_else(no_place)?,
    };
    let lines = rows::public(store, now, after, limit + 1).await?;
    let key = |p: &PublicLine| format!("{}.{}.{}", p.until.as_microsecond(), p.case.id, p.step);
    Ok(paged(lines, limit, key, public)?)
}

/// One public step of a case, while it is public.
///
/// # Errors
/// A fault of the store.
pub(crate) async fn public_step(
    store: &Store,
    now: Timestamp,
    number: &CaseNumber,
    step: &str,
) -> Outcome<Option<PublicRow>> {
    let line = rows::public_step(store, now, &number.to_string(), step).await?;
    Ok(line.map(public).transpose()?)
}

fn public(line: PublicLine) -> Result<PublicRow, Fault> {
    let (step, since, until) = (line.step, line.since, line.until);
    let case = CaseRow::of(line.case)?;
    let name =
        if case.natural { page::format::mask_name(&case.subject_name) } else { case.subject_name.clone() };
    Ok(PublicRow { case, step, since, until, name })
}

fn place(text: &str) -> Option<(i64, String, String)> {
    let mut parts = text.splitn(3, '.');
    Some((parts.next()?.parse().ok()?, parts.next()?.to_owned(), parts.next()?.to_owned()))
}

pub(super) fn no_place() -> Refusal {
    Refusal::new(RefusalKind::Invalid, "cases.no-place", "翻页位置有误。", "This is no place in the list.")
        .next("请从第一页开始。", "Begin at the first page.")
}
