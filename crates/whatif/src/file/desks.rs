//! The desks that a matter's steps wait at: examiners, how long a step is in hand, and what else they have to do.

use super::need;
use crate::chance::Minutes;
use kernel::{Fault, Text};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Examiners of a unit at most.
pub const EXAMINERS_MAX: u32 = 200;
/// Pieces of work of one seed at most, so that what is drawn fits into memory.
pub const WORK_MAX: f64 = 200_000.0;

/// Where the steps are taken. A working day has eight office hours; nothing happens between them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Desks {
    /// How many matters are handed in on a working day, at random over its hours (Poisson).
    pub starts_per_day: f64,
    /// Working days before those that count, in which the desks fill up. As many follow them, so that the last that count meet the same load.
    pub warm_up_days: u32,
    /// Working days whose matters count.
    pub days: u32,
    /// The units.
    pub units: Vec<Desk>,
    /// What is moved, one at a time.
    #[serde(default, skip_serializing_if = "Moves::is_none")]
    pub sensitivity: Moves,
}

/// A unit with its examiners.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Desk {
    /// Stable.
    pub id: String,
    /// Its name.
    pub name: Text,
    /// Whose steps it takes, as the packs write `by`: an agency, `civil-affairs@county`, `external:fire-line`, `clerk`.
    pub takes: Vec<String>,
    /// How many it has; when not said, as many as are needed, so that nobody waits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub examiners: Option<u32>,
    /// How long a step is in an examiner's hands, in office minutes.
    pub hands: Minutes,
    /// The same for a step that takes another time: `house-tax/assess`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub steps: BTreeMap<String, Minutes>,
    /// What else the same examiners have to do: pieces of work per working day, at random.
    #[serde(default)]
    pub others_per_day: f64,
    /// How long one of them takes; when not said, as long as a step.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub others: Option<Minutes>,
}

/// What is moved, one at a time.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Moves {
    /// A factor on all that comes, matters and other work.
    pub load: Vec<f64>,
    /// Examiners more (or fewer, below 0), at each unit in turn.
    pub examiners: Vec<i32>,
    /// A factor on the spread of log-normal times, at the same mean.
    pub spread: Vec<f64>,
}

impl Moves {
    /// Whether nothing is moved.
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }
}

impl Desk {
    /// How long a step is in hand here.
    pub fn hands(&self, step: &str) -> &Minutes {
        self.steps.get(step).unwrap_or(&self.hands)
    }

    /// How long a piece of other work takes.
    pub fn others(&self) -> &Minutes {
        self.others.as_ref().unwrap_or(&self.hands)
    }

    fn check(&self) -> Result<(), Fault> {
        let at = |what: &str| format!("desks: unit {:?}: {what}", self.id);
        need(!self.id.is_empty() && !self.takes.is_empty(), at("`id` and `takes` must say something"))?;
        let drawn = self.steps.values().chain(&self.others).chain([&self.hands]).all(Minutes::sound);
        need(drawn, at("`hands`, `steps` and `others` must be minutes that can be drawn"))?;
        let fits = self.examiners.is_none_or(|n| (1..=EXAMINERS_MAX).contains(&n));
        need(fits, at(&format!("from 1 to {EXAMINERS_MAX} examiners")))?;
        need(sound(self.others_per_day), at("`others_per_day` must not be negative"))
    }
}

impl Desks {
    /// Working days that are drawn in all.
    pub fn span(&self) -> f64 {
        2.0 * f64::from(self.warm_up_days) + f64::from(self.days)
    }

    /// Whether it can be run.
    pub(crate) fn check(&self) -> Result<(), Fault> {
        need(
            sound(self.starts_per_day) && self.starts_per_day > 0.0,
            "desks: `starts_per_day` must be above 0",
        )?;
        need(self.days > 0 && !self.units.is_empty(), "desks: `days` and `units` must have one at least")?;
        self.units.iter().try_for_each(Desk::check)?;
        let mut seen = BTreeSet::new();
        for desk in &self.units {
            let ids = desk.takes.iter().map(|t| ("takes", t)).chain([("id", &desk.id)]);
            for (what, id) in ids {
                need(seen.insert((what, id)), format!("desks: `{what}` {id:?} stands twice"))?;
            }
        }
        let others: f64 = self.units.iter().map(|u| u.others_per_day).sum();
        let work = self.span() * (self.starts_per_day + others);
        need(
            work <= WORK_MAX,
            format!("desks: {work:.0} matters and other pieces are more than {WORK_MAX}"),
        )?;
        let moves = &self.sensitivity;
        let factors = moves.load.iter().chain(&moves.spread).all(|f| sound(*f) && *f > 0.0 && *f <= 10.0);
        need(factors, "desks: `load` and `spread` of `sensitivity` are factors above 0 and up to 10")?;
        let few = moves.examiners.iter().all(|n| n.unsigned_abs() <= EXAMINERS_MAX);
        need(few, format!("desks: `examiners` of `sensitivity` must stay within {EXAMINERS_MAX}"))
    }
}

fn sound(number: f64) -> bool {
    number.is_finite() && number >= 0.0
}
