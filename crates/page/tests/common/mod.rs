//! A small site with one form, served without a database.
#![allow(dead_code, reason = "each test file uses its part")]

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use axum::routing::{get, post};
use kernel::{FixedClock, SeededRng};
use page::{Answer, Badge, CsrfToken, Ctx, Frame, Site, Submitted};
use std::sync::Arc;
use tower::ServiceExt;

pub const TOKEN: &str = "the-session-token";

/// What came back.
pub struct Reply {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Reply {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |v| v.to_str().unwrap())
    }
}

async fn echo(_: Ctx, sent: Submitted) -> Answer {
    let files: Vec<_> =
        sent.files().iter().map(|f| format!("{}:{}:{}", f.field, f.name, f.bytes.len())).collect();
    Ok(axum::response::IntoResponse::into_response(format!("{:?} {files:?}", sent.fields())))
}

async fn who(ctx: Ctx) -> String {
    format!("{} {} {}", ctx.lang.tag(), ctx.big, ctx.badge.is_some())
}

#[allow(clippy::unused_async, reason = "handlers are async")]
async fn burst() -> String {
    panic!("a planted panic")
}

/// The site; signed in when `session`.
pub fn site(session: bool, base_url: &str) -> Router {
    let site = Site { base_url: base_url.to_owned(), ..Site::demo() };
    let frame = Frame {
        site: Arc::new(site),
        rng: Arc::new(SeededRng::new(1)),
        clock: Arc::new(FixedClock::at("2026-11-22T02:00:00Z".parse().unwrap())),
    };
    let mut routes = Router::new()
        .route("/echo", post(echo))
        .route("/who", get(who))
        .route("/burst", get(burst))
        .route(
            "/number/{n}",
            get(|axum::extract::Path(n): axum::extract::Path<u8>| async move { n.to_string() }),
        )
        .route("/api/v1/x", post(|| async { "posted" }));
    routes = page::inner(routes);
    if session {
        let badge = Badge { name: "张三".into(), acting: None, staff: false, can_switch: true };
        routes = routes.layer(axum::Extension(badge)).layer(axum::Extension(CsrfToken(TOKEN.to_owned())));
    }
    page::dress(routes, frame)
}

/// Sends one request.
pub async fn send(router: Router, request: Request<Body>) -> Reply {
    let response = router.oneshot(request).await.unwrap();
    let (status, headers) = (response.status(), response.headers().clone());
    let bytes = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
    Reply { status, headers, body: String::from_utf8_lossy(&bytes).into_owned() }
}

pub async fn get_page(router: Router, path: &str, headers: &[(&str, &str)]) -> Reply {
    let mut request = Request::get(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    send(router, request.body(Body::empty()).unwrap()).await
}

pub async fn post_form(router: Router, path: &str, headers: &[(&str, &str)], body: impl Into<Body>) -> Reply {
    let mut request = Request::post(path).header("host", "city.test");
    if !headers.iter().any(|(n, _)| *n == "content-type") {
        request = request.header("content-type", "application/x-www-form-urlencoded");
    }
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    send(router, request.body(body.into()).unwrap()).await
}
