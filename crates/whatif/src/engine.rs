//! The hall on a virtual clock: people come, windows call by the hall's own rule, everybody is served.
//!
//! Whose turn it is, and who is overtaken, is decided by `hall::rules::turn`, the functions that call real numbers. What the engine
//! adds is the clock, the walk from window to window and the choice among idle windows (the one that has been idle longest).

mod agenda;
mod counters;

pub(crate) use agenda::Agenda;

use crate::people::Person;
use counters::Counter;
use kernel::Fault;
use std::collections::BTreeSet;

/// Milliseconds on the virtual clock; 0 is midnight, or wherever the description begins.
pub type Ms = i64;

/// Minutes as [`Ms`].
pub fn ms(minutes: f64) -> Ms {
    (minutes * 60_000.0).round() as Ms
}

/// [`Ms`] as minutes.
pub fn minutes(ms: Ms) -> f64 {
    ms as f64 / 60_000.0
}

/// A window with one clerk.
#[derive(Debug, Clone, PartialEq)]
pub struct Window {
    /// The units whose business it takes, by number.
    pub units: BTreeSet<usize>,
    /// How much longer its clerk takes (1: no longer).
    pub factor: f64,
}

/// How a hall is set up.
#[derive(Debug, Clone, PartialEq)]
pub struct Setup {
    /// Its windows.
    pub windows: Vec<Window>,
    /// A matter of several units is handled in one visit to a window, not unit by unit.
    pub one_visit: bool,
    /// What turning from one unit's business to another's takes a clerk.
    pub switch: Ms,
    /// The walk to the next unit's windows, with a new ticket there.
    pub walk: Ms,
    /// What each further unit of one matter costs again when it is a visit of its own: identity, form, papers shown again.
    pub repeat: Ms,
    /// How many with priority may go before the same ordinary person.
    pub overtakings: i64,
    /// When the windows open; tickets may be taken before.
    pub opens: Ms,
    /// When no window calls anybody (from, until); whoever is served is served to the end.
    pub breaks: Vec<(Ms, Ms)>,
}

/// How much work a run may be: numbers looked at while somebody is called, and windows while somebody comes. It is counted and not timed, so
/// that the same question is too large on every machine or on none.
#[derive(Debug)]
pub struct Allowance(u64);

impl Allowance {
    /// So many steps.
    pub fn of(steps: u64) -> Self {
        Self(steps)
    }

    /// Takes some away; whether there were so many.
    pub(crate) fn spend(&mut self, steps: usize) -> bool {
        let left = self.0.checked_sub(steps as u64);
        self.0 = left.unwrap_or(0);
        left.is_some()
    }
}

/// One visit to a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Visit {
    /// Whose.
    pub person: usize,
    /// The units it is about are the person's stops from here …
    pub stop: usize,
    /// … this many.
    pub stops: usize,
    /// When the ticket was taken.
    pub came: Ms,
    /// When it was called.
    pub begun: Ms,
    /// When it was done.
    pub done: Ms,
    /// The window.
    pub window: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum What {
    /// A person takes a ticket for the stop.
    Come { person: usize, stop: usize },
    /// The window is done, or opens in the morning.
    Done { window: usize },
    /// The window goes on after a break.
    Again { window: usize },
}

/// A run as it goes.
struct Run<'a> {
    setup: &'a Setup,
    people: &'a [Person],
    counters: Vec<Counter>,
    /// Of each window: the counter and the place there.
    at: Vec<(usize, usize)>,
    agenda: Agenda<What>,
    /// What each window is busy with.
    busy: Vec<Option<Visit>>,
    /// Since when each window is idle; before it opens, never.
    idle_since: Vec<Ms>,
    /// The unit whose business each window had last.
    last: Vec<Option<usize>>,
    done: Vec<Visit>,
}

/// Runs `people` through the hall until the last has left; every visit, in the order in which they ended.
///
/// # Errors
/// A [`Fault`] when nobody takes what somebody comes for, or more kinds of queue hang together than the hall has letters.
pub fn run(setup: &Setup, people: &[Person]) -> Result<Vec<Visit>, Fault> {
    Ok(run_within(setup, people, &mut Allowance::of(u64::MAX))?.unwrap_or_default())
}

/// The same as long as it is not more work than allowed; `None` when it was.
///
/// # Errors
/// As [`run`].
pub fn run_within(
    setup: &Setup,
    people: &[Person],
    allowance: &mut Allowance,
) -> Result<Option<Vec<Visit>>, Fault> {
    let (counters, at) = counters::of(setup, people)?;
    let windows = setup.windows.len();
    let mut run = Run {
        setup,
        people,
        counters,
        at,
        agenda: Agenda::new(),
        busy: vec![None; windows],
        idle_since: vec![Ms::MAX; windows],
        last: vec![None; windows],
        done: Vec::with_capacity(people.len()),
    };
    for window in 0..windows {
        run.plan(setup.opens, What::Done { window });
    }
    for (window, (_, until)) in (0..windows).flat_map(|w| setup.breaks.iter().map(move |pause| (w, pause))) {
        run.plan(*until, What::Again { window });
    }
    for (person, one) in people.iter().enumerate() {
        run.plan(one.came, What::Come { person, stop: 0 });
    }
    while let Some((now, what)) = run.agenda.next() {
        if !allowance.spend(run.effort(what)) {
            return Ok(None);
        }
        match what {
            What::Come { person, stop } => run.come(now, person, stop)?,
            What::Done { window } => run.finish(now, window),
            What::Again { window } if run.busy[window].is_none() => {
                run.call(now, window);
            }
            What::Again { .. } => {}
        }
    }
    Ok(Some(run.done))
}

impl Run<'_> {
    fn plan(&mut self, when: Ms, what: What) {
        self.agenda.plan(when, what);
    }

    /// How much is looked at for an event.
    fn effort(&self, what: What) -> usize {
        match what {
            What::Come { .. } => self.busy.len() + self.counters.len(),
            What::Done { window } | What::Again { window } => 1 + self.counters[self.at[window].0].waiting(),
        }
    }

    /// How many of the person's stops a visit that begins at `stop` is about.
    fn stops(&self, person: &Person, stop: usize) -> usize {
        if self.setup.one_visit { person.stops.len() - stop } else { 1 }
    }

    /// Somebody takes a ticket, and is called at once when a window that may call is idle.
    fn come(&mut self, now: Ms, person: usize, stop: usize) -> Result<(), Fault> {
        let one = &self.people[person];
        let units: BTreeSet<usize> =
            one.stops[stop..stop + self.stops(one, stop)].iter().map(|s| s.unit).collect();
        let place = self.counters.iter().position(|c| c.takes(&units));
        let Some(counter) = place else { return Err(nobody(&units)) };
        self.counters[counter].queue(&units, one.first, (person, stop, now));
        let mut idle: Vec<usize> = (0..self.busy.len())
            .filter(|w| self.at[*w].0 == counter && self.busy[*w].is_none() && self.idle_since[*w] <= now)
            .collect();
        idle.sort_by_key(|w| (self.idle_since[*w], *w));
        for window in idle {
            if self.call(now, window) {
                break;
            }
        }
        Ok(())
    }

    /// The window is done: its person walks on or leaves, and it calls the next.
    fn finish(&mut self, now: Ms, window: usize) {
        if let Some(visit) = self.busy[window].take() {
            self.done.push(visit);
            let next = visit.stop + visit.stops;
            if next < self.people[visit.person].stops.len() {
                self.plan(now + self.setup.walk, What::Come { person: visit.person, stop: next });
            }
        }
        self.idle_since[window] = now;
        self.call(now, window);
    }

    /// The window calls whose turn it is, unless it has a break; whether anybody was called.
    fn call(&mut self, now: Ms, window: usize) -> bool {
        if self.setup.breaks.iter().any(|(from, until)| (*from..*until).contains(&now)) {
            return false;
        }
        let (counter, place) = self.at[window];
        let Some((person, stop, came)) = self.counters[counter].call(place, self.setup.overtakings) else {
            return false;
        };
        let stops = self.stops(&self.people[person], stop);
        let done = now + self.handling(window, person, stop, stops);
        self.busy[window] = Some(Visit { person, stop, stops, came, begun: now, done, window });
        self.plan(done, What::Done { window });
        true
    }

    /// How long the visit takes this window.
    fn handling(&mut self, window: usize, person: usize, stop: usize, stops: usize) -> Ms {
        let stops = &self.people[person].stops[stop..stop + stops];
        let work: Ms = stops.iter().map(|s| s.work).sum();
        let factor = self.setup.windows[window].factor;
        let again = if stop > 0 { self.setup.repeat } else { 0 };
        let mut turned = 0;
        for unit in stops.iter().map(|s| s.unit) {
            turned += i64::from(self.last[window].is_some_and(|last| last != unit));
            self.last[window] = Some(unit);
        }
        (work as f64 * factor).round() as Ms + again + turned * self.setup.switch
    }
}

fn nobody(units: &BTreeSet<usize>) -> Fault {
    Fault::new(format!("no window takes the business of unit(s) {units:?} that somebody comes for"))
}
