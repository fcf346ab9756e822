//! What is heard of a courier, in whatever order it comes; and whose signature counts.

use super::{Law, no};
use crate::event::ParcelEvent;
use crate::model::*;
use crate::settings::Settings;
use kernel::{Outcome, SubjectId, Timestamp};

/// Whether a signature is the service of what lies in the parcel.
pub fn counts(signer: Signer, recipient: SubjectId, terms: &Settings) -> bool {
    let firm = matches!(recipient, SubjectId::Organisation(_));
    match signer {
        Signer::Oneself => true,
        Signer::Family => terms.family_counts && !firm,
        Signer::Mailroom => terms.mailroom_counts && firm,
        Signer::Locker => terms.locker_counts,
        Signer::Other => false,
    }
}

/// What was heard: once, and never backwards. What contradicts an end that was heard is written down and moves nothing.
pub(super) fn hear(
    parcel: &Parcel,
    order: OrderId,
    leg: &Leg,
    terms: &Settings,
) -> Outcome<Vec<ParcelEvent>> {
    let attempt = parcel.attempts.iter().find(|a| a.order == order).ok_or_else(no::no_order)?;
    let same = |l: &Leg| l.said == leg.said && l.signer == leg.signer;
    if attempt.legs.iter().chain(&attempt.odd).any(same) {
        return Ok(Vec::new());
    }
    let served = parcel.reached.as_ref().is_some_and(|r| r.counts);
    let last = parcel.attempt().is_some_and(|a| a.order == order);
    let over = attempt.ended() || !last || parcel.kept.is_some() || (served && leg.said == Said::Returned);
    if leg.ends() && over {
        return Ok(vec![ParcelEvent::Contradicted { order, leg: leg.clone() }]);
    }
    let mut events = vec![ParcelEvent::Moved { order, leg: leg.clone() }];
    if leg.said == Said::Signed && !served && !over {
        let signer = leg.signer.unwrap_or(Signer::Other);
        let reached = Reached {
            signer,
            name: leg.note.clone(),
            at: leg.at,
            counts: counts(signer, parcel.begun.recipient, terms),
            at_window: false,
        };
        events.push(ParcelEvent::Signed { reached });
    }
    Ok(events)
}

/// The recipient's own word.
pub(super) fn confirm(parcel: &Parcel, name: &str, now: Timestamp) -> Outcome<Vec<ParcelEvent>> {
    match parcel.state() {
        State::Signed | State::Collected => return Ok(Vec::new()),
        State::Deposited | State::Moving | State::HandedOver => {}
        _ => return Err(no::not_on_its_way().into()),
    }
    let reached =
        Reached { signer: Signer::Oneself, name: name.to_owned(), at: now, counts: true, at_window: false };
    Ok(vec![ParcelEvent::Signed { reached }])
}

/// A clerk has it in hand again, whatever the courier said or did not say.
pub(super) fn take_back(parcel: &Parcel, reason: &str, law: Law<'_>) -> Outcome<Vec<ParcelEvent>> {
    match parcel.state() {
        State::Returned => return Ok(Vec::new()),
        State::Refused | State::Moving | State::HandedOver => {}
        _ => return Err(no::not_on_its_way().into()),
    }
    if reason.trim().is_empty() {
        return Err(no::say_why("reason").into());
    }
    let Some(attempt) = parcel.attempt() else { return Err(no::no_order().into()) };
    let leg = Leg {
        said: Said::Returned,
        at: law.now,
        signer: None,
        note: reason.trim().to_owned(),
        via: Heard::Desk,
    };
    Ok(vec![ParcelEvent::Moved { order: attempt.order, leg }])
}
