//! 延续: asked for before the end, decided before the end, and deemed granted when nobody decides (行政许可法第五十条).

use super::Application;
use super::decide::Run;
use super::{fees, no};
use crate::event::{CaseEvent, Validity};
use crate::model::*;
use jiff::SignedDuration;
use kernel::{Refusal, Text, clock};
use procedure::{AskedFor, RunningTerm};

/// The body's time to decide, from an application made in time. After the end there is nothing to prolong; one that comes within
/// the last days is taken, and silence then means nothing.
pub(super) fn asked(run: &Run<'_>, a: &Application) -> Result<Option<RunningTerm>, Refusal> {
    let window = a.renews.as_ref().and_then(|r| r.window(a.frame, run.calendar));
    let Some(window) = window else { return Ok(None) };
    match window.asked(clock::legal_date(run.at)) {
        AskedFor::InTime => Ok(window.to_decide(run.at, run.calendar)),
        AskedFor::Late => Ok(None),
        AskedFor::Ended => Err(no::renewal_ended(window.expires)),
    }
}

/// 视为准予延续: the last day is over and nobody has decided. While the applicant is asked to supply something the body was not
/// silent.
pub(super) fn deemed(run: &mut Run<'_>, case: &Case) {
    let Some(renews) = case.renews.as_ref().filter(|_| case.state.works()) else { return };
    // What was taken back or given up meanwhile has nothing to be prolonged; what is only suspended has.
    let gone = |r: &Relied| r.certificate == renews.certificate && !r.stands && r.state != "suspended";
    if case.relied.iter().any(gone) {
        return;
    }
    // The term ends with the last moment of the last day; the day after begins right behind it.
    let after = run.at + SignedDuration::from_secs(1);
    let window = renews.window(case.frame, run.calendar);
    let Some(deemed) = window.and_then(|w| w.deemed(renews.began, case.filed_at, None, after)) else {
        return;
    };
    let cite = deemed.law.cite();
    let reason = Text::new(
        format!("有效期届满前未作出决定，视为准予延续（{}）。", cite.zh),
        format!("It was not decided before the end of validity and counts as renewed ({}).", cite.en),
    );
    run.push(CaseEvent::DeemedRenewed(Validity { from: deemed.from, to: deemed.to }));
    let (decision, openness) =
        (Decision::Approved { reason: Some(reason), amount: None }, run.item.openness.clone());
    run.push(CaseEvent::Decided { decision, term: None, check: None, review: None, openness });
    fees::assess(run);
}
