//! What becomes of a case later: under a new version, without a party, or taken back by one of several.

use crate::model::{CertificateId, HaltOutcome, RemedyId, TaskId};
use catalog::ItemVersionId;
use kernel::{AgencyCode, SubjectId, Text};
use procedure::RunningTerm;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A new version of the item took the running case over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MovedOn {
    /// From which version.
    pub from: ItemVersionId,
    /// To which.
    pub to: ItemVersionId,
    /// The new version's steps, each with the old step whose state it has.
    pub steps: Vec<(String, Option<String>)>,
    /// The fields that have another id now: old, new.
    pub fields: Vec<(String, String)>,
    /// The papers that have another id now: old, new.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub materials: Vec<(String, String)>,
    /// Who takes each step of the new version that names a function and a level; events of before keep what the case had.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub agencies: BTreeMap<String, Vec<AgencyCode>>,
}

/// What came of a halt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HaltEnded {
    /// Whose.
    pub subject: SubjectId,
    /// How it goes on, or that it ends.
    pub how: HaltOutcome,
    /// What was found.
    pub text: String,
    /// The times that begin anew for whoever acts now.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub terms: Vec<RunningTerm>,
}

/// One of several who applied together wants to take it back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WithdrawalSought {
    /// Who.
    pub by: SubjectId,
    /// Why, if said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// A certificate on which the case relies has another state (证照状态变化).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReliedChanged {
    /// Which.
    pub certificate: CertificateId,
    /// Its name.
    pub name: Text,
    /// The word of its state, as `certificates` spells it.
    pub state: String,
    /// Whether it proves again what it proved.
    pub stands: bool,
    /// The steps that are done again, where nobody had the case in hand.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub again: Vec<String>,
}

/// The body does itself what it had handed to a line system that has lost it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TakenBack {
    /// The step.
    pub step: String,
    /// The task.
    pub task: TaskId,
    /// The system.
    pub system: String,
    /// Why.
    pub reason: String,
}

/// The applicant wants a person instead of the program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonWanted {
    /// Why, if said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The steps that a person now does.
    pub again: Vec<String>,
    /// The terms that run anew, when it was decided already.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub terms: Vec<RunningTerm>,
}

/// It is examined anew (重作).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reopened {
    /// Because of which remedy.
    pub because: RemedyId,
    /// The steps that are to be done again.
    pub again: Vec<String>,
    /// The terms that run from it.
    pub terms: Vec<RunningTerm>,
}

/// A party takes back the consent to be served electronically; what is served from now on comes on paper (民事诉讼法第九十条).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaperWanted {
    /// Who.
    pub by: SubjectId,
}
