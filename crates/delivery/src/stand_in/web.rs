//! The stand-in's HTTP: the signed protocol, and the signed call-backs.

use super::StandIn;
use crate::courier::{Courier, NewOrder, News};
use crate::http::{Placed, Taken};
use crate::model::OrderId;
use crate::sign::Key;
use crate::verbs::CALLBACK;
use async_trait::async_trait;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use kernel::Rng;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

/// Who carries a call-back to the platform: headers and body; answers whether it was taken.
#[async_trait]
pub trait Carrier: Send + Sync {
    /// Carries it once.
    async fn carry(&self, headers: &BTreeMap<String, String>, body: &[u8]) -> bool;
}

/// How often a call-back that was not taken is carried again, and after how many seconds first.
const AGAIN: [u64; 4] = [2, 10, 60, 600];

#[derive(Clone)]
struct Site {
    stand_in: StandIn,
    key: Key,
}

/// Calls back by `carrier` from now on: each thing once it has happened, as often and as late as its mood has it.
pub fn call_back(stand_in: &StandIn, key: Key, carrier: Arc<dyn Carrier>, rng: Arc<dyn Rng>) {
    // The stand-in is not kept alive by its own watcher.
    let (clock, copies) = (Arc::clone(&stand_in.clock), stand_in.clone());
    let unwatched = StandIn { watch: Arc::default(), ..copies };
    stand_in.watched_by(Arc::new(move |news: News| {
        let ahead = news.at.as_microsecond() - clock.now().as_microsecond();
        let happens = Duration::from_micros(u64::try_from(ahead).unwrap_or(0));
        for delay in unwatched.copies() {
            let (key, carrier, rng) = (key.clone(), Arc::clone(&carrier), Arc::clone(&rng));
            let (clock, news) = (Arc::clone(&clock), news.clone());
            tokio::spawn(async move {
                let later = AGAIN.into_iter().map(Duration::from_secs);
                for wait in std::iter::once(happens + delay).chain(later) {
                    tokio::time::sleep(wait).await;
                    let Ok(body) = serde_json::to_vec(&news) else { return };
                    let Ok(headers) = key.headers(CALLBACK, &body, clock.now(), rng.as_ref()) else { return };
                    if carrier.carry(&headers, &body).await {
                        return;
                    }
                }
            });
        }
    }));
}

/// Its operations; it calls back by `carrier`.
pub fn router(stand_in: StandIn, key: Key, carrier: Arc<dyn Carrier>, rng: Arc<dyn Rng>) -> Router {
    call_back(&stand_in, key.clone(), carrier, rng);
    Router::new()
        .route("/orders", post(order))
        .route("/orders/hand-over", post(hand_over))
        .route("/orders/query", post(query))
        .with_state(Site { stand_in, key })
}

impl Site {
    fn signed<T: serde::de::DeserializeOwned>(
        &self,
        uri: &Uri,
        headers: &HeaderMap,
        body: &Bytes,
    ) -> Result<T, Response> {
        let header = |name: &str| headers.get(name).and_then(|v| v.to_str().ok());
        let now = self.stand_in.clock.now();
        self.key
            .check(uri.path(), header, body, now)
            .map_err(|_| (StatusCode::UNAUTHORIZED, "signature\n").into_response())?;
        serde_json::from_slice(body).map_err(|_| (StatusCode::BAD_REQUEST, "body\n").into_response())
    }
}

fn answer<T: serde::Serialize>(result: Result<T, String>) -> Response {
    match result {
        Ok(body) => Json(body).into_response(),
        Err(why) => (StatusCode::UNPROCESSABLE_ENTITY, why).into_response(),
    }
}

#[derive(Deserialize)]
struct OfOrder {
    order: OrderId,
}

async fn order(State(site): State<Site>, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    match site.signed::<NewOrder>(&uri, &headers, &body) {
        Ok(new) => answer(site.stand_in.order(&new).await.map(|tracking| Placed { tracking })),
        Err(no) => no,
    }
}

async fn hand_over(State(site): State<Site>, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    match site.signed::<OfOrder>(&uri, &headers, &body) {
        Ok(of) => answer(site.stand_in.hand_over(of.order, "").await.map(|()| Taken { taken: true })),
        Err(no) => no,
    }
}

async fn query(State(site): State<Site>, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    match site.signed::<OfOrder>(&uri, &headers, &body) {
        Ok(of) => answer(site.stand_in.query(of.order).await),
        Err(no) => no,
    }
}
