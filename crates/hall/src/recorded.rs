//! A day of a hall as the program recorded it, for whoever tries another arrangement on it: when tickets were taken, for which
//! business, how long it took, and which windows were manned. It holds no number, no person and no clerk.

use crate::model::{Letter, Letters, Priority, TicketState};
use crate::rules::hours::Hours;
use crate::rules::report::{Why, why};
use crate::store::{self as rows, Duty, TicketRow, WindowRow};
use crate::verbs::{DAY_BEGINS, Manager, begins_of, day_of};
use ::store::Store;
use jiff::SignedDuration;
use jiff::civil::{Date, Time};
use kernel::{Calendar, Fault, Outcome, Text, Timestamp};
use std::collections::BTreeMap;

/// Minutes from midnight of the day; beyond 1440 for whoever came after midnight to a hall that is open late.
pub type Minute = f64;

/// A ticket of the day.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RecordedTicket {
    /// When it was taken.
    pub at: Minute,
    /// The business.
    pub letter: Letter,
    /// Whether it had priority.
    pub first: bool,
    /// From the taking to the last call, in minutes.
    pub wait: Option<f64>,
    /// How long serving took, in minutes; none where it is not over or went from window to window.
    pub service: Option<f64>,
}

/// A window at which somebody was on duty on the day, or to which somebody was called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedWindow {
    /// Its number.
    pub number: String,
    /// What it takes, as it is set now.
    pub letters: Letters,
    /// What was called to it on the day.
    pub called: Letters,
    /// Minutes on duty.
    pub on_duty: i64,
}

/// A day of a hall.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordedDay {
    /// The day.
    pub day: Date,
    /// When the hall was open, by its present hours; empty when it has none on such a day.
    pub open: Vec<(Minute, Minute)>,
    /// Everybody who waited until served, or until the day was over, in the order of coming.
    pub tickets: Vec<RecordedTicket>,
    /// Tickets that were called and nobody came: not among `tickets`.
    pub absent: usize,
    /// Slips on paper, of which only the end is known: not among `tickets`.
    pub on_paper: usize,
    /// The windows.
    pub windows: Vec<RecordedWindow>,
    /// The businesses of the hall and their names.
    pub businesses: Vec<(Letter, Text)>,
}

/// From midnight to where the day of a queue ends.
const DAY: SignedDuration = SignedDuration::from_hours(24 + DAY_BEGINS as i64);

/// The days before today of which the hall has a queue, the latest first, each with its number of tickets.
///
/// # Errors
/// A fault of the store.
pub async fn recorded_days(
    store: &Store,
    who: &Manager,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<(String, i64)>, Fault> {
    rows::queued_days(store, &who.hall().code, &day_of(now), limit).await
}

/// A day before today; `None` for one that is not over, or on which no ticket was taken.
///
/// # Errors
/// A fault of the store.
pub async fn recorded_day(
    store: &Store,
    calendar: &Calendar,
    who: &Manager,
    day: Date,
    now: Timestamp,
) -> Outcome<Option<RecordedDay>> {
    let (hall, text) = (who.hall(), day.to_string());
    if text >= day_of(now) {
        return Ok(None);
    }
    let found = rows::of_day(store, &hall.code, &text).await?;
    if found.is_empty() {
        return Ok(None);
    }
    let midnight = begins_of(&text)? - SignedDuration::from_hours(DAY_BEGINS as i64);
    let duties = rows::duties(store, &hall.code, &text).await?;
    let windows = windows(&rows::windows(store, &hall.code).await?, &duties, &found, midnight);
    let hours = Hours::parse(&hall.hours).map_err(Fault::new)?;
    let open = hours.on(calendar, day).iter().map(|(from, to)| (minute_of(*from), minute_of(*to))).collect();
    let (absent, here): (Vec<&TicketRow>, Vec<&TicketRow>) =
        found.iter().partition(|t| why(t, true) == Some(Why::NoShow));
    let mut tickets: Vec<RecordedTicket> = here.iter().map(|t| ticket(t, midnight)).collect();
    tickets.sort_by(|a, b| a.at.total_cmp(&b.at));
    let papers = rows::papers_of_day(store, &hall.code, &text).await?;
    let on_paper = papers.iter().filter(|p| p.kind == crate::model::PaperKind::Slip).count();
    let businesses = rows::businesses(store, &hall.code).await?.into_iter();
    let businesses = businesses.map(|b| (b.letter, Text::new(b.name_zh, b.name_en))).collect();
    Ok(Some(RecordedDay { day, open, tickets, absent: absent.len(), on_paper, windows, businesses }))
}

/// Minutes between two moments; seconds and less are kept as a part.
fn minutes(from: Timestamp, to: Timestamp) -> f64 {
    to.duration_since(from).as_secs_f64() / 60.0
}

fn minute_of(time: Time) -> Minute {
    let whole = f64::from(time.hour()) * 60.0 + f64::from(time.minute());
    if time == Time::MAX { whole + 1.0 } else { whole }
}

fn ticket(t: &TicketRow, midnight: Timestamp) -> RecordedTicket {
    // What was settled on a later day says nothing about how long it took.
    let over = midnight + DAY;
    let served = t.started_at.zip(t.ended_at).filter(|(_, to)| t.state == TicketState::Ended && *to <= over);
    RecordedTicket {
        at: minutes(midnight, t.taken_at),
        letter: t.letter,
        first: t.priority != Priority::Ordinary,
        wait: t.called_at.map(|at| minutes(t.taken_at, at)),
        service: served.map(|(from, to)| minutes(from, to)),
    }
}

/// The windows of the day; a duty whose end was not written down counts to the day's last moment.
fn windows(
    known: &[WindowRow],
    duties: &[Duty],
    tickets: &[TicketRow],
    midnight: Timestamp,
) -> Vec<RecordedWindow> {
    let mut manned: BTreeMap<&str, (i64, Letters)> = BTreeMap::new();
    let over = midnight + DAY;
    for duty in duties {
        let ended = duty.ended.unwrap_or(over).min(over);
        manned.entry(&duty.number).or_default().0 += ended.duration_since(duty.began).as_mins();
    }
    for (window, letter) in tickets.iter().filter_map(|t| Some((t.window.as_deref()?, t.letter))) {
        let called = &mut manned.entry(window).or_default().1;
        if !called.has(letter) {
            called.0.push(letter);
        }
    }
    let window = |(number, (on_duty, called)): (&str, (i64, Letters))| {
        let now = known.iter().find(|w| w.number == number).map(|w| w.letters.clone());
        RecordedWindow {
            number: number.to_owned(),
            letters: now.unwrap_or_else(|| called.clone()),
            called,
            on_duty,
        }
    };
    manned.into_iter().map(window).collect()
}
