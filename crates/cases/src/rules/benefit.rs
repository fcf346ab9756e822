//! A benefit after its grant: looked at again from time to time, paid more or less, and ended (社会救助暂行办法第十三条).

use super::decide::{Run, said};
use super::{Command, no, terms};
use crate::event::CaseEvent;
use crate::model::*;
use kernel::{Money, Refusal, Text, clock};
use procedure::Exit;

pub(super) fn command(run: &mut Run<'_>, case: &Case, command: &Command) -> Result<(), Refusal> {
    match command {
        Command::Review { text, amount } => review(run, case, text, *amount),
        Command::StopBenefit { why, text } => stop(run, case, *why, text),
        _ => Ok(()),
    }
}

/// It was granted, is paid, and has not ended.
fn paid(case: &Case) -> Result<(), Refusal> {
    if !case.frame.pays() {
        return Err(no::pays_nothing());
    }
    if case.state.decision().is_none_or(|d| !d.approved()) {
        return Err(no::wrong_state(&case.state, "cases.cannot-review", "复核", "looked at again"));
    }
    if case.stopped.is_some() { Err(no::stopped_before()) } else { Ok(()) }
}

/// 定期核查: the conditions hold; what is paid goes on, perhaps at another amount. Where they hold no more it is stopped instead.
fn review(run: &mut Run<'_>, case: &Case, text: &str, amount: Option<Money>) -> Result<(), Refusal> {
    paid(case)?;
    let text = said(text)?;
    let now = case.paid_now();
    if amount.is_some() && now.is_none() {
        return Err(no::sets_no_amount());
    }
    let amount = amount.filter(|amount| Some(*amount) != now);
    let next = terms::to_review((case.frame, run.item), run.at, run.calendar);
    run.push(CaseEvent::Reviewed(Reviewed { text, amount, next }));
    Ok(())
}

/// 退出: with the reason, the day from which nothing is paid, and what can be done against it. That somebody deceived is for the head
/// of the body to find, as a revocation is.
fn stop(run: &mut Run<'_>, case: &Case, why: Exit, text: &str) -> Result<(), Refusal> {
    paid(case)?;
    if why == Exit::Fraud && !run.by.head {
        return Err(no::head_only(&Text::new("本行政机关负责人", "the head of the agency")));
    }
    let rule = case.frame.exit(why, clock::legal_date(run.at)).ok_or_else(no::pays_nothing)?;
    let (text, from, repaid) = (said(text)?, rule.from, rule.repaid);
    let remedies = terms::remedies(case);
    run.push(CaseEvent::Stopped(Stopped { why, text, from, repaid, remedies }));
    Ok(())
}
