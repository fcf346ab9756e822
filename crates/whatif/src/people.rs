//! Who comes on a day: when, for what, with priority or not, and how long it takes a clerk of that unit. Nothing here knows how the
//! hall is set up, so that every setup meets the very same people (common random numbers).

use crate::chance::{Chance, Minutes, Purpose, stream};
use crate::engine::{Ms, ms};

/// One unit that a person needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stop {
    /// The unit, by number.
    pub unit: usize,
    /// The work it is for a clerk of that unit.
    pub work: Ms,
}

/// Somebody who comes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// When.
    pub came: Ms,
    /// Whether they have priority.
    pub first: bool,
    /// What they need, in this order.
    pub stops: Vec<Stop>,
}

/// A kind of business as it is drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct Kind {
    /// Its weight among all.
    pub share: f64,
    /// The units with the time of each.
    pub stops: Vec<(usize, Minutes)>,
}

/// When people come.
#[derive(Debug, Clone, PartialEq)]
pub enum Arrivals {
    /// At random (Poisson), so many expected in each slot.
    Expected {
        /// When the first slot begins.
        from: Ms,
        /// How long a slot is.
        slot: Ms,
        /// How many are expected in each.
        people: Vec<f64>,
    },
    /// As they were recorded.
    Recorded(Vec<Known>),
}

/// Somebody who comes, as far as it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Known {
    /// When.
    pub came: Ms,
    /// The kind; otherwise it is drawn by the shares.
    pub kind: Option<usize>,
    /// Whether they have priority; otherwise it is drawn.
    pub first: Option<bool>,
}

/// A day to draw people from.
#[derive(Debug, Clone, PartialEq)]
pub struct Source {
    /// When they come.
    pub arrivals: Arrivals,
    /// What they come for.
    pub kinds: Vec<Kind>,
    /// The share with priority, 0 to 1.
    pub priority: f64,
}

/// What is moved to see how the result follows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Knobs {
    /// How far the slots stand from their mean: 0 all alike, 1 as described, 2 twice as far (never below nobody).
    pub peak: f64,
    /// The spread of log-normal times, as a factor on their coefficient of variation.
    pub spread: f64,
}

impl Default for Knobs {
    fn default() -> Self {
        Self { peak: 1.0, spread: 1.0 }
    }
}

impl Source {
    /// The people of the day `seed`, in the order of coming.
    pub fn people(&self, seed: u64, knobs: Knobs) -> Vec<Person> {
        let arrivals = self.arrivals.draw(seed, knobs.peak);
        let (who, times) = (stream(seed, Purpose::People), stream(seed, Purpose::Times));
        let (who, times) = (Chance::new(&who), Chance::new(&times));
        let person = |known: Known| {
            // Both are drawn for everybody, known or not, so that the streams stay in step.
            let (kind, first) = (self.kind(who.uniform()), who.uniform() <= self.priority);
            let stops = self.kinds.get(known.kind.unwrap_or(kind)).map_or(&[][..], |k| &k.stops);
            let stop = |(unit, minutes): &(usize, Minutes)| Stop {
                unit: *unit,
                work: ms(minutes.draw(&times, knobs.spread)),
            };
            let (came, first) = (known.came, known.first.unwrap_or(first));
            Person { came, first, stops: stops.iter().map(stop).collect() }
        };
        arrivals.into_iter().map(person).collect()
    }

    /// The kind at `point` of the shares laid end to end.
    fn kind(&self, point: f64) -> usize {
        let total: f64 = self.kinds.iter().map(|k| k.share).sum();
        let mut left = point * total;
        for (number, kind) in self.kinds.iter().enumerate() {
            left -= kind.share;
            if left <= 0.0 {
                return number;
            }
        }
        self.kinds.len().saturating_sub(1)
    }
}

impl Arrivals {
    fn draw(&self, seed: u64, peak: f64) -> Vec<Known> {
        let (from, slot, people) = match self {
            Self::Recorded(all) => {
                let mut all = all.clone();
                all.sort_unstable();
                return all;
            }
            Self::Expected { from, slot, people } => (*from, *slot, peaked(people, peak)),
        };
        let rng = stream(seed, Purpose::Arrivals);
        let chance = Chance::new(&rng);
        let known = |came| Known { came, kind: None, first: None };
        poisson(&chance, from, slot, &people).into_iter().map(known).collect()
    }
}

/// Moments of a Poisson process with so many expected in each slot, in order.
pub(crate) fn poisson(chance: &Chance<'_>, from: Ms, slot: Ms, expected: &[f64]) -> Vec<Ms> {
    // A process of rate 1 laid along the expected number so far: exact, and the same draws whatever the slots.
    let (mut out, mut next, mut before) = (Vec::new(), chance.exponential(), 0.0);
    for (number, expected) in expected.iter().enumerate() {
        while next <= before + expected {
            let within = (next - before) / expected;
            out.push(from + slot * number as Ms + (within * slot as f64) as Ms);
            next += chance.exponential();
        }
        before += expected;
    }
    out
}

/// The slots, `peak` times as far from their mean, with as many people on the whole day.
fn peaked(people: &[f64], peak: f64) -> Vec<f64> {
    let total: f64 = people.iter().sum();
    let mean = total / people.len() as f64;
    let moved: Vec<f64> = people.iter().map(|n| (mean + peak * (n - mean)).max(0.0)).collect();
    let again: f64 = moved.iter().sum();
    moved.iter().map(|n| n * total / again).collect()
}
