//! Halls of the textbook.

use std::collections::BTreeSet;
use whatif::chance::Minutes;
use whatif::engine::{Setup, Visit, Window, minutes, ms, run};
use whatif::people::{Arrivals, Kind, Knobs, Person, Source};

/// Windows that each take these units.
pub fn setup(windows: &[&[usize]]) -> Setup {
    let window =
        |units: &&[usize]| Window { units: units.iter().copied().collect::<BTreeSet<usize>>(), factor: 1.0 };
    Setup {
        windows: windows.iter().map(window).collect(),
        one_visit: false,
        switch: 0,
        walk: 0,
        repeat: 0,
        overtakings: 2,
        opens: 0,
        breaks: Vec::new(),
    }
}

/// People of `kinds` equally large kinds, one unit each, who come `a_minute` in all for so many minutes.
pub fn source(kinds: usize, a_minute: f64, service: &Minutes, for_minutes: f64) -> Source {
    let slot = ms(for_minutes);
    let arrivals = Arrivals::Expected { from: 0, slot, people: vec![a_minute * for_minutes] };
    let kind = |unit| Kind { share: 1.0, stops: vec![(unit, service.clone())] };
    Source { arrivals, kinds: (0..kinds).map(kind).collect(), priority: 0.0 }
}

/// A run of one seed.
pub struct Ran {
    pub people: Vec<Person>,
    pub visits: Vec<Visit>,
}

pub fn ran(source: &Source, setup: &Setup, seed: u64) -> Ran {
    let people = source.people(seed, Knobs::default());
    let visits = run(setup, &people).unwrap();
    Ran { people, visits }
}

impl Ran {
    /// The waits in minutes, without those of the first tenth of the people (the hall fills up).
    pub fn waits(&self, of: impl Fn(&Person) -> bool) -> Vec<f64> {
        let warm = self.people.len() / 10;
        let counted = self.visits.iter().filter(|v| v.person >= warm && of(&self.people[v.person]));
        counted.map(|v| minutes(v.begun - v.came)).collect()
    }
}

pub fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}
