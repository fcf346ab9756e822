//! What wallets and verifiers read: metadata of the issuer, its keys, offers, tokens, nonces, credentials. Everything is JSON, for every
//! site's script, and nothing acts by a cookie.

use super::Room;
use crate::{jose, store as rows, wallet};
use axum::body::Bytes;
use axum::extract::{Form, Path, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use kernel::{Failure, Lang, Refusal};
use page::{Answer, Problem};
use serde::Deserialize;
use serde_json::{Value, json};

/// A larger request is not one of a wallet.
const REQUEST_MAX: usize = 64 * 1024;
const NO_STORE: &str = "no-store";
const AN_HOUR: &str = "public, max-age=3600";

/// This site's address, which is also the issuer's name.
pub(super) fn base(room: &Room) -> &str {
    room.house.site.base_url.trim_end_matches('/')
}

fn told(status: StatusCode, cache: &'static str, body: &Value) -> Response {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/json")),
        (header::CACHE_CONTROL, HeaderValue::from_static(cache)),
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*")),
        (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("cross-origin")),
    ];
    (status, headers, body.to_string()).into_response()
}

/// OPTIONS: a browser asks whether another site's script may come here.
pub(crate) async fn preflight() -> Response {
    let headers = [
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*")),
        (header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("POST")),
        (header::ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static("authorization, content-type")),
        (header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("3600")),
    ];
    (StatusCode::NO_CONTENT, headers).into_response()
}

/// GET /.well-known/openid-credential-issuer.
pub(crate) async fn issuer(State(room): State<Room>) -> Answer {
    let name = &room.house.site.name;
    let names = [("zh-CN", name.get(Lang::ZhCn)), ("en", name.get(Lang::En))];
    Ok(told(StatusCode::OK, AN_HOUR, &wallet::issuer(base(&room), names)))
}

/// GET /.well-known/oauth-authorization-server.
pub(crate) async fn authorization_server(State(room): State<Room>) -> Answer {
    Ok(told(StatusCode::OK, AN_HOUR, &wallet::authorization_server(base(&room))))
}

/// GET /.well-known/jwt-vc-issuer (draft-ietf-oauth-sd-jwt-vc §5).
pub(crate) async fn keys(State(room): State<Room>) -> Answer {
    let body = json!({"issuer": base(&room), "jwks": jose::keys(&room.signer)?});
    Ok(told(StatusCode::OK, AN_HOUR, &body))
}

/// GET /credential/certificate: what the type of our credentials is.
pub(crate) async fn type_metadata(State(room): State<Room>) -> Answer {
    Ok(told(StatusCode::OK, AN_HOUR, &wallet::type_metadata(base(&room))))
}

/// GET /credential/offer/{code}.
pub(crate) async fn offer(State(room): State<Room>, Path(code): Path<String>) -> Answer {
    let ground = &room.house.ground;
    let found = rows::offer_by_code(&ground.store, &code).await?;
    let open = found.filter(|o| o.is_open(ground.clock.now())).ok_or_else(Refusal::not_found)?;
    Ok(told(StatusCode::OK, NO_STORE, &open.json(base(&room))))
}

/// POST /api/vci/nonce.
pub(crate) async fn nonce(State(room): State<Room>) -> Answer {
    let body =
        json!({"c_nonce": wallet::nonce(&room.house.ground), "c_nonce_expires_in": wallet::NONCE_SECONDS});
    Ok(told(StatusCode::OK, NO_STORE, &body))
}

/// What a wallet sends for a token.
#[derive(Deserialize)]
pub(crate) struct TokenRequest {
    #[serde(default)]
    grant_type: String,
    #[serde(default, rename = "pre-authorized_code")]
    code: String,
    #[serde(default)]
    tx_code: String,
}

/// POST /api/vci/token (OpenID4VCI §6).
pub(crate) async fn token(
    State(room): State<Room>,
    sent: Result<Form<TokenRequest>, axum::extract::rejection::FormRejection>,
) -> Answer {
    let Ok(Form(sent)) = sent else { return Ok(error("invalid_request", "not a form")) };
    if sent.grant_type != wallet::GRANT {
        return Ok(error("unsupported_grant_type", "only pre-authorised codes"));
    }
    let redeemed = wallet::redeem(&room.house.ground, &sent.code, &sent.tx_code).await;
    answer(
        redeemed,
        |access| json!({"access_token": access, "token_type": "Bearer", "expires_in": wallet::ACCESS_SECONDS}),
    )
}

/// POST /api/vci/credential (OpenID4VCI §8).
pub(crate) async fn credential(State(room): State<Room>, headers: HeaderMap, body: Bytes) -> Answer {
    let bearer = headers.get(header::AUTHORIZATION).and_then(|v| v.to_str().ok());
    let access = bearer.and_then(|v| v.strip_prefix("Bearer ")).unwrap_or_default();
    let read = (body.len() <= REQUEST_MAX).then(|| serde_json::from_slice::<Value>(&body).ok()).flatten();
    let Some(request) = read else {
        return Ok(error("invalid_credential_request", "not JSON"));
    };
    let ground = &room.house.ground;
    let handed = wallet::hand_over(ground, &room.signer, base(&room), access, &request).await;
    answer(handed, |credential| json!({"credentials": [{"credential": credential}]}))
}

fn error(word: &str, say: &str) -> Response {
    told(StatusCode::BAD_REQUEST, NO_STORE, &json!({"error": word, "error_description": say}))
}

/// A refusal of the wallet's protocols is an error of theirs; everything else is ours.
fn answer<T>(outcome: kernel::Outcome<T>, body: impl Fn(T) -> Value) -> Answer {
    match outcome {
        Ok(value) => Ok(told(StatusCode::OK, NO_STORE, &body(value))),
        Err(Failure::Refused(refusal)) => match wallet::error_of(&refusal) {
            Some(word) if word == "invalid_token" => {
                let mut response = error(&word, &refusal.say.en);
                *response.status_mut() = StatusCode::UNAUTHORIZED;
                let challenge = HeaderValue::from_static("Bearer error=\"invalid_token\"");
                response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
                Ok(response)
            }
            Some(word) => Ok(error(&word, &refusal.say.en)),
            None => Err(Problem::from(refusal)),
        },
        Err(failure) => Err(failure.into()),
    }
}
