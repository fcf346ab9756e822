//! Somebody who stands at a clerk's window, and for whom they act there: for themselves, for a firm as one of its people, or under a mandate.
//! What the registers say of that is no paper to be brought.

use crate::mandate::{Basis, InForce, Matters};
use crate::model::{Acting, MemberRole};
use crate::rights::Clerk;
use crate::store as rows;
use crate::verbs::{Whom, memberships_of, right_to_act};
use ::store::Store;
use kernel::{Outcome, PersonId, Refusal, SubjectId, Timestamp};

/// So many mandates are looked through for whom somebody may act.
const MANDATES: i64 = 50;

/// Whoever stands at the window, with the right they have to act for whom they act.
#[derive(Debug, Clone)]
pub struct AtWindow {
    pub(crate) person: PersonId,
    pub(crate) person_name: String,
    pub(crate) acting: Acting,
}

/// By what somebody acts for another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tie {
    /// As one of a firm's people (职务代理, Civil Code art. 170).
    Member(MemberRole),
    /// Under a mandate, or as a guardian, in these matters.
    Mandate(Basis, Matters),
}

/// Somebody for whom a person may act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Principal {
    /// How it is chosen.
    pub whom: Whom,
    /// Who.
    pub subject: SubjectId,
    /// Their name.
    pub name: String,
    /// By what.
    pub tie: Tie,
}

impl AtWindow {
    /// Whoever stands there, after a clerk has seen who it is.
    ///
    /// # Errors
    /// `identity.no-mandate` when the person may not act for them (any more); not found for a person that is none.
    pub async fn of(
        store: &Store,
        _seen_by: &Clerk,
        person: PersonId,
        whom: Whom,
        at: Timestamp,
    ) -> Outcome<Self> {
        let row = rows::person(store, person).await?.ok_or_else(Refusal::not_found)?;
        let acting = right_to_act(store, person, whom, at).await?;
        Ok(Self { person, person_name: row.name, acting })
    }

    /// The natural person who stands there.
    pub fn person(&self) -> PersonId {
        self.person
    }

    /// That person's name.
    pub fn person_name(&self) -> &str {
        &self.person_name
    }

    /// In whose name.
    pub fn subject(&self) -> SubjectId {
        self.acting.subject(self.person)
    }

    /// The name of whoever it is in the name of.
    pub fn subject_name(&self) -> &str {
        self.acting.name().unwrap_or(&self.person_name)
    }

    /// The mandate under which they act.
    pub fn mandate(&self) -> Option<&InForce> {
        self.acting.mandate()
    }

    /// Whether they act for somebody else.
    pub fn for_another(&self) -> bool {
        self.subject() != SubjectId::Person(self.person)
    }

    /// Whether an item is among the matters they may act in.
    pub fn covers(&self, item: &str) -> bool {
        self.mandate().is_none_or(|m| m.matters.cover(item))
    }

    /// Whether everything of whom they act for may be looked up for them: an agent with some matters has a right to those only.
    pub fn sees_all(&self) -> bool {
        self.mandate().is_none_or(|m| m.matters == Matters::All)
    }
}

/// For whom the person may act at `now`, their firms first.
///
/// # Errors
/// A fault of the store.
pub async fn principals(
    store: &Store,
    _seen_by: &Clerk,
    person: PersonId,
    now: Timestamp,
) -> Outcome<Vec<Principal>> {
    all(store, person, now).await
}

async fn all(store: &Store, person: PersonId, now: Timestamp) -> Outcome<Vec<Principal>> {
    let firms = memberships_of(store, person, now).await?.into_iter().map(|m| Principal {
        whom: Whom::Firm(m.organisation),
        subject: SubjectId::Organisation(m.organisation),
        name: m.name,
        tie: Tie::Member(m.role),
    });
    let mandates = rows::in_force(store, person, now, "", MANDATES).await?.into_iter().map(|m| Principal {
        whom: Whom::Under(m.id),
        subject: m.principal,
        name: m.principal_name,
        tie: Tie::Mandate(m.basis, m.matters),
    });
    Ok(firms.chain(mandates).collect())
}

/// Whoever stands there as one of these parties of a case about `item`: as themselves, else as one for whom they may act in it. Asked only
/// once a clerk has compared the document. None when they have nothing to do with it.
///
/// # Errors
/// A fault of the store.
pub async fn as_party(
    store: &Store,
    person: PersonId,
    (parties, item): (&[SubjectId], &str),
    now: Timestamp,
) -> Outcome<Option<AtWindow>> {
    let Some(row) = rows::person(store, person).await? else { return Ok(None) };
    let there = |acting| AtWindow { person, person_name: row.name.clone(), acting };
    if parties.contains(&SubjectId::Person(person)) {
        return Ok(Some(there(Acting::Myself)));
    }
    let covers = |p: &Principal| match &p.tie {
        Tie::Member(_) => true,
        Tie::Mandate(_, matters) => matters.cover(item),
    };
    let all = all(store, person, now).await?;
    let Some(found) = all.iter().find(|p| parties.contains(&p.subject) && covers(p)) else { return Ok(None) };
    Ok(Some(there(right_to_act(store, person, found.whom, now).await?)))
}
