//! What can be done, one file for each group of verbs; each adds to the caller's commit.
//!
//! Whatever changes a queue raises the `rev` of its hall and day, which it read first: of two at the same moment, on one server or on
//! several, one is decided again on fresh state. So all takings and callings of a hall stand in one order.

mod call;
mod card;
mod codes;
mod duty;
mod import;
mod items;
mod leftover;
mod manage;
pub mod paper;
mod report;
mod staff;
mod sweep;
mod take;
mod visit;

pub use call::{Ending, call_next, deny_priority, end, move_on, pass, recall, report_extra, requeue, start};
pub use card::{card_here, has_reader, take_card};
pub(crate) use card::{card_read, gone};
pub(crate) use codes::{Device, begin_pairing, pair, pairing_code, tablet, ticket_by_code};
pub use duty::{begin_duty, end_duty};
pub use import::{Imported, import};
pub(crate) use items::items_of;
pub use leftover::{carry_over, close, release};
pub use manage::{Manager, revoke_kiosk, set_kiosk, set_window};
pub(crate) use manage::{is_new_kiosk, prefix};
pub(crate) use report::report_of;
pub(crate) use staff::{Member, clerks_of, may_send, members};
pub use staff::{Worker, admit, dismiss, set_training, untie};
pub use sweep::sweep;
pub use take::{Taken, Taking, blind_person, blind_phone, readdress, take};
pub(crate) use take::{address, blind_token, paper_code};
pub use visit::{InHand, Noticed, end_visit, in_hand, noticed_before, serve_in_hand, turn_of};

use crate::model::{
    HallCode, HallEvent, Priority, Ticket, TicketId, TicketState, hall_subject, ticket_subject,
};
use crate::rules::refuse;
use crate::rules::ticket::{self as rules, Command};
use crate::rules::turn;
use crate::settings::Settings;
use crate::store::{self as rows, TicketRow};
use ::store::Cx;
use identity::Clerk;
use jiff::SignedDuration;
use kernel::{AgencyCode, Fault, Outcome, Refusal, Timestamp, clock};
use std::collections::BTreeSet;

/// A queue's day begins at this hour of the legal zone, when hardly anybody waits: a hall that is open late, or round the clock, loses
/// nobody at midnight.
pub(crate) const DAY_BEGINS: i8 = 4;

/// The day of a queue: until four in the morning it is still the day before.
pub(crate) fn day_of(at: Timestamp) -> String {
    clock::legal_date(at - SignedDuration::from_hours(DAY_BEGINS.into())).to_string()
}

/// When the day of `at` began.
pub(crate) fn day_begins(at: Timestamp) -> Result<Timestamp, Fault> {
    begins_of(&day_of(at))
}

/// When a day of a queue began.
pub(crate) fn begins_of(day: &str) -> Result<Timestamp, Fault> {
    let date: jiff::civil::Date = day.parse().map_err(|e| Fault::from("the day of a queue", e))?;
    let begins = date.at(DAY_BEGINS, 0, 0, 0).to_zoned(clock::legal_zone());
    Ok(begins.map_err(|e| Fault::from("the beginning of the day", e))?.timestamp())
}

/// Decides `command` on the ticket as it stands, writes what follows, and raises the `rev` of today's queue: what happens to a ticket of
/// a former day is seen today.
pub(crate) async fn carry_out(
    cx: &mut Cx,
    terms: &Settings,
    id: TicketId,
    command: &Command,
) -> Outcome<Ticket> {
    let row = rows::ticket(cx.store(), id).await?.ok_or_else(Refusal::not_found)?;
    let rev = rows::rev(cx.store(), &row.hall, &day_of(cx.now)).await?;
    carry_out_at(cx, terms, id, command, rev).await
}

/// The same on a `rev` that was read before: what was chosen by it must not have changed.
pub(crate) async fn carry_out_at(
    cx: &mut Cx,
    terms: &Settings,
    id: TicketId,
    command: &Command,
    rev: i64,
) -> Outcome<Ticket> {
    let subject = ticket_subject(id);
    let (mut head, events) = trace::history(cx.store(), &subject).await?;
    let mut ticket = rules::fold(&events)?;
    let event = rules::decide(&ticket, command, terms)?;
    let now = cx.now;
    trace::record(cx, &mut head, &subject, &event, now)?;
    rules::apply(&mut ticket, &event, now);
    rows::update(&mut cx.commit, id, &ticket);
    rows::advance(&mut cx.commit, &ticket.hall, &day_of(now), rev);
    Ok(ticket)
}

/// Writes down what happened to a hall itself.
pub(crate) async fn tell_hall(cx: &mut Cx, hall: &HallCode, event: &HallEvent) -> Outcome<()> {
    tell_hall_all(cx, hall, std::slice::from_ref(event)).await
}

/// Several at once: a commit asks for the head of a hall's events once.
pub(crate) async fn tell_hall_all(cx: &mut Cx, hall: &HallCode, events: &[HallEvent]) -> Outcome<()> {
    let subject = hall_subject(hall);
    let mut head = trace::head(cx.store(), &subject).await?;
    let now = cx.now;
    events.iter().try_for_each(|event| trace::record(cx, &mut head, &subject, event, now))
}

/// Raises the `rev` of today's queue: whoever calls, or tells how long one waits, by who is on duty decides again.
pub(crate) async fn stir(cx: &mut Cx, hall: &HallCode) -> Outcome<()> {
    let day = day_of(cx.now);
    let rev = rows::rev(cx.store(), hall, &day).await?;
    rows::advance(&mut cx.commit, hall, &day, rev);
    Ok(())
}

/// From when on a second notice to the same person for the same matter counts as asking for more.
pub(crate) fn notice_since(terms: &Settings, now: Timestamp) -> Timestamp {
    now - SignedDuration::from_hours(24 * terms.again_days)
}

/// The hall and the window where a clerk is on duty.
pub(crate) async fn post_of(cx: &Cx, who: &Clerk) -> Outcome<(HallCode, String)> {
    Ok(rows::duty(cx.store(), who.account()).await?.ok_or_else(refuse::off_duty)?)
}

/// Whether a clerk of `agency` works in a hall run by `runs`: of the agency itself, a part of it or the whole that it is a part of.
pub fn works_in(agency: &AgencyCode, runs: &str) -> bool {
    AgencyCode::parse(runs).is_some_and(|runs| runs.contains(agency) || agency.contains(&runs))
}

/// Before every place that is given.
const FOREMOST: i64 = i64::MIN / 2;

/// A row of the queue `among` as the rule of turns sees it. Whom serving had begun with comes before all others; whoever was passed and
/// came back has priority again only once nobody waits at an earlier place.
pub(crate) fn as_waiting(row: &TicketRow, among: &[TicketRow]) -> turn::Waiting {
    let begun = row.started_at.is_some() && !row.returned;
    let held_back = row.returned && among.iter().any(|other| other.place < row.place);
    turn::Waiting {
        place: if begun { FOREMOST + row.place } else { row.place },
        letter: row.letter,
        first: begun || (row.priority != Priority::Ordinary && !held_back),
        reserved: row.reserved.clone(),
        overtaken: row.overtaken,
    }
}

/// The queue of a hall on a day: its `rev` first, so that a change after it conflicts; who waits; which windows are staffed.
#[derive(Clone)]
pub(crate) struct Queue {
    pub(crate) rev: i64,
    pub(crate) waiting: Vec<TicketRow>,
    pub(crate) windows: Vec<rows::WindowRow>,
}

impl Queue {
    pub(crate) async fn read(store: &::store::Store, hall: &HallCode, day: &str) -> Outcome<Self> {
        let rev = rows::rev(store, hall, day).await?;
        let waiting = rows::in_state(store, hall, day, TicketState::Waiting).await?;
        let windows = rows::windows(store, hall).await?;
        Ok(Self { rev, waiting, windows })
    }

    /// Who waits, as the rule of turns sees them.
    pub(crate) fn as_waiting(&self) -> Vec<turn::Waiting> {
        self.waiting.iter().map(|row| self.seen(row)).collect()
    }

    /// One of them. Whoever was handed on to a window waits for any that takes the business, once somebody is there who is not trained for it.
    pub(crate) fn seen(&self, row: &TicketRow) -> turn::Waiting {
        let mut one = as_waiting(row, &self.waiting);
        one.reserved = one.reserved.filter(|number| {
            let there = self.windows.iter().find(|w| w.number == *number && w.clerk.is_some());
            there.is_none_or(|w| w.trained_for(one.letter))
        });
        one
    }

    pub(crate) fn staffed(&self) -> BTreeSet<String> {
        self.windows.iter().filter(|w| w.open && w.clerk.is_some()).map(|w| w.number.clone()).collect()
    }
}
