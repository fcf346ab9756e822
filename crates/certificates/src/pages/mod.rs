//! The pages: verification for everybody, the certificate for its holder, its PDF.

mod certificate;
mod verdict;
mod verify;

use crate::keys::Signer;
use axum::Router;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use page::House;
use std::sync::Arc;

/// What the pages are built with.
#[derive(Clone)]
pub(crate) struct Room {
    pub(crate) house: House,
    pub(crate) signer: Arc<Signer>,
}

/// The room's pages: `/verify`, `/verify/{token}`, `/verify/ca.pem`, `/certificates/{id}`, `/certificates/{id}/pdf`.
pub fn routes(house: House, signer: Arc<Signer>) -> Router {
    Router::new()
        .route("/verify", get(verify::form).post(verify::upload))
        .route("/verify/ca.pem", get(verify::authority))
        .route("/verify/{token}", get(verify::scanned))
        .route("/certificates/{id}", get(certificate::show))
        .route("/certificates/{id}/pdf", get(certificate::pdf))
        .with_state(Room { house, signer })
}

/// A file to be kept, with a name that is safe in a header.
pub(crate) fn download(kind: &'static str, name: &str, bytes: Vec<u8>) -> Response {
    let disposition = HeaderValue::from_str(&format!("attachment; filename=\"{name}\""))
        .unwrap_or_else(|_| HeaderValue::from_static("attachment"));
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (header::CONTENT_DISPOSITION, disposition),
        (header::CACHE_CONTROL, HeaderValue::from_static("private, no-store")),
    ];
    (headers, bytes).into_response()
}
