//! Whether a place may be taken.

use super::refuse;
use super::slots;
use crate::model::{Channel, Closing, Matter, Slot};
use crate::settings::Settings;
use crate::store::AppointmentRow;
use hall::model::{HallCode, Letter};
use jiff::civil::Date;
use kernel::{Refusal, Timestamp};

/// What is known of the place that is asked for.
pub struct Wanted<'a> {
    /// The business.
    pub letter: Letter,
    /// When.
    pub starts_at: Timestamp,
    /// The slots of that day.
    pub slots: &'a [Slot],
    /// The last day that may be booked.
    pub last_day: Date,
    /// What the head of the hall has closed on that day.
    pub closed: &'a [Closing],
    /// How many may book.
    pub places: i64,
    /// How many have.
    pub taken: i64,
}

/// The slot, when it may be booked now.
///
/// # Errors
/// `appointments.no-slot` for a time that is none, `appointments.too-soon`, `appointments.closed`, `appointments.full`.
pub fn free(wanted: &Wanted<'_>, now: Timestamp, terms: &Settings) -> Result<Slot, Refusal> {
    let slot = wanted.slots.iter().find(|s| s.starts_at == wanted.starts_at && s.day() <= wanted.last_day);
    let slot = slot.ok_or_else(refuse::no_slot)?;
    if now > slots::latest(slot, terms) {
        return Err(refuse::too_soon(terms));
    }
    if let Some(closing) = wanted.closed.iter().find(|c| c.covers(wanted.letter, slot)) {
        return Err(refuse::closed(&closing.why));
    }
    if wanted.taken >= wanted.places {
        return Err(refuse::full());
    }
    Ok(*slot)
}

/// Who asks, as appointments are found.
pub struct Own<'a> {
    /// Everything that counts as whoever comes.
    pub keys: &'a [String],
    /// Everything that counts as the party in whose name it is.
    pub parties: &'a [String],
    /// Whether a clerk reads the answer, who is told nothing that she was not told.
    pub at_desk: bool,
}

/// Whether whoever comes may have one more: never two of the same business on one day, never two at once, and not too many ahead.
/// `others` are the living appointments of whoever comes and of the party, without the one that is moved.
///
/// # Errors
/// `appointments.one-a-day`, `appointments.overlap`, `appointments.ahead`.
pub fn one_more(
    own: &Own<'_>,
    matter: &Matter,
    (hall, letter, slot): (&HallCode, Letter, &Slot),
    others: &[AppointmentRow],
    terms: &Settings,
) -> Result<(), Refusal> {
    // What was booked by telephone alone may be a stranger's, by a slip of one digit.
    let theirs = |other: &&AppointmentRow| {
        !own.at_desk && own.parties.contains(&other.party) && !other.party.starts_with("phone:")
    };
    let told = |other| Some(other).filter(theirs);
    for other in others {
        let same_day = other.slot().day() == slot.day();
        let business = &other.hall == hall && other.letter == letter;
        let item = !matter.key.is_empty() && other.item_key == matter.key;
        if own.parties.contains(&other.party) && same_day && (business || item) {
            return Err(refuse::one_a_day(told(other)));
        }
        if own.keys.contains(&other.visitor) && other.slot().overlaps(slot) {
            return Err(refuse::overlap(told(other)));
        }
    }
    let ahead = others.iter().filter(|other| own.keys.contains(&other.visitor)).count();
    if ahead >= usize::from(terms.ahead) { Err(refuse::ahead(terms)) } else { Ok(()) }
}

/// Whether somebody who did not come too often may book by this way: a clerk may book for them.
///
/// # Errors
/// `appointments.paused`.
pub fn not_paused(until: Option<Timestamp>, channel: Channel, terms: &Settings) -> Result<(), Refusal> {
    match until.filter(|_| channel != Channel::Clerk) {
        Some(until) => Err(refuse::paused(until, terms)),
        None => Ok(()),
    }
}
