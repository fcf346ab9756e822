//! A hall's own recorded day as a description: people come when and for what the record says, times are drawn from those of the day,
//! and the windows of that day are the first arrangement.

use crate::chance::Minutes;
use crate::file::{Arrangement, Break, Came, Hall, KindOf, Record, Sensitivity, StopOf, Unit, Windows};
use crate::stats::quantile;
use hall::model::{Letter, Letters};
use hall::{RecordedDay, RecordedTicket, RecordedWindow};
use kernel::{Refusal, RefusalKind, Text};
use std::collections::{BTreeMap, BTreeSet};

/// The id of the arrangement of that day.
pub const AS_IT_WAS: &str = "as-it-was";
/// The id of the arrangement in which every window takes everything.
pub const EVERYTHING: &str = "everything";
/// Minutes of a day.
const MINUTES: f64 = 24.0 * 60.0;
/// A hall that never shuts has a queue from four in the morning to four.
const ROUND_THE_CLOCK: (f64, f64) = (4.0 * 60.0, 28.0 * 60.0);

/// A recorded day, ready to be tried.
#[derive(Debug, Clone, PartialEq)]
pub struct Replay {
    /// The description.
    pub hall: Hall,
    /// What the record said itself.
    pub was: Was,
    /// What is not in the description.
    pub left_out: LeftOut,
}

/// What the record says of the day, to stand beside what the model makes of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Was {
    /// Tickets that are replayed.
    pub tickets: usize,
    /// Of them, those that were called: their mean wait in minutes …
    pub wait: f64,
    /// … and within what nine of ten were called.
    pub wait_p90: f64,
    /// Hours on duty of all windows together.
    pub on_duty: f64,
    /// The same in the model, where each window is manned all day.
    pub modelled: f64,
}

/// Who was there and is not replayed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LeftOut {
    /// Called, and nobody came.
    pub absent: usize,
    /// On paper.
    pub on_paper: usize,
    /// For a business that no window of that day takes.
    pub untaken: usize,
}

/// The description of a recorded day. `training` is how much longer a clerk takes where a window takes more than it did (1: no longer),
/// `overtakings` how many with priority may go before the same ordinary person.
///
/// # Errors
/// `whatif.nobody-served` when the record holds no time that serving took, or no window.
pub fn replay(name: &Text, day: &RecordedDay, overtakings: i64, training: f64) -> Result<Replay, Refusal> {
    let windows = taking(day);
    let taken = |t: &&RecordedTicket| windows.iter().any(|letters| letters.has(t.letter));
    let (tickets, untaken): (Vec<&RecordedTicket>, Vec<&RecordedTicket>) =
        day.tickets.iter().partition(taken);
    let kinds = kinds(&tickets).ok_or_else(nobody_served)?;
    let (opens, closes, breaks) = hours(day);
    let groups = groups(&windows);
    let known = |letter: Letter| {
        let found = day.businesses.iter().find(|(l, _)| *l == letter).map(|(_, name)| name.clone());
        found.unwrap_or_default()
    };
    let letters: BTreeSet<Letter> = windows.iter().flat_map(|w| w.0.iter().copied()).collect();
    let unit = |letter: &Letter| {
        let name = known(*letter);
        Unit {
            id: letter.to_string(),
            name: Text::new(format!("{letter} {}", name.zh), format!("{letter} {}", name.en)),
        }
    };
    let first = tickets.iter().filter(|t| t.first).count();
    let date = day.day;
    let hall = Hall {
        name: Text::new(
            format!("{} {date}（按记录）", name.zh),
            format!("{} on {date}, as recorded", name.en),
        ),
        opens: clock(opens),
        closes: clock(closes),
        breaks,
        overtakings,
        priority: first as f64 / tickets.len() as f64,
        walk_minutes: 0.0,
        repeat_minutes: 0.0,
        arrivals: Came::Recorded(tickets.iter().map(|t| record(t)).collect()),
        units: letters.iter().map(unit).collect(),
        kinds,
        arrangements: arrangements(groups, letters.len(), training),
        sensitivity: Sensitivity::default(),
        published: None,
    };
    let hours: f64 = hall.open().map_err(|_| nobody_served())?.iter().map(|(a, b)| (b - a) / 60.0).sum();
    let was = was(&tickets, day, windows.len() as f64 * hours);
    let left_out = LeftOut { absent: day.absent, on_paper: day.on_paper, untaken: untaken.len() };
    Ok(Replay { hall, was, left_out })
}

fn nobody_served() -> Refusal {
    Refusal::new(
        RefusalKind::Invalid,
        "whatif.nobody-served",
        "这一天没有办结的号，不知道办理要多久，无法推演。",
        "Nobody was served on this day, so that it is not known how long serving takes.",
    )
    .field("day", "这一天没有办结的号，请换一天。", "Nobody was served on this day: choose another.")
}

/// What each window of the day takes: what it is set to now, and what was called to it if no other takes that.
fn taking(day: &RecordedDay) -> Vec<Letters> {
    let others = |letter: Letter| day.windows.iter().any(|w| w.letters.has(letter));
    let window = |w: &RecordedWindow| {
        let more = w.called.0.iter().copied().filter(|l| !others(*l));
        Letters(w.letters.0.iter().copied().chain(more).collect())
    };
    day.windows.iter().map(window).filter(|letters| !letters.0.is_empty()).collect()
}

/// Opening and closing in minutes, and the breaks; where the hall has no hours on such a day, as long as there was somebody.
fn hours(day: &RecordedDay) -> (f64, f64, Vec<Break>) {
    let breaks = day.open.windows(2).filter_map(|pair| match pair {
        [a, b] if a.1 < b.0 => Some(Break { from: clock(a.1), until: clock(b.0) }),
        _ => None,
    });
    match (day.open.first(), day.open.last()) {
        (Some((from, _)), Some((_, until))) if *from <= 0.0 && *until >= MINUTES => {
            (ROUND_THE_CLOCK.0, ROUND_THE_CLOCK.1, Vec::new())
        }
        (Some((from, _)), Some((_, until))) => (*from, *until, breaks.collect()),
        _ => {
            let left = |t: &RecordedTicket| t.at + t.wait.unwrap_or(0.0) + t.service.unwrap_or(0.0);
            let from = day.tickets.first().map_or(0.0, |t| t.at);
            (from, day.tickets.iter().map(left).fold(from + 1.0, f64::max), Vec::new())
        }
    }
}

/// `09:03`, or `09:03:20`.
fn clock(minutes: f64) -> String {
    let seconds = (minutes * 60.0).round().max(0.0) as u64;
    let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if second == 0 { format!("{hour:02}:{minute:02}") } else { format!("{hour:02}:{minute:02}:{second:02}") }
}

fn record(t: &RecordedTicket) -> Record {
    Record { at: clock(t.at), kind: Some(t.letter.to_string()), priority: Some(t.first) }
}

/// A kind for each business. The times of one of which none is known are those of all; `None` when none is known at all.
fn kinds(tickets: &[&RecordedTicket]) -> Option<Vec<KindOf>> {
    let mut times: BTreeMap<Letter, (usize, Vec<f64>)> = BTreeMap::new();
    for t in tickets {
        let own = times.entry(t.letter).or_default();
        own.0 += 1;
        own.1.extend(t.service.map(hundredths));
    }
    let all: Vec<f64> = sorted(times.values().flat_map(|(_, own)| own.iter().copied()).collect());
    if all.is_empty() {
        return None;
    }
    let kind = |(letter, (count, own)): (Letter, (usize, Vec<f64>))| {
        let minutes = Minutes::Recorded(if own.is_empty() { all.clone() } else { sorted(own) });
        let stops = vec![StopOf { unit: letter.to_string(), minutes }];
        KindOf { id: letter.to_string(), share: count as f64, stops }
    };
    Some(times.into_iter().map(kind).collect())
}

/// Sorted, so that no time stands beside the ticket that it was of.
fn sorted(mut times: Vec<f64>) -> Vec<f64> {
    times.sort_by(f64::total_cmp);
    times
}

fn hundredths(minutes: f64) -> f64 {
    (minutes * 100.0).round() / 100.0
}

/// Windows that take the same, together.
fn groups(windows: &[Letters]) -> BTreeMap<BTreeSet<String>, usize> {
    let mut groups: BTreeMap<BTreeSet<String>, usize> = BTreeMap::new();
    for letters in windows {
        *groups.entry(letters.0.iter().map(Letter::to_string).collect()).or_default() += 1;
    }
    groups
}

/// The windows as they were, and as many that take everything, unless they did.
fn arrangements(
    groups: BTreeMap<BTreeSet<String>, usize>,
    letters: usize,
    training: f64,
) -> Vec<Arrangement> {
    let all: usize = groups.values().sum();
    let whole: usize = groups.iter().filter(|(units, _)| units.len() == letters).map(|(_, n)| n).sum();
    let as_it_was = Arrangement {
        id: AS_IT_WAS.to_owned(),
        name: Text::new("当天的窗口", "As it was"),
        one_visit: false,
        training: 1.0,
        switch_minutes: 0.0,
        windows: groups
            .into_iter()
            .map(|(units, count)| Windows { units: units.into_iter().collect(), count, training: None })
            .collect(),
    };
    if whole == all {
        return vec![as_it_was];
    }
    let everywhere = |count, training| Windows { units: vec!["*".to_owned()], count, training };
    let windows = [(whole, Some(1.0)), (all - whole, None)];
    let everything = Arrangement {
        id: EVERYTHING.to_owned(),
        name: Text::new("全部窗口办所有业务", "Every window takes everything"),
        training,
        windows: windows.into_iter().filter(|w| w.0 > 0).map(|(n, t)| everywhere(n, t)).collect(),
        ..as_it_was.clone()
    };
    vec![as_it_was, everything]
}

fn was(tickets: &[&RecordedTicket], day: &RecordedDay, modelled: f64) -> Was {
    let waits = sorted(tickets.iter().filter_map(|t| t.wait).collect());
    let wait = waits.iter().sum::<f64>() / waits.len().max(1) as f64;
    let on_duty = day.windows.iter().map(|w| w.on_duty as f64 / 60.0).sum();
    Was { tickets: tickets.len(), wait, wait_p90: quantile(&waits, 0.9), on_duty, modelled }
}
