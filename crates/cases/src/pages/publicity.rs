//! `/publicity`: what is public now (公示), and how anybody objects. Names are masked; nothing else of a case is shown.

use super::{Room, number};
use crate::WORDS;
use crate::model::HearingStage;
use crate::projection::HEARING;
use crate::queries::{PublicRow, public_now};
use crate::scope::Scope;
use crate::show::Names;
use crate::verbs::{ApplicantAct, ask};
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use identity::Applicant;
use kernel::{Failure, FieldError, Lang, Outcome, Refusal, RefusalKind, clock};
use page::{Answer, Ctx, FormState, Say, Shell, Submitted, format};

/// How many lines stand on a page.
const LINES: i64 = 20;
/// The longest objection, in characters.
const REASON_MAX: usize = 2_000;

struct Line {
    item: String,
    name: String,
    agency: String,
    tail: String,
    since: String,
    until: String,
    href: String,
    /// Where and when it is heard in public, for a hearing: nobody objects there by a form.
    hearing: String,
}

#[derive(askama::Template)]
#[template(path = "publicity.html")]
struct PublicityPage {
    shell: Shell,
    w: Say,
    lines: Vec<Line>,
    newest: bool,
    more: Option<String>,
}

#[derive(askama::Template)]
#[template(path = "publicity-object.html")]
struct ObjectPage {
    shell: Shell,
    w: Say,
    form: FormState,
    path: String,
    line: Option<Line>,
    done: bool,
}

/// Where the list goes on.
#[derive(serde::Deserialize)]
pub(super) struct From {
    after: Option<String>,
}

fn line(row: PublicRow, names: &Names, lang: Lang) -> Line {
    let number = row.case.number.to_string();
    Line {
        item: row.case.item_name.get(lang).to_owned(),
        name: row.name,
        agency: names.of(&row.case.agency, lang),
        tail: number.get(number.len().saturating_sub(8)..).unwrap_or_default().to_owned(),
        since: format::date(lang, clock::legal_date(row.since)),
        until: format::date(lang, clock::legal_date(row.until)),
        href: format!("/publicity/{number}/{}", row.step),
        hearing: String::new(),
    }
}

pub(super) async fn get(State(room): State<Room>, ctx: Ctx, Query(from): Query<From>) -> Answer {
    let store = &room.house.ground.store;
    let paged = public_now(store, ctx.now, from.after.as_deref(), LINES).await?;
    let (names, w) = (Names::load(store).await?, WORDS.say(ctx.lang));
    let mut lines = Vec::with_capacity(paged.rows.len());
    for row in paged.rows {
        let hearing = hearing(&room, &ctx, &row).await?;
        lines.push(Line { hearing, ..line(row, &names, ctx.lang) });
    }
    Ok(page::render(&PublicityPage {
        shell: Shell::new(&ctx, w.t("publicity-title")),
        w,
        newest: from.after.is_some(),
        more: paged.next.map(|next| format!("/publicity?after={next}")),
        lines,
    }))
}

/// Where and when a hearing is held, of a line that is one: announced to everybody (行政许可法第四十六条、第四十八条).
async fn hearing(room: &Room, ctx: &Ctx, row: &PublicRow) -> Outcome<String> {
    if row.step != HEARING {
        return Ok(String::new());
    }
    let view = crate::queries::view(&room.house.ground.store, &row.case.number, &Scope::program()).await?;
    Ok(match view.case.hearing.map(|h| h.stage) {
        Some(HearingStage::Set { on, place, .. }) => {
            let at = format::moment(ctx.lang, on);
            WORDS.say(ctx.lang).with("publicity-hearing", &[("at", at), ("place", place)])
        }
        _ => String::new(),
    })
}

/// The line of one public step, while it is public.
async fn one(room: &Room, ctx: &Ctx, text: &str, step: &str) -> Outcome<Option<Line>> {
    let (wanted, store) = (number(text)?, &room.house.ground.store);
    let row = crate::queries::public_step(store, ctx.now, &wanted, step).await?;
    let names = Names::load(store).await?;
    Ok(row.map(|row| line(row, &names, ctx.lang)))
}

fn form(ctx: &Ctx, path: String, line: Option<Line>, form: FormState, status: StatusCode) -> Answer {
    let w = WORDS.say(ctx.lang);
    let shell = Shell::new(ctx, w.t("publicity-object")).crumb(w.t("publicity-title"), "/publicity");
    Ok(page::render_with(status, &ObjectPage { shell, w, form, path, line, done: false }))
}

pub(super) async fn object(
    State(room): State<Room>,
    Path((text, step)): Path<(String, String)>,
    ctx: Ctx,
    _who: Applicant,
) -> Answer {
    let line = one(&room, &ctx, &text, &step).await?.ok_or_else(Refusal::not_found)?;
    form(&ctx, format!("/publicity/{text}/{step}"), Some(line), FormState::new(), StatusCode::OK)
}

pub(super) async fn post(
    State(room): State<Room>,
    Path((text, step)): Path<(String, String)>,
    ctx: Ctx,
    who: Applicant,
    sent: Submitted,
) -> Answer {
    let (number, w) = (number(&text)?, WORDS.say(ctx.lang));
    let reason: String = sent.get("reason").trim().chars().take(REASON_MAX).collect();
    let act = ApplicantAct::Object { step: step.clone(), reason };
    let done: Result<_, Failure> = store::command!(room.house.ground, ctx.lang, who.actor_ref(), |cx| {
        ask(&mut cx, &room.house, &who, &number, act.clone(), None).await
    });
    let path = format!("/publicity/{text}/{step}");
    match done {
        Ok(_) => {
            let shell = Shell::new(&ctx, w.t("publicity-object")).crumb(w.t("publicity-title"), "/publicity");
            let (form, line) = (FormState::new(), None);
            Ok(page::render(&ObjectPage { shell, w, form, path, line, done: true }))
        }
        Err(Failure::Refused(refusal)) if refusal.kind == RefusalKind::Invalid => {
            let line = one(&room, &ctx, &text, &step).await?;
            let mut state = FormState::of(&sent);
            state.errors = vec![FieldError { field: "reason".to_owned(), say: refusal.say.clone() }];
            form(&ctx, path, line, state, StatusCode::UNPROCESSABLE_ENTITY)
        }
        Err(other) => Err(other.into()),
    }
}
