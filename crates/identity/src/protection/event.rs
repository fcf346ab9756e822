//! What happens to the protection of an address, as the strongroom keeps it on `protection:<id>`.

use super::rules::Ground;
use jiff::civil::Date;
use kernel::{AccountId, PersonId};
use serde::{Deserialize, Serialize};
use trace::Event;

/// Something that happened to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "kebab-case")]
pub enum ProtectionEvent {
    /// A clerk who saw the paper asks for it.
    Asked {
        /// Whose address.
        person: PersonId,
        /// Who lives with them and may go on seeing it.
        with: Option<PersonId>,
        /// On which ground.
        ground: Ground,
        /// Which paper was shown: an order of a court, a written admonition.
        paper: String,
        /// The last day.
        until: Date,
        /// Who asks.
        by: AccountId,
    },
    /// A second clerk agrees: it holds.
    Granted {
        /// Who.
        by: AccountId,
    },
    /// A second clerk does not.
    Refused {
        /// Who.
        by: AccountId,
    },
    /// A clerk asks that it end before its day; it holds meanwhile.
    LiftAsked {
        /// Who.
        by: AccountId,
        /// Why.
        reason: String,
    },
    /// A second clerk agrees: it has ended.
    Lifted {
        /// Who.
        by: AccountId,
    },
    /// A second clerk does not: it goes on.
    Kept {
        /// Who.
        by: AccountId,
    },
    /// Its last day has passed.
    Expired,
}

impl Event for ProtectionEvent {
    const VERSION: i64 = 1;

    fn kind(&self) -> &'static str {
        match self {
            Self::Asked { .. } => "asked",
            Self::Granted { .. } => "granted",
            Self::Refused { .. } => "refused",
            Self::LiftAsked { .. } => "lift-asked",
            Self::Lifted { .. } => "lifted",
            Self::Kept { .. } => "kept",
            Self::Expired => "expired",
        }
    }
}
