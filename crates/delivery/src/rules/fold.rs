//! The fold of a parcel's events.

use crate::event::ParcelEvent;
use crate::model::*;
use kernel::{Fault, Timestamp};
use trace::Recorded;

/// The parcel as its events have it.
///
/// # Errors
/// A [`Fault`] when it does not begin with its beginning.
pub fn fold(events: &[Recorded<ParcelEvent>]) -> Result<Parcel, Fault> {
    let mut all = events.iter();
    let first = all.next().ok_or_else(|| Fault::new("a parcel without events"))?;
    let ParcelEvent::Begun(begun) = &first.event else {
        return Err(Fault::new("a parcel that does not begin with its beginning"));
    };
    let mut parcel = fresh(begun, first.occurred_at);
    for recorded in all {
        apply(&mut parcel, &recorded.event, recorded.occurred_at);
    }
    Ok(parcel)
}

/// A parcel that has just begun.
pub(crate) fn fresh(begun: &Begun, at: Timestamp) -> Parcel {
    Parcel {
        begun: begun.clone(),
        at,
        papers: Vec::new(),
        cases: begun.cases.clone(),
        how: begun.how.clone(),
        parted: None,
        charge: None,
        // Chosen when nothing was left to be decided.
        over: begun.cases.iter().all(|c| c.over).then_some(at),
        packed: None,
        list: None,
        attempts: Vec::new(),
        kept: None,
        reminded: false,
        lapsed: false,
        reached: None,
    }
}

/// What one more event makes of it.
pub fn apply(parcel: &mut Parcel, event: &ParcelEvent, at: Timestamp) {
    match event {
        ParcelEvent::Begun(_) => {}
        ParcelEvent::Contradicted { order, leg } => {
            if let Some(attempt) = parcel.attempts.iter_mut().find(|a| a.order == *order) {
                attempt.odd.push(leg.clone());
            }
        }
        ParcelEvent::PaperCame { paper } => parcel.papers.push(paper.clone()),
        ParcelEvent::PaperGone { paper } => parcel.papers.retain(|p| p.number != *paper),
        ParcelEvent::CaseOver { case } => {
            over(parcel, case);
            parcel.over = parcel.all_over().then_some(at);
        }
        ParcelEvent::Chosen { how, .. } => parcel.how = how.clone(),
        ParcelEvent::Charged { charge } => parcel.charge = Some(charge.clone()),
        ParcelEvent::Spared { .. } => parcel.charge = None,
        ParcelEvent::Parted { why, .. } => parcel.parted = Some(why.clone()),
        ParcelEvent::Packed { order, .. } => {
            parcel.packed = Some(at);
            parcel.attempts.extend(order.map(begun));
        }
        ParcelEvent::Placed { order, tracking } => {
            if let Some(attempt) = parcel.attempts.iter_mut().find(|a| a.order == *order) {
                attempt.tracking = Some(tracking.clone());
            }
        }
        ParcelEvent::Listed { list } => parcel.list = Some(*list),
        ParcelEvent::Unlisted { .. } => parcel.list = None,
        ParcelEvent::HandedOver { .. } => {
            if let Some(attempt) = parcel.attempts.last_mut() {
                attempt.handed_over = Some(at);
            }
        }
        ParcelEvent::Moved { order, leg } => {
            if let Some(attempt) = parcel.attempts.iter_mut().find(|a| a.order == *order) {
                attempt.legs.push(leg.clone());
            }
            // What lay in a locker and was not taken out.
            if leg.said == Said::Returned {
                parcel.reached = parcel.reached.take().filter(|r| r.counts);
            }
        }
        ParcelEvent::Signed { reached } | ParcelEvent::Collected { reached, .. } => {
            parcel.reached = Some(reached.clone());
        }
        ParcelEvent::Kept { place, until } => {
            parcel.kept = Some(Kept { place: place.clone(), since: at, until: (**until).clone() });
        }
        ParcelEvent::SentAgain { how, order, .. } => {
            (parcel.how, parcel.list) = (how.clone(), None);
            parcel.attempts.push(begun(*order));
        }
        ParcelEvent::Reminded => parcel.reminded = true,
        ParcelEvent::Lapsed => parcel.lapsed = true,
    }
}

fn begun(order: OrderId) -> Attempt {
    Attempt { order, tracking: None, legs: Vec::new(), odd: Vec::new(), handed_over: None }
}

fn over(parcel: &mut Parcel, case: &str) {
    match parcel.cases.iter_mut().find(|c| c.number == case) {
        Some(known) => known.over = true,
        None => parcel.cases.push(CaseOf { number: case.to_owned(), over: true }),
    }
}
