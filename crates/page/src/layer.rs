//! What surrounds every page: reference number, language, headers, panics and failures turned into pages, log line.

use crate::problem::{self, Carried};
use crate::{Badge, Ctx, House, Problem, Site, answer, assets, csrf, ctx, submitted};
use axum::Router;
use axum::body::Bytes;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use kernel::{Clock, Failure, Fault, Lang, Refusal, Rng, Timestamp, rng};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::timeout::TimeoutLayer;
use tracing::Instrument;

/// How long a request may take before the person is told; streams are not cut by it.
const REQUEST_SECONDS_MAX: u64 = 60;

/// What pages may load and where forms may go: only this site, no inline script, no inline style.
pub const CSP: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
    font-src 'self'; connect-src 'self'; frame-src 'self'; manifest-src 'self'; form-action 'self'; \
    frame-ancestors 'none'; base-uri 'none'; object-src 'none'";

/// What pages need of a house; enough to serve them without a database (examples, tests).
#[derive(Clone)]
pub struct Frame {
    /// The site's particulars.
    pub site: Arc<Site>,
    /// Chance.
    pub rng: Arc<dyn Rng>,
    /// Time.
    pub clock: Arc<dyn Clock>,
}

/// Who was seen to be signed in while the request was answered; for the error page.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub(crate) badge: Option<Badge>,
    pub(crate) token: String,
}

/// What is known of a request before anybody looks at its session.
#[derive(Clone)]
pub(crate) struct Basics {
    pub(crate) lang: Lang,
    pub(crate) big: bool,
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) request_id: String,
    pub(crate) now: Timestamp,
    pub(crate) json: bool,
    pub(crate) visitor: String,
    pub(crate) seen: Arc<OnceLock<Seen>>,
    pub(crate) frame: Frame,
    new_visitor: bool,
    new_lang: bool,
}

/// Puts the page layer around all routes; the last layer app adds, around identity's.
pub fn layer(router: Router, house: &House) -> Router {
    let ground = &house.ground;
    let frame = Frame {
        site: Arc::clone(&house.site),
        rng: Arc::clone(&ground.rng),
        clock: Arc::clone(&ground.clock),
    };
    dress(router, frame)
}

/// Goes inside identity's layer: error pages learn who is signed in, unknown addresses get a page, and `/kit` is there.
pub fn inner(router: Router) -> Router {
    router.merge(crate::kit::routes()).fallback(not_found).layer(from_fn(note))
}

/// The same as [`layer`] without a database.
pub fn dress(router: Router, frame: Frame) -> Router {
    let router = router
        .route("/assets/{hash}/{name}", get(assets::get))
        .route("/favicon.ico", get(assets::favicon))
        .route("/prefs", post(prefs));
    let timeout = Duration::from_secs(REQUEST_SECONDS_MAX);
    router
        .layer(CatchPanicLayer::custom(panicked))
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, timeout))
        .layer(from_fn_with_state(frame, around))
        .layer(CompressionLayer::new())
}

/// The handler for unknown addresses.
pub async fn not_found(_: Ctx) -> Problem {
    Refusal::not_found().into()
}

fn panicked(what: Box<dyn std::any::Any + Send + 'static>) -> Response {
    let text = what
        .downcast_ref::<String>()
        .cloned()
        .or_else(|| what.downcast_ref::<&str>().map(|s| (*s).to_owned()))
        .unwrap_or_else(|| "no message".to_owned());
    Problem::from(Fault::new(format!("a handler panicked: {text}"))).into_response()
}

async fn note(request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    if let Some(basics) = parts.extensions.get::<Basics>() {
        basics.see(&parts);
    }
    next.run(Request::from_parts(parts, body)).await
}

async fn around(State(frame): State<Frame>, mut request: Request, next: Next) -> Response {
    let started = Instant::now();
    let basics = Basics::read(frame, &request);
    let method = request.method().clone();
    let span = tracing::info_span!("request", id = %basics.request_id);
    let refused = (!basics.machine())
        .then(|| csrf::check_origin(&method, request.headers(), &basics.frame.site.base_url).err())
        .flatten();
    request.extensions_mut().insert(basics.clone());
    let response = match refused {
        Some(refusal) => Problem::from(refusal).into_response(),
        None => next.run(request).instrument(span.clone()).await,
    };
    let mut response = span.in_scope(|| basics.explain(response));
    basics.protect(&mut response);
    let status = response.status().as_u16();
    let micros = u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX);
    tracing::info!(id = %basics.request_id, %method, path = %basics.path, status, micros, "answered");
    response
}

impl Basics {
    fn read(frame: Frame, request: &Request) -> Self {
        let headers = request.headers();
        let query = request.uri().query().unwrap_or_default();
        let asked = query.split('&').filter_map(|p| p.strip_prefix("lang=")).find_map(Lang::from_tag);
        let kept = cookie(headers, LANG).and_then(Lang::from_tag);
        let visitor = cookie(headers, visitor_cookie(&frame.site))
            .filter(|v| v.len() == 32 && v.bytes().all(|b| b.is_ascii_hexdigit()));
        let accept = headers.get(header::ACCEPT).and_then(|v| v.to_str().ok()).unwrap_or_default();
        Self {
            lang: asked.or(kept).or_else(|| preferred(headers)).unwrap_or_default(),
            big: cookie(headers, PRINT) == Some("big"),
            path: request.uri().path().to_owned(),
            query: query.to_owned(),
            request_id: reference(frame.rng.as_ref()),
            now: frame.clock.now(),
            json: accept.contains("application/json") && !accept.contains("text/html"),
            new_visitor: visitor.is_none(),
            new_lang: asked.is_some() && asked != kept,
            visitor: visitor.map_or_else(|| hex(&rng::bytes::<16>(frame.rng.as_ref())), str::to_owned),
            seen: Arc::new(OnceLock::new()),
            frame,
        }
    }

    pub(crate) fn see(&self, parts: &axum::http::request::Parts) -> &Seen {
        self.seen.get_or_init(|| Seen {
            badge: parts.extensions.get::<Badge>().cloned(),
            token: ctx::token_of(parts, self),
        })
    }

    pub(crate) fn ctx(&self, seen: &Seen) -> Ctx {
        Ctx {
            lang: self.lang,
            big: self.big,
            path: self.path.clone(),
            query: self.query.clone(),
            badge: seen.badge.clone(),
            csrf: csrf::mask(&seen.token, self.frame.rng.as_ref()),
            site: Arc::clone(&self.frame.site),
            request_id: self.request_id.clone(),
            now: self.now,
            json: self.json,
        }
    }

    /// Whether machines talk here: no error pages, no form tokens.
    fn machine(&self) -> bool {
        self.path.starts_with("/api/") || matches!(self.path.as_str(), "/healthz" | "/readyz" | "/metrics")
    }

    /// Turns a failure that travels in the response into a page, or into JSON when a script asked.
    fn explain(&self, mut response: Response) -> Response {
        let status = response.status();
        let failure = match response.extensions_mut().remove::<Carried>() {
            Some(Carried(failure)) => failure,
            None if status.as_u16() < 400 || self.machine() || has_own_body(&response) => return response,
            None => Arc::new(Failure::Refused(problem::refusal_of(status))),
        };
        match failure.as_ref() {
            Failure::Fault(fault) => tracing::error!(path = %self.path, "{fault}"),
            Failure::Refused(refusal) => tracing::debug!(path = %self.path, code = %refusal.code, "refused"),
        }
        let mut page = if self.json || self.machine() {
            self.as_json(status, &failure)
        } else {
            let nobody = Seen { badge: None, token: self.visitor.clone() };
            problem::page(&self.ctx(self.seen.get().unwrap_or(&nobody)), status, &failure)
        };
        for name in [header::ALLOW, header::RETRY_AFTER, header::WWW_AUTHENTICATE, header::SET_COOKIE] {
            for value in response.headers().get_all(&name) {
                page.headers_mut().append(name.clone(), value.clone());
            }
        }
        page
    }

    fn as_json(&self, status: StatusCode, failure: &Failure) -> Response {
        let told = problem::told(failure);
        let fields: Vec<_> = told
            .fields
            .iter()
            .map(|f| serde_json::json!({"field": f.field, "say": f.say.get(self.lang)}))
            .collect();
        let body = serde_json::json!({
            "code": told.code, "say": told.say.get(self.lang), "fields": fields,
            "next": told.next.as_ref().map(|n| n.get(self.lang)), "reference": self.request_id,
        });
        (status, axum::Json(body)).into_response()
    }

    fn protect(&self, response: &mut Response) {
        let html = kind_of(response).starts_with("text/html");
        let https = self.frame.site.base_url.starts_with("https://");
        let headers = response.headers_mut();
        let mut set = |name: HeaderName, value: &'static str| {
            headers.entry(name).or_insert(HeaderValue::from_static(value));
        };
        set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
        set(header::REFERRER_POLICY, "same-origin");
        set(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
        set(HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
        set(HeaderName::from_static("permissions-policy"), "camera=(), microphone=(), geolocation=()");
        if html {
            set(header::CONTENT_SECURITY_POLICY, CSP);
            set(header::X_FRAME_OPTIONS, "DENY");
            set(header::CACHE_CONTROL, "no-store");
            set(header::VARY, "Accept-Language, Cookie");
        } else {
            set(header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'self'");
            set(header::X_FRAME_OPTIONS, "SAMEORIGIN");
        }
        if https {
            set(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000; includeSubDomains");
        }
        if let Ok(id) = HeaderValue::from_str(&self.request_id) {
            headers.insert(HeaderName::from_static("x-request-id"), id);
        }
        if html && self.new_visitor {
            keep(headers, visitor_cookie(&self.frame.site), &self.visitor, None, https);
        }
        if html && self.new_lang {
            keep(headers, LANG, self.lang.tag(), Some(YEAR), https);
        }
    }
}

const LANG: &str = "yimen_lang";
const PRINT: &str = "yimen_print";
const YEAR: u32 = 31_536_000;

fn visitor_cookie(site: &Site) -> &'static str {
    if site.base_url.starts_with("https://") { "__Host-yimen_visit" } else { "yimen_visit" }
}

fn keep(headers: &mut HeaderMap, name: &str, value: &str, seconds: Option<u32>, https: bool) {
    let age = seconds.map_or_else(String::new, |s| format!("; Max-Age={s}"));
    let secure = if https { "; Secure" } else { "" };
    let text = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{age}{secure}");
    if let Ok(value) = HeaderValue::from_str(&text) {
        headers.append(header::SET_COOKIE, value);
    }
}

/// The value of a cookie.
pub fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|v| v.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(n, v)| (n == name).then_some(v))
}

/// The language the browser prefers among ours.
fn preferred(headers: &HeaderMap) -> Option<Lang> {
    let line = headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok()?;
    let mut best: Option<(u32, Lang)> = None;
    for choice in line.split(',').take(20) {
        let mut parts = choice.split(';');
        let Some(lang) = parts.next().and_then(|tag| Lang::from_tag(tag.trim())) else { continue };
        let weight = parts.find_map(|p| p.trim().strip_prefix("q=")).map_or(1_000, thousandths);
        if best.is_none_or(|(w, _)| weight > w) {
            best = Some((weight, lang));
        }
    }
    best.filter(|(weight, _)| *weight > 0).map(|(_, lang)| lang)
}

fn thousandths(q: &str) -> u32 {
    let (whole, part) = q.split_once('.').unwrap_or((q, ""));
    let digits: String = part.chars().chain("000".chars()).take(3).collect();
    whole.parse::<u32>().unwrap_or(0).min(1) * 1_000 + digits.parse::<u32>().unwrap_or(0)
}

/// Ten characters that can be read out on the telephone: no I, L, O, U.
fn reference(rng: &dyn Rng) -> String {
    const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let pick = |b: &u8| LETTERS.get(usize::from(b & 31)).copied().map_or('0', char::from);
    rng::bytes::<10>(rng).iter().map(pick).collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

fn kind_of(response: &Response) -> &str {
    response.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default()
}

/// Whether an error response already says something fit for people or machines (a page of its own, JSON, a stream).
fn has_own_body(response: &Response) -> bool {
    let kind = kind_of(response);
    !kind.is_empty() && !kind.starts_with("text/plain")
}

/// `POST /prefs`: language and print size, then back to where one was. Changes nothing but how pages look, so the
/// origin check of the layer is proof enough.
async fn prefs(State(()): State<()>, request_ctx: Ctx, body: Bytes) -> Response {
    let fields =
        if body.len() > 4_096 { Vec::new() } else { submitted::urlencoded(&body).unwrap_or_default() };
    let get = |name: &str| fields.iter().find(|(n, _)| n == name).map_or("", |(_, v)| v.as_str());
    let mut response = answer::see_other(without_lang(answer::local_path(get("back"))));
    let https = request_ctx.site.base_url.starts_with("https://");
    if let Some(lang) = Lang::from_tag(get("lang")) {
        keep(response.headers_mut(), LANG, lang.tag(), Some(YEAR), https);
    }
    if matches!(get("print"), "big" | "normal") {
        keep(response.headers_mut(), PRINT, get("print"), Some(YEAR), https);
    }
    response
}

/// The path without `lang=…` in its query, which would win over the choice just made.
fn without_lang(path: &str) -> String {
    let Some((path, query)) = path.split_once('?') else { return path.to_owned() };
    let rest: Vec<&str> = query.split('&').filter(|p| !p.starts_with("lang=")).collect();
    if rest.is_empty() { path.to_owned() } else { format!("{path}?{}", rest.join("&")) }
}
