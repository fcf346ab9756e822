//! What a day came to.

use crate::engine::{Setup, Visit, minutes};
use crate::people::Person;
use crate::stats::quantile;

/// Somebody waited long beyond this many minutes in all.
pub const LONG: f64 = 15.0;

/// The figures of one day under one setup; times in minutes, per person over all their visits.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Figures {
    /// People served.
    pub people: f64,
    /// Tickets taken.
    pub visits: f64,
    /// Mean wait.
    pub wait: f64,
    /// Half waited no longer.
    pub wait_median: f64,
    /// Nine of ten waited no longer.
    pub wait_p90: f64,
    /// The share that waited more than [`LONG`].
    pub wait_long: f64,
    /// Mean handling at windows.
    pub handling: f64,
    /// Mean time from the first ticket to the last window, walks included.
    pub stay: f64,
    /// The share of the clerks' time between opening and closing that is handling.
    pub staff_use: f64,
    /// How long after closing the last person left.
    pub late: f64,
}

/// The figures of a day, open at these times in minutes. The day starts empty, as a hall does; nothing is cut off.
pub fn figures(setup: &Setup, people: &[Person], visits: &[Visit], open: &[(f64, f64)]) -> Figures {
    let n = people.len();
    let (mut wait, mut handling, mut left) = (vec![0.0; n], 0.0, vec![0; n]);
    let mut in_hours = 0.0;
    for visit in visits {
        wait[visit.person] += minutes(visit.begun - visit.came);
        handling += minutes(visit.done - visit.begun);
        left[visit.person] = visit.done.max(left[visit.person]);
        let (begun, done) = (minutes(visit.begun), minutes(visit.done));
        in_hours +=
            open.iter().map(|(from, until)| (done.min(*until) - begun.max(*from)).max(0.0)).sum::<f64>();
    }
    let stay: f64 = people.iter().zip(&left).map(|(one, left)| minutes(left - one.came)).sum();
    let closes = open.last().map_or(0.0, |(_, until)| *until);
    let hours: f64 = open.iter().map(|(from, until)| until - from).sum();
    let last = left.iter().max().copied().map_or(closes, minutes);
    let each = |sum: f64| if n == 0 { 0.0 } else { sum / n as f64 };
    let total: f64 = wait.iter().sum();
    let long = wait.iter().filter(|w| **w > LONG).count() as f64;
    wait.sort_by(f64::total_cmp);
    Figures {
        people: n as f64,
        visits: visits.len() as f64,
        wait: each(total),
        wait_median: quantile(&wait, 0.5),
        wait_p90: quantile(&wait, 0.9),
        wait_long: each(long),
        handling: each(handling),
        stay: each(stay),
        staff_use: in_hours / (setup.windows.len() as f64 * hours),
        late: (last - closes).max(0.0),
    }
}
