//! Time that does not count, and more time.

use super::advance::advance;
use super::decide::{Run, said};
use super::{Command, fees, no, terms};
use crate::event::CaseEvent;
use crate::model::*;
use kernel::{Refusal, Term, clock};
use procedure::{Extension, Leave, TermKind};

pub(super) fn command(run: &mut Run<'_>, case: &Case, command: &Command) -> Result<(), Refusal> {
    match command {
        Command::Suspend { kind, reason, expected } => begin(run, case, *kind, reason, *expected),
        Command::Resume { result } => end(run, case, result),
        Command::Extend { reason, leave } => extend(run, case, reason, leave.as_ref()),
        _ => Ok(()),
    }
}

/// 特别程序: the time of a hearing, tender, auction, inspection, testing, quarantine, appraisal or expert review does not count,
/// and the applicant is told in writing how long it will take (行政许可法第四十五条). 普通挂起 stops no clock.
fn begin(
    run: &mut Run<'_>,
    case: &Case,
    kind: SuspensionKind,
    reason: &str,
    expected: Option<Term>,
) -> Result<(), Refusal> {
    if !matches!(case.state, CaseState::Accepted { .. }) {
        return Err(no::wrong_state(&case.state, "cases.cannot-suspend", "启动特别程序", "suspended"));
    }
    let reason = said(reason)?;
    let spec = run.item.suspensions.iter().find(|s| s.kind == kind.word());
    let law = case.frame.exclusion(kind);
    if kind == SuspensionKind::Hearing || (kind.stops() && law.is_none() && spec.is_none()) {
        return Err(no::no_such_procedure(&kind.name()));
    }
    let most = spec.and_then(|s| s.max);
    let Some(length) = expected.or(most).filter(|_| kind.stops()) else {
        if kind.stops() {
            return Err(no::time_needed());
        }
        fees::over(run);
        run.push(CaseEvent::Suspended { kind, reason, law: None, expected: None });
        return Ok(());
    };
    let due = run.calendar.due(run.at, length);
    if let Some(most) = most.filter(|most| run.calendar.due(run.at, *most).at < due.at) {
        return Err(no::longer_than(most));
    }
    fees::over(run);
    run.push(CaseEvent::Suspended { kind, reason, law, expected: Some(due) });
    Ok(())
}

/// The hearing's own suspension: from the request to the record (第四十五条).
pub(super) fn for_hearing(run: &mut Run<'_>) {
    let Some(case) = &run.case else { return };
    let Some(hearing) = case.hearing.as_ref().filter(|h| h.wanted()) else { return };
    if !matches!(case.state, CaseState::Accepted { .. }) {
        return;
    }
    let (kind, reason) = (SuspensionKind::Hearing, hearing.reason.clone());
    let law = case.frame.exclusion(kind);
    let expected = case.running(&TermKind::HearingHold).map(|t| t.due.clone());
    fees::over(run);
    run.push(CaseEvent::Suspended { kind, reason, law, expected });
}

/// It goes on: the new dates are told beside the old.
fn end(run: &mut Run<'_>, case: &Case, result: &str) -> Result<(), Refusal> {
    match &case.state {
        CaseState::Suspended { kind: SuspensionKind::Hearing, .. } => Err(no::hearing_first()),
        CaseState::Suspended { .. } => {
            resume(run, Some(result));
            for_hearing(run);
            advance(run);
            Ok(())
        }
        state => Err(no::wrong_state(state, "cases.not-suspended", "恢复办理", "resumed")),
    }
}

pub(super) fn resume(run: &mut Run<'_>, result: Option<&str>) {
    let Some(case) = &run.case else { return };
    if case.suspension().is_none() {
        return;
    }
    let result = result.map(str::trim).filter(|r| !r.is_empty()).map(str::to_owned);
    let terms = terms::resumed(case, run.at, run.calendar);
    run.push(CaseEvent::Resumed { result, terms });
}

/// 延期: once, before the term ends, by leave of the head of the body, and the applicant is told why (第四十二条第一款). A joint
/// procedure needs the leave of the head of the people's government (第二款), as its document says.
fn extend(run: &mut Run<'_>, case: &Case, reason: &str, leave: Option<&Leave>) -> Result<(), Refusal> {
    if !matches!(case.state, CaseState::Accepted { .. } | CaseState::Suspended { .. }) {
        return Err(no::wrong_state(&case.state, "cases.cannot-extend", "延长期限", "given more time"));
    }
    let Some(more) = case.frame.extension(case.joint) else { return Err(no::no_extension()) };
    if !run.by.head {
        return Err(no::head_only(&more.leave));
    }
    if case.extended {
        return Err(no::extended_once());
    }
    let Some(term) = case.running(&TermKind::Statutory).filter(|t| !t.passed(run.at)) else {
        return Err(no::extended_late());
    };
    let reason = said(reason)?;
    more.check(leave, clock::legal_date(run.at)).map_err(|why| no::leave_of_government(&why))?;
    let extension = Extension { by: more.term, law: more.law, reason: reason.clone(), at: run.at };
    let terms = vec![terms::extended(term, extension, run.calendar)];
    run.push(CaseEvent::Extended { reason, leave: leave.cloned(), terms });
    Ok(())
}
