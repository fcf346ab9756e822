//! The steps of a case: whose turn it is, who signs, what was found.

use super::TaskId;
use kernel::{AccountId, AgencyCode, FileId, Money, Text, Timestamp};
use serde::{Deserialize, Serialize};

/// The step that looks at the form before the application counts as received (预审); no pack may name a step so.
pub const PRECHECK: &str = "precheck";

/// Who did a step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "by")]
pub enum DoneBy {
    /// The program, by the item's rule.
    Rule {
        /// The rule as written in the item.
        rule: String,
    },
    /// A person of this agency; of several that sign together, the one that signed last.
    Person {
        /// The agency.
        agency: AgencyCode,
        /// The account; none in old histories.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        account: Option<AccountId>,
    },
    /// A line system (专线系统), by its report.
    System {
        /// The system.
        system: String,
    },
    /// The applicant's declaration stands in for it (告知承诺, 国办发〔2020〕42号).
    Declaration,
    /// It was made public for the time set, and nobody objected (公示).
    Publicity,
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

/// What one of those who sign a step thinks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opinion {
    /// In favour or against.
    pub pass: bool,
    /// Why; compulsory when against.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Text>,
    /// When.
    pub at: Timestamp,
    /// Who signed; opinions of before that was kept say nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<AccountId>,
}

/// A place at the table of a step: one task of one agency. A step done alone has one seat, a joint review (会签) several.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seat {
    /// The task.
    pub task: TaskId,
    /// With whom it lies.
    pub agency: AgencyCode,
    /// The line system it was handed to, when it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external: Option<String>,
    /// Who has taken it into their own hands (签收); nobody means the whole agency may.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holder: Option<AccountId>,
    /// What they said; none while it is open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opinion: Option<Opinion>,
}

impl Seat {
    /// A seat nobody has taken yet.
    pub fn new(task: TaskId, agency: AgencyCode) -> Self {
        Self { task, agency, external: None, holder: None, opinion: None }
    }
}

/// How a step's standard was used (裁量): the band that applied, and why somebody kept away from it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Discretion {
    /// The band of the step's standard that applied.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub band: Option<String>,
    /// Why the outcome or the amount is another than the band says; supervision sees it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deviation: Option<String>,
    /// The amount set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Money>,
}

impl Discretion {
    /// Whether nothing of it was used.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
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
    /// Tasks lie with agencies, or the step is public and waits for objections (then it has no seat).
    Open {
        /// Who signs.
        seats: Vec<Seat>,
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
    /// What an inspection on site found (现场核查); a step that asks for one passes only after it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visit: Option<Visit>,
    /// How its standard was used.
    #[serde(default, skip_serializing_if = "Discretion::is_empty")]
    pub discretion: Discretion,
}

impl Step {
    /// A step whose turn has not come.
    pub fn waiting(id: &str) -> Self {
        let state = StepState::Waiting;
        Self { id: id.to_owned(), round: 0, state, visit: None, discretion: Discretion::default() }
    }

    /// Whether nothing remains to be done.
    pub fn done(&self) -> bool {
        matches!(self.state, StepState::Passed { .. } | StepState::Failed { .. } | StepState::Skipped)
    }

    /// Whether steps after it may begin.
    pub fn passed(&self) -> bool {
        matches!(self.state, StepState::Passed { .. } | StepState::Skipped)
    }

    /// Whether a person decided it.
    pub fn by_person(&self) -> bool {
        matches!(
            &self.state,
            StepState::Passed { by: DoneBy::Person { .. }, .. }
                | StepState::Failed { by: DoneBy::Person { .. }, .. }
        )
    }

    /// The seats, while it is open.
    pub fn seats(&self) -> &[Seat] {
        match &self.state {
            StepState::Open { seats, .. } => seats,
            _ => &[],
        }
    }
}

/// An inspection on site (现场核查): at least two officers, with a record (行政许可法第三十四条).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visit {
    /// When they were there.
    pub at: Timestamp,
    /// Where.
    pub place: String,
    /// Who; two at least.
    pub officers: Vec<String>,
    /// What they found.
    pub record: String,
    /// The record, pictures.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<FileId>,
}
