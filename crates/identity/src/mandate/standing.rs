//! What stands in somebody's own space about mandates: offers that wait for an answer, and what ends soon.

use super::{Mandate, MandateState, Side, speaker};
use crate::rights::Applicant;
use crate::store;
use ::store::Store;
use kernel::{Fault, Timestamp};

/// What waits and what ends.
#[derive(Debug, Clone, Default)]
pub struct Standing {
    /// Offers that wait for the reader's answer, the first to lapse at the top.
    pub offers: Vec<Mandate>,
    /// Mandates in force that end soon, with the reader's side of each.
    pub ending: Vec<(Side, Mandate)>,
}

/// The mandates of `who` that wait or that end by `until`; none for whoever may not speak in matters of.
///
/// # Errors
/// A [`Fault`] when the database does not answer.
pub async fn standing(
    store: &Store,
    who: &Applicant,
    (now, until): (Timestamp, Timestamp),
    limit: i64,
) -> Result<Standing, Fault> {
    let Ok(me) = speaker(who) else { return Ok(Standing::default()) };
    let (mut found, limit) = (Standing::default(), limit.clamp(1, 50));
    let offered = MandateState::Offered;
    for id in store::mandates_ending(store, ("agent", me), offered, (now, Timestamp::MAX), limit).await? {
        found.offers.extend(store::mandate(store, id).await?);
    }
    for (side, column) in [(Side::Given, "principal"), (Side::Held, "agent")] {
        for id in
            store::mandates_ending(store, (column, me), MandateState::Accepted, (now, until), limit).await?
        {
            found.ending.extend(store::mandate(store, id).await?.map(|mandate| (side, mandate)));
        }
    }
    found.ending.sort_by_key(|(_, mandate)| mandate.until_at);
    Ok(found)
}
