//! When one could be served in a hall: what the nearest are ordered by.

use super::estimate::Wait;
use super::hours::{Hours, Standing};
use crate::model::Letter;
use jiff::SignedDuration;
use kernel::{Calendar, Timestamp, clock};

/// Seconds for a kilometre as the crow flies: by bus, on roads that are no straight lines, about 20 km/h.
const WAY: f64 = 180.0;
/// Taken for a wait that nobody knows, in minutes.
const UNKNOWN: i64 = 20;
/// Taken where nobody is at the window just now, or where one has to ask first, in minutes.
const NOBODY: i64 = 60;

/// What awaits one at the windows of a hall for an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Desk {
    /// It gives no tickets.
    NoTickets,
    /// It lists the item, and none of its letters is for it: ask first.
    NoLetter,
    /// A ticket of this letter, and how long one waits with it.
    Queue(Letter, Wait),
    /// A ticket of this letter; but no window that takes it is open today.
    WindowShut(Letter),
}

impl Desk {
    /// The letter of the tickets.
    pub fn letter(self) -> Option<Letter> {
        match self {
            Self::Queue(letter, _) | Self::WindowShut(letter) => Some(letter),
            Self::NoTickets | Self::NoLetter => None,
        }
    }

    /// How long one waits, where that can be asked.
    pub fn wait(self) -> Wait {
        match self {
            Self::Queue(_, wait) => wait,
            _ => Wait::Unknown,
        }
    }

    /// Minutes from the arrival to one's turn: at least, and as it is reckoned with.
    fn minutes(self) -> (i64, i64) {
        match self {
            Self::NoLetter | Self::Queue(_, Wait::NoWindow) => (0, NOBODY),
            Self::NoTickets | Self::Queue(_, Wait::Unknown) | Self::WindowShut(_) => (0, UNKNOWN),
            Self::Queue(_, Wait::Minutes(low, high)) => (low, low.midpoint(high)),
        }
    }
}

/// The part of a list that a hall stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// Open, and one would be served in these hours when going there now: today, or past midnight where it is open round the clock.
    Now,
    /// Shut just now, and open later today.
    Today,
    /// Another day, or too far to go.
    Later,
}

/// When one would be served who goes there now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct When {
    /// In which part of the list.
    pub group: Group,
    /// The reckoned moment; none for a hall that does not open within a month. Beyond today it is when the hall opens.
    pub soonest: Option<Timestamp>,
    /// Open now, and shut before one gets there or is called.
    pub too_late: bool,
}

/// The moment at which a hall opens the next time, after today if `not_today`.
fn opens(hours: &Hours, calendar: &Calendar, at: Timestamp, not_today: bool) -> Option<Timestamp> {
    let at = if not_today {
        let midnight = clock::legal_date(at).tomorrow().ok()?.to_zoned(clock::legal_zone()).ok()?;
        midnight.timestamp()
    } else {
        at
    };
    match hours.standing(calendar, at) {
        Standing::Open(_) => Some(at),
        Standing::Shut(date, time) => {
            Some(date.to_datetime(time).to_zoned(clock::legal_zone()).ok()?.timestamp())
        }
        Standing::ShutLong => None,
    }
}

/// Works it out for a hall so many metres away; farther than `within` metres nothing counts as near.
pub fn when(
    (hours, calendar): (&Hours, &Calendar),
    desk: Desk,
    (metres, within): (f64, f64),
    now: Timestamp,
) -> When {
    let way = SignedDuration::from_secs((metres / 1_000.0 * WAY) as i64);
    let arrival = now.checked_add(way).unwrap_or(now);
    let open = matches!(hours.standing(calendar, now), Standing::Open(_));
    let (low, reckoned) = desk.minutes();
    let there = matches!(hours.standing(calendar, arrival), Standing::Open(_));
    let called = there && hours.minutes_left(calendar, arrival).is_none_or(|left| low < left.max(1));
    let same_hours = clock::legal_date(arrival) == clock::legal_date(now)
        || (hours.minutes_left(calendar, now).is_none() && way < SignedDuration::from_hours(12));
    let shut_today = matches!(desk, Desk::WindowShut(_));
    let soonest = match (shut_today, there, called) {
        (true, ..) | (_, true, false) => opens(hours, calendar, arrival.max(now), true),
        (false, true, true) => arrival.checked_add(SignedDuration::from_mins(reckoned)).ok(),
        (false, false, _) => opens(hours, calendar, arrival, false),
    };
    let today = soonest.is_some_and(|at| clock::legal_date(at) == clock::legal_date(now));
    let group = match metres <= within && !shut_today {
        true if open && called && same_hours => Group::Now,
        true if today => Group::Today,
        _ => Group::Later,
    };
    When { group, soonest, too_late: open && !shut_today && !called }
}
