//! `/cases/{number}/live`: the changing part of the page, sent again when something happened (server-sent events).

use super::beside::Looking;
use super::progress::live_part;
use super::{Room, number};
use crate::queries::{self, view};
use crate::scope::Scope;
use crate::show::Names;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures::stream;
use identity::Applicant;
use kernel::SubjectId;
use kernel::codes::CaseNumber;
use page::{Ctx, Problem};
use std::convert::Infallible;
use std::time::Duration;

/// How often it is looked at; one row by its index.
const EVERY: Duration = Duration::from_secs(2);
/// How often at most before the browser is asked to come again: five minutes.
const ROUNDS_MAX: u32 = 150;

struct Watch {
    room: Room,
    ctx: Ctx,
    scope: Scope,
    who: SubjectId,
    number: CaseNumber,
    rev: i64,
    rounds: u32,
    over: bool,
}

pub(super) async fn get(
    State(room): State<Room>,
    Path(text): Path<String>,
    ctx: Ctx,
    who: Applicant,
) -> Result<Response, Problem> {
    let (number, scope) = (number(&text)?, Scope::from(&who));
    let row = queries::progress(&room.house.ground.store, &number, &scope).await?;
    let watch =
        Watch { room, ctx, scope, who: who.subject(), number, rev: row.rev, rounds: 0, over: !row.running };
    let events = stream::unfold(watch, |watch| async move { next(watch).await });
    Ok(Sse::new(events).keep_alive(KeepAlive::default()).into_response())
}

async fn next(mut watch: Watch) -> Option<(Result<Event, Infallible>, Watch)> {
    while !watch.over && watch.rounds < ROUNDS_MAX {
        watch.rounds += 1;
        tokio::time::sleep(EVERY).await;
        let store = &watch.room.house.ground.store;
        // A database that is away for a moment is no reason to tell the page anything.
        let Ok(row) = queries::progress(store, &watch.number, &watch.scope).await else { continue };
        if row.rev == watch.rev {
            continue;
        }
        watch.rev = row.rev;
        watch.over = !row.running;
        if watch.over {
            return Some((Ok(Event::default().event("reload").data("1")), watch));
        }
        if let Some(html) = part(&watch).await {
            return Some((Ok(Event::default().event("html").data(html)), watch));
        }
    }
    None
}

async fn part(watch: &Watch) -> Option<String> {
    let store = &watch.room.house.ground.store;
    let view = view(store, &watch.number, &watch.scope).await.ok()?;
    let names = Names::load(store).await.ok()?;
    let house = &watch.room.house;
    let by = Looking { who: watch.who, now: house.ground.clock.now(), calendar: &house.calendar };
    live_part(&watch.ctx, &view, &names, &by).render().ok()
}
