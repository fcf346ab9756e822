//! The stand-in's HTTP: the signed protocol, the payer's page, the signed call-backs.

use super::StandIn;
use crate::gateway::{Gateway, NewRefund, NewTrade, News};
use crate::http::{Begun, Statement};
use crate::model::{RefundId, TradeId};
use crate::sign::Key;
use crate::verbs::CALLBACK;
use async_trait::async_trait;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Form, Json, Router};
use jiff::civil::Date;
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
    carrier: Arc<dyn Carrier>,
    rng: Arc<dyn Rng>,
}

/// Its pages and operations.
pub fn router(stand_in: StandIn, key: Key, carrier: Arc<dyn Carrier>, rng: Arc<dyn Rng>) -> Router {
    Router::new()
        .route("/trades", post(begin))
        .route("/trades/query", post(query))
        .route("/trades/close", post(close))
        .route("/refunds", post(refund))
        .route("/refunds/query", post(query_refund))
        .route("/statements", post(statement))
        .route("/pay/{trade}", get(show).post(pay))
        .with_state(Site { stand_in, key, carrier, rng })
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

    /// Where the payer goes back to; on this very site where the stand-in is part of it.
    fn back(&self, new: &NewTrade) -> String {
        let path = new.back.parse::<Uri>().ok().map(|uri| uri.path().to_owned());
        path.filter(|_| self.stand_in.url.starts_with('/')).unwrap_or_else(|| new.back.clone())
    }

    /// Calls back, as often and as late as its mood has it; goes on until it is taken.
    fn call_back(&self, news: News) {
        for delay in self.stand_in.deliveries() {
            let (site, news) = (self.clone(), news.clone());
            tokio::spawn(async move {
                let later = AGAIN.into_iter().map(Duration::from_secs);
                for wait in std::iter::once(delay).chain(later) {
                    tokio::time::sleep(wait).await;
                    if site.carry(&news).await {
                        return;
                    }
                }
            });
        }
    }

    async fn carry(&self, news: &News) -> bool {
        let Ok(body) = serde_json::to_vec(news) else { return true };
        match self.key.headers(CALLBACK, &body, self.stand_in.clock.now(), self.rng.as_ref()) {
            Ok(headers) => self.carrier.carry(&headers, &body).await,
            Err(_) => true,
        }
    }
}

fn answer<T: serde::Serialize>(result: Result<T, String>) -> Response {
    match result {
        Ok(body) => Json(body).into_response(),
        Err(why) => (StatusCode::UNPROCESSABLE_ENTITY, why).into_response(),
    }
}

async fn begin(State(site): State<Site>, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    match site.signed::<NewTrade>(&uri, &headers, &body) {
        Ok(new) => answer(site.stand_in.begin(&new).await.map(|pay| Begun { pay })),
        Err(no) => no,
    }
}

#[derive(Deserialize)]
struct OfTrade {
    trade: TradeId,
}

async fn query(State(site): State<Site>, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    match site.signed::<OfTrade>(&uri, &headers, &body) {
        Ok(of) => answer(site.stand_in.query(of.trade).await),
        Err(no) => no,
    }
}

async fn close(State(site): State<Site>, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    match site.signed::<OfTrade>(&uri, &headers, &body) {
        Ok(of) => answer(site.stand_in.close(of.trade).await),
        Err(no) => no,
    }
}

async fn refund(State(site): State<Site>, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    match site.signed::<NewRefund>(&uri, &headers, &body) {
        Ok(new) => answer(site.stand_in.refund(&new).await),
        Err(no) => no,
    }
}

#[derive(Deserialize)]
struct OfRefund {
    refund: RefundId,
}

async fn query_refund(State(site): State<Site>, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    match site.signed::<OfRefund>(&uri, &headers, &body) {
        Ok(of) => answer(site.stand_in.query_refund(of.refund).await),
        Err(no) => no,
    }
}

#[derive(Deserialize)]
struct OfDay {
    day: Date,
}

async fn statement(State(site): State<Site>, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    match site.signed::<OfDay>(&uri, &headers, &body) {
        Ok(of) => answer(site.stand_in.statement(of.day).await.map(|csv| Statement { csv })),
        Err(no) => no,
    }
}

/// The payer's page: pay, fail, or go back undecided. It shows what it got and nothing of whose it is.
async fn show(State(site): State<Site>, Path(trade): Path<String>) -> Response {
    let Some((new, state)) = site.stand_in.shown(&trade) else {
        return (StatusCode::NOT_FOUND, "no such payment\n").into_response();
    };
    let amount = new.amount;
    let back = escaped(&site.back(&new));
    let parts = new.parts.len();
    let open = !matches!(state, crate::gateway::GatewayState::Done | crate::gateway::GatewayState::Closed);
    let form = if open {
        "<form method=\"post\"><p><button name=\"do\" value=\"pay\">付款 Pay</button></p>\
         <p><button name=\"do\" value=\"fail\">付款失败 Let it fail</button></p></form>"
    } else {
        "<p>这笔付款已经结束。This payment has ended.</p>"
    };
    let page = format!(
        "<!doctype html><html lang=\"zh-CN\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" \
         content=\"width=device-width, initial-scale=1\"><link rel=\"icon\" href=\"data:,\"><title>支付网关替身 Stand-in gateway</title></head><body><main>\
         <h1>支付网关替身 Stand-in gateway</h1><p>这里不会动用真实的钱。No real money moves here.</p>\
         <p>{} · {amount} · {parts} 笔</p>{form}<p><a href=\"{back}\">返回 Back</a></p></main></body></html>",
        escaped(&new.title)
    );
    let policy = [(
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; img-src data:; form-action 'self' http: https:",
    )];
    (policy, Html(page)).into_response()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[derive(Deserialize)]
struct Done {
    r#do: String,
}

async fn pay(State(site): State<Site>, Path(trade): Path<String>, Form(done): Form<Done>) -> Response {
    let (Some((new, _)), Ok(id)) = (site.stand_in.shown(&trade), trade.parse::<TradeId>()) else {
        return (StatusCode::NOT_FOUND, "no such payment\n").into_response();
    };
    if let Some(news) = site.stand_in.pay(id, done.r#do == "pay") {
        site.call_back(news);
    }
    Redirect::to(&site.back(&new)).into_response()
}
