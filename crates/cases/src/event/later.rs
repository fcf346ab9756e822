//! What becomes of a case later: under a new version, without a party, or taken back by one of several.

use crate::model::{CertificateId, HaltOutcome, RemedyId, TaskId};
use catalog::ItemVersionId;
use kernel::{AgencyCode, Money, SubjectId, Text, Timestamp};
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

/// A later step sent the case back to an earlier one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentBack {
    /// From which step.
    pub from: String,
    /// To which.
    pub to: String,
    /// Why.
    pub reason: String,
    /// The steps that are to be done again.
    pub again: Vec<String>,
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

/// One fee that is owed, by the facts as they are (核定).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwedFee {
    /// Its code in the list of fees.
    pub code: String,
    /// How much.
    pub amount: Money,
    /// Who pays.
    pub payer: SubjectId,
    /// Their name.
    pub payer_name: String,
    /// When it was first owed: the day for which it is reckoned, also when it is reckoned anew.
    pub since: Timestamp,
}

/// What is owed for the case now (应缴): everything that is due so far, in the place of what was owed before.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct FeesOwed {
    /// What, by whom.
    pub fees: Vec<OwedFee>,
    /// Whether something is due whose amount or payer is not known yet.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub open: bool,
}

/// Nothing but a payment is missing (等待缴费), or no longer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentAwaited {
    /// Whether it waits from now on.
    pub waits: bool,
    /// The body's terms as they stand from now on: at rest, or reckoned anew.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub terms: Vec<RunningTerm>,
}

/// What became of a bill for the case (缴费): raised, settled, overdue or called off.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct FeesTold {
    /// The number to pay by; empty where older programs told that nothing is owed.
    pub bill: String,
    /// For how much of what is owed it stands.
    pub amount: Money,
    /// Whether nothing of it is open any more.
    pub settled: bool,
    /// Whose it is; older events do not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payer: Option<SubjectId>,
    /// What of it is still to be paid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owed: Option<Money>,
    /// Whether it was called off.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cancelled: bool,
    /// Whether its term has passed unpaid; it can still be paid.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub overdue: bool,
    /// Where its payer finds it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub page: String,
    /// How often the bill had changed by then: news of before are late.
    #[serde(default)]
    pub rev: i64,
}

/// A party takes back the consent to be served electronically; what is served from now on comes on paper (民事诉讼法第九十条).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaperWanted {
    /// Who.
    pub by: SubjectId,
}
