//! The proof that a form was sent from a page of ours: a token in the session and in the form, and where it came from.

use axum::http::{HeaderMap, Method, header};
use kernel::{Refusal, RefusalKind, Rng, rng};

/// The session's token, put into the request's extensions by identity's layer. For visitors the page layer keeps one
/// in a cookie of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CsrfToken(pub String);

/// The token as written into a page: masked with fresh chance, so that compressed pages never repeat it.
pub fn mask(token: &str, rng: &dyn Rng) -> String {
    let pad: [u8; 16] = rng::bytes(rng);
    let mut out = String::from("m");
    for b in pad {
        out.push_str(&format!("{b:02x}"));
    }
    for (b, p) in token.bytes().zip(pad.iter().cycle()) {
        out.push_str(&format!("{:02x}", b ^ p));
    }
    out
}

/// Whether `sent` is the `token`, masked or bare; takes as long for a wrong one as for the right one.
pub fn matches(token: &str, sent: &str) -> bool {
    if token.is_empty() {
        return false;
    }
    let bare = same(token.as_bytes(), sent.as_bytes());
    let masked = unmask(sent).is_some_and(|plain| same(token.as_bytes(), &plain));
    bare || masked
}

fn unmask(sent: &str) -> Option<Vec<u8>> {
    let hex = sent.strip_prefix('m')?;
    if !hex.is_ascii() || hex.len() < 32 || hex.len() % 2 != 0 || hex.len() > 1_024 {
        return None;
    }
    let mut bytes = Vec::with_capacity(hex.len() / 2);
    for at in (0..hex.len()).step_by(2) {
        bytes.push(u8::from_str_radix(hex.get(at..at + 2)?, 16).ok()?);
    }
    let (pad, body) = bytes.split_at(16);
    Some(body.iter().zip(pad.iter().cycle()).map(|(b, p)| b ^ p).collect())
}

fn same(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && a.iter().zip(b).fold(0u8, |acc, (x, y)| acc | (x ^ y)) == 0
}

/// Refuses a changing request that another site sent: by `Sec-Fetch-Site`, and by `Origin` against host and base URL.
///
/// # Errors
/// The refusal `page.cross-site`.
pub fn check_origin(method: &Method, headers: &HeaderMap, base_url: &str) -> Result<(), Refusal> {
    if matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS | Method::TRACE) {
        return Ok(());
    }
    let text = |name| headers.get(name).and_then(|v| v.to_str().ok());
    let foreign_site = text(header::HeaderName::from_static("sec-fetch-site"))
        .is_some_and(|site| site != "same-origin" && site != "none");
    let foreign_origin = text(header::ORIGIN).is_some_and(|origin| {
        let host = origin.split_once("://").map(|(_, host)| host);
        origin != base_url && (host.is_none() || host != text(header::HOST))
    });
    if foreign_site || foreign_origin { Err(refusal("page.cross-site")) } else { Ok(()) }
}

/// The refusal for a missing or foreign token.
pub fn refusal(code: &'static str) -> Refusal {
    Refusal::new(
        RefusalKind::Forbidden,
        code,
        "这次提交不是从本网站的页面发出的，或者页面打开得太久了，所以没有办理。",
        "This was not sent from a page of this site, or the page had been open too long, so nothing was done.",
    )
    .next(
        "请回到原来的页面，刷新后再提交一次。",
        "Please go back to the page, reload it and send it again.",
    )
}
