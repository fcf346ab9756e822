//! The terms of this room; an operator may set others.

use kernel::Term;
use serde::Deserialize;

/// How long a bill may stay unpaid, and how long a payment that nobody finishes is left open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// To pay a bill. When it has passed, that is written down, told to whoever raised it, and shown; the bill can still be paid.
    pub unpaid: Term,
    /// After so many seconds a payment that waits for its payer is closed at the gateway, so that the bill opens again.
    pub close_after_seconds: i64,
    /// So many hundredths of what a line is over one person may take off; whoever takes off more needs a second person.
    pub reduce_alone_percent: u8,
}

impl Default for Settings {
    fn default() -> Self {
        Self { unpaid: Term::working_days(15), close_after_seconds: 1_800, reduce_alone_percent: 50 }
    }
}
