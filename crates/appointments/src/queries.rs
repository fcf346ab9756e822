//! What others read of the room: what somebody has booked, and whether they may book on line.

use crate::model::AppointmentId;
use crate::rules::absence;
use crate::settings::Settings;
use crate::store::{self as rows, AppointmentRow};
use ::store::Store;
use identity::Applicant;
use identity::mandate::Matters;
use kernel::{Fault, Outcome, Refusal, SubjectId, Timestamp};
use std::collections::BTreeSet;

/// The items that an agent's mandate names; none where all of the principal's matters are theirs.
pub(crate) fn items_of(who: &Applicant) -> Option<&BTreeSet<String>> {
    who.mandate().and_then(|m| match &m.matters {
        Matters::All => None,
        Matters::Items(items) => Some(items),
    })
}

/// What is booked in the name of whoever `who` acts for, the last to begin at the top, before `before` (a moment and an id).
///
/// # Errors
/// A [`Fault`] when the database does not answer.
pub async fn mine(
    store: &Store,
    who: &Applicant,
    before: &(i64, String),
    limit: i64,
) -> Result<Vec<AppointmentRow>, Fault> {
    rows::list_of(store, who.subject(), items_of(who), before, limit).await
}

/// One of them.
///
/// # Errors
/// Not found for one that is not theirs.
pub async fn one_of(store: &Store, who: &Applicant, id: AppointmentId) -> Outcome<AppointmentRow> {
    Ok(rows::of_party(store, who.subject(), items_of(who), id).await?.ok_or_else(Refusal::not_found)?)
}

/// The absences of the person who acts that still matter, and until when nothing can be booked on line because of them.
///
/// # Errors
/// A [`Fault`] when the database does not answer.
pub async fn paused(
    store: &Store,
    who: &Applicant,
    now: Timestamp,
    terms: &Settings,
) -> Result<(Vec<AppointmentRow>, Option<Timestamp>), Fault> {
    paused_of(store, &SubjectId::Person(who.person()).to_string(), now, terms).await
}

/// The same for a visitor's key.
pub(crate) async fn paused_of(
    store: &Store,
    visitor: &str,
    now: Timestamp,
    terms: &Settings,
) -> Result<(Vec<AppointmentRow>, Option<Timestamp>), Fault> {
    let missed = rows::missed(store, visitor, absence::since(now, terms)).await?;
    let times: Vec<Timestamp> = missed.iter().map(|m| m.starts_at).collect();
    Ok((missed, absence::paused_until(&times, now, terms)))
}
