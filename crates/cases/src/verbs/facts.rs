//! Asks the item's sources, one after another as their keys become known; what does not answer is marked, not waited for.

use crate::model::{Fact, FactAnswer};
use crate::rules::facts_value;
use catalog::facts::Asked;
use catalog::{Item, ItemSource};
use exchange::{Fetched, Query, Sources};
use forms::Answers;
use kernel::codes::CitizenId;
use kernel::{ActorRef, Failure, Lang, Outcome, PersonId, Timestamp};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use store::Ground;
use trace::{Look, Purpose};

/// Whether a register may be asked a question.
pub(crate) type May<'a> = dyn Fn(&ItemSource, &Query) -> bool + Sync + 'a;

/// Who asks, for whom and why.
pub(crate) struct Asking<'a> {
    pub ground: &'a Ground,
    pub sources: &'a Sources,
    pub actor: &'a ActorRef,
    pub purpose: Purpose,
    /// What was asked in this matter already: no register is asked the same twice.
    pub seen: Option<&'a Seen>,
    /// Those who have not confirmed yet: no register is asked about them.
    pub unspoken: Vec<Unspoken>,
    /// Whether a register may be asked this now; every question when there is none.
    pub may: Option<&'a May<'a>>,
}

/// A party who was named by somebody else and has not confirmed yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unspoken {
    /// The role.
    pub role: String,
    /// The path of the number that names them: `form.buyer_citizen_id`.
    path: String,
}

impl Unspoken {
    /// The roles of an item that need their own word and for which `spoke` says that it has not been given.
    pub fn of(item: &Item, spoke: impl Fn(&str) -> bool) -> Vec<Self> {
        let waits = |r: &&catalog::PartyRole| r.confirm && !spoke(&r.id);
        let one = |r: &catalog::PartyRole| Some(Self { role: r.id.clone(), path: r.person.clone()? });
        item.roles.iter().filter(waits).filter_map(one).collect()
    }

    /// All whom a number names and who are not whoever applies, whether their word is needed or not.
    pub fn named(item: &Item, mine: impl Fn(&str) -> bool) -> Vec<Self> {
        let one = |r: &catalog::PartyRole| Some(Self { role: r.id.clone(), path: r.person.clone()? });
        item.roles.iter().filter(|r| !mine(&r.id)).filter_map(one).collect()
    }

    /// Those of a case.
    pub fn in_case(item: &Item, case: &crate::model::Case) -> Vec<Self> {
        let open = |role: &str| case.parties.iter().any(|p| p.role == role && p.confirmed_at.is_none());
        Self::of(item, |role| !open(role))
    }

    /// Whether the source is asked by a number of theirs.
    fn is_asked_by(&self, source: &ItemSource) -> bool {
        let word = |c: char| !c.is_ascii_alphanumeric() && !matches!(c, '_' | '-' | '.');
        source.keys.values().any(|key| key.source.split(word).any(|w| w == self.path))
    }
}

/// The answers of registers in one matter, by register and keys.
#[derive(Default)]
pub(crate) struct Seen(Mutex<BTreeMap<String, FactAnswer>>);

impl Seen {
    /// What is remembered of earlier.
    pub fn of(asked: &BTreeMap<String, FactAnswer>) -> Self {
        Self(Mutex::new(asked.clone()))
    }

    /// Everything that has been answered; what did not answer is asked anew next time.
    pub fn answers(self) -> BTreeMap<String, FactAnswer> {
        let mut all = self.0.into_inner().unwrap_or_else(PoisonError::into_inner);
        all.retain(|_, answer| !answer.open());
        all
    }

    fn get(&self, question: &str) -> Option<FactAnswer> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(question).cloned()
    }

    fn put(&self, question: String, answer: FactAnswer) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(question, answer);
    }
}

/// What identity knows, as facts that rules read under `person` and `organisation`.
pub(crate) fn known(known: &Map<String, Value>) -> Vec<Fact> {
    let fact =
        |(alias, value)| Fact { alias, source: "identity".to_owned(), answer: FactAnswer::Found(value) };
    crate::draft::known_facts(known).into_iter().map(fact).collect()
}

/// Asks every source of the item that is not answered yet in `facts`; the answers are added to `facts`, and those that
/// are new are returned.
pub(crate) async fn ask(
    asking: &Asking<'_>,
    item: &Item,
    answers: &Answers,
    facts: &mut Vec<Fact>,
    now: Timestamp,
) -> Outcome<Vec<Fact>> {
    let mut round = Round::new(item, facts, &asking.unspoken);
    while let Some((source, query)) = round.next(answers, now) {
        let learned = match asking.may {
            Some(may) if !may(source, &query) => fact(source, FactAnswer::Withheld(String::new())),
            _ => one(asking, source, query, &round.facts).await?,
        };
        round.learn(learned);
    }
    let (known, fresh) = round.end(answers, now);
    *facts = known;
    Ok(fresh)
}

/// One round of questions: which source can be asked next, as the answers of others give it its keys. Pure, so that the
/// examples of packs go the same way.
pub(crate) struct Round<'a> {
    open: Vec<&'a ItemSource>,
    facts: Vec<Fact>,
    fresh: Vec<Fact>,
}

impl<'a> Round<'a> {
    /// The sources of the item that are not answered yet; those about parties who have not confirmed are marked and left alone.
    pub fn new(item: &'a Item, facts: &[Fact], unspoken: &[Unspoken]) -> Self {
        let open: Vec<&ItemSource> = item.sources.iter().filter(|s| !answered(facts, &s.id)).collect();
        let mut round = Self { open: Vec::new(), facts: facts.to_vec(), fresh: Vec::new() };
        for source in open {
            match unspoken.iter().find(|u| u.is_asked_by(source)) {
                Some(party) => round.learn(fact(source, FactAnswer::Withheld(party.role.clone()))),
                None => round.open.push(source),
            }
        }
        round
    }

    /// The next source that can be asked, with its question.
    pub fn next(&mut self, answers: &Answers, now: Timestamp) -> Option<(&'a ItemSource, Query)> {
        loop {
            let env = facts_value(answers, &self.facts, now);
            let ready = self.open.iter().position(|s| !matches!(s.query(&env), Asked::Missing(_)))?;
            let source = self.open.remove(ready);
            match source.query(&env) {
                Asked::With(keys) => return Some((source, Query { keys })),
                // Not asked in this case after all: what was withheld until now is awaited no longer.
                Asked::No if self.facts.iter().any(|f| f.alias == source.id && f.answer.open()) => {
                    self.learn(fact(source, FactAnswer::NotFound));
                }
                _ => {}
            }
        }
    }

    /// Takes in an answer; it replaces an earlier one.
    pub fn learn(&mut self, fact: Fact) {
        if !self.facts.contains(&fact) {
            self.fresh.push(fact.clone());
        }
        self.facts.retain(|f| f.alias != fact.alias);
        self.facts.push(fact);
    }

    /// All facts and those that are new; what could not be asked is marked.
    pub fn end(mut self, answers: &Answers, now: Timestamp) -> (Vec<Fact>, Vec<Fact>) {
        for source in std::mem::take(&mut self.open) {
            if let Some(fact) = unasked(source, answers, &self.facts, now) {
                self.learn(fact);
            }
        }
        (self.facts, self.fresh)
    }
}

fn answered(facts: &[Fact], alias: &str) -> bool {
    facts.iter().any(|f| f.alias == alias && !f.answer.open())
}

fn fact(source: &ItemSource, answer: FactAnswer) -> Fact {
    Fact { alias: source.id.clone(), source: source.source.clone(), answer }
}

/// What is asked of which register, as it is remembered.
pub(crate) fn question(source: &ItemSource, query: &Query) -> String {
    format!("{} {}", source.source, Value::Object(query.keys.clone()))
}

async fn one(asking: &Asking<'_>, source: &ItemSource, query: Query, facts: &[Fact]) -> Outcome<Fact> {
    let question = question(source, &query);
    let known = asking.seen.and_then(|seen| seen.get(&question));
    let answer = match known {
        Some(answer) => answer,
        None => {
            let answer = fetch(asking, source, query, facts).await?;
            if let Some(seen) = asking.seen {
                seen.put(question, answer.clone());
            }
            answer
        }
    };
    Ok(fact(source, answer))
}

async fn fetch(
    asking: &Asking<'_>,
    source: &ItemSource,
    query: Query,
    facts: &[Fact],
) -> Outcome<FactAnswer> {
    let named = people(asking, query.keys.values()).await?;
    // One question may be about a whole family: everybody in it sees that it was asked.
    let (first, others) = (named.first().copied(), named.get(1..).unwrap_or_default());
    seen_by(asking, source, others).await?;
    let keys = query.keys.clone();
    let fetched = exchange::fetch(
        asking.ground,
        asking.actor,
        asking.sources,
        &source.source,
        query,
        first,
        &asking.purpose,
    )
    .await?;
    if let (Fetched::Found(record), None) = (&fetched, first) {
        let owners = owners(asking, source, &keys, record, facts).await?;
        seen_by(asking, source, &owners).await?;
    }
    Ok(match fetched {
        Fetched::Found(value) => FactAnswer::Found(value),
        Fetched::NotFound => FactAnswer::NotFound,
        Fetched::Down { since, .. } => FactAnswer::Absent(since),
    })
}

/// Writes down for each that the register was asked about them.
async fn seen_by(asking: &Asking<'_>, source: &ItemSource, people: &[PersonId]) -> Outcome<()> {
    if people.is_empty() {
        return Ok(());
    }
    store::command!(asking.ground, Lang::default(), asking.actor, |cx| {
        people
            .iter()
            .try_for_each(|person| {
                let (fields, purpose) = (vec![source.source.clone()], asking.purpose.clone());
                trace::look(&mut cx, &Look { person: *person, fields, purpose })
            })
            .map_err(Failure::from)
    })
}

/// Whose thing it was that a personal register told of when it was asked by the thing's number alone: those whom its answer names, else
/// those whom another register has named for the same thing. They are known only once it has answered; the answer is used only when
/// the look is written down.
async fn owners(
    asking: &Asking<'_>,
    source: &ItemSource,
    keys: &Map<String, Value>,
    record: &Value,
    facts: &[Fact],
) -> Outcome<Vec<PersonId>> {
    let same = |other: &Value| keys.iter().all(|(key, value)| other.get(key) == Some(value));
    let others = facts.iter().filter_map(|f| match &f.answer {
        FactAnswer::Found(other) if same(other) => Some(other),
        _ => None,
    });
    let mut named = Vec::new();
    for record in std::iter::once(record).chain(others) {
        if named.is_empty() {
            let fields = record.as_object().into_iter().flat_map(Map::values);
            named = people(asking, fields).await?;
        }
    }
    if named.is_empty() {
        return Ok(named);
    }
    let shared = catalog::shared(&asking.ground.store).await?;
    let personal = shared.register(&source.source).is_none_or(|r| r.personal);
    Ok(if personal { named } else { Vec::new() })
}

/// The persons whose identity numbers stand among these values, whatever the key is called (`citizen_id`, `taxpayer`), as far as they
/// are known here.
async fn people(asking: &Asking<'_>, values: impl Iterator<Item = &Value>) -> Outcome<Vec<PersonId>> {
    let numbers: Vec<String> =
        values.flat_map(texts).filter(|text| text.parse::<CitizenId>().is_ok()).map(str::to_owned).collect();
    let mut people = Vec::new();
    for number in numbers {
        let person = identity::person_by_citizen_id(&asking.ground.store, &number).await?;
        people.extend(person.filter(|p| !people.contains(p)));
    }
    Ok(people)
}

fn texts(value: &Value) -> Vec<&str> {
    match value {
        Value::String(one) => vec![one],
        Value::Array(many) => many.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

/// A source that could not be asked because another one did not answer is absent since then, or withheld as that one is; one
/// whose key nobody knows has nothing to say.
fn unasked(source: &ItemSource, answers: &Answers, facts: &[Fact], now: Timestamp) -> Option<Fact> {
    let Asked::Missing(paths) = source.query(&facts_value(answers, facts, now)) else { return None };
    let root = |path: &str| path.split(['.', '[']).next().unwrap_or_default().to_owned();
    let why = paths.iter().find_map(|path| {
        facts.iter().find(|f| f.alias == root(path)).map(|f| &f.answer).filter(|a| a.open())
    });
    Some(fact(source, why.cloned().unwrap_or(FactAnswer::NotFound)))
}
