//! Handing the credential over: the wallet proves its key with a fresh nonce, and gets the certificate bound to that key, once.

use super::offer::Offer;
use super::{CONFIGURATION, no, proof, sdjwt};
use crate::event::{CertificateEvent, subject};
use crate::issue::token_of;
use crate::jose;
use crate::keys::Signer;
use crate::model::State;
use crate::{status, store as rows};
use ::store::{Cx, Ground, command};
use kernel::{ActorRef, Lang, Outcome, Refusal, Timestamp};
use serde_json::Value;

/// How long a nonce is good.
pub(crate) const NONCE_SECONDS: i64 = 300;

/// A nonce that this platform recognises again without having kept it: moment, chance, and a keyed mark over both. One nonce twice does
/// no harm, since the token that goes with it is good once.
pub(crate) fn nonce(ground: &Ground) -> String {
    let front = format!("{}.{}", ground.clock.now().as_second(), token_of(ground.rng.as_ref()));
    format!("{front}.{}", mark(ground, &front))
}

fn mark(ground: &Ground, front: &str) -> String {
    ground.store.sealer().blind("certificates.nonce", front)
}

fn is_fresh(ground: &Ground, nonce: &str, now: Timestamp) -> bool {
    let Some((front, own)) = nonce.rsplit_once('.') else { return false };
    let made: Option<i64> = front.split_once('.').and_then(|(at, _)| at.parse().ok());
    own == mark(ground, front) && made.is_some_and(|at| (0..=NONCE_SECONDS).contains(&(now.as_second() - at)))
}

/// Answers a credential request that carries the token `access`.
///
/// # Errors
/// `certificates.wallet-…`: invalid-token, unknown-credential-configuration, invalid-proof, invalid-nonce, credential-request-denied.
pub(crate) async fn hand_over(
    ground: &Ground,
    signer: &Signer,
    base: &str,
    access: &str,
    request: &Value,
) -> Outcome<String> {
    let now = ground.clock.now();
    open(ground, access, now).await?;
    let asked = request["credential_configuration_id"].as_str();
    if asked != Some(CONFIGURATION) {
        return Err(no(
            "certificates.wallet-unknown-credential-configuration",
            "没有这种凭证。",
            "There is no such credential.",
        )
        .into());
    }
    let proved = proof::check(proof::of_request(request)?, base, now)?;
    if !is_fresh(ground, &proved.nonce, now) {
        let (zh, en) = ("随机数不对，或者已经过期。", "The nonce is wrong or has ended.");
        return Err(no("certificates.wallet-invalid-nonce", zh, en).into());
    }
    let key = jose::bare(&proved.key);
    let actor = ActorRef::system();
    command!(ground, Lang::ZhCn, actor, |cx| take(&mut cx, signer, base, access, &key).await)
}

async fn open(ground: &Ground, access: &str, now: Timestamp) -> Outcome<Offer> {
    let offer = rows::offer_by_access(&ground.store, access).await?;
    let good = |o: &Offer| o.taken_at.is_none() && o.access_ends_at.is_some_and(|end| end > now);
    offer.filter(good).ok_or_else(|| {
        no(
            "certificates.wallet-invalid-token",
            "令牌不对，或者已经过期、用过了。",
            "The token is wrong, has ended, or was used.",
        )
        .into()
    })
}

async fn take(cx: &mut Cx, signer: &Signer, base: &str, access: &str, key: &Value) -> Outcome<String> {
    let ground = cx.ground.clone();
    let offer = open(&ground, access, cx.now).await?;
    let certificate = rows::get(cx.store(), offer.certificate).await?.ok_or_else(Refusal::not_found)?;
    if certificate.state(cx.now) != State::Valid {
        let (zh, en) = ("证照现在不是有效状态。", "The certificate does not hold now.");
        return Err(no("certificates.wallet-credential-request-denied", zh, en).into());
    }
    // a credential made while the certificate is revoked would never be told of it
    rows::guard(&mut cx.commit, &certificate);
    let place = status::give(cx, &certificate, status::Of::Credential).await?;
    rows::take_offer(&mut cx.commit, offer.id, cx.now);
    let mut head = trace::head(cx.store(), &subject(certificate.id)).await?;
    let event = CertificateEvent::Taken { key: jose::thumbprint(key) };
    let now = cx.now;
    trace::record(cx, &mut head, &subject(certificate.id), &event, now)?;
    let facts = sdjwt::Facts { certificate: &certificate, place, key: key.clone(), base, now };
    Ok(sdjwt::make(&facts, signer, ground.rng.as_ref())?)
}
