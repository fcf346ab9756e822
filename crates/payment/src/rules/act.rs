//! One act over one bill or several of a matter: done to all of them, or to none. All of its bills hear of it in one commit, so that a
//! payment stands in the same state with each.

use super::{no, payable};
use crate::event::{BillEvent, Heard, Receipts};
use crate::model::*;
use kernel::{AccountId, AgencyCode, Money, Outcome, Timestamp};

/// How long a payment the gateway knows nothing of may still be on its way there.
const ARRIVES_WITHIN_SECONDS: i64 = 300;

/// What the gateway says of a payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// It knows of none.
    Unknown,
    /// It waits for the payer.
    Waiting,
    /// It failed.
    Failed,
    /// It is closed and cannot be paid any more.
    Closed,
    /// It is paid.
    Paid,
}

/// What was heard of a payment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// What became of it.
    pub answer: Answer,
    /// How much, the whole of it.
    pub amount: Money,
    /// The gateway's own number.
    pub gateway_no: String,
    /// When.
    pub at: Timestamp,
    /// How it was heard.
    pub via: Heard,
}

/// What is done to bills together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// The payer sets out to pay all that is open.
    Begin {
        /// The payment's id.
        trade: TradeId,
        /// What the payer was shown as the whole, where a page says so.
        seen: Option<Money>,
    },
    /// Something was heard of a payment.
    Hear {
        /// Which.
        trade: TradeId,
        /// What.
        said: Said,
        /// For each bill the id of the refund that is asked for when its money came in excess.
        spares: Vec<RefundId>,
    },
    /// A clerk takes all that is open.
    Counter {
        /// By what means.
        means: Means,
        /// How much was taken.
        amount: Money,
        /// Who.
        by: AccountId,
        /// At whose window.
        agency: AgencyCode,
    },
}

/// Decides for all bills of an act at once: what happens to each, in their order.
///
/// # Errors
/// A refusal of one is a refusal of all; `payment.settled` where there is none.
pub fn act_on(bills: &[(BillId, &Bill)], act: &Act, now: Timestamp) -> Outcome<Vec<Vec<BillEvent>>> {
    if bills.is_empty() {
        return Err(no::settled().into());
    }
    match act {
        Act::Begin { trade, seen } => begin(bills, *trade, *seen),
        Act::Hear { trade, said, spares } => hear(bills, *trade, said, spares, now),
        Act::Counter { means, amount, by, agency } => counter(bills, *means, *amount, |means, amount| {
            let (by, agency, receipts) = (*by, agency.clone(), Receipts::new());
            BillEvent::CounterPaid { means, amount, by, agency, receipts }
        }),
    }
}

/// What is open of them together; each must be payable.
fn owed(bills: &[(BillId, &Bill)]) -> Outcome<Money> {
    bills.iter().try_for_each(|(_, bill)| payable(bill))?;
    Ok(Money::fen(bills.iter().map(|(_, bill)| bill.owed().as_fen()).sum()))
}

fn begin(bills: &[(BillId, &Bill)], trade: TradeId, seen: Option<Money>) -> Outcome<Vec<Vec<BillEvent>>> {
    let owed = owed(bills)?;
    if seen.is_some_and(|seen| seen != owed) {
        return Err(no::changed(owed).into());
    }
    let with: Vec<BillId> = match bills {
        [_] => Vec::new(),
        several => several.iter().map(|(id, _)| *id).collect(),
    };
    let one = |(_, bill): &(BillId, &Bill)| {
        let open = bill.orders.iter().filter(|o| o.unpaid());
        let parts = open.map(|o| (o.line.order, o.owed())).collect();
        vec![BillEvent::PaymentBegun { trade, parts, with: with.clone() }]
    };
    Ok(bills.iter().map(one).collect())
}

fn counter(
    bills: &[(BillId, &Bill)],
    means: Means,
    amount: Money,
    paid: impl Fn(Means, Money) -> BillEvent,
) -> Outcome<Vec<Vec<BillEvent>>> {
    let owed = owed(bills)?;
    if means == Means::Gateway {
        return Err(no::no_means().into());
    }
    if amount != owed {
        return Err(no::not_the_amount(owed).into());
    }
    Ok(bills.iter().map(|(_, bill)| vec![paid(means, bill.owed())]).collect())
}

fn hear(
    bills: &[(BillId, &Bill)],
    id: TradeId,
    said: &Said,
    spares: &[RefundId],
    now: Timestamp,
) -> Outcome<Vec<Vec<BillEvent>>> {
    let mut trades = Vec::with_capacity(bills.len());
    for (_, bill) in bills {
        trades.push((*bill, bill.trade(id).ok_or_else(no::no_trade)?));
    }
    let whole = said.amount.as_fen() == trades.iter().map(|(_, t)| t.amount().as_fen()).sum::<i64>();
    let mut all = Vec::with_capacity(bills.len());
    for (nth, ((bill, trade), spare)) in trades.into_iter().zip(spares).enumerate() {
        let came = match (whole, nth) {
            (true, _) => Came::Whole(trade.amount()),
            (false, 0) => Came::Other(said.amount),
            (false, _) => Came::Other(Money::ZERO),
        };
        all.push(heard(bill, trade, (said, came), *spare, now)?);
    }
    Ok(all)
}

/// What of a payment's money is for one of its bills.
#[derive(Clone, Copy)]
enum Came {
    /// All came, and this is its share.
    Whole(Money),
    /// Another amount came than was asked for: it lies with the first bill.
    Other(Money),
}

fn heard(
    bill: &Bill,
    trade: &Trade,
    (said, money): (&Said, Came),
    spare: RefundId,
    now: Timestamp,
) -> Outcome<Vec<BillEvent>> {
    let unknown = matches!(trade.state, TradeState::Sent | TradeState::Failed);
    let closed = BillEvent::PaymentClosed { trade: trade.id, via: said.via };
    Ok(match said.answer {
        Answer::Failed if trade.state == TradeState::Sent => {
            vec![BillEvent::PaymentFailed { trade: trade.id, via: said.via }]
        }
        Answer::Closed if unknown => vec![closed],
        // What is still on its way may arrive; after a while it will not.
        Answer::Unknown if unknown && now.as_second() - trade.at.as_second() > ARRIVES_WITHIN_SECONDS => {
            vec![closed]
        }
        Answer::Paid if trade.state != TradeState::Paid => {
            if said.amount <= Money::ZERO {
                return Err(no::amount_differs().into());
            }
            came(bill, trade, (said, money), spare)
        }
        _ => Vec::new(),
    })
}

/// The money of a payment came: its share pays what it was for, or lies in excess where that is no longer open or the amount is
/// another. Either way the payment has ended, and what is still open can be paid anew.
fn came(bill: &Bill, trade: &Trade, (said, money): (&Said, Came), spare: RefundId) -> Vec<BillEvent> {
    let (id, gateway_no, at, via) = (trade.id, said.gateway_no.clone(), said.at, said.via);
    let fits = |(order, amount): &(OrderId, Money)| {
        bill.order(*order).is_some_and(|o| o.unpaid() && o.owed() == *amount)
    };
    let (amount, reason) = match money {
        Came::Whole(_) if !bill.cancelled && trade.parts.iter().all(fits) => {
            return vec![BillEvent::PaymentPaid {
                trade: id,
                gateway_no,
                at,
                via,
                receipts: Receipts::new(),
            }];
        }
        Came::Whole(share) => (share, "重复缴款，自动申请退付 / paid twice, to be given back"),
        Came::Other(amount) => (
            amount,
            "到账金额与应缴金额不符，自动申请退付 / another amount came than was asked for, to be given back",
        ),
    };
    let (of, reason) = (RefundOf::Excess(id), reason.to_owned());
    let asked = BillEvent::RefundAsked { refund: spare, of, amount, reason, by: None };
    let excess = BillEvent::PaymentExcess { trade: id, amount, gateway_no, at, via };
    if amount == Money::ZERO { vec![excess] } else { vec![excess, asked] }
}
