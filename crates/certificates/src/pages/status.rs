//! `/status/{list}`: a status list as a signed token, for everybody and for every site's script.

use super::Room;
use crate::status::{self, TTL_SECONDS};
use axum::extract::{Path, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::IntoResponse as _;
use kernel::Refusal;
use page::Answer;

/// GET /status/{list}.
pub(crate) async fn list(State(room): State<Room>, Path(list): Path<String>) -> Answer {
    let ground = &room.house.ground;
    let list: i64 = list.parse().ok().filter(|n| *n >= 0).ok_or_else(Refusal::not_found)?;
    let base = &room.house.site.base_url;
    let token = status::token(&ground.store, &room.signer, base, list, ground.clock.now())
        .await?
        .ok_or_else(Refusal::not_found)?;
    let cached = format!("public, max-age={TTL_SECONDS}");
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/statuslist+jwt")),
        (
            header::CACHE_CONTROL,
            HeaderValue::from_str(&cached).unwrap_or(HeaderValue::from_static("no-cache")),
        ),
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*")),
        (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("cross-origin")),
    ];
    Ok((headers, token).into_response())
}
