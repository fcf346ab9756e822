//! The pages: verification for everybody, the certificate for its holder, its life for the issuing agency.

mod certificate;
mod copies;
mod office;
mod office_acts;
mod present;
mod status;
mod vci;
mod verdict;
mod verify;
mod versions;
mod wallet;

use crate::keys::Signer;
use axum::Router;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use page::House;
use std::sync::Arc;

/// What the pages are built with.
#[derive(Clone)]
pub(crate) struct Room {
    pub(crate) house: House,
    pub(crate) signer: Arc<Signer>,
}

/// The room's pages: everybody's, the holder's, the issuing agency's, and those that machines read.
pub fn routes(house: House, signer: Arc<Signer>) -> Router {
    Router::new()
        .route("/verify", get(verify::form).post(verify::upload))
        .route("/verify/ca.pem", get(verify::authority))
        .route("/verify/{token}", get(verify::scanned))
        .route("/certificates/{id}", get(certificate::show))
        .route("/certificates/{id}/pdf", get(certificate::pdf))
        .route("/certificates/{id}/ofd", get(certificate::ofd))
        .route("/certificates/{id}/picture", get(certificate::picture))
        .route("/certificates/{id}/present", get(present::choose).post(present::make))
        .route("/certificates/{id}/present/{presentation}", get(present::code))
        .route("/certificates/{id}/copies", get(copies::list).post(copies::make))
        .route("/certificates/{id}/copies/{copy}", get(copies::pdf).post(copies::withdraw))
        .route("/present", get(present::type_in).post(present::look_by_code))
        .route("/present/{token}", get(present::open).post(present::look))
        .route("/desk/certificates", get(office::find))
        .route("/desk/certificates/{id}", get(office::show))
        .route("/desk/certificates/{id}/acts", post(office_acts::act))
        .route("/desk/certificates/{id}/versions", post(office_acts::version))
        .route("/certificates/{id}/wallet", get(wallet::ask).post(wallet::make))
        .route("/certificates/{id}/wallet/{offer}", get(wallet::show))
        .merge(for_machines())
        .with_state(Room { house, signer })
}

/// What wallets and verifiers read and ask. What they send lies under `/api/`: it comes from other sites, and acts by no cookie.
fn for_machines() -> Router<Room> {
    Router::new()
        .route("/status/{list}", get(status::list))
        .route("/.well-known/openid-credential-issuer", get(vci::issuer))
        .route("/.well-known/oauth-authorization-server", get(vci::authorization_server))
        .route("/.well-known/jwt-vc-issuer", get(vci::keys))
        .route("/credential/certificate", get(vci::type_metadata))
        .route("/credential/offer/{code}", get(vci::offer))
        .route("/api/vci/nonce", post(vci::nonce).options(vci::preflight))
        .route("/api/vci/token", post(vci::token).options(vci::preflight))
        .route("/api/vci/credential", post(vci::credential).options(vci::preflight))
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
