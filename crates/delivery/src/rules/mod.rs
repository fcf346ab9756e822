//! Pure decisions about a parcel: `(parcel, command, now) → events | refusal`; and the fold of its events.
//!
//! **Invariant:** nothing leaves with a paper missing; what was heard of a courier takes effect once and never moves a parcel backwards.

mod charge;
mod courier;
mod fold;
mod no;
#[cfg(test)]
mod tests;

pub use courier::counts;
pub(crate) use fold::fresh;
pub use fold::{apply, fold};
pub(crate) use no::*;

use crate::event::ParcelEvent;
use crate::model::*;
use crate::settings::Settings;
use kernel::calendar::{Calendar, Due};
use kernel::{Outcome, Refusal, SubjectId, Text, Timestamp};

/// What can be done with a parcel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Cases yielded something, or are over.
    TakeIn {
        /// What they yielded.
        papers: Vec<Paper>,
        /// The cases, as they stand.
        cases: Vec<CaseOf>,
        /// The numbers of papers that need not be sent any more.
        gone: Vec<String>,
    },
    /// How it is handed over is chosen.
    Choose {
        /// How.
        how: How,
        /// By whom.
        by: By,
        /// What the courier asks, where that is owed at once.
        charge: Option<Charge>,
    },
    /// The other fees of the matter are due, and with them what the courier asks.
    Charge(Charge),
    /// What is there goes first.
    Part {
        /// Why.
        why: String,
        /// By whom.
        by: By,
    },
    /// The papers were ticked; it is closed.
    Pack {
        /// The numbers that were ticked or scanned.
        ticked: Vec<String>,
        /// By whom.
        by: By,
        /// The id of the order, should a courier carry it.
        order: OrderId,
    },
    /// The courier gave its number.
    Placed {
        /// To which order.
        order: OrderId,
        /// The number.
        tracking: String,
    },
    /// It is put on a hand-over list.
    List {
        /// Which.
        list: ListId,
    },
    /// It is taken off.
    Unlist {
        /// Which.
        list: ListId,
    },
    /// The courier signed the list.
    HandOver {
        /// Which.
        list: ListId,
        /// Who signed.
        courier: String,
    },
    /// Something was heard of the courier.
    Hear {
        /// Of which order.
        order: OrderId,
        /// What.
        leg: Leg,
    },
    /// The recipient says that they have it.
    Confirm {
        /// Their name.
        name: String,
    },
    /// A clerk takes in what came back.
    TakeBack {
        /// Why it came back.
        reason: String,
    },
    /// The bag in which it went to a hall of another place was opened there, and it was in it.
    Arrive,
    /// What came back waits at the window.
    Keep,
    /// What came back is sent once more.
    Again {
        /// To which address.
        how: How,
        /// By whom.
        by: By,
        /// The id of the new order.
        order: OrderId,
    },
    /// It is handed out.
    Collect {
        /// Who took it.
        name: String,
        /// Whether their identity was seen.
        seen: bool,
        /// By whom.
        by: By,
    },
    /// A term may have passed.
    Sweep,
}

/// What decisions are made by.
#[derive(Clone, Copy)]
pub struct Law<'a> {
    /// The terms.
    pub terms: &'a Settings,
    /// The days.
    pub calendar: &'a Calendar,
    /// The time.
    pub now: Timestamp,
}

/// What follows from `command`; nothing where it was done before.
///
/// # Errors
/// A refusal that says what stands against it.
pub fn decide(parcel: &Parcel, command: &Command, law: Law<'_>) -> Outcome<Vec<ParcelEvent>> {
    match command {
        Command::TakeIn { papers, cases, gone } => take_in(parcel, papers, cases, gone),
        Command::Choose { how, by, charge } => choose(parcel, how, by, charge.as_ref()),
        Command::Charge(charge) => Ok(charge::due(parcel, charge)),
        Command::Part { why, by } => part(parcel, why, by),
        Command::Pack { ticked, by, order } => pack(parcel, ticked, by, *order, law),
        Command::Placed { order, tracking } => Ok(placed(parcel, *order, tracking)),
        Command::List { list } => listed(parcel, *list),
        Command::Unlist { list } => unlisted(parcel, *list),
        Command::HandOver { list, courier } => handed_over(parcel, *list, courier),
        Command::Hear { order, leg } => courier::hear(parcel, *order, leg, law.terms),
        Command::Confirm { name } => courier::confirm(parcel, name, law.now),
        Command::TakeBack { reason } => courier::take_back(parcel, reason, law),
        Command::Arrive => Ok(arrive(parcel, law)),
        Command::Keep => keep(parcel, law),
        Command::Again { how, by, order } => again(parcel, how, by, *order),
        Command::Collect { name, seen, by } => collect(parcel, name, *seen, by, law.now),
        Command::Sweep => Ok(sweep(parcel, law)),
    }
}

fn take_in(
    parcel: &Parcel,
    papers: &[Paper],
    cases: &[CaseOf],
    gone: &[String],
) -> Outcome<Vec<ParcelEvent>> {
    if !parcel.open() {
        return Err(no::packed().into());
    }
    let known = |paper: &&Paper| parcel.papers.iter().any(|p| p.number == paper.number);
    let came = papers.iter().filter(|p| !known(p)).map(|p| ParcelEvent::PaperCame { paper: p.clone() });
    let over = |case: &&CaseOf| case.over && !parcel.cases.iter().any(|c| c.number == case.number && c.over);
    let ended = cases.iter().filter(over).map(|c| ParcelEvent::CaseOver { case: c.number.clone() });
    let spared = parcel.papers.iter().filter(|p| gone.contains(&p.number));
    let spared = spared.map(|p| ParcelEvent::PaperGone { paper: p.number.clone() });
    Ok(spared.chain(came).chain(ended).collect())
}

fn choose(parcel: &Parcel, how: &How, by: &By, charge: Option<&Charge>) -> Outcome<Vec<ParcelEvent>> {
    if !parcel.open() {
        return Err(no::packed().into());
    }
    let mut events = Vec::new();
    if parcel.how != *how {
        events.push(ParcelEvent::Chosen { how: how.clone(), by: by.clone() });
    }
    events.extend(charge::chosen(parcel, how, charge));
    Ok(events)
}

fn part(parcel: &Parcel, why: &str, by: &By) -> Outcome<Vec<ParcelEvent>> {
    match parcel.state() {
        State::Gathering if parcel.carried().next().is_none() => return Err(no::nothing_yet().into()),
        State::Gathering => {}
        State::Ready if parcel.parted.is_some() => return Ok(Vec::new()),
        State::Ready | State::Nothing => return Err(no::all_there().into()),
        _ => return Err(no::packed().into()),
    }
    if why.trim().is_empty() {
        return Err(no::say_why("why").into());
    }
    Ok(vec![ParcelEvent::Parted { why: why.trim().to_owned(), by: by.clone() }])
}

fn pack(
    parcel: &Parcel,
    ticked: &[String],
    by: &By,
    order: OrderId,
    law: Law<'_>,
) -> Outcome<Vec<ParcelEvent>> {
    match parcel.state() {
        State::Ready => {}
        State::Gathering => return Err(no::still_gathering().into()),
        State::Nothing => return Err(no::nothing_yet().into()),
        _ => return Err(no::packed().into()),
    }
    let missing: Vec<&Paper> = parcel.carried().filter(|p| !ticked.contains(&p.number)).collect();
    if !missing.is_empty() {
        return Err(no::missing(&missing).into());
    }
    let strange: Vec<&str> = ticked
        .iter()
        .filter(|number| !parcel.carried().any(|p| p.number == **number))
        .map(String::as_str)
        .collect();
    if !strange.is_empty() {
        return Err(no::not_of_this(&strange).into());
    }
    let papers = parcel.carried().map(|p| p.number.clone()).collect();
    let by_courier = matches!(parcel.how, How::Courier { .. });
    // What was paid for before is this order.
    let order = by_courier.then(|| parcel.charge.as_ref().map_or(order, |c| c.order));
    let mut events = vec![ParcelEvent::Packed { papers, by: by.clone(), order }];
    if !by_courier && parcel.how.away().is_none() {
        events.push(kept(parcel, law));
    }
    Ok(events)
}

/// It waits at the chosen place, else at the window of the body that packed it.
fn kept(parcel: &Parcel, law: Law<'_>) -> ParcelEvent {
    let place = match &parcel.how {
        How::Collect { name, .. } => name.clone(),
        _ => Text::default(),
    };
    let until: Due = law.calendar.due(law.now, law.terms.collect);
    ParcelEvent::Kept { place, until: Box::new(until) }
}

fn placed(parcel: &Parcel, order: OrderId, tracking: &str) -> Vec<ParcelEvent> {
    let fresh = parcel.attempts.iter().any(|a| a.order == order && a.tracking.is_none());
    let event = || ParcelEvent::Placed { order, tracking: tracking.to_owned() };
    fresh.then(event).into_iter().collect()
}

fn listed(parcel: &Parcel, list: ListId) -> Outcome<Vec<ParcelEvent>> {
    match (parcel.state(), parcel.list) {
        (State::Packed, _) if parcel.attempt().is_some() => Ok(vec![ParcelEvent::Listed { list }]),
        (State::Listed, Some(own)) if own == list => Err(no::scanned_twice().into()),
        (State::Listed, _) => Err(no::on_another_list().into()),
        (State::Gathering | State::Ready | State::Nothing, _) => Err(no::not_packed().into()),
        (State::Packed | State::Collectable | State::Lapsed | State::Collected, _) => {
            Err(no::not_by_courier().into())
        }
        _ => Err(no::handed_over_before().into()),
    }
}

fn unlisted(parcel: &Parcel, list: ListId) -> Outcome<Vec<ParcelEvent>> {
    if parcel.state() == State::Listed && parcel.list == Some(list) {
        return Ok(vec![ParcelEvent::Unlisted { list }]);
    }
    Err(Refusal::not_found().into())
}

fn handed_over(parcel: &Parcel, list: ListId, courier: &str) -> Outcome<Vec<ParcelEvent>> {
    if parcel.state() != State::Listed || parcel.list != Some(list) {
        return Err(no::handed_over_before().into());
    }
    Ok(vec![ParcelEvent::HandedOver { list, courier: courier.to_owned() }])
}

fn arrive(parcel: &Parcel, law: Law<'_>) -> Vec<ParcelEvent> {
    let travels = parcel.state() == State::Packed && parcel.how.away().is_some();
    travels.then(|| kept(parcel, law)).into_iter().collect()
}

fn keep(parcel: &Parcel, law: Law<'_>) -> Outcome<Vec<ParcelEvent>> {
    match parcel.state() {
        State::Returned => Ok(vec![kept(parcel, law)]),
        State::Collectable => Ok(Vec::new()),
        _ => Err(no::not_returned().into()),
    }
}

fn again(parcel: &Parcel, how: &How, by: &By, order: OrderId) -> Outcome<Vec<ParcelEvent>> {
    if parcel.state() != State::Returned {
        return Err(no::not_returned().into());
    }
    if parcel.attempts.len() > 1 {
        return Err(no::sent_twice().into());
    }
    if how.address().is_none() {
        return Err(no::no_address().into());
    }
    Ok(vec![ParcelEvent::SentAgain { by: by.clone(), how: how.clone(), order }])
}

fn collect(parcel: &Parcel, name: &str, seen: bool, by: &By, now: Timestamp) -> Outcome<Vec<ParcelEvent>> {
    match parcel.state() {
        State::Collectable | State::Lapsed => {}
        State::Collected => return Err(no::collected().into()),
        _ => return Err(no::not_here().into()),
    }
    if !seen {
        return Err(no::see_identity().into());
    }
    if name.trim().is_empty() {
        return Err(no::who_took_it().into());
    }
    let own = name.trim() == parcel.begun.recipient_name;
    let firm = matches!(parcel.begun.recipient, SubjectId::Organisation(_));
    // Who comes for somebody else showed the code and their own identity: they were sent.
    let signer = if own || firm { Signer::Oneself } else { Signer::Other };
    let reached = Reached { signer, name: name.trim().to_owned(), at: now, counts: true, at_window: true };
    Ok(vec![ParcelEvent::Collected { reached, by: by.clone() }])
}

fn sweep(parcel: &Parcel, law: Law<'_>) -> Vec<ParcelEvent> {
    let Some(kept) = &parcel.kept else { return charge::for_nothing(parcel, law) };
    if parcel.reached.is_some() || parcel.lapsed {
        return Vec::new();
    }
    if law.now > kept.until.at {
        return vec![ParcelEvent::Lapsed];
    }
    let remind = law.calendar.due(kept.since, law.terms.remind).at;
    if law.now > remind && !parcel.reminded { vec![ParcelEvent::Reminded] } else { Vec::new() }
}

/// When the program looks at it next.
pub fn next(parcel: &Parcel, law: Law<'_>) -> Option<Timestamp> {
    let Some(kept) = &parcel.kept else { return charge::waits_until(parcel, law) };
    if parcel.reached.is_some() || parcel.lapsed {
        return None;
    }
    Some(match parcel.reminded {
        true => kept.until.at,
        false => law.calendar.due(kept.since, law.terms.remind).at.min(kept.until.at),
    })
}
