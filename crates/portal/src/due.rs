//! Backwards (免申即享): with the person's consent, what registers know of them is asked, and what they are entitled to is told, each
//! with its reason and with what is still missing. Nothing of it is kept; every question leaves a look.

use catalog::facts::{Asked, facts};
use catalog::{Audience, Entitled, Item, ItemSource, Published, Shared, entitled};
use exchange::{Fetched, Query, Sources};
use forms::Answers;
use identity::Applicant;
use kernel::{ActorRef, Failure, Lang, Outcome, PersonId, clock};
use page::House;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use store::{Store, command};
use trace::{Look, Purpose};

/// The ground of the looks: what the person agreed to.
const GROUND: &str = "entitled";

/// What was found.
pub(crate) struct Due {
    pub(crate) entitled: Vec<Entitled>,
    /// Registers that did not answer.
    pub(crate) down: BTreeSet<String>,
}

/// The items that somebody may be entitled to without applying, for a person or for a firm.
///
/// # Errors
/// A fault of the store.
pub(crate) async fn items(store: &Store, keys: &[String], who: &Applicant) -> Outcome<Vec<Published>> {
    who.must_see_all()?;
    let audience = if who.acting().is_some() { Audience::Organisation } else { Audience::Person };
    let mut found = Vec::new();
    for key in keys {
        let published = catalog::find(store, key).await?;
        found.extend(
            published.filter(|p| p.item.entitlement.is_some() && p.item.audience.contains(&audience)),
        );
    }
    Ok(found)
}

/// The registers that will be asked, by id.
pub(crate) fn registers(items: &[Published]) -> BTreeSet<&str> {
    items.iter().flat_map(|p| &p.item.sources).map(|s| s.source.as_str()).collect()
}

/// Asks and tells. Only to be called when the person has agreed.
///
/// # Errors
/// A fault when a look cannot be recorded: then nothing is asked.
pub(crate) async fn find(
    house: &House,
    sources: &Sources,
    who: &Applicant,
    items: &[Published],
) -> Outcome<Due> {
    let actor = who.actor_ref();
    let purpose = Purpose::new(GROUND);
    let known = command!(house.ground, Lang::default(), actor, |cx| {
        identity::known_facts(&mut cx, who.subject(), who.person(), &purpose).await
    })?;
    let shared = catalog::shared(&house.ground.store).await?;
    let mut round = Round { house, sources, actor, purpose, known, shared: &shared, asked: BTreeMap::new() };
    let (mut fetched, mut down) = (BTreeMap::new(), BTreeSet::new());
    for published in items {
        fetched.insert(published.item.key.clone(), round.item(&published.item, &mut down).await?);
    }
    let items: Vec<&Item> = items.iter().map(|p| p.item.as_ref()).collect();
    let today = clock::legal_date(house.ground.clock.now());
    Ok(Due { entitled: entitled(&items, &shared, &round.known, &fetched, today), down })
}

/// The questions of one consent: the same one is put once, whichever items want its answer.
struct Round<'a> {
    house: &'a House,
    sources: &'a Sources,
    actor: ActorRef,
    purpose: Purpose,
    known: Map<String, Value>,
    shared: &'a Shared,
    asked: BTreeMap<String, Fetched>,
}

impl Round<'_> {
    /// What the registers of an item answer, by the names its rules read them under; one may give another its key.
    async fn item(&mut self, item: &Item, down: &mut BTreeSet<String>) -> Outcome<Map<String, Value>> {
        let today = clock::legal_date(self.house.ground.clock.now());
        let mut answers = Map::new();
        let mut open: Vec<&ItemSource> = item.sources.iter().collect();
        loop {
            let env = facts(&Answers::new(), &self.known, &answers, today);
            let ready = open.iter().position(|s| !matches!(s.query(&env), Asked::Missing(_)));
            let Some(ready) = ready else { return Ok(answers) };
            let source = open.remove(ready);
            let Asked::With(keys) = source.query(&env) else { continue };
            match self.ask(&source.source, Query { keys }).await? {
                Fetched::Found(value) => {
                    answers.insert(source.id.clone(), value);
                }
                Fetched::NotFound => {}
                Fetched::Down { source, .. } => {
                    down.insert(source);
                }
            }
        }
    }

    async fn ask(&mut self, source: &str, query: Query) -> Outcome<Fetched> {
        let name = format!("{source} {}", Value::Object(query.keys.clone()));
        if let Some(known) = self.asked.get(&name) {
            return Ok(known.clone());
        }
        let personal = self.shared.register(source).is_none_or(|r| r.personal);
        let mut people =
            if personal { self.concerned(&query).await?.into_iter() } else { Vec::new().into_iter() };
        let first = people.next();
        self.seen(source, people.collect()).await?;
        let ground = &self.house.ground;
        let answer =
            exchange::fetch(ground, &self.actor, self.sources, source, query, first, &self.purpose).await?;
        self.asked.insert(name, answer.clone());
        Ok(answer)
    }

    /// One question may be about a whole family: everybody in it sees that it was asked.
    async fn seen(&self, source: &str, others: Vec<PersonId>) -> Outcome<()> {
        if others.is_empty() {
            return Ok(());
        }
        command!(self.house.ground, Lang::default(), self.actor, |cx| {
            others
                .iter()
                .try_for_each(|person| {
                    let (fields, purpose) = (vec![source.to_owned()], self.purpose.clone());
                    trace::look(&mut cx, &Look { person: *person, fields, purpose })
                })
                .map_err(Failure::from)
        })
    }

    /// Whom a question is about: the persons whose identity numbers it names, as far as they are known here.
    async fn concerned(&self, query: &Query) -> Outcome<Vec<PersonId>> {
        let mut people = Vec::new();
        for number in query.keys.values().flat_map(texts) {
            let person = identity::person_by_citizen_id(&self.house.ground.store, number).await?;
            people.extend(person.filter(|p| !people.contains(p)));
        }
        Ok(people)
    }
}

fn texts(value: &Value) -> Vec<&str> {
    match value {
        Value::String(one) => vec![one],
        Value::Array(many) => many.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}
