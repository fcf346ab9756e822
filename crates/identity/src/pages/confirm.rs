//! `/account/confirm`: shown again who one is, before something that matters; then back to where that was asked.

use super::common::{Peer, asks, sure, tell};
use super::doors::Doors;
use crate::rights::SignedIn;
use crate::{WORDS, national};
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use kernel::Outcome;
use page::{Answer, Ctx, FormState, Say, Shell, Submitted};

#[derive(askama::Template)]
#[template(path = "confirm.html")]
struct ConfirmPage {
    shell: Shell,
    w: Say,
    form: FormState,
    next: String,
    /// The national identity service by which one may confirm: its address with the way back, and the words.
    national: Option<(String, String)>,
}

/// Where it goes on.
#[derive(serde::Deserialize)]
pub(super) struct Back {
    #[serde(default)]
    next: String,
}

async fn page_of(
    doors: &Doors,
    ctx: &Ctx,
    who: &SignedIn,
    form: FormState,
    next: &str,
) -> Outcome<ConfirmPage> {
    let (w, store) = (WORDS.say(ctx.lang), &doors.house.ground.store);
    let joined = match doors.national.as_deref() {
        Some(service) => national::joined_since(store, service, who.session().account)
            .await?
            .map(|_| service.service.name.get(ctx.lang).to_owned()),
        None => None,
    };
    let way = page::problem::sign_in_path(next).replacen("/login?", "/login/national?for=sure&", 1);
    let mut shell = Shell::new(ctx, w.t("security-gate"));
    if who.session().is_staff() {
        shell = shell.desk();
    }
    let national = joined.map(|name| (way, w.with("confirm-national", &[("name", name)])));
    Ok(ConfirmPage { shell, w, form, next: next.to_owned(), national })
}

pub(super) async fn get(
    State(doors): State<Doors>,
    who: SignedIn,
    ctx: Ctx,
    Query(back): Query<Back>,
) -> Answer {
    if !asks(&who, ctx.now) {
        return Ok(page::see_other(back.next));
    }
    Ok(page::render(&page_of(&doors, &ctx, &who, FormState::new(), &back.next).await?))
}

pub(super) async fn post(
    State(doors): State<Doors>,
    who: SignedIn,
    ctx: Ctx,
    headers: HeaderMap,
    peer: Peer,
    sent: Submitted,
) -> Answer {
    let next = sent.get("next");
    match sure(&doors.house, &who, &sent, &headers, &peer).await {
        Ok(_) => Ok(page::see_other(if next.is_empty() { "/account" } else { next })),
        Err(failure) => {
            let mut form = FormState::new();
            tell(&mut form, failure)?;
            let page = page_of(&doors, &ctx, &who, form, next).await?;
            Ok(page::render_with(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
    }
}
