//! What the courier asks, owed before the parcel leaves: with the other fees of the matter, so that one act pays all.
//!
//! A parcel has one charge at a time; what is not owed any more is told before what is owed instead.

use super::Law;
use crate::event::ParcelEvent;
use crate::model::*;
use kernel::Timestamp;

/// The other fees of the matter are due: so is this, where a courier is to carry it.
pub(super) fn due(parcel: &Parcel, charge: &Charge) -> Vec<ParcelEvent> {
    if !parcel.open() || parcel.charge.is_some() || parcel.how.address().is_none() {
        return Vec::new();
    }
    vec![ParcelEvent::Charged { charge: charge.clone() }]
}

/// Another way may cost otherwise: `charge` is what this one asks, where that is owed at once.
pub(super) fn chosen(parcel: &Parcel, how: &How, charge: Option<&Charge>) -> Vec<ParcelEvent> {
    let asks = charge.filter(|_| how.address().is_some());
    let same = |was: &Charge| asks.is_some_and(|c| (&c.fee, c.amount) == (&was.fee, was.amount));
    if parcel.charge.as_ref().is_some_and(same) {
        return Vec::new();
    }
    let spared = parcel.charge.iter().map(|c| ParcelEvent::Spared { order: c.order });
    let charged = asks.map(|c| ParcelEvent::Charged { charge: c.clone() });
    spared.chain(charged).collect()
}

/// Nothing came that could be sent. A certificate may be made a while after its case is over; so long it is waited for.
pub(super) fn for_nothing(parcel: &Parcel, law: Law<'_>) -> Vec<ParcelEvent> {
    let passed = waits_until(parcel, law).is_some_and(|until| law.now > until);
    let charge = parcel.charge.iter().filter(|_| passed);
    charge.map(|c| ParcelEvent::Spared { order: c.order }).collect()
}

/// Until when something may come for which a charge is owed.
pub(super) fn waits_until(parcel: &Parcel, law: Law<'_>) -> Option<Timestamp> {
    let nothing = parcel.charge.is_some() && parcel.state() == State::Nothing;
    let over = parcel.over.filter(|_| nothing)?;
    Some(law.calendar.due(over, law.terms.remind).at)
}
