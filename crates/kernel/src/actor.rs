//! Who did it: the reference that stands in every event. Rights are not here; they are types minted by `identity`.

use crate::{AccountId, OrganisationId, PersonId};
use serde::{Deserialize, Serialize};

/// The code of an agency or one of its divisions, dots from the whole to the part: `nanjing.transport.passenger`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AgencyCode(String);

/// Text that is no agency's code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no agency code: lower-case words of letters, digits and hyphens, joined by dots")]
pub struct NotAnAgency;

impl TryFrom<String> for AgencyCode {
    type Error = NotAnAgency;
    fn try_from(text: String) -> Result<Self, NotAnAgency> {
        Self::parse(&text).ok_or(NotAnAgency)
    }
}

impl From<AgencyCode> for String {
    fn from(code: AgencyCode) -> String {
        code.0
    }
}

impl AgencyCode {
    /// Accepts lower-case words of letters, digits and hyphens joined by dots, 100 characters at most.
    pub fn parse(text: &str) -> Option<Self> {
        let word = |w: &str| {
            !w.is_empty() && w.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        };
        (text.len() <= 100 && text.split('.').all(word)).then(|| Self(text.to_owned()))
    }

    /// The code as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether `other` is this agency or a part of it.
    pub fn contains(&self, other: &AgencyCode) -> bool {
        other.0 == self.0
            || (other.0.starts_with(&self.0) && other.0.as_bytes().get(self.0.len()) == Some(&b'.'))
    }
}

impl std::fmt::Display for AgencyCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// In which capacity somebody acted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActorKind {
    /// A person or firm applying (申请人).
    Applicant,
    /// A window clerk (窗口人员).
    Clerk,
    /// An examiner of an agency (审查人员).
    Examiner,
    /// A supervisor (监督人员).
    Supervisor,
    /// An operator of the platform (运维人员).
    Operator,
    /// The program itself: automatic steps, sweepers, jobs.
    System,
    /// Somebody not signed in.
    Visitor,
}

/// Who acted, as written into the trace: never a name, never an identity number.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ActorRef {
    /// In which capacity.
    pub kind: ActorKind,
    /// The account, when one was signed in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<AccountId>,
    /// The natural person behind the account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<PersonId>,
    /// The firm acted for (代表单位).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organisation: Option<OrganisationId>,
    /// The agency a staff member acts in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agency: Option<AgencyCode>,
}

impl ActorRef {
    /// The program itself.
    pub fn system() -> Self {
        Self { kind: ActorKind::System, account: None, person: None, organisation: None, agency: None }
    }

    /// Somebody not signed in.
    pub fn visitor() -> Self {
        Self { kind: ActorKind::Visitor, ..Self::system() }
    }
}
