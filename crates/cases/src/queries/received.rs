//! What a window received for the bodies of other places: that it is there and how it stands, and nothing of what it holds.

use super::{CaseRow, Paged, paged};
use crate::store as rows;
use ::store::Store;
use identity::Clerk;
use kernel::{Fault, Outcome, Refusal};

/// The cases that this clerk's agency received for other places, the last filed first, after `after`.
///
/// # Errors
/// Not found for a place in the list that is none; a fault of the store.
pub async fn received_here(
    store: &Store,
    who: &Clerk,
    after: Option<&str>,
    limit: i64,
) -> Outcome<Paged<CaseRow>> {
    let from = match after {
        None => (i64::MAX, String::new()),
        Some(text) => {
            let (at, id) = text.split_once('.').ok_or_else(Refusal::not_found)?;
            (at.parse().map_err(|_| Refusal::not_found())?, id.to_owned())
        }
    };
    let lines = rows::received(store, who.agency().as_str(), from, limit + 1).await?;
    let found: Result<_, Fault> =
        paged(lines, limit, |l| rows::place(l.filed_at.as_microsecond(), l.id), CaseRow::of);
    Ok(found?)
}
