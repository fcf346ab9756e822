//! Pure decisions about a bill: `(bill, command, now) → events | refusal`; about several that are paid by one act ([`act_on`]); and the
//! fold of a bill's events.
//!
//! **Invariant:** money that came is never turned away: what no longer fits lies in excess and is asked to be given back.

mod act;
mod fold;
mod no;
#[cfg(test)]
mod tests;

pub use act::{Act, Answer, Said, act_on};
pub(crate) use fold::begun;
pub use fold::{apply, fold};
pub(crate) use no::{amount_differs, no_bill, no_gateway, not_listed};

use crate::event::{BillEvent, Heard};
use crate::model::*;
use kernel::{AccountId, AgencyCode, Money, Outcome, Timestamp};

/// What can be done with one bill.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Less is to be paid, or nothing.
    Reduce {
        /// For which order.
        order: OrderId,
        /// By what.
        granted: Granted,
        /// So many hundredths one person may take off.
        alone: u8,
    },
    /// A second person decides on a reduction.
    DecideReduction {
        /// For which order.
        order: OrderId,
        /// The reduction of the list.
        reduction: String,
        /// Who.
        by: AccountId,
        /// Whether it is agreed to.
        approve: bool,
        /// Why not.
        reason: String,
    },
    /// Money is to be given back.
    AskRefund {
        /// The refund's id.
        refund: RefundId,
        /// Of what.
        of: RefundOf,
        /// How much.
        amount: Money,
        /// Why.
        reason: String,
        /// Who asks; nobody when the program does, for what is not owed any more.
        by: Option<AccountId>,
    },
    /// A second person decides.
    DecideRefund {
        /// Which.
        refund: RefundId,
        /// Who.
        by: AccountId,
        /// Whether it is agreed to.
        approve: bool,
        /// Why not.
        reason: String,
    },
    /// The gateway gave it back, or could not.
    HearRefund {
        /// Which.
        refund: RefundId,
        /// Whether it did.
        done: bool,
        /// How much.
        amount: Money,
        /// When.
        at: Timestamp,
        /// How it was heard.
        via: Heard,
    },
    /// A clerk paid it out.
    PayOut {
        /// Which.
        refund: RefundId,
        /// Who.
        by: AccountId,
        /// At whose window.
        agency: AgencyCode,
    },
    /// Its term may have passed.
    Sweep,
    /// It is called off.
    Cancel {
        /// Why.
        reason: String,
    },
}

/// Decides.
///
/// # Errors
/// A refusal with what to do instead.
pub fn decide(bill: &Bill, command: &Command, now: Timestamp) -> Outcome<Vec<BillEvent>> {
    match command {
        Command::Reduce { order, granted, alone } => reduce(bill, *order, granted, *alone),
        Command::DecideReduction { order, reduction, by, approve, reason } => {
            decide_reduction(bill, (*order, reduction.as_str()), *by, *approve, reason)
        }
        Command::AskRefund { refund, of, amount, reason, by } => {
            ask_refund(bill, (*refund, *of), *amount, reason, *by)
        }
        Command::DecideRefund { refund, by, approve, reason } => {
            decide_refund(bill, *refund, *by, *approve, reason)
        }
        Command::HearRefund { refund, done, amount, at, via } => {
            hear_refund(bill, *refund, *done, *amount, (*at, *via))
        }
        Command::PayOut { refund, by, agency } => pay_out(bill, *refund, (*by, agency.clone()), now),
        Command::Sweep if bill.state() == BillState::Open && !bill.overdue && now > bill.raised.due.at => {
            Ok(vec![BillEvent::Overdue])
        }
        Command::Sweep => Ok(Vec::new()),
        Command::Cancel { reason } => {
            payable(bill)?;
            Ok(vec![BillEvent::Cancelled { reason: reason.clone() }])
        }
    }
}

/// Something is open, and no payment is under way whose outcome is not known.
fn payable(bill: &Bill) -> Outcome<()> {
    match bill.state() {
        BillState::Settled => Err(no::settled().into()),
        BillState::Cancelled => Err(no::cancelled().into()),
        BillState::Open if bill.underway().is_some() => Err(no::underway().into()),
        BillState::Open => Ok(()),
    }
}

/// A reduction of the list on what was shown. What takes more off a line than one person may, with what was taken off before, waits
/// for a second one.
fn reduce(bill: &Bill, id: OrderId, granted: &Granted, alone: u8) -> Outcome<Vec<BillEvent>> {
    payable(bill)?;
    let order = bill.order(id).ok_or_else(no::no_order)?;
    if !order.unpaid() {
        return Err(no::settled().into());
    }
    if granted.evidence.trim().is_empty() {
        return Err(no::no_evidence().into());
    }
    let asked = bill.asked.iter().any(|(of, g)| *of == id && g.reduction == granted.reduction);
    if asked || order.granted.iter().any(|g| g.reduction == granted.reduction) {
        return Err(no::granted_before().into());
    }
    let cut = granted.cut.min(order.owed());
    if cut <= Money::ZERO {
        return Err(no::no_reduction().into());
    }
    let (whole, left) = (order.line.amount.as_fen(), order.owed().as_fen() - cut.as_fen());
    let granted = Granted { cut, ..granted.clone() };
    let much = i128::from(whole - left) * 100 > i128::from(whole) * i128::from(alone);
    Ok(vec![match much {
        true => BillEvent::ReductionAsked { order: id, granted },
        false => BillEvent::Reduced { order: id, granted },
    }])
}

fn decide_reduction(
    bill: &Bill,
    (id, reduction): (OrderId, &str),
    by: AccountId,
    approve: bool,
    reason: &str,
) -> Outcome<Vec<BillEvent>> {
    let asked = bill.asked.iter().find(|(of, g)| *of == id && g.reduction == reduction);
    let (_, granted) = asked.ok_or_else(no::reduction_moved_on)?;
    if granted.by == by {
        return Err(no::second_person().into());
    }
    if !approve {
        if reason.trim().is_empty() {
            return Err(no::no_reason().into());
        }
        let (reduction, reason) = (reduction.to_owned(), reason.trim().to_owned());
        return Ok(vec![BillEvent::ReductionRefused { order: id, reduction, by, reason }]);
    }
    payable(bill)?;
    let order = bill.order(id).filter(|o| o.unpaid()).ok_or_else(no::settled)?;
    let granted = Granted { cut: granted.cut.min(order.owed()), agreed: Some(by), ..granted.clone() };
    Ok(vec![BillEvent::Reduced { order: id, granted }])
}

fn ask_refund(
    bill: &Bill,
    (refund, of): (RefundId, RefundOf),
    amount: Money,
    reason: &str,
    by: Option<AccountId>,
) -> Outcome<Vec<BillEvent>> {
    let left = bill.refundable(of);
    if amount <= Money::ZERO || amount > left {
        return Err(no::too_much(left).into());
    }
    if reason.trim().is_empty() {
        return Err(no::no_reason().into());
    }
    let reason = reason.trim().to_owned();
    Ok(vec![BillEvent::RefundAsked { refund, of, amount, reason, by }])
}

fn in_state(bill: &Bill, id: RefundId, state: RefundState) -> Outcome<&Refund> {
    let refund = bill.refund(id).ok_or_else(no::no_refund)?;
    if refund.state == state { Ok(refund) } else { Err(no::refund_moved_on().into()) }
}

fn decide_refund(
    bill: &Bill,
    id: RefundId,
    by: AccountId,
    approve: bool,
    reason: &str,
) -> Outcome<Vec<BillEvent>> {
    // What failed at the gateway is sent again under its own id, so that it cannot go back twice.
    let failed = approve && bill.refund(id).is_some_and(|r| r.state == RefundState::Failed);
    let refund = in_state(bill, id, if failed { RefundState::Failed } else { RefundState::Asked })?;
    if refund.asked_by == Some(by) {
        return Err(no::second_person().into());
    }
    if approve {
        return Ok(vec![BillEvent::RefundApproved { refund: id, by }]);
    }
    if matches!(refund.of, RefundOf::Excess(_)) {
        return Err(no::excess_goes_back().into());
    }
    if reason.trim().is_empty() {
        return Err(no::no_reason().into());
    }
    Ok(vec![BillEvent::RefundRefused { refund: id, by, reason: reason.trim().to_owned() }])
}

fn hear_refund(
    bill: &Bill,
    id: RefundId,
    done: bool,
    amount: Money,
    (at, via): (Timestamp, Heard),
) -> Outcome<Vec<BillEvent>> {
    let refund = bill.refund(id).ok_or_else(no::no_refund)?;
    // What the gateway says after a failure may still be that it went back in the end.
    let open = matches!(refund.state, RefundState::Approved | RefundState::Failed);
    if refund.means != Means::Gateway || !open {
        return Ok(Vec::new());
    }
    if !done {
        let first = refund.state == RefundState::Approved;
        return Ok(if first { vec![BillEvent::RefundFailed { refund: id, via }] } else { Vec::new() });
    }
    if amount != refund.amount {
        return Err(no::amount_differs().into());
    }
    Ok(vec![BillEvent::RefundDone { refund: id, at, by: None, receipt: None }])
}

fn pay_out(
    bill: &Bill,
    id: RefundId,
    by: (AccountId, AgencyCode),
    now: Timestamp,
) -> Outcome<Vec<BillEvent>> {
    let refund = in_state(bill, id, RefundState::Approved)?;
    if refund.means == Means::Gateway {
        return Err(no::by_gateway().into());
    }
    Ok(vec![BillEvent::RefundDone { refund: id, at: now, by: Some(by), receipt: None }])
}
