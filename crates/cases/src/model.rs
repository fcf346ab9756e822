//! What a case is: its ids, parties, steps, states that carry their data. No input or output.

use catalog::ItemVersionId;
use forms::Answers;
use kernel::codes::CaseNumber;
use kernel::{AgencyCode, FileId, SubjectId, Text, Timestamp};
use procedure::{Frame, RunningTerm};
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use certificates::CertificateId;

kernel::typed_id! {
    /// A matter (事): one thing somebody wants done; it holds the draft and leads to one case or several.
    MatterId;
    /// A case (办件).
    CaseId;
    /// A task (待办): one step of one case, waiting for one agency.
    TaskId;
}
store::text_column!(MatterId, CaseId, TaskId);

/// In what capacity a party acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Capacity {
    /// For themselves (本人), or a firm through its own administrator.
    #[default]
    #[serde(rename = "self")]
    Oneself,
    /// By mandate (委托代理人).
    Agent,
    /// For a minor or a person under guardianship (监护人).
    Guardian,
    /// For an estate (继承人).
    Heir,
    /// For a firm being wound up (清算人).
    Liquidator,
}

/// Somebody the case is about or for; a case has parties, not an applicant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Party {
    /// Who.
    pub subject: SubjectId,
    /// The name as it stood on the day of filing.
    pub name: String,
    /// What they are in it, the pack's word: `applicant`, `buyer`, `seller`.
    pub role: String,
    /// Their share, as written: `1/2`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub share: Option<String>,
    /// In what capacity they act.
    #[serde(default)]
    pub capacity: Capacity,
    /// The proof of that capacity.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proof: Option<FileId>,
    /// When they confirmed; none while their confirmation is outstanding.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirmed_at: Option<Timestamp>,
}

/// A paper handed in for one demand of the item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Material {
    /// The demand, the pack's id.
    pub demand: String,
    /// What was handed in.
    pub given: Given,
}

/// How a demand was met.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "how", content = "what")]
pub enum Given {
    /// A file was uploaded.
    File(FileId),
    /// A certificate that the platform keeps.
    Certificate(CertificateId),
    /// A register said so.
    Fetched(String),
    /// The applicant declared it.
    Declared,
}

/// What one source said.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Fact {
    /// The name under which rules read it (`vehicle`).
    pub alias: String,
    /// The source that was asked.
    pub source: String,
    /// Its answer.
    pub answer: FactAnswer,
}

/// The answer of a source.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "answer", content = "value")]
pub enum FactAnswer {
    /// The record.
    Found(Value),
    /// It holds none.
    NotFound,
    /// It could not be asked; it will be asked again.
    Absent(Timestamp),
}

/// Who did a step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "by")]
pub enum DoneBy {
    /// The program, by the item's rule.
    Rule {
        /// The rule as written in the item.
        rule: String,
    },
    /// A person of this agency.
    Person {
        /// The agency.
        agency: AgencyCode,
    },
}

/// Why a person looks at what a rule should have decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Referral {
    /// In a sentence.
    pub why: Text,
    /// The checks that did not hold; none when a register holds nothing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unmet: Vec<String>,
}

/// Where a step stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum StepState {
    /// Not its turn yet.
    Waiting,
    /// Its rule needs facts that could not be fetched yet.
    Held {
        /// The sources it waits for, by alias.
        absent: Vec<String>,
    },
    /// A task lies with an agency.
    Open {
        /// The task.
        task: TaskId,
        /// With whom.
        agency: AgencyCode,
        /// Since when.
        since: Timestamp,
        /// Why a person looks at what a rule should have decided.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        referred: Option<Referral>,
    },
    /// Done, and in favour.
    Passed {
        /// Who.
        by: DoneBy,
        /// When.
        at: Timestamp,
    },
    /// Done, and against.
    Failed {
        /// Who.
        by: DoneBy,
        /// When.
        at: Timestamp,
        /// Why.
        reason: Text,
        /// The checks that did not hold, when a rule did it.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        unmet: Vec<String>,
    },
    /// Its condition does not hold in this case.
    Skipped,
}

/// A step of this case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// The pack's id.
    pub id: String,
    /// Which time it is opened, from 1: after a supplement a step may be done again.
    pub round: u32,
    /// Where it stands.
    pub state: StepState,
}

impl Step {
    /// Whether nothing remains to be done.
    pub fn done(&self) -> bool {
        matches!(self.state, StepState::Passed { .. } | StepState::Failed { .. } | StepState::Skipped)
    }

    /// Whether steps after it may begin.
    pub fn passed(&self) -> bool {
        matches!(self.state, StepState::Passed { .. } | StepState::Skipped)
    }
}

/// How an application came to be accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Acceptance {
    /// It was complete in form, and the frame leaves the rest to the program.
    ByRule,
    /// A person accepted it.
    ByPerson,
}

/// One thing the applicant must supply.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Demand {
    /// The form field.
    pub field: String,
    /// What is wrong with it, or what is missing.
    pub say: String,
}

/// What was decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "outcome")]
pub enum Decision {
    /// 准予.
    Approved {
        /// Remarks, if any.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<Text>,
    },
    /// 不予.
    Refused {
        /// Why; compulsory.
        reason: Text,
        /// What the person can do against it.
        remedies: Vec<Text>,
    },
}

impl Decision {
    /// Whether it was granted.
    pub fn approved(&self) -> bool {
        matches!(self, Self::Approved { .. })
    }
}

/// How a decision reaches the party; remedy terms start there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Service {
    /// In the user's own space, with the consent given when filing.
    Electronic,
}

/// The state of a case, with what belongs to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum CaseState {
    /// 收件: handed in, not yet accepted.
    Submitted {
        /// Since when.
        at: Timestamp,
    },
    /// 补正: waits for the applicant.
    Supplement {
        /// Since when.
        at: Timestamp,
        /// What must be supplied; complete, and told once.
        demands: Vec<Demand>,
        /// Whether it had been accepted before.
        accepted: bool,
    },
    /// 受理: accepted and examined.
    Accepted {
        /// Since when.
        at: Timestamp,
        /// How.
        how: Acceptance,
    },
    /// 决定.
    Decided {
        /// When.
        at: Timestamp,
        /// What.
        decision: Decision,
    },
    /// 制证: what was granted is made.
    Certified {
        /// When.
        at: Timestamp,
        /// The decision it rests on.
        decision: Decision,
    },
    /// 送达: served.
    Delivered {
        /// When.
        at: Timestamp,
        /// How.
        service: Service,
        /// The decision.
        decision: Decision,
    },
    /// 办结.
    Closed {
        /// When.
        at: Timestamp,
        /// The decision.
        decision: Decision,
    },
    /// 不予受理.
    NotAccepted {
        /// When.
        at: Timestamp,
        /// Why.
        reason: String,
        /// Which body is the right one.
        right_body: Option<String>,
    },
    /// 撤回.
    Withdrawn {
        /// When.
        at: Timestamp,
        /// Why, if said.
        reason: Option<String>,
    },
}

impl CaseState {
    /// The stable word for rows, the API and pages.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Submitted { .. } => "submitted",
            Self::Supplement { .. } => "supplement",
            Self::Accepted { .. } => "accepted",
            Self::Decided { .. } => "decided",
            Self::Certified { .. } => "certified",
            Self::Delivered { .. } => "delivered",
            Self::Closed { .. } => "closed",
            Self::NotAccepted { .. } => "not_accepted",
            Self::Withdrawn { .. } => "withdrawn",
        }
    }

    /// The state's name for people.
    pub fn name(&self) -> Text {
        state_name(self.word())
    }

    /// Since when.
    pub fn since(&self) -> Timestamp {
        match self {
            Self::Submitted { at }
            | Self::Supplement { at, .. }
            | Self::Accepted { at, .. }
            | Self::Decided { at, .. }
            | Self::Certified { at, .. }
            | Self::Delivered { at, .. }
            | Self::Closed { at, .. }
            | Self::NotAccepted { at, .. }
            | Self::Withdrawn { at, .. } => *at,
        }
    }

    /// The decision, once there is one.
    pub fn decision(&self) -> Option<&Decision> {
        match self {
            Self::Decided { decision, .. }
            | Self::Certified { decision, .. }
            | Self::Delivered { decision, .. }
            | Self::Closed { decision, .. } => Some(decision),
            _ => None,
        }
    }

    /// Whether nothing more happens by itself. (Closed is not final in law: remedies may reopen it.)
    pub fn ended(&self) -> bool {
        matches!(self, Self::Closed { .. } | Self::NotAccepted { .. } | Self::Withdrawn { .. })
    }
}

/// The name for people of a state's word.
pub fn state_name(word: &str) -> Text {
    match word {
        "submitted" => Text::new("已收件", "Received"),
        "supplement" => Text::new("待补正", "Waiting for you"),
        "accepted" => Text::new("已受理", "Accepted, being examined"),
        "decided" => Text::new("已决定", "Decided"),
        "certified" => Text::new("已制证", "Certificate made"),
        "delivered" => Text::new("已送达", "Served"),
        "closed" => Text::new("已办结", "Closed"),
        "not_accepted" => Text::new("不予受理", "Not accepted"),
        "withdrawn" => Text::new("已撤回", "Withdrawn"),
        other => Text::same(other),
    }
}

/// A case as folded from its events.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Case {
    /// Its id.
    pub id: CaseId,
    /// Its number (31+8+4).
    pub number: CaseNumber,
    /// The matter it belongs to.
    pub matter: MatterId,
    /// The version of the item it was filed under.
    pub item: ItemVersionId,
    /// The item's key.
    pub item_key: String,
    /// The kind of procedure.
    pub frame: Frame,
    /// The agency responsible.
    pub agency: AgencyCode,
    /// The administrative division it works for (GB/T 2260); supervision follows it.
    pub division: String,
    /// When it was filed, in law.
    pub filed_at: Timestamp,
    /// Whose it is and who takes part.
    pub parties: Vec<Party>,
    /// What was filed, as last supplemented.
    pub answers: Answers,
    /// The papers.
    pub materials: Vec<Material>,
    /// What the sources said.
    pub facts: Vec<Fact>,
    /// The state.
    pub state: CaseState,
    /// The steps.
    pub steps: Vec<Step>,
    /// The terms, also those that are over.
    pub terms: Vec<RunningTerm>,
    /// How often a supplement was asked for.
    pub supplements: u32,
    /// What was issued.
    pub certificates: Vec<CertificateId>,
}

impl Case {
    /// The step with this id.
    pub fn step(&self, id: &str) -> Option<&Step> {
        self.steps.iter().find(|s| s.id == id)
    }

    /// The aliases of sources that could not be asked yet.
    pub fn absent(&self) -> Vec<&str> {
        let absent = |f: &&Fact| matches!(f.answer, FactAnswer::Absent(_));
        self.facts.iter().filter(absent).map(|f| f.alias.as_str()).collect()
    }

    /// The open tasks with their agencies.
    pub fn open_tasks(&self) -> impl Iterator<Item = (&Step, TaskId, &AgencyCode)> {
        self.steps.iter().filter_map(|step| match &step.state {
            StepState::Open { task, agency, .. } => Some((step, *task, agency)),
            _ => None,
        })
    }

    /// The first party: the one for whom it is done and who holds the result.
    pub fn first_party(&self) -> Option<&Party> {
        self.parties.first()
    }

    /// The running term that ends first, ordered as the applicant sees it: promise before law.
    pub fn term(&self) -> Option<&RunningTerm> {
        self.terms.iter().filter(|t| t.runs()).min_by_key(|t| t.due.at)
    }
}
