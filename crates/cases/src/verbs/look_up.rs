//! 边填边查: while a form is filled in, the registers are asked about whoever applies and about things, so that what government knows
//! is not asked, and what must be brought is known before one hands in. Never about another person, and never twice the same.

use super::facts::{self, Asking, Round, Seen, Unspoken};
use super::save::{Change, save_with};
use crate::bundle::{Bundle, Fetched};
use crate::model::{Fact, FactAnswer};
use crate::queries::DraftView;
use catalog::{ItemSource, Published};
use exchange::{Query, Sources};
use forms::Answers;
use identity::{Applicant, Clerk};
use kernel::{ActorRef, Lang, Outcome, Timestamp};
use page::House;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use trace::Purpose;

/// Asks what the answers of this draft give the keys for, each look committed first, and keeps what was answered with the draft.
/// Answers whether anything new was learned.
///
/// # Errors
/// A refusal when the draft has moved on meanwhile; a fault of the store. A register that is down is no error.
pub(crate) async fn look_up(
    house: &House,
    sources: &Sources,
    lang: Lang,
    who: &Applicant,
    view: &DraftView,
) -> Outcome<bool> {
    let now = house.ground.clock.now();
    let actor = who.actor_ref();
    let own = own_numbers(&view.known);
    let mine = |role: &str| view.role.as_deref() == Some(role);
    let asked = ask(house, sources, &actor, view, (&own, &mine)).await?;
    if asked == view.asked {
        return Ok(false);
    }
    let mut answers = view.answers.clone();
    let facts = answered(&view.bundle, &answers, &view.known, &asked, now);
    let mut told = view.bundle.fetched(&facts);
    // What the applicant says is wrong in the register is not put back in its place.
    told.retain(|id, _| !view.disputed(id));
    view.bundle.form().prefill(&mut answers, &told);
    store::command!(house.ground, lang, actor, |cx| {
        let change = Change { answers: answers.clone(), asked: Some(asked.clone()), ..Change::default() };
        save_with(&mut cx, who, view.matter, change, view.rev).await
    })?;
    Ok(true)
}

/// What registers answered at a window, by question; kept with the visit.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Learned(pub(crate) BTreeMap<String, FactAnswer>);

impl std::fmt::Debug for Learned {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} answers", self.0.len())
    }
}

/// The same while a clerk fills the form in: about things, and about those whose card was read (`standing`: number by role; `seen`: whether
/// it was that of whoever came).
///
/// # Errors
/// A fault of the store.
pub async fn learn_at_window(
    house: &House,
    sources: &Sources,
    clerk: &Clerk,
    view: &DraftView,
    (standing, seen): (&BTreeMap<String, String>, bool),
) -> Outcome<Learned> {
    let mut own = if seen { own_numbers(&view.known) } else { Vec::new() };
    own.extend(standing.values().cloned());
    let mine = |role: &str| seen && view.role.as_deref() == Some(role) || standing.contains_key(role);
    Ok(Learned(ask(house, sources, &clerk.actor_ref(), view, (&own, &mine)).await?))
}

/// Whose numbers registers may be asked with, and which roles they have.
type Own<'a> = (&'a [String], &'a (dyn Fn(&str) -> bool + Sync));

async fn ask(
    house: &House,
    sources: &Sources,
    actor: &ActorRef,
    view: &DraftView,
    (own, mine): Own<'_>,
) -> Outcome<BTreeMap<String, FactAnswer>> {
    let (now, seen) = (house.ground.clock.now(), Seen::of(&view.asked));
    for (member, item) in view.bundle.items.iter().enumerate() {
        if !view.plan.takes(&item.item.key) {
            continue;
        }
        let may = |source: &ItemSource, query: &Query| concerns(item, source, query, own);
        let asking = Asking {
            ground: &house.ground,
            sources,
            actor,
            purpose: Purpose::new("prefill"),
            seen: Some(&seen),
            unspoken: Unspoken::named(&item.item, mine),
            may: Some(&may),
        };
        let answers = view.bundle.merged.project(member, &view.answers);
        let mut known = facts::known(&view.known);
        facts::ask(&asking, &item.item, &answers, &mut known, now).await?;
    }
    Ok(seen.answers())
}

/// The numbers by which whoever applies is known.
fn own_numbers(known: &Map<String, Value>) -> Vec<String> {
    let number = |element: &str| known.get(element)?.as_str().map(str::to_owned);
    ["person.citizen_id", "organisation.credit_code"].into_iter().filter_map(number).collect()
}

/// Whether a question is about whoever applies, or about no person at all.
fn concerns(item: &Published, source: &ItemSource, query: &Query, own: &[String]) -> bool {
    let personal = item.shared.register(&source.source).is_none_or(|r| r.personal);
    let mine = |key: &Value| key.as_str().is_some_and(|k| own.iter().any(|n| n == k));
    let named = query.keys.iter().filter(|(key, _)| matches!(key.as_str(), "citizen_id" | "credit_code"));
    let mut numbers = named.map(|(_, value)| value).peekable();
    match (personal, numbers.peek().is_some()) {
        (false, false) => true,
        (_, true) => numbers.all(mine),
        // A register of things that tells whose they are: it is asked, and what it says of persons is never shown.
        (true, false) => true,
    }
}

/// What registers have answered for these answers, by item and alias; nobody is asked.
pub(crate) fn answered(
    bundle: &Bundle,
    answers: &Answers,
    known: &Map<String, Value>,
    asked: &BTreeMap<String, FactAnswer>,
    now: Timestamp,
) -> Fetched {
    if asked.is_empty() {
        return Fetched::new();
    }
    let mut all = Fetched::new();
    for (member, item) in bundle.items.iter().enumerate() {
        let own = bundle.merged.project(member, answers);
        let mut round = Round::new(&item.item, &facts::known(known), &[]);
        while let Some((source, query)) = round.next(&own, now) {
            let unknown = FactAnswer::Withheld(String::new());
            let answer = asked.get(&facts::question(source, &query)).cloned().unwrap_or(unknown);
            round.learn(Fact { alias: source.id.clone(), source: source.source.clone(), answer });
        }
        let found = |fact: Fact| match fact.answer {
            FactAnswer::Found(value) if fact.source != "identity" => Some((fact.alias, value)),
            _ => None,
        };
        let facts: Map<String, Value> = round.end(&own, now).0.into_iter().filter_map(found).collect();
        all.insert(item.item.key.clone(), facts);
    }
    all
}
