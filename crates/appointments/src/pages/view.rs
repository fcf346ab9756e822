//! What the pages say of times, states and capacities.

use crate::model::{Slot, State};
use crate::offer::{DayOffer, Offered};
use crate::rules::capacity::Capacity;
use crate::rules::life::{self, Coming};
use crate::settings::Settings;
use crate::store::AppointmentRow;
use hall::Business;
use jiff::civil::Date;
use kernel::{Lang, Text, Timestamp};
use page::{Html, Say, format};

/// A day to choose.
pub(super) struct DayLine {
    pub(super) href: String,
    pub(super) day: String,
    pub(super) free: i64,
    pub(super) all: i64,
    pub(super) taken: i64,
    pub(super) here: bool,
}

/// A slot to choose.
pub(super) struct SlotLine {
    pub(super) at: String,
    pub(super) time: String,
    pub(super) free: i64,
    /// Why there is none, when it is not only full.
    pub(super) closed: String,
}

/// The days, and the slots of the one that is chosen.
pub(super) struct Days {
    pub(super) days: Vec<DayLine>,
    pub(super) chosen: String,
    /// The chosen day as forms carry it.
    pub(super) day: String,
    pub(super) slots: Vec<SlotLine>,
    /// How many places there are, in a sentence.
    pub(super) sum: String,
}

/// Days and slots of an offer; `base` is the page's address, to which `day=` is added. Without a day that may be chosen it is the first
/// with a free place.
pub(super) fn days(offered: &Offered, base: &str, asked: &str, w: Say) -> Days {
    let chosen = offered.days.iter().find(|d| d.day.to_string() == asked);
    let chosen = chosen.or_else(|| offered.days.iter().find(|d| d.free() > 0)).or(offered.days.first());
    let places = offered.capacity.places;
    let line = |d: &DayOffer| {
        let ahead = d.slots.iter().filter(|s| !s.gone).count();
        let (free, all) = (d.free(), places * i64::try_from(ahead).unwrap_or(0));
        DayLine {
            href: format!("{base}day={}", d.day),
            day: format::date(w.lang, d.day),
            free,
            all,
            taken: all - free,
            here: chosen.is_some_and(|c| c.day == d.day),
        }
    };
    let slots = chosen.map(|d| d.slots.as_slice()).unwrap_or_default().iter().filter(|s| !s.gone);
    let slots = slots.map(|s| SlotLine {
        at: s.slot.starts_at.as_microsecond().to_string(),
        time: span(&s.slot),
        free: s.free,
        closed: s.closed.clone().unwrap_or_default(),
    });
    Days {
        days: offered.days.iter().map(line).collect(),
        chosen: chosen.map(|d| format::date(w.lang, d.day)).unwrap_or_default(),
        day: chosen.map(|d| d.day.to_string()).unwrap_or_default(),
        slots: slots.collect(),
        sum: w
            .with("sum-short", &[("n", places.to_string()), ("share", offered.capacity.walk_in.to_string())]),
    }
}

/// `09:00–09:30`.
pub(super) fn span(slot: &Slot) -> String {
    let end = format::time(slot.ends_at);
    format!("{}–{}", format::time(slot.starts_at), if end == "00:00" { "24:00" } else { &end })
}

/// `2026年11月24日(周二) 09:00–09:30`.
pub(super) fn when(slot: &Slot, lang: Lang) -> String {
    format!("{} {}", format::date(lang, slot.day()), span(slot))
}

/// How the capacity of a slot is reckoned, in one sentence.
pub(super) fn sum(c: &Capacity, w: Say) -> String {
    let window = |(number, among): &(String, i64)| {
        let words = [("number", number.clone()), ("n", among.to_string())];
        if *among > 1 { w.with("sum-shared", &words) } else { w.with("sum-window", &words[..1]) }
    };
    let windows: Vec<String> = c.windows.iter().map(window).collect();
    let windows = match (windows.is_empty(), c.hundredths) {
        (true, 0) => w.t("sum-none").into_owned(),
        (true, _) => w.t("sum-set").into_owned(),
        (false, _) => windows.join(&w.t("list-between")),
    };
    let decimal = |n: i64| match n % 100 {
        0 => (n / 100).to_string(),
        _ => format!("{}.{:02}", n / 100, n % 100),
    };
    w.with(
        "sum-long",
        &[
            ("windows", windows),
            ("count", decimal(c.hundredths)),
            ("persons", c.persons.to_string()),
            ("rest", (100 - c.walk_in).to_string()),
            ("n", c.places.to_string()),
        ],
    )
}

/// The state, as a badge; what lies ahead and was closed says so.
pub(super) fn state(row: &AppointmentRow, w: Say) -> Html {
    let (kind, word) = match (row.state, &row.closed) {
        (State::Booked, Some(_)) => ("wait", w.t("state-closed")),
        (State::Booked, None) => ("info", w.t("state-booked")),
        (State::Arrived, _) => ("good", w.t("state-arrived")),
        (State::Late, _) => ("good", w.t("state-late")),
        (State::Cancelled, _) => ("neutral", w.t("state-cancelled")),
        (State::Dropped, _) => ("neutral", w.t("state-dropped")),
        (State::Missed, _) => ("bad", w.t("state-missed")),
        (State::Excused, _) => ("neutral", w.t("state-excused")),
    };
    page::badge(kind, &word)
}

/// What one can do who is there now.
pub(super) enum Report {
    /// Nothing: it is not booked, or its day is over.
    No,
    /// Wait until this moment.
    From(String),
    /// Take a ticket with priority.
    Now,
    /// Take an ordinary one.
    Late,
}

pub(super) fn report(row: &AppointmentRow, now: Timestamp, terms: &Settings, lang: Lang) -> Report {
    if row.state != State::Booked {
        return Report::No;
    }
    match life::coming(&row.slot(), now, terms) {
        Coming::Early(opens) => Report::From(format::moment(lang, opens)),
        Coming::InTime => Report::Now,
        Coming::Late => Report::Late,
        Coming::Over => Report::No,
    }
}

/// `A 综合业务`.
pub(super) fn business(b: &Business, lang: Lang) -> String {
    format!("{} {}", b.letter, Text::new(b.name_zh.clone(), b.name_en.clone()).get(lang))
}

/// The day that a page is about: what was asked for, or today.
pub(super) fn day(asked: &str, now: Timestamp) -> Date {
    asked.parse().unwrap_or_else(|_| kernel::clock::legal_date(now))
}
