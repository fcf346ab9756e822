//! `/login/national` and `/login/national/back`: to the national identity service and back.

use super::common::{Peer, origin_of};
use super::doors::Doors;
use super::login::{code_page, let_in, refused};
use crate::rights::SignedIn;
use crate::{Entered, national};
use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use kernel::{Fault, Outcome, Refusal};
use national::{Answer, Came};
use page::{Answer as Page, Ctx, FormState};

#[derive(serde::Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    next: String,
    /// `sure`: somebody who is signed in shows again who they are.
    #[serde(default, rename = "for")]
    purpose: String,
}

/// Sends the browser to another site: the only way out of this one, and only to the door that the service itself names.
fn away_to(door: &str) -> Result<Response, Fault> {
    let to = HeaderValue::from_str(door).map_err(|e| Fault::from("the service's address", e))?;
    Ok((StatusCode::SEE_OTHER, [(header::LOCATION, to)]).into_response())
}

pub(super) async fn get(
    State(doors): State<Doors>,
    who: Option<SignedIn>,
    ctx: Ctx,
    Query(asked): Query<Asked>,
) -> Page {
    let service = doors.national.as_deref().ok_or_else(Refusal::not_found)?;
    let confirms = who.as_ref().map(SignedIn::session).filter(|_| asked.purpose == "sure");
    let mut headers = HeaderMap::new();
    let begun = national::begin(&mut headers, &doors.house, service, &asked.next, confirms, ctx.lang).await;
    match begun {
        Ok(door) => {
            let mut response = away_to(&door)?;
            response.headers_mut().extend(headers);
            Ok(response)
        }
        Err(failure) => refused(&doors, &ctx, failure, &asked.next, who.as_ref()).await,
    }
}

pub(super) async fn back(
    State(doors): State<Doors>,
    who: Option<SignedIn>,
    ctx: Ctx,
    headers: HeaderMap,
    peer: Peer,
    Query(answer): Query<Answer>,
) -> Page {
    let service = doors.national.as_deref().ok_or_else(Refusal::not_found)?;
    let (origin, session) = (origin_of(&headers, &peer), who.as_ref().map(SignedIn::session));
    let (next, came) = national::came_back(&doors.house, service, &headers, &answer, session, &origin).await;
    let mut response = answered(&doors, &ctx, who, &next, came).await?;
    national::leave(response.headers_mut(), &doors.house);
    Ok(response)
}

async fn answered(doors: &Doors, ctx: &Ctx, who: Option<SignedIn>, next: &str, came: Outcome<Came>) -> Page {
    match came {
        Ok(Came::In(Entered::In(new))) => let_in(&doors.house, who, &new, next).await,
        Ok(Came::In(Entered::Half(half))) => {
            Ok(page::render(&code_page(doors, ctx, FormState::new(), half, next.to_owned())))
        }
        Ok(Came::Sure) => Ok(page::see_other(if next.is_empty() { "/account/security" } else { next })),
        Err(failure) => refused(doors, ctx, failure, next, who.as_ref()).await,
    }
}
