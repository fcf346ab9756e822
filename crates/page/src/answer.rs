//! What a page's handler returns, and how a template becomes a response.

use crate::Problem;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use kernel::Fault;

/// What every page's handler returns.
pub type Answer = Result<Response, Problem>;

/// The page of template `t`, 200.
pub fn render(t: &impl askama::Template) -> Response {
    render_with(StatusCode::OK, t)
}

/// The page of template `t` with another status, such as 422 for a form with errors.
pub fn render_with(status: StatusCode, t: &impl askama::Template) -> Response {
    match t.render() {
        Ok(html) => {
            let kind = HeaderValue::from_static("text/html; charset=utf-8");
            (status, [(header::CONTENT_TYPE, kind)], html).into_response()
        }
        Err(error) => Problem::from(Fault::from("rendering a page", error)).into_response(),
    }
}

/// Sends the browser on with GET (303), within this site only: anything but a local path leads home.
pub fn see_other(path: impl AsRef<str>) -> Response {
    let path = local_path(path.as_ref());
    let ascii: String = path.bytes().map(escape_byte).collect();
    let to = HeaderValue::from_str(&ascii).unwrap_or_else(|_| HeaderValue::from_static("/"));
    (StatusCode::SEE_OTHER, [(header::LOCATION, to)]).into_response()
}

/// `path` when it is a path of this site, else `/`: no scheme, no `//host`, no backslash, no control character.
pub fn local_path(path: &str) -> &str {
    let local = path.starts_with('/')
        && !path.starts_with("//")
        && !path.contains('\\')
        && !path.chars().any(char::is_control)
        && path.len() <= 2_000;
    if local { path } else { "/" }
}

fn escape_byte(b: u8) -> String {
    if b.is_ascii_graphic() { char::from(b).to_string() } else { format!("%{b:02X}") }
}
