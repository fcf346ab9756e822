//! The gateway by signed HTTP: one POST a call, JSON both ways.

use crate::gateway::{Gateway, NewRefund, NewTrade, News};
use crate::model::{RefundId, TradeId};
use async_trait::async_trait;
use exchange::signed::Partner;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// A gateway elsewhere.
pub struct HttpGateway(pub Partner);

/// Where the payer pays.
#[derive(Serialize, Deserialize)]
pub(crate) struct Begun {
    pub(crate) pay: String,
}

/// A statement, when it is there.
#[derive(Serialize, Deserialize)]
pub(crate) struct Statement {
    pub(crate) csv: Option<String>,
}

#[async_trait]
impl Gateway for HttpGateway {
    async fn begin(&self, trade: &NewTrade) -> Result<String, String> {
        self.0.call::<Begun>("/trades", trade).await.map(|begun| begun.pay)
    }

    async fn query(&self, trade: TradeId) -> Result<News, String> {
        self.0.call("/trades/query", &json!({"trade": trade})).await
    }

    async fn close(&self, trade: TradeId) -> Result<News, String> {
        self.0.call("/trades/close", &json!({"trade": trade})).await
    }

    async fn refund(&self, refund: &NewRefund) -> Result<News, String> {
        self.0.call("/refunds", refund).await
    }

    async fn query_refund(&self, refund: RefundId) -> Result<News, String> {
        self.0.call("/refunds/query", &json!({"refund": refund})).await
    }

    async fn statement(&self, day: Date) -> Result<Option<String>, String> {
        self.0.call::<Statement>("/statements", &json!({"day": day})).await.map(|s| s.csv)
    }
}
