//! What may happen to an appointment, and what its events add up to.

use super::refuse;
use crate::model::{Appointment, AppointmentEvent, Booked, Slot, State};
use crate::settings::Settings;
use jiff::SignedDuration;
use kernel::{Fault, Refusal, Timestamp, clock};
use trace::Recorded;

/// The longest reason, in characters.
pub const WHY_MAX: usize = 200;

/// Where somebody stands who comes now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Coming {
    /// Too early: they are let in from this moment on.
    Early(Timestamp),
    /// In time.
    InTime,
    /// On its day, but after its time.
    Late,
    /// After its day.
    Over,
}

/// Whether somebody who comes now is in time.
pub fn coming(slot: &Slot, now: Timestamp, terms: &Settings) -> Coming {
    let minutes = |n: u16| SignedDuration::from_mins(n.into());
    let opens = slot.starts_at - minutes(terms.early_minutes);
    match now {
        now if now < opens => Coming::Early(opens),
        now if now <= slot.starts_at + minutes(terms.late_minutes) => Coming::InTime,
        now if clock::legal_date(now) <= slot.day() => Coming::Late,
        _ => Coming::Over,
    }
}

/// Whether a person who comes now has the priority of an appointment; `late` says that they take an ordinary ticket where they have not.
///
/// # Errors
/// `appointments.early`, `appointments.late`, `appointments.over`, or that it is none any more.
pub fn arriving(one: &Appointment, late: bool, now: Timestamp, terms: &Settings) -> Result<bool, Refusal> {
    must_stand(one)?;
    match coming(&one.place.slot, now, terms) {
        Coming::Early(opens) => Err(refuse::early(&one.place.slot, opens)),
        Coming::InTime => Ok(true),
        Coming::Late if late => Ok(false),
        Coming::Late => Err(refuse::late(&one.place.slot, terms)),
        Coming::Over => Err(refuse::over()),
    }
}

/// Calls it off, or moves it, while its time has not begun.
///
/// # Errors
/// `appointments.begun`, or that it is none any more.
pub fn may_change(one: &Appointment, now: Timestamp) -> Result<(), Refusal> {
    must_stand(one)?;
    if now >= one.place.slot.starts_at { Err(refuse::begun()) } else { Ok(()) }
}

/// What is written down when its day is over; nothing while it is not, or when it ended otherwise.
pub fn over(one: &Appointment, now: Timestamp) -> Option<AppointmentEvent> {
    let ended = one.state == State::Booked && clock::legal_date(now) > one.place.slot.day();
    ended.then_some(match one.closed {
        Some(_) => AppointmentEvent::Dropped {},
        None => AppointmentEvent::Missed {},
    })
}

/// What is written down when the hall's closures now say `closed` of its time; nothing when that is known.
pub fn told(one: &Appointment, closed: Option<&str>, now: Timestamp) -> Option<AppointmentEvent> {
    if one.state != State::Booked || one.closed.as_deref() == closed || now >= one.place.slot.ends_at {
        return None;
    }
    Some(match closed {
        Some(why) => AppointmentEvent::TimeClosed { why: why.to_owned() },
        None => AppointmentEvent::TimeOpened {},
    })
}

/// Excuses an absence.
///
/// # Errors
/// `appointments.not-missed`, `appointments.why`.
pub fn excused(one: &Appointment, why: &str) -> Result<AppointmentEvent, Refusal> {
    if one.state != State::Missed {
        return Err(refuse::not_missed());
    }
    Ok(AppointmentEvent::Excused { why: reason(why)? })
}

/// A reason as it is kept.
///
/// # Errors
/// `appointments.why` for none, or one that is too long.
pub fn reason(why: &str) -> Result<String, Refusal> {
    let why = why.trim();
    let fine = (1..=WHY_MAX).contains(&why.chars().count());
    if fine { Ok(why.to_owned()) } else { Err(refuse::why()) }
}

fn must_stand(one: &Appointment) -> Result<(), Refusal> {
    match one.state {
        State::Booked => Ok(()),
        State::Arrived | State::Late => Err(refuse::arrived(one.ticket.as_deref().unwrap_or_default())),
        State::Cancelled => Err(refuse::cancelled()),
        State::Dropped | State::Missed | State::Excused => Err(refuse::over()),
    }
}

/// What a booking begins; nothing for another event.
pub fn begun(event: &AppointmentEvent, at: Timestamp) -> Option<Appointment> {
    let AppointmentEvent::Booked(booked) = event else { return None };
    let Booked { place, code, matter, visitor, channel } = booked.as_ref().clone();
    let (state, closed, ticket) = (State::Booked, None, None);
    Some(Appointment { place, code, matter, visitor, channel, state, closed, booked_at: at, ticket })
}

/// What an event makes of an appointment.
pub fn apply(one: &mut Appointment, event: &AppointmentEvent) {
    match event {
        AppointmentEvent::Booked(_)
        | AppointmentEvent::PhoneOpened {}
        | AppointmentEvent::WrittenTo { .. } => {}
        AppointmentEvent::Moved { place, code } => {
            (one.place, one.code, one.closed) = (place.clone(), code.clone(), None);
        }
        AppointmentEvent::Cancelled {} => one.state = State::Cancelled,
        AppointmentEvent::TimeClosed { why } => one.closed = Some(why.clone()),
        AppointmentEvent::TimeOpened {} => one.closed = None,
        AppointmentEvent::Arrived { ticket, late } => {
            one.state = if *late { State::Late } else { State::Arrived };
            one.ticket = Some(ticket.clone());
        }
        AppointmentEvent::Missed {} => one.state = State::Missed,
        AppointmentEvent::Dropped {} => one.state = State::Dropped,
        AppointmentEvent::Excused { .. } => one.state = State::Excused,
    }
}

/// What the events add up to.
///
/// # Errors
/// A [`Fault`] when they do not begin with a booking.
pub fn fold(events: &[Recorded<AppointmentEvent>]) -> Result<Appointment, Fault> {
    let mut events = events.iter();
    let first = events.next().and_then(|e| begun(&e.event, e.occurred_at));
    let mut one = first.ok_or_else(|| Fault::new("an appointment without its booking"))?;
    events.for_each(|e| apply(&mut one, &e.event));
    Ok(one)
}
