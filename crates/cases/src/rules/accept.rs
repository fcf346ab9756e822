//! Whether an application is received and accepted, and what is still missing.

use super::advance::advance;
use super::decide::{Run, said};
use super::file::{accept, after_precheck, open_precheck, see};
use super::party::unspoken;
use super::sibling::complete;
use super::{Command, no, terms};
use crate::event::CaseEvent;
use crate::model::*;
use kernel::Refusal;

pub(super) fn command(run: &mut Run<'_>, case: &Case, command: &Command) -> Result<(), Refusal> {
    match command {
        Command::Precheck { ok, reason } => precheck(run, case, *ok, reason),
        Command::Accept => by_person(run, case),
        Command::NotAccept { reason, right_body } => not_accept(run, case, reason, right_body.as_deref()),
        Command::Return { reason } => give_back(run, case, reason),
        Command::AskSupplement { demands } => ask_supplement(run, case, demands),
        Command::Supplement { answers, materials, facts } => supplement(run, case, answers, materials, facts),
        _ => Ok(()),
    }
}

/// 预审 done: it goes on, or is given back with the reason.
fn precheck(run: &mut Run<'_>, case: &Case, ok: bool, reason: &str) -> Result<(), Refusal> {
    let open = case.step(PRECHECK).is_some_and(|s| !s.seats().is_empty());
    if !open {
        return Err(no::wrong_state(&case.state, "cases.no-precheck", "预审", "pre-checked"));
    }
    if !ok {
        return give_back(run, case, reason);
    }
    let by = DoneBy::Person { agency: case.agency.clone(), account: run.by.account };
    let (step, discretion) = (PRECHECK.to_owned(), Discretion::default());
    run.push(CaseEvent::StepPassed { step, by, reason: None, discretion });
    after_precheck(run);
    Ok(())
}

/// 受理: with the special seal and the date, in writing (行政许可法第三十二条第一款第五项、第二款).
fn by_person(run: &mut Run<'_>, case: &Case) -> Result<(), Refusal> {
    match &case.state {
        CaseState::Submitted { .. } if unspoken(run.item, &case.parties) => Err(no::not_all_confirmed()),
        CaseState::Submitted { .. } => {
            pass_precheck(run, case);
            accept(run, Acceptance::ByPerson);
            advance(run);
            Ok(())
        }
        state => Err(no::wrong_state(state, "cases.cannot-accept", "受理", "accepted")),
    }
}

/// Whoever accepts has looked: an open pre-check is over with it.
pub(super) fn pass_precheck(run: &mut Run<'_>, case: &Case) {
    if case.step(PRECHECK).is_some_and(|s| !s.done()) {
        let by = DoneBy::Person { agency: case.agency.clone(), account: run.by.account };
        let (step, discretion) = (PRECHECK.to_owned(), Discretion::default());
        run.push(CaseEvent::StepPassed { step, by, reason: None, discretion });
    }
}

/// 不予受理: no licence is needed, or another body is competent, which is named (第三十二条第一款第一、二项). Before acceptance
/// only; a person's own accepting is final, the program's may be corrected by a person while nothing has been decided, outside
/// the licence frame.
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
        remedies: terms::remedies(case),
        openness: run.item.openness.clone(),
    });
    Ok(())
}

/// 退件: what the pre-check finds unfit is given back before it counts as received; it may be handed in again at any time. Once
/// it counts as received only the five ways of article 32 are open.
fn give_back(run: &mut Run<'_>, case: &Case, reason: &str) -> Result<(), Refusal> {
    let checking = case.step(PRECHECK).is_some_and(|s| !s.done());
    if !matches!(case.state, CaseState::Submitted { .. }) || !checking {
        return Err(no::wrong_state(&case.state, "cases.cannot-return", "退件", "given back"));
    }
    run.push(CaseEvent::Returned { reason: said(reason)? });
    Ok(())
}

/// 补正告知: once, everything, within five working days (第三十二条第一款第四项; 优化营商环境条例第三十六条).
fn ask_supplement(run: &mut Run<'_>, case: &Case, demands: &[Demand]) -> Result<(), Refusal> {
    match &case.state {
        CaseState::Submitted { .. } => {}
        CaseState::Accepted { .. } if case.frame.supplement_after_acceptance() => {}
        CaseState::Accepted { .. } | CaseState::Suspended { .. } => return Err(no::supplement_too_late()),
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
    let known = |d: &&Demand| match d.field.strip_prefix("materials.") {
        Some(paper) => run.item.materials.iter().any(|m| m.id == paper),
        None => run.item.form.field(&d.field).is_some(),
    };
    if let Some(wrong) = demands.iter().find(|d| !known(d)) {
        return Err(no::supplement_unknown(&wrong.field));
    }
    let term = terms::to_supply(run.item, run.at, run.calendar);
    run.push(CaseEvent::SupplementAsked { demands: demands.to_vec(), term });
    Ok(())
}

/// 补正: a new term to accept begins with the full correction (第三十二条第一款第五项).
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
    let terms = if accepted || !complete(run, case) {
        Vec::new()
    } else {
        terms::from_receipt(case.frame, run.at, run.calendar)
    };
    run.push(CaseEvent::Supplemented { answers: answers.clone(), materials: materials.to_vec(), terms });
    see(run, facts);
    if accepted {
        accept(run, Acceptance::ByRule);
    } else if case.step(PRECHECK).is_some_and(|s| !s.done()) {
        open_precheck(run);
    }
    advance(run);
    Ok(())
}
