//! Our line beside the floor's.

use crate::stats::Tally;

/// What one side of a line came to.
pub struct Side {
    /// Counts and latencies.
    pub tally: Tally,
    /// Processor time, in seconds.
    pub cpu: f64,
}

impl Side {
    /// Processor milliseconds for each one done.
    pub fn cpu_each(&self) -> f64 {
        self.cpu * 1_000.0 / f64::from(u32::try_from(self.tally.count.max(1)).unwrap_or(u32::MAX))
    }
}

/// The head over the lines; `what` is what is counted: `cases`, `lives`.
pub fn head(what: &str) {
    println!(
        "database  callers | {:>9}   p50 ms   p99 ms  CPU ms each | floor/s   p50 ms   p99 ms  CPU ms each | rate  CPU",
        format!("{what}/s")
    );
}

/// One line.
pub fn line(name: &str, callers: usize, ours: &Side, floor: &Side) {
    println!(
        "{name:<9} {callers:>7} | {:>9.1} {:>8.2} {:>8.2} {:>12.3} | {:>7.1} {:>8.2} {:>8.2} {:>12.3} | {:>3.0} % {:.1}×",
        ours.tally.rate(),
        ours.tally.percentile_ms(50),
        ours.tally.percentile_ms(99),
        ours.cpu_each(),
        floor.tally.rate(),
        floor.tally.percentile_ms(50),
        floor.tally.percentile_ms(99),
        floor.cpu_each(),
        100.0 * ours.tally.rate() / floor.tally.rate().max(1e-9),
        ours.cpu_each() / floor.cpu_each().max(1e-9),
    );
}
