//! Takes a case over from another system: its past as it was told there, marked as imported; a running one goes on here.

use super::hold::Hold;
use super::start::about;
use super::{known_to_identity, places};
use crate::event::{ActElsewhere, CaseEvent, Filed};
use crate::model::*;
use crate::rules::{Command, task_id};
use crate::store::{self as rows, MatterLine};
use ::store::{Cx, serial};
use catalog::{Item, Published};
use forms::Answers;
use kernel::codes::{CaseNumber, ImplementationCode};
use kernel::{AgencyCode, Fault, Outcome, PersonId, Refusal, RefusalKind, SubjectId, Text, Timestamp, clock};
use page::House;
use procedure::{Frame, RunningTerm, TermKind};
use serde_json::Value;
use std::collections::BTreeMap;
use trace::Purpose;

/// A case of another system.
#[derive(Debug, Clone)]
pub struct Imported {
    /// The item, by key or code.
    pub item: String,
    /// The agency responsible.
    pub agency: AgencyCode,
    /// The division it works for (GB/T 2260).
    pub division: String,
    /// The system it comes from.
    pub source: String,
    /// Its number there.
    pub external: String,
    /// Whose it is, by name.
    pub subject_name: String,
    /// Their identity number or credit code, where it was told: whom the registers know finds the case in their space.
    pub subject_number: Option<String>,
    /// What was filled in there, by the item's fields, as somebody would type it; what a running case needs.
    pub answers: Vec<(String, String)>,
    /// When it was filed.
    pub filed_at: Timestamp,
    /// Until when it was promised.
    pub promised: Option<Timestamp>,
    /// Until when the law wants it decided.
    pub statutory: Option<Timestamp>,
    /// The state it is in, one of [`CaseState::WORDS`]: `submitted`, `accepted`, or one that has ended.
    pub state: String,
    /// `approved` or `refused`, for `closed`.
    pub outcome: Option<String>,
    /// When it ended.
    pub closed_at: Option<Timestamp>,
    /// What happened, in order.
    pub acts: Vec<ImportedAct>,
}

/// Something that happened there.
#[derive(Debug, Clone)]
pub struct ImportedAct {
    /// What: a step's id or name where it is one of the item, else as that system called it.
    pub name: String,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub agency: Option<AgencyCode>,
    /// Whether it began then; it ended otherwise.
    pub start: bool,
}

/// Writes the case with its past; what runs goes on under the item's rules from now.
///
/// # Errors
/// A refusal that names what is wrong with the case: an unknown item, state or order of times.
pub async fn import(cx: &mut Cx, house: &House, told: Imported) -> Outcome<super::Filed> {
    let store = cx.store().clone();
    let item = catalog::find(&store, &told.item)
        .await?
        .ok_or_else(|| wrong("item", "没有这个事项。", "There is no such item."))?;
    check(&told, cx.now)?;
    let frame = Frame::under(item.item.kind, item.item.law.as_deref())
        .map_err(|_| wrong("item", "这一类事项尚未开通。", "Items of this kind have no frame yet."))?;
    let (case, matter) = (cx.new_id::<CaseId>(), cx.new_id::<MatterId>());
    let number = number(cx, &item.item, told.filed_at).await?;
    let subject = subject(cx, told.subject_number.as_deref()).await?;
    let matter_line = line(cx, matter, &item, (&told, subject));
    rows::add_matter(&mut cx.commit, &matter_line, &[(item.item.key.clone(), item.id)], None);
    let answers = answers(&item.item, &told)?;
    let running = told.closed_at.is_none();
    let agencies = match running {
        true => places::agencies(&store, &item.item, &answers, &told.division).await?,
        false => BTreeMap::new(),
    };
    let mut hold = Hold::new(item.clone());
    let filed = filed(&item, frame, (&told, subject), (case, matter, number.clone()), (answers, agencies));
    for (event, at) in history(house, &item, filed, &told) {
        hold.past(event, at)?;
    }
    if running {
        let facts = to_ask(cx, &item.item, (subject, &number)).await?;
        hold.act_now(house, cx, Command::Learn { facts })?;
    }
    let (case, _) = hold.finish(house, cx).await?;
    Ok(super::Filed {
        case: case.id,
        number,
        state: case.state.word().to_owned(),
        term: case.term().cloned(),
        item_name: item.item.name.clone(),
        again: false,
    })
}

fn check(told: &Imported, now: Timestamp) -> Result<(), Refusal> {
    let ended = !matches!(told.state.as_str(), "submitted" | "accepted");
    if !CaseState::WORDS.contains(&told.state.as_str()) || ended_oddly(&told.state) {
        return Err(wrong("state", "没有这种办件状态。", "There is no such state to import."));
    }
    if ended != told.closed_at.is_some() {
        return Err(wrong(
            "closed_at",
            "办结的办件须有办结时间，在办的没有。",
            "A case that has ended has the moment of its end; others have none.",
        ));
    }
    if told.state == "closed" && !matches!(told.outcome.as_deref(), Some("approved" | "refused")) {
        return Err(wrong(
            "outcome",
            "办结的办件须有办理结果。",
            "A closed case has its outcome: approved or refused.",
        ));
    }
    let last = told.closed_at.unwrap_or(now);
    let ordered = told.acts.iter().all(|a| a.at >= told.filed_at && a.at <= last)
        && told.acts.is_sorted_by_key(|a| a.at);
    if told.filed_at > last || last > now || !ordered {
        return Err(wrong("at", "时间顺序不对。", "The moments are not in order."));
    }
    Ok(())
}

/// States that only pass here: they are told by what comes after.
fn ended_oddly(state: &str) -> bool {
    matches!(state, "supplement" | "suspended" | "decided" | "certified" | "delivered" | "revoked")
}

type Ids = (CaseId, MatterId, CaseNumber);

/// The past, event by event, each with its own moment.
fn history(house: &House, item: &Published, filed: Filed, told: &Imported) -> Vec<(CaseEvent, Timestamp)> {
    let case = filed.case;
    let mut all = vec![(CaseEvent::Imported(Box::new(filed)), told.filed_at)];
    let decided = matches!(told.state.as_str(), "accepted" | "closed");
    if decided {
        let terms = terms(house, item, told);
        all.push((CaseEvent::Accepted { how: Acceptance::ByPerson, from: None, terms }, told.filed_at));
    }
    let mut rounds = BTreeMap::<String, u32>::new();
    for act in &told.acts {
        all.push((event(case, &item.item, told, act, &mut rounds), act.at));
    }
    let Some(at) = told.closed_at else { return all };
    all.extend(end(told, item.item.openness.as_ref()).into_iter().map(|event| (event, at)));
    all
}

fn event(
    case: CaseId,
    item: &Item,
    told: &Imported,
    act: &ImportedAct,
    rounds: &mut BTreeMap<String, u32>,
) -> CaseEvent {
    let named = |s: &&catalog::Step| s.id == act.name || s.title.zh == act.name || s.title.en == act.name;
    let agency = act.agency.clone().unwrap_or_else(|| told.agency.clone());
    let Some(step) = item.process.iter().find(named).map(|s| s.id.clone()) else {
        let (name, agency, start) = (act.name.clone(), act.agency.clone(), act.start);
        return CaseEvent::ImportedAct(ActElsewhere { name, agency, start });
    };
    if act.start {
        let round = rounds.entry(step.clone()).and_modify(|r| *r += 1).or_insert(1);
        let seats = vec![Seat::new(task_id(case, &step, *round, 0), agency)];
        return CaseEvent::StepOpened { step, round: *round, seats, referred: None, term: None };
    }
    // Nobody named: the program there did it.
    let by = match &act.agency {
        Some(_) => DoneBy::Person { agency, account: None },
        None => DoneBy::Rule { rule: "imported".to_owned() },
    };
    let discretion = Discretion::default();
    CaseEvent::StepPassed { step, by, reason: None, discretion }
}

fn end(told: &Imported, openness: Option<&catalog::Openness>) -> Vec<CaseEvent> {
    let reason = format!("见{}中的{}。", told.source, told.external);
    match told.state.as_str() {
        "closed" => {
            let decision = match told.outcome.as_deref() {
                Some("refused") => Decision::Refused { reason: Text::same(reason), remedies: Vec::new() },
                _ => Decision::Approved { reason: None, amount: None },
            };
            vec![
                CaseEvent::Decided {
                    decision,
                    openness: openness.cloned(),
                    term: None,
                    check: None,
                    review: None,
                },
                CaseEvent::Closed,
            ]
        }
        "not_accepted" => vec![CaseEvent::NotAccepted {
            reason,
            right_body: None,
            remedies: Vec::new(),
            openness: openness.cloned(),
        }],
        "returned" => vec![CaseEvent::Returned { reason }],
        "withdrawn" => vec![CaseEvent::Withdrawn { reason: None }],
        "lapsed" => vec![CaseEvent::Lapsed { reason: Text::same(reason), remedies: Vec::new() }],
        "forwarded" => vec![CaseEvent::Forwarded { to: told.source.clone(), reason }],
        "void" => vec![CaseEvent::Voided { reason }],
        _ => Vec::new(),
    }
}

fn filed(
    item: &Published,
    frame: Frame,
    (told, subject): (&Imported, SubjectId),
    (case, matter, number): Ids,
    (mut answers, agencies): (Answers, BTreeMap<String, Vec<AgencyCode>>),
) -> Filed {
    let party = Party {
        subject,
        name: told.subject_name.clone(),
        role: "applicant".to_owned(),
        share: None,
        capacity: Capacity::Oneself,
        proof: None,
        confirmed_at: Some(told.filed_at),
        paper: false,
    };
    answers.insert("imported_number".to_owned(), Value::String(told.external.clone()));
    Filed {
        case,
        number,
        matter,
        item: item.id,
        item_key: item.item.key.clone(),
        frame,
        agency: told.agency.clone(),
        division: told.division.clone(),
        parties: vec![party],
        answers,
        materials: Vec::new(),
        steps: item.item.process.iter().map(|s| s.id.clone()).collect(),
        terms: Vec::new(),
        agencies,
        joint: item.item.joint,
        paper: false,
        promises: Vec::new(),
        declared: None,
        by: None,
        agent: None,
        awaits: Vec::new(),
        awaited_by: Vec::new(),
        renews: None,
        received: None,
        window: None,
        origin: Some(format!("{}/{}", told.source, told.external)),
        late: None,
    }
}

/// What was filled in, read as a form is read.
fn answers(item: &Item, told: &Imported) -> Result<Answers, Refusal> {
    let (answers, wrong) = item.form.read(&told.answers, &Answers::new());
    let unknown = told.answers.iter().find(|(field, _)| item.form.field(field).is_none());
    if let Some((field, _)) = unknown {
        return Err(wrong_field(field, "这个事项没有该栏目。", "The item has no such field."));
    }
    match wrong.into_iter().next() {
        Some(error) => Err(wrong_field(&error.field, &error.say.zh, &error.say.en)),
        None => Ok(answers),
    }
}

fn wrong_field(field: &str, zh: &str, en: &str) -> Refusal {
    let (zh, en) = (format!("“{field}”：{zh}"), format!("“{field}”: {en}"));
    Refusal::new(RefusalKind::Invalid, "cases.cannot-import", &zh, &en).field(
        format!("answers.{field}"),
        zh,
        en,
    )
}

/// What is known of whoever applies, and every register as still to be asked: that happens right after, without anybody's asking.
async fn to_ask(cx: &mut Cx, item: &Item, (subject, number): (SubjectId, &CaseNumber)) -> Outcome<Vec<Fact>> {
    let mut facts = Vec::new();
    // Only whom the registers know has a profile; a name alone is nobody.
    if identity::profile(cx.store(), subject).await?.is_some() {
        let known = match subject {
            SubjectId::Person(person) => {
                identity::known_facts(cx, subject, person, &Purpose::in_case("retry", number)).await?
            }
            SubjectId::Organisation(firm) => identity::known_facts_of_firm(cx, firm).await?,
        };
        facts.extend(known_to_identity(&known));
    }
    let now = cx.now;
    facts.extend(item.sources.iter().map(|s| Fact {
        alias: s.id.clone(),
        source: s.source.clone(),
        answer: FactAnswer::Absent(now),
    }));
    Ok(facts)
}

/// Whose it is: whom the registers know by the number; else a subject of its own, so that it is nobody else's.
async fn subject(cx: &Cx, number: Option<&str>) -> Result<SubjectId, Fault> {
    let nobody = || SubjectId::Person(cx.new_id::<PersonId>());
    let Some(number) = number.map(|n| n.trim().to_uppercase()) else { return Ok(nobody()) };
    if number.parse::<kernel::codes::CitizenId>().is_ok() {
        let found = identity::person_by_citizen_id(cx.store(), &number).await?;
        return Ok(found.map_or_else(nobody, SubjectId::Person));
    }
    let found = identity::organisation_by_code(cx.store(), &number).await?;
    Ok(found.map_or_else(nobody, SubjectId::Organisation))
}

/// The terms with the ends that were told there; where none was told, as reckoned from filing.
fn terms(house: &House, item: &Published, told: &Imported) -> Vec<RunningTerm> {
    let one = |kind, term, end: Option<Timestamp>| {
        let mut term = RunningTerm::start(kind, told.filed_at, term, None, &house.calendar);
        if let Some(at) = end {
            (term.due.at, term.due.date) = (at, clock::legal_date(at));
            term.due.why.truncate(1);
        }
        term
    };
    vec![
        one(TermKind::Statutory, item.item.terms.statutory, told.statutory),
        one(TermKind::Promised, item.item.terms.promised, told.promised),
    ]
}

async fn number(cx: &Cx, item: &Item, filed_at: Timestamp) -> Outcome<CaseNumber> {
    let broken = |e: kernel::codes::CodeError| Fault::new(format!("numbering a case of {}: {e:?}", item.key));
    let code: ImplementationCode = item.code.parse().map_err(broken)?;
    let date = clock::legal_date(filed_at);
    let serial = serial::block(&cx.ground, &format!("case:{code}:{date}")).await?;
    Ok(CaseNumber::new(&code, date, serial).map_err(broken)?)
}

fn line(cx: &Cx, id: MatterId, item: &Published, (told, subject): (&Imported, SubjectId)) -> MatterLine {
    MatterLine {
        id,
        about: about(&item.item),
        subject,
        person: cx.new_id(),
        account: cx.new_id(),
        name_zh: item.item.name.zh.clone(),
        name_en: item.item.name.en.clone(),
        state: "imported".to_owned(),
        rev: 1,
        draft: None,
        created_at: told.filed_at,
        saved_at: cx.now,
    }
}

fn wrong(field: &str, zh: &str, en: &str) -> Refusal {
    Refusal::new(RefusalKind::Invalid, "cases.cannot-import", zh, en).field(field.to_owned(), zh, en)
}
