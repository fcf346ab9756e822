//! Who may see and do what: rights minted by `identity`, turned into the part of the cases they reach and put into every
//! query, so that no list, search or export is filtered afterwards.

use crate::rules::Doer;
use ::store::Store;
use identity::mandate::Matters;
use identity::{Applicant, Clerk, Examiner, Staff, Supervisor};
use kernel::{AccountId, ActorRef, AgencyCode, Fault, PersonId, SubjectId, Timestamp, clock};
use std::collections::BTreeSet;

/// The part of all cases that somebody reaches. Made from a right only.
#[derive(Debug, Clone)]
pub struct Scope(pub(crate) Reach);

#[derive(Debug, Clone)]
pub(crate) enum Reach {
    /// Cases with this subject as a party, as this person sees them; for an agent with some matters, those of these items and those
    /// they filed.
    Party(SubjectId, PersonId, Option<Limited>),
    /// Cases of this agency or its parts, and those with a task there.
    Agency(AgencyCode),
    /// Cases that were filed at a window of this agency, as its clerks see them.
    Window(AgencyCode),
    /// Cases of agencies that work for divisions with this beginning (supervision).
    Division(String),
    /// Every case: the program itself (jobs, replay).
    All,
    /// None: the right has nothing to do with cases.
    Nothing,
}

/// An agent whose mandate names items.
#[derive(Debug, Clone)]
pub(crate) struct Limited {
    pub person: PersonId,
    pub items: BTreeSet<String>,
}

impl Scope {
    /// Every case: for the program itself (jobs, replay, exports by an operator at the command line).
    pub fn program() -> Self {
        Self(Reach::All)
    }
}

impl From<&Applicant> for Scope {
    fn from(who: &Applicant) -> Self {
        let items = who.mandate().and_then(|m| match &m.matters {
            Matters::All => None,
            Matters::Items(items) => Some(items.clone()),
        });
        let agent = items.map(|items| Limited { person: who.person(), items });
        Self(Reach::Party(who.subject(), who.person(), agent))
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
        Self(who.divisions().map_or(Reach::Nothing, |prefix| Reach::Division(prefix.to_owned())))
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

/// A clerk of the windows where a case was filed, whoever decides it (统一出件): they follow it, hand over what comes of it and take in
/// what is asked for. Nothing of what is examined, noted or said in the case is theirs, and no other case of the person.
#[derive(Debug, Clone)]
pub struct FiledHere {
    pub(crate) agency: AgencyCode,
    pub(crate) actor: ActorRef,
    pub(crate) account: AccountId,
}

impl FiledHere {
    /// The agency whose windows they are.
    pub fn agency(&self) -> &AgencyCode {
        &self.agency
    }

    /// For the trace.
    pub fn actor_ref(&self) -> ActorRef {
        self.actor.clone()
    }

    /// Their account.
    pub fn account(&self) -> AccountId {
        self.account
    }
}

impl From<&Clerk> for FiledHere {
    fn from(who: &Clerk) -> Self {
        Self { agency: who.agency().clone(), actor: who.actor_ref(), account: who.account() }
    }
}

impl From<&FiledHere> for Scope {
    fn from(who: &FiledHere) -> Self {
        Self(Reach::Window(who.agency.clone()))
    }
}

/// Somebody who may do tasks: an examiner or a clerk, in one agency.
#[derive(Debug, Clone)]
pub struct Handler {
    pub(crate) agency: AgencyCode,
    pub(crate) actor: ActorRef,
    pub(crate) name: String,
    pub(crate) doer: Doer,
    pub(crate) clerk: bool,
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

    /// Their account.
    pub fn account(&self) -> Option<AccountId> {
        self.doer.account
    }

    /// Whether they may act as the head of the body.
    pub fn is_head(&self) -> bool {
        self.doer.head
    }

    /// The cases they reach.
    pub fn scope(&self) -> Scope {
        Scope(Reach::Agency(self.agency.clone()))
    }

    /// An examiner with the rights of those for whom they stand in while these are away.
    ///
    /// # Errors
    /// A [`Fault`] when the database does not answer.
    pub async fn standing_in(store: &Store, who: &Examiner, now: Timestamp) -> Result<Self, Fault> {
        let today = clock::legal_date(now);
        let mut handler = Self::from(who);
        handler.doer.head = identity::head_on(store, who, today).await?;
        handler.doer.stands_for = identity::acting_for(store, who.account(), today).await?;
        Ok(handler)
    }
}

impl From<&Examiner> for Handler {
    fn from(who: &Examiner) -> Self {
        let (agency, actor, name) = (who.agency().clone(), who.actor_ref(), who.name().to_owned());
        let (account, head, body) = (Some(who.account()), who.is_head(), Some(agency.clone()));
        let doer = Doer { account, head, agency: body, ..Doer::default() };
        Self { agency, actor, name, doer, clerk: false }
    }
}

impl From<&Clerk> for Handler {
    fn from(who: &Clerk) -> Self {
        let (agency, actor, name) = (who.agency().clone(), who.actor_ref(), who.name().to_owned());
        let doer = Doer { account: Some(who.account()), agency: Some(agency.clone()), ..Doer::default() };
        Self { agency, actor, name, doer, clerk: true }
    }
}
