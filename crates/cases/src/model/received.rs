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
    /// Whether the window compared every original with what was handed in, and saw who stood there; the deciding body relies on that.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub compared: bool,
}
