//! `/desk/my-looks`: what is recorded of whoever works here, as the persons concerned read it.

use super::Room;
use crate::WORDS;
use crate::plain::{self, Agents, Known, LookLine};
use axum::extract::{Query, State};
use identity::Staff;
use page::{Answer, Ctx, Say, Shell};

const LINES: i64 = 50;

#[derive(askama::Template)]
#[template(path = "my_looks.html")]
struct MyLooks {
    shell: Shell,
    w: Say,
    number: String,
    looks: Vec<LookLine>,
    newest: Option<String>,
    older: Option<String>,
    requests: bool,
}

/// Where the list goes on.
#[derive(serde::Deserialize)]
pub(super) struct From {
    before: Option<i64>,
}

pub(super) async fn get(State(room): State<Room>, ctx: Ctx, who: Staff, Query(from): Query<From>) -> Answer {
    let (store, w) = (&room.house.ground.store, WORDS.say(ctx.lang));
    let known = Known::load(store).await?;
    let rows = trace::looks_by(store, who.account(), from.before, LINES).await?;
    let full = i64::try_from(rows.len()).unwrap_or(0) == LINES;
    let (shell, nobody) = (Shell::new(&ctx, w.t("my-looks-title")).desk(), Agents::default());
    Ok(page::render(&MyLooks {
        shell,
        w,
        number: plain::staff_number(who.account()),
        looks: rows
            .iter()
            .map(|row| plain::line(row, row.person, &nobody, known.names(), ctx.lang))
            .collect(),
        newest: from.before.map(|_| "/desk/my-looks".to_owned()),
        older: rows.last().filter(|_| full).map(|row| format!("/desk/my-looks?before={}", row.id)),
        requests: !matches!(who, Staff::Operator(_)),
    }))
}
