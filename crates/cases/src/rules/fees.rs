//! 缴费: what is owed is worked out from the facts whenever they change; what must be paid before a step or the decision holds it
//! (先税后证), and the body's terms stand still while nothing else is missing.
//!
//! No law of procedure counts the payer's time for or against the body. A term binds the body's own work (行政许可法第四十二条,
//! 不动产登记暂行条例第二十条), and there is none left; whoever's law lets it run writes `while_unpaid: runs` in the pack.

use super::advance::{advance, granted_but_for_money, turn_but_for_money};
use super::decide::Run;
use super::file::accept;
use super::fold::pauses;
use super::party::unspoken;
use super::{env, sibling, terms};
use crate::event::{CaseEvent, FeesOwed, FeesTold, OwedFee, PaymentAwaited};
use crate::model::*;
use catalog::{DECISION, Fee, FeeDue, Item, Owed, WhileUnpaid};
use kernel::{Money, SubjectId, Timestamp};
use procedure::{Exclusion, RunningTerm};

/// Writes down what became of a bill; late news and the same news twice change nothing. What has ended is told too: its party reads
/// there what was paid.
pub(super) fn told(run: &mut Run<'_>, case: &Case, told: &FeesTold) {
    let late = |known: &FeesTold| {
        let same = FeesTold { rev: known.rev, ..told.clone() } == *known;
        same || told.rev < known.rev || (told.rev == known.rev && (known.settled || known.cancelled))
    };
    if case.fees.iter().any(|f| f.bill == told.bill && late(f)) {
        return;
    }
    run.push(CaseEvent::FeesTold(told.clone()));
    if case.state.works() {
        advance(run);
    }
}

/// The fees that are billed; what was due on acceptance elsewhere is that system's to bill.
fn billed<'a>(item: &'a Item, case: &Case) -> impl Iterator<Item = (&'a str, &'a Fee)> {
    let imported = case.imported.is_some();
    let here = move |fee: &&Fee| !imported || !matches!(fee.due, FeeDue::Acceptance | FeeDue::Together);
    item.fees.iter().filter(here).filter_map(|fee| Some((fee.code.as_deref()?, fee)))
}

/// Whether the fees of a case whose result it waits for are due: what is due together with them is due too, once nobody's yes is missing.
fn beside(run: &Run<'_>, case: &Case) -> bool {
    case.awaits.iter().any(|a| a.billed.is_some()) && !unspoken(run.item, &case.parties)
}

fn demanded<'a>(case: &'a Case, code: &str) -> Option<&'a OwedFee> {
    case.owes.iter().flat_map(|o| &o.fees).find(|f| f.code == code)
}

/// Works out what is owed by the facts as they are, and writes it down where it is another than before. What is reckoned anew is
/// reckoned for the day on which it was first owed, so that no amount changes by waiting.
pub(super) fn assess(run: &mut Run<'_>) {
    let Some(case) = &run.case else { return };
    let granted = case.state.decision().is_some_and(Decision::approved);
    let accepted = granted || matches!(case.state, CaseState::Accepted { .. } | CaseState::Suspended { .. });
    let together = accepted || (matches!(case.state, CaseState::Submitted { .. }) && beside(run, case));
    if !together {
        return;
    }
    let mut owes = FeesOwed::default();
    for (code, fee) in billed(run.item, case) {
        let known = demanded(case, code);
        if !accepted && fee.due != FeeDue::Together {
            owes.fees.extend(known.cloned());
            continue;
        }
        let due = match fee.due {
            FeeDue::Together | FeeDue::Acceptance => true,
            FeeDue::Assessment => granted || fee.before.as_deref().is_some_and(|b| only_money(run, b)),
            FeeDue::Grant => granted,
        };
        if !due {
            // Examined once more: what was assessed falls, but for what is paid, which the next assessment takes into account.
            owes.fees.extend(known.filter(|k| settled(case, k.payer)).cloned());
            continue;
        }
        let since = known.map_or(run.at, |k| k.since);
        match (fee.owed(&env::facts_of(case, since)), payer_of(fee, case)) {
            // What was owed once and is no longer is told as nothing, so that what was paid goes back.
            (Owed::Not, _) => {
                owes.fees.extend(known.map(|k| OwedFee { amount: Money::ZERO, ..k.clone() }));
            }
            (Owed::Known(amount), Some(payer)) => {
                let (code, payer, payer_name) = (code.to_owned(), payer.subject, payer.name.clone());
                owes.fees.push(OwedFee { code, amount, payer, payer_name, since });
            }
            (Owed::Known(_) | Owed::Open(_), _) => owes.open = true,
        }
    }
    if case.owes.clone().unwrap_or_default() != owes {
        run.push(CaseEvent::FeesOwed(owes));
    }
}

/// Who pays: whoever has the role that the fee names, and nobody in their place; the first party where it names none.
fn payer_of<'a>(fee: &Fee, case: &'a Case) -> Option<&'a Party> {
    match &fee.payer {
        Some(role) if role != catalog::APPLICANT => case.parties.iter().find(|p| p.role == *role),
        _ => case.parties.first(),
    }
}

/// Whether the bills of a payer that are settled stand for everything the payer owes.
fn settled(case: &Case, payer: SubjectId) -> bool {
    let owed = case.owes.iter().flat_map(|o| &o.fees).filter(|f| f.payer == payer);
    let paid = case.fees.iter().filter(|f| f.payer == Some(payer) && f.settled && !f.cancelled);
    Money::sum(paid.map(|f| f.amount)) >= Money::sum(owed.map(|f| f.amount))
}

/// Whether something must still be paid before this step, or before the decision in favour.
pub(crate) fn awaited(case: &Case, item: &Item, target: &str, at: Timestamp) -> bool {
    if case.state.decision().is_some_and(|d| !d.approved()) {
        return false;
    }
    let before = |fee: &Fee| fee.before.as_deref() == Some(target);
    billed(item, case).filter(|(_, fee)| before(fee)).any(|(code, fee)| match demanded(case, code) {
        Some(known) => known.amount > Money::ZERO && !settled(case, known.payer),
        None => !matches!(fee.owed(&env::facts_of(case, at)), Owed::Not | Owed::Known(Money::ZERO)),
    })
}

/// Those who have still to pay something, each once.
pub fn unpaid_by(case: &Case) -> Vec<SubjectId> {
    let mut all = Vec::new();
    for fee in case.owes.iter().flat_map(|o| &o.fees) {
        if fee.amount > Money::ZERO && !all.contains(&fee.payer) && !settled(case, fee.payer) {
            all.push(fee.payer);
        }
    }
    all
}

/// Whether nothing but money is missing before this step, or the decision.
fn only_money(run: &Run<'_>, target: &str) -> bool {
    if target == DECISION {
        return granted_but_for_money(run);
    }
    run.spec(target).is_some_and(|spec| turn_but_for_money(run, spec))
}

/// What was examined before it was complete, and is complete now but for money, is accepted: nobody has a task in which to say so, and
/// its fees are due from there.
pub(super) fn accept_examined(run: &mut Run<'_>) {
    let Some(case) = &run.case else { return };
    let busy = |s: &Step| matches!(s.state, StepState::Open { .. } | StepState::Held { .. });
    let examined = case.steps.iter().any(|s| s.id != PRECHECK && s.passed() && s.by_person());
    let waits = matches!(case.state, CaseState::Submitted { .. }) && !case.steps.iter().any(busy);
    if !waits || !examined || !sibling::complete(run, case) {
        return;
    }
    let holds = |fee: &Fee| {
        let target = fee.before.as_deref();
        target.is_some_and(|t| awaited(case, run.item, t, run.at) && only_money(run, t))
    };
    if billed(run.item, case).any(|(_, fee)| holds(fee)) {
        accept(run, Acceptance::ByPerson);
    }
}

/// The fees for whose payment alone the case waits now; none while there is anything else for anybody to do.
fn missing<'a>(run: &'a Run<'_>, case: &'a Case) -> Vec<&'a Fee> {
    let busy = |s: &Step| matches!(s.state, StepState::Open { .. } | StepState::Held { .. });
    if !matches!(case.state, CaseState::Accepted { .. }) || case.steps.iter().any(busy) {
        return Vec::new();
    }
    let waits = |fee: &&Fee| {
        let target = fee.before.as_deref();
        target.is_some_and(|t| awaited(case, run.item, t, run.at) && only_money(run, t))
    };
    billed(run.item, case).map(|(_, fee)| fee).filter(waits).collect()
}

/// The body's terms stand still while nothing but a payment is missing, and go on afterwards.
pub(super) fn stand(run: &mut Run<'_>) {
    let Some(case) = &run.case else { return };
    let fees = missing(run, case);
    if fees.is_empty() {
        return over(run);
    }
    let terms = match fees.iter().any(|f| f.while_unpaid == WhileUnpaid::Stands) {
        true => at_rest(case, &fees, run.at),
        false => Vec::new(),
    };
    if case.unpaid.is_none() || !terms.is_empty() {
        run.push(CaseEvent::PaymentAwaited(PaymentAwaited { waits: true, terms }));
    }
}

/// What was missing came, before anything else happens.
pub(super) fn came(run: &mut Run<'_>) {
    let waits = run.case.as_ref().is_some_and(|case| !missing(run, case).is_empty());
    if !waits {
        over(run);
    }
}

/// It waits for no payment any more, or for something else first.
pub(super) fn over(run: &mut Run<'_>) {
    let Some(case) = run.case.as_ref().filter(|c| c.unpaid.is_some()) else { return };
    let terms = terms::resumed(case, run.at, run.calendar);
    run.push(CaseEvent::PaymentAwaited(PaymentAwaited { waits: false, terms }));
}

fn at_rest(case: &Case, fees: &[&Fee], at: Timestamp) -> Vec<RunningTerm> {
    let names: Vec<&str> = fees.iter().map(|f| f.name.zh.as_str()).collect();
    let reason = names.join("、");
    let moving = |t: &&RunningTerm| t.runs() && pauses(&t.kind) && t.excluded.iter().all(|e| e.to.is_some());
    let rest = |t: &RunningTerm| {
        let (mut term, reason) = (t.clone(), reason.clone());
        term.pause(Exclusion { kind: SuspensionKind::Payment, from: at, to: None, reason, law: None });
        term
    };
    case.terms.iter().filter(moving).map(rest).collect()
}
