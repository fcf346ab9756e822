//! Squares around a place that grow until they surely hold enough: as many look-ups in an index for ten halls as for twenty thousand.

use crate::model::{Hall, HallCode};
use crate::rules::cells;
use crate::store::{self as rows, Which};
use ::store::Store;
use kernel::Outcome;
use std::collections::{BTreeMap, HashSet};

/// So many rows of one square at first, and at most where that cuts off a square that cannot be made smaller.
const EACH: i64 = 200;
const EACH_MOST: i64 = 800;
/// A step makes the squares' sides so often twice as long at most.
const STEP_MAX: u32 = 4;

/// The nearest that can do it. The squares around the place grow until they surely hold `count` halls; where a square holds more than are
/// read of it they shrink, so that none is missed that is nearer.
///
/// Farther than `within` metres none is looked for, where that is given; what is found beyond it by chance is left out.
pub(super) async fn candidates(
    store: &Store,
    which: &Which,
    at: (i64, i64),
    (count, within): (usize, Option<f64>),
) -> Outcome<Vec<Hall>> {
    let mut search = Search::within(at.1, within);
    let found = loop {
        let rows = rows::offering(store, which, at, search.level, search.each).await?;
        let found = by_distance(&rows, at);
        let sure = cells::certain(at.1, search.level);
        let within = found.iter().filter(|(metres, _)| *metres <= sure).count();
        let cut = is_cut(&rows, search.level, search.each);
        if !search.goes_on(cut, within >= count, (found.len(), count)) {
            break found;
        }
    };
    let near = found.into_iter().filter(|(metres, _)| within.is_none_or(|most| *metres <= most));
    let codes: Vec<HallCode> = near.take(count).map(|(_, hall)| hall).collect();
    Ok(rows::halls(store, &codes).await?)
}

fn by_distance(rows: &[(HallCode, i64)], at: (i64, i64)) -> Vec<(f64, HallCode)> {
    let mut met = HashSet::new();
    let own = rows.iter().filter(|(hall, _)| met.insert(hall));
    let mut found: Vec<(f64, HallCode)> =
        own.map(|(hall, cell)| (cells::metres(at, cells::place(*cell)), hall.clone())).collect();
    found.sort_by(|a, b| a.0.total_cmp(&b.0));
    found
}

/// Whether a square may hold more than was read of it.
fn is_cut(rows: &[(HallCode, i64)], level: u32, each: i64) -> bool {
    let mut squares: BTreeMap<i64, i64> = BTreeMap::new();
    for (_, cell) in rows {
        *squares.entry(cells::square(*cell, level)).or_default() += 1;
    }
    squares.values().any(|n| *n >= each)
}

/// Which squares are looked at next.
struct Search {
    finest: u32,
    coarsest: u32,
    level: u32,
    each: i64,
    /// The coarsest that are looked at however few are found.
    widest: u32,
}

impl Search {
    /// From the first squares to the coarsest, or to those that hold everything within so many metres.
    fn within(lat: i64, metres: Option<f64>) -> Self {
        let holds = |level: &u32| metres.is_some_and(|most| cells::certain(lat, *level) >= most);
        let coarsest = (cells::FINEST..cells::COARSEST).find(holds).unwrap_or(cells::COARSEST);
        Self {
            finest: cells::FINEST,
            coarsest,
            level: cells::FIRST.min(coarsest),
            each: EACH,
            widest: coarsest,
        }
    }

    /// Whether it goes on, after squares of this level had been cut, or held enough.
    fn goes_on(&mut self, cut: bool, enough: bool, (found, count): (usize, usize)) -> bool {
        // Whoever is that far from any hall is told of some that are nearest, not of each.
        let far = self.level >= cells::FAR;
        let cut = cut && !far;
        if cut && self.level > self.finest {
            self.coarsest = self.level - 1;
            self.level = self.coarsest;
            return true;
        }
        if cut && self.each < EACH_MOST {
            self.each *= 4;
            return true;
        }
        if cut || enough || self.level >= self.widest {
            return false;
        }
        self.finest = self.level + 1;
        if self.level >= self.coarsest {
            // Smaller squares hold too few, and these were cut: more of them.
            (self.coarsest, self.each) = ((self.level + 1).min(self.widest), self.each * 4);
        }
        // Twice the side is four times the halls; a fifth of what the squares hold lies near enough to be sure.
        let steps = (1..STEP_MAX).find(|k| found << (2 * k) >= 5 * count).unwrap_or(STEP_MAX);
        let steps = if self.level + steps > cells::FAR { 1 } else { steps };
        self.level = (self.level + steps).min(self.coarsest);
        true
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    /// Plays a search on a plane with `density` halls a square of level 0, and answers its steps.
    fn steps(halls_at_13: f64) -> (usize, u32, i64) {
        let mut search = Search::within(0, None);
        for step in 1..40 {
            let each = halls_at_13 * f64::from(1u32 << (2 * (search.level - 13)));
            let cut = each >= search.each as f64;
            let shown = each.min(search.each as f64);
            let found = (4.0 * shown) as usize;
            if !search.goes_on(cut, 0.785 * each >= 10.0, (found, 10)) {
                return (step, search.level, search.each);
            }
        }
        (40, search.level, search.each)
    }

    #[test]
    fn a_search_ends_soon_wherever_it_is() {
        for (density, most) in
            [(0.0, 6), (0.001, 2), (0.05, 1), (0.4, 2), (3.0, 4), (20.0, 5), (80.0, 6), (5_000.0, 7)]
        {
            let (steps, level, each) = steps(density);
            assert!(steps <= most, "{density}: {steps} steps, to {level} with {each}");
        }
    }
}
