//! Mandates (授权委托): who may act for whom. Given by the principal and accepted by the agent, or by law for a child; each
//! use stands in a list that both sides read.

mod event;
mod model;
mod rules;
mod standing;
mod verbs;

pub use event::MandateEvent;
pub use model::{Act, Basis, Cause, InForce, Mandate, MandateId, MandateState, Matters, Powers, UseId, Used};
pub(crate) use model::{end_of, last_day};
pub use rules::Offer;
pub use standing::{Standing, standing};
pub use verbs::{
    Answer, Guardianship, answer, end_all_of, find_agent, offer, record_guardian, rely, rely_at_window,
};
pub(crate) use verbs::{guardian_now, same_name, seed_given, sweep};

use crate::people::profile;
use crate::rights::Applicant;
use crate::store;
use ::store::Store;
use async_trait::async_trait;
use kernel::{Fault, Outcome, PersonId, Refusal, RefusalKind, SubjectId, Text, Timestamp};
use std::sync::{Arc, OnceLock};

/// A service item as a mandate names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemName {
    /// Its key.
    pub key: String,
    /// Its name.
    pub name: Text,
    /// Whose it is.
    pub agency: Text,
}

/// Where the names of service items come from: this room knows none. A socket, plugged in by app.
#[async_trait]
pub trait Items: Send + Sync {
    /// The items that fit what is searched for; the usual ones when nothing is.
    async fn find(&self, store: &Store, q: &str, limit: usize) -> Result<Vec<ItemName>, Fault>;
    /// The items with these keys; one that is gone is left out.
    async fn named(&self, store: &Store, keys: &[String]) -> Result<Vec<ItemName>, Fault>;
}

static ITEMS: OnceLock<Arc<dyn Items>> = OnceLock::new();

/// Plugs in where the names of items come from; the first call of the process counts.
pub fn plug_items(items: Arc<dyn Items>) {
    let _ = ITEMS.set(items);
}

/// The items that fit; none while nothing is plugged in.
pub(crate) async fn find_items(store: &Store, q: &str, limit: usize) -> Result<Vec<ItemName>, Fault> {
    match ITEMS.get() {
        Some(items) => items.find(store, q, limit).await,
        None => Ok(Vec::new()),
    }
}

/// These items with their names; the key stands for the name of one that is not known.
pub(crate) async fn name_items(store: &Store, keys: &[String]) -> Result<Vec<ItemName>, Fault> {
    let known = match ITEMS.get() {
        Some(items) => items.named(store, keys).await?,
        None => Vec::new(),
    };
    let one = |key: &String| {
        known.iter().find(|i| i.key == *key).cloned().unwrap_or_else(|| ItemName {
            key: key.clone(),
            name: Text::same(key.as_str()),
            agency: Text::default(),
        })
    };
    Ok(keys.iter().map(one).collect())
}

/// Which side of its mandates somebody looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Those given in their name.
    Given,
    /// Those they may act under.
    Held,
}

/// For whom `who` speaks in matters of mandates: themselves, or the firm that they manage.
///
/// # Errors
/// `identity.mandate-speak` while acting under a mandate; `identity.staff-not-administrator` for a firm's other people.
pub(crate) fn speaker(who: &Applicant) -> Result<SubjectId, Refusal> {
    if who.mandate().is_some() {
        return Err(Refusal::new(
            RefusalKind::Forbidden,
            "identity.mandate-speak",
            "您现在正以受托人的身份办事，不能在这里处理委托。",
            "You are acting under a mandate; mandates are dealt with in your own name.",
        )
        .next(
            "请在页面顶部切换回本人或本单位后再试。",
            "Switch back to yourself or your firm at the top of the page.",
        ));
    }
    if who.acting().is_some() && !who.manages() {
        return Err(crate::staff::not_an_administrator());
    }
    Ok(who.subject())
}

/// The mandates on one side of `who`, the last first; `before` is the id of the last one seen.
///
/// # Errors
/// As the rights of whoever asks: see the refusals of mandates.
pub async fn mandates_of(
    store: &Store,
    who: &Applicant,
    side: Side,
    before: Option<MandateId>,
    limit: i64,
) -> Outcome<Vec<Mandate>> {
    let me = speaker(who)?;
    let before = before.map_or_else(|| "~".to_owned(), |id| id.to_string());
    Ok(match side {
        Side::Given => store::given(store, me, &before, limit).await?,
        Side::Held => store::held(store, me, &before, limit).await?,
    })
}

/// A mandate that `who` is a side of, with what was handed on from it.
///
/// # Errors
/// Not found, whether it does not exist or is not for these eyes.
pub async fn mandate_of(store: &Store, who: &Applicant, id: MandateId) -> Outcome<(Mandate, Vec<Mandate>)> {
    let me = speaker(who)?;
    let found = store::mandate(store, id).await?;
    let found = found.filter(|m| [m.principal, m.giver, m.agent].contains(&me));
    let mandate = found.ok_or_else(Refusal::not_found)?;
    let below = store::handed_on(store, id, verbs::HANDED_ON_MAX * 4).await?;
    Ok((mandate, below))
}

/// The uses of a mandate that `who` is a side of, the last first.
///
/// # Errors
/// As [`mandate_of`].
pub async fn uses_of(
    store: &Store,
    who: &Applicant,
    id: MandateId,
    before: Option<UseId>,
    limit: i64,
) -> Outcome<Vec<Used>> {
    mandate_of(store, who, id).await?;
    let before = before.map_or_else(|| "~".to_owned(), |id| id.to_string());
    let rows = store::uses(store, id, &before, limit).await?;
    let one = |r: store::UseRow| Used {
        id: r.id,
        at: r.at,
        person_name: r.person_name,
        act: r.act,
        about: r.about,
    };
    Ok(rows.into_iter().map(one).collect())
}

/// How the mandates of `principal` name `person`, who acts or acted under one of them: the agent, and the agent firm they belong or
/// belonged to. Nobody when there never was one.
///
/// # Errors
/// A [`Fault`] when the database does not answer.
pub async fn agent_name(
    store: &Store,
    principal: SubjectId,
    person: PersonId,
) -> Result<Option<String>, Fault> {
    let agents = store::agents_of(store, principal, person).await?;
    let own = agents.iter().find(|(agent, _)| *agent == SubjectId::Person(person));
    if let Some((_, name)) = own {
        return Ok(Some(name.clone()));
    }
    let Some((_, firm)) = agents.first() else { return Ok(None) };
    let who = profile(store, SubjectId::Person(person)).await?;
    Ok(who.map(|who| format!("{}（{firm}）", who.name)))
}

/// The mandates under which `person` may act now, themselves or as one of the people of an agent firm, the last first; those of
/// principals with `name` in theirs.
///
/// # Errors
/// A [`Fault`] when the database does not answer.
pub async fn in_force(
    store: &Store,
    person: PersonId,
    now: Timestamp,
    name: &str,
    limit: i64,
) -> Result<Vec<Mandate>, Fault> {
    store::in_force(store, person, now, name, limit).await
}
