//! `POST /tickets`: from the short code on paper to the ticket's page.

use super::{Room, halls, told};
use crate::verbs;
use axum::Extension;
use axum::extract::{ConnectInfo, State};
use page::{Answer, Ctx, FormState, Html, Submitted};
use qrcodegen::{QrCode, QrCodeEcc};
use std::fmt::Write as _;
use std::net::{IpAddr, SocketAddr};

/// The white rim that readers need around a code, in modules.
const QUIET: i32 = 4;

pub(super) async fn post(
    State(room): State<Room>,
    peer: Option<Extension<ConnectInfo<SocketAddr>>>,
    ctx: Ctx,
    sent: Submitted,
) -> Answer {
    match verbs::ticket_by_code(&room.house.ground, sent.get("code"), &place_of(peer)).await {
        Ok(secret) => Ok(page::see_other(format!("/tickets/{secret}"))),
        Err(failure) => {
            let (form, status) = told(failure, FormState::of(&sent))?;
            halls::show(&room, &ctx, &halls::Asked::default(), form, status).await
        }
    }
}

/// Where somebody types, for counting their tries: an address, of IPv6 the network.
pub(super) fn place_of(peer: Option<Extension<ConnectInfo<SocketAddr>>>) -> String {
    match peer.map(|Extension(ConnectInfo(peer))| peer.ip().to_canonical()) {
        None => String::new(),
        Some(IpAddr::V4(address)) => address.to_string(),
        Some(IpAddr::V6(address)) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}

/// A QR code as a picture; nothing for text that is too long for one.
pub(super) fn qr(text: &str) -> Html {
    let Ok(code) = QrCode::encode_text(text, QrCodeEcc::Medium) else { return Html(String::new()) };
    let (side, mut path) = (code.size() + 2 * QUIET, String::new());
    for y in 0..code.size() {
        for x in (0..code.size()).filter(|x| code.get_module(*x, y)) {
            let _ = write!(path, "M{} {}h1v1h-1z", x + QUIET, y + QUIET);
        }
    }
    Html(format!(
        "<svg class=\"paper-qr\" xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" width=\"180\" height=\"180\" \
         shape-rendering=\"crispEdges\" aria-hidden=\"true\"><rect width=\"{side}\" height=\"{side}\" fill=\"#fff\"/>\
         <path d=\"{path}\" fill=\"#000\"/></svg>"
    ))
}
