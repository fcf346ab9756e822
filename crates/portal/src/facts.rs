//! What government knows of somebody, told to them: what this platform keeps, and what each register that can be asked with their own
//! number says. Asked only when they say so; every question leaves a look.

use catalog::Shared;
use exchange::{Fetched, Query, SharingClass, Sources};
use futures::future::join_all;
use identity::Applicant;
use kernel::{AgencyCode, Lang, Outcome, PersonId, SubjectId, Text};
use page::House;
use serde_json::{Map, Value};
use store::command;
use trace::Purpose;

/// The ground of the looks: somebody looks at their own data.
const GROUND: &str = "profile";

/// The facts that are a number of somebody's own, by which registers are asked: a key of the same name is theirs.
const PERSON: &str = "person.citizen_id";
const FIRM: &str = "organisation.credit_code";

/// A register that can be asked with somebody's own number.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Register {
    pub(crate) id: String,
    pub(crate) name: Text,
    pub(crate) agency: AgencyCode,
    /// The key it is asked with.
    key: String,
    /// The fact that is its value.
    fact: &'static str,
    /// Names of its fields, by their words.
    pub(crate) fields: Vec<(String, Text)>,
    /// The fields that say where somebody lives.
    places: Vec<String>,
}

/// What a register says.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Said {
    /// Its record.
    Record(Map<String, Value>),
    /// That it holds none.
    Nothing,
    /// It does not answer.
    Down,
    /// The law keeps it from this platform.
    Closed,
}

/// The registers that can be asked about a person, or about a firm: those whose one key is a number of theirs.
pub(crate) fn registers(shared: &Shared, subject: SubjectId) -> Vec<Register> {
    let fact = match subject {
        SubjectId::Person(_) => PERSON,
        SubjectId::Organisation(_) => FIRM,
    };
    let own = fact.rsplit('.').next().unwrap_or(fact);
    let asked = |r: &&catalog::Register| r.keys.len() == 1 && r.keys.contains_key(own);
    let register = |r: &catalog::Register| Register {
        id: r.id.clone(),
        name: r.name.clone(),
        agency: r.agency.clone(),
        key: own.to_owned(),
        fact,
        fields: r.fields.iter().map(|(key, field)| (key.clone(), field.name.clone())).collect(),
        places: r.fields.iter().filter(|(_, field)| field.place).map(|(key, _)| key.clone()).collect(),
    };
    shared.registers.iter().filter(asked).map(register).collect()
}

/// Asks them all at once, together with what this platform keeps itself.
///
/// # Errors
/// A fault when a look cannot be recorded: then nothing is asked.
pub(crate) async fn ask(
    house: &House,
    sources: &Sources,
    who: &Applicant,
    registers: &[Register],
) -> Outcome<(Map<String, Value>, Vec<Said>)> {
    let (actor, purpose) = (who.actor_ref(), Purpose::new(GROUND));
    let known = command!(house.ground, Lang::default(), actor, |cx| {
        identity::known_facts(&mut cx, who.subject(), who.person(), &purpose).await
    })?;
    let concerns = match who.subject() {
        SubjectId::Person(person) => Some(person),
        SubjectId::Organisation(_) => None,
    };
    let asked = registers.iter().map(|r| one(house, sources, who, r, &known, (concerns, &purpose)));
    let mut said = join_all(asked).await.into_iter().collect::<Outcome<Vec<Said>>>()?;
    // Where a protected person lives is told to nobody who merely acts for them (decision 0028).
    if let Some(person) = concerns
        && identity::address_kept(&house.ground.store, person, who.person()).await?
    {
        for (register, said) in registers.iter().zip(&mut said) {
            if let Said::Record(record) = said {
                record.retain(|key, _| !register.places.contains(key));
            }
        }
    }
    Ok((known, said))
}

async fn one(
    house: &House,
    sources: &Sources,
    who: &Applicant,
    register: &Register,
    known: &Map<String, Value>,
    (concerns, purpose): (Option<PersonId>, &Purpose),
) -> Outcome<Said> {
    let (Some(source), Some(number)) = (sources.get(&register.id), known.get(register.fact)) else {
        return Ok(Said::Nothing);
    };
    if matches!(source.sharing(), SharingClass::Never) {
        return Ok(Said::Closed);
    }
    let (actor, query) = (who.actor_ref(), Query::by(&register.key, number.clone()));
    let answer =
        exchange::fetch(&house.ground, &actor, sources, &register.id, query, concerns, purpose).await?;
    Ok(match answer {
        Fetched::Found(Value::Object(record)) => Said::Record(record),
        Fetched::Found(_) | Fetched::NotFound => Said::Nothing,
        Fetched::Down { .. } => Said::Down,
    })
}
