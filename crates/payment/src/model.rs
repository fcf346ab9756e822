//! What a bill is made of: lines with their accounts, orders, payments, receipts, refunds. No IO.

use crate::code::PayCode;
use ::store::words;
use kernel::calendar::Due;
use kernel::{AccountId, AgencyCode, Money, SubjectId, Text, Timestamp};
use serde::{Deserialize, Serialize};

kernel::typed_id! {
    /// A bill (缴款单): what one payer owes for one matter.
    BillId;
    /// One payment order (支付订单): one line of a bill, to one account.
    OrderId;
    /// One act of paying: everything still open of a bill, or of several bills of a matter, all or none. The gateway knows it as the trade.
    TradeId;
    /// A refund (退付) of one order, or of what came in excess.
    RefundId;
}
store::text_column!(BillId, OrderId, TradeId, RefundId);

words! {
    /// What is taken, which decides whose account gets it and what is given for it.
    pub enum FeeKind {
        /// A tax: to the treasury (国库).
        Tax = "tax",
        /// A fee of an administrative body: by the non-tax code (非税收入).
        NonTax = "non-tax",
        /// A courier's charge: to the courier.
        Courier = "courier",
    }
}

words! {
    /// What is given for money.
    pub enum ReceiptKind {
        /// 税收完税证明.
        Tax = "tax",
        /// 非税收入统一票据.
        NonTax = "non-tax",
        /// 发票.
        Invoice = "invoice",
    }
}

impl FeeKind {
    /// The receipt that law asks for.
    pub fn receipt(self) -> ReceiptKind {
        match self {
            Self::Tax => ReceiptKind::Tax,
            Self::NonTax => ReceiptKind::NonTax,
            Self::Courier => ReceiptKind::Invoice,
        }
    }
}

words! {
    /// Where an order stands.
    pub enum OrderState {
        /// To be paid.
        Open = "open",
        /// A payment is under way and its outcome unknown.
        Sent = "sent",
        /// The gateway said that it failed; not final until the gateway closes it or its statement is compared.
        Failed = "failed",
        /// Paid.
        Paid = "paid",
        /// Nothing is to be paid, on a ground.
        Exempt = "exempt",
        /// Paid, and all of it given back.
        Refunded = "refunded",
    }
}

words! {
    /// Where a payment stands.
    pub enum TradeState {
        /// Sent to the gateway; nothing is known of its outcome.
        Sent = "sent",
        /// Reported as failed, which may still turn out otherwise.
        Failed = "failed",
        /// Ended without money: the gateway closed it, or its day's statement knows nothing of it.
        Closed = "closed",
        /// Paid.
        Paid = "paid",
    }
}

words! {
    /// How money came.
    pub enum Means {
        /// Through the gateway.
        Gateway = "gateway",
        /// Cash at a window.
        Cash = "cash",
        /// A card at a window.
        Card = "card",
    }
}

words! {
    /// Where a refund stands.
    pub enum RefundState {
        /// Asked for; waits for a second person.
        Asked = "asked",
        /// Approved; goes to the gateway, or is paid out at the counter.
        Approved = "approved",
        /// Refused.
        Refused = "refused",
        /// Given back.
        Done = "done",
        /// The gateway could not give it back; to be looked at and sent again.
        Failed = "failed",
    }
}

words! {
    /// Where a bill stands.
    pub enum BillState {
        /// Something is to be paid.
        Open = "open",
        /// Nothing is to be paid any more.
        Settled = "settled",
        /// Called off before it was paid.
        Cancelled = "cancelled",
    }
}

/// A reduction that was granted: which, how much, on what evidence, by whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Granted {
    /// The reduction of the list.
    pub reduction: String,
    /// Its name.
    pub name: Text,
    /// What it takes off.
    pub cut: Money,
    /// What was shown for it.
    pub evidence: String,
    /// Who granted it.
    pub by: AccountId,
    /// The second person who agreed, where one had to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agreed: Option<AccountId>,
}

/// One line of a bill.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// The order that pays it.
    pub order: OrderId,
    /// The code in the published list.
    pub fee: String,
    /// Its name.
    pub name: Text,
    /// What it is.
    pub kind: FeeKind,
    /// The law or notice behind it.
    pub basis: Text,
    /// Whose account gets it, a code of the list.
    pub account: String,
    /// How much.
    pub amount: Money,
}

/// What a bill says when it is raised.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Raised {
    /// What it is for: `case:<id>`.
    pub about: String,
    /// The matter (一件事) that belongs to: `matter:<id>`; bills of one matter and payer are paid by one act. None stands alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub matter: Option<String>,
    /// The number by which people know that: the case number.
    pub number: String,
    /// Its title: the item's name.
    pub title: Text,
    /// Who pays.
    pub payer: SubjectId,
    /// Their name, shown masked to staff.
    pub payer_name: String,
    /// The body that collects.
    pub agency: AgencyCode,
    /// Its administrative division (GB/T 2260), six digits.
    pub division: String,
    /// The number to pay by.
    pub code: PayCode,
    /// The lines, one at least.
    pub lines: Vec<Line>,
    /// Until when.
    pub due: Due,
}

impl Raised {
    /// The matter it is of; one that stands alone is a matter of its own.
    pub fn matter(&self) -> &str {
        self.matter.as_deref().unwrap_or(&self.about)
    }
}

/// An order as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// What it pays.
    pub line: Line,
    /// Where it stands.
    pub state: OrderState,
    /// The reductions granted.
    pub granted: Vec<Granted>,
    /// How it was paid, when it was.
    pub paid: Option<Paid>,
    /// How much of it was given back.
    pub refunded: Money,
}

/// How an order was paid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paid {
    /// By what means.
    pub means: Means,
    /// When.
    pub at: Timestamp,
    /// The receipt's number.
    pub receipt: String,
    /// By which payment, when through the gateway.
    pub trade: Option<TradeId>,
    /// At whose window, when there.
    pub agency: Option<AgencyCode>,
}

impl Order {
    /// What is to be paid, with the reductions taken off.
    pub fn owed(&self) -> Money {
        let cut = self.granted.iter().map(|g| g.cut.as_fen()).sum::<i64>();
        Money::fen(self.line.amount.as_fen().saturating_sub(cut))
    }

    /// Whether it waits for money.
    pub fn unpaid(&self) -> bool {
        matches!(self.state, OrderState::Open | OrderState::Sent | OrderState::Failed)
    }
}

/// A payment as it stands for one of its bills.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trade {
    /// Its id.
    pub id: TradeId,
    /// What it pays of this bill, and how much of each.
    pub parts: Vec<(OrderId, Money)>,
    /// All bills of the one act, the first of which stands for it; empty where it pays this one alone.
    pub with: Vec<BillId>,
    /// Where it stands.
    pub state: TradeState,
    /// When it began.
    pub at: Timestamp,
    /// What came for this bill and lies in excess: for nothing was open any more, or the amount was another. The whole of another amount
    /// lies with the first bill, and nothing with the others.
    pub excess: Option<Money>,
}

impl Trade {
    /// What it pays of this bill.
    pub fn amount(&self) -> Money {
        Money::fen(self.parts.iter().map(|(_, m)| m.as_fen()).sum())
    }
}

/// What a refund gives back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "of", content = "id")]
pub enum RefundOf {
    /// Part or all of a paid order.
    Order(OrderId),
    /// A payment that came in excess.
    Excess(TradeId),
}

/// A refund as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refund {
    /// Its id.
    pub id: RefundId,
    /// Of what.
    pub of: RefundOf,
    /// How much.
    pub amount: Money,
    /// Why.
    pub reason: String,
    /// Who asked; nobody when the program did, for what came in excess.
    pub asked_by: Option<AccountId>,
    /// When.
    pub at: Timestamp,
    /// Where it stands.
    pub state: RefundState,
    /// The way back.
    pub means: Means,
    /// The payment it goes back on, when through the gateway.
    pub trade: Option<TradeId>,
    /// Why it was refused, when it was.
    pub refused: Option<String>,
    /// The number of its red receipt, once it is done.
    pub receipt: Option<String>,
}

/// A bill as it stands: the fold of its events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bill {
    /// What it says.
    pub raised: Raised,
    /// When it was raised.
    pub at: Timestamp,
    /// Its orders, in the order of its lines.
    pub orders: Vec<Order>,
    /// Its payments, the last one last.
    pub trades: Vec<Trade>,
    /// Its refunds.
    pub refunds: Vec<Refund>,
    /// Reductions that wait for a second person.
    pub asked: Vec<(OrderId, Granted)>,
    /// Whether it was called off.
    pub cancelled: bool,
    /// Whether it was written down that its term passed unpaid.
    pub overdue: bool,
}

impl Bill {
    /// Where it stands.
    pub fn state(&self) -> BillState {
        if self.cancelled {
            BillState::Cancelled
        } else if self.orders.iter().any(Order::unpaid) {
            BillState::Open
        } else {
            BillState::Settled
        }
    }

    /// What is still to be paid.
    pub fn owed(&self) -> Money {
        Money::fen(self.orders.iter().filter(|o| o.unpaid()).map(|o| o.owed().as_fen()).sum())
    }

    /// What was paid and not given back.
    pub fn kept(&self) -> Money {
        let one = |o: &Order| o.paid.as_ref().map_or(0, |_| o.owed().as_fen() - o.refunded.as_fen());
        Money::fen(self.orders.iter().map(one).sum())
    }

    /// The payment whose outcome is not known: sent, or reported as failed and not closed yet.
    pub fn underway(&self) -> Option<&Trade> {
        self.trades.iter().rev().find(|t| matches!(t.state, TradeState::Sent | TradeState::Failed))
    }

    /// One of its orders.
    pub fn order(&self, id: OrderId) -> Option<&Order> {
        self.orders.iter().find(|o| o.line.order == id)
    }

    /// One of its payments.
    pub fn trade(&self, id: TradeId) -> Option<&Trade> {
        self.trades.iter().find(|t| t.id == id)
    }

    /// One of its refunds.
    pub fn refund(&self, id: RefundId) -> Option<&Refund> {
        self.refunds.iter().find(|r| r.id == id)
    }

    /// For how much of what is owed an order stands: its amount before reductions, less what the program asked to be given back
    /// since it was not owed any more, and nothing once all of it went back.
    pub fn covers(&self, order: &Order) -> Money {
        if order.state == OrderState::Refunded {
            return Money::ZERO;
        }
        let corrects = |r: &&Refund| {
            r.of == RefundOf::Order(order.line.order)
                && r.asked_by.is_none()
                && r.state != RefundState::Refused
        };
        let back: i64 = self.refunds.iter().filter(corrects).map(|r| r.amount.as_fen()).sum();
        Money::fen(order.line.amount.as_fen() - back)
    }

    /// What of a paid order, or of a payment in excess, no refund speaks for yet.
    pub fn refundable(&self, of: RefundOf) -> Money {
        let whole = match of {
            RefundOf::Order(id) => {
                self.order(id).filter(|o| o.paid.is_some()).map_or(0, |o| o.owed().as_fen())
            }
            RefundOf::Excess(id) => self.trade(id).and_then(|t| t.excess).map_or(0, Money::as_fen),
        };
        // One that failed is sent again under its own id and goes on speaking for its money.
        let live = |r: &&Refund| r.of == of && r.state != RefundState::Refused;
        let spoken: i64 = self.refunds.iter().filter(live).map(|r| r.amount.as_fen()).sum();
        Money::fen(whole - spoken)
    }
}
