//! Which slots a hall's day has: its opening hours by the official calendar, cut into pieces of equal length.

use crate::model::Slot;
use crate::settings::Settings;
use hall::rules::hours::Hours;
use jiff::civil::{Date, Time};
use jiff::{SignedDuration, ToSpan as _};
use kernel::{Calendar, Timestamp, clock};

/// The slots of a date, in order. A piece at the end of a span that is too short for a slot is left for whoever comes without an
/// appointment; a lunch break has none, a closed day has none, a make-up working day has those of a Monday.
pub fn of_day(hours: &Hours, calendar: &Calendar, date: Date, terms: &Settings) -> Vec<Slot> {
    let length = SignedDuration::from_mins(terms.slot_minutes.max(1).into());
    let mut slots = Vec::new();
    for (from, to) in hours.on(calendar, date) {
        let (Some(mut at), Some(end)) = (moment(date, *from), moment(date, *to)) else { continue };
        while at + length <= end {
            slots.push(Slot { starts_at: at, ends_at: at + length });
            at += length;
        }
    }
    slots
}

/// The moment of a time of day in the legal zone; [`Time::MAX`] is the end of the day.
fn moment(date: Date, time: Time) -> Option<Timestamp> {
    let (date, time) = match time {
        Time::MAX => (date.tomorrow().ok()?, Time::midnight()),
        time => (date, time),
    };
    Some(date.to_datetime(time).to_zoned(clock::legal_zone()).ok()?.timestamp())
}

/// The last day that may be booked today: so many working days ahead.
pub fn last_day(calendar: &Calendar, today: Date, terms: &Settings) -> Date {
    (0..terms.horizon_days).fold(today, |day, _| calendar.next_working_day(day))
}

/// Every day that may be booked, with its slots; days without any are left out.
pub fn ahead(hours: &Hours, calendar: &Calendar, now: Timestamp, terms: &Settings) -> Vec<(Date, Vec<Slot>)> {
    let today = clock::legal_date(now);
    let (last, mut day, mut days) = (last_day(calendar, today, terms), today, Vec::new());
    while day <= last {
        let slots = of_day(hours, calendar, day, terms);
        if !slots.is_empty() {
            days.push((day, slots));
        }
        let Ok(next) = day.checked_add(1.day()) else { break };
        day = next;
    }
    days
}

/// Until when a slot may be booked, or moved into.
pub fn latest(slot: &Slot, terms: &Settings) -> Timestamp {
    slot.starts_at - SignedDuration::from_mins(terms.latest_minutes.into())
}

/// When one is reminded: the day before, at the hour of the setting; never of what is nearer than that when it is booked.
pub fn remind_at(slot: &Slot, now: Timestamp, terms: &Settings) -> Option<Timestamp> {
    let hour = i8::try_from(terms.remind_hour).ok().filter(|h| *h < 24)?;
    let at = slot.day().yesterday().ok()?.at(hour, 0, 0, 0).to_zoned(clock::legal_zone()).ok()?.timestamp();
    (at > now).then_some(at)
}
