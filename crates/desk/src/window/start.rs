//! `/desk/window`: who stands there, by identity number; and whom this clerk has served today.

use super::{begin, paper};
use crate::{Room, WORDS, store as rows};
use axum::extract::{Query, State};
use axum::http::StatusCode;
use identity::Clerk;
use page::{Answer, Ctx, FormState, Say, Shell, Submitted, format};
use rows::Visit;

/// So many visits are listed.
const VISITS: i64 = 20;

struct Line {
    href: String,
    name: String,
    what: String,
    at: String,
    filed: bool,
}

#[derive(askama::Template)]
#[template(path = "window.html")]
struct StartPage {
    shell: Shell,
    w: Say,
    form: FormState,
    who: String,
    /// The number of the ticket in hand.
    hand: Option<String>,
    /// From when on a card on the reader is this page's, in microseconds; `None` without a reader.
    reads: Option<i64>,
    documents: Vec<(&'static str, String)>,
    lines: Vec<Line>,
}

/// Which form on paper is to be recorded.
#[derive(serde::Deserialize)]
pub(super) struct Asked {
    paper: Option<String>,
}

pub(super) async fn get(
    State(room): State<Room>,
    ctx: Ctx,
    who: Clerk,
    Query(asked): Query<Asked>,
) -> Answer {
    let form = FormState::new().with("paper_form", asked.paper.unwrap_or_default());
    page_of(&room, &ctx, &who, form, StatusCode::OK).await
}

async fn page_of(room: &Room, ctx: &Ctx, who: &Clerk, form: FormState, status: StatusCode) -> Answer {
    let (store, lang, w) = (&room.house.ground.store, ctx.lang, WORDS.say(ctx.lang));
    let visits = rows::visits(store, who.account(), VISITS).await?;
    let line = |v: Visit| {
        let filed = !v.said.filed.is_empty();
        let page = match (filed, v.said.what.zh.is_empty()) {
            (true, _) => "/receipt",
            (false, true) => "",
            (false, false) => "/form",
        };
        Line {
            href: format!("/desk/window/{}{page}", v.id),
            name: v.said.for_whom().to_owned(),
            what: v.said.what.get(lang).to_owned(),
            at: format::moment(lang, v.at),
            filed,
        }
    };
    let place = format!("{} · {}", super::place_of(room, who, lang).await?, who.name());
    let shell = Shell::new(ctx, w.t("window-title")).desk();
    let lines = visits.into_iter().map(line).collect();
    let documents = begin::DOCUMENTS.iter().map(|(word, key)| (*word, w.t(key).into_owned())).collect();
    let hand = hall::verbs::in_hand(store, who).await?.map(|hand| hand.number);
    let reads = super::reads(room, ctx, who).await?;
    Ok(page::render_with(status, &StartPage { shell, w, form, who: place, hand, reads, documents, lines }))
}

pub(super) async fn post(State(room): State<Room>, ctx: Ctx, who: Clerk, sent: Submitted) -> Answer {
    let mut form = FormState::of(&sent);
    let whom = begin::whom(&room, &sent, &mut form).await?;
    let on_paper = paper::named(&room, &who, &sent, &mut form).await?;
    let Some(whom) = whom.filter(|_| form.ok()) else {
        return page_of(&room, &ctx, &who, form, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    match begin::begin(&room, &ctx, &who, &whom, on_paper.as_ref()).await {
        Ok(id) => Ok(page::see_other(format!("/desk/window/{id}"))),
        Err(failure) => {
            let status = begin::told(failure, &mut form)?;
            page_of(&room, &ctx, &who, form, status).await
        }
    }
}
