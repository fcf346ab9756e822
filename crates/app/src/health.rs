//! `/healthz` says that the program runs, `/readyz` that it can serve: the database answers.

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use kernel::Fault;
use page::House;
use std::time::Duration;

const DATABASE_ANSWER_MAX: Duration = Duration::from_secs(2);

/// The two routes.
pub fn routes(house: House) -> Router {
    Router::new().route("/healthz", get(async || "ok\n")).route("/readyz", get(ready)).with_state(house)
}

async fn ready(State(house): State<House>) -> (StatusCode, String) {
    let answer = tokio::time::timeout(DATABASE_ANSWER_MAX, house.ground.store.ping()).await;
    match answer.unwrap_or_else(|_| Err(Fault::new("the database does not answer within 2 s"))) {
        Ok(()) => (StatusCode::OK, "ready\n".to_owned()),
        Err(fault) => {
            tracing::warn!(%fault, "not ready");
            (
                StatusCode::SERVICE_UNAVAILABLE,
                "not ready: the database does not answer; see the log\n".to_owned(),
            )
        }
    }
}
