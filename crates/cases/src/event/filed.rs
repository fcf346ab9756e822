//! What was handed in: the first event of every case.

use crate::model::*;
use catalog::ItemVersionId;
use forms::Answers;
use jiff::civil::Date;
use kernel::codes::CaseNumber;
use kernel::{AccountId, AgencyCode, SubjectId, Text, Timestamp};
use procedure::{Frame, RunningTerm};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What was handed in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Filed {
    /// The case.
    pub case: CaseId,
    /// Its number.
    pub number: CaseNumber,
    /// Its matter.
    pub matter: MatterId,
    /// The version of the item.
    pub item: ItemVersionId,
    /// The item's key.
    pub item_key: String,
    /// The kind of procedure.
    pub frame: Frame,
    /// The agency responsible.
    pub agency: AgencyCode,
    /// The administrative division it works for (GB/T 2260).
    pub division: String,
    /// The parties.
    pub parties: Vec<Party>,
    /// The answers.
    pub answers: Answers,
    /// The papers.
    pub materials: Vec<Material>,
    /// The ids of the item's steps, in its order.
    pub steps: Vec<String>,
    /// The terms that run from receipt.
    pub terms: Vec<RunningTerm>,
    /// Who takes each step, where that was resolved when it was filed.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub agencies: BTreeMap<String, Vec<AgencyCode>>,
    /// Whether several bodies handle it jointly.
    #[serde(default)]
    pub joint: bool,
    /// Whether the papers are to be served in another way than electronically.
    #[serde(default)]
    pub paper: bool,
    /// What was promised to be handed in later (容缺受理).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub promises: Vec<Promise>,
    /// What was declared instead of proved (告知承诺).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub declared: Option<Declared>,
    /// Where it came from, when it was imported.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<String>,
    /// Who filed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<SubjectId>,
    /// Who stood at the window for them, when that was somebody else (经办人).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent: Option<Agent>,
    /// What it waits for from other cases of its matter.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub awaits: Vec<Awaited>,
    /// The cases of its matter that wait for its result.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub awaited_by: Vec<CaseNumber>,
    /// The certificate that it prolongs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub renews: Option<Renewing>,
    /// Whose window received it for the body of another place (代收).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub received: Option<Received>,
    /// At whose window it was handed in, when it was at one; older events say so only for what came from another place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window: Option<AgencyCode>,
    /// Why it is recorded later than it happened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub late: Option<Late>,
}

/// Why something is recorded later than it happened (补录), and the proof of when it did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Late {
    /// Why.
    pub reason: String,
    /// The proof of the moment: a postmark, a register of the village.
    pub evidence: String,
}

/// What happened in another system, as it told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActElsewhere {
    /// What, as that system called it.
    pub name: String,
    /// Who did it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agency: Option<AgencyCode>,
    /// Whether it began (or ended) then.
    #[serde(default)]
    pub start: bool,
}

/// The renewed validity of a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Validity {
    /// Its first day.
    pub from: Date,
    /// Its last.
    pub to: Date,
}

/// How another case of the matter ended without its result.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SiblingEnd {
    /// The other's item.
    pub item: String,
    /// How and why.
    pub why: Text,
    /// The terms that begin, now that nothing is awaited any more.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub terms: Vec<RunningTerm>,
}

/// A party who does not use the platform stood at a window, and what follows is theirs (国办发〔2020〕45号: nobody is kept out for want
/// of a phone).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SaidAtWindow {
    /// Who.
    pub subject: SubjectId,
    /// What they did: the word of the act.
    pub act: String,
    /// Who wrote it down, and on what.
    pub witness: Witness,
}

/// A notice was served on a party (送达), with its proof.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NoticeServed {
    /// The notice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notice: Option<NoticeId>,
    /// How.
    pub way: Service,
    /// Since when it counts.
    pub effective_at: Timestamp,
    /// On whom; none in events of before services were written down one by one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub party: Option<SubjectId>,
    /// The time of whoever is told, where it begins with this: they know only now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub term: Option<RunningTerm>,
}

/// One of those who sign a step together said what they think (会签).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeatSigned {
    /// The step.
    pub step: String,
    /// Their task.
    pub task: TaskId,
    /// In favour or against.
    pub pass: bool,
    /// Why; compulsory when against.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Text>,
    /// Who signed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<AccountId>,
}

/// They took it back before the others had signed (取回).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeatRecalled {
    /// The step.
    pub step: String,
    /// Their task.
    pub task: TaskId,
}
