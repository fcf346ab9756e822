//! What pages of things that matter share: the password asked for again, refusals told in the form, where a request comes from.

use crate::rights::SignedIn;
use crate::{Confirmed, Origin, confirm, passkey};
use axum::Extension;
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, header};
use kernel::{Failure, Outcome, RefusalKind, Timestamp};
use page::{FormState, House, Submitted};
use std::net::SocketAddr;

/// The client's address, where the server knows it.
pub(super) type Peer = Option<Extension<ConnectInfo<SocketAddr>>>;

/// Where a request comes from.
pub(super) fn origin_of<'a>(headers: &'a HeaderMap, peer: &Peer) -> Origin<'a> {
    let device = headers.get(header::USER_AGENT).and_then(|v| v.to_str().ok()).unwrap_or_default();
    Origin { device, address: peer.as_ref().map(|Extension(ConnectInfo(peer))| peer.ip()) }
}

/// Whether the page asks for the password: it was last shown too long ago.
pub(super) fn asks(who: &SignedIn, now: Timestamp) -> bool {
    who.session().confirmed(now).is_err()
}

/// The confirmation that came with a form: a passkey's answer in `passkey`, or what was typed in `confirm`.
pub(super) async fn sure(
    house: &House,
    who: &SignedIn,
    sent: &Submitted,
    headers: &HeaderMap,
    peer: &Peer,
) -> Outcome<Confirmed> {
    let (answer, origin) = (sent.get("passkey"), origin_of(headers, peer));
    if !answer.is_empty() {
        return passkey::confirm(house, headers, who.session(), answer, &origin).await;
    }
    confirm(&house.ground, who, sent.get("confirm"), &origin).await
}

/// Puts a refusal into the form; what is none, or belongs on a page of its own, comes back.
///
/// # Errors
/// The failure, when the form cannot tell it.
pub(super) fn tell(form: &mut FormState, failure: Failure) -> Result<(), Failure> {
    match failure {
        Failure::Refused(refusal)
            if !matches!(
                refusal.kind,
                RefusalKind::NotFound | RefusalKind::SignIn | RefusalKind::Unavailable
            ) =>
        {
            form.refuse(&refusal);
            Ok(())
        }
        other => Err(other),
    }
}
