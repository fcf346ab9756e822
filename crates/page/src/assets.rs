//! Style, script and mark of the site, inside the program, under addresses that change with their content.

use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use std::sync::LazyLock;

struct Asset {
    name: &'static str,
    kind: &'static str,
    text: String,
    hash: String,
}

static ASSETS: LazyLock<Vec<Asset>> = LazyLock::new(|| {
    let css = [
        include_str!("../assets/tokens.css"),
        include_str!("../assets/base.css"),
        include_str!("../assets/shell.css"),
        include_str!("../assets/parts.css"),
        include_str!("../assets/lists.css"),
        include_str!("../assets/form.css"),
        include_str!("../assets/home.css"),
        include_str!("../assets/desk.css"),
        include_str!("../assets/hall.css"),
        include_str!("../assets/print.css"),
    ]
    .concat();
    let js = include_str!("../assets/app.js").to_owned();
    let mark = include_str!("../assets/mark.svg").to_owned();
    vec![
        asset("site.css", "text/css; charset=utf-8", css),
        asset("app.js", "text/javascript; charset=utf-8", js),
        asset(
            "passkey.js",
            "text/javascript; charset=utf-8",
            include_str!("../assets/passkey.js").to_owned(),
        ),
        asset("scan.js", "text/javascript; charset=utf-8", include_str!("../assets/scan.js").to_owned()),
        asset("mark.svg", "image/svg+xml", mark),
    ]
});

fn asset(name: &'static str, kind: &'static str, text: String) -> Asset {
    let hash = format!("{:016x}", fnv(text.as_bytes()));
    Asset { name, kind, text, hash }
}

/// FNV-1a: enough to tell two versions of a file apart; nothing is secured by it.
fn fnv(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |h, b| (h ^ u64::from(*b)).wrapping_mul(0x0100_0000_01b3))
}

/// The address of an asset: `/assets/<hash>/<name>`.
pub fn url(name: &str) -> String {
    match ASSETS.iter().find(|a| a.name == name) {
        Some(a) => format!("/assets/{}/{name}", a.hash),
        None => {
            tracing::error!(name, "there is no such asset");
            String::new()
        }
    }
}

/// `GET /assets/{hash}/{name}`: kept for ever when the hash is this content's, else not at all.
pub(crate) async fn get(Path((hash, name)): Path<(String, String)>) -> Response {
    ASSETS
        .iter()
        .find(|a| a.name == name)
        .map_or_else(|| StatusCode::NOT_FOUND.into_response(), |a| serve(a, a.hash == hash))
}

/// `GET /favicon.ico`: the mark.
pub(crate) async fn favicon() -> Response {
    ASSETS
        .iter()
        .find(|a| a.name == "mark.svg")
        .map_or_else(|| StatusCode::NOT_FOUND.into_response(), |a| serve(a, false))
}

fn serve(asset: &'static Asset, forever: bool) -> Response {
    let keep = if forever { "public, max-age=31536000, immutable" } else { "no-cache" };
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(asset.kind));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
    (headers, asset.text.as_str()).into_response()
}
