//! A hall's day counted: by the hour, by business and window, who left and why, and which windows were idle while people waited.

use super::day::Times;
use super::report_paper::OnPaper;
use crate::model::{Letter, TicketId, TicketState, number};
use crate::store::{Duty, TicketRow, WindowRow};
use jiff::SignedDuration;
use kernel::{Timestamp, clock};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};

/// Minutes of a day.
const MINUTES: usize = 24 * 60;

/// Half within the first, nine of ten within the second, in seconds.
pub type Spread = (i64, i64);

/// A day, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Report {
    /// All tickets.
    pub all: Sum,
    /// By the hour of the legal zone, in the order of a day that begins at four.
    pub hours: Vec<(i8, Sum)>,
    /// By business.
    pub businesses: Vec<(Letter, Sum)>,
    /// By window.
    pub windows: Vec<(String, Sum, Manned)>,
    /// By business and window.
    pub pairs: Vec<(Letter, String, Sum)>,
    /// By item, of those who were served; `""` where the outcome names none. Empty for days that were counted before items were.
    #[serde(default)]
    pub items: Vec<(String, Sum)>,
    /// Those who were not served, and why.
    pub left: Vec<Left>,
    /// What happened on paper: recorded later, and added when the report is read.
    #[serde(skip)]
    pub paper: OnPaper,
}

/// What was counted of some tickets.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Sum {
    /// Taken.
    pub taken: usize,
    /// Called, at last.
    pub called: usize,
    /// Ended with an outcome.
    pub served: usize,
    /// Not served before the day was over; those who did not come are not among them.
    pub lost: usize,
    /// Called, and nobody came.
    pub no_show: usize,
    /// From the taking to the last call.
    pub wait: Option<Spread>,
    /// From the beginning of the service to its end.
    pub service: Option<Spread>,
}

/// Minutes of a window.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Manned {
    /// Somebody was on duty.
    pub on_duty: usize,
    /// With a ticket: from its last call to its end.
    pub busy: usize,
    /// Without one, while somebody waited whom it takes.
    pub idle: usize,
}

/// Somebody who was not served.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Left {
    /// `A005`.
    pub number: String,
    /// When it was taken, in microseconds.
    pub taken_at: i64,
    /// When it was last called.
    pub called_at: Option<i64>,
    /// Why.
    pub why: Why,
}

/// Why somebody was not served.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// Never called before the day was over.
    NeverCalled,
    /// Called, and nobody came.
    NoShow,
    /// Called, back in the queue, and not called again.
    NotAgain,
    /// Serving began, and there is no outcome yet.
    Open,
    /// Left with a slip on paper before its turn.
    LeftPaper,
}

/// What a day is counted from.
pub(crate) struct Counted<'a> {
    /// All tickets.
    pub(crate) tickets: &'a [TicketRow],
    /// The item of each ticket that ended, where it is known.
    pub(crate) items: &'a HashMap<TicketId, String>,
    /// Who was on duty when.
    pub(crate) duties: &'a [Duty],
    /// The windows and what they take.
    pub(crate) windows: &'a [WindowRow],
    /// When the day began.
    pub(crate) begins: Timestamp,
    /// Until when it is counted.
    pub(crate) until: Timestamp,
}

#[derive(Default)]
struct Tally {
    sum: Sum,
    waits: Times,
    services: Times,
}

impl Tally {
    fn end(mut self) -> Sum {
        self.sum.wait = spread(&self.waits);
        self.sum.service = spread(&self.services);
        self.sum
    }
}

/// Why the person of a ticket was not served; `None` for one that was, or that still may be.
pub(crate) fn why(t: &TicketRow, over: bool) -> Option<Why> {
    match t.state {
        TicketState::Ended => None,
        TicketState::Passed => Some(Why::NoShow),
        TicketState::Lapsed if t.called_at.is_none() => Some(Why::NeverCalled),
        TicketState::Lapsed if t.calls > 0 => Some(Why::NoShow),
        TicketState::Lapsed => Some(Why::NotAgain),
        _ if over && t.started_at.is_some() => Some(Why::Open),
        _ => None,
    }
}

/// Half within the first, nine of ten within the second.
pub fn spread(times: &Times) -> Option<Spread> {
    times.quantile(5).zip(times.quantile(9))
}

/// Counts a day.
pub(crate) fn count(day: &Counted<'_>) -> Report {
    let over = day.until >= day.begins + SignedDuration::from_hours(24);
    let hour = |at: Timestamp| at.to_zoned(clock::legal_zone()).hour();
    let mut hours: BTreeMap<i8, Tally> = BTreeMap::new();
    let mut businesses: BTreeMap<Letter, Tally> = BTreeMap::new();
    let mut windows: BTreeMap<String, Tally> = BTreeMap::new();
    let mut pairs: BTreeMap<(Letter, String), Tally> = BTreeMap::new();
    let (mut all, mut left) = (Tally::default(), Vec::new());
    for t in day.tickets {
        let gone = why(t, over);
        for tally in [&mut all, businesses.entry(t.letter).or_default()] {
            add(tally, t, gone);
        }
        // What belongs to the hour of the taking, of the call and of the end.
        let taken = hours.entry(hour(t.taken_at)).or_default();
        add(taken, t, gone);
        (taken.sum.called, taken.sum.served) =
            (taken.sum.called - usize::from(t.called_at.is_some()), taken.sum.served - served(t));
        if let Some(at) = t.called_at {
            hours.entry(hour(at)).or_default().sum.called += 1;
        }
        if let Some(at) = t.ended_at.filter(|_| served(t) == 1) {
            hours.entry(hour(at)).or_default().sum.served += 1;
        }
        if let Some(window) = &t.window {
            add(windows.entry(window.clone()).or_default(), t, gone);
            add(pairs.entry((t.letter, window.clone())).or_default(), t, gone);
        }
        left.extend(gone.map(|why| Left {
            number: number(t.letter, t.serial),
            taken_at: t.taken_at.as_microsecond(),
            called_at: t.called_at.map(Timestamp::as_microsecond),
            why,
        }));
    }
    for duty in day.duties {
        windows.entry(duty.number.clone()).or_default();
    }
    let manned = minutes(day);
    let in_day = |hour: &i8| (hour + 20) % 24;
    let mut hours: Vec<(i8, Sum)> = hours.into_iter().map(|(hour, tally)| (hour, tally.end())).collect();
    hours.sort_by_key(|(hour, _)| in_day(hour));
    Report {
        all: all.end(),
        hours,
        businesses: businesses.into_iter().map(|(letter, tally)| (letter, tally.end())).collect(),
        windows: windows
            .into_iter()
            .map(|(n, tally)| {
                let manned = manned.get(&n).cloned().unwrap_or_default();
                (n, tally.end(), manned)
            })
            .collect(),
        pairs: pairs.into_iter().map(|((letter, n), tally)| (letter, n, tally.end())).collect(),
        items: items(day),
        left,
        paper: OnPaper::default(),
    }
}

/// Those who were served, by item: the one with the most first, and last those of whom it is not known.
fn items(day: &Counted<'_>) -> Vec<(String, Sum)> {
    let mut items: BTreeMap<&str, Tally> = BTreeMap::new();
    for t in day.tickets.iter().filter(|t| served(t) == 1) {
        let item = day.items.get(&t.id).map_or("", String::as_str);
        add(items.entry(item).or_default(), t, None);
    }
    let mut items: Vec<(String, Sum)> =
        items.into_iter().map(|(item, tally)| (item.to_owned(), tally.end())).collect();
    items.sort_by_key(|(item, sum)| (item.is_empty(), std::cmp::Reverse(sum.served)));
    items
}

fn served(t: &TicketRow) -> usize {
    usize::from(t.state == TicketState::Ended)
}

fn add(tally: &mut Tally, t: &TicketRow, gone: Option<Why>) {
    let sum = &mut tally.sum;
    sum.taken += 1;
    sum.called += usize::from(t.called_at.is_some());
    sum.served += served(t);
    sum.no_show += usize::from(gone == Some(Why::NoShow));
    sum.lost += usize::from(matches!(gone, Some(Why::NeverCalled | Why::NotAgain)));
    tally.waits.extend(t.called_at.map(|at| at.as_second() - t.taken_at.as_second()));
    let service = t.started_at.zip(t.ended_at).map(|(from, to)| to.as_second() - from.as_second());
    tally.services.extend(service);
}

/// The minutes of each window, looked at one by one.
fn minutes(day: &Counted<'_>) -> BTreeMap<String, Manned> {
    let end = minute(day, day.until);
    let span = |from: Timestamp, to: Option<Timestamp>| {
        minute(day, from)..to.map_or(end, |to| minute(day, to)).min(end)
    };
    let mut waiting: BTreeMap<Letter, Vec<u32>> = BTreeMap::new();
    let mut busy: BTreeMap<&str, Vec<bool>> = BTreeMap::new();
    for t in day.tickets {
        let counts = waiting.entry(t.letter).or_insert_with(|| vec![0; MINUTES]);
        for count in counts.get_mut(span(t.taken_at, t.called_at.or(t.ended_at))).into_iter().flatten() {
            *count += 1;
        }
        let at_window = matches!(t.state, TicketState::Called | TicketState::Serving | TicketState::Ended);
        if let Some((window, called)) = t.window.as_deref().zip(t.called_at).filter(|_| at_window) {
            let own = busy.entry(window).or_insert_with(|| vec![false; MINUTES]);
            own.get_mut(span(called, t.ended_at)).into_iter().flatten().for_each(|busy| *busy = true);
        }
    }
    let mut manned: BTreeMap<String, Manned> = BTreeMap::new();
    for duty in day.duties {
        let own = manned.entry(duty.number.clone()).or_default();
        let letters = day.windows.iter().find(|w| w.number == duty.number).map(|w| &w.letters);
        let waits = |at: usize| {
            waiting.iter().any(|(letter, counts)| {
                letters.is_some_and(|all| all.has(*letter)) && counts.get(at).is_some_and(|n| *n > 0)
            })
        };
        for at in span(duty.began, duty.ended) {
            own.on_duty += 1;
            match busy.get(duty.number.as_str()).and_then(|own| own.get(at)) {
                Some(true) => own.busy += 1,
                _ => own.idle += usize::from(waits(at)),
            }
        }
    }
    manned
}

/// Which minute of the day, within it.
fn minute(day: &Counted<'_>, at: Timestamp) -> usize {
    usize::try_from((at.as_second() - day.begins.as_second()) / 60).unwrap_or(0).min(MINUTES)
}
