//! `/cases/{number}/supplement`: just the fields that were asked for, with what is wrong at each.

use super::{Room, keep_file, number, with_errors};
use crate::WORDS;
use crate::model::Material;
use crate::queries::{CaseView, view};
use crate::scope::Scope;
use crate::supply;
use crate::verbs::{prepare_supplement, supplement};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use forms::Answers;
use identity::Applicant;
use kernel::{Failure, FieldError, Outcome, RefusalKind};
use page::{Answer, Ctx, FormState, Html, Say, Shell, Submitted};

#[derive(askama::Template)]
#[template(path = "supplement.html")]
struct SupplementPage {
    shell: Shell,
    w: Say,
    form: FormState,
    number: String,
    back: String,
    demands: Vec<(String, String)>,
    fields: Html,
}

fn page_of(
    ctx: &Ctx,
    view: &CaseView,
    answers: &Answers,
    errors: Vec<FieldError>,
    status: StatusCode,
) -> Answer {
    let w = WORDS.say(ctx.lang);
    let demands = supply::demands(view)?;
    let html = supply::html(view, &demands, answers, &errors, (ctx.now, ctx.lang));
    let page = SupplementPage {
        shell: Shell::new(ctx, w.t("supplement-title"))
            .crumb(w.t("my-space"), "/space")
            .crumb(view.item.item.name.get(ctx.lang), format!("/cases/{}", view.case.number)),
        w,
        form: with_errors(errors),
        back: format!("/cases/{}", view.case.number),
        number: view.case.number.to_string(),
        demands: supply::lines(view, &demands, ctx.lang),
        fields: Html(html),
    };
    Ok(page::render_with(status, &page))
}

pub(super) async fn get(
    State(room): State<Room>,
    Path(text): Path<String>,
    ctx: Ctx,
    who: Applicant,
) -> Answer {
    let view = view(&room.house.ground.store, &number(&text)?, &Scope::from(&who)).await?;
    page_of(&ctx, &view, &view.case.answers.clone(), Vec::new(), StatusCode::OK)
}

pub(super) async fn post(
    State(room): State<Room>,
    Path(text): Path<String>,
    ctx: Ctx,
    who: Applicant,
    sent: Submitted,
) -> Answer {
    let number = number(&text)?;
    let view = view(&room.house.ground.store, &number, &Scope::from(&who)).await?;
    let (asked, mut answers, mut errors) = supply::read(&view, &supply::demands(&view)?, sent.fields());
    for upload in sent.files() {
        match keep_file(&room, ctx.lang, &who, upload).await {
            Ok(info) => {
                asked.attach(&mut answers, &upload.field, info.id, &upload.name);
            }
            Err(Failure::Refused(refusal)) => errors.push(supply::unkept(&upload.field, &refusal)),
            Err(fault) => return Err(fault.into()),
        }
    }
    if !errors.is_empty() || sent.has("_add") || sent.has("_remove") {
        return page_of(&ctx, &view, &answers, errors, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let (own, given) = supply::papers(&view, &answers);
    match hand_in(&room, &ctx, &who, &number, (&own, &given)).await {
        Ok(()) => Ok(page::see_other(format!("/cases/{number}"))),
        Err(Failure::Refused(refusal)) if refusal.kind == RefusalKind::Invalid => {
            page_of(&ctx, &view, &answers, supply::wrong(&refusal), StatusCode::UNPROCESSABLE_ENTITY)
        }
        Err(other) => Err(other.into()),
    }
}

async fn hand_in(
    room: &Room,
    ctx: &Ctx,
    who: &Applicant,
    number: &kernel::codes::CaseNumber,
    (answers, given): (&Answers, &[Material]),
) -> Outcome<()> {
    let supplied = prepare_supplement(&room.house, &room.sources, who, number, answers, given).await?;
    store::command!(room.house.ground, ctx.lang, who.actor_ref(), |cx| {
        supplement(&mut cx, &room.house, who, number, &supplied).await
    })?;
    Ok(())
}
