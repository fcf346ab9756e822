//! Time: what a term comes to in office hours, and the longest way through steps that wait for each other.

use crate::{By, Step};
use kernel::{Term, TermUnit};
use std::collections::BTreeMap;

/// The office hours of a working day, for comparing terms.
pub const HOURS_A_DAY: u64 = 8;

/// A term in office hours, for comparing: a working day has eight, a week of calendar days five working days.
pub fn hours(term: Term) -> u64 {
    let count = u64::from(term.count);
    match term.unit {
        TermUnit::OfficeHours => count,
        TermUnit::WorkingDays => count * HOURS_A_DAY,
        TermUnit::Days => count * 5 * HOURS_A_DAY / 7,
    }
}

/// Steps by number, what each waits for, and how long it takes.
pub(super) struct Net {
    /// What each step waits for.
    pub after: Vec<Vec<usize>>,
    /// How long each takes.
    pub hours: Vec<u64>,
}

/// When the steps of a net begin and end if each takes its whole term.
#[derive(Default)]
pub(super) struct Times {
    /// How many steps stand before each on the way with most steps; none for steps in a ring and behind one.
    pub rank: Vec<Option<usize>>,
    /// When each begins.
    pub begins: Vec<u64>,
    /// The office hours of the longest way.
    pub hours: u64,
    /// The steps of the longest way, first to last; of several equally long ones, the one first in the net.
    pub longest: Vec<usize>,
}

impl Net {
    fn waits(&self, step: usize) -> &[usize] {
        self.after.get(step).map_or(&[], Vec::as_slice)
    }

    fn length(&self, step: usize) -> u64 {
        self.hours.get(step).copied().unwrap_or(0)
    }

    /// The ranks: a step has one when all that it waits for have.
    fn ranks(&self) -> Vec<Option<usize>> {
        let n = self.after.len();
        let mut before: Vec<usize> = self.after.iter().map(Vec::len).collect();
        let mut then: Vec<Vec<usize>> = vec![Vec::new(); n];
        for (step, after) in self.after.iter().enumerate() {
            for a in after {
                if let Some(then) = then.get_mut(*a) {
                    then.push(step);
                }
            }
        }
        let mut rank: Vec<Option<usize>> = before.iter().map(|n| (*n == 0).then_some(0)).collect();
        let mut ready: Vec<usize> = (0..n).filter(|s| before.get(*s) == Some(&0)).collect();
        while let Some(step) = ready.pop() {
            for next in then.get(step).into_iter().flatten() {
                let Some(open) = before.get_mut(*next) else { continue };
                *open -= 1;
                if *open == 0 {
                    let last = self.waits(*next).iter().filter_map(|a| rank.get(*a).copied().flatten()).max();
                    if let Some(rank) = rank.get_mut(*next) {
                        *rank = Some(last.map_or(0, |r| r + 1));
                    }
                    ready.push(*next);
                }
            }
        }
        rank
    }

    /// When everything begins, and what sets the whole time.
    pub fn times(&self) -> Times {
        let rank = self.ranks();
        let mut order: Vec<usize> =
            (0..rank.len()).filter(|s| rank.get(*s).is_some_and(Option::is_some)).collect();
        order.sort_by_key(|s| (rank.get(*s).copied().flatten(), *s));
        let mut begins = vec![0; rank.len()];
        let mut before: Vec<Option<usize>> = vec![None; rank.len()];
        for step in &order {
            let (mut begin, mut from) = (0, None);
            for after in self.waits(*step) {
                let end = begins.get(*after).copied().unwrap_or(0) + self.length(*after);
                if end > begin || from.is_none() {
                    begin = begin.max(end);
                    from = Some(*after);
                }
            }
            if let (Some(b), Some(f)) = (begins.get_mut(*step), before.get_mut(*step)) {
                (*b, *f) = (begin, from);
            }
        }
        let end = |s: usize| begins.get(s).copied().unwrap_or(0) + self.length(s);
        let hours = order.iter().map(|s| end(*s)).max().unwrap_or(0);
        // The last step of the longest way: of those that end last, the one that most stand before.
        order.sort_unstable();
        let last = order.iter().rev().filter(|s| end(**s) == hours);
        let mut here = last.max_by_key(|s| rank.get(**s).copied().flatten()).copied();
        let mut longest = Vec::new();
        while let Some(step) = here {
            longest.push(step);
            here = before.get(step).copied().flatten();
        }
        longest.reverse();
        Times { rank, begins, hours, longest }
    }
}

/// When steps begin and end if each takes its whole term, and which of them set the whole time.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CriticalPath<'a> {
    /// The office hours of the longest way.
    pub hours: u64,
    /// The office hours of all steps one after another.
    pub serial: u64,
    /// The steps of the longest way, first to last; of several equally long ones, the one first in the pack.
    pub steps: Vec<&'a str>,
    /// For every step, the office hours after which it begins and ends.
    pub times: BTreeMap<&'a str, (u64, u64)>,
}

/// How long a step takes: its term, or for how long it is published.
pub(super) fn length(step: &Step) -> u64 {
    step.term.or(step.publicity).map_or(0, hours)
}

/// What each step of one item waits for, by number; what is no step of it is left out.
pub(super) fn waits(steps: &[Step]) -> Vec<Vec<usize>> {
    let number: BTreeMap<&str, usize> = steps.iter().enumerate().map(|(i, s)| (s.id.as_str(), i)).collect();
    let after = |s: &Step| s.after.iter().filter_map(|a| number.get(a.as_str()).copied()).collect();
    steps.iter().map(after).collect()
}

/// The longest way through the steps of an item, by `term` or time of publication; steps in a ring are left out.
pub fn critical_path(steps: &[Step]) -> CriticalPath<'_> {
    let net = Net { after: waits(steps), hours: steps.iter().map(length).collect() };
    let times = net.times();
    let id = |s: usize| steps.get(s).map(|s| s.id.as_str());
    let mut path = CriticalPath { hours: times.hours, ..CriticalPath::default() };
    for (s, _) in times.rank.iter().enumerate().filter(|(_, rank)| rank.is_some()) {
        let (begins, length) = (times.begins.get(s).copied().unwrap_or(0), net.length(s));
        path.serial += length;
        path.times.extend(id(s).map(|id| (id, (begins, begins + length))));
    }
    path.steps = times.longest.iter().filter_map(|s| id(*s)).collect();
    path
}

/// The last step that people take before the decision: of those with most steps before them the last in the pack. The
/// program, line systems and a publication that runs out are no people.
pub fn last_by_people(steps: &[Step]) -> Option<&Step> {
    let ranks = ranks(steps);
    let by_people = |s: &&Step| !matches!(s.by, By::Automatic | By::External(_)) && s.publicity.is_none();
    let people = steps.iter().filter(|s| by_people(s) && ranks.contains_key(s.id.as_str()));
    people.max_by_key(|s| ranks.get(s.id.as_str()).copied())
}

/// For every step that can be reached, how many stand before it on the longest way; steps in a ring have no rank.
pub fn ranks(steps: &[Step]) -> BTreeMap<&str, usize> {
    let net = Net { after: waits(steps), hours: Vec::new() };
    let ranks = net.ranks();
    steps.iter().zip(ranks).filter_map(|(s, rank)| Some((s.id.as_str(), rank?))).collect()
}
