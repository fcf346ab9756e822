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
    let ground = &room.house.ground;
    let mut view = view(&ground.store, &number(&text)?, &Scope::from(&who)).await?;
    let open = supply::open(ground, &mut view, who.account()).await?;
    // Whoever comes back from the camera finds the form as it was left.
    let answers = match open.typed.as_slice() {
        [] => view.case.answers.clone(),
        typed => supply::read(&view, &open.demands, typed).1,
    };
    page_of(&ctx, &view, &answers, Vec::new(), StatusCode::OK)
}

pub(super) async fn post(
    State(room): State<Room>,
    Path(text): Path<String>,
    ctx: Ctx,
    who: Applicant,
    sent: Submitted,
) -> Answer {
    let number = number(&text)?;
    let ground = &room.house.ground;
    let mut view = view(&ground.store, &number, &Scope::from(&who)).await?;
    let open = supply::open(ground, &mut view, who.account()).await?;
    let (asked, mut answers, mut errors) = supply::read(&view, &open.demands, sent.fields());
    for upload in sent.files() {
        match keep_file(&room, ctx.lang, &who, upload).await {
            Ok(info) => {
                asked.attach(&mut answers, &upload.field, info.id, &upload.name);
            }
            Err(Failure::Refused(refusal)) => errors.push(supply::unkept(&upload.field, &refusal)),
            Err(fault) => return Err(fault.into()),
        }
    }
    if errors.is_empty() && !["_add", "_remove", supply::SCAN].iter().any(|name| sent.has(name)) {
        let (own, given) = supply::papers(&view, &answers);
        match hand_in(&room, &ctx, &who, &number, (&own, &given)).await {
            Ok(()) => return Ok(page::see_other(format!("/cases/{number}"))),
            Err(Failure::Refused(refusal)) if refusal.kind == RefusalKind::Invalid => {
                errors = supply::wrong(&refusal);
            }
            Err(other) => return Err(other.into()),
        }
    }
    open.wait(ground, (who.account(), who.actor_ref()), &answers, &sent).await?;
    let field = sent.get(supply::SCAN);
    if open.takes(field).is_some() && errors.iter().all(|e| sent.files().iter().all(|f| f.field != e.field)) {
        return Ok(page::see_other(format!("/cases/{number}/supplement/scan/{field}")));
    }
    page_of(&ctx, &view, &answers, errors, StatusCode::UNPROCESSABLE_ENTITY)
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
        proofs::scan::clear(&mut cx, who.account(), &supply::place(number));
        supplement(&mut cx, &room.house, who, number, &supplied).await
    })?;
    Ok(())
}
