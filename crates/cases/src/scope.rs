//! Who may see and do what: rights minted by `identity`, turned into the part of the cases they reach and put into every
//! query, so that no list, search or export is filtered afterwards.

use identity::{Applicant, Clerk, Examiner, Staff, Supervisor};
use kernel::{ActorRef, AgencyCode, SubjectId};

/// The part of all cases that somebody reaches. Made from a right only.
#[derive(Debug, Clone)]
pub struct Scope(pub(crate) Reach);

#[derive(Debug, Clone)]
pub(crate) enum Reach {
    /// Cases with this subject as a party.
    Party(SubjectId),
    /// Cases of this agency or its parts, and those with a task there.
    Agency(AgencyCode),
    /// Cases of agencies that work for divisions with this beginning (supervision).
    Division(String),
    /// Every case: the program itself (jobs, replay).
    All,
    /// None: the right has nothing to do with cases.
    Nothing,
}

impl From<&Applicant> for Scope {
    fn from(who: &Applicant) -> Self {
        Self(Reach::Party(who.subject()))
    }
}

impl From<&Examiner> for Scope {
    fn from(who: &Examiner) -> Self {
        Self(Reach::Agency(who.agency().clone()))
    }
}

impl From<&Clerk> for Scope {
    fn from(who: &Clerk) -> Self {
        Self(Reach::Agency(who.agency().clone()))
    }
}

impl From<&Supervisor> for Scope {
    fn from(who: &Supervisor) -> Self {
        Self(division(who.division()))
    }
}

impl From<&Staff> for Scope {
    fn from(who: &Staff) -> Self {
        match who {
            Staff::Clerk(who) => who.into(),
            Staff::Examiner(who) => who.into(),
            Staff::Supervisor(who) => who.into(),
            Staff::Operator(_) => Self(Reach::Nothing),
        }
    }
}

/// The codes of GB/T 2260 go in pairs, from province to county; pairs of noughts at the end mean all below.
fn division(code: &str) -> Reach {
    let mut prefix = code;
    while let Some(shorter) = prefix.strip_suffix("00").filter(|p| p.len() % 2 == 0) {
        prefix = shorter;
    }
    let fine = !prefix.is_empty() && prefix.bytes().all(|b| b.is_ascii_digit());
    if fine { Reach::Division(prefix.to_owned()) } else { Reach::Nothing }
}

/// Somebody who may do tasks: an examiner or a clerk, in one agency.
#[derive(Debug, Clone)]
pub struct Handler {
    pub(crate) agency: AgencyCode,
    pub(crate) actor: ActorRef,
    pub(crate) name: String,
}

impl Handler {
    /// The agency whose tasks they may do.
    pub fn agency(&self) -> &AgencyCode {
        &self.agency
    }

    /// For the trace.
    pub fn actor_ref(&self) -> ActorRef {
        self.actor.clone()
    }

    /// The name shown on the desk.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The cases they reach.
    pub fn scope(&self) -> Scope {
        Scope(Reach::Agency(self.agency.clone()))
    }
}

impl From<&Examiner> for Handler {
    fn from(who: &Examiner) -> Self {
        Self { agency: who.agency().clone(), actor: who.actor_ref(), name: who.name().to_owned() }
    }
}

impl From<&Clerk> for Handler {
    fn from(who: &Clerk) -> Self {
        Self { agency: who.agency().clone(), actor: who.actor_ref(), name: who.name().to_owned() }
    }
}
