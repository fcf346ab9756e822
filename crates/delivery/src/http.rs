//! The courier by signed HTTP: one POST a call, JSON both ways.

use crate::courier::{Courier, NewOrder, News};
use crate::model::OrderId;
use async_trait::async_trait;
use exchange::signed::Partner;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// A courier elsewhere.
pub struct HttpCourier(pub Partner);

/// The number of an order.
#[derive(Serialize, Deserialize)]
pub(crate) struct Placed {
    pub(crate) tracking: String,
}

/// That something was taken.
#[derive(Serialize, Deserialize)]
pub(crate) struct Taken {
    pub(crate) taken: bool,
}

#[async_trait]
impl Courier for HttpCourier {
    async fn order(&self, new: &NewOrder) -> Result<String, String> {
        self.0.call::<Placed>("/orders", new).await.map(|p| p.tracking)
    }

    async fn hand_over(&self, order: OrderId, list: &str) -> Result<(), String> {
        let taken: Taken = self.0.call("/orders/hand-over", &json!({"order": order, "list": list})).await?;
        if taken.taken { Ok(()) } else { Err("it did not take it".to_owned()) }
    }

    async fn query(&self, order: OrderId) -> Result<Vec<News>, String> {
        self.0.call("/orders/query", &json!({"order": order})).await
    }
}
