//! Accepted here, decided there (异地代收): who received a case for the body that decides it.

use catalog::agreement::Across;
use kernel::AgencyCode;
use serde::{Deserialize, Serialize};

/// Whose window received a case for the body of another place, and under which agreement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Received {
    /// The agency of the window.
    pub agency: AgencyCode,
    /// The agreement's id.
    pub agreement: String,
    /// How the two places serve each other.
    pub mode: Across,
}
