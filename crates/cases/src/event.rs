//! What can happen to a case; the trace keeps these, and everything else is computed from them.

use crate::model::*;
use catalog::ItemVersionId;
use forms::Answers;
use kernel::codes::CaseNumber;
use kernel::{AgencyCode, Text, Timestamp};
use procedure::{Frame, RunningTerm, TermKind};
use serde::{Deserialize, Serialize};

/// One thing that happened to a case.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "event")]
pub enum CaseEvent {
    /// 收件: somebody handed it in.
    Filed(Box<Filed>),
    /// A source answered, or could not.
    FactsSeen {
        /// What each said; an answer replaces an earlier one of the same alias.
        facts: Vec<Fact>,
    },
    /// 受理.
    Accepted {
        /// How.
        how: Acceptance,
        /// The terms that run from it.
        terms: Vec<RunningTerm>,
    },
    /// 不予受理, with the right body where there is one.
    NotAccepted {
        /// Why.
        reason: String,
        /// Which body is the right one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        right_body: Option<String>,
        /// What the person can do against it.
        remedies: Vec<Text>,
    },
    /// A step's rule waits for facts.
    StepHeld {
        /// The step.
        step: String,
        /// The aliases it waits for.
        absent: Vec<String>,
    },
    /// A step became a task of an agency.
    StepOpened {
        /// The step.
        step: String,
        /// Which time, from 1.
        round: u32,
        /// The task.
        task: TaskId,
        /// With whom it lies.
        agency: AgencyCode,
        /// Why a person looks at what a rule should have decided.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        referred: Option<Referral>,
        /// Its own term.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        term: Option<RunningTerm>,
    },
    /// A step ended in favour.
    StepPassed {
        /// The step.
        step: String,
        /// By whom.
        by: DoneBy,
        /// Remarks, if any.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<Text>,
    },
    /// A step ended against.
    StepFailed {
        /// The step.
        step: String,
        /// By whom.
        by: DoneBy,
        /// Why.
        reason: Text,
        /// The checks that did not hold, when a rule did it.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        unmet: Vec<String>,
    },
    /// A step's condition does not hold.
    StepSkipped {
        /// The step.
        step: String,
    },
    /// 补正告知: one complete notice.
    SupplementAsked {
        /// Everything that must be supplied.
        demands: Vec<Demand>,
    },
    /// 补正: the applicant supplied it.
    Supplemented {
        /// The answers as they are now.
        answers: Answers,
        /// The papers as they are now.
        materials: Vec<Material>,
        /// The terms that run anew.
        terms: Vec<RunningTerm>,
    },
    /// 决定.
    Decided {
        /// What.
        decision: Decision,
        /// The term to issue and deliver, when something is.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        term: Option<RunningTerm>,
    },
    /// 制证.
    Certified {
        /// What was issued.
        certificates: Vec<CertificateId>,
    },
    /// 送达.
    Delivered {
        /// How.
        service: Service,
    },
    /// 办结.
    Closed,
    /// 撤回.
    Withdrawn {
        /// Why, if said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
}

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

impl CaseEvent {
    /// The stable word for the trace.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Filed(_) => "filed",
            Self::FactsSeen { .. } => "facts_seen",
            Self::Accepted { .. } => "accepted",
            Self::NotAccepted { .. } => "not_accepted",
            Self::StepHeld { .. } => "step_held",
            Self::StepOpened { .. } => "step_opened",
            Self::StepPassed { .. } => "step_passed",
            Self::StepFailed { .. } => "step_failed",
            Self::StepSkipped { .. } => "step_skipped",
            Self::SupplementAsked { .. } => "supplement_asked",
            Self::Supplemented { .. } => "supplemented",
            Self::Decided { .. } => "decided",
            Self::Certified { .. } => "certified",
            Self::Delivered { .. } => "delivered",
            Self::Closed => "closed",
            Self::Withdrawn { .. } => "withdrawn",
        }
    }
}

impl trace::Event for CaseEvent {
    const VERSION: i64 = 1;

    fn kind(&self) -> &'static str {
        self.word()
    }
}

/// An event with its two times: what the fold reads.
#[derive(Debug, Clone, Copy)]
pub struct Happened<'a> {
    /// What.
    pub event: &'a CaseEvent,
    /// When it happened in law.
    pub at: Timestamp,
}

/// What marks the terms a kind of act brings to an end.
pub(crate) fn ends(event: &CaseEvent, kind: &TermKind) -> bool {
    match event {
        CaseEvent::Accepted { .. } | CaseEvent::NotAccepted { .. } => *kind == TermKind::Acceptance,
        CaseEvent::Decided { .. } => *kind != TermKind::Issue,
        CaseEvent::StepPassed { step, .. } | CaseEvent::StepFailed { step, .. } => {
            matches!(kind, TermKind::Step(of) if of == step)
        }
        CaseEvent::Delivered { .. } => *kind == TermKind::Issue,
        _ => false,
    }
}
