//! What a case is: its ids, parties, steps, states that carry their data. No input or output.

use catalog::{ItemVersionId, Openness};
use forms::Answers;
use kernel::codes::CaseNumber;
use kernel::{AgencyCode, FileId, Money, PersonId, SubjectId, Timestamp};
use procedure::{Frame, RunningTerm};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

mod hearing;
mod later;
mod received;
mod renew;
mod side;
mod state;
mod step;
mod tie;

pub use certificates::CertificateId;
pub use hearing::{Hearing, HearingStage, Interested};
pub use later::{Halt, HaltCause, HaltOutcome, Reviewed, Stopped};
pub use procedure::{Exit, NoticeId, NoticeKind, RemedyId, RemedyKind, RemedyOutcome, SuspensionKind};
pub use proofs::ProofId;
pub use received::Received;
pub use renew::Renewing;
pub use side::{
    Declared, Dispute, Issued, Objection, Overdue, Promise, Relied, Remedied, Seen, ServedOn, Suspension,
    Witness,
};
pub use state::{Acceptance, CaseState, Decision, state_name};
pub use step::{Discretion, DoneBy, Opinion, PRECHECK, Referral, Seat, Step, StepState, Visit};
pub use tie::{Awaited, SiblingNews, Then};

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

/// Somebody who stood at a window for whoever files (经办人): one of a firm's people, or an agent under a mandate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agent {
    /// Who.
    pub person: PersonId,
    /// The name as it stood on the day of filing.
    pub name: String,
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
    /// Whether they want papers served in another way than electronically.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub paper: bool,
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
    /// Another case of the same matter makes it; it comes when that one is granted.
    Sibling {
        /// The other's item.
        item: String,
    },
    /// A paper that was handed in once and kept (一证通).
    Kept {
        /// The kept paper.
        proof: ProofId,
        /// Its file.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        file: Option<FileId>,
    },
    /// Another paper of the matter proves the same.
    Same {
        /// Which: its kind and its holder.
        paper: String,
    },
}

impl Given {
    /// The file that was handed in, when there is one.
    pub fn file(&self) -> Option<FileId> {
        match self {
            Self::File(file) | Self::Kept { file: Some(file), .. } => Some(*file),
            _ => None,
        }
    }
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
    /// It is about a party in this role who has not confirmed yet: nobody is looked up on another's word alone.
    Withheld(String),
}

impl FactAnswer {
    /// Whether the source has still to be asked.
    pub fn open(&self) -> bool {
        matches!(self, Self::Absent(_) | Self::Withheld(_))
    }
}

/// One thing the applicant must supply.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Demand {
    /// The form field, or `materials.` and the id of a paper that has no field.
    pub field: String,
    /// What is wrong with it, or what is missing.
    pub say: String,
}

/// How a decision reaches the party; remedy terms start there (typed as `procedure` types it).
pub type Service = procedure::Way;

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
    /// Who takes each step, where the item names a function and not a body: resolved when it was filed.
    pub agencies: BTreeMap<String, Vec<AgencyCode>>,
    /// Whether several bodies handle it jointly (行政许可法第二十六条): other terms.
    pub joint: bool,
    /// Whether the applicant wants the papers served in another way than electronically.
    pub paper: bool,
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
    /// The hearing, once it was offered.
    pub hearing: Option<Hearing>,
    /// The stretches in which it was suspended, the last one perhaps still lasting.
    pub suspensions: Vec<Suspension>,
    /// Whether the term to decide was extended: once only.
    pub extended: bool,
    /// What was promised to be handed in later.
    pub promises: Vec<Promise>,
    /// What was declared instead of proved.
    pub declared: Option<Declared>,
    /// Entries of registers that the applicant says are wrong.
    pub disputes: Vec<Dispute>,
    /// Objections raised while a step was public.
    pub objections: Vec<Objection>,
    /// Papers that were seen in the original.
    pub seen: Vec<Seen>,
    /// Whether the applicant wants a person instead of the program (个人信息保护法第二十四条).
    pub wants_person: bool,
    /// The remedies taken against it.
    pub remedies: Vec<Remedied>,
    /// The notices issued.
    pub notices: Vec<Issued>,
    /// On whom a notice was served, each time.
    pub served: Vec<ServedOn>,
    /// The terms whose passing is written down.
    pub overdue: Vec<Overdue>,
    /// Whether the decision is open to the public, and on what ground, as its item said when it was decided.
    pub openness: Option<Openness>,
    /// Where it was imported from, when it was not filed here.
    pub imported: Option<String>,
    /// Who filed it; the first party where that was not written down.
    pub by: Option<SubjectId>,
    /// Who stood at the window for them, when that was somebody else.
    pub agent: Option<Agent>,
    /// What it waits for from other cases of its matter.
    pub awaits: Vec<Awaited>,
    /// The cases of its matter that wait for its result.
    pub awaited_by: Vec<CaseNumber>,
    /// The certificate that it prolongs.
    pub renews: Option<Renewing>,
    /// Whose window received it for the body of another place.
    pub received: Option<Received>,
    /// At whose window it was handed in, when it was at one and that is known.
    pub window: Option<AgencyCode>,
    /// The parties who cannot act at present.
    pub halts: Vec<Halt>,
    /// Those of several applicants who want to take it back.
    pub withdrawing: Vec<SubjectId>,
    /// What later looks at a benefit found.
    pub reviews: Vec<Reviewed>,
    /// How a benefit ended, once it has.
    pub stopped: Option<Stopped>,
    /// Certificates on which it relies and whose state has changed since it was filed.
    pub relied: Vec<Relied>,
    /// What is owed for it, once something is.
    pub owes: Option<crate::event::FeesOwed>,
    /// Since when nothing but a payment is missing.
    pub unpaid: Option<Timestamp>,
    /// What became of its bills, each as last heard.
    pub fees: Vec<crate::event::FeesTold>,
}

impl Case {
    /// The step with this id.
    pub fn step(&self, id: &str) -> Option<&Step> {
        self.steps.iter().find(|s| s.id == id)
    }

    /// Whether a source could not be asked because it did not answer.
    pub fn unanswered(&self) -> bool {
        self.facts.iter().any(|f| matches!(f.answer, FactAnswer::Absent(_)))
    }

    /// The aliases of sources that could not be asked yet, or not before a party has confirmed.
    pub fn absent(&self) -> Vec<&str> {
        self.facts.iter().filter(|f| f.answer.open()).map(|f| f.alias.as_str()).collect()
    }

    /// The open tasks with their agencies.
    pub fn open_tasks(&self) -> impl Iterator<Item = (&Step, TaskId, &AgencyCode)> {
        self.open_seats().map(|(step, seat)| (step, seat.task, &seat.agency))
    }

    /// The seats that somebody has still to sign.
    pub fn open_seats(&self) -> impl Iterator<Item = (&Step, &Seat)> {
        let open = |step| Step::seats(step).iter().map(move |seat| (step, seat));
        self.steps.iter().flat_map(open).filter(|(_, seat)| seat.opinion.is_none())
    }

    /// The suspension that lasts.
    pub fn suspension(&self) -> Option<&Suspension> {
        self.suspensions.last().filter(|s| s.to.is_none())
    }

    /// The running term of this kind.
    pub fn running(&self, kind: &procedure::TermKind) -> Option<&RunningTerm> {
        self.terms.iter().find(|t| t.runs() && t.kind == *kind)
    }

    /// The parties in these roles that have not confirmed yet.
    pub fn unconfirmed<'a>(&'a self, roles: &'a [String]) -> impl Iterator<Item = &'a Party> {
        self.parties.iter().filter(|p| p.confirmed_at.is_none() && roles.contains(&p.role))
    }

    /// Whether a step of it waits for the result of another case.
    pub fn waits(&self) -> bool {
        self.awaits.iter().any(|a| a.open() && a.step.is_some())
    }

    /// Who filed it.
    pub fn filer(&self) -> Option<SubjectId> {
        self.by.or_else(|| self.first_party().map(|p| p.subject))
    }

    /// Those who apply: whoever filed it, and everybody whose own word the item needs; each once.
    pub fn applicants(&self, item: &catalog::Item) -> Vec<SubjectId> {
        let needed = self.parties.iter().filter(|p| item.needs_word(&p.role)).map(|p| p.subject);
        let mut all: Vec<SubjectId> = self.filer().into_iter().chain(needed).collect();
        let mut seen = std::collections::BTreeSet::new();
        all.retain(|subject| seen.insert(*subject));
        all
    }

    /// The first party: the one for whom it is done and who holds the result.
    pub fn first_party(&self) -> Option<&Party> {
        self.parties.first()
    }

    /// What is paid now, where an amount is: as granted, or as a later look set it.
    pub fn paid_now(&self) -> Option<Money> {
        let later = self.reviews.iter().rev().find_map(|r| r.amount);
        later.or_else(|| self.state.decision().and_then(Decision::amount))
    }

    /// The amount that an examiner set, the last where several did.
    pub fn amount_set(&self) -> Option<Money> {
        self.steps.iter().rev().filter(|s| s.passed()).find_map(|s| s.discretion.amount)
    }

    /// The running term that ends first, ordered as the applicant sees it: promise before law.
    pub fn term(&self) -> Option<&RunningTerm> {
        self.terms.iter().filter(|t| t.runs()).min_by_key(|t| t.due.at)
    }
}
