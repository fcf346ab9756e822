//! `/cases/{number}/messages`: what applicant and staff say to each other about a case.

use super::{Room, number};
use crate::WORDS;
use crate::queries::progress;
use crate::scope::Scope;
use crate::show::Names;
use crate::verbs::{TalkRow, read_talk, say_to_staff, talk};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use identity::Applicant;
use kernel::Failure;
use kernel::codes::CaseNumber;
use page::{Answer, Ctx, FormState, Say, Shell, Submitted, format};

/// Something that was said.
pub(super) struct Line {
    who: String,
    own: bool,
    at: String,
    text: String,
}

#[derive(askama::Template)]
#[template(path = "messages-case.html")]
struct TalkPage {
    shell: Shell,
    w: Say,
    form: FormState,
    number: String,
    back: String,
    lines: Vec<Line>,
}

fn line(row: TalkRow, names: &Names, ctx: &Ctx) -> Line {
    let who = match &row.agency {
        Some(agency) => names.of(agency, ctx.lang),
        None => WORDS.say(ctx.lang).t("talk-you").into_owned(),
    };
    Line { who, own: !row.staff, at: format::moment(ctx.lang, row.at), text: row.text }
}

async fn page_of(
    room: &Room,
    ctx: &Ctx,
    who: &Applicant,
    number: &CaseNumber,
    form: FormState,
    status: StatusCode,
) -> Answer {
    let store = &room.house.ground.store;
    let row = progress(store, number, &Scope::from(who)).await?;
    let said = talk(store, who, number, 0).await?;
    if let Some(last) = said.iter().filter(|row| row.staff).map(|row| row.seq).max() {
        store::command!(room.house.ground, ctx.lang, who.actor_ref(), |cx| {
            read_talk(&mut cx, who, number, last).await
        })?;
    }
    let names = Names::load(store).await?;
    let w = WORDS.say(ctx.lang);
    let page = TalkPage {
        shell: Shell::new(ctx, w.t("talk-title"))
            .crumb(w.t("my-space"), "/space")
            .crumb(row.item_name.get(ctx.lang), format!("/cases/{number}")),
        w,
        form,
        back: format!("/cases/{number}"),
        number: number.to_string(),
        lines: said.into_iter().map(|row| line(row, &names, ctx)).collect(),
    };
    Ok(page::render_with(status, &page))
}

pub(super) async fn get(
    State(room): State<Room>,
    Path(text): Path<String>,
    ctx: Ctx,
    who: Applicant,
) -> Answer {
    page_of(&room, &ctx, &who, &number(&text)?, FormState::new(), StatusCode::OK).await
}

pub(super) async fn post(
    State(room): State<Room>,
    Path(text): Path<String>,
    ctx: Ctx,
    who: Applicant,
    sent: Submitted,
) -> Answer {
    let number = number(&text)?;
    let said = sent.get("text").to_owned();
    let done: Result<i64, Failure> = store::command!(room.house.ground, ctx.lang, who.actor_ref(), |cx| {
        say_to_staff(&mut cx, &who, &number, &said).await
    });
    match done {
        Ok(_) => Ok(page::see_other(format!("/cases/{number}/messages"))),
        Err(Failure::Refused(refusal)) => {
            let mut form = FormState::of(&sent);
            form.refuse(&refusal);
            page_of(&room, &ctx, &who, &number, form, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(fault) => Err(fault.into()),
    }
}
