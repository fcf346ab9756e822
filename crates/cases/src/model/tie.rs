//! How the cases of one matter hang together (一件事): what one waits for from another, and what follows when it does not come.

use super::CertificateId;
use kernel::{Text, Timestamp};
use serde::{Deserialize, Serialize};

/// What the end of another case without its result means for the one that waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Then {
    /// Nothing is said of it: it goes on alone.
    #[default]
    Alone,
    /// Whoever examines sees it and decides what becomes of it.
    Waits,
    /// It cannot be done without: it is given back with the reason.
    Ends,
}

/// What a case waits for from another case of its matter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Awaited {
    /// The other's item.
    pub item: String,
    /// The other's name.
    pub name: Text,
    /// The demand its result stands for; none where only the order of the two matters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub demand: Option<String>,
    /// The kind of certificate that is awaited; any result when there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certificate: Option<String>,
    /// The step that does not begin before; none when nothing is held up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<String>,
    /// What follows when the other ends without it.
    #[serde(default)]
    pub then: Then,
    /// Why, in words.
    pub say: Text,
    /// When it came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub came: Option<Timestamp>,
    /// When the other's fees fell due: what is due together with them is due since then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub billed: Option<Timestamp>,
    /// When it was known that it does not come, and why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failed: Option<(Timestamp, Text)>,
}

impl Awaited {
    /// Whether nobody knows yet whether it comes.
    pub fn open(&self) -> bool {
        self.came.is_none() && self.failed.is_none()
    }

    /// Whether a result of these kinds is what is awaited.
    pub fn met_by(&self, certificates: &[(String, CertificateId)]) -> Option<Option<CertificateId>> {
        match &self.certificate {
            None => Some(None),
            Some(kind) => certificates.iter().find(|(k, _)| k == kind).map(|(_, id)| Some(*id)),
        }
    }
}

/// What another case of the matter has come to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "came")]
pub enum SiblingNews {
    /// It was granted; these certificates were made.
    Granted {
        /// Each with its kind.
        certificates: Vec<(String, CertificateId)>,
    },
    /// It ended without a result, or its result was taken back.
    Ended {
        /// How and why.
        why: Text,
    },
    /// Its fees are due.
    Owes,
}
