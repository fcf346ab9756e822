//! What single ones of those concerned are told about a hearing, and what they say.

use procedure::RunningTerm;
use serde::{Deserialize, Serialize};

/// One of those concerned in a hearing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HearingOf {
    /// Their place in the round: a party's subject, or `interested-1`.
    pub who: String,
    /// What happened.
    pub heard: Heard,
}

/// What happened with one of those concerned.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "what")]
pub enum Heard {
    /// 利害关系人: somebody who is no party has a major interest in it (行政许可法第三十六条).
    Found {
        /// Their name.
        name: String,
        /// Which interest.
        interest: String,
    },
    /// The notice of the right was served on them: their time to ask runs.
    Told {
        /// Until when they may ask.
        term: Box<RunningTerm>,
        /// What proves the service, where it was not the platform's own (送达回证).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        proof: Option<String>,
    },
    /// They ask for it.
    Asked {
        /// Where their request is kept, when it came on paper.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        proof: Option<String>,
    },
    /// They give it up.
    Forgone {
        /// Where their word is kept, when it came on paper.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        proof: Option<String>,
    },
}

impl Heard {
    /// The stable word for the trace.
    pub(super) fn word(&self) -> &'static str {
        match self {
            Self::Found { .. } => "interested_found",
            Self::Told { .. } => "hearing_told",
            Self::Asked { .. } => "hearing_asked",
            Self::Forgone { .. } => "hearing_forgone",
        }
    }
}
