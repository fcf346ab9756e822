//! Runs the examples that a pack brings through the real rules, in memory, and says where they come to something else.

use crate::draft::known_answers;
use crate::event::CaseEvent;
use crate::model::*;
use crate::rules::{self, Act, Application, Choice, Command, facts_of, facts_value};
use crate::verbs::{Round, known_to_identity};
use catalog::{Example, Given, Item, Pack};
use forms::Answers;
use kernel::codes::{CaseNumber, ImplementationCode};
use kernel::id::TypedId;
use kernel::{Calendar, Lang, PersonId, SubjectId, Timestamp, clock};
use procedure::Frame;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// What an example came to.
#[derive(Debug, Clone)]
pub struct Report {
    /// The item's key.
    pub item: String,
    /// The example's name.
    pub name: String,
    /// One line for each difference from what it expects; none when it holds.
    pub differences: Vec<String>,
}

/// Runs every example of every item of the pack.
pub fn run(pack: &Pack) -> Vec<Report> {
    let calendar = Calendar::official();
    let mut reports = Vec::new();
    for item in &pack.items {
        for example in &item.examples {
            let got = play(item, &example.given, &calendar);
            let differences = match got {
                Ok(got) => compare(example, &got),
                Err(why) => vec![why],
            };
            reports.push(Report { item: item.key.clone(), name: example.name.clone(), differences });
        }
    }
    reports
}

/// What an example really came to.
#[derive(Debug, Default)]
struct Got {
    state: Option<String>,
    certificates: usize,
    asked: usize,
    errors: Vec<String>,
    reasons: BTreeSet<String>,
    degraded: BTreeSet<String>,
}

fn play(item: &Item, given: &Given, calendar: &Calendar) -> Result<Got, String> {
    let now = moment(given)?;
    let known = known_answers(item, &given.known);
    let mut answers = given.answers.clone();
    item.form.prefill(&mut answers, &known);
    let mut got = Got::default();
    let mut facts = known_to_identity(&given.known);
    let first = item.form.evaluate(&answers, &facts_value(&answers, &facts, now));
    let mut errors = item.form.check_answers(&answers);
    errors.extend(first.errors);
    if errors.is_empty() {
        let mut round = Round::new(item, &facts);
        while let Some((source, _)) = round.next(&answers, now) {
            let answer = match given.sources.get(&source.id) {
                None | Some(Value::Null) => FactAnswer::NotFound,
                Some(Value::String(word)) if word == "down" => FactAnswer::Absent(now),
                Some(record) => FactAnswer::Found(record.clone()),
            };
            round.learn(Fact { alias: source.id.clone(), source: source.source.clone(), answer });
        }
        (facts, _) = round.end(&answers, now);
    }
    let evaluation = item.form.evaluate(&answers, &facts_value(&answers, &facts, now));
    got.asked = evaluation.show.iter().filter(|f| !f.contains('[') && !known.contains_key(*f)).count();
    errors.extend(evaluation.errors.iter().cloned());
    for error in errors {
        if !got.errors.contains(&error.field) {
            got.errors.push(error.field);
        }
    }
    if !got.errors.is_empty() {
        return Ok(got);
    }
    let answers = item.form.prune(&answers, &evaluation);
    through(item, given, answers, facts, now, calendar, &mut got)?;
    Ok(got)
}

/// Nine in the morning of the example's day; the day of the first calendar entry of this year when none is given.
fn moment(given: &Given) -> Result<Timestamp, String> {
    let day = given.today.unwrap_or_else(|| jiff::civil::date(2026, 11, 20));
    let at = day.at(9, 30, 0, 0).to_zoned(clock::legal_zone()).map_err(|e| e.to_string())?;
    Ok(at.timestamp())
}

/// Files, does the tasks as the example says, and completes what is decided.
fn through(
    item: &Item,
    given: &Given,
    answers: Answers,
    facts: Vec<Fact>,
    now: Timestamp,
    calendar: &Calendar,
    got: &mut Got,
) -> Result<(), String> {
    let mut play = Play { item, case: None, events: Vec::new(), now, calendar };
    let application = application(item, answers, facts, now)?;
    play.act(Command::File(Box::new(application)))?;
    for _ in 0..=item.process.len() {
        let Some(command) = play.next_decision(given)? else { break };
        play.act(command)?;
    }
    play.complete()?;
    let case = play.case.as_ref().ok_or("nothing was filed")?;
    got.state = Some(case.state.word().to_owned());
    got.certificates = case.certificates.len();
    for event in &play.events {
        match event {
            CaseEvent::StepFailed { unmet, .. } => got.reasons.extend(unmet.iter().cloned()),
            CaseEvent::StepOpened { referred: Some(referral), .. } => {
                got.reasons.extend(referral.unmet.iter().cloned());
            }
            CaseEvent::FactsSeen { facts } => {
                let absent = facts.iter().filter(|f| matches!(f.answer, FactAnswer::Absent(_)));
                got.degraded.extend(absent.map(|f| f.alias.clone()));
            }
            _ => {}
        }
    }
    Ok(())
}

fn application(
    item: &Item,
    answers: Answers,
    facts: Vec<Fact>,
    now: Timestamp,
) -> Result<Application, String> {
    let code: ImplementationCode = item.code.parse().map_err(|_| format!("{} is no item code", item.code))?;
    let number =
        CaseNumber::new(&code, clock::legal_date(now), 1).map_err(|_| "no case number".to_owned())?;
    let nil = kernel::id::uuid_v7(now, &kernel::SeededRng::new(1));
    Ok(Application {
        case: CaseId::from_uuid(nil),
        number,
        matter: MatterId::from_uuid(nil),
        item: catalog::ItemVersionId::from_uuid(nil),
        frame: Frame::of(item.kind).ok_or("items of this kind have no frame yet")?,
        agency: item.agency.clone(),
        division: "999999".to_owned(),
        parties: vec![Party {
            subject: SubjectId::Person(PersonId::from_uuid(nil)),
            name: "示例申请人".to_owned(),
            role: "applicant".to_owned(),
            share: None,
            capacity: Capacity::Oneself,
            proof: None,
            confirmed_at: Some(now),
        }],
        answers,
        materials: Vec::new(),
        facts,
        agencies: BTreeMap::new(),
        promises: Vec::new(),
        declares: false,
        paper: false,
    })
}

/// An example under way.
struct Play<'a> {
    item: &'a Item,
    case: Option<Case>,
    events: Vec<CaseEvent>,
    now: Timestamp,
    calendar: &'a Calendar,
}

impl Play<'_> {
    fn act(&mut self, command: Command) -> Result<(), String> {
        let act = Act::now(command, self.now);
        let events = rules::decide(self.case.as_ref(), &act, self.now, self.calendar, self.item)
            .map_err(|refusal| refusal.to_string())?;
        for event in events {
            self.case = Some(rules::apply(self.case.take(), &event, self.now).map_err(|f| f.to_string())?);
            self.events.push(event);
        }
        Ok(())
    }

    /// What the example's examiner does with the first open task that it has an opinion on.
    fn next_decision(&self, given: &Given) -> Result<Option<Command>, String> {
        let Some(case) = &self.case else { return Ok(None) };
        for (step, task, _) in case.open_tasks() {
            let Some(word) = given.decide.get(&step.id) else { continue };
            let spec = self.item.process.iter().find(|s| s.id == step.id);
            let kept = |spec: Option<&catalog::Step>| choice(case, spec, self.now);
            return match word.as_str() {
                "pass" => Ok(Some(Command::Approve { task, reason: None, choice: kept(spec) })),
                "refuse" => {
                    Ok(Some(Command::Refuse { task, reason: "示例".to_owned(), choice: kept(spec) }))
                }
                other => Err(format!("`decide` says {other:?} of {}; write pass or refuse", step.id)),
            };
        }
        Ok(None)
    }

    /// As the program does after a decision; the certificates are worked out, not issued.
    fn complete(&mut self) -> Result<(), String> {
        let Some(case) = self.case.clone() else { return Ok(()) };
        let CaseState::Decided { decision, .. } = &case.state else { return Ok(()) };
        if decision.approved() && !self.item.results.is_empty() {
            let (facts, today) = (facts_of(&case, self.now), clock::legal_date(self.now));
            for spec in &self.item.results {
                spec.print(self.item, &facts, today, Lang::ZhCn)
                    .map_err(|missing| format!("{} lacks {}", spec.certificate, missing.join(", ")))?;
            }
            let id = CertificateId::from_uuid(case.id.uuid());
            self.act(Command::Certify { certificates: vec![id; self.item.results.len()] })?;
        }
        self.act(Command::Deliver { service: Service::Electronic, effective_at: None })?;
        self.act(Command::Close)
    }
}

/// An example's examiner keeps to the middle of the band, and says why when the example wants otherwise.
fn choice(case: &Case, spec: Option<&catalog::Step>, now: Timestamp) -> Choice {
    let band = spec.and_then(|s| rules::band(case, s, now).ok().flatten());
    let amount = band.and_then(|b| b.amount).and_then(|(min, _)| min.parse().ok());
    Choice { amount, deviation: Some("示例".to_owned()) }
}

fn compare(example: &Example, got: &Got) -> Vec<String> {
    let want = &example.expect;
    let mut differences = Vec::new();
    let mut differ = |what: &str, wanted: String, is: String| {
        if wanted != is {
            differences.push(format!("{what}: expected {wanted}, came to {is}"));
        }
    };
    if let Some(state) = &want.state {
        differ("state", state.clone(), got.state.clone().unwrap_or_else(|| "not filed".to_owned()));
    } else if !want.errors.is_empty() {
        differ("state", "not filed".to_owned(), got.state.clone().unwrap_or_else(|| "not filed".to_owned()));
    }
    if let Some(certificates) = want.certificates {
        differ("certificates", certificates.to_string(), got.certificates.to_string());
    }
    if let Some(asked) = want.asked {
        differ("asked", asked.to_string(), got.asked.to_string());
    }
    let sorted = |list: &[String]| list.iter().cloned().collect::<BTreeSet<_>>();
    differ("errors", format!("{:?}", sorted(&want.errors)), format!("{:?}", sorted(&got.errors)));
    differ("reasons", format!("{:?}", sorted(&want.reasons)), format!("{:?}", got.reasons));
    differ("degraded", format!("{:?}", sorted(&want.degraded)), format!("{:?}", got.degraded));
    differences
}
