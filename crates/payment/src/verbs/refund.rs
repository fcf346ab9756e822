//! Money is given back (退付): asked for by one person, decided by a second, sent the way it came.

use crate::model::*;
use crate::room::{Payments, no_right};
use crate::rules::{self, Command};
use crate::store as rows;
use ::store::Cx;
use identity::{Clerk, Staff};
use kernel::{Money, Outcome, clock};

/// A clerk or examiner asks that part or all of a paid order be given back.
///
/// # Errors
/// Not found; `payment.too-much`, `payment.no-reason`.
pub async fn ask_refund(
    cx: &mut Cx,
    p: &Payments,
    staff: &Staff,
    id: BillId,
    (order, amount): (OrderId, Money),
    reason: &str,
) -> Outcome<RefundId> {
    if !matches!(staff, Staff::Clerk(_) | Staff::Examiner(_)) {
        return Err(no_right().into());
    }
    let reach = p.reach(staff).await?;
    rows::bill_within(cx.store(), id, &reach).await?.ok_or_else(rules::no_bill)?;
    let (refund, of, by) = (cx.new_id(), RefundOf::Order(order), Some(staff.account()));
    let command = Command::AskRefund { refund, of, amount, reason: reason.to_owned(), by };
    p.carry_out(cx, id, &command).await?;
    Ok(refund)
}

/// A person in charge of the agency that collects decides, never whoever asked; what failed at the gateway is sent again.
///
/// # Errors
/// Not found; `payment.second-person`, `payment.refund-moved-on`, `payment.no-reason`; `payment.excess-goes-back` for refusing what came
/// in excess.
pub async fn decide_refund(
    cx: &mut Cx,
    p: &Payments,
    staff: &Staff,
    id: RefundId,
    approve: bool,
    reason: &str,
) -> Outcome<()> {
    if !decides(cx.store(), staff, cx.now).await? {
        return Err(no_right().into());
    }
    let bill = rows::refund_within(cx.store(), id, &p.reach(staff).await?).await?;
    let bill = bill.ok_or_else(rules::no_bill)?;
    let (by, reason) = (staff.account(), reason.to_owned());
    p.carry_out(cx, bill, &Command::DecideRefund { refund: id, by, approve, reason }).await.map(|_| ())
}

/// Whether somebody may decide on refunds: a person in charge of the agency, or who stands in for one.
pub(crate) async fn decides(store: &::store::Store, staff: &Staff, now: kernel::Timestamp) -> Outcome<bool> {
    match staff {
        Staff::Examiner(who) => Ok(identity::head_on(store, who, clock::legal_date(now)).await?),
        Staff::Clerk(_) | Staff::Supervisor(_) | Staff::Operator(_) => Ok(false),
    }
}

/// A clerk pays out at the window what was paid there and approved.
///
/// # Errors
/// Not found; `payment.by-gateway`, `payment.refund-moved-on`.
pub async fn pay_out(cx: &mut Cx, p: &Payments, clerk: &Clerk, id: RefundId) -> Outcome<()> {
    let reach = p.reach(&Staff::Clerk(clerk.clone())).await?;
    let bill = rows::refund_within(cx.store(), id, &reach).await?.ok_or_else(rules::no_bill)?;
    let (by, agency) = (clerk.account(), clerk.agency().clone());
    p.carry_out(cx, bill, &Command::PayOut { refund: id, by, agency }).await.map(|_| ())
}
