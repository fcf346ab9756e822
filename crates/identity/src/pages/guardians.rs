//! `/desk/guardians`: a clerk records the guardian of a child, with the paper that was shown.

use super::common::tell;
use crate::WORDS;
use crate::mandate::{Guardianship, record_guardian};
use crate::rights::Clerk;
use ::store::command;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use page::{Answer, Ctx, FormState, House, Say, Shell, Submitted};

#[derive(serde::Deserialize)]
pub(super) struct Asked {
    done: Option<String>,
}

#[derive(askama::Template)]
#[template(path = "guardians.html")]
struct GuardiansPage {
    shell: Shell,
    w: Say,
    form: FormState,
    done: bool,
}

fn page_of(ctx: &Ctx, form: FormState, done: bool) -> GuardiansPage {
    let w = WORDS.say(ctx.lang);
    GuardiansPage { shell: Shell::new(ctx, w.t("guardians-title")).desk(), w, form, done }
}

pub(super) async fn get(_: Clerk, ctx: Ctx, Query(asked): Query<Asked>) -> Answer {
    Ok(page::render(&page_of(&ctx, FormState::new(), asked.done.is_some())))
}

pub(super) async fn post(State(house): State<House>, who: Clerk, ctx: Ctx, sent: Submitted) -> Answer {
    let known = Guardianship {
        child: sent.get("child").to_owned(),
        guardian: sent.get("guardian").to_owned(),
        evidence: sent.get("evidence").to_owned(),
    };
    let recorded = command!(house.ground, ctx.lang, who.actor_ref(), |cx| {
        record_guardian(&mut cx, &who, &known).await
    });
    let Err(failure) = recorded else { return Ok(page::see_other("/desk/guardians?done=1")) };
    let mut form = FormState::of(&sent);
    tell(&mut form, failure)?;
    Ok(page::render_with(StatusCode::UNPROCESSABLE_ENTITY, &page_of(&ctx, form, false)))
}
