//! The one way to chance; tests give a seed.

use std::sync::{Arc, Mutex, PoisonError};

use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{Rng as _, SeedableRng};

/// A source of random bytes.
pub trait Rng: Send + Sync + 'static {
    /// Fills `out` with random bytes.
    fn fill(&self, out: &mut [u8]);

    /// A random number, uniform over all of `u64`.
    fn next_u64(&self) -> u64 {
        let mut bytes = [0; 8];
        self.fill(&mut bytes);
        u64::from_le_bytes(bytes)
    }
}

/// `N` random bytes.
pub fn bytes<const N: usize>(rng: &dyn Rng) -> [u8; N] {
    let mut out = [0; N];
    rng.fill(&mut out);
    out
}

/// The operating system's randomness, fit for keys and tokens.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemRng;

impl Rng for SystemRng {
    #[allow(clippy::disallowed_methods, reason = "this is the replacement the ban names")]
    #[allow(clippy::panic, reason = "a machine without randomness must not go on making keys")]
    fn fill(&self, out: &mut [u8]) {
        if let Err(error) = getrandom::fill(out) {
            panic!("the operating system gives no randomness: {error}");
        }
    }
}

/// A reproducible source for tests and simulations; never for keys. Clones share the stream.
#[derive(Debug, Clone)]
pub struct SeededRng(Arc<Mutex<ChaCha20Rng>>);

impl SeededRng {
    /// The stream that belongs to `seed`.
    pub fn new(seed: u64) -> Self {
        Self(Arc::new(Mutex::new(ChaCha20Rng::seed_from_u64(seed))))
    }
}

impl Rng for SeededRng {
    fn fill(&self, out: &mut [u8]) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).fill_bytes(out);
    }
}
