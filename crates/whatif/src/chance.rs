//! Chance with a seed, and the distributions that times are drawn from.

use kernel::{Rng, SeededRng};
use serde::{Deserialize, Serialize};

/// A stream of numbers; each purpose of a run has its own, so that changing one draw moves no other (common random numbers).
pub struct Chance<'a>(&'a dyn Rng);

/// What a stream is for.
#[derive(Debug, Clone, Copy)]
pub enum Purpose {
    /// When people come.
    Arrivals = 1,
    /// What they come for, and whether they have priority.
    People = 2,
    /// How long it takes.
    Times = 3,
    /// When a unit's other work comes.
    OthersCome = 4,
    /// How long a unit's other work takes.
    OthersTake = 5,
}

/// The stream for one purpose of one seed.
pub fn stream(seed: u64, purpose: Purpose) -> SeededRng {
    // Odd multiplier: different (seed, purpose) pairs of any sensible size give different keys.
    SeededRng::new(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(purpose as u64))
}

/// The stream for one purpose of one seed at the unit of this number: what one unit draws moves no other.
pub fn stream_at(seed: u64, purpose: Purpose, unit: usize) -> SeededRng {
    // Far above the purposes, so that no unit meets another's stream.
    let at = (unit as u64 + 1).wrapping_mul(0xD1B5_4A32_D192_ED03);
    SeededRng::new(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(purpose as u64).wrapping_add(at))
}

impl<'a> Chance<'a> {
    /// Draws from `rng`.
    pub fn new(rng: &'a dyn Rng) -> Self {
        Self(rng)
    }

    /// Uniform, above 0 and at most 1.
    pub fn uniform(&self) -> f64 {
        // 53 bits fill the fraction of an f64.
        ((self.0.next_u64() >> 11) + 1) as f64 / (1_u64 << 53) as f64
    }

    /// Exponential with mean 1.
    pub fn exponential(&self) -> f64 {
        -self.uniform().ln()
    }

    /// Standard normal (Box–Muller; the second value is thrown away, so that a draw always takes two numbers).
    pub fn normal(&self) -> f64 {
        let radius = (2.0 * self.exponential()).sqrt();
        radius * (std::f64::consts::TAU * self.uniform()).cos()
    }
}

/// How long something takes, in minutes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Minutes {
    /// Always the same.
    Constant(f64),
    /// Exponential with this mean.
    Exponential(f64),
    /// Log-normal: most are short, some are long.
    LogNormal {
        /// The mean, not the median.
        mean: f64,
        /// Standard deviation over mean.
        cv: f64,
    },
    /// One of those that were recorded, each as likely as the other.
    Recorded(Vec<f64>),
}

impl Minutes {
    /// The mean.
    pub fn mean(&self) -> f64 {
        match self {
            Self::Constant(mean) | Self::Exponential(mean) | Self::LogNormal { mean, .. } => *mean,
            Self::Recorded(all) => all.iter().sum::<f64>() / all.len() as f64,
        }
    }

    /// Whether it can be drawn from: finite, not negative, something there.
    pub fn sound(&self) -> bool {
        let fine = |m: &f64| m.is_finite() && *m >= 0.0;
        match self {
            Self::Constant(mean) | Self::Exponential(mean) => fine(mean),
            Self::LogNormal { mean, cv } => fine(mean) && fine(cv) && *mean > 0.0,
            Self::Recorded(all) => !all.is_empty() && all.iter().all(fine),
        }
    }

    /// A draw. `spread` widens (above 1) or narrows what is log-normal, at the same mean; the others stay as they are.
    pub fn draw(&self, chance: &Chance<'_>, spread: f64) -> f64 {
        match self {
            Self::Constant(mean) => *mean,
            Self::Exponential(mean) => mean * chance.exponential(),
            Self::LogNormal { mean, cv } => {
                let variance = (1.0 + (cv * spread).powi(2)).ln();
                mean * (variance.sqrt() * chance.normal() - variance / 2.0).exp()
            }
            Self::Recorded(all) => {
                let which = (chance.uniform() * all.len() as f64).ceil() as usize;
                all.get(which.saturating_sub(1)).copied().unwrap_or(0.0)
            }
        }
    }
}
