//! A hall's day in a file.

use super::need;
use crate::chance::Minutes;
use crate::engine::{Setup, Window, ms};
use crate::people::{Arrivals, Kind, Known, Source};
use kernel::{Fault, Text};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A day of a hall.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hall {
    /// Its name.
    pub name: Text,
    /// `09:00`.
    pub opens: String,
    /// `17:00`: whoever has a ticket by then is still served.
    pub closes: String,
    /// When no window calls anybody, in order: a break at noon.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub breaks: Vec<Break>,
    /// How many with priority may go before the same ordinary person.
    pub overtakings: i64,
    /// The share with priority, 0 to 1.
    pub priority: f64,
    /// The walk to another unit's windows.
    pub walk_minutes: f64,
    /// What each further unit of one matter costs again when it is a visit of its own.
    pub repeat_minutes: f64,
    /// When people come.
    pub arrivals: Came,
    /// The units.
    pub units: Vec<Unit>,
    /// What people come for.
    pub kinds: Vec<KindOf>,
    /// How the hall may be set up; the others are compared with the first.
    pub arrangements: Vec<Arrangement>,
    /// What is moved to see how the result follows.
    #[serde(default, skip_serializing_if = "Sensitivity::is_none")]
    pub sensitivity: Sensitivity,
    /// What somebody published, to stand beside.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published: Option<Published>,
}

/// A break.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Break {
    /// `12:00`.
    pub from: String,
    /// `13:30`.
    pub until: String,
}

/// When people come.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Came {
    /// Expected people in each half hour from opening.
    HalfHours(Vec<f64>),
    /// A recorded day.
    Recorded(Vec<Record>),
}

/// A ticket of a recorded day.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// `09:03`, or `09:03:20`; tickets may be taken before opening, and after midnight it goes on with `24:10`.
    pub at: String,
    /// What for, where it is known; otherwise drawn by the shares.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Whether it had priority, where it is known; otherwise drawn.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub priority: Option<bool>,
}

/// A unit (department) with windows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unit {
    /// Stable.
    pub id: String,
    /// Its name.
    pub name: Text,
}

/// A kind of business.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KindOf {
    /// Stable.
    pub id: String,
    /// Its weight among all.
    pub share: f64,
    /// The units it needs, in order.
    pub stops: Vec<StopOf>,
}

/// What a unit has to do with it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StopOf {
    /// The unit.
    pub unit: String,
    /// The time of a clerk of that unit.
    pub minutes: Minutes,
}

/// One way to set the hall up.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Arrangement {
    /// Stable.
    pub id: String,
    /// Its name.
    pub name: Text,
    /// A matter of several units is one visit.
    #[serde(default)]
    pub one_visit: bool,
    /// How much longer a clerk takes who handles several units' business.
    #[serde(default = "one")]
    pub training: f64,
    /// What turning from one unit's business to another's takes.
    #[serde(default)]
    pub switch_minutes: f64,
    /// The windows, each with one clerk.
    pub windows: Vec<Windows>,
}

fn one() -> f64 {
    1.0
}

/// Windows that take the same.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Windows {
    /// The units; `*` for all.
    pub units: Vec<String>,
    /// How many.
    pub count: usize,
    /// How much longer their clerks take, where it is not the arrangement's factor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub training: Option<f64>,
}

/// What is moved, one at a time.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Sensitivity {
    /// The training factor of arrangements that have one.
    pub training: Vec<f64>,
    /// How far half hours stand from their mean (1: as described).
    pub peak: Vec<f64>,
    /// The spread of log-normal times (1: as described).
    pub spread: Vec<f64>,
}

impl Sensitivity {
    /// Whether nothing is moved.
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }
}

/// Figures that somebody published: relative changes, −0.5 for half.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Published {
    /// Of the handling at the window.
    pub handling: f64,
    /// Of the waiting.
    pub wait: f64,
    /// Who.
    pub source: Text,
}

impl Hall {
    /// Opening, in minutes.
    pub fn opens(&self) -> Result<f64, Fault> {
        clock(&self.opens)
    }

    /// Closing, in minutes.
    pub fn closes(&self) -> Result<f64, Fault> {
        clock(&self.closes)
    }

    /// When it is open, in minutes: from opening to closing without the breaks.
    pub fn open(&self) -> Result<Vec<(f64, f64)>, Fault> {
        let (mut from, mut out) = (self.opens()?, Vec::new());
        for (begins, ends) in self.pauses()? {
            out.push((from, begins));
            from = ends;
        }
        out.push((from, self.closes()?));
        Ok(out)
    }

    fn pauses(&self) -> Result<Vec<(f64, f64)>, Fault> {
        self.breaks.iter().map(|b| Ok((clock(&b.from)?, clock(&b.until)?))).collect()
    }

    /// Who comes.
    ///
    /// # Errors
    /// A [`Fault`] for a unit, kind or time of day that there is not.
    pub fn source(&self) -> Result<Source, Fault> {
        let arrivals = match &self.arrivals {
            Came::HalfHours(people) => {
                Arrivals::Expected { from: ms(self.opens()?), slot: ms(30.0), people: people.clone() }
            }
            Came::Recorded(all) => {
                Arrivals::Recorded(all.iter().map(|r| self.record(r)).collect::<Result<_, _>>()?)
            }
        };
        let mut kinds = Vec::with_capacity(self.kinds.len());
        for kind in &self.kinds {
            let stop = |s: &StopOf| Ok((self.unit(&s.unit)?, s.minutes.clone()));
            let stops = kind.stops.iter().map(stop).collect::<Result<_, Fault>>()?;
            kinds.push(Kind { share: kind.share, stops });
        }
        Ok(Source { arrivals, kinds, priority: self.priority })
    }

    /// An arrangement as the engine takes it.
    ///
    /// # Errors
    /// A [`Fault`] for a unit that there is not.
    pub fn setup(&self, arrangement: &Arrangement) -> Result<Setup, Fault> {
        let mut windows = Vec::new();
        for some in &arrangement.windows {
            let units: BTreeSet<usize> = if some.units.iter().any(|u| u == "*") {
                (0..self.units.len()).collect()
            } else {
                some.units.iter().map(|u| self.unit(u)).collect::<Result<_, _>>()?
            };
            let of_several = if units.len() > 1 { arrangement.training } else { 1.0 };
            let factor = some.training.unwrap_or(of_several);
            windows.extend(vec![Window { units, factor }; some.count]);
        }
        Ok(Setup {
            windows,
            one_visit: arrangement.one_visit,
            switch: ms(arrangement.switch_minutes),
            walk: ms(self.walk_minutes),
            repeat: ms(self.repeat_minutes),
            overtakings: self.overtakings,
            opens: ms(self.opens()?),
            breaks: self.pauses()?.into_iter().map(|(from, until)| (ms(from), ms(until))).collect(),
        })
    }

    fn unit(&self, id: &str) -> Result<usize, Fault> {
        let found = self.units.iter().position(|u| u.id == id);
        found.ok_or_else(|| Fault::new(format!("there is no unit {id:?} among `units`")))
    }

    fn record(&self, record: &Record) -> Result<Known, Fault> {
        let number = |id: &String| {
            let found = self.kinds.iter().position(|k| k.id == *id);
            found.ok_or_else(|| Fault::new(format!("there is no kind {id:?} among `kinds`")))
        };
        let kind = record.kind.as_ref().map(number).transpose()?;
        Ok(Known { came: ms(clock(&record.at)?), kind, first: record.priority })
    }

    /// Whether it can be run.
    pub(super) fn check(&self) -> Result<(), Fault> {
        need(self.opens()? < self.closes()?, "`opens` must be before `closes`")?;
        let in_order = self.open()?.iter().all(|(from, until)| from < until);
        let lasting = self.pauses()?.iter().all(|(from, until)| from < until);
        need(in_order && lasting, "`breaks` must lie between `opens` and `closes`, one after another")?;
        let times = [self.walk_minutes, self.repeat_minutes];
        need(times.iter().all(|t| t.is_finite() && *t >= 0.0), "minutes must not be negative")?;
        need((0.0..=1.0).contains(&self.priority), "`priority` is a share between 0 and 1")?;
        need(self.overtakings >= 0, "`overtakings` must not be negative")?;
        need(!self.arrangements.is_empty(), "`arrangements` must have one at least")?;
        if let Came::HalfHours(people) = &self.arrivals {
            let open = ((self.closes()? - self.opens()?) / 30.0).ceil();
            let fits = people.len() as f64 <= open && people.iter().sum::<f64>() > 0.0;
            need(fits, format!("`half_hours` must have at most {open} numbers, and somebody must come"))?;
            need(people.iter().all(|n| n.is_finite() && *n >= 0.0), "`half_hours` must not be negative")?;
        }
        for kind in &self.kinds {
            let sound = kind.share.is_finite() && kind.share >= 0.0 && !kind.stops.is_empty();
            let drawn = kind.stops.iter().all(|s| s.minutes.sound());
            need(
                sound && drawn,
                format!("kind {:?}: wrong share, no stops, or minutes that cannot be drawn", kind.id),
            )?;
        }
        need(self.kinds.iter().any(|k| k.share > 0.0), "`kinds` must have one with a share")?;
        self.source()?;
        for one in &self.arrangements {
            let sound = one.training.is_finite() && one.training > 0.0 && one.switch_minutes >= 0.0;
            let own = one.windows.iter().filter_map(|w| w.training);
            let sound = sound && own.into_iter().all(|t| t.is_finite() && t > 0.0);
            need(sound, format!("arrangement {:?}: wrong `training` or `switch_minutes`", one.id))?;
            need(!self.setup(one)?.windows.is_empty(), format!("arrangement {:?} has no window", one.id))?;
        }
        let knobs = &self.sensitivity;
        let moved = knobs.training.iter().chain(&knobs.peak).chain(&knobs.spread);
        need(moved.clone().all(|v| v.is_finite() && *v >= 0.0), "`sensitivity` must not be negative")?;
        need(knobs.training.iter().all(|v| *v > 0.0), "a training factor must be above 0")
    }
}

/// A time of day in minutes: `09:00` or `09:00:30`; up to `29:59` for what is after midnight and still the same day's.
fn clock(text: &str) -> Result<f64, Fault> {
    let parts: Option<Vec<u32>> = text.split(':').map(|p| p.parse().ok()).collect();
    match parts.as_deref() {
        Some([h, m]) if *h < 30 && *m < 60 => Ok(f64::from(h * 60 + m)),
        Some([h, m, s]) if *h < 30 && *m < 60 && *s < 60 => Ok(f64::from(h * 60 + m) + f64::from(*s) / 60.0),
        _ => Err(Fault::new(format!("{text:?} is no time of day such as 09:00"))),
    }
}
