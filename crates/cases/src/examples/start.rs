//! How an example begins: its day, what its sources say, who takes part, and what is handed in.

use crate::model::*;
use crate::rules::Application;
use crate::verbs::{Round, Unspoken};
use catalog::{Do, Given as Start, Item};
use forms::Answers;
use jiff::civil::Date;
use kernel::codes::{CaseNumber, ImplementationCode};
use kernel::id::TypedId;
use kernel::{PersonId, SubjectId, Timestamp, clock};
use procedure::Frame;
use serde_json::Value;
use std::collections::BTreeMap;

/// Asks the sources in rounds, as filing does.
pub(super) fn ask(
    item: &Item,
    given: &Start,
    answers: &Answers,
    known: &[Fact],
    spoken: &[String],
    now: Timestamp,
) -> Vec<Fact> {
    let spoke = |role: &str| spoken.iter().any(|s| s == role);
    let mut round = Round::new(item, known, &Unspoken::of(item, spoke));
    while let Some((source, _)) = round.next(answers, now) {
        let answer = match given.sources.get(&source.id) {
            None | Some(Value::Null) => FactAnswer::NotFound,
            Some(Value::String(word)) if word == "down" => FactAnswer::Absent(now),
            Some(record) => FactAnswer::Found(record.clone()),
        };
        round.learn(Fact { alias: source.id.clone(), source: source.source.clone(), answer });
    }
    round.end(answers, now).0
}

/// Half past nine in the morning of the example's day, else of a Friday of this year.
pub(super) fn moment(given: &Start) -> Result<Timestamp, String> {
    let day = given.today.unwrap_or_else(|| jiff::civil::date(2026, 11, 20));
    at(day, 9, 30)
}

pub(super) fn at(day: Date, hour: i8, minute: i8) -> Result<Timestamp, String> {
    let at = day.at(hour, minute, 0, 0).to_zoned(clock::legal_zone()).map_err(|e| e.to_string())?;
    Ok(at.timestamp())
}

/// An id that is the same in every run.
pub(super) fn id<T: TypedId>(n: u64) -> T {
    let start = jiff::Timestamp::UNIX_EPOCH;
    T::from_uuid(kernel::id::uuid_v7(start, &kernel::SeededRng::new(n)))
}

pub(super) fn application(
    item: &Item,
    answers: Answers,
    facts: Vec<Fact>,
    now: Timestamp,
) -> Result<Application, String> {
    let code: ImplementationCode = item.code.parse().map_err(|_| format!("{} is no item code", item.code))?;
    let number =
        CaseNumber::new(&code, clock::legal_date(now), 1).map_err(|_| "no case number".to_owned())?;
    Ok(Application {
        case: id(1),
        number,
        matter: id(2),
        item: id(3),
        frame: Frame::under(item.kind, item.law.as_deref()).map_err(|no| no.say().en)?,
        agency: item.agency.clone(),
        division: "999999".to_owned(),
        parties: vec![party(4, "示例申请人", "applicant", Some(now))],
        answers,
        materials: Vec::new(),
        facts,
        agencies: BTreeMap::new(),
        promises: Vec::new(),
        declares: false,
        paper: false,
        by: None,
        agent: None,
        awaits: Vec::new(),
        awaited_by: Vec::new(),
        disputes: Vec::new(),
        renews: None,
        received: None,
        window: None,
    })
}

fn party(n: u64, name: &str, role: &str, confirmed_at: Option<Timestamp>) -> Party {
    Party {
        subject: SubjectId::Person(id::<PersonId>(n)),
        name: name.to_owned(),
        role: role.to_owned(),
        share: None,
        capacity: Capacity::Oneself,
        proof: None,
        confirmed_at,
        paper: false,
    }
}

/// The roles that the example's applicant has themselves: those whose number is theirs.
pub(super) fn mine(item: &Item, given: &Start, answers: &Answers) -> Vec<String> {
    let own = |element: &str| given.known.get(element).and_then(Value::as_str);
    let numbers = [own("person.citizen_id"), own("organisation.credit_code")];
    let named = |role: &&catalog::PartyRole| {
        let field = role.person.as_deref().map(|p| p.strip_prefix("form.").unwrap_or(p));
        let number = field.and_then(|f| answers.get(f)).and_then(Value::as_str);
        number.is_some() && numbers.contains(&number)
    };
    item.roles.iter().filter(named).map(|r| r.id.clone()).collect()
}

/// Those whose confirmation the item needs, or of whom the example speaks; whoever applies has confirmed by applying.
pub(super) fn others(item: &Item, given: &Start, own: &[String], now: Timestamp) -> Vec<Party> {
    let spoken =
        |role: &str| given.acts.iter().any(|a| matches!(a, Do::Confirm { confirm } if confirm == role));
    let wanted = item.roles.iter().filter(|r| r.confirm || spoken(&r.id));
    let confirmed = |role: &str| own.iter().any(|o| o == role).then_some(now);
    (10..).zip(wanted).map(|(n, role)| party(n, &role.name.zh, &role.id, confirmed(&role.id))).collect()
}

/// The certificate that the example's applicant has renewed.
pub(super) fn renewing(item: &Item, given: &Start) -> Option<Renewing> {
    let (spec, held) = (item.renews.as_ref()?, given.renewing.as_ref()?);
    Some(Renewing {
        certificate: id(9),
        began: held.from,
        expires: held.until,
        years: spec.years,
        before: spec.before,
        deemed_until: None,
    })
}
