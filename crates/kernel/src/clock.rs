//! The one way to learn what time it is; tests turn the hands themselves.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

pub use jiff::Timestamp;

/// A source of the present moment, always whole microseconds (PostgreSQL keeps no more, see `stack.md` trap 5).
pub trait Clock: Send + Sync + 'static {
    /// The present moment, truncated to microseconds.
    fn now(&self) -> Timestamp;
}

/// The machine's own clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[allow(clippy::disallowed_methods, reason = "this is the replacement the ban names")]
    fn now(&self) -> Timestamp {
        truncate(Timestamp::now())
    }
}

/// A clock that stands still until told otherwise; clones share the hands.
#[derive(Debug, Clone)]
pub struct FixedClock(Arc<AtomicI64>);

impl FixedClock {
    /// A clock that shows `at`.
    pub fn at(at: Timestamp) -> Self {
        Self(Arc::new(AtomicI64::new(at.as_microsecond())))
    }

    /// Sets the hands to `at`.
    pub fn set(&self, at: Timestamp) {
        self.0.store(at.as_microsecond(), Ordering::SeqCst);
    }

    /// Moves the hands forward by `seconds`.
    pub fn advance_seconds(&self, seconds: i64) {
        self.0.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
    }
}

impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        from_micros(self.0.load(Ordering::SeqCst))
    }
}

/// `t` without its nanoseconds.
pub fn truncate(t: Timestamp) -> Timestamp {
    from_micros(t.as_microsecond())
}

/// The moment `micros` microseconds after 1970-01-01T00:00:00Z; out-of-range values are clamped to jiff's range.
pub fn from_micros(micros: i64) -> Timestamp {
    Timestamp::from_microsecond(micros).unwrap_or(if micros < 0 { Timestamp::MIN } else { Timestamp::MAX })
}

/// The time zone in which the law counts days (GB: Beijing time), UTC+8 without daylight saving.
pub fn legal_zone() -> jiff::tz::TimeZone {
    jiff::tz::TimeZone::fixed(jiff::tz::offset(8))
}

/// The civil date of `t` in the legal zone.
pub fn legal_date(t: Timestamp) -> jiff::civil::Date {
    t.to_zoned(legal_zone()).date()
}
