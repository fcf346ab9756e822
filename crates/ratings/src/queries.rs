//! What others read of the room: what somebody may rate, and what they have said.

use crate::model::{Rating, RatingEvent};
use crate::rules;
use crate::store::{self as rows, InvitationRow, RatingRow};
use ::store::Store;
use identity::Applicant;
use identity::mandate::Matters;
use kernel::{Fault, Outcome, Timestamp};
use std::collections::BTreeSet;

/// The items that an agent's mandate names; none where all of the principal's matters are theirs.
pub(crate) fn items_of(who: &Applicant) -> Option<&BTreeSet<String>> {
    who.mandate().and_then(|m| match &m.matters {
        Matters::All => None,
        Matters::Items(items) => Some(items),
    })
}

/// What `who` may rate now, what ended last at the top: one look-up.
///
/// # Errors
/// A [`Fault`] when the database does not answer.
pub async fn invited(
    store: &Store,
    who: &Applicant,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<InvitationRow>, Fault> {
    rows::invitations(store, who.subject(), items_of(who), now, limit).await
}

/// A rating with what was written.
#[derive(Debug, Clone)]
pub struct Given {
    /// Its row.
    pub row: RatingRow,
    /// What was said and answered.
    pub rating: Rating,
}

impl Given {
    /// Opens a row: what was written lies sealed in the trace.
    pub(crate) async fn open(store: &Store, row: RatingRow) -> Outcome<Self> {
        let (_, events) = trace::history::<RatingEvent>(store, &row.id.subject()).await?;
        Ok(Self { rating: rules::fold(&events)?, row })
    }
}

/// What `who` has said, the latest first, before `before` (a moment and an id).
///
/// # Errors
/// A fault of the store.
pub async fn given(store: &Store, who: &Applicant, before: (i64, String), limit: i64) -> Outcome<Vec<Given>> {
    let rows = rows::list_of(store, who.subject(), items_of(who), before, limit).await?;
    let mut all = Vec::with_capacity(rows.len());
    for row in rows {
        all.push(Given::open(store, row).await?);
    }
    Ok(all)
}
