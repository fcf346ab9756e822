//! The books: every movement as entries that add up to nothing (复式记账). Debit is positive, credit negative, in fen.
//!
//! **Invariant:** each transaction adds up to zero, so money is neither made nor lost.

use crate::event::BillEvent;
use crate::model::*;
use kernel::{AgencyCode, Fault, Money};
use std::fmt;

/// An account of the books.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Account {
    /// What payers owe (应收).
    Receivable,
    /// What the gateway holds for us (待清算).
    Clearing,
    /// What the gateway has paid over by its statements (已清算).
    Cleared,
    /// The drawer of an agency's windows (现金).
    Cash(AgencyCode),
    /// The card machine of an agency's windows.
    Card(AgencyCode),
    /// What belongs to whoever gets it: treasury, non-tax account, courier.
    Payee(String),
    /// What came in excess and belongs to the payer.
    Excess,
    /// What is to be given back and has not gone yet.
    Refunding,
}

impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Receivable => f.write_str("receivable"),
            Self::Clearing => f.write_str("clearing"),
            Self::Cleared => f.write_str("cleared"),
            Self::Cash(agency) => write!(f, "cash:{agency}"),
            Self::Card(agency) => write!(f, "card:{agency}"),
            Self::Payee(account) => write!(f, "payee:{account}"),
            Self::Excess => f.write_str("excess"),
            Self::Refunding => f.write_str("refunding"),
        }
    }
}

/// One entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Where.
    pub account: Account,
    /// How much; positive is debit.
    pub amount: Money,
}

/// From one account to another.
fn moved(from: Account, to: Account, amount: Money, out: &mut Vec<Entry>) {
    if amount != Money::ZERO {
        out.push(Entry { account: to, amount });
        out.push(Entry { account: from, amount: Money::fen(-amount.as_fen()) });
    }
}

/// The entries of one event, `bill` as it was before it.
///
/// # Errors
/// A [`Fault`] when they do not add up to zero, or the event speaks of what the bill does not have.
pub fn entries(bill: &Bill, event: &BillEvent) -> Result<Vec<Entry>, Fault> {
    let mut out = Vec::new();
    let gone = || Fault::new(format!("{} speaks of what the bill does not have", trace::Event::kind(event)));
    let payee = |order: &Order| Account::Payee(order.line.account.clone());
    match event {
        BillEvent::Raised(_) => {
            for order in &bill.orders {
                moved(payee(order), Account::Receivable, order.line.amount, &mut out);
            }
        }
        BillEvent::Reduced { order, granted } => {
            let order = bill.order(*order).ok_or_else(gone)?;
            moved(Account::Receivable, payee(order), granted.cut, &mut out);
        }
        BillEvent::Cancelled { .. } => {
            for order in bill.orders.iter().filter(|o| o.unpaid()) {
                moved(Account::Receivable, payee(order), order.owed(), &mut out);
            }
        }
        BillEvent::PaymentPaid { trade, .. } => {
            let amount = bill.trade(*trade).ok_or_else(gone)?.amount();
            moved(Account::Receivable, Account::Clearing, amount, &mut out);
        }
        BillEvent::PaymentExcess { amount, .. } => {
            moved(Account::Excess, Account::Clearing, *amount, &mut out);
        }
        BillEvent::CounterPaid { means, amount, agency, .. } => {
            moved(Account::Receivable, drawer(*means, agency), *amount, &mut out);
        }
        BillEvent::RefundApproved { refund, .. } => {
            let refund = bill.refund(*refund).ok_or_else(gone)?;
            moved(Account::Refunding, owner(bill, refund).ok_or_else(gone)?, refund.amount, &mut out);
        }
        BillEvent::RefundFailed { refund, .. } => {
            let refund = bill.refund(*refund).ok_or_else(gone)?;
            moved(owner(bill, refund).ok_or_else(gone)?, Account::Refunding, refund.amount, &mut out);
        }
        BillEvent::RefundDone { refund, by, .. } => {
            let refund = bill.refund(*refund).ok_or_else(gone)?;
            let agency = by.as_ref().map_or(&bill.raised.agency, |(_, agency)| agency);
            // After a failure it had gone back to its owner's account.
            let from = match refund.state {
                RefundState::Failed => owner(bill, refund).ok_or_else(gone)?,
                _ => Account::Refunding,
            };
            moved(drawer(refund.means, agency), from, refund.amount, &mut out);
        }
        BillEvent::ReductionAsked { .. }
        | BillEvent::ReductionRefused { .. }
        | BillEvent::PaymentBegun { .. }
        | BillEvent::PaymentFailed { .. }
        | BillEvent::PaymentClosed { .. }
        | BillEvent::RefundAsked { .. }
        | BillEvent::RefundRefused { .. }
        | BillEvent::Overdue => {}
    }
    balanced(out)
}

/// What the gateway has paid over: from clearing to cleared, or back where refunds outweigh.
///
/// # Errors
/// A [`Fault`] when the entries do not add up.
pub fn cleared(amount: Money) -> Result<Vec<Entry>, Fault> {
    let mut out = Vec::new();
    moved(Account::Clearing, Account::Cleared, amount, &mut out);
    balanced(out)
}

fn drawer(means: Means, agency: &AgencyCode) -> Account {
    match means {
        Means::Gateway => Account::Clearing,
        Means::Cash => Account::Cash(agency.clone()),
        Means::Card => Account::Card(agency.clone()),
    }
}

/// From whose account a refund is taken.
fn owner(bill: &Bill, refund: &Refund) -> Option<Account> {
    match refund.of {
        RefundOf::Order(id) => bill.order(id).map(|o| Account::Payee(o.line.account.clone())),
        RefundOf::Excess(_) => Some(Account::Excess),
    }
}

fn balanced(entries: Vec<Entry>) -> Result<Vec<Entry>, Fault> {
    match Money::sum(entries.iter().map(|e| e.amount)) {
        Some(Money::ZERO) => Ok(entries),
        sum => Err(Fault::new(format!("entries that add up to {sum:?} and not to zero"))),
    }
}
