//! Windows that share people, and their queues.
//!
//! The hall's rule asks of a ticket only whether a window has its letter. Businesses that the same windows take are one letter here, and
//! windows that share nobody are apart: the rule's answer is the same, and a hall of more units than the alphabet has letters fits.

use super::{Ms, Setup, Window};
use crate::people::Person;
use hall::model::{Letter, Letters};
use hall::rules::turn;
use kernel::Fault;
use std::collections::{BTreeMap, BTreeSet};

/// What the queue knows of a ticket: person, stop, when it was taken.
pub type Ticket = (usize, usize, Ms);

/// All counters, and of each window the number of its counter and its place there.
pub type Counters = (Vec<Counter>, Vec<(usize, usize)>);

/// Windows that may call the same people, with who waits for them.
pub struct Counter {
    windows: Vec<turn::Window>,
    staffed: BTreeSet<String>,
    /// What can be asked for here, and its letter.
    letters: BTreeMap<BTreeSet<usize>, Letter>,
    waiting: Vec<turn::Waiting>,
    tickets: Vec<Ticket>,
    place: i64,
}

/// The counters of a setup for what these people come for.
///
/// # Errors
/// A [`Fault`] when nobody takes a business, or one counter needs more letters than there are.
pub fn of(setup: &Setup, people: &[Person]) -> Result<Counters, Fault> {
    let businesses = businesses(setup, people);
    let takers: BTreeMap<&BTreeSet<usize>, Vec<usize>> =
        businesses.iter().map(|units| (units, takers(&setup.windows, units))).collect();
    if let Some((units, _)) = takers.iter().find(|(_, windows)| windows.is_empty()) {
        return Err(super::nobody(units));
    }
    let group = groups(setup.windows.len(), takers.values());
    let mut counters = Vec::new();
    let mut at = vec![(0, 0); setup.windows.len()];
    for one in group.iter().copied().collect::<BTreeSet<usize>>() {
        let windows: Vec<usize> = (0..group.len()).filter(|w| group[*w] == one).collect();
        for (place, window) in windows.iter().enumerate() {
            at[*window] = (counters.len(), place);
        }
        counters.push(Counter::new(&windows, &takers)?);
    }
    Ok((counters, at))
}

/// Everything that is asked for at one window at a time.
fn businesses(setup: &Setup, people: &[Person]) -> BTreeSet<BTreeSet<usize>> {
    let mut all = BTreeSet::new();
    for person in people {
        if setup.one_visit {
            all.insert(person.stops.iter().map(|s| s.unit).collect());
        } else {
            all.extend(person.stops.iter().map(|s| BTreeSet::from([s.unit])));
        }
    }
    all
}

fn takers(windows: &[Window], units: &BTreeSet<usize>) -> Vec<usize> {
    (0..windows.len()).filter(|w| units.is_subset(&windows[*w].units)).collect()
}

/// The group of each window: windows that take the same business are in one, and so on.
fn groups<'a>(windows: usize, takers: impl Iterator<Item = &'a Vec<usize>>) -> Vec<usize> {
    let mut group: Vec<usize> = (0..windows).collect();
    for together in takers {
        let joined: BTreeSet<usize> = together.iter().map(|w| group[*w]).collect();
        let Some(first) = joined.first().copied() else { continue };
        for one in &mut group {
            if joined.contains(one) {
                *one = first;
            }
        }
    }
    group
}

impl Counter {
    fn new(windows: &[usize], takers: &BTreeMap<&BTreeSet<usize>, Vec<usize>>) -> Result<Self, Fault> {
        let here = takers.iter().filter(|(_, by)| by.iter().any(|w| windows.contains(w)));
        let mut alphabet = 'A'..='Z';
        let mut by_takers: BTreeMap<&Vec<usize>, Letter> = BTreeMap::new();
        let mut letters = BTreeMap::new();
        for (units, by) in here {
            let letter = match by_takers.get(by) {
                Some(letter) => *letter,
                None => alphabet.next().and_then(|c| c.to_string().parse().ok()).ok_or_else(|| {
                    Fault::new("windows that share people need more than 26 kinds of queue")
                })?,
            };
            by_takers.insert(by, letter);
            letters.insert((*units).clone(), letter);
        }
        let window = |w: &usize| {
            let own = by_takers.iter().filter(|(by, _)| by.contains(w)).map(|(_, letter)| *letter);
            turn::Window { number: w.to_string(), letters: Letters(own.collect()) }
        };
        let windows: Vec<turn::Window> = windows.iter().map(window).collect();
        let staffed = windows.iter().map(|w| w.number.clone()).collect();
        Ok(Self { windows, staffed, letters, waiting: Vec::new(), tickets: Vec::new(), place: 0 })
    }

    /// Whether this business is asked for here.
    pub fn takes(&self, units: &BTreeSet<usize>) -> bool {
        self.letters.contains_key(units)
    }

    /// How many wait here.
    pub fn waiting(&self) -> usize {
        self.waiting.len()
    }

    /// A ticket at the end of the queue.
    pub fn queue(&mut self, units: &BTreeSet<usize>, first: bool, ticket: Ticket) {
        let Some(letter) = self.letters.get(units).copied() else { return };
        self.place += turn::SPACING;
        self.waiting.push(turn::Waiting { place: self.place, letter, first, reserved: None, overtaken: 0 });
        self.tickets.push(ticket);
    }

    /// Whose turn it is at the window, by the hall's rule; those who are overtaken remember it.
    pub fn call(&mut self, window: usize, overtakings: i64) -> Option<Ticket> {
        let window = self.windows.get(window)?;
        let chosen = turn::next(&self.waiting, window, &self.staffed, overtakings)?;
        let one = self.waiting.get(chosen)?;
        let past: Vec<usize> = turn::overtaken(&self.waiting, one, window, &self.staffed).collect();
        for passed in past {
            self.waiting[passed].overtaken += 1;
        }
        self.waiting.remove(chosen);
        Some(self.tickets.remove(chosen))
    }
}
