//! Backwards (免申即享): with the person's consent, what registers know of them is asked, and what they are entitled to is told, each
//! with its reason and with what is still missing. Nothing of it is kept; every question leaves a look.

use cases::Foreseen;
use cases::model::FactAnswer;
use catalog::facts::{Asked, facts};
use catalog::{
    Audience, Entitled, Item, ItemSource, ItemVersionId, Published, Shared, entitled, entitled_child,
};
use exchange::{Fetched, Query, Sources};
use forms::Answers;
use identity::Applicant;
use jiff::civil::Date;
use kernel::codes::CitizenId;
use kernel::{ActorRef, Failure, Lang, Outcome, PersonId, Refusal, clock};
use page::House;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use store::{Store, command};
use trace::{Look, Purpose};

/// The ground of the looks: what the person agreed to.
const GROUND: &str = "entitled";

/// More children than this are not looked up at once.
const CHILDREN_MAX: usize = 10;

/// The context under which a child's number travels in a page.
const CHILD_SEAL: &str = "portal.due.child";

/// What was found.
pub(crate) struct Due {
    pub(crate) rights: Vec<Right>,
    /// Registers that did not answer.
    pub(crate) down: BTreeSet<String>,
}

/// Something that is due, and what one tap on it would do.
pub(crate) struct Right {
    pub(crate) entitled: Entitled,
    /// For a child: its name, or the masked number where no register says it.
    pub(crate) child: String,
    /// The child's number, sealed for this person.
    pub(crate) token: String,
    /// The version that was looked at.
    pub(crate) version: ItemVersionId,
    /// What one tap would hand in, or what it lacks.
    pub(crate) foreseen: Foreseen,
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
    published: &[Published],
    lang: Lang,
) -> Outcome<Due> {
    let actor = who.actor_ref();
    let purpose = Purpose::new(GROUND);
    let known = command!(house.ground, Lang::default(), actor, |cx| {
        identity::known_facts(&mut cx, who.subject(), who.person(), &purpose).await
    })?;
    let shared = catalog::shared(&house.ground.store).await?;
    let (asked, down) = (BTreeMap::new(), BTreeSet::new());
    let mut round = Round { house, sources, actor, purpose, known, shared: &shared, asked, down };
    let items: Vec<&Item> = published.iter().map(|p| p.item.as_ref()).collect();
    let today = clock::legal_date(house.ground.clock.now());
    let (own, of_children): (Vec<&Item>, Vec<&Item>) =
        items.into_iter().partition(|i| i.entitlement.as_ref().is_none_or(|e| e.child.is_none()));
    let mut fetched = BTreeMap::new();
    for item in &own {
        fetched.insert(item.key.clone(), round.item(item, &Answers::new()).await?);
    }
    let mut found: Vec<(Entitled, String, Option<CitizenId>)> = Vec::new();
    let all = entitled(&own, &shared, &round.known, &fetched, today);
    found.extend(all.into_iter().map(|e| (e, String::new(), None)));
    for child in round.children(&of_children, today).await? {
        let mut fetched = BTreeMap::new();
        for item in &of_children {
            let answers = item.entitlement.as_ref().map(|e| e.answers(child.as_str())).unwrap_or_default();
            fetched.insert(item.key.clone(), round.item(item, &answers).await?);
        }
        let all = entitled_child(&of_children, &shared, &round.known, child.as_str(), &fetched, today);
        let name = called(&child, &fetched);
        found.extend(all.into_iter().map(|e| (e, name.clone(), Some(child.clone()))));
    }
    let rights = foreseen(house, who, published, &round, found, lang).await?;
    Ok(Due { rights, down: round.down })
}

/// What one tap on each would do, by what these registers have just said.
async fn foreseen(
    house: &House,
    who: &Applicant,
    items: &[Published],
    round: &Round<'_>,
    found: Vec<(Entitled, String, Option<CitizenId>)>,
    lang: Lang,
) -> Outcome<Vec<Right>> {
    let (store, now) = (&house.ground.store, house.ground.clock.now());
    let answer = |fetched: &Fetched| match fetched {
        Fetched::Found(value) => FactAnswer::Found(value.clone()),
        Fetched::NotFound => FactAnswer::NotFound,
        Fetched::Down { since, .. } => FactAnswer::Absent(*since),
    };
    let asked: BTreeMap<String, FactAnswer> =
        round.asked.iter().map(|(question, fetched)| (question.clone(), answer(fetched))).collect();
    let before = cases::said_before(store, who).await?;
    let mut rights = Vec::with_capacity(found.len());
    for (entitled, child, number) in found {
        let Some(item) = items.iter().find(|p| p.item.key == entitled.item) else { continue };
        let given = given(item, number.as_ref());
        let known = (&round.known, &asked);
        let foreseen = cases::foresee(store, who, item, &before, &given, known, (now, lang)).await?;
        let token = number.map(|n| sealed(store, who, &n)).transpose()?.unwrap_or_default();
        rights.push(Right { entitled, child, token, version: item.id, foreseen });
    }
    Ok(rights)
}

/// The answers that go with an entitlement: the child's number.
pub(crate) fn given(item: &Published, child: Option<&CitizenId>) -> Answers {
    let entitlement = item.item.entitlement.as_ref();
    child.and_then(|c| Some(entitlement?.answers(c.as_str()))).unwrap_or_default()
}

/// A child's number for the way through the page and back: for this person only, and nothing that anybody could read.
fn sealed(store: &Store, who: &Applicant, child: &CitizenId) -> Outcome<String> {
    let plain = format!("{} {}", who.person(), child.as_str());
    Ok(hex::encode(store.sealer().seal(CHILD_SEAL, plain.as_bytes())?))
}

/// The child's number out of a page of this person.
///
/// # Errors
/// Not found when it is none, or another's.
pub(crate) fn unsealed(store: &Store, who: &Applicant, token: &str) -> Outcome<CitizenId> {
    let plain = hex::decode(token).ok().and_then(|bytes| store.sealer().open(CHILD_SEAL, &bytes).ok());
    let plain = plain.and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default();
    let (person, number) = plain.split_once(' ').ok_or_else(Refusal::not_found)?;
    let child = number.parse::<CitizenId>().ok().filter(|_| person == who.person().to_string());
    child.ok_or_else(|| Refusal::not_found().into())
}

/// A child's name, as some register says it of this number.
fn called(child: &CitizenId, fetched: &BTreeMap<String, Map<String, Value>>) -> String {
    let records = fetched.values().flat_map(Map::values);
    let mut own = records.filter(|r| r.get("citizen_id").and_then(Value::as_str) == Some(child.as_str()));
    let name = own.find_map(|r| r.get("name")?.as_str().map(str::to_owned));
    name.unwrap_or_else(|| child.mask())
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
    /// Registers that did not answer.
    down: BTreeSet<String>,
}

impl Round<'_> {
    /// What the registers of an item answer, by the names its rules read them under; one may give another its key. A register
    /// that the form would decide on is asked where the entitlement reads it.
    async fn item(&mut self, item: &Item, answers: &Answers) -> Outcome<Map<String, Value>> {
        let today = clock::legal_date(self.house.ground.clock.now());
        let mut said = Map::new();
        let mut open: Vec<&ItemSource> = item.sources.iter().collect();
        loop {
            let env = facts(answers, &self.known, &said, today);
            let keys = |s: &ItemSource| match s.query(&env) {
                Asked::With(keys) => Some(Some(keys)),
                Asked::No => Some(None),
                Asked::Missing(_) if item.entitlement.as_ref().is_some_and(|e| e.reads(&s.id)) => {
                    s.keys_by(&env).ok().map(Some)
                }
                Asked::Missing(_) => None,
            };
            let ready = open.iter().enumerate().find_map(|(n, s)| Some((n, keys(s)?)));
            let Some((n, keys)) = ready else { return Ok(said) };
            let source = open.remove(n);
            let Some(keys) = keys else { continue };
            match self.ask(&source.source, Query { keys }).await? {
                Fetched::Found(value) => {
                    said.insert(source.id.clone(), value);
                }
                Fetched::NotFound => {}
                Fetched::Down { source, .. } => {
                    self.down.insert(source);
                }
            }
        }
    }

    /// The minor children of the person, as the registers of these items say who belongs to the family.
    async fn children(&mut self, items: &[&Item], today: Date) -> Outcome<Vec<CitizenId>> {
        let mut numbers: Vec<CitizenId> = Vec::new();
        for item in items {
            let among = item.entitlement.as_ref().and_then(|e| e.child.as_ref()).and_then(|c| c.among.rule());
            let Some(among) = among else { continue };
            let said = self.item(item, &Answers::new()).await?;
            let family = among.value(&facts(&Answers::new(), &self.known, &said, today)).unwrap_or_default();
            let own = self.known.get("person.citizen_id").and_then(Value::as_str);
            let others = texts(&family).into_iter().filter(|n| Some(*n) != own);
            let minors = others.filter_map(|n| n.parse::<CitizenId>().ok()).filter(|n| n.age_on(today) < 18);
            for child in minors {
                if !numbers.contains(&child) && numbers.len() < CHILDREN_MAX {
                    numbers.push(child);
                }
            }
        }
        Ok(numbers)
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
