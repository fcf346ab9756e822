//! The fold of a bill's events.

use crate::event::BillEvent;
use crate::model::*;
use kernel::{Fault, Money, Timestamp};
use trace::Recorded;

/// The bill as its events have it.
///
/// # Errors
/// A [`Fault`] when it does not begin with its raising.
pub fn fold(events: &[Recorded<BillEvent>]) -> Result<Bill, Fault> {
    let mut all = events.iter();
    let first = all.next().ok_or_else(|| Fault::new("a bill without events"))?;
    let BillEvent::Raised(raised) = &first.event else {
        return Err(Fault::new("a bill that does not begin with its raising"));
    };
    let mut bill = begun(raised, first.occurred_at);
    for recorded in all {
        apply(&mut bill, &recorded.event, recorded.occurred_at);
    }
    Ok(bill)
}

/// A bill that was just raised.
pub(crate) fn begun(raised: &Raised, at: Timestamp) -> Bill {
    let order = |line: &Line| Order {
        line: line.clone(),
        state: OrderState::Open,
        granted: Vec::new(),
        paid: None,
        refunded: Money::ZERO,
    };
    Bill {
        orders: raised.lines.iter().map(order).collect(),
        raised: raised.clone(),
        at,
        trades: Vec::new(),
        refunds: Vec::new(),
        asked: Vec::new(),
        cancelled: false,
        overdue: false,
    }
}

/// What one more event makes of it.
pub fn apply(bill: &mut Bill, event: &BillEvent, at: Timestamp) {
    match event {
        BillEvent::Raised(_) => {}
        BillEvent::Reduced { order, granted } => {
            bill.asked.retain(|(of, g)| of != order || g.reduction != granted.reduction);
            reduced(bill, *order, granted);
        }
        BillEvent::ReductionAsked { order, granted } => bill.asked.push((*order, granted.clone())),
        BillEvent::ReductionRefused { order, reduction, .. } => {
            bill.asked.retain(|(of, g)| of != order || g.reduction != *reduction);
        }
        BillEvent::PaymentBegun { trade, parts, with } => {
            let (id, parts, with) = (*trade, parts.clone(), with.clone());
            bill.trades.push(Trade { id, parts, with, state: TradeState::Sent, at, excess: None });
            restate(bill);
        }
        BillEvent::PaymentFailed { trade, .. } => traded(bill, *trade, TradeState::Failed),
        BillEvent::PaymentClosed { trade, .. } => traded(bill, *trade, TradeState::Closed),
        BillEvent::PaymentPaid { trade, at, receipts, .. } => {
            let parts = bill.trade(*trade).map(|t| t.parts.clone()).unwrap_or_default();
            for order in &mut bill.orders {
                if parts.iter().any(|(id, _)| *id == order.line.order) {
                    let receipt = receipts.get(&order.line.account).cloned().unwrap_or_default();
                    order.state = OrderState::Paid;
                    let trade = Some(*trade);
                    order.paid = Some(Paid { means: Means::Gateway, at: *at, receipt, trade, agency: None });
                }
            }
            traded(bill, *trade, TradeState::Paid);
            bill.asked.clear();
        }
        BillEvent::PaymentExcess { trade, amount, .. } => {
            if let Some(trade) = bill.trades.iter_mut().find(|t| t.id == *trade) {
                trade.excess = Some(*amount).filter(|amount| *amount != Money::ZERO);
            }
            traded(bill, *trade, TradeState::Paid);
        }
        BillEvent::CounterPaid { means, receipts, agency, .. } => {
            bill.asked.clear();
            for order in bill.orders.iter_mut().filter(|o| o.unpaid()) {
                let receipt = receipts.get(&order.line.account).cloned().unwrap_or_default();
                order.state = OrderState::Paid;
                let agency = Some(agency.clone());
                order.paid = Some(Paid { means: *means, at, receipt, trade: None, agency });
            }
        }
        BillEvent::Overdue => bill.overdue = true,
        BillEvent::Cancelled { .. } => {
            bill.cancelled = true;
            bill.asked.clear();
        }
        BillEvent::RefundAsked { .. }
        | BillEvent::RefundApproved { .. }
        | BillEvent::RefundRefused { .. }
        | BillEvent::RefundDone { .. }
        | BillEvent::RefundFailed { .. } => refunded(bill, event, at),
    }
}

fn reduced(bill: &mut Bill, order: OrderId, granted: &Granted) {
    if let Some(order) = bill.orders.iter_mut().find(|o| o.line.order == order) {
        order.granted.push(granted.clone());
        if order.owed() == Money::ZERO {
            order.state = OrderState::Exempt;
        }
    }
}

fn traded(bill: &mut Bill, id: TradeId, state: TradeState) {
    if let Some(trade) = bill.trades.iter_mut().find(|t| t.id == id) {
        trade.state = state;
    }
    restate(bill);
}

/// What is unpaid stands as the payment under way does; open when there is none.
fn restate(bill: &mut Bill) {
    let under = bill.underway().map(|t| (t.state, t.parts.iter().map(|(id, _)| *id).collect::<Vec<_>>()));
    for order in bill.orders.iter_mut().filter(|o| o.unpaid()) {
        order.state = match &under {
            Some((TradeState::Sent, parts)) if parts.contains(&order.line.order) => OrderState::Sent,
            Some((TradeState::Failed, parts)) if parts.contains(&order.line.order) => OrderState::Failed,
            _ => OrderState::Open,
        };
    }
}

fn refunded(bill: &mut Bill, event: &BillEvent, at: Timestamp) {
    if let BillEvent::RefundAsked { refund, of, amount, reason, by } = event {
        let paid = match of {
            RefundOf::Order(id) => bill.order(*id).and_then(|o| o.paid.as_ref()).map(|p| (p.means, p.trade)),
            RefundOf::Excess(id) => Some((Means::Gateway, Some(*id))),
        };
        let (means, trade) = paid.unwrap_or((Means::Gateway, None));
        bill.refunds.push(Refund {
            id: *refund,
            of: *of,
            amount: *amount,
            reason: reason.clone(),
            asked_by: *by,
            at,
            state: RefundState::Asked,
            means,
            trade,
            refused: None,
            receipt: None,
        });
        return;
    }
    let (id, state) = match event {
        BillEvent::RefundApproved { refund, .. } => (*refund, RefundState::Approved),
        BillEvent::RefundRefused { refund, .. } => (*refund, RefundState::Refused),
        BillEvent::RefundDone { refund, .. } => (*refund, RefundState::Done),
        BillEvent::RefundFailed { refund, .. } => (*refund, RefundState::Failed),
        _ => return,
    };
    let Some(refund) = bill.refunds.iter_mut().find(|r| r.id == id) else { return };
    refund.state = state;
    match event {
        BillEvent::RefundRefused { reason, .. } => refund.refused = Some(reason.clone()),
        BillEvent::RefundDone { receipt, .. } => refund.receipt.clone_from(receipt),
        _ => {}
    }
    let (of, amount) = (refund.of, refund.amount);
    let RefundOf::Order(order) = of else { return };
    if let Some(order) = bill.orders.iter_mut().find(|o| o.line.order == order && state == RefundState::Done)
    {
        order.refunded = Money::fen(order.refunded.as_fen() + amount.as_fen());
        if order.refunded == order.owed() {
            order.state = OrderState::Refunded;
        }
    }
}
