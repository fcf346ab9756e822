//! `/space/cases` and `/space/certificates`: the whole lists, page after page by key, as long as a firm's ten thousand.

use super::{Room, space};
use crate::WORDS;
use crate::view::Line;
use axum::extract::{Query, State};
use identity::Applicant;
use kernel::{Refusal, RefusalKind};
use page::{Answer, Ctx, Say, Shell};

/// How many lines a page has.
const LINES: i64 = 20;

#[derive(askama::Template)]
#[template(path = "space_list.html")]
pub(crate) struct WholeList {
    pub(crate) shell: Shell,
    pub(crate) w: Say,
    /// Whose they are.
    pub(crate) name: String,
    pub(crate) lines: Vec<Line>,
    /// What is said when there is none.
    pub(crate) none: (String, String),
    /// Whether the newest stands first; else what ends first does.
    pub(crate) by_time: bool,
    pub(crate) newest: Option<String>,
    pub(crate) older: Option<String>,
}

/// Where a list goes on.
#[derive(serde::Deserialize)]
pub(super) struct From {
    pub(super) before: Option<String>,
}

pub(super) async fn cases(
    State(room): State<Room>,
    ctx: Ctx,
    who: Applicant,
    Query(from): Query<From>,
) -> Answer {
    let w = WORDS.say(ctx.lang);
    let before = from.before.as_deref().filter(|b| !b.is_empty());
    let page = cases::my_cases(&room.house.ground.store, &who, before, LINES).await?;
    let lines = space::case_lines(&room, &who, &ctx, page.rows).await?;
    Ok(page::render(&WholeList {
        shell: Shell::new(&ctx, w.t("cases-title")).crumb(w.t("space-title"), "/space"),
        w,
        name: who.subject_name().to_owned(),
        lines: lines.into_iter().map(|(line, _)| line).collect(),
        none: (w.t("space-running-none").into_owned(), w.t("space-running-none-text").into_owned()),
        by_time: true,
        newest: before.map(|_| "/space/cases".to_owned()),
        older: page.next.map(|next| format!("/space/cases?before={next}")),
    }))
}

pub(super) async fn certificates(
    State(room): State<Room>,
    ctx: Ctx,
    who: Applicant,
    Query(from): Query<From>,
) -> Answer {
    who.must_see_all()?;
    let (w, store) = (WORDS.say(ctx.lang), &room.house.ground.store);
    let before = match from.before.as_deref().filter(|b| !b.is_empty()) {
        Some(text) => Some(text.parse::<certificates::Cursor>().map_err(|_| no_place())?),
        None => None,
    };
    let mut held = certificates::held_by(store, who.subject(), before.as_ref(), LINES + 1).await?;
    let most = usize::try_from(LINES).unwrap_or(0);
    let more = held.len() > most;
    held.truncate(most);
    Ok(page::render(&WholeList {
        shell: Shell::new(&ctx, w.t("space-certificates")).crumb(w.t("space-title"), "/space"),
        w,
        name: who.subject_name().to_owned(),
        lines: held.iter().map(|held| space::certificate_line(held, &ctx, w)).collect(),
        none: (w.t("space-certificates-none").into_owned(), w.t("space-certificates-none-text").into_owned()),
        by_time: true,
        newest: before.map(|_| "/space/certificates".to_owned()),
        older: held.last().filter(|_| more).map(|c| format!("/space/certificates?before={}", c.cursor())),
    }))
}

fn no_place() -> Refusal {
    Refusal::new(
        RefusalKind::Invalid,
        "portal.bad-cursor",
        "翻页位置不对。",
        "That is no place in this list.",
    )
    .next("请从第一页重新开始。", "Start again from the first page.")
}
