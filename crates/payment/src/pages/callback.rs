//! `/payments/callback`: the gateway's word, answered in JSON.

use crate::room::Payments;
use crate::verbs;
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use kernel::Failure;
use serde_json::json;

pub(super) async fn post(State(room): State<Payments>, headers: HeaderMap, body: Bytes) -> Response {
    let header = |name: &str| headers.get(name).and_then(|v| v.to_str().ok());
    match verbs::callback(&room, header, &body).await {
        Ok(()) => Json(json!({"taken": true})).into_response(),
        Err(Failure::Refused(no)) => {
            let status = page::problem::status_of(&Failure::Refused(no.clone()));
            let body = json!({"code": no.code, "say": no.say, "next": no.next});
            (status, Json(body)).into_response()
        }
        Err(Failure::Fault(fault)) => {
            tracing::error!(%fault, "a call-back could not be taken in");
            (StatusCode::SERVICE_UNAVAILABLE, Json(json!({"code": "fault"}))).into_response()
        }
    }
}
