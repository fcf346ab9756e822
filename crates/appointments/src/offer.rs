//! What a hall offers of a business: its days and slots, how many may book each, how many have.

use crate::model::{Closing, Slot};
use crate::rules::capacity::{self, Capacity};
use crate::rules::{refuse, slots};
use crate::settings::Settings;
use crate::store as rows;
use ::store::Store;
use hall::model::{Hall, Letter};
use hall::rules::hours::Hours;
use jiff::civil::Date;
use kernel::{Calendar, Fault, Outcome, Timestamp};

/// A slot that is shown.
#[derive(Debug, Clone)]
pub struct SlotOffer {
    /// When.
    pub slot: Slot,
    /// How many may still book it; none when it is closed, full, or begins too soon.
    pub free: i64,
    /// Why the hall has closed it.
    pub closed: Option<String>,
    /// Whether it begins too soon to be booked.
    pub gone: bool,
}

/// A day that is shown.
#[derive(Debug, Clone)]
pub struct DayOffer {
    /// The day.
    pub day: Date,
    /// Its slots, in order.
    pub slots: Vec<SlotOffer>,
}

impl DayOffer {
    /// How many places are free.
    pub fn free(&self) -> i64 {
        self.slots.iter().map(|s| s.free).sum()
    }
}

/// What a hall offers of a business from now on.
#[derive(Debug, Clone)]
pub struct Offered {
    /// How many may book each slot, and how that is reckoned.
    pub capacity: Capacity,
    /// The days that may be booked.
    pub days: Vec<DayOffer>,
}

/// The days and slots of a business of a hall that may be booked from now on: four look-ups, however many days.
///
/// # Errors
/// `appointments.not-here` for a business that gives no appointments; a fault of the store.
pub async fn offered(
    store: &Store,
    calendar: &Calendar,
    terms: &Settings,
    (hall, letter): (&Hall, Letter),
    now: Timestamp,
) -> Outcome<Offered> {
    let plan = rows::plan(store, &hall.code).await?;
    let windows = hall::windows(store, &hall.code).await?;
    let capacity = capacity::of(&windows, letter, plan.offer(letter), plan.walk_in, terms);
    if capacity.places == 0 {
        return Err(refuse::not_here().into());
    }
    let hours = Hours::parse(&hall.hours).map_err(Fault::new)?;
    let days = slots::ahead(&hours, calendar, now, terms);
    let ends = days.last().and_then(|(_, slots)| slots.last()).map(|s| (now, s.ends_at));
    let Some((from, to)) = ends else { return Ok(Offered { capacity, days: Vec::new() }) };
    let taken = rows::taken(store, &hall.code, letter, (from, to)).await?;
    let span = (days.first().map_or(Date::MIN, |d| d.0), days.last().map_or(Date::MAX, |d| d.0));
    let closed = rows::closures(store, &hall.code, span).await?;
    let shown =
        |slot: Slot| slot_offer(slot, letter, &closed, (taken.get(&slot.starts_at), &capacity), now, terms);
    let days =
        days.into_iter().map(|(day, slots)| DayOffer { day, slots: slots.into_iter().map(shown).collect() });
    Ok(Offered { days: days.filter(|d| d.slots.iter().any(|s| !s.gone)).collect(), capacity })
}

fn slot_offer(
    slot: Slot,
    letter: Letter,
    closed: &[Closing],
    (taken, capacity): (Option<&i64>, &Capacity),
    now: Timestamp,
    terms: &Settings,
) -> SlotOffer {
    let closed = closed.iter().find(|c| c.covers(letter, &slot)).map(|c| c.why.clone());
    let gone = now > slots::latest(&slot, terms);
    let left = (capacity.places - taken.copied().unwrap_or(0)).max(0);
    SlotOffer { slot, free: if closed.is_some() || gone { 0 } else { left }, closed, gone }
}
