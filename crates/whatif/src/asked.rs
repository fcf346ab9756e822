//! What is asked: which arrangements beside today's, with what training, over how many days; checked before anything runs.

mod matter;

pub use matter::{AskedMatter, MATTER_SEEDS, MATTER_USUAL, OTHERS, STARTS};

use crate::file::{Arrangement, Came, Hall, Sensitivity, Windows};
use kernel::{FieldError, Text};
use std::collections::{BTreeMap, BTreeSet};

/// So few days at least, and so many at most.
pub const SEEDS: std::ops::RangeInclusive<u64> = 5..=50;
/// How much longer, in per cent.
pub const TRAINING: std::ops::RangeInclusive<f64> = 0.0..=200.0;
/// Days when not said, and per cent.
pub const USUAL: (u64, f64) = (20, 15.0);
/// Windows of an arrangement at most.
pub const WINDOWS_MAX: usize = 200;
/// Tickets of a recorded day at most, or expected people of a described one.
pub const PEOPLE_MAX: f64 = 5_000.0;
/// The id of the arrangement that was written by whoever asks.
pub const OWN: &str = "own";
/// The factors at which it is shown again.
const MOVED: [f64; 4] = [1.0, 1.15, 1.3, 1.5];

/// What is asked of a description.
#[derive(Debug, Clone, PartialEq)]
pub struct Asked {
    /// Seeds 1 to this.
    pub seeds: u64,
    /// How much longer a clerk takes who takes what the window did not take before, in per cent.
    pub training: f64,
    /// Which of the description's arrangements stand beside the first.
    pub with: Vec<String>,
    /// The windows of an arrangement of one's own; empty for none.
    pub windows: Vec<Group>,
}

/// Windows that take the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Where it stands in what was sent.
    pub row: usize,
    /// What they take: units by id, or `*`.
    pub units: Vec<String>,
    /// How many.
    pub count: usize,
}

impl Default for Asked {
    fn default() -> Self {
        Self { seeds: USUAL.0, training: USUAL.1, with: Vec::new(), windows: Vec::new() }
    }
}

impl Asked {
    /// The factor of whoever takes more than before.
    pub fn factor(&self) -> f64 {
        1.0 + self.training / 100.0
    }

    /// The description with the arrangements that are asked for, ready to run.
    ///
    /// # Errors
    /// What is wrong, each at its field: `seeds`, `training`, `with`, `windows`, `windows[2].units`, `windows[2].count`.
    pub fn put(&self, mut hall: Hall) -> Result<Hall, Vec<FieldError>> {
        let mut wrong = Vec::new();
        self.numbers(&mut wrong);
        if people(&hall) > PEOPLE_MAX {
            let (zh, en) =
                ("一天的人数超过{n}人，太大了。", "More than {n} people on the day: that is too large.");
            say(
                &mut wrong,
                "day",
                zh.replace("{n}", &PEOPLE_MAX.to_string()),
                en.replace("{n}", &PEOPLE_MAX.to_string()),
            );
        }
        for id in &self.with {
            if !hall.arrangements.iter().skip(1).any(|a| a.id == *id) {
                say(
                    &mut wrong,
                    "with",
                    format!("没有“{id}”这个方案。"),
                    format!("There is no arrangement {id:?}."),
                );
            }
        }
        let own = self.own(&hall, &mut wrong);
        let mut number = 0;
        hall.arrangements.retain(|a| {
            number += 1;
            number == 1 || self.with.contains(&a.id)
        });
        hall.arrangements.extend(own);
        if wrong.is_empty() && hall.arrangements.len() < 2 {
            // There is nothing to tick where the input has one arrangement only.
            let field = if number > 1 { "with" } else { "windows" };
            let zh = "没有可对比的：请选一个对比方案，或者改动窗口。";
            say(&mut wrong, field, zh, "Nothing to compare: choose an arrangement, or change the windows.");
        }
        hall.sensitivity = Sensitivity::default();
        if hall.arrangements.iter().any(|a| factors(a).any(|f| f != 1.0)) {
            hall.sensitivity.training = MOVED.to_vec();
        }
        if wrong.is_empty() { Ok(hall) } else { Err(wrong) }
    }

    fn numbers(&self, wrong: &mut Vec<FieldError>) {
        if !SEEDS.contains(&self.seeds) {
            let (from, to) = (SEEDS.start(), SEEDS.end());
            say(
                wrong,
                "seeds",
                format!("请填{from}到{to}之间的整数。"),
                format!("A whole number from {from} to {to}."),
            );
        }
        if !TRAINING.contains(&self.training) {
            let (from, to) = (TRAINING.start(), TRAINING.end());
            say(
                wrong,
                "training",
                format!("请填{from}到{to}之间的数。"),
                format!("A number from {from} to {to}."),
            );
        }
    }

    /// The arrangement of one's own; none when nothing was written, or nothing changed.
    fn own(&self, hall: &Hall, wrong: &mut Vec<FieldError>) -> Option<Arrangement> {
        let first = hall.arrangements.first()?;
        let mut groups: BTreeMap<BTreeSet<String>, usize> = BTreeMap::new();
        for group in self.windows.iter().filter(|g| g.count > 0 || g.units.is_empty()) {
            match units(hall, &group.units) {
                Ok(units) if !units.is_empty() => *groups.entry(units).or_default() += group.count,
                Ok(_) => say(
                    wrong,
                    format!("windows[{}].units", group.row),
                    "请写明这些窗口办什么。",
                    "Say what these windows take.",
                ),
                Err(unknown) => say(
                    wrong,
                    format!("windows[{}].units", group.row),
                    format!("没有“{unknown}”这项。可填：{}，或者 *（全部）。", ids(hall, "、")),
                    format!("There is no {unknown:?}. There are: {}, or * for all.", ids(hall, ", ")),
                ),
            }
        }
        let before = grouped(hall, first);
        if !wrong.is_empty() || self.windows.is_empty() || groups == before {
            return None;
        }
        let total: usize = groups.values().sum();
        if total == 0 || total > WINDOWS_MAX {
            let zh = format!("窗口总数应在1到{WINDOWS_MAX}之间，现在是{total}。");
            say(wrong, "windows", zh, format!("From 1 to {WINDOWS_MAX} windows in all; there are {total}."));
        }
        for lacking in untaken(hall, first.one_visit, &groups) {
            let (zh, en) =
                (format!("没有窗口办理：{}。", lacking.zh), format!("No window takes: {}.", lacking.en));
            say(wrong, "windows", zh, en);
        }
        Some(arrangement(first, groups, &before_factors(hall, first), self.factor()))
    }
}

fn say(wrong: &mut Vec<FieldError>, field: impl Into<String>, zh: impl Into<String>, en: impl Into<String>) {
    wrong.push(FieldError { field: field.into(), say: Text::new(zh, en) });
}

/// How many come on a day.
fn people(hall: &Hall) -> f64 {
    match &hall.arrivals {
        Came::HalfHours(people) => people.iter().sum(),
        Came::Recorded(all) => all.len() as f64,
    }
}

fn ids(hall: &Hall, between: &str) -> String {
    hall.units.iter().map(|u| u.id.as_str()).collect::<Vec<_>>().join(between)
}

/// The units that are meant, or the word that means none. Units of one letter may be written together: `AB`.
fn units(hall: &Hall, words: &[String]) -> Result<BTreeSet<String>, String> {
    let known = |id: &str| hall.units.iter().any(|u| u.id == id);
    let mut out = BTreeSet::new();
    for word in words {
        let letters: Vec<String> = word.to_uppercase().chars().map(String::from).collect();
        match word.as_str() {
            "*" => out.extend(hall.units.iter().map(|u| u.id.clone())),
            id if known(id) => {
                out.insert(id.to_owned());
            }
            _ if letters.iter().all(|l| known(l)) => out.extend(letters),
            _ => return Err(word.clone()),
        }
    }
    Ok(out)
}

/// The windows of an arrangement, those that take the same together.
fn grouped(hall: &Hall, arrangement: &Arrangement) -> BTreeMap<BTreeSet<String>, usize> {
    let mut groups = BTreeMap::new();
    for some in &arrangement.windows {
        *groups.entry(units(hall, &some.units).unwrap_or_default()).or_default() += some.count;
    }
    groups
}

/// The factor of each of the arrangement's windows.
fn factors(arrangement: &Arrangement) -> impl Iterator<Item = f64> + '_ {
    let of_several = |w: &Windows| w.units.len() > 1 || w.units.iter().any(|u| u == "*");
    arrangement
        .windows
        .iter()
        .map(move |w| w.training.unwrap_or(if of_several(w) { arrangement.training } else { 1.0 }))
}

/// The factor of those who take what somebody takes already.
fn before_factors(hall: &Hall, first: &Arrangement) -> BTreeMap<BTreeSet<String>, f64> {
    let sets = first.windows.iter().map(|w| units(hall, &w.units).unwrap_or_default());
    sets.zip(factors(first)).collect()
}

/// What somebody comes for and no window takes, each once.
fn untaken(hall: &Hall, one_visit: bool, groups: &BTreeMap<BTreeSet<String>, usize>) -> Vec<Text> {
    let taken = |wanted: &BTreeSet<String>| groups.iter().any(|(units, n)| *n > 0 && wanted.is_subset(units));
    let mut visits: BTreeSet<BTreeSet<String>> = BTreeSet::new();
    for kind in &hall.kinds {
        let stops = kind.stops.iter().map(|s| s.unit.clone());
        if one_visit {
            visits.insert(stops.collect());
        } else {
            visits.extend(stops.map(|s| BTreeSet::from([s])));
        }
    }
    let named = |wanted: BTreeSet<String>| {
        let names: Vec<&Text> =
            hall.units.iter().filter(|u| wanted.contains(&u.id)).map(|u| &u.name).collect();
        let joined = |of: fn(&Text) -> &str| names.iter().map(|n| of(n)).collect::<Vec<_>>().join(" + ");
        Text::new(joined(|n| &n.zh), joined(|n| &n.en))
    };
    visits.into_iter().filter(|wanted| !taken(wanted)).map(named).collect()
}

/// Windows of one's own: who takes what nobody takes today has the factor.
fn arrangement(
    first: &Arrangement,
    groups: BTreeMap<BTreeSet<String>, usize>,
    before: &BTreeMap<BTreeSet<String>, f64>,
    factor: f64,
) -> Arrangement {
    let window = |(units, count): (BTreeSet<String>, usize)| {
        let unpractised = if units.len() > 1 { factor } else { 1.0 };
        let training = Some(before.get(&units).copied().unwrap_or(unpractised));
        Windows { units: units.into_iter().collect(), count, training }
    };
    Arrangement {
        id: OWN.to_owned(),
        name: Text::new("改动后的窗口", "The windows changed"),
        windows: groups.into_iter().filter(|(_, n)| *n > 0).map(window).collect(),
        ..first.clone()
    }
}
