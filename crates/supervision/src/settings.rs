//! The terms of this room; an operator may set others.

use kernel::Term;
use serde::Deserialize;

/// How long answers may take, and how long a look may be kept secret. Law wants an easy way to be heard and a reasoned answer (PIPL
/// article 50) and names no days; these are ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// To answer an objection to a look.
    pub objection: Term,
    /// For the agency that looked, to give its ground.
    pub ground: Term,
    /// To answer a request to correct or delete.
    pub request: Term,
    /// The longest time for which a look may be kept from the person, in days.
    pub sealed_days_max: u16,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            objection: Term::working_days(15),
            ground: Term::working_days(5),
            request: Term::working_days(15),
            sealed_days_max: 180,
        }
    }
}
