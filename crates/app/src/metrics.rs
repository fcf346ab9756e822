//! `/metrics` in the Prometheus text format: requests by route and status, and how long they took.

use axum::Router;
use axum::extract::{MatchedPath, Request, State};
use axum::http::header;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use prometheus_client::encoding::{EncodeLabelSet, text::encode};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;
use std::sync::Arc;
use std::time::Instant;

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Route {
    method: String,
    route: String,
    status: u16,
}

/// The counters of one server.
#[derive(Clone)]
pub struct Metrics {
    registry: Arc<Registry>,
    requests: Family<Route, Counter>,
    seconds: Histogram,
}

impl Metrics {
    /// Fresh counters.
    pub fn new() -> Self {
        let requests = Family::<Route, Counter>::default();
        let seconds = Histogram::new([0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0]);
        let mut registry = Registry::with_prefix("yimen");
        registry.register("http_requests", "Requests answered", requests.clone());
        registry.register("http_request_seconds", "Time from request to response head", seconds.clone());
        Self { registry: Arc::new(registry), requests, seconds }
    }

    /// Counts every request of `router` and adds `/metrics`.
    pub fn layer(self, router: Router) -> Router {
        router.layer(from_fn_with_state(self.clone(), count)).route("/metrics", get(print).with_state(self))
    }
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}

async fn count(State(metrics): State<Metrics>, request: Request, next: Next) -> Response {
    let method = request.method().to_string();
    // The pattern, never the path: a path may hold a case number.
    let route = request.extensions().get::<MatchedPath>().map_or("unmatched", MatchedPath::as_str).to_owned();
    let started = Instant::now();
    let response = next.run(request).await;
    metrics.seconds.observe(started.elapsed().as_secs_f64());
    metrics.requests.get_or_create(&Route { method, route, status: response.status().as_u16() }).inc();
    response
}

async fn print(State(metrics): State<Metrics>) -> Response {
    let mut text = String::new();
    if encode(&mut text, &metrics.registry).is_err() {
        return axum::http::StatusCode::INTERNAL_SERVER_ERROR.into_response();
    }
    ([(header::CONTENT_TYPE, "application/openmetrics-text; version=1.0.0; charset=utf-8")], text)
        .into_response()
}
