//! `/screen/{hall}`: the television in the hall: who is called, to which window, with a line to be read aloud.

use super::{Room, hall_of};
use crate::WORDS;
use crate::live::Moment;
use crate::model::TicketState;
use crate::store as rows;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use kernel::{Fault, Outcome};
use page::{Answer, Ctx, Html, Say, Shell, format};
use std::time::Duration;

/// Calls that are shown.
const SHOWN: usize = 6;
const GAP: Duration = Duration::from_millis(300);

struct Call {
    number: String,
    window: String,
    at: String,
}

#[derive(askama::Template)]
#[template(path = "screen.html")]
struct ScreenPage {
    shell: Shell,
    at: String,
    part: Html,
}

#[derive(askama::Template)]
#[template(path = "parts_screen.html")]
struct ScreenPart {
    w: Say,
    now: Option<Call>,
    /// What is read aloud, the earliest first: a key that is new with each call, and the words.
    voices: Vec<(String, String)>,
    before: Vec<Call>,
    next: String,
    waiting: String,
}

pub(super) async fn get(State(room): State<Room>, Path(code): Path<String>, ctx: Ctx) -> Answer {
    let hall = hall_of(room.store(), &code).await?;
    let w = WORDS.say(ctx.lang);
    Ok(page::render(&ScreenPage {
        shell: Shell::new(&ctx, hall.name.get(ctx.lang)).alone(),
        at: format!("/screen/{}", hall.code),
        part: Html(part(&Moment::read(&room.house.ground, &hall.code).await?, w)?),
    }))
}

fn call(t: &rows::TicketRow) -> Call {
    Call {
        number: t.number(),
        window: t.window.clone().unwrap_or_default(),
        at: t.called_at.map(format::time).unwrap_or_default(),
    }
}

fn voice(t: &rows::TicketRow, w: Say) -> Option<(String, String)> {
    let words = [("number", t.number()), ("window", t.window.clone().unwrap_or_default())];
    Some((format!("{}:{}", t.id, t.called_at?.as_microsecond()), w.with("screen-voice", &words)))
}

/// The part that changes.
fn part(moment: &Moment, w: Say) -> Outcome<String> {
    let (calls, today) = (&moment.calls, &moment.today);
    let at_window = |t: &&rows::TicketRow| matches!(t.state, TicketState::Called | TicketState::Serving);
    // Who was passed or has gone back into the queue is called no more.
    let shown = |t: &&rows::TicketRow| at_window(t) || t.state == TicketState::Ended;
    let now_at = calls.iter().find(at_window);
    let before = calls.iter().filter(shown).filter(|t| now_at.is_none_or(|n| n.id != t.id));
    let next: Vec<String> = today.waiting().iter().take(5).map(rows::TicketRow::number).collect();
    let page = ScreenPart {
        w,
        now: now_at.map(call),
        voices: calls.iter().rev().filter(at_window).filter_map(|t| voice(t, w)).collect(),
        before: before.take(SHOWN).map(call).collect(),
        next: next.join("  "),
        waiting: today.waiting().len().to_string(),
    };
    Ok(askama::Template::render(&page).map_err(|e| Fault::from("rendering a calling screen", e))?)
}

pub(super) async fn live(
    State(room): State<Room>,
    Path(code): Path<String>,
    ctx: Ctx,
    headers: HeaderMap,
) -> Answer {
    let hall = hall_of(room.store(), &code).await?.code;
    let w = WORDS.say(ctx.lang);
    let render = Box::new(move |moment: std::sync::Arc<Moment>| {
        let again: futures::future::BoxFuture<'static, Option<std::sync::Arc<str>>> =
            Box::pin(async move { moment.part("screen", w.lang, async { part(&moment, w) }).await.ok() });
        again
    });
    Ok(room.live.stream(&headers, &hall, GAP, render))
}
