//! At the window: money is taken, or less is to be paid.

use super::decides;
use crate::model::*;
use crate::room::{Payments, no_right};
use crate::rules::{self, Act, Command};
use crate::store as rows;
use ::store::Cx;
use identity::{Clerk, Staff};
use kernel::{Money, Outcome, Refusal, RefusalKind};

/// A clerk takes everything that is open of a bill of their city.
///
/// # Errors
/// Not found; `payment.not-the-amount`, `payment.underway`, `payment.settled`.
pub async fn take(
    cx: &mut Cx,
    p: &Payments,
    clerk: &Clerk,
    id: BillId,
    means: Means,
    amount: Money,
) -> Outcome<Bill> {
    let reach = p.reach(&Staff::Clerk(clerk.clone())).await?;
    rows::bill_within(cx.store(), id, &reach).await?.ok_or_else(rules::no_bill)?;
    let paid = p.act(cx, &[id], &counter(clerk, means, amount)).await?;
    Ok(paid.into_iter().next().ok_or_else(rules::no_bill)?)
}

/// A clerk takes by one act everything that is open of the bills of a matter and payer, found by one of them; those of their city.
///
/// # Errors
/// Those of [`take`], where one bill is refused.
pub async fn take_all(
    cx: &mut Cx,
    p: &Payments,
    clerk: &Clerk,
    id: BillId,
    means: Means,
    amount: Money,
) -> Outcome<Vec<Bill>> {
    let reach = p.reach(&Staff::Clerk(clerk.clone())).await?;
    let open = rows::bills_open_within(cx.store(), id, &reach).await?;
    let ids: Vec<BillId> = open.iter().map(|b| b.id).collect();
    p.act(cx, &ids, &counter(clerk, means, amount)).await
}

fn counter(clerk: &Clerk, means: Means, amount: Money) -> Act {
    Act::Counter { means, amount, by: clerk.account(), agency: clerk.agency().clone() }
}

/// A clerk or examiner grants a reduction of the list, down to nothing, on what was shown; a large one waits for a second person.
///
/// # Errors
/// Not found; `payment.no-reduction` for what the list does not know; `payment.no-evidence`.
pub async fn reduce(
    cx: &mut Cx,
    p: &Payments,
    staff: &Staff,
    id: BillId,
    (order, reduction): (OrderId, &str),
    evidence: &str,
) -> Outcome<Bill> {
    if !matches!(staff, Staff::Clerk(_) | Staff::Examiner(_)) {
        return Err(no_right().into());
    }
    let reach = p.reach(staff).await?;
    rows::bill_within(cx.store(), id, &reach).await?.ok_or_else(rules::no_bill)?;
    let bill = super::bill(cx.store(), id).await?;
    let line = bill.order(order).ok_or_else(rules::no_bill)?;
    let fee = p.list.fee(&line.line.fee).ok_or_else(|| rules::not_listed(&line.line.fee))?;
    let found = fee.reductions.iter().find(|r| r.id == reduction).ok_or_else(unknown)?;
    let granted = Granted {
        reduction: found.id.clone(),
        name: found.name.clone(),
        cut: found.of(line.line.amount),
        evidence: evidence.trim().to_owned(),
        by: staff.account(),
        agreed: None,
    };
    let alone = p.terms.reduce_alone_percent;
    Ok(p.carry_out(cx, id, &Command::Reduce { order, granted, alone }).await?.0)
}

/// A person in charge of the agency that collects decides on a reduction that is more than one person may grant; never whoever
/// asked for it.
///
/// # Errors
/// Not found; `payment.second-person`, `payment.reduction-moved-on`, `payment.no-reason`.
pub async fn decide_reduction(
    cx: &mut Cx,
    p: &Payments,
    staff: &Staff,
    id: BillId,
    (order, reduction): (OrderId, &str),
    (approve, reason): (bool, &str),
) -> Outcome<Bill> {
    if !decides(cx.store(), staff, cx.now).await? {
        return Err(no_right().into());
    }
    let reach = p.reach(staff).await?;
    rows::bill_within(cx.store(), id, &reach).await?.ok_or_else(rules::no_bill)?;
    let (by, reduction, reason) = (staff.account(), reduction.to_owned(), reason.to_owned());
    let command = Command::DecideReduction { order, reduction, by, approve, reason };
    Ok(p.carry_out(cx, id, &command).await?.0)
}

fn unknown() -> Refusal {
    let (zh, en) = ("请选择收费目录规定的减免。", "Choose a reduction that the list of fees knows.");
    Refusal::new(RefusalKind::Invalid, "payment.no-reduction", zh, en).field("reduction", zh, en)
}
