//! Seeded chance for the synthetic catalogue.

use kernel::{Rng as _, SeededRng};

/// Draws that are the same for the same seed.
pub struct Dice(SeededRng);

impl Dice {
    /// The draws of this seed.
    pub fn new(seed: u64) -> Self {
        Self(SeededRng::new(seed))
    }

    /// One of 0 … n-1, each as likely.
    pub fn below(&self, n: usize) -> usize {
        let n = u64::try_from(n.max(1)).unwrap_or(1);
        usize::try_from(self.0.next_u64() % n).unwrap_or(0)
    }

    /// One of low … high.
    pub fn between(&self, low: usize, high: usize) -> usize {
        low + self.below(high.saturating_sub(low) + 1)
    }

    /// Whether a thing of so many percent happens.
    pub fn percent(&self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// One of 0 … n-1, the k-th about 1/(k+1) as likely as the first: a few papers are asked for everywhere, most are rare.
    pub fn popular(&self, n: usize) -> usize {
        const STEPS: usize = 1_000;
        let share = |k: usize| STEPS / (k + 1) + 1;
        let mut at = self.below((0..n).map(share).sum());
        for k in 0..n {
            match at.checked_sub(share(k)) {
                Some(rest) => at = rest,
                None => return k,
            }
        }
        0
    }

    /// So many different ones of 0 … n-1, in the order drawn.
    pub fn some(&self, count: usize, n: usize) -> Vec<usize> {
        let mut all: Vec<usize> = (0..n).collect();
        let mut out = Vec::with_capacity(count);
        for _ in 0..count.min(n) {
            out.push(all.swap_remove(self.below(all.len())));
        }
        out
    }
}
