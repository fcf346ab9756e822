//! Signing in and out: a password buys a bearer token.

use crate::input::{Caller, Json};
use crate::problem::{Answer, ProblemBody};
use axum::Extension;
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, StatusCode};
use identity::{Entered, Origin, SessionKind};
use page::House;
use serde::{Deserialize, Serialize};
use std::net::SocketAddr;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new().routes(routes!(sign_in, sign_out))
}

/// Account and password.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct Credentials {
    /// The account's name.
    #[schema(example = "firm")]
    account: String,
    /// Its password.
    password: String,
    /// The six digits of its second factor, or a recovery code; only for accounts that have one.
    #[serde(default)]
    code: Option<String>,
}

/// A bearer token.
#[derive(Serialize, utoipa::ToSchema)]
struct Token {
    /// Send it as `Authorization: Bearer <token>`; it cannot be shown again.
    token: String,
    /// RFC 3339.
    expires_at: String,
}

/// Sign in.
#[utoipa::path(post, path = "/sessions", tag = "sessions", request_body = Credentials, security(()),
    responses((status = 201, body = Token), (status = 401, body = ProblemBody), (status = 429, body = ProblemBody)))]
async fn sign_in(
    State(house): State<House>,
    peer: Option<Extension<ConnectInfo<SocketAddr>>>,
    headers: HeaderMap,
    Json(sent): Json<Credentials>,
) -> Answer<(StatusCode, axum::Json<Token>)> {
    let device = headers.get("user-agent").and_then(|v| v.to_str().ok()).unwrap_or("");
    let origin = Origin { device, address: peer.map(|Extension(ConnectInfo(peer))| peer.ip()) };
    let (account, password) = (&sent.account, &sent.password);
    let ground = &house.ground;
    let new = match &sent.code {
        None => identity::sign_in_from(ground, account, password, SessionKind::Token, &origin).await?,
        Some(code) => match identity::enter(ground, account, password, SessionKind::Token, &origin).await? {
            Entered::In(new) => new,
            Entered::Half(half) => {
                identity::enter_code(ground, &half, code, SessionKind::Token, &origin).await?
            }
        },
    };
    Ok((StatusCode::CREATED, axum::Json(Token { token: new.token, expires_at: new.expires_at.to_string() })))
}

/// Sign out: the token is worth nothing afterwards.
#[utoipa::path(delete, path = "/sessions", tag = "sessions",
    responses((status = 204), (status = 401, body = ProblemBody)))]
async fn sign_out(State(house): State<House>, caller: Caller) -> Answer<StatusCode> {
    identity::sign_out(&house.ground, &caller.session).await?;
    Ok(StatusCode::NO_CONTENT)
}
