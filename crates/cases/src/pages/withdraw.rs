//! `/cases/{number}/withdraw`: take an application back.

use super::{Room, number};
use crate::WORDS;
use crate::scope::Scope;
use crate::verbs::withdraw;
use axum::extract::{Path, State};
use identity::Applicant;
use kernel::Failure;
use page::{Answer, Ctx, FormState, Say, Shell, Submitted};

#[derive(askama::Template)]
#[template(path = "withdraw.html")]
struct WithdrawPage {
    shell: Shell,
    w: Say,
    form: FormState,
    number: String,
    back: String,
    item_name: String,
    running: bool,
    /// Whether others applied together with whoever asks: all of them take it back.
    joint: bool,
}

pub(super) async fn get(
    State(room): State<Room>,
    Path(text): Path<String>,
    ctx: Ctx,
    who: Applicant,
) -> Answer {
    let view = crate::queries::view(&room.house.ground.store, &number(&text)?, &Scope::from(&who)).await?;
    let (row, joint) = (view.row, view.case.applicants(&view.item.item).len() > 1);
    let w = WORDS.say(ctx.lang);
    let item_name = row.item_name.get(ctx.lang).to_owned();
    let page = WithdrawPage {
        shell: Shell::new(&ctx, w.t("withdraw-title"))
            .crumb(w.t("my-space"), "/space")
            .crumb(item_name.clone(), format!("/cases/{}", row.number)),
        w,
        form: FormState::new(),
        back: format!("/cases/{}", row.number),
        number: row.number.to_string(),
        item_name,
        running: row.running,
        joint,
    };
    Ok(page::render(&page))
}

pub(super) async fn post(
    State(room): State<Room>,
    Path(text): Path<String>,
    ctx: Ctx,
    who: Applicant,
    sent: Submitted,
) -> Answer {
    let number = number(&text)?;
    let reason = Some(sent.get("reason").chars().take(500).collect::<String>());
    let done: Result<_, Failure> = store::command!(room.house.ground, ctx.lang, who.actor_ref(), |cx| {
        withdraw(&mut cx, &room.house, &who, &number, reason.clone()).await
    });
    done?;
    Ok(page::see_other(format!("/cases/{number}")))
}
