//! What can happen to a bill; the trace keeps these, and everything else is computed from them.

use crate::model::*;
use ::store::words;
use kernel::{AccountId, AgencyCode, Money, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use trace::Event;

words! {
    /// How it was heard what became of a payment.
    pub enum Heard {
        /// The gateway called back.
        CallBack = "call-back",
        /// It was asked.
        Query = "query",
        /// Its statement of the day says so.
        Statement = "statement",
    }
}

/// The numbers of the receipts of one payment, by account: one receipt an account.
pub type Receipts = BTreeMap<String, String>;

/// One thing that happened to a bill.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "event")]
pub enum BillEvent {
    /// It was raised.
    Raised(Box<Raised>),
    /// Less is to be paid for one line, or nothing (减免).
    Reduced {
        /// Which.
        order: OrderId,
        /// By what.
        granted: Granted,
    },
    /// Somebody wants to take more off than one person may: a second one decides.
    ReductionAsked {
        /// For which.
        order: OrderId,
        /// By what.
        granted: Granted,
    },
    /// The second person does not agree.
    ReductionRefused {
        /// For which.
        order: OrderId,
        /// The reduction of the list.
        reduction: String,
        /// Who.
        by: AccountId,
        /// Why.
        reason: String,
    },
    /// The payer set out to pay everything still open.
    PaymentBegun {
        /// The payment.
        trade: TradeId,
        /// What it pays of this bill.
        parts: Vec<(OrderId, Money)>,
        /// All bills of the one act, the first of which stands for it; empty where it pays this one alone.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        with: Vec<BillId>,
    },
    /// The gateway says that it failed; not final.
    PaymentFailed {
        /// The payment.
        trade: TradeId,
        /// How it was heard.
        via: Heard,
    },
    /// It ended without money, for good as far as the gateway knows.
    PaymentClosed {
        /// The payment.
        trade: TradeId,
        /// How it was heard.
        via: Heard,
    },
    /// It was paid.
    PaymentPaid {
        /// The payment.
        trade: TradeId,
        /// The gateway's own number.
        gateway_no: String,
        /// When, by the gateway.
        at: Timestamp,
        /// How it was heard.
        via: Heard,
        /// The receipts.
        receipts: Receipts,
    },
    /// Its money came when what it was for was no longer open, or in another amount: it lies in excess and is to be given back.
    PaymentExcess {
        /// The payment.
        trade: TradeId,
        /// How much of it lies here; nothing where all of it lies with the first bill of the act.
        amount: Money,
        /// The gateway's own number.
        gateway_no: String,
        /// When, by the gateway.
        at: Timestamp,
        /// How it was heard.
        via: Heard,
    },
    /// Everything open was paid at a window.
    CounterPaid {
        /// By what means.
        means: Means,
        /// How much.
        amount: Money,
        /// Who took it.
        by: AccountId,
        /// At whose window.
        agency: AgencyCode,
        /// The receipts.
        receipts: Receipts,
    },
    /// Somebody asked that money be given back (退付申请).
    RefundAsked {
        /// The refund.
        refund: RefundId,
        /// Of what.
        of: RefundOf,
        /// How much.
        amount: Money,
        /// Why.
        reason: String,
        /// Who; nobody when the program did.
        by: Option<AccountId>,
    },
    /// A second person agreed.
    RefundApproved {
        /// The refund.
        refund: RefundId,
        /// Who.
        by: AccountId,
    },
    /// A second person did not.
    RefundRefused {
        /// The refund.
        refund: RefundId,
        /// Who.
        by: AccountId,
        /// Why.
        reason: String,
    },
    /// The money went back.
    RefundDone {
        /// The refund.
        refund: RefundId,
        /// When.
        at: Timestamp,
        /// Who paid it out at a window, and whose.
        by: Option<(AccountId, AgencyCode)>,
        /// The number of the red receipt (红字票据), where a receipt was given.
        receipt: Option<String>,
    },
    /// The gateway could not give it back.
    RefundFailed {
        /// The refund.
        refund: RefundId,
        /// How it was heard.
        via: Heard,
    },
    /// Its term passed unpaid.
    Overdue,
    /// It was called off before it was paid.
    Cancelled {
        /// Why.
        reason: String,
    },
}

impl Event for BillEvent {
    const VERSION: i64 = 1;

    fn kind(&self) -> &'static str {
        match self {
            Self::Raised(_) => "raised",
            Self::Reduced { .. } => "reduced",
            Self::ReductionAsked { .. } => "reduction-asked",
            Self::ReductionRefused { .. } => "reduction-refused",
            Self::PaymentBegun { .. } => "payment-begun",
            Self::PaymentFailed { .. } => "payment-failed",
            Self::PaymentClosed { .. } => "payment-closed",
            Self::PaymentPaid { .. } => "payment-paid",
            Self::PaymentExcess { .. } => "payment-excess",
            Self::CounterPaid { .. } => "counter-paid",
            Self::RefundAsked { .. } => "refund-asked",
            Self::RefundApproved { .. } => "refund-approved",
            Self::RefundRefused { .. } => "refund-refused",
            Self::RefundDone { .. } => "refund-done",
            Self::RefundFailed { .. } => "refund-failed",
            Self::Overdue => "overdue",
            Self::Cancelled { .. } => "cancelled",
        }
    }
}
