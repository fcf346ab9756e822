//! `/kiosk/{hall}`: the screen of a kiosk in the hall (取号机). Its address holds the secret that the head of the hall gave it.

use super::{Room, hall_of, take, told, view};
use crate::model::{Hall, Via};
use crate::rules::refuse;
use crate::store as rows;
use crate::verbs::{self, blind_token};
use crate::{Today, WORDS, token};
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use kernel::{ActorRef, Failure, Outcome};
use page::{Answer, Ctx, FormState, Say, Shell, Submitted};

struct Choice {
    letter: String,
    name: String,
    waiting: String,
    wait: String,
}

#[derive(askama::Template)]
#[template(path = "kiosk.html")]
struct KioskPage {
    shell: Shell,
    w: Say,
    form: FormState,
    at: String,
    hall: String,
    kiosk: String,
    choices: Vec<Choice>,
    claims: Vec<(String, String)>,
    fairness: String,
}

/// The secret of the kiosk.
#[derive(serde::Deserialize)]
pub(super) struct Secret {
    #[serde(default)]
    k: String,
}

/// The hall, for a kiosk that is registered there.
async fn known(room: &Room, code: &str, secret: &str) -> Outcome<Hall> {
    let hall = hall_of(room.store(), code).await?;
    let kiosk = rows::kiosk(room.store(), &blind_token(room.store(), secret)).await?;
    if kiosk.is_some_and(|k| k.hall == hall.code) { Ok(hall) } else { Err(refuse::no_kiosk().into()) }
}

pub(super) async fn get(
    State(room): State<Room>,
    Path(code): Path<String>,
    ctx: Ctx,
    Query(secret): Query<Secret>,
) -> Answer {
    let hall = known(&room, &code, &secret.k).await?;
    let form = take::fresh(&room);
    page_of(&room, &ctx, &hall, &secret.k, form, StatusCode::OK).await
}

async fn page_of(
    room: &Room,
    ctx: &Ctx,
    hall: &Hall,
    secret: &str,
    form: FormState,
    status: StatusCode,
) -> Answer {
    let (store, w) = (room.store(), WORDS.say(ctx.lang));
    let today = Today::read(store, &hall.code, ctx.now).await?;
    let mut choices = Vec::new();
    for b in rows::businesses(store, &hall.code).await? {
        let wait = today.wait_for_next(store, b.letter, &room.terms).await?;
        choices.push(Choice {
            letter: b.letter.to_string(),
            name: view::business(&b, ctx.lang),
            waiting: today.waiting_for(b.letter).to_string(),
            wait: view::wait(wait, w),
        });
    }
    let page = KioskPage {
        shell: Shell::new(ctx, hall.name.get(ctx.lang)).alone(),
        w,
        form,
        at: format!("/kiosk/{}?k={secret}", hall.code),
        hall: hall.code.to_string(),
        kiosk: secret.to_owned(),
        choices,
        claims: view::claims(w),
        fairness: view::fairness(&room.terms, w),
    };
    Ok(page::render_with(status, &page))
}

pub(super) async fn post(
    State(room): State<Room>,
    Path(code): Path<String>,
    ctx: Ctx,
    sent: Submitted,
) -> Answer {
    let secret = sent.get("kiosk").to_owned();
    let hall = known(&room, &code, &secret).await?;
    let done = async {
        let mut taking = take::taking_of(&hall, Via::Kiosk, &sent)?;
        taking.who = verbs::blind_phone(room.store(), sent.get("phone"))?;
        taking.kiosk = Some(secret.clone());
        take::take(&room, ctx.lang, &taking, ActorRef::visitor()).await
    };
    match done.await {
        Ok(_) => Ok(page::see_other(format!("/tickets/{}?kiosk={secret}", sent.get("token")))),
        Err(failure) => {
            // Never the form of the person before: neither what was typed nor the secret of that ticket.
            let used = matches!(&failure, Failure::Refused(r) if r.code == refuse::form_used().code);
            let typed = if used { FormState::new() } else { FormState::of(&sent) };
            let (form, status) = told(failure, typed)?;
            let form = form.with("token", token(room.house.ground.rng.as_ref()));
            page_of(&room, &ctx, &hall, &secret, form, status).await
        }
    }
}
