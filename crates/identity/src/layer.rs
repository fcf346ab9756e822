//! Who asks: reads the session's cookie and puts the session, the badge and the form token into the request.

use crate::model::{Session, SessionKind};
use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use kernel::Timestamp;
use page::{Badge, CsrfToken, House, Problem};

/// With this header a page's script asks again and again without anybody doing anything.
const BY_ITSELF: &str = "yimen-by-itself";

/// Puts the layer around routes with pages; `page::layer` goes around it. Paths under `/api/` carry their own tokens and
/// never act by a cookie.
pub fn layer(router: Router, house: &House) -> Router {
    router.layer(from_fn_with_state(house.clone(), who))
}

async fn who(State(house): State<House>, mut request: Request, next: Next) -> Response {
    let path = request.uri().path();
    if path.starts_with("/api/") || path.starts_with("/assets/") {
        return next.run(request).await;
    }
    let token = page::layer::cookie(request.headers(), cookie_name(&house)).map(str::to_owned);
    if let Some(token) = token {
        let used = !request.headers().contains_key(BY_ITSELF);
        match crate::verbs::session_of(&house.ground, &token, used).await {
            // A program's token is for `Authorization`: in a cookie it would never end idle.
            Ok(Some(session)) if session.kind() == SessionKind::Cookie => {
                request.extensions_mut().insert(badge(&session));
                request.extensions_mut().insert(CsrfToken(session.csrf.clone()));
                request.extensions_mut().insert(session);
            }
            Ok(_) => {}
            Err(fault) => return Problem::from(fault.while_doing("looking up a session")).into_response(),
        }
    }
    next.run(request).await
}

fn badge(session: &Session) -> Badge {
    Badge {
        name: session.person_name.clone(),
        acting: session.acting_name().map(str::to_owned),
        staff: session.is_staff(),
        can_switch: session.can_switch(),
    }
}

fn https(house: &House) -> bool {
    house.site.base_url.starts_with("https://")
}

/// The cookie's name; over https its prefix keeps neighbours from planting one.
pub(crate) fn cookie_name(house: &House) -> &'static str {
    if https(house) { "__Host-yimen_session" } else { "yimen_session" }
}

fn set(headers: &mut HeaderMap, house: &House, value: &str, seconds: i64) {
    set_named(headers, house, cookie_name(house), value, seconds);
}

/// The name of a cookie beside the session's.
pub(crate) fn spare_name(house: &House, name: &str) -> String {
    if https(house) { format!("__Host-yimen_{name}") } else { format!("yimen_{name}") }
}

/// Sets a cookie that no script reads and no other site's form brings along.
pub(crate) fn set_named(headers: &mut HeaderMap, house: &House, name: &str, value: &str, seconds: i64) {
    let secure = if https(house) { "; Secure" } else { "" };
    let text = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}");
    if let Ok(value) = HeaderValue::from_str(&text) {
        headers.append(header::SET_COOKIE, value);
    }
}

/// Gives the browser its session.
pub(crate) fn give(headers: &mut HeaderMap, house: &House, token: &str, until: Timestamp) {
    let left = until.as_second() - house.ground.clock.now().as_second();
    set(headers, house, token, left.max(0));
}

/// Takes the browser's session away.
pub(crate) fn take(headers: &mut HeaderMap, house: &House) {
    set(headers, house, "", 0);
}
