//! `/space/deliveries`: one's parcels, the newest first.

use super::From;
use super::view::{Line, line};
use crate::room::Deliveries;
use crate::{WORDS, verbs};
use axum::extract::{Query, State};
use identity::Applicant;
use page::{Answer, Ctx, Say, Shell};

const LINES: i64 = 30;

#[derive(askama::Template)]
#[template(path = "mine.html")]
struct MinePage {
    shell: Shell,
    w: Say,
    lines: Vec<Line>,
    newest: Option<String>,
    older: Option<String>,
}

pub(super) async fn get(
    State(room): State<Deliveries>,
    ctx: Ctx,
    who: Applicant,
    Query(from): Query<From>,
) -> Answer {
    let w = WORDS.say(ctx.lang);
    let before = from.place(i64::MAX)?;
    let mut found = verbs::mine(&room.house.ground.store, &who, before, LINES + 1).await?;
    let most = usize::try_from(LINES).unwrap_or(0);
    let more = found.len() > most;
    found.truncate(most);
    let last = found.last().map(|r| format!("/space/deliveries?after={}.{}", r.at.as_microsecond(), r.id));
    Ok(page::render(&MinePage {
        shell: Shell::new(&ctx, w.t("mine-title")).crumb(w.t("space"), "/space"),
        w,
        lines: found.iter().map(|row| line(row, "/space/deliveries", false, w)).collect(),
        newest: from.after.map(|_| "/space/deliveries".to_owned()),
        older: last.filter(|_| more),
    }))
}
