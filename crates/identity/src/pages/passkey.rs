//! `/login/passkey`: the question for a passkey, fetched by the page's script, and signing in with the answer.

use super::common::{Peer, origin_of};
use super::doors::Doors;
use super::login::{let_in, refused};
use crate::passkey;
use crate::rights::{SignedIn, sign_in_first};
use axum::Json;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::IntoResponse as _;
use page::{Answer, Ctx, Submitted};

#[derive(serde::Deserialize)]
pub(super) struct Asked {
    /// `new` to make one, anything else to show one.
    #[serde(default, rename = "for")]
    purpose: String,
}

pub(super) async fn get(
    State(doors): State<Doors>,
    who: Option<SignedIn>,
    ctx: Ctx,
    Query(asked): Query<Asked>,
) -> Answer {
    let session = who.as_ref().map(SignedIn::session);
    let mut headers = HeaderMap::new();
    let question = if asked.purpose == "new" {
        let session = session.ok_or_else(sign_in_first)?;
        let sure = session.confirmed(ctx.now)?;
        passkey::ask_to_make(&mut headers, &doors.house, session, &sure).await?
    } else {
        passkey::ask_to_show(&mut headers, &doors.house, session).await?
    };
    let mut response = Json(question).into_response();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response.headers_mut().extend(headers);
    Ok(response)
}

pub(super) async fn post(
    State(doors): State<Doors>,
    who: Option<SignedIn>,
    ctx: Ctx,
    headers: HeaderMap,
    peer: Peer,
    sent: Submitted,
) -> Answer {
    let (house, next, origin) = (&doors.house, sent.get("next"), origin_of(&headers, &peer));
    let session = who.as_ref().map(SignedIn::session);
    match passkey::sign_in(house, &headers, session, sent.get("passkey"), &origin).await {
        Ok(new) => let_in(house, who, &new, next).await,
        Err(failure) => refused(&doors, &ctx, failure, next, who.as_ref()).await,
    }
}
