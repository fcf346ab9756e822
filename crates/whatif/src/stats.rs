//! Numbers over independent seeds.

/// A mean over seeds with its range.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// The mean.
    pub mean: f64,
    /// Half of the range: `mean ± half`.
    pub half: f64,
}

impl Estimate {
    /// The mean of independent values with its 95 % range by Student's t; no range (infinite) from fewer than two.
    pub fn of(values: &[f64]) -> Self {
        Self::with(values, 1.959_964)
    }

    /// The same with another normal quantile: 2.575829 for 99 %.
    pub fn with(values: &[f64], z: f64) -> Self {
        let n = values.len() as f64;
        let mean = values.iter().sum::<f64>() / n;
        if values.len() < 2 {
            return Self { mean, half: f64::INFINITY };
        }
        let variance = values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / (n - 1.0);
        Self { mean, half: student(z, n - 1.0) * (variance / n).sqrt() }
    }

    /// Whether `value` lies in the range.
    pub fn holds(&self, value: f64) -> bool {
        (self.mean - value).abs() <= self.half
    }

    /// Whether it is told apart from nothing.
    pub fn differs(&self) -> bool {
        !self.holds(0.0)
    }
}

/// Student's t for the normal quantile `z`, by the expansion in 1/ν (Abramowitz and Stegun 26.7.5): to 1 % from 4 degrees of freedom
/// at 95 %, and too small below, so the engine asks for five seeds at least.
fn student(z: f64, freedom: f64) -> f64 {
    let (z3, z5, z7) = (z.powi(3), z.powi(5), z.powi(7));
    let first = (z3 + z) / 4.0;
    let second = (5.0 * z5 + 16.0 * z3 + 3.0 * z) / 96.0;
    let third = (3.0 * z7 + 19.0 * z5 + 17.0 * z3 - 15.0 * z) / 384.0;
    z + first / freedom + second / freedom.powi(2) + third / freedom.powi(3)
}

/// The value below which `share` of the sorted values lie (nearest rank); 0 of none.
pub fn quantile(sorted: &[f64], share: f64) -> f64 {
    let rank = (share * sorted.len() as f64).ceil() as usize;
    sorted.get(rank.saturating_sub(1)).copied().unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn students_t_agrees_with_the_tables() {
        // (z, degrees of freedom, printed value)
        for (z, freedom, printed) in [
            (1.959_964, 4.0, 2.776),
            (1.959_964, 9.0, 2.262),
            (1.959_964, 19.0, 2.093),
            (2.575_829, 11.0, 3.106),
        ] {
            let t = student(z, freedom);
            assert!((t - printed).abs() / printed < 0.01, "{freedom}: {t} for {printed}");
        }
    }

    #[test]
    fn quantiles_are_values_that_were_there() {
        let ten: Vec<f64> = (1..=10).map(f64::from).collect();
        assert_eq!([0.5, 0.9, 1.0].map(|share| quantile(&ten, share)), [5.0, 9.0, 10.0]);
        assert_eq!(quantile(&[], 0.5), 0.0);
    }
}
