//! The offer that the holder makes on the certificate's page, and the token that a wallet gets for its code.

use super::{CONFIGURATION, GRANT, no};
use crate::issue::token;
use crate::model::{CertificateId, State};
use crate::store as rows;
use ::store::{Cx, Ground, command};
use identity::Applicant;
use kernel::{ActorRef, Lang, Outcome, Refusal, Timestamp, clock};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

kernel::typed_id! {
    /// One offer of a credential.
    OfferId;
}
::store::text_column!(OfferId);

/// How long an offer lives.
const SECONDS: i64 = 600;
/// How long the token lives that a wallet gets for it.
pub(crate) const ACCESS_SECONDS: i64 = 300;
/// So often a transaction code may be typed wrongly: six figures, five tries.
const TRIES_MAX: i64 = 5;

/// What is kept sealed of an offer.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Body {
    /// The pre-authorised code: 128 bits.
    pub code: String,
    /// The transaction code, told on the page and typed into the wallet: whoever photographs the QR code alone gets nothing.
    pub pin: String,
}

/// An offer of a credential.
#[derive(Clone)]
pub struct Offer {
    /// Its id.
    pub id: OfferId,
    /// Of which certificate.
    pub certificate: CertificateId,
    pub(crate) body: Body,
    pub(crate) tries: i64,
    /// When the holder made it.
    pub made_at: Timestamp,
    /// When it ends.
    pub ends_at: Timestamp,
    pub(crate) redeemed: bool,
    pub(crate) access_ends_at: Option<Timestamp>,
    /// When a wallet took the credential.
    pub taken_at: Option<Timestamp>,
}

impl std::fmt::Debug for Offer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Offer({})", self.id)
    }
}

impl Offer {
    /// The word in the offer's address.
    pub fn code(&self) -> &str {
        &self.body.code
    }

    /// The transaction code.
    pub fn pin(&self) -> &str {
        &self.body.pin
    }

    /// Whether a wallet may still come for it.
    pub fn is_open(&self, now: Timestamp) -> bool {
        self.ends_at > now && self.tries < TRIES_MAX && !self.redeemed && self.taken_at.is_none()
    }

    /// As a wallet reads it (OpenID4VCI §4.1.1).
    pub(crate) fn json(&self, base: &str) -> Value {
        json!({
            "credential_issuer": base,
            "credential_configuration_ids": [CONFIGURATION],
            "grants": {GRANT: {
                "pre-authorized_code": self.body.code,
                "tx_code": {"input_mode": "numeric", "length": 6, "description": "证照页面上的6位数字 / six figures"},
            }},
        })
    }
}

fn after(now: Timestamp, seconds: i64) -> Timestamp {
    clock::from_micros(now.as_microsecond() + seconds * 1_000_000)
}

/// Offers `id`, a valid certificate of `who`, to a wallet.
///
/// # Errors
/// Not found when it is not theirs; `certificates.wrong-state` when it does not hold.
pub async fn offer(cx: &mut Cx, who: &Applicant, id: CertificateId) -> Outcome<OfferId> {
    let found = rows::get(cx.store(), id).await?.filter(|c| c.holder == who.subject());
    let certificate = found.ok_or_else(Refusal::not_found)?;
    crate::shelter::may_take(cx.store(), who, &certificate).await?;
    if certificate.state(cx.now) != State::Valid {
        return Err(crate::rules::wrong_state().into());
    }
    let pin = format!("{:06}", cx.ground.rng.next_u64() % 1_000_000);
    let made = Offer {
        id: cx.new_id(),
        certificate: id,
        body: Body { code: token(cx), pin },
        tries: 0,
        made_at: cx.now,
        ends_at: after(cx.now, SECONDS),
        redeemed: false,
        access_ends_at: None,
        taken_at: None,
    };
    let sealer = cx.ground.store.sealer().clone();
    rows::insert_offer(&mut cx.commit, &sealer, &made)?;
    Ok(made.id)
}

fn bad_grant() -> Refusal {
    no(
        "certificates.wallet-invalid-grant",
        "授权码或者交易码不对，或者已经过期、用过了。",
        "The code or the transaction code is wrong, has ended, or was used.",
    )
}

/// Gives a wallet the token for its code and transaction code. A try is counted before it is made; after five the offer is dead.
///
/// # Errors
/// `certificates.wallet-invalid-grant`, the same for every reason.
pub(crate) async fn redeem(ground: &Ground, code: &str, pin: &str) -> Outcome<String> {
    let actor = ActorRef::system();
    let offer: Outcome<Offer> = command!(ground, Lang::ZhCn, actor, |cx| count(&mut cx, code).await);
    let offer = offer?;
    let seal = |text: &str| ground.store.sealer().blind("certificates.pin", text);
    if seal(pin.trim()) != seal(offer.pin()) {
        return Err(bad_grant().into());
    }
    command!(ground, Lang::ZhCn, actor, |cx| give(&mut cx, code).await)
}

async fn open_offer(cx: &Cx, code: &str) -> Outcome<Offer> {
    let offer = rows::offer_by_code(cx.store(), code).await?;
    offer.filter(|o| !o.redeemed && o.ends_at > cx.now).ok_or_else(|| bad_grant().into())
}

async fn count(cx: &mut Cx, code: &str) -> Outcome<Offer> {
    let offer = open_offer(cx, code).await?;
    if offer.tries >= TRIES_MAX {
        return Err(bad_grant().into());
    }
    rows::count_try(&mut cx.commit, offer.id, offer.tries);
    Ok(offer)
}

async fn give(cx: &mut Cx, code: &str) -> Outcome<String> {
    let offer = open_offer(cx, code).await?;
    let access = token(cx);
    let sealer = cx.ground.store.sealer().clone();
    rows::redeem_offer(&mut cx.commit, &sealer, offer.id, &access, after(cx.now, ACCESS_SECONDS));
    Ok(access)
}
