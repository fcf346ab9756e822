//! 行政复议, 行政诉讼: closed is not final; how a remedy ends decides what becomes of the case.

use super::advance::advance;
use super::decide::{Run, said};
use super::tasks::by_people;
use super::{Command, fees, no, terms};
use crate::event::{CaseEvent, Reopened};
use crate::model::*;
use kernel::Refusal;

pub(super) fn command(run: &mut Run<'_>, case: &Case, command: &Command) -> Result<(), Refusal> {
    match command {
        Command::OpenRemedy { remedy, kind, body, ground } => open(run, case, *remedy, *kind, body, ground),
        Command::EndRemedy { remedy, outcome, text, changed } => {
            end(run, case, *remedy, *outcome, text, changed.as_ref())
        }
        _ => Ok(()),
    }
}

/// Against a decision, a non-acceptance, another end, or silence (行政复议法第十一条、第二十三条; 行政诉讼法第十二条).
fn open(
    run: &mut Run<'_>,
    case: &Case,
    remedy: RemedyId,
    kind: RemedyKind,
    body: &str,
    ground: &str,
) -> Result<(), Refusal> {
    if case.remedies.iter().any(|r| r.ended.is_none()) {
        return Err(no::remedy_open());
    }
    let (body, ground) = (said(body)?, said(ground)?);
    let remedy = Remedied { remedy, kind, filed_at: run.at, body, ended: None };
    run.push(CaseEvent::RemedyOpened { remedy, ground });
    Ok(())
}

/// 维持, 变更, 撤销并责令重作, 撤销, 确认违法, 责令履行, 撤回, 驳回 (行政复议法第六十三至六十九条; 行政诉讼法第六十九至七十七条).
fn end(
    run: &mut Run<'_>,
    case: &Case,
    remedy: RemedyId,
    outcome: RemedyOutcome,
    text: &str,
    changed: Option<&Decision>,
) -> Result<(), Refusal> {
    if !case.remedies.iter().any(|r| r.remedy == remedy && r.ended.is_none()) {
        return Err(no::no_such_remedy());
    }
    let text = said(text)?;
    let decided = case.state.decision().is_some();
    let fits = match outcome {
        RemedyOutcome::Changed => decided && changed.is_some_and(reasoned),
        RemedyOutcome::Annulled => decided,
        RemedyOutcome::AnnulledRedo => decided || case.state.ended(),
        RemedyOutcome::OrderedToAct => !matches!(case.state, CaseState::Void { .. }),
        _ => true,
    };
    if !fits {
        return Err(no::outcome_does_not_fit());
    }
    let grants = changed.filter(|d| outcome == RemedyOutcome::Changed && d.approved());
    if grants.is_some_and(|d| d.amount().is_none()) && sets_amounts(run.item) {
        return Err(no::changed_amount_missing());
    }
    let changed = changed.filter(|_| outcome == RemedyOutcome::Changed).cloned();
    let anew = changed.is_some();
    run.push(CaseEvent::RemedyEnded { remedy, outcome, text: text.clone(), changed });
    if anew {
        fees::assess(run);
    }
    match outcome {
        RemedyOutcome::Annulled => {
            let remedies = terms::remedies(case);
            run.push(CaseEvent::Revoked { ground: text, remedies });
        }
        RemedyOutcome::AnnulledRedo => reopen(run, case, remedy, true),
        RemedyOutcome::OrderedToAct if !case.state.works() => reopen(run, case, remedy, false),
        _ => {}
    }
    Ok(())
}

/// Whether what the item grants is an amount.
fn sets_amounts(item: &catalog::Item) -> bool {
    let bands = item.process.iter().filter_map(|s| s.standard.as_ref()).flat_map(|s| &s.bands);
    bands.filter(|b| b.outcome == catalog::BandOutcome::Pass).any(|b| b.amount.is_some())
}

/// A changed decision is a decision: against somebody it has reasons and remedies.
fn reasoned(decision: &Decision) -> bool {
    match decision {
        Decision::Approved { .. } => true,
        Decision::Refused { reason, remedies } => !reason.zh.trim().is_empty() && !remedies.is_empty(),
    }
}

/// It is examined anew, on terms of its own; to be done again means that people look again, not only rules.
fn reopen(run: &mut Run<'_>, case: &Case, because: RemedyId, redo: bool) {
    let redone = |s: &&Step| {
        let people = run.spec(&s.id).is_some_and(by_people);
        let failed = matches!(s.state, StepState::Failed { .. });
        s.id != PRECHECK && (failed || !s.done() || (redo && (people || s.by_person())))
    };
    let again = case.steps.iter().filter(redone).map(|s| s.id.clone()).collect();
    let terms = terms::from_acceptance(case.frame, run.item, run.at, run.calendar);
    run.push(CaseEvent::Reopened(Reopened { because, again, terms }));
    advance(run);
}
