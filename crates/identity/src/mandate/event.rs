//! What happens to a mandate, as the strongroom keeps it on `mandate:<id>`; its uses stand in rows beside it.

use super::model::{Cause, MandateId, Matters, Powers};
use jiff::civil::Date;
use kernel::SubjectId;
use serde::{Deserialize, Serialize};
use trace::Event;

/// Something that happened to a mandate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "kebab-case")]
pub enum MandateEvent {
    /// It was signed by its giver (Civil Code art. 165: agent, matters, powers, term, signature).
    Offered {
        /// In whose name one will act.
        principal: SubjectId,
        /// Who signed.
        giver: SubjectId,
        /// Who may act.
        agent: SubjectId,
        /// In which matters.
        matters: Matters,
        /// What they may do there.
        powers: Powers,
        /// The last day.
        until: Date,
        /// Whether it may be handed on.
        hand_on: bool,
        /// The mandate it was handed on from.
        under: Option<MandateId>,
    },
    /// A guardian of somebody under 18 was recorded (Civil Code art. 27).
    Guardian {
        /// The child.
        child: SubjectId,
        /// The guardian.
        guardian: SubjectId,
        /// The last day before the eighteenth birthday.
        until: Date,
        /// What was seen: the paper at the window, or the register.
        evidence: String,
    },
    /// The agent accepted it.
    Accepted,
    /// The agent did not want it.
    Refused,
    /// It was taken back.
    Revoked,
    /// The agent gave it up.
    Renounced,
    /// It was handed on to somebody.
    HandedOn {
        /// By which mandate.
        to: MandateId,
    },
    /// Its last day has passed.
    Expired,
    /// It ended with something else.
    Ended {
        /// With what.
        cause: Cause,
    },
}

impl Event for MandateEvent {
    const VERSION: i64 = 1;

    fn kind(&self) -> &'static str {
        match self {
            Self::Offered { .. } => "offered",
            Self::Guardian { .. } => "guardian",
            Self::Accepted => "accepted",
            Self::Refused => "refused",
            Self::Revoked => "revoked",
            Self::Renounced => "renounced",
            Self::HandedOn { .. } => "handed-on",
            Self::Expired => "expired",
            Self::Ended { .. } => "ended",
        }
    }
}
