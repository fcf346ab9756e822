//! The nearest hall that can do an item, whether it is open, and how long one waits there: as many look-ups in an index for ten halls as
//! for twenty thousand, and as few questions to the database for ten halls as for one.

use crate::Today;
use crate::elsewhere::{self, Decided};
use crate::model::{Hall, HallCode, Letter};
use crate::rules::cells;
use crate::rules::estimate::{self, Wait};
use crate::rules::hours::{Hours, Standing};
use crate::settings::Settings;
use crate::store::{self as rows, Business};
use crate::verbs::{Queue, day_of};
use ::store::Store;
use catalog::agreement::Agreement;
use jiff::civil::Date;
use kernel::{Calendar, Fault, Outcome, Timestamp, clock};
use std::collections::{BTreeMap, HashSet};

/// So many rows of one square at first, and at most where that cuts off a square that cannot be made smaller.
const EACH: i64 = 200;
const EACH_MOST: i64 = 800;
/// A step makes the squares' sides so often twice as long at most.
const STEP_MAX: u32 = 4;

/// A hall that was found.
#[derive(Debug, Clone)]
pub struct Near {
    /// The hall.
    pub hall: Hall,
    /// Metres from the place, as the crow flies.
    pub metres: f64,
    /// Whether it is open.
    pub standing: Standing,
    /// The letter for the item there, when tickets are taken.
    pub letter: Option<Letter>,
    /// How long one waits for it.
    pub wait: Wait,
    /// The agreement under which it is only accepted there, when another place decides it.
    pub elsewhere: Option<Agreement>,
}

/// The halls nearest to a place (millionths of a degree) that can do `item`, or accept it for the place that decides it: those that are
/// open now before the others, each part by distance.
///
/// # Errors
/// A fault of the store.
pub async fn nearest(
    store: &Store,
    calendar: &Calendar,
    terms: &Settings,
    item: &str,
    at: (i64, i64),
    (now, count): (Timestamp, usize),
) -> Outcome<Vec<Near>> {
    let (mut found, on): (Vec<Near>, _) = (Vec::with_capacity(count), clock::legal_date(now));
    let decided = elsewhere::decided(store, item).await?;
    for hall in around(store, (item, decided.as_ref()), at, (on, count)).await? {
        let hours = Hours::parse(&hall.hours).map_err(Fault::new)?;
        found.push(Near {
            metres: cells::metres(at, (hall.lon, hall.lat)),
            standing: hours.standing(calendar, now),
            letter: None,
            wait: Wait::Unknown,
            elsewhere: decided.as_ref().and_then(|there| elsewhere::accepts(&hall, item, there, on)),
            hall,
        });
    }
    found.sort_by(|a, b| {
        let shut = |n: &Near| !matches!(n.standing, Standing::Open(_));
        shut(a).cmp(&shut(b)).then(a.metres.total_cmp(&b.metres))
    });
    let codes: Vec<HallCode> = found.iter().map(|near| near.hall.code.clone()).collect();
    let letters = rows::businesses_in(store, &codes).await?;
    for near in &mut found {
        near.letter = letters.get(&near.hall.code).and_then(|letters| letter_for(letters, item));
    }
    waits(store, terms, &mut found, now).await?;
    Ok(found)
}

/// The nearest of those that can do it and of those that accept it for another place.
async fn around(
    store: &Store,
    (item, decided): (&str, Option<&Decided>),
    at: (i64, i64),
    (on, count): (Date, usize),
) -> Outcome<Vec<Hall>> {
    let place = decided.map_or("", |there| there.division.as_str());
    let words: Vec<String> = std::iter::once(item.to_owned()).chain(rows::everything_at(place)).collect();
    let mut all = candidates(store, &words, at, count).await?;
    if let Some(there) = decided {
        let others = elsewhere::halls(store, item, there, on).await?;
        let known: HashSet<HallCode> = all.iter().map(|hall| hall.code.clone()).collect();
        all.extend(others.into_iter().filter(|hall| !known.contains(&hall.code)));
    }
    let metres = |hall: &Hall| cells::metres(at, (hall.lon, hall.lat));
    all.sort_by(|a, b| metres(a).total_cmp(&metres(b)));
    all.truncate(count);
    Ok(all)
}

/// How long one waits in each hall, where somebody is on duty who takes the business.
async fn waits(store: &Store, terms: &Settings, found: &mut [Near], now: Timestamp) -> Outcome<()> {
    let day = day_of(now);
    let lettered: Vec<HallCode> =
        found.iter().filter(|n| n.letter.is_some()).map(|n| n.hall.code.clone()).collect();
    let mut windows = rows::windows_of(store, &lettered).await?;
    let staffed = |near: &Near, letter: Letter| {
        let windows = windows.get(&near.hall.code);
        windows.is_some_and(|all| all.iter().any(|w| w.open && w.clerk.is_some() && w.letters.has(letter)))
    };
    let asked: Vec<(HallCode, Letter)> = found
        .iter()
        .filter_map(|n| Some((n.hall.code.clone(), n.letter.filter(|l| staffed(n, *l))?)))
        .collect();
    let codes: Vec<HallCode> = asked.iter().map(|(code, _)| code.clone()).collect();
    let mut queued = rows::queued_in(store, &codes, &day).await?;
    let most = i64::try_from(estimate::SAMPLES_MAX).unwrap_or(i64::MAX);
    let samples = rows::served_in(store, &asked, most).await?;
    for near in found {
        let code = &near.hall.code;
        let Some((_, letter)) = asked.iter().find(|(hall, _)| hall == code) else {
            near.wait = if near.letter.is_some() { Wait::NoWindow } else { Wait::Unknown };
            continue;
        };
        let queue = Queue { rev: 0, waiting: Vec::new(), windows: windows.remove(code).unwrap_or_default() };
        let (waiting, busy) = queued.remove(code).unwrap_or_default();
        let today = Today::of(code, Queue { waiting, ..queue }, busy, now);
        let samples = samples.get(code).map_or(&[][..], Vec::as_slice);
        near.wait = today.wait_by(&Today::next_for(*letter, false), samples, terms).1;
    }
    Ok(())
}

/// The nearest that can do it. The squares around the place grow until they surely hold `count` halls; where a square holds more than are
/// read of it they shrink, so that none is missed that is nearer.
async fn candidates(store: &Store, words: &[String], at: (i64, i64), count: usize) -> Outcome<Vec<Hall>> {
    let mut search =
        Search { finest: cells::FINEST, coarsest: cells::COARSEST, level: cells::FIRST, each: EACH };
    let found = loop {
        let rows = rows::offering(store, words, at, search.level, search.each).await?;
        let found = by_distance(&rows, at);
        let sure = cells::certain(at.1, search.level);
        let within = found.iter().filter(|(metres, _)| *metres <= sure).count();
        let cut = is_cut(&rows, search.level, search.each);
        if !search.goes_on(cut, within >= count, (found.len(), count)) {
            break found;
        }
    };
    let codes: Vec<HallCode> = found.into_iter().take(count).map(|(_, hall)| hall).collect();
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
}

impl Search {
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
        if cut || enough || self.level >= cells::COARSEST {
            return false;
        }
        self.finest = self.level + 1;
        if self.level >= self.coarsest {
            // Smaller squares hold too few, and these were cut: more of them.
            (self.coarsest, self.each) = (self.level + 1, self.each * 4);
        }
        // Twice the side is four times the halls; a fifth of what the squares hold lies near enough to be sure.
        let steps = (1..STEP_MAX).find(|k| found << (2 * k) >= 5 * count).unwrap_or(STEP_MAX);
        let steps = if self.level + steps > cells::FAR { 1 } else { steps };
        self.level = (self.level + steps).min(self.coarsest);
        true
    }
}

/// The business that takes an item: one that names it, else one for everything.
pub fn letter_for(letters: &[Business], item: &str) -> Option<Letter> {
    let named = letters.iter().find(|b| b.items.split(' ').any(|i| i == item));
    named.or_else(|| letters.iter().find(|b| b.items == "*")).map(|b| b.letter)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    /// Plays a search on a plane with `density` halls a square of level 0, and answers its steps.
    fn steps(halls_at_13: f64) -> (usize, u32, i64) {
        let mut search =
            Search { finest: cells::FINEST, coarsest: cells::COARSEST, level: cells::FIRST, each: EACH };
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
