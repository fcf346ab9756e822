//! The terms of this room; an operator may set others.

use kernel::Term;
use serde::Deserialize;

/// How long one may rate, and how long an answer to a bad rating may take. No national rule that we have seen names the days: local
/// ones say 7 days to rate, and 5 to 15 working days to answer. A service that nobody rates counts as nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// So many days after its end a service may be rated.
    pub rate_days: u16,
    /// To answer a bad rating.
    pub answer: Term,
}

impl Default for Settings {
    fn default() -> Self {
        Self { rate_days: 30, answer: Term::working_days(5) }
    }
}
