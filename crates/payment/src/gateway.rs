//! The gateway as a socket, and the messages of the protocol that the stand-in and [`crate::http`] speak. A bank's own protocol is another
//! implementation of [`Gateway`].

use crate::model::{OrderId, RefundId, TradeId};
use crate::rules::Answer;
use ::store::words;
use async_trait::async_trait;
use jiff::civil::Date;
use kernel::{Money, Timestamp};
use serde::{Deserialize, Serialize};

/// The part of a payment that goes to one account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// For which order.
    pub order: OrderId,
    /// The account's number at the gateway.
    pub account: String,
    /// How much.
    pub amount: Money,
}

/// A payment as the gateway is told of it; the same id is the same payment, however often it is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewTrade {
    /// Its id.
    pub trade: TradeId,
    /// The whole.
    pub amount: Money,
    /// Its parts: all are paid, or none is.
    pub parts: Vec<Part>,
    /// What the payer reads: the bill's number.
    pub title: String,
    /// Where the payer's browser goes afterwards.
    pub back: String,
}

words! {
    /// What a gateway says of a payment or refund.
    pub enum GatewayState {
        /// It knows of none.
        Unknown = "unknown",
        /// It waits: for the payer, or for a bank.
        Waiting = "waiting",
        /// It failed.
        Failed = "failed",
        /// It is closed for good.
        Closed = "closed",
        /// It is paid, or given back.
        Done = "done",
    }
}

impl GatewayState {
    /// What it means for a payment.
    pub fn answer(self) -> Answer {
        match self {
            Self::Unknown => Answer::Unknown,
            Self::Waiting => Answer::Waiting,
            Self::Failed => Answer::Failed,
            Self::Closed => Answer::Closed,
            Self::Done => Answer::Paid,
        }
    }
}

/// What the gateway says of a payment or a refund: in call-backs and in answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct News {
    /// Of which payment; of which it gives back, for a refund.
    pub trade: TradeId,
    /// Of which refund, when it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refund: Option<RefundId>,
    /// What became of it.
    pub state: GatewayState,
    /// How much.
    pub amount: Money,
    /// The gateway's own number; empty as long as there is none.
    pub gateway_no: String,
    /// When.
    pub at: Timestamp,
}

/// A refund as the gateway is told of it; the same id is the same refund.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewRefund {
    /// Its id.
    pub refund: RefundId,
    /// Of which payment.
    pub trade: TradeId,
    /// Of which order, when of one.
    pub order: Option<OrderId>,
    /// How much.
    pub amount: Money,
}

/// Who takes money on line. Every call may be repeated. An error says that nothing is known, never that nothing happened.
#[async_trait]
pub trait Gateway: Send + Sync {
    /// Whether there is one at all; else bills are paid at the counter.
    fn takes(&self) -> bool {
        true
    }
    /// Tells of a payment; answers where the payer pays.
    async fn begin(&self, trade: &NewTrade) -> Result<String, String>;
    /// Asks what became of a payment.
    async fn query(&self, trade: TradeId) -> Result<News, String>;
    /// Closes a payment so that it cannot be paid any more; answers what became of it, which may be that it is paid.
    async fn close(&self, trade: TradeId) -> Result<News, String>;
    /// Asks to give money back.
    async fn refund(&self, refund: &NewRefund) -> Result<News, String>;
    /// Asks what became of a refund.
    async fn query_refund(&self, refund: RefundId) -> Result<News, String>;
    /// The statement of a day, when it is there (`crate::statement`).
    async fn statement(&self, day: Date) -> Result<Option<String>, String>;
}
