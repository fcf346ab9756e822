//! The one decision: from every state, every command has its events or a clear refusal.

use super::advance::{advance, is_automatic};
use super::{Act, Application, Command, apply, no, terms};
use crate::event::{CaseEvent, Filed};
use crate::model::*;
use catalog::Item;
use kernel::{Calendar, Refusal, Text, Timestamp};
use std::collections::BTreeSet;

/// How much earlier than now something may have happened without counting as late.
const LATE_AFTER_SECONDS: i64 = 600;

/// The events that `act` brings about in `case` (none yet: an application), or why not.
///
/// # Errors
/// A refusal that says what is wrong and what to do.
pub fn decide(
    case: Option<&Case>,
    act: &Act,
    now: Timestamp,
    calendar: &Calendar,
    item: &Item,
) -> Result<Vec<CaseEvent>, Refusal> {
    check_time(case, act, now)?;
    let mut run = Run { case: case.cloned(), events: Vec::new(), at: act.at, calendar, item };
    match (case, &act.command) {
        (None, Command::File(application)) => file(&mut run, application, act)?,
        (None, _) => return Err(no::not_filed()),
        (Some(_), Command::File(_)) => return Err(no::already_filed()),
        (Some(case), command) => known(&mut run, case, command)?,
    }
    Ok(run.events)
}

/// A decision under way: the case as it stands after the events so far.
pub(super) struct Run<'a> {
    pub case: Option<Case>,
    pub events: Vec<CaseEvent>,
    pub at: Timestamp,
    pub calendar: &'a Calendar,
    pub item: &'a Item,
}

impl Run<'_> {
    /// Adds an event and moves the case on; an event that does not fit the history is a mistake of these rules and is
    /// left out by the fold in the same way, so the two never differ.
    pub fn push(&mut self, event: CaseEvent) {
        if let Ok(case) = apply(self.case.take(), &event, self.at) {
            self.case = Some(case);
            self.events.push(event);
        }
    }
}

fn check_time(case: Option<&Case>, act: &Act, now: Timestamp) -> Result<(), Refusal> {
    if act.at > now {
        return Err(no::in_future());
    }
    let earlier = now.as_microsecond() - act.at.as_microsecond();
    if earlier > LATE_AFTER_SECONDS * 1_000_000 && act.late.is_none() {
        return Err(no::late_needs_reason());
    }
    match case {
        Some(case) if act.at < case.filed_at => Err(no::before_filing()),
        _ => Ok(()),
    }
}

fn file(run: &mut Run<'_>, application: &Application, act: &Act) -> Result<(), Refusal> {
    if application.parties.is_empty() {
        return Err(no::no_parties());
    }
    let distinct: BTreeSet<_> = application.parties.iter().map(|p| (p.subject, p.role.as_str())).collect();
    if distinct.len() < application.parties.len() {
        return Err(no::party_twice());
    }
    let a = application;
    let by_rule = a.frame.accepts_by_rule() || run.item.process.iter().all(is_automatic);
    let receipt = if by_rule { Vec::new() } else { terms::from_receipt(a.frame, run.at, run.calendar) };
    run.push(CaseEvent::Filed(Box::new(Filed {
        case: a.case,
        number: a.number.clone(),
        matter: a.matter,
        item: a.item,
        item_key: run.item.key.clone(),
        frame: a.frame,
        agency: a.agency.clone(),
        division: a.division.clone(),
        parties: a.parties.clone(),
        answers: a.answers.clone(),
        materials: a.materials.clone(),
        steps: run.item.process.iter().map(|s| s.id.clone()).collect(),
        terms: receipt,
        late: act.late.clone(),
    })));
    see(run, &a.facts);
    if by_rule {
        accept(run, Acceptance::ByRule);
    }
    advance(run);
    Ok(())
}

fn see(run: &mut Run<'_>, facts: &[Fact]) {
    if !facts.is_empty() {
        run.push(CaseEvent::FactsSeen { facts: facts.to_vec() });
    }
}

/// Accepts with the terms that run from it.
pub(super) fn accept(run: &mut Run<'_>, how: Acceptance) {
    let Some(frame) = run.case.as_ref().map(|c| c.frame) else { return };
    let terms = terms::from_acceptance(frame, run.item, run.at, run.calendar);
    run.push(CaseEvent::Accepted { how, terms });
}

fn known(run: &mut Run<'_>, case: &Case, command: &Command) -> Result<(), Refusal> {
    match command {
        Command::File(_) => return Err(no::already_filed()),
        Command::Learn { facts } => learn(run, case, facts)?,
        Command::Accept => accept_by_person(run, case)?,
        Command::NotAccept { reason, right_body } => {
            not_accept(run, case, reason, right_body.as_deref())?;
        }
        Command::Approve { task, reason } => approve(run, case, *task, reason.as_deref())?,
        Command::Refuse { task, reason } => refuse(run, case, *task, reason)?,
        Command::AskSupplement { demands } => ask_supplement(run, case, demands)?,
        Command::Supplement { answers, materials, facts } => {
            supplement(run, case, answers, materials, facts)?;
        }
        Command::Certify { certificates } => certify(run, case, certificates)?,
        Command::Deliver { service } => deliver(run, case, *service)?,
        Command::Close => close(run, case)?,
        Command::Withdraw { reason } => withdraw(run, case, reason.as_deref())?,
    }
    Ok(())
}

fn learn(run: &mut Run<'_>, case: &Case, facts: &[Fact]) -> Result<(), Refusal> {
    match &case.state {
        CaseState::Submitted { .. } | CaseState::Accepted { .. } | CaseState::Supplement { .. } => {
            see(run, facts);
            advance(run);
            Ok(())
        }
        state => Err(no::wrong_state(state, "cases.nothing-to-learn", "再补取数据", "given further facts")),
    }
}

fn accept_by_person(run: &mut Run<'_>, case: &Case) -> Result<(), Refusal> {
    match &case.state {
        CaseState::Submitted { .. } => {
            accept(run, Acceptance::ByPerson);
            advance(run);
            Ok(())
        }
        state => Err(no::wrong_state(state, "cases.cannot-accept", "受理", "accepted")),
    }
}

/// Before acceptance only; a person's own accepting is final, the program's may be corrected by a person while
/// nothing has been decided, outside the licence frame.
fn not_accept(run: &mut Run<'_>, case: &Case, reason: &str, right_body: Option<&str>) -> Result<(), Refusal> {
    let may = match &case.state {
        CaseState::Submitted { .. } => true,
        CaseState::Accepted { how: Acceptance::ByRule, .. } => case.frame.supplement_after_acceptance(),
        _ => false,
    };
    if !may {
        let state = &case.state;
        return Err(no::wrong_state(
            state,
            "cases.cannot-not-accept",
            "作出不予受理决定",
            "declined acceptance",
        ));
    }
    let reason = said(reason)?;
    run.push(CaseEvent::NotAccepted {
        reason,
        right_body: right_body.map(str::trim).filter(|b| !b.is_empty()).map(str::to_owned),
        remedies: remedies(case),
    });
    Ok(())
}

fn said(reason: &str) -> Result<String, Refusal> {
    let reason = reason.trim();
    if reason.is_empty() { Err(no::reason_missing()) } else { Ok(reason.to_owned()) }
}

/// The remedies that every negative decision states, with their law.
pub(super) fn remedies(case: &Case) -> Vec<Text> {
    let line = |r: procedure::Remedy| {
        let law = r.law.cite();
        Text::new(format!("{}({})。", r.say.zh, law.zh), format!("{} ({}).", r.say.en, law.en))
    };
    case.frame.remedies().into_iter().map(line).collect()
}

/// The step and agency of an open task of a case that still runs.
fn open_task(case: &Case, task: TaskId) -> Result<(String, DoneBy), Refusal> {
    if !matches!(case.state, CaseState::Submitted { .. } | CaseState::Accepted { .. }) {
        return Err(no::wrong_state(&case.state, "cases.cannot-examine", "审批", "examined"));
    }
    let open = case.open_tasks().find(|(_, id, _)| *id == task);
    let (step, _, agency) = open.ok_or_else(no::no_task)?;
    Ok((step.id.clone(), DoneBy::Person { agency: agency.clone() }))
}

fn approve(run: &mut Run<'_>, case: &Case, task: TaskId, reason: Option<&str>) -> Result<(), Refusal> {
    let (step, by) = open_task(case, task)?;
    if matches!(case.state, CaseState::Submitted { .. }) {
        accept(run, Acceptance::ByPerson);
    }
    let reason = reason.map(str::trim).filter(|r| !r.is_empty()).map(Text::same);
    run.push(CaseEvent::StepPassed { step, by, reason });
    advance(run);
    Ok(())
}

fn refuse(run: &mut Run<'_>, case: &Case, task: TaskId, reason: &str) -> Result<(), Refusal> {
    let (step, by) = open_task(case, task)?;
    let reason = Text::same(said(reason)?);
    if matches!(case.state, CaseState::Submitted { .. }) {
        accept(run, Acceptance::ByPerson);
    }
    run.push(CaseEvent::StepFailed { step, by, reason, unmet: Vec::new() });
    advance(run);
    Ok(())
}

fn ask_supplement(run: &mut Run<'_>, case: &Case, demands: &[Demand]) -> Result<(), Refusal> {
    match &case.state {
        CaseState::Submitted { .. } => {}
        CaseState::Accepted { .. } if case.frame.supplement_after_acceptance() => {}
        CaseState::Accepted { .. } => return Err(no::supplement_too_late()),
        state => {
            return Err(no::wrong_state(
                state,
                "cases.cannot-supplement",
                "要求补正",
                "asked to be supplemented",
            ));
        }
    }
    if case.supplements > 0 {
        return Err(no::supplement_once());
    }
    if demands.is_empty() || demands.iter().any(|d| d.say.trim().is_empty()) {
        return Err(no::supplement_empty());
    }
    if let Some(wrong) = demands.iter().find(|d| run.item.form.field(&d.field).is_none()) {
        return Err(no::supplement_unknown(&wrong.field));
    }
    run.push(CaseEvent::SupplementAsked { demands: demands.to_vec() });
    Ok(())
}

fn supplement(
    run: &mut Run<'_>,
    case: &Case,
    answers: &forms::Answers,
    materials: &[Material],
    facts: &[Fact],
) -> Result<(), Refusal> {
    let CaseState::Supplement { accepted, .. } = case.state else {
        return Err(no::wrong_state(&case.state, "cases.nothing-to-supply", "补正", "supplemented"));
    };
    let terms = if accepted { Vec::new() } else { terms::from_receipt(case.frame, run.at, run.calendar) };
    run.push(CaseEvent::Supplemented { answers: answers.clone(), materials: materials.to_vec(), terms });
    see(run, facts);
    if accepted {
        accept(run, Acceptance::ByRule);
    }
    advance(run);
    Ok(())
}

fn certify(run: &mut Run<'_>, case: &Case, certificates: &[CertificateId]) -> Result<(), Refusal> {
    match &case.state {
        CaseState::Decided { decision, .. } if decision.approved() && !certificates.is_empty() => {
            run.push(CaseEvent::Certified { certificates: certificates.to_vec() });
            Ok(())
        }
        state => Err(no::wrong_state(state, "cases.cannot-certify", "制证", "given a certificate")),
    }
}

fn deliver(run: &mut Run<'_>, case: &Case, service: Service) -> Result<(), Refusal> {
    match &case.state {
        CaseState::Decided { decision, .. } if decision.approved() && !run.item.results.is_empty() => {
            Err(no::certificate_missing())
        }
        CaseState::Decided { .. } | CaseState::Certified { .. } => {
            run.push(CaseEvent::Delivered { service });
            Ok(())
        }
        state => Err(no::wrong_state(state, "cases.cannot-deliver", "送达", "served")),
    }
}

fn close(run: &mut Run<'_>, case: &Case) -> Result<(), Refusal> {
    match &case.state {
        CaseState::Delivered { .. } => {
            run.push(CaseEvent::Closed);
            Ok(())
        }
        state => Err(no::wrong_state(state, "cases.cannot-close", "办结", "closed")),
    }
}

fn withdraw(run: &mut Run<'_>, case: &Case, reason: Option<&str>) -> Result<(), Refusal> {
    match &case.state {
        CaseState::Submitted { .. } | CaseState::Supplement { .. } | CaseState::Accepted { .. } => {
            let reason = reason.map(str::trim).filter(|r| !r.is_empty()).map(str::to_owned);
            run.push(CaseEvent::Withdrawn { reason });
            Ok(())
        }
        state => Err(no::wrong_state(state, "cases.cannot-withdraw", "撤回", "withdrawn")),
    }
}
