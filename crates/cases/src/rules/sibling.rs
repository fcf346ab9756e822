//! What other cases of the same matter bring or fail to bring (一件事): a result that is awaited holds one step and the time to
//! accept, and nothing else; a refusal of one means for another only what the theme says.

use super::advance::{advance, is_automatic};
use super::decide::Run;
use super::file::accept;
use super::party::unspoken;
use super::{Command, no, terms};
use crate::event::{CaseEvent, SiblingEnd};
use crate::model::*;
use catalog::Item;
use kernel::{Money, Refusal, Text};
use procedure::RunningTerm;

pub(super) fn command(run: &mut Run<'_>, case: &Case, command: &Command) -> Result<(), Refusal> {
    let Command::Sibling { item, news } = command else { return Ok(()) };
    match news {
        SiblingNews::Granted { certificates } => granted(run, case, item, certificates),
        SiblingNews::Ended { why } => ended(run, case, item, why),
        SiblingNews::Owes => owes(run, case, item),
    }
}

/// The result came: it stands in the place of the paper, and whatever waited for it goes on.
fn granted(
    run: &mut Run<'_>,
    case: &Case,
    item: &str,
    certificates: &[(String, CertificateId)],
) -> Result<(), Refusal> {
    let met: Vec<(&Awaited, Option<CertificateId>)> = case
        .awaits
        .iter()
        .filter(|a| a.item == item && a.came.is_none())
        .filter_map(|a| Some((a, a.met_by(certificates)?)))
        .collect();
    if met.is_empty() {
        return Err(no::nothing_awaited());
    }
    let paper = |(a, id): &(&Awaited, Option<CertificateId>)| Some((a.demand.clone()?, (*id)?));
    let papers = met.iter().filter_map(paper).collect();
    let kinds = met.iter().filter_map(|(a, _)| a.certificate.clone()).collect();
    let left = case.awaits.iter().any(|a| holds(a) && !met.iter().any(|(m, _)| *m == a));
    let terms = begins(run, case, left);
    run.push(CaseEvent::SiblingGranted { item: item.to_owned(), kinds, papers, terms });
    if goes_on(case) {
        go_on(run);
    }
    Ok(())
}

/// It does not come: what the theme says of it follows, and nothing more.
fn ended(run: &mut Run<'_>, case: &Case, item: &str, why: &Text) -> Result<(), Refusal> {
    let told: Vec<&Awaited> = case.awaits.iter().filter(|a| a.item == item && a.failed.is_none()).collect();
    if told.is_empty() {
        return Err(no::nothing_awaited());
    }
    // A case that has built on the result already is not given back for it: whoever examines sees that it was taken back.
    let sinks = |a: &&&Awaited| a.then == Then::Ends && a.came.is_none() && goes_on(case);
    let ends = told.iter().find(sinks).map(|a| a.say.clone());
    let left = case.awaits.iter().any(|a| holds(a) && a.item != item);
    let terms = if ends.is_some() { Vec::new() } else { begins(run, case, left) };
    run.push(CaseEvent::SiblingEnded(SiblingEnd { item: item.to_owned(), why: why.clone(), terms }));
    match ends {
        Some(say) => {
            run.push(CaseEvent::Returned { reason: format!("{}{} {} {}", why.zh, say.zh, why.en, say.en) })
        }
        None if goes_on(case) => go_on(run),
        None => {}
    }
    Ok(())
}

/// Its fees are due, and with them what this case owes together with them: one act pays both.
fn owes(run: &mut Run<'_>, case: &Case, item: &str) -> Result<(), Refusal> {
    if !case.awaits.iter().any(|a| a.item == item && a.open() && a.billed.is_none()) {
        return Err(no::nothing_awaited());
    }
    run.push(CaseEvent::SiblingOwes { item: item.to_owned() });
    if goes_on(case) {
        go_on(run);
    }
    Ok(())
}

/// Whether news move it now. To a case that has ended they are only written down: a remedy may take it up again, and what is
/// told once must not be waited for then.
fn goes_on(case: &Case) -> bool {
    case.state.works() || matches!(case.state, CaseState::Supplement { .. })
}

/// Whether it holds a step up.
pub(super) fn holds(awaited: &Awaited) -> bool {
    awaited.open() && awaited.step.is_some()
}

/// The time to say whether it is accepted begins once nothing is awaited any more: an application counts as received when it is
/// complete (行政许可法第三十二条), and this one was not the applicant's to complete.
fn begins(run: &Run<'_>, case: &Case, left: bool) -> Vec<RunningTerm> {
    let waits = matches!(case.state, CaseState::Submitted { .. });
    if left || !waits || !case.waits() || unspoken(run.item, &case.parties) || by_rule(run, case) {
        return Vec::new();
    }
    terms::from_receipt(case.frame, run.at, run.calendar)
}

/// Whether the program accepts what is complete.
pub(super) fn by_rule(run: &Run<'_>, case: &Case) -> bool {
    case.frame.accepts_by_rule() || run.item.process.iter().all(is_automatic)
}

/// Whether nothing is outstanding that was not the applicant's own to bring: no result of another case, no other party's word.
pub(super) fn complete(run: &Run<'_>, case: &Case) -> bool {
    !case.waits() && !unspoken(run.item, &case.parties)
}

pub(super) fn go_on(run: &mut Run<'_>) {
    let Some(case) = &run.case else { return };
    let checked = case.step(PRECHECK).is_none_or(Step::done);
    let ready = matches!(case.state, CaseState::Submitted { .. }) && complete(run, case) && checked;
    if ready && by_rule(run, case) {
        accept(run, Acceptance::ByRule);
    }
    advance(run);
}

/// Why a person looks at a step whose paper does not come.
pub(super) fn without(case: &Case, step: &str) -> Option<Text> {
    let missing = |a: &&Awaited| {
        let matters = a.then == Then::Waits || a.demand.is_some();
        a.step.as_deref() == Some(step) && matters && a.failed.is_some()
    };
    let (_, why) = case.awaits.iter().find(missing).and_then(|a| a.failed.as_ref())?;
    Some(Text::new(
        format!("{}请核对本事项是否仍可办理。", why.zh),
        format!("{} Please see whether this can still be done.", why.en),
    ))
}

/// What an event of a case means for those that wait for its result.
pub(crate) fn news(item: &Item, case: &Case, event: &CaseEvent) -> Option<SiblingNews> {
    let name = &item.name;
    let ended = |zh: String, en: String| Some(SiblingNews::Ended { why: Text::new(zh, en) });
    match event {
        CaseEvent::Certified { certificates } => {
            let kinds = item.results.iter().map(|r| r.certificate.clone());
            Some(SiblingNews::Granted { certificates: kinds.zip(certificates.iter().copied()).collect() })
        }
        CaseEvent::FeesOwed(owes) if owes.fees.iter().any(|f| f.amount > Money::ZERO) => {
            Some(SiblingNews::Owes)
        }
        CaseEvent::Decided { decision: Decision::Approved { .. }, .. } if item.results.is_empty() => {
            Some(SiblingNews::Granted { certificates: Vec::new() })
        }
        CaseEvent::Decided { decision: Decision::Refused { reason, .. }, .. }
        | CaseEvent::RemedyEnded { changed: Some(Decision::Refused { reason, .. }), .. } => ended(
            format!("“{}”没有获准：{}", name.zh, reason.zh),
            format!("“{}” was refused: {}", name.en, reason.en),
        ),
        event if event.ends_otherwise() => {
            let state = case.state.name();
            ended(
                format!("“{}”{}，没有结果。", name.zh, state.zh),
                format!("“{}” ended without a result: {}.", name.en, state.en),
            )
        }
        _ => None,
    }
}
