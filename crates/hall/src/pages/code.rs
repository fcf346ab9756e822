//! `POST /tickets`: from the short code on paper to the ticket's page.

use super::{Room, halls, told};
use crate::verbs;
use axum::Extension;
use axum::extract::{ConnectInfo, State};
use page::{Answer, Ctx, FormState, Submitted};
use std::net::{IpAddr, SocketAddr};

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
