//! What reached the applicant in all of their cases: notices, and what staff wrote to them; the latest first.

use super::duty::no_place;
use super::{CaseRow, Paged, paged};
use crate::scope::{Reach, Scope};
use crate::store::{self as rows, MessageLine};
use ::store::Store;
use identity::Applicant;
use kernel::{AgencyCode, Fault, Outcome, Text, Timestamp};

/// Unread messages are counted so far, no further.
pub const UNREAD_MAX: i64 = 99;

/// Where a message stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MessageOf {
    /// A notice: its id.
    Notice(String),
    /// The conversation about the case.
    Talk,
}

/// Something that reached the applicant.
#[derive(Debug, Clone)]
pub struct MessageRow {
    /// Where it stands.
    pub of: MessageOf,
    /// The notice's name; empty for what staff wrote.
    pub title: Text,
    /// Who sent it.
    pub agency: AgencyCode,
    /// When.
    pub at: Timestamp,
    /// When it was first opened by the party or for it.
    pub read_at: Option<Timestamp>,
    /// The case.
    pub case: CaseRow,
}

/// What reached the applicant, the latest first, page after page by key. An agent sees what their mandate covers.
///
/// # Errors
/// `cases.no-place` when the cursor is none.
pub async fn messages(
    store: &Store,
    who: &Applicant,
    cursor: Option<&str>,
    limit: i64,
) -> Outcome<Paged<MessageRow>> {
    let before = match cursor {
        None => (i64::MAX, String::new(), String::new(), String::new()),
        Some(text) => place(text).ok_or_else(no_place)?,
    };
    let Reach::Party(subject, _, agent) = Scope::from(who).0 else {
        return Ok(Paged { rows: Vec::new(), next: None });
    };
    let lines = rows::messages(store, subject, agent.as_ref(), before, limit + 1).await?;
    let key = |l: &MessageLine| format!("{}.{}.{}.{}", l.at.as_microsecond(), l.case.id, l.source, l.place);
    Ok(paged(lines, limit, key, one)?)
}

/// How many of them are unread, [`UNREAD_MAX`] at most.
///
/// # Errors
/// A fault when the database does not answer.
pub async fn unread(store: &Store, who: &Applicant) -> Result<i64, Fault> {
    let Reach::Party(subject, _, agent) = Scope::from(who).0 else { return Ok(0) };
    rows::unread(store, subject, agent.as_ref(), UNREAD_MAX).await
}

fn one(line: MessageLine) -> Result<MessageRow, Fault> {
    let of = if line.source == "notice" { MessageOf::Notice(line.place) } else { MessageOf::Talk };
    let agency = rows::agency(&line.agency)?;
    let (title, at, read_at) = (line.title, line.at, line.read_at);
    Ok(MessageRow { of, title, agency, at, read_at, case: CaseRow::of(line.case)? })
}

/// A place in a list that is ordered by a moment, a case and two words.
pub(super) fn place(text: &str) -> Option<(i64, String, String, String)> {
    let mut parts = text.splitn(4, '.');
    let mut next = || parts.next().map(str::to_owned);
    Some((next()?.parse().ok()?, next()?, next()?, next()?))
}
