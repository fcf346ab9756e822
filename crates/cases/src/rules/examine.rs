//! Examining: opinions in favour and against, alone or with others, reports of line systems, inspections on site.

use super::accept::pass_precheck;
use super::advance::{advance, join};
use super::decide::{Run, said};
use super::file::accept;
use super::sibling::complete;
use super::{Choice, Command, no, relied, standard};
use crate::event::{CaseEvent, SeatSigned};
use crate::model::*;
use kernel::{Refusal, Text};

pub(super) fn command(run: &mut Run<'_>, case: &Case, command: &Command) -> Result<(), Refusal> {
    match command {
        Command::Approve { task, reason, choice } => {
            let reason = reason.as_deref().map(str::trim).filter(|r| !r.is_empty()).map(Text::same);
            sign(run, case, *task, true, reason, choice)
        }
        Command::Refuse { task, reason, choice } => {
            open_seat(run, case, *task)?;
            let reason = Text::same(said(reason)?);
            sign(run, case, *task, false, Some(reason), choice)
        }
        Command::Report { task, system, pass, text } => report(run, case, *task, system, *pass, text),
        Command::Visit { task, visit } => inspect(run, case, *task, visit),
        _ => Ok(()),
    }
}

/// The open seat of a case that is being worked on.
pub(super) fn open_seat<'a>(
    run: &Run<'_>,
    case: &'a Case,
    task: TaskId,
) -> Result<(&'a Step, &'a Seat), Refusal> {
    if !case.state.works() {
        return Err(no::wrong_state(&case.state, "cases.cannot-examine", "审批", "examined"));
    }
    let (step, seat) = case.open_seats().find(|(_, seat)| seat.task == task).ok_or_else(no::no_task)?;
    let by = run.by;
    let other =
        seat.holder.is_some_and(|h| by.account.is_some_and(|me| me != h) && !by.stands_for.contains(&h));
    if other && !by.head { Err(no::claimed()) } else { Ok((step, seat)) }
}

/// An opinion. A refusal states its reasons (行政许可法第三十八条第二款); who presides over the hearing does not examine (第四十八条).
fn sign(
    run: &mut Run<'_>,
    case: &Case,
    task: TaskId,
    pass: bool,
    reason: Option<Text>,
    choice: &Choice,
) -> Result<(), Refusal> {
    let (step, seat) = open_seat(run, case, task)?;
    if step.id == PRECHECK {
        let command = Command::Precheck { ok: pass, reason: reason.map(|r| r.zh).unwrap_or_default() };
        return super::accept::command(run, case, &command);
    }
    if seat.external.is_some() {
        return Err(no::external());
    }
    if presides(case, run.by.account) {
        return Err(no::chair_examines());
    }
    if pass && reason.is_none() {
        relied::check(case)?;
    }
    let spec = run.spec(&step.id);
    if pass && spec.is_some_and(|s| s.site_visit) && step.visit.is_none() {
        return Err(no::visit_missing());
    }
    let discretion = standard::used(case, spec, pass, choice, run.at)?;
    let by = DoneBy::Person { agency: seat.agency.clone(), account: run.by.account };
    let (id, alone) = (step.id.clone(), step.seats().len() < 2);
    if matches!(case.state, CaseState::Submitted { .. }) {
        pass_precheck(run, case);
        // What is not complete before another case has brought its result is examined as far as it goes, and accepted then.
        if complete(run, case) {
            accept(run, Acceptance::ByPerson);
        }
    }
    if alone {
        finish(run, id, by, pass, reason, discretion);
    } else {
        run.push(CaseEvent::SeatSigned(SeatSigned {
            step: id.clone(),
            task,
            pass,
            reason,
            by: run.by.account,
        }));
        together(run, &id, by, discretion);
    }
    advance(run);
    Ok(())
}

fn presides(case: &Case, account: Option<kernel::AccountId>) -> bool {
    match case.hearing.as_ref().map(|h| &h.stage) {
        Some(HearingStage::Set { chair, .. }) => Some(*chair) == account,
        _ => false,
    }
}

fn finish(
    run: &mut Run<'_>,
    step: String,
    by: DoneBy,
    pass: bool,
    reason: Option<Text>,
    discretion: Discretion,
) {
    run.push(if pass {
        CaseEvent::StepPassed { step, by, reason, discretion }
    } else {
        let reason = reason.unwrap_or_default();
        CaseEvent::StepFailed { step, by, reason, unmet: Vec::new(), discretion }
    });
}

/// 会签: the step ends when everybody has signed, against when one of them did: the applicant learns every reason at once.
fn together(run: &mut Run<'_>, id: &str, by: DoneBy, discretion: Discretion) {
    let Some(step) = run.case.as_ref().and_then(|c| c.step(id)) else { return };
    let opinions: Option<Vec<&Opinion>> = step.seats().iter().map(|s| s.opinion.as_ref()).collect();
    let Some(opinions) = opinions else { return };
    let against: Vec<&Text> = opinions.iter().filter(|o| !o.pass).filter_map(|o| o.reason.as_ref()).collect();
    let pass = opinions.iter().all(|o| o.pass);
    let reason = (!against.is_empty()).then(|| join(against.into_iter()));
    finish(run, id.to_owned(), by, pass, reason, discretion);
}

/// A line system answers for a seat it was handed; what another system says of it counts for nothing.
fn report(
    run: &mut Run<'_>,
    case: &Case,
    task: TaskId,
    system: &str,
    pass: bool,
    text: &str,
) -> Result<(), Refusal> {
    let (step, seat) = open_seat(run, case, task)?;
    if seat.external.as_deref() != Some(system) {
        return Err(no::no_task());
    }
    let reason = if pass { text.trim().to_owned() } else { said(text)? };
    let reason = Some(reason).filter(|r| !r.is_empty()).map(Text::same);
    let (id, by) = (step.id.clone(), DoneBy::System { system: system.to_owned() });
    if matches!(case.state, CaseState::Submitted { .. }) && complete(run, case) {
        accept(run, Acceptance::ByRule);
    }
    finish(run, id, by, pass, reason, Discretion::default());
    advance(run);
    Ok(())
}

/// 现场核查: by two officers at least, with a record (第三十四条第三款).
fn inspect(run: &mut Run<'_>, case: &Case, task: TaskId, visit: &Visit) -> Result<(), Refusal> {
    let (step, _) = open_seat(run, case, task)?;
    if step.visit.as_ref() == Some(visit) {
        return Err(no::visit_recorded());
    }
    let officers: std::collections::BTreeSet<&str> =
        visit.officers.iter().map(|o| o.trim()).filter(|o| !o.is_empty()).collect();
    if officers.len() < 2 {
        return Err(no::two_officers());
    }
    said(&visit.record)?;
    if visit.at > run.at {
        return Err(no::in_future());
    }
    run.push(CaseEvent::Visited { step: step.id.clone(), visit: visit.clone() });
    Ok(())
}
