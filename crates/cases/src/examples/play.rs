//! Plays one example: files it, lets time pass and people act as it says, and notes what it comes to.

use super::start::{application, ask, at, id, mine, moment, others, renewing};
use crate::draft::known_answers;
use crate::event::{CaseEvent, FeesTold};
use crate::model::*;
use crate::rules::{self, Act, Application, Choice, Command, Doer, deadline, facts_of, facts_value};
use crate::verbs::{known_to_identity, lacking, notice_due};
use catalog::{Do, DoOutcome as Outcome, Given as Start, Item};
use jiff::civil::Date;
use kernel::id::TypedId;
use kernel::{AccountId, Calendar, FileId, Lang, Money, SubjectId, Timestamp, clock};
use procedure::{Leave, TermKind};
use std::collections::{BTreeMap, BTreeSet};

/// More decisions than this after one act would be a circle in the example.
const DECISIONS_MAX: usize = 100;

/// What an example really came to.
#[derive(Debug, Default)]
pub(super) struct Got {
    pub state: Option<String>,
    pub certificates: usize,
    pub asked: usize,
    pub errors: Vec<String>,
    pub reasons: BTreeSet<String>,
    pub degraded: BTreeSet<String>,
    pub terms: BTreeMap<String, Date>,
    pub notices: Vec<NoticeKind>,
    pub bands: BTreeMap<String, String>,
    pub amount: Option<Money>,
    pub open: BTreeSet<String>,
    pub owes: BTreeMap<String, Money>,
    /// The roles of those who have still to pay something for which it waits.
    pub unpaid: BTreeSet<String>,
    pub agencies: BTreeMap<String, String>,
}

/// Plays it; papers that a certificate may stand in for count as held.
pub(super) fn play(
    item: &Item,
    given: &Start,
    seats: Option<&super::Seats>,
    calendar: &Calendar,
) -> Result<Got, String> {
    let now = moment(given)?;
    let known = known_answers(&item.form, &given.known);
    let mut answers = given.answers.clone();
    item.form.prefill(&mut answers, &known);
    let mut got = Got::default();
    let mut facts = known_to_identity(&given.known);
    let first = item.form.evaluate(&answers, &facts_value(&answers, &facts, now));
    let mut errors = item.form.check_answers(&answers);
    errors.extend(first.errors);
    if errors.is_empty() {
        facts = ask(item, given, &answers, &facts, &mine(item, given, &answers), now);
    }
    let env = facts_value(&answers, &facts, now);
    let evaluation = item.form.evaluate(&answers, &env);
    got.asked = evaluation.show.iter().filter(|f| !f.contains('[') && !known.contains_key(*f)).count();
    errors.extend(evaluation.errors.iter().cloned());
    let mut wrong: Vec<String> = errors.into_iter().map(|e| e.field).collect();
    if wrong.is_empty() {
        wrong = lacking(item, &answers, &facts, &env, &given.promised);
    }
    for field in wrong {
        if !got.errors.contains(&field) {
            got.errors.push(field);
        }
    }
    if !got.errors.is_empty() {
        return Ok(got);
    }
    let answers = item.form.prune(&answers, &evaluation);
    let own = mine(item, given, &answers);
    let mut application = application(item, answers, facts, now)?;
    application.promises.clone_from(&given.promised);
    application.declares = given.declares;
    application.renews = renewing(item, given);
    application.agencies = seats.cloned().unwrap_or_default();
    application.parties.extend(others(item, given, &own, now));
    let mut play = Play { item, given, case: None, events: Vec::new(), told: Vec::new(), now, calendar };
    play.through(application)?;
    play.note(got)
}

/// An example under way.
struct Play<'a> {
    item: &'a Item,
    given: &'a Start,
    case: Option<Case>,
    events: Vec<CaseEvent>,
    told: Vec<NoticeKind>,
    now: Timestamp,
    calendar: &'a Calendar,
}

impl Play<'_> {
    fn through(&mut self, application: Application) -> Result<(), String> {
        self.commit(vec![Command::File(Box::new(application))])?;
        self.decisions()?;
        for act in &self.given.acts {
            self.one(act).map_err(|why| format!("{act:?}: {why}"))?;
            self.decisions()?;
        }
        Ok(())
    }

    fn case(&self) -> Result<&Case, String> {
        self.case.as_ref().ok_or_else(|| "nothing was filed".to_owned())
    }

    fn act(&mut self, command: Command, at: Timestamp) -> Result<(), String> {
        let by = Doer { subject: Some(SubjectId::Person(id(4))), ..Doer::head(id(5)) };
        let act = Act { at, ..Act::now(command, self.now).by(by) };
        let events = rules::decide(self.case.as_ref(), &act, self.now, self.calendar, self.item)
            .map_err(|refusal| refusal.to_string())?;
        for event in events {
            self.case = Some(rules::apply(self.case.take(), &event, at).map_err(|f| f.to_string())?);
            self.events.push(event);
        }
        Ok(())
    }

    /// Acts of one commit: what is decided is certified, served and closed, and the notices are made out.
    fn commit(&mut self, commands: Vec<Command>) -> Result<(), String> {
        let before = self.events.len();
        for command in commands {
            self.act(command, self.now)?;
        }
        self.end_commit(before)
    }

    fn end_commit(&mut self, before: usize) -> Result<(), String> {
        self.pay()?;
        self.complete()?;
        let case = self.case()?;
        let fresh: Vec<_> = self.events.iter().skip(before).map(|e| (e.clone(), self.now)).collect();
        let due = fresh.iter().flat_map(|(event, _)| notice_due(event, case, self.item, &fresh));
        let told: Vec<NoticeKind> = due.map(|n| n.kind).collect();
        self.told.extend(told);
        Ok(())
    }

    /// The clock goes on, and the ends that have passed are written down, each at its moment.
    fn until(&mut self, moment: Timestamp) -> Result<(), String> {
        self.now = self.now.max(moment);
        let before = self.events.len();
        while let Some(due) = self.case.as_ref().and_then(deadline).filter(|due| *due <= self.now) {
            self.act(Command::Pass, due)?;
        }
        self.end_commit(before)
    }

    fn one(&mut self, act: &Do) -> Result<(), String> {
        let reason = "示例".to_owned();
        let command = match act {
            Do::Step { step, outcome, amount, reason } => {
                return self.step(step, *outcome, amount.as_deref(), reason.as_deref());
            }
            Do::Wait { wait } => return self.until(self.calendar.due(self.now, *wait).at),
            Do::Hearing { hearing } => {
                let word = serde_json::to_value(hearing).map_err(|e| e.to_string())?;
                return self.hearing(word.as_str().unwrap_or_default());
            }
            Do::Line { line, outcome, text } => self.report(line, *outcome, text.as_deref())?,
            Do::Accept { accept: true } => Command::Accept,
            Do::Accept { accept: false } => Command::NotAccept { reason, right_body: None },
            Do::Suspend { suspend, expected } => {
                let kind = SuspensionKind::ALL.into_iter().find(|k| k.word() == suspend);
                let kind = kind.ok_or("there is no such special procedure")?;
                Command::Suspend { kind, reason, expected: *expected }
            }
            Do::Resume { resume } => Command::Resume { result: resume.clone() },
            Do::Extend { extend } => Command::Extend { reason: extend.clone(), leave: Some(self.leave()) },
            Do::Object { object, reason } => {
                Command::Object { step: object.clone(), reason: reason.clone(), by: None, on_paper: None }
            }
            Do::Keep { keep } => {
                let file = |demand: &String| Material {
                    demand: demand.clone(),
                    given: Given::File(id::<FileId>(6)),
                };
                Command::KeepPromise { materials: keep.iter().map(file).collect() }
            }
            Do::Confirm { confirm } => {
                let party = self.case()?.parties.iter().find(|p| p.role == *confirm);
                let party = party.ok_or("nobody has this role")?;
                if party.confirmed_at.is_some() {
                    return Ok(());
                }
                let subject = party.subject;
                self.commit(vec![Command::Confirm { subject, paper: false, capacity: None }])?;
                return self.ask_about(confirm);
            }
            Do::Withdraw { withdraw } => Command::Withdraw { reason: Some(withdraw.clone()) },
            Do::Pay { pay } => {
                let party = self.case()?.parties.iter().find(|p| p.role == *pay);
                self.settlement(party.ok_or("nobody has this role")?.subject).ok_or("nothing is owed")?
            }
        };
        self.commit(vec![command])
    }

    /// Everybody pays what they owe, as soon as it is owed; unless the example shows what waits.
    fn pay(&mut self) -> Result<(), String> {
        if !self.given.pays {
            return Ok(());
        }
        for _ in 0..DECISIONS_MAX {
            let next = rules::unpaid_by(self.case()?).into_iter().find_map(|p| self.settlement(p));
            let Some(told) = next else { return Ok(()) };
            self.act(told, self.now)?;
        }
        Err("it owes more the more is paid".to_owned())
    }

    /// The news that a party has paid all that is owed, as one more bill; nothing where all is paid.
    fn settlement(&self, payer: SubjectId) -> Option<Command> {
        let case = self.case.as_ref().filter(|case| rules::unpaid_by(case).contains(&payer))?;
        let owed = case.owes.iter().flat_map(|o| &o.fees).filter(|f| f.payer == payer);
        let paid = case.fees.iter().filter(|f| f.payer == Some(payer));
        let sum = Money::sum(owed.map(|f| f.amount))?;
        let amount = sum.checked_sub(Money::sum(paid.map(|f| f.amount))?)?;
        let (bill, payer) = (format!("示例{}", case.fees.len() + 1), Some(payer));
        Some(Command::FeesTold(FeesTold { bill, amount, settled: true, payer, ..FeesTold::default() }))
    }

    /// What was withheld until this party confirmed is asked now, as the program does.
    fn ask_about(&mut self, role: &str) -> Result<(), String> {
        let case = self.case()?;
        let about = |f: &Fact| matches!(&f.answer, FactAnswer::Withheld(of) if of == role);
        if case.state.ended() || !case.facts.iter().any(about) {
            return Ok(());
        }
        let spoke = |p: &Party| p.confirmed_at.is_some();
        let spoken: Vec<String> = case.parties.iter().filter(|p| spoke(p)).map(|p| p.role.clone()).collect();
        let facts = ask(self.item, self.given, &case.answers, &case.facts, &spoken, self.now);
        let fresh = facts.into_iter().filter(|f| !case.facts.contains(f)).collect();
        self.commit(vec![Command::Learn { facts: fresh }])
    }

    /// The leave for more time in a joint procedure: an example takes it as given.
    fn leave(&self) -> Leave {
        let (body, signer, number) = ("示例市人民政府", "市长", "示例〔1〕号");
        let on = clock::legal_date(self.now);
        Leave { body: body.into(), signer: signer.into(), number: number.into(), on, evidence: None }
    }

    /// A person takes a step; an inspection on site is recorded first where the step needs one.
    fn step(
        &mut self,
        step: &str,
        outcome: Outcome,
        amount: Option<&str>,
        reason: Option<&str>,
    ) -> Result<(), String> {
        let seat = self.case()?.open_seats().find(|(s, seat)| s.id == step && seat.external.is_none());
        let (open, seat) = seat.ok_or("this step is not open for a person")?;
        let (task, visited) = (seat.task, open.visit.is_some());
        let spec = self.item.process.iter().find(|s| s.id == step);
        let mut commands = Vec::new();
        if outcome == Outcome::Pass && spec.is_some_and(|s| s.site_visit) && !visited {
            let officers = vec!["示例一".to_owned(), "示例二".to_owned()];
            let (place, record) = ("现场".to_owned(), "与申报一致".to_owned());
            let visit = Visit { at: self.now, place, officers, record, evidence: Vec::new() };
            commands.push(Command::Visit { task, visit });
        }
        let amount = amount.map(|a| a.parse().map_err(|_| format!("{a:?} is no amount"))).transpose()?;
        let choice = Choice { amount, deviation: reason.map(str::to_owned) };
        commands.push(match outcome {
            Outcome::Pass => Command::Approve { task, reason: reason.map(str::to_owned), choice },
            Outcome::Fail => Command::Refuse { task, reason: reason.unwrap_or("示例").to_owned(), choice },
        });
        self.commit(commands)
    }

    fn report(&self, line: &str, outcome: Outcome, text: Option<&str>) -> Result<Command, String> {
        let mut seats = self.case()?.open_seats();
        let seat = seats.find(|(_, seat)| seat.external.as_deref() == Some(line));
        let (_, seat) = seat.ok_or("nothing lies with this line system")?;
        let (task, system, pass) = (seat.task, line.to_owned(), outcome == Outcome::Pass);
        Ok(Command::Report { task, system, pass, text: text.unwrap_or("示例").to_owned() })
    }

    fn hearing(&mut self, act: &str) -> Result<(), String> {
        let offered = self.case()?.hearing.is_some();
        match act {
            // The item's own condition has offered it already.
            "offered" if offered => Ok(()),
            "offered" => {
                let why = self.item.hearing.as_ref().map_or_else(|| "示例".to_owned(), |h| h.why.zh.clone());
                self.commit(vec![Command::OfferHearing { reason: why }])
            }
            "requested" => self.commit(vec![Command::RequestHearing]),
            "waived" => self.commit(vec![Command::WaiveHearing]),
            "held" => self.hold_hearing(),
            other => Err(format!("a hearing is not {other:?}")),
        }
    }

    /// Announced as early as the law wants it, held on that day at ten, and recorded.
    fn hold_hearing(&mut self) -> Result<(), String> {
        let terms = self.case()?.frame.hearing().ok_or("this frame knows no hearing")?;
        let on = at(self.calendar.due(self.now, terms.announce).date, 10, 0)?;
        let (place, chair, chair_name) = ("听证室".to_owned(), id::<AccountId>(7), "示例主持人".to_owned());
        self.commit(vec![Command::SetHearing { on, place, chair, chair_name }])?;
        self.until(on)?;
        self.commit(vec![Command::RecordHearing { record: "听证笔录".to_owned(), evidence: Vec::new() }])
    }

    /// What the example's examiner decides of every open step that `decide` names.
    fn decisions(&mut self) -> Result<(), String> {
        for _ in 0..DECISIONS_MAX {
            let Some(command) = self.next_decision()? else { return Ok(()) };
            self.commit(vec![command])?;
        }
        Err("`decide` goes in a circle".to_owned())
    }

    fn next_decision(&self) -> Result<Option<Command>, String> {
        let case = self.case()?;
        if !case.state.works() {
            return Ok(None);
        }
        for (step, task, _) in case.open_tasks() {
            let Some(word) = self.given.decide.get(&step.id) else { continue };
            let spec = self.item.process.iter().find(|s| s.id == step.id);
            let choice = choice(case, spec, self.now);
            return match word.as_str() {
                "pass" => Ok(Some(Command::Approve { task, reason: None, choice })),
                "refuse" => Ok(Some(Command::Refuse { task, reason: "示例".to_owned(), choice })),
                other => Err(format!("`decide` says {other:?} of {}; write pass or refuse", step.id)),
            };
        }
        Ok(None)
    }

    /// As the program does after a decision; the certificates are worked out, not issued.
    fn complete(&mut self) -> Result<(), String> {
        let Some(case) = self.case.clone() else { return Ok(()) };
        let CaseState::Decided { decision, .. } = &case.state else { return Ok(()) };
        if rules::awaited(&case, self.item, catalog::DECISION, self.now) {
            return Ok(());
        }
        if decision.approved() && self.item.renews.is_some() {
            let goes_on = CertificateId::from_uuid(case.id.uuid());
            self.act(Command::Certify { certificates: vec![goes_on] }, self.now)?;
        } else if decision.approved() && !self.item.results.is_empty() {
            let (facts, today) = (facts_of(&case, self.now), clock::legal_date(self.now));
            for spec in &self.item.results {
                spec.print(self.item, &facts, today, Lang::ZhCn)
                    .map_err(|missing| format!("{} lacks {}", spec.certificate, missing.join(", ")))?;
            }
            let made = CertificateId::from_uuid(case.id.uuid());
            self.act(Command::Certify { certificates: vec![made; self.item.results.len()] }, self.now)?;
        }
        self.act(Command::Deliver { service: Service::Electronic, effective_at: None }, self.now)?;
        self.act(Command::Close, self.now)
    }

    /// What it came to.
    fn note(self, mut got: Got) -> Result<Got, String> {
        let case = self.case()?;
        got.state = Some(case.state.word().to_owned());
        got.certificates = case.certificates.len();
        let open = |s: &&Step| matches!(s.state, StepState::Open { .. });
        for fee in case.owes.iter().flat_map(|o| &o.fees) {
            let sum = got.owes.entry(fee.code.clone()).or_default();
            *sum = sum.checked_add(fee.amount).ok_or("an amount is too large")?;
        }
        let late = rules::unpaid_by(case);
        let owing = case.parties.iter().filter(|p| case.unpaid.is_some() && late.contains(&p.subject));
        got.unpaid = owing.map(|p| p.role.clone()).collect();
        got.open = case.steps.iter().filter(open).map(|s| s.id.clone()).collect();
        for term in &case.terms {
            if let Some(name) = name_of(&term.kind) {
                got.terms.insert(name, term.due.date);
            }
        }
        // A step that is only made public has no seat, but somebody who answers for it.
        let named = case.agencies.iter().filter_map(|(step, seats)| Some((step, seats.first()?)));
        got.agencies = named.map(|(step, agency)| (step.clone(), agency.to_string())).collect();
        for event in &self.events {
            got.see(event);
        }
        got.notices = self.told;
        Ok(got)
    }
}

impl Got {
    fn see(&mut self, event: &CaseEvent) {
        match event {
            CaseEvent::StepFailed { step, unmet, discretion, .. } => {
                self.reasons.extend(unmet.iter().cloned());
                self.used(step, discretion);
            }
            CaseEvent::StepPassed { step, discretion, .. } => self.used(step, discretion),
            CaseEvent::StepOpened { step, seats, referred, .. } => {
                self.reasons.extend(referred.iter().flat_map(|r| r.unmet.iter().cloned()));
                if let Some(seat) = seats.first() {
                    self.agencies.insert(step.clone(), seat.agency.to_string());
                }
            }
            CaseEvent::FactsSeen { facts } => {
                let absent = facts.iter().filter(|f| matches!(f.answer, FactAnswer::Absent(_)));
                self.degraded.extend(absent.map(|f| f.alias.clone()));
            }
            _ => {}
        }
    }

    fn used(&mut self, step: &str, discretion: &Discretion) {
        if let Some(band) = &discretion.band {
            self.bands.insert(step.to_owned(), band.clone());
        }
        self.amount = discretion.amount.or(self.amount);
    }
}

/// The word by which an example names a term.
fn name_of(kind: &TermKind) -> Option<String> {
    match kind {
        TermKind::Statutory => Some("statutory".to_owned()),
        TermKind::Promised => Some("promised".to_owned()),
        TermKind::Acceptance => Some("acceptance".to_owned()),
        TermKind::Step(step) | TermKind::Publicity(step) => Some(step.clone()),
        _ => None,
    }
}

/// An example's examiner keeps to the middle of the band, and says why when the example wants otherwise.
fn choice(case: &Case, spec: Option<&catalog::Step>, now: Timestamp) -> Choice {
    let band = spec.and_then(|s| rules::band(case, s, now).ok().flatten());
    let amount = band.and_then(|b| b.amount).and_then(|(min, _)| min.parse().ok());
    Choice { amount, deviation: Some("示例".to_owned()) }
}
