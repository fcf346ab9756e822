//! `/space/papers`: what was handed in before, and may be used again.

use super::view::{Line, line};
use crate::model::Cursor;
use crate::{WORDS, store as rows};
use axum::extract::{Query, State};
use identity::Applicant;
use kernel::clock;
use page::{Answer, Ctx, House, Say, Shell};
use serde::Deserialize;

const LINES: i64 = 30;

#[derive(askama::Template)]
#[template(path = "papers.html")]
struct Papers {
    shell: Shell,
    w: Say,
    lines: Vec<Line>,
    withdrawn: bool,
    newest: Option<String>,
    older: Option<String>,
}

/// Where the list goes on, and whether one was just withdrawn.
#[derive(Deserialize)]
pub(super) struct From {
    before: Option<String>,
    withdrawn: Option<String>,
}

/// GET /space/papers.
pub(super) async fn get(
    State(house): State<House>,
    ctx: Ctx,
    who: Applicant,
    Query(from): Query<From>,
) -> Answer {
    who.must_see_all()?;
    let w = WORDS.say(ctx.lang);
    let after = from.before.as_deref().and_then(|text| text.parse::<Cursor>().ok());
    let found = rows::list(&house.ground.store, who.subject(), after.as_ref(), LINES).await?;
    let full = i64::try_from(found.len()).is_ok_and(|n| n == LINES);
    let today = clock::legal_date(house.ground.clock.now());
    Ok(page::render(&Papers {
        shell: Shell::new(&ctx, w.t("papers-title")).crumb(w.t("space"), "/space"),
        w,
        lines: found.iter().map(|proof| line(proof, today, w)).collect(),
        withdrawn: from.withdrawn.is_some(),
        newest: after.map(|_| "/space/papers".to_owned()),
        older: found.last().filter(|_| full).map(|last| format!("/space/papers?before={}", last.cursor())),
    }))
}
