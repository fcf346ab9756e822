//! `/certificates/{id}/wallet`: the holder puts the certificate into a digital wallet.

use super::Room;
use super::certificate::held;
use super::vci::base;
use crate::wallet::{self, OfferId};
use crate::{WORDS, store as rows};
use ::store::command;
use axum::extract::{Path, State};
use identity::{Applicant, Sure};
use kernel::Refusal;
use page::{Answer, Ctx, Html, Say, Shell, Submitted, format};

#[derive(askama::Template)]
#[template(path = "wallet.html")]
struct WalletPage {
    shell: Shell,
    w: Say,
    back: String,
    valid: bool,
}

#[derive(askama::Template)]
#[template(path = "wallet-offer.html")]
struct OfferPage {
    shell: Shell,
    w: Say,
    qr: Html,
    link: String,
    pin: String,
    until: String,
    open: bool,
    taken: Option<String>,
    again: String,
}

/// GET /certificates/{id}/wallet.
pub(crate) async fn ask(
    State(room): State<Room>,
    ctx: Ctx,
    who: Applicant,
    Path(id): Path<String>,
) -> Answer {
    let c = held(&room, &who, &id).await?;
    let w = WORDS.say(ctx.lang);
    let back = format!("/certificates/{}", c.id);
    let shell = Shell::new(&ctx, w.t("wallet-title")).crumb(c.name.get(ctx.lang), back.as_str());
    let valid = c.state(room.house.ground.clock.now()) == crate::State::Valid;
    Ok(page::render(&WalletPage { shell, w, back, valid }))
}

/// POST /certificates/{id}/wallet.
pub(crate) async fn make(
    State(room): State<Room>,
    ctx: Ctx,
    who: Applicant,
    _sure: Sure,
    Path(id): Path<String>,
    _: Submitted,
) -> Answer {
    let id = held(&room, &who, &id).await?.id;
    let actor = who.actor_ref();
    let made = command!(room.house.ground, ctx.lang, actor, |cx| wallet::offer(&mut cx, &who, id).await)?;
    Ok(page::see_other(format!("/certificates/{id}/wallet/{made}")))
}

/// GET /certificates/{id}/wallet/{offer}: the code for the wallet and the figures that go with it.
pub(crate) async fn show(
    State(room): State<Room>,
    ctx: Ctx,
    who: Applicant,
    Path((id, offer)): Path<(String, String)>,
) -> Answer {
    let c = held(&room, &who, &id).await?;
    let ground = &room.house.ground;
    let found = match offer.parse::<OfferId>() {
        Ok(id) => rows::offer(&ground.store, id).await?,
        Err(_) => None,
    };
    let offer = found.filter(|o| o.certificate == c.id).ok_or_else(Refusal::not_found)?;
    let w = WORDS.say(ctx.lang);
    let at = format!("{}/credential/offer/{}", base(&room), offer.code());
    let link = format!("openid-credential-offer://?credential_offer_uri={}", escaped(&at));
    let back = format!("/certificates/{}", c.id);
    Ok(page::render(&OfferPage {
        shell: Shell::new(&ctx, w.t("wallet-title")).crumb(c.name.get(ctx.lang), back.as_str()),
        w,
        qr: page::qr(&link)?,
        link,
        pin: offer.pin().to_owned(),
        until: format::time(offer.ends_at),
        open: offer.is_open(ground.clock.now()),
        taken: offer.taken_at.map(|at| format::moment(ctx.lang, at)),
        again: format!("{back}/wallet"),
    }))
}

fn escaped(text: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._~".contains(&b);
    text.bytes().map(|b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}
