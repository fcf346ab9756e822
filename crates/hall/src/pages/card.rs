//! What the program beside a reader of identity cards tells (`yimen reader`), in JSON; and what the clerk's page asks meanwhile.

use super::Room;
use super::code::place_of;
use crate::model::{Card, card};
use crate::rules::refuse;
use crate::{token, verbs};
use axum::body::Bytes;
use axum::extract::{ConnectInfo, Path, Query, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use identity::Clerk;
use kernel::{Failure, Outcome, clock};
use page::Ctx;
use serde::Deserialize;
use serde_json::json;
use std::net::SocketAddr;

/// A code for pairing, as the clerk's page shows it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Pairing {
    code: String,
}

fn answered(done: Outcome<serde_json::Value>) -> Response {
    let mut response = match done {
        Ok(value) => Json(value).into_response(),
        Err(Failure::Refused(no)) => {
            let status = page::problem::status_of(&Failure::Refused(no.clone()));
            (status, Json(json!({"code": no.code, "say": no.say, "next": no.next}))).into_response()
        }
        Err(Failure::Fault(fault)) => {
            tracing::error!(%fault, "a reader of cards was not answered");
            (StatusCode::SERVICE_UNAVAILABLE, Json(json!({"code": "fault"}))).into_response()
        }
    };
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// `POST /readers`: `{code}`; answers `{reader}`, the secret of its address from now on.
pub(super) async fn pair(
    State(room): State<Room>,
    peer: Option<Extension<ConnectInfo<SocketAddr>>>,
    body: Bytes,
) -> Response {
    let ground = &room.house.ground;
    let done = async {
        let sent: Pairing = serde_json::from_slice(&body).map_err(|_| refuse::no_pairing())?;
        let secret = token(ground.rng.as_ref());
        verbs::pair(ground, verbs::Device::Reader, &sent.code, &secret, &place_of(peer)).await?;
        Ok(json!({"reader": secret}))
    };
    answered(done.await)
}

/// `POST /readers/{reader}`: a [`Card`] that was put on it.
pub(super) async fn read(State(room): State<Room>, Path(secret): Path<String>, body: Bytes) -> Response {
    let done = async {
        let card: Card = serde_json::from_slice(&body).map_err(|_| card::unreadable())?;
        verbs::card_read(&room.house.ground, &secret, card).await?;
        Ok(json!({"taken": true}))
    };
    answered(done.await)
}

/// From when on, in microseconds: what lay there before the page was opened is somebody else's.
#[derive(Deserialize)]
pub(super) struct Since {
    #[serde(default)]
    since: i64,
}

/// `GET /desk/hall/card`: the id of the card that was put on the reader of the clerk's window since; nothing of what it says.
pub(super) async fn here(
    State(room): State<Room>,
    ctx: Ctx,
    who: Clerk,
    Query(asked): Query<Since>,
) -> Result<Response, page::Problem> {
    let since = clock::from_micros(asked.since);
    let found = verbs::card_here(room.store(), &who, (since, ctx.now)).await?;
    Ok(answered(Ok(json!({"card": found.map(|id| id.to_string())}))))
}
