//! A look in plain words: who, at what, on which ground of which law, for which case. Staff appear by agency and number.

pub use identity::staff_number;

use crate::WORDS;
use identity::Directory;
use kernel::{ActorKind, AgencyCode, Fault, Lang, PersonId, SubjectId, Text};
use page::{Say, format};
use std::collections::BTreeMap;
use trace::LookRow;

/// What agencies, registers and data elements are called.
#[derive(Debug, Clone, Copy)]
pub struct Names<'a> {
    /// Agencies, by code.
    pub agencies: &'a BTreeMap<String, Text>,
    /// Registers and elements, by id.
    pub words: &'a BTreeMap<String, Text>,
}

/// The same, read from the registers.
#[derive(Debug, Clone, Default)]
pub struct Known {
    agencies: BTreeMap<String, Text>,
    words: BTreeMap<String, Text>,
}

impl Known {
    /// Reads them: agencies are kept in memory by `identity`, the others are one row.
    ///
    /// # Errors
    /// A [`Fault`] when the database does not answer.
    pub async fn load(store: &::store::Store) -> Result<Self, Fault> {
        let directory = identity::directory(store).await?;
        let shared = catalog::shared(store).await?;
        let elements = shared.elements.iter().map(|e| (e.id.clone(), e.name.clone()));
        let words = elements.chain(shared.registers.iter().map(|r| (r.id.clone(), r.name.clone()))).collect();
        Ok(Self { agencies: agencies(&directory), words })
    }

    /// For [`line`].
    pub fn names(&self) -> Names<'_> {
        Names { agencies: &self.agencies, words: &self.words }
    }
}

fn agencies(directory: &Directory) -> BTreeMap<String, Text> {
    directory.agencies().map(|a| (a.code.to_string(), directory.text(&a.code))).collect()
}

impl Names<'_> {
    /// The name of an agency; its code when it has none.
    pub fn agency(&self, code: &AgencyCode, lang: Lang) -> String {
        self.agencies.get(code.as_str()).map_or_else(|| code.to_string(), |name| name.get(lang).to_owned())
    }

    /// What a field of a look is called: our own words, else the register's or the element's name.
    pub fn field(&self, field: &str, lang: Lang) -> String {
        let say = WORDS.say(lang);
        let key = format!("field-{}", slug(field));
        match self.words.get(field) {
            Some(name) if !say.has(&key) => name.get(lang).to_owned(),
            _ => plain(say, &key, field),
        }
    }
}

/// A look, in plain words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LookLine {
    /// The look.
    pub id: i64,
    /// When.
    pub at: String,
    /// Who.
    pub who: String,
    /// What was looked at.
    pub what: String,
    /// Why.
    pub why: String,
    /// The law behind the ground; may be empty.
    pub law: String,
    /// The number of the case it was for; may be empty.
    pub case: String,
    /// Where that leads; empty for nowhere.
    pub href: String,
    /// Whether somebody else looked for no case.
    pub stray: bool,
    /// Whether it may be objected to: it was somebody else's.
    pub foreign: bool,
    /// Until when it was kept from the person; empty for those that never were.
    pub sealed: String,
}

/// Who acts or acted for somebody, by the natural person: as their mandates name them.
#[derive(Debug, Clone, Default)]
pub struct Agents(BTreeMap<PersonId, String>);

impl Agents {
    /// The agents of `me` among those who looked; nothing is read where nobody else applied.
    ///
    /// # Errors
    /// A [`Fault`] when the database does not answer.
    pub async fn of(store: &::store::Store, me: PersonId, rows: &[LookRow]) -> Result<Self, Fault> {
        let mut all = BTreeMap::new();
        for row in rows.iter().filter(|r| r.actor.kind == ActorKind::Applicant) {
            let Some(person) = row.actor.person.filter(|p| *p != me && !all.contains_key(p)) else {
                continue;
            };
            let name = identity::mandate::agent_name(store, SubjectId::Person(me), person).await?;
            all.extend(name.map(|name| (person, name)));
        }
        Ok(Self(all))
    }
}

/// `row` as `me` reads it.
pub fn line(row: &LookRow, me: PersonId, agents: &Agents, names: Names<'_>, lang: Lang) -> LookLine {
    let say = WORDS.say(lang);
    let fields: Vec<String> = row.fields.iter().map(|field| names.field(field, lang)).collect();
    let case = row.purpose.case.clone().unwrap_or_default();
    let request = case.strip_prefix("objection:").or_else(|| case.strip_prefix("request:"));
    let booked = case.strip_prefix("appointment:").map(|id| format!("/appointments/{id}"));
    let of = if booked.is_some() { "look-of-appointment" } else { "look-of-request" };
    let href = request.map(|id| format!("/space/objections/{id}")).or(booked).unwrap_or_default();
    LookLine {
        id: row.id,
        at: format::moment(lang, row.at),
        who: who(row, me, agents, names, say),
        what: fields.join(&say.t("list-between")),
        why: ground(say, &row.purpose.ground),
        law: law(say, &row.purpose.ground),
        case: if href.is_empty() { case } else { say.t(of).into_owned() },
        href,
        stray: row.stray,
        foreign: row.actor.person != Some(me),
        sealed: row.sealed_until.map(|at| format::moment(lang, at)).unwrap_or_default(),
    }
}

/// A ground, as people say it; an unknown word stands as it is.
pub fn ground(say: Say, word: &str) -> String {
    plain(say, &format!("ground-{}", slug(word)), word)
}

/// A ground, as people say it.
pub fn ground_of(lang: Lang, word: &str) -> String {
    ground(WORDS.say(lang), word)
}

/// The law behind a ground.
fn law(say: Say, word: &str) -> String {
    let own = format!("law-{}", slug(word));
    let known = say.has(&format!("ground-{}", slug(word)));
    match (say.has(&own), known) {
        (true, _) => say.t(&own).into_owned(),
        (false, true) => say.t("law-duty").into_owned(),
        (false, false) => String::new(),
    }
}

/// `person.citizen_id` as it stands in a text's key: `person-citizen-id`.
fn slug(word: &str) -> String {
    word.replace(['.', '_'], "-")
}

/// The words for a machine word; an unknown one stands as it is.
fn plain(say: Say, key: &str, word: &str) -> String {
    if say.has(key) { say.t(key).into_owned() } else { word.to_owned() }
}

fn who(row: &LookRow, me: PersonId, agents: &Agents, names: Names<'_>, say: Say) -> String {
    let agent = row.actor.person.and_then(|p| agents.0.get(&p));
    let own = row.actor.person == Some(me);
    let agency = row.actor.agency.as_ref().map(|code| names.agency(code, say.lang)).unwrap_or_default();
    let number = row.actor.account.map(staff_number).unwrap_or_default();
    let key = match row.actor.kind {
        ActorKind::Applicant if own => "who-you",
        ActorKind::Applicant if agent.is_some() => "who-agent",
        ActorKind::Applicant => "who-applicant",
        ActorKind::System => "who-system",
        ActorKind::Visitor => "who-visitor",
        ActorKind::Clerk => "who-clerk",
        ActorKind::Examiner => "who-examiner",
        ActorKind::Supervisor => "who-supervisor",
        ActorKind::Operator => "who-operator",
    };
    let name = agent.cloned().unwrap_or_default();
    say.with(key, &[("agency", agency), ("number", number), ("name", name)])
}
