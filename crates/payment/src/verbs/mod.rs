//! What can be done, one verb per file. Everything that happens to a bill goes through [`Payments::carry_out`] or, for several at once,
//! [`Payments::act`]: decided by the rules, written to trace, rows and books in one commit.

mod callback;
mod cancel;
mod counter;
mod demand;
mod fetch;
mod news;
mod pay;
mod raise;
mod receipts;
mod reconcile;
mod refund;
mod sweep;

pub use callback::{CALLBACK, callback};
pub use cancel::call_off;
pub use counter::{decide_reduction, reduce, take, take_all};
pub use demand::{Demand, ENDED, Owing, UNSENT, ask_all_back, demand, standing};
pub use fetch::{Fetched, fetch};
use news::settled_now;
pub use news::{BillNews, OwnBill, Settled, anything_open, news, own_bill, own_bills, own_matter, place};
pub(crate) use pay::paid_by;
pub use pay::{Paying, check, pay, pay_all, resume, settled_by};
pub use raise::{NewBill, NewLine, raise};
pub(crate) use reconcile::settle as settle_difference;
pub use reconcile::{Reconciled, reconcile};
pub(crate) use refund::decides;
pub use refund::{ask_refund, decide_refund, pay_out};
pub use sweep::{Swept, poll, sweep};

use crate::event::BillEvent;
use crate::ledger;
use crate::list::FeeList;
use crate::model::*;
use crate::room::Payments;
use crate::rules::{self, Act, Command};
use crate::store as rows;
use ::store::{Cx, Store};
use identity::letters::{self, Letter};
use kernel::{Fault, Outcome};
use trace::{Head, Subject};

pub(crate) fn subject(id: BillId) -> Subject {
    Subject::new("bill", id)
}

/// A bill as its events have it.
///
/// # Errors
/// Not found.
pub async fn bill(store: &Store, id: BillId) -> Outcome<Bill> {
    Ok(load(store, id).await?.1)
}

async fn load(store: &Store, id: BillId) -> Outcome<(Head, Bill)> {
    let (head, events) = trace::history::<BillEvent>(store, &subject(id)).await?;
    if events.is_empty() {
        return Err(rules::no_bill().into());
    }
    Ok((head, rules::fold(&events)?))
}

/// A bill as it stands while something is decided about it.
struct Held {
    id: BillId,
    head: Head,
    bill: Bill,
}

impl Held {
    async fn load(store: &Store, id: BillId) -> Outcome<Self> {
        let (head, bill) = load(store, id).await?;
        Ok(Self { id, head, bill })
    }

    /// Writes what happens to it; answers the bill and whether anything did.
    async fn keep(mut self, cx: &mut Cx, list: &FeeList, happened: Vec<BillEvent>) -> Outcome<(Bill, bool)> {
        let (before, any) = (self.bill.state(), !happened.is_empty());
        for event in happened {
            write(cx, list, self.id, (&mut self.head, &mut self.bill), &event)?;
        }
        if any {
            rows::update_bill(&mut cx.commit, self.id, &self.bill);
        }
        if before == BillState::Open {
            settled_now(cx, self.id, &self.bill)?;
        }
        Ok((self.bill, any))
    }

    /// Decides `command` on it, and writes what follows.
    async fn decide(self, cx: &mut Cx, list: &FeeList, command: &Command) -> Outcome<(Bill, bool)> {
        let mut happened = vec![rules::decide(&self.bill, command, cx.now)?];
        receipts::number(cx, list, &[&self.bill], &mut happened).await?;
        self.keep(cx, list, happened.pop().unwrap_or_default()).await
    }
}

/// The lists of the room that a verb needs.
impl Payments {
    /// Decides `command` on a bill as it stands, and writes what follows; answers the bill and whether anything happened.
    pub(crate) async fn carry_out(
        &self,
        cx: &mut Cx,
        id: BillId,
        command: &Command,
    ) -> Outcome<(Bill, bool)> {
        Held::load(cx.store(), id).await?.decide(cx, &self.list, command).await
    }

    /// Does something to several bills at once, or to none; answers the bills.
    pub(crate) async fn act(&self, cx: &mut Cx, ids: &[BillId], act: &Act) -> Outcome<Vec<Bill>> {
        let mut all = Vec::with_capacity(ids.len());
        for id in ids {
            all.push(Held::load(cx.store(), *id).await?);
        }
        let bills: Vec<(BillId, &Bill)> = all.iter().map(|h| (h.id, &h.bill)).collect();
        let mut happened = rules::act_on(&bills, act, cx.now)?;
        let bills: Vec<&Bill> = all.iter().map(|h| &h.bill).collect();
        receipts::number(cx, &self.list, &bills, &mut happened).await?;
        let mut after = Vec::with_capacity(all.len());
        for (held, happened) in all.into_iter().zip(happened) {
            after.push(held.keep(cx, &self.list, happened).await?.0);
        }
        Ok(after)
    }
}

/// One event: its trace, its entries, its rows.
fn write(
    cx: &mut Cx,
    list: &FeeList,
    id: BillId,
    (head, bill): (&mut Head, &mut Bill),
    event: &BillEvent,
) -> Outcome<()> {
    let entries = ledger::entries(bill, event)?;
    let (now, asked) = (cx.now, bill.asked.clone());
    trace::record(cx, head, &subject(id), event, now)?;
    rules::apply(bill, event, now);
    if bill.asked != asked {
        rows::put_asked(&mut cx.commit, id, bill, now);
    }
    rows::post(&mut cx.commit, &format!("bill:{id}:{}", head.seq), &entries, now);
    match event {
        BillEvent::PaymentBegun { trade, .. } => {
            let Some(trade) = bill.trade(*trade) else { return Ok(()) };
            let accounts = account_numbers(list, bill, trade)?;
            rows::put_trade(&mut cx.commit, id, trade, &accounts);
        }
        BillEvent::PaymentFailed { trade, .. }
        | BillEvent::PaymentClosed { trade, .. }
        | BillEvent::PaymentPaid { trade, .. }
        | BillEvent::PaymentExcess { trade, .. } => {
            if let Some(trade) = bill.trade(*trade) {
                rows::move_trade(&mut cx.commit, trade, event, now);
            }
        }
        BillEvent::RefundAsked { refund, .. } => {
            if let Some(refund) = bill.refund(*refund) {
                rows::insert_refund(&mut cx.commit, id, &bill.raised, refund);
            }
        }
        BillEvent::RefundApproved { refund, .. }
        | BillEvent::RefundRefused { refund, .. }
        | BillEvent::RefundDone { refund, .. }
        | BillEvent::RefundFailed { refund, .. } => {
            if let Some(refund) = bill.refund(*refund) {
                rows::move_refund(&mut cx.commit, refund, event, now);
            }
        }
        BillEvent::Overdue => {
            cx.commit.emit("payment.overdue", &format!("bill:{id}"), &bill.raised.about)?;
            letters::tell_subject(cx, bill.raised.payer, Letter::Asked)?;
        }
        _ => {}
    }
    receipts::put(cx, id, bill, event);
    Ok(())
}

/// The accounts of a payment's parts by their numbers at the gateway.
pub(crate) fn account_numbers(list: &FeeList, bill: &Bill, trade: &Trade) -> Result<Vec<String>, Fault> {
    let number = |(order, _): &(OrderId, kernel::Money)| {
        let code = bill.order(*order).map(|o| o.line.account.as_str()).unwrap_or_default();
        let account = list.account(code).map(|a| a.number.clone());
        account.ok_or_else(|| Fault::new(format!("the account {code} is not in the list of fees any more")))
    };
    trade.parts.iter().map(number).collect()
}
