//! What can be done, one file for each group of verbs; each adds to the caller's commit.
//!
//! Three things keep two bookings apart, on one server or on several: a slot's places are counted by the statement that takes one; whoever
//! books raises rows of their own (one for each number by which they may book), so that two of theirs at once conflict; and each relies on
//! the hall's plan as it was read.

mod absence;
mod arrive;
mod book;
mod change;
mod letter;
mod plan;
mod remind;
mod tell;
mod whose;

pub use absence::{excuse, sweep};
pub use arrive::{Arriving, arrive, find};
pub use book::{Asking, book, book_for, letter_of};
pub use change::{By, cancel, change, open_phone};
pub use letter::on_carried;
pub use plan::{PlanAsked, close, open, set_plan};
pub use remind::remind;
pub use tell::on_plan;
pub use whose::Called;

use crate::model::{Appointment, AppointmentEvent, AppointmentId, Code, Place, State};
use crate::rules::{life, refuse, slots};
use crate::settings::Settings;
use crate::store as rows;
use ::store::{Cx, Store};
use hall::model::{Hall, HallCode};
use identity::Staff;
use kernel::{Fault, Outcome, Refusal, rng};
use trace::Head;

/// A hall at whose desk somebody works: one of its clerks, or supervision of its division. Made by [`DeskHall::of`] only.
#[derive(Debug, Clone)]
pub struct DeskHall {
    hall: Hall,
}

impl DeskHall {
    /// The right of `staff` at a hall.
    ///
    /// # Errors
    /// Not found for a hall that is none, `appointments.not-your-hall` for one that is somebody else's.
    pub async fn of(store: &Store, staff: &Staff, hall: &HallCode) -> Outcome<Self> {
        let hall = hall::hall(store, hall).await?.ok_or_else(Refusal::not_found)?;
        let yours = match staff {
            Staff::Clerk(who) => hall::verbs::works_in(who.agency(), &hall.agency),
            Staff::Supervisor(who) => who.divisions().is_some_and(|top| hall.division.starts_with(top)),
            Staff::Examiner(_) | Staff::Operator(_) => false,
        };
        if yours { Ok(Self { hall }) } else { Err(refuse::not_your_hall().into()) }
    }

    /// The hall.
    pub fn hall(&self) -> &Hall {
        &self.hall
    }

    /// The halls that are offered to `staff`, so many at most.
    ///
    /// # Errors
    /// `appointments.not-your-hall` for whoever works in none; a fault of the store.
    pub async fn all(store: &Store, staff: &Staff, limit: i64) -> Outcome<Vec<Hall>> {
        let halls = match staff {
            Staff::Clerk(who) => hall::halls_of(store, who.agency().as_str(), limit).await?,
            Staff::Supervisor(who) => match who.divisions() {
                Some(top) => hall::halls_below(store, top, ("", ""), limit).await?,
                None => Vec::new(),
            },
            Staff::Examiner(_) | Staff::Operator(_) => return Err(refuse::not_your_hall().into()),
        };
        Ok(halls)
    }
}

/// An appointment with the end of its trace.
pub(crate) async fn read(store: &Store, id: AppointmentId) -> Outcome<(Head, Appointment)> {
    let (head, events) = trace::history(store, &id.subject()).await?;
    Ok((head, life::fold(&events)?))
}

/// Writes down what happened, and the row that follows from it.
pub(crate) fn write(
    cx: &mut Cx,
    terms: &Settings,
    id: AppointmentId,
    (head, one): (&mut Head, &mut Appointment),
    event: &AppointmentEvent,
) -> Outcome<()> {
    let now = cx.now;
    trace::record(cx, head, &id.subject(), event, now)?;
    life::apply(one, event);
    let remind = if one.state == State::Booked { remind_at(cx, one, terms) } else { None };
    rows::update(&mut cx.commit, id, one, remind);
    Ok(())
}

/// When whoever comes is reminded: all have an account or gave a telephone number.
pub(crate) fn remind_at(cx: &Cx, one: &Appointment, terms: &Settings) -> Option<kernel::Timestamp> {
    slots::remind_at(&one.place.slot, cx.now, terms)
}

/// So many codes are tried; with a hundred thousand of them for a hall's day, the first is free nearly always.
const TRIES: usize = 20;

/// A code that is free on the day of a place; `wanted` when it is.
pub(crate) async fn code_for(cx: &Cx, place: &Place, wanted: Option<&Code>) -> Result<Code, Fault> {
    if let Some(code) = wanted
        && rows::code_free(cx.store(), place, code).await?
    {
        return Ok(code.clone());
    }
    for _ in 0..TRIES {
        let code = Code::of(u32::from_be_bytes(rng::bytes::<4>(cx.ground.rng.as_ref())));
        if rows::code_free(cx.store(), place, &code).await? {
            return Ok(code);
        }
    }
    Err(Fault::new(format!("no booking code is free at {} on {}", place.hall, place.slot.day())).transient())
}
