//! What can happen to a proof, as written into the trace: never what the paper says.

use crate::model::{Grade, ProofId, Use};
use jiff::civil::Date;
use kernel::{AgencyCode, FileId, SubjectId, Text};
use serde::{Deserialize, Serialize};

/// One act on a proof.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum ProofEvent {
    /// Handed in and kept.
    Kept {
        /// In whose drawer.
        subject: SubjectId,
        /// The kind of material.
        kind: String,
        /// Whose paper.
        holder: String,
        /// How far it is believed.
        grade: Grade,
        /// The cases that use it.
        uses: Vec<Use>,
        /// Its pages.
        files: Vec<FileId>,
        /// The last day on which it may be used again.
        valid_until: Option<Date>,
    },
    /// Used in further cases.
    UsedAgain {
        /// Which.
        uses: Vec<Use>,
    },
    /// Believed farther than before.
    Raised {
        /// How far now.
        to: Grade,
        /// Who compared it, when somebody did.
        by: Option<AgencyCode>,
        /// In which case.
        case: String,
    },
    /// Staff looked at it on the screen, without the original: it is believed no farther for it.
    Looked {
        /// Who.
        by: AgencyCode,
        /// In which case.
        case: String,
    },
    /// A law has it kept from now on: its holder cannot withdraw it.
    BoundByLaw {
        /// Which.
        law: Text,
    },
    /// A newer one stands in its place.
    Replaced {
        /// Which.
        by: ProofId,
    },
    /// Taken back by its holder.
    Withdrawn,
    /// A copy with a watermark was made, to be handed on.
    Copied {
        /// Which of its pages.
        file: FileId,
        /// The last day named on the copy.
        until: Date,
    },
}

impl trace::Event for ProofEvent {
    const VERSION: i64 = 1;

    fn kind(&self) -> &'static str {
        match self {
            Self::Kept { .. } => "kept",
            Self::UsedAgain { .. } => "used_again",
            Self::Raised { .. } => "raised",
            Self::Looked { .. } => "looked",
            Self::BoundByLaw { .. } => "bound_by_law",
            Self::Replaced { .. } => "replaced",
            Self::Withdrawn => "withdrawn",
            Self::Copied { .. } => "copied",
        }
    }
}

/// The subject of a proof's trace.
pub fn subject(id: ProofId) -> trace::Subject {
    trace::Subject::new("proof", id)
}
