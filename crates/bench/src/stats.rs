//! Figures: rates, percentiles, and a process's processor time.

use std::time::Duration;

/// What a run came to.
#[derive(Debug, Clone)]
pub struct Tally {
    /// How many were done.
    pub count: usize,
    /// In what time.
    pub time: Duration,
    sorted_micros: Vec<u64>,
}

impl Tally {
    /// A tally of single latencies in microseconds.
    pub fn new(mut micros: Vec<u64>, time: Duration) -> Self {
        micros.sort_unstable();
        Self { count: micros.len(), time, sorted_micros: micros }
    }

    /// Done per second.
    pub fn rate(&self) -> f64 {
        f64::from(u32::try_from(self.count).unwrap_or(u32::MAX)) / self.time.as_secs_f64()
    }

    /// The latency in milliseconds that `percent` of all stay within (nearest rank).
    pub fn percentile_ms(&self, percent: usize) -> f64 {
        let rank = (self.sorted_micros.len() * percent).div_ceil(100).saturating_sub(1);
        let micros = self.sorted_micros.get(rank).copied().unwrap_or(0);
        f64::from(u32::try_from(micros).unwrap_or(u32::MAX)) / 1_000.0
    }
}

/// Processor time (user + system) that process `pid` has used since it started, from `/proc`.
///
/// # Errors
/// When the process is gone.
pub fn cpu_seconds(pid: u32) -> Result<f64, std::io::Error> {
    // Linux counts in USER_HZ, which is 100 on every architecture we run on.
    const TICKS_PER_SECOND: f64 = 100.0;
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat"))?;
    // The second field is the program's name in parentheses and may hold spaces.
    let after = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
    let fields: Vec<&str> = after.split_whitespace().collect();
    let ticks = |i: usize| fields.get(i).and_then(|f| f.parse::<f64>().ok()).unwrap_or(0.0);
    Ok((ticks(11) + ticks(12)) / TICKS_PER_SECOND)
}

/// Resident memory of process `pid` in MiB.
///
/// # Errors
/// When the process is gone.
pub fn resident_mib(pid: u32) -> Result<f64, std::io::Error> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = status.lines().find(|l| l.starts_with("VmRSS:")).unwrap_or("");
    let kib = line.split_whitespace().nth(1).and_then(|n| n.parse::<f64>().ok()).unwrap_or(0.0);
    Ok(kib / 1024.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_nearest_rank() {
        let tally = Tally::new((1..=100).rev().map(|n| n * 1_000).collect(), Duration::from_secs(2));
        assert_eq!((tally.percentile_ms(50), tally.percentile_ms(99)), (50.0, 99.0));
        assert!((tally.rate() - 50.0).abs() < 1e-9);
        assert!(Tally::new(Vec::new(), Duration::from_secs(1)).percentile_ms(99).abs() < 1e-9);
    }

    #[test]
    fn this_process_has_used_some_memory() {
        assert!(resident_mib(std::process::id()).unwrap() > 0.5);
        assert!(cpu_seconds(std::process::id()).is_ok());
    }
}
