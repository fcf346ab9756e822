//! What may happen to a case, decided purely: `(state, act, now, calendar, item) → events | refusal`. Nothing else decides.
//!
//! **Invariant:** no function here reads a clock, a database or chance; the same state and act give the same events.

mod advance;
mod apply;
mod decide;
mod env;
mod no;
mod terms;
#[cfg(test)]
mod tests;

pub use advance::{CheckDone, checks};
pub use apply::{apply, fold};
pub use decide::decide;
pub use env::{facts_of, facts_value};

use crate::event::Late;
use crate::model::*;
use catalog::ItemVersionId;
use forms::Answers;
use kernel::codes::CaseNumber;
use kernel::{AgencyCode, Timestamp};
use procedure::Frame;

/// What somebody wants done, and when it happened in law.
#[derive(Debug, Clone)]
pub struct Act {
    /// What.
    pub command: Command,
    /// When it happened in law; terms run from here.
    pub at: Timestamp,
    /// Why it is recorded later than it happened.
    pub late: Option<Late>,
}

impl Act {
    /// An act that happens now.
    pub fn now(command: Command, now: Timestamp) -> Self {
        Self { command, at: now, late: None }
    }
}

/// What can be asked of a case.
#[derive(Debug, Clone)]
pub enum Command {
    /// Hand it in.
    File(Box<Application>),
    /// A source that could not be asked has answered.
    Learn {
        /// What each said.
        facts: Vec<Fact>,
    },
    /// Accept it (受理).
    Accept,
    /// Say that it is not accepted (不予受理).
    NotAccept {
        /// Why; compulsory.
        reason: String,
        /// Which body is the right one.
        right_body: Option<String>,
    },
    /// Do the task in favour.
    Approve {
        /// The task.
        task: TaskId,
        /// Remarks.
        reason: Option<String>,
    },
    /// Do the task against; the case is refused.
    Refuse {
        /// The task.
        task: TaskId,
        /// Why; compulsory.
        reason: String,
    },
    /// Tell once and completely what must be supplied (补正告知).
    AskSupplement {
        /// Everything.
        demands: Vec<Demand>,
    },
    /// Supply it.
    Supplement {
        /// The answers as they are now.
        answers: Answers,
        /// The papers as they are now.
        materials: Vec<Material>,
        /// What the sources said of them.
        facts: Vec<Fact>,
    },
    /// What was granted has been made (制证).
    Certify {
        /// What was issued.
        certificates: Vec<CertificateId>,
    },
    /// Serve the decision (送达).
    Deliver {
        /// How.
        service: Service,
    },
    /// Close it (办结).
    Close,
    /// Take it back (撤回).
    Withdraw {
        /// Why, if said.
        reason: Option<String>,
    },
}

/// What is handed in.
#[derive(Debug, Clone)]
pub struct Application {
    /// The case that it becomes.
    pub case: CaseId,
    /// Its number.
    pub number: CaseNumber,
    /// Its matter.
    pub matter: MatterId,
    /// The version of the item.
    pub item: ItemVersionId,
    /// The kind of procedure.
    pub frame: Frame,
    /// The agency responsible.
    pub agency: AgencyCode,
    /// The administrative division it works for (GB/T 2260).
    pub division: String,
    /// The parties.
    pub parties: Vec<Party>,
    /// The answers, checked.
    pub answers: Answers,
    /// The papers.
    pub materials: Vec<Material>,
    /// What the sources said.
    pub facts: Vec<Fact>,
}

/// The task of one step in one round: the same case, step and round give the same task, so that the rules stay pure.
pub fn task_id(case: CaseId, step: &str, round: u32) -> TaskId {
    use kernel::id::TypedId;
    let hash = trace::Algorithm::Sha256.digest(format!("task:{case}:{step}:{round}").as_bytes());
    let mut bytes = [0u8; 16];
    bytes.copy_from_slice(&hash[..16]);
    TaskId::from_uuid(uuid::Builder::from_custom_bytes(bytes).into_uuid())
}
