//! What somebody hands in, ready for the rules.

use crate::model::*;
use catalog::ItemVersionId;
use forms::Answers;
use kernel::codes::CaseNumber;
use kernel::{AgencyCode, SubjectId};
use procedure::Frame;
use std::collections::BTreeMap;

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
    /// Who takes each step that names a function and a level, or a line system: one agency for each seat.
    pub agencies: BTreeMap<String, Vec<AgencyCode>>,
    /// The papers promised for later.
    pub promises: Vec<String>,
    /// Whether the applicant declares instead of proving.
    pub declares: bool,
    /// Whether the papers are to be served in another way than electronically.
    pub paper: bool,
    /// Who files it.
    pub by: Option<SubjectId>,
    /// Who stands at the window for them, when that is somebody else.
    pub agent: Option<Agent>,
    /// What it waits for from other cases of its matter.
    pub awaits: Vec<Awaited>,
    /// The cases of its matter that wait for its result.
    pub awaited_by: Vec<CaseNumber>,
    /// What the applicant says is wrong in a register.
    pub disputes: Vec<Dispute>,
    /// The certificate that it prolongs.
    pub renews: Option<Renewing>,
    /// Whose window received it for another place.
    pub received: Option<Received>,
    /// At whose window it is handed in, when it is at one.
    pub window: Option<AgencyCode>,
}
