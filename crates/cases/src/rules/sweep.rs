//! Silence is an act too: what follows when the end of a term passes. Each end is written down once, at its own moment.

use super::advance::{advance, open};
use super::decide::Run;
use super::party::unspoken;
use super::{halt, hearing, no, renewal, terms};
use crate::event::CaseEvent;
use crate::model::*;
use kernel::{Refusal, Text, Timestamp};
use procedure::wording::Consequence;
use procedure::{Answer, NoticeKind, RunningTerm, TermKind};

/// The next moment at which a term's end passes and something must be written down; none when nothing runs.
pub fn deadline(case: &Case) -> Option<Timestamp> {
    next(case).map(|t| t.due.at)
}

/// The times in which single ones may still ask for a hearing, where the first who asked has ended the common one.
fn to_ask(case: &Case) -> impl Iterator<Item = &RunningTerm> {
    let offered = case.hearing.iter().filter(|h| h.stage == HearingStage::Offered && !case.state.ended());
    offered.flat_map(|h| h.round.told.iter().filter(|t| t.answer == Answer::None).map(|t| &t.term))
}

/// The term whose end passes next; of several at one moment, the one that began first to run.
fn next(case: &Case) -> Option<&RunningTerm> {
    let all = case.terms.iter().chain(to_ask(case));
    // While a party cannot act, nothing of theirs runs out.
    let stands = |t: &RunningTerm| !case.halts.is_empty() && halt::stands(&t.kind);
    all.filter(|t| swept(t) && !stands(t) && !told(case, t) && known(case, t)).min_by_key(|t| t.due.at)
}

/// Nothing lapses of what whoever is to supply it was not told yet: the letter is still on its way.
fn known(case: &Case, term: &RunningTerm) -> bool {
    let waits = |(i, p): (&Issued, &Party)| {
        i.kind == NoticeKind::Supplement && case.filer().is_none_or(|filer| filer == p.subject)
    };
    term.kind != TermKind::Supplement || !case.unserved().any(waits)
}

/// The time for remedies ends without any event: what was decided then stands.
fn swept(term: &RunningTerm) -> bool {
    term.deadline().is_some() && term.kind != TermKind::Remedy
}

fn told(case: &Case, term: &RunningTerm) -> bool {
    case.overdue.iter().any(|o| o.kind == term.kind && o.due == term.due.at)
}

/// What follows from the end that passed at the act's moment.
pub(super) fn pass(run: &mut Run<'_>, case: &Case) -> Result<(), Refusal> {
    let Some(term) = next(case).filter(|t| t.due.at <= run.at).cloned() else {
        return Err(no::nothing_due());
    };
    run.push(CaseEvent::TermPassed { kind: term.kind.clone(), due: term.due.at });
    match &term.kind {
        TermKind::Acceptance => deemed(run, case, &term),
        TermKind::Confirmation => unconfirmed(run, case),
        TermKind::Supplement => lapse(run, case),
        TermKind::HearingRequest | TermKind::InterestedRequest(_) => hearing::time_over(run),
        TermKind::Publicity(step) => published(run, case, step),
        TermKind::Promise(material) => broken(run, case, material),
        TermKind::Renewal => renewal::deemed(run, case),
        _ => {}
    }
    Ok(())
}

/// 视为受理: nobody said in time what is missing; it counts as accepted from the day it was received, and the time to decide
/// runs from there (行政许可法第三十二条第一款第四项).
fn deemed(run: &mut Run<'_>, case: &Case, term: &RunningTerm) {
    if !matches!(case.state, CaseState::Submitted { .. }) {
        return;
    }
    if case.step(PRECHECK).is_some_and(|s| !s.done()) {
        run.push(CaseEvent::StepSkipped { step: PRECHECK.to_owned() });
    }
    let terms = terms::from_acceptance(case.frame, run.item, term.from, run.calendar);
    run.push(CaseEvent::Accepted { how: Acceptance::Deemed, from: Some(term.from), terms });
    // The program cannot have decided before silence did: what was ready waits for this moment.
    if matches!(run.case.as_ref().map(|c| &c.state), Some(CaseState::Accepted { .. })) {
        advance(run);
    }
}

/// 补交不来: the applicant did not supply in time, and had been told what follows (local regulations: deemed withdrawn).
fn lapse(run: &mut Run<'_>, case: &Case) {
    if let CaseState::Supplement { .. } = case.state {
        let reason = Text::new(
            "申请人未在规定期限内补正材料，终止办理。",
            "What was asked for was not supplied in time; the case is ended.",
        );
        run.push(CaseEvent::Lapsed { reason, remedies: terms::remedies(case) });
    }
}

/// 共同申请未成: one side alone cannot apply, and had been told until when the other may join.
fn unconfirmed(run: &mut Run<'_>, case: &Case) {
    if case.state.ended() || case.state.decision().is_some() || !unspoken(run.item, &case.parties) {
        return;
    }
    let reason = Text::new(
        "共同申请的其他当事人没有在期限内确认，申请没有成立，终止办理；各方随时可以重新申请。",
        "The other parties did not confirm in time, so there is no joint application; the case is ended, and they may apply anew at any time.",
    );
    run.push(CaseEvent::Lapsed { reason, remedies: terms::remedies(case) });
}

/// 公示期满: without objection it passes by itself; otherwise a person looks at what was objected.
fn published(run: &mut Run<'_>, case: &Case, step: &str) {
    let Some(current) = case.step(step).filter(|_| case.state.works()) else { return };
    let StepState::Open { since, .. } = current.state else { return };
    let objected: Vec<&Objection> =
        case.objections.iter().filter(|o| o.step == step && o.at >= since).collect();
    if objected.is_empty() {
        let (step, by, discretion) = (step.to_owned(), DoneBy::Publicity, Discretion::default());
        run.push(CaseEvent::StepPassed { step, by, reason: None, discretion });
        return advance(run);
    }
    let Some(spec) = run.item.process.iter().find(|s| s.id == step) else { return };
    let why = objected.iter().map(|o| o.reason.as_str()).collect::<Vec<_>>().join("；");
    let why = Text::new(format!("公示期间有异议：{why}"), format!("Objections were raised: {why}"));
    open(run, spec, Some(Referral { why, unmet: Vec::new() }));
}

/// 容缺: what was promised did not come; what had been told follows.
fn broken(run: &mut Run<'_>, case: &Case, material: &str) {
    let Some(promise) = case.promises.iter().find(|p| p.material == material && p.open()) else { return };
    run.push(CaseEvent::PromiseBroken { material: material.to_owned() });
    // Refused with reasons and remedies where that was told; before acceptance there is nothing to refuse yet.
    let accepted = matches!(case.state, CaseState::Accepted { .. } | CaseState::Suspended { .. });
    if promise.then == Consequence::Refuse && accepted {
        return advance(run);
    }
    if case.state.works() || matches!(case.state, CaseState::Supplement { .. }) {
        let (name, then) = (&promise.name, &promise.consequence);
        let reason = Text::new(
            format!("承诺后补的“{}”逾期未交。{}", name.zh, then.zh),
            format!("“{}” was promised and did not come in time. {}", name.en, then.en),
        );
        run.push(CaseEvent::Lapsed { reason, remedies: terms::remedies(case) });
    }
}
