//! A clock that runs ahead of another: the demonstration's, so that one sees today what silence will have done by next month.

use jiff::SignedDuration;
use kernel::{Clock, Timestamp};
use serde::Deserialize;
use std::str::FromStr;
use std::sync::Arc;

/// The furthest a demonstration may run ahead: beyond it no calendar reaches.
const AHEAD_DAYS_MAX: i64 = 366;

/// How far ahead, written as `30d`, `12h` or `90m`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Ahead(SignedDuration);

impl Ahead {
    /// Whether the clock is simply right.
    pub fn is_zero(self) -> bool {
        self.0.is_zero()
    }

    /// As a duration.
    pub fn duration(self) -> SignedDuration {
        self.0
    }
}

impl FromStr for Ahead {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong =
            || format!("{text:?}: how far ahead is written as 30d, 12h or 90m, {AHEAD_DAYS_MAX}d at most");
        let text = text.trim();
        let unit = text.chars().next_back().ok_or_else(wrong)?;
        let number: i64 = text.strip_suffix(unit).and_then(|n| n.parse().ok()).ok_or_else(wrong)?;
        let seconds = match unit {
            'd' => 86_400,
            'h' => 3_600,
            'm' => 60,
            _ => return Err(wrong()),
        };
        let whole = number.checked_mul(seconds).filter(|s| (0..=AHEAD_DAYS_MAX * 86_400).contains(s));
        whole.map(|seconds| Self(SignedDuration::from_secs(seconds))).ok_or_else(wrong)
    }
}

impl TryFrom<String> for Ahead {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

/// Shows what another clock shows, and so much more.
pub struct ShiftedClock {
    of: Arc<dyn Clock>,
    ahead: Ahead,
}

impl ShiftedClock {
    /// A clock that runs `ahead` of `of`.
    pub fn new(of: Arc<dyn Clock>, ahead: Ahead) -> Self {
        Self { of, ahead }
    }
}

impl Clock for ShiftedClock {
    fn now(&self) -> Timestamp {
        let now = self.of.now();
        now.checked_add(self.ahead.0).unwrap_or(now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::FixedClock;

    #[test]
    fn it_runs_ahead_of_the_other() {
        let hands = FixedClock::at("2026-11-22T02:00:00Z".parse().unwrap());
        let clock = ShiftedClock::new(Arc::new(hands.clone()), "30d".parse().unwrap());
        assert_eq!(clock.now().to_string(), "2026-12-22T02:00:00Z");
        hands.advance_seconds(60);
        assert_eq!(clock.now().to_string(), "2026-12-22T02:01:00Z");
    }

    #[test]
    fn only_forward_and_not_beyond_the_calendars() {
        for (text, hours) in [("0d", 0), ("12h", 12), ("90m", 1), ("366d", 8_784)] {
            assert_eq!(text.parse::<Ahead>().unwrap().duration().as_hours(), hours, "{text}");
        }
        for text in ["", "d", "30", "-1d", "367d", "5wd", "1.5d", "3日"] {
            assert!(text.parse::<Ahead>().unwrap_err().contains("30d"), "{text}");
        }
    }
}
