//! 收件: the first act of every case; and what later answers of sources bring.

use super::advance::{advance, is_automatic};
use super::decide::Run;
use super::party::unspoken;
use super::sibling::{by_rule, complete, holds};
use super::{Act, Application, env, no, renewal, task_id, terms};
use crate::event::{CaseEvent, Filed};
use crate::model::*;
use kernel::Refusal;
use kernel::rules::Verdict;
use procedure::wording::Consequence;
use procedure::{RunningTerm, TermKind};
use std::collections::BTreeSet;

/// Somebody applies, and nobody twice in one role.
fn parties_fit(a: &Application) -> Result<(), Refusal> {
    if a.parties.is_empty() {
        return Err(no::no_parties());
    }
    let distinct: BTreeSet<_> = a.parties.iter().map(|p| (p.subject, p.role.as_str())).collect();
    if distinct.len() < a.parties.len() {
        return Err(no::party_twice());
    }
    Ok(())
}

/// Receives an application. The body gives a receipt with its seal and the date (行政许可法第三十二条第二款).
pub(super) fn file(run: &mut Run<'_>, a: &Application, act: &Act) -> Result<(), Refusal> {
    parties_fit(a)?;
    let declared = declared(run, a)?;
    let promises = promises(run, a)?;
    let checks = run.item.precheck.is_some();
    let by_rule = a.frame.accepts_by_rule() || run.item.process.iter().all(is_automatic);
    let unspoken = unspoken(run.item, &a.parties);
    let waits = unspoken || a.awaits.iter().any(holds);
    let mut terms =
        if by_rule || waits { Vec::new() } else { terms::from_receipt(a.frame, run.at, run.calendar) };
    let start = |kind, term| RunningTerm::start(kind, run.at, term, None, run.calendar);
    terms.extend(unspoken.then(|| terms::to_confirm(run.item, run.at, run.calendar)));
    terms.extend(run.item.precheck.map(|term| start(TermKind::Precheck, term)));
    terms.extend(promises.iter().filter_map(|p| {
        let within = run.item.materials.iter().find(|m| m.id == p.material)?.tolerable.as_ref()?.within;
        Some(start(TermKind::Promise(p.material.clone()), within))
    }));
    terms.extend(renewal::asked(run, a)?);
    let first = checks.then(|| PRECHECK.to_owned());
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
        steps: first.into_iter().chain(run.item.process.iter().map(|s| s.id.clone())).collect(),
        terms,
        agencies: a.agencies.clone(),
        joint: run.item.joint,
        paper: a.paper,
        promises,
        declared,
        origin: None,
        by: a.by,
        agent: a.agent.clone(),
        awaits: a.awaits.clone(),
        awaited_by: a.awaited_by.clone(),
        renews: a.renews.clone(),
        received: a.received.clone(),
        window: a.window.clone(),
        late: act.late.clone(),
    })));
    see(run, &a.facts);
    for dispute in a.disputes.iter().filter(|d| a.facts.iter().any(|f| f.alias == d.alias())) {
        run.push(CaseEvent::Disputed { dispute: Dispute { at: run.at, settled: None, ..dispute.clone() } });
    }
    begin(run, by_rule && !waits);
    Ok(())
}

/// Opens the pre-check, or goes on at once.
fn begin(run: &mut Run<'_>, by_rule: bool) {
    if run.item.precheck.is_some() {
        open_precheck(run);
    } else if by_rule {
        accept(run, Acceptance::ByRule);
    }
    advance(run);
}

/// 预审: a clerk looks at the form before it counts as received (Regulation on Optimising the Business Environment, local rules).
pub(super) fn open_precheck(run: &mut Run<'_>) {
    let Some(case) = &run.case else { return };
    let round = case.step(PRECHECK).map_or(1, |s| s.round + 1);
    let seat = Seat::new(task_id(case.id, PRECHECK, round, 0), case.agency.clone());
    let (step, seats) = (PRECHECK.to_owned(), vec![seat]);
    run.push(CaseEvent::StepOpened { step, round, seats, referred: None, term: None });
}

/// After the pre-check: accepted by the program where the frame leaves it to it.
pub(super) fn after_precheck(run: &mut Run<'_>) {
    let Some(case) = &run.case else { return };
    let waits = matches!(case.state, CaseState::Submitted { .. });
    if waits && complete(run, case) && by_rule(run, case) {
        accept(run, Acceptance::ByRule);
    }
    advance(run);
}

pub(super) fn see(run: &mut Run<'_>, facts: &[Fact]) {
    if !facts.is_empty() {
        run.push(CaseEvent::FactsSeen { facts: facts.to_vec() });
    }
}

/// Accepts with the terms that run from it.
pub(super) fn accept(run: &mut Run<'_>, how: Acceptance) {
    let Some(frame) = run.case.as_ref().map(|c| c.frame) else { return };
    let terms = terms::from_acceptance(frame, run.item, run.at, run.calendar);
    run.push(CaseEvent::Accepted { how, from: None, terms });
}

/// A source answered that had not.
pub(super) fn learn(run: &mut Run<'_>, case: &Case, facts: &[Fact]) -> Result<(), Refusal> {
    if !case.state.works() && !matches!(case.state, CaseState::Supplement { .. }) {
        return Err(no::wrong_state(
            &case.state,
            "cases.nothing-to-learn",
            "再补取数据",
            "given further facts",
        ));
    }
    see(run, facts);
    advance(run);
    Ok(())
}

/// 告知承诺: only where the item offers it, and to whom it is open (国办发〔2020〕42号).
fn declared(run: &Run<'_>, a: &Application) -> Result<Option<Declared>, Refusal> {
    if !a.declares {
        return Ok(None);
    }
    let spec = run.item.declaration.as_ref().ok_or_else(no::no_declaration)?;
    let facts = env::facts_value(&a.answers, &a.facts, run.at);
    let closed = spec.not_when.as_ref().and_then(|c| c.rule());
    // Who cannot be shown to be outside the excluded group is not let in: the declaration stands in for an examination.
    if closed.is_some_and(|rule| rule.test(&facts) != Verdict::No) {
        return Err(no::declaration_closed());
    }
    let (obligation, liability) = (spec.obligation.clone(), spec.liability.clone());
    Ok(Some(Declared { obligation, liability, steps: spec.steps.clone(), checked: None }))
}

/// 容缺受理: only papers that the item lets come later, each with its time and what follows.
fn promises(run: &Run<'_>, a: &Application) -> Result<Vec<Promise>, Refusal> {
    let promise = |id: &String| {
        let spec = run.item.materials.iter().find(|m| m.id == *id);
        let tolerable = spec.and_then(|m| Some((m, m.tolerable.as_ref()?)));
        let (material, tolerance) = tolerable.ok_or_else(|| no::not_tolerable(id))?;
        Ok(Promise {
            material: id.clone(),
            name: material.name.clone(),
            due: run.calendar.due(run.at, tolerance.within).at,
            then: match tolerance.then {
                catalog::IfMissing::Lapse => Consequence::Lapse,
                catalog::IfMissing::Refuse => Consequence::Refuse,
            },
            consequence: tolerance.consequence.clone(),
            kept_at: None,
            broken_at: None,
        })
    };
    a.promises.iter().map(promise).collect()
}
