//! `/halls`: which hall can do it, which is near and open, and how long one waits; or all halls of a place.

use super::{Room, view};
use crate::model::Hall;
use crate::store as rows;
use crate::verbs::prefix;
use crate::{Near, WORDS, nearest};
use axum::extract::{Query, State};
use axum::http::StatusCode;
use kernel::{Outcome, Text};
use page::{Answer, Ctx, FormState, Html, Say, Shell};

const FOUND: usize = 10;
const LINES: i64 = 50;

struct Line {
    href: String,
    name: String,
    level: String,
    address: String,
    phone: String,
    distance: String,
    standing: Html,
    wait: String,
    /// For whom it is accepted there, and under what; empty where it is done there.
    elsewhere: Vec<String>,
}

#[derive(askama::Template)]
#[template(path = "halls.html")]
struct HallsPage {
    shell: Shell,
    w: Say,
    form: FormState,
    seats: Vec<(String, String)>,
    item: Option<String>,
    asked: bool,
    lines: Vec<Line>,
    next: Option<String>,
}

/// What is looked for: words or the key of an item, near which seat or place in degrees, or the halls of a division.
#[derive(Default, serde::Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    q: String,
    #[serde(default)]
    near: String,
    #[serde(default)]
    lat: String,
    #[serde(default)]
    lon: String,
    #[serde(default)]
    after: String,
}

pub(super) async fn get(State(room): State<Room>, ctx: Ctx, Query(asked): Query<Asked>) -> Answer {
    show(&room, &ctx, &asked, FormState::new(), StatusCode::OK).await
}

/// The page; `form` holds the code of a ticket that was typed, with what is wrong.
pub(super) async fn show(
    room: &Room,
    ctx: &Ctx,
    asked: &Asked,
    form: FormState,
    status: StatusCode,
) -> Answer {
    let w = WORDS.say(ctx.lang);
    let seats = rows::seats(room.store()).await?;
    let item = wanted(room, asked.q.trim()).await?;
    let mut next = None;
    let lines = match &item {
        Some((key, _)) => near(room, ctx, asked, key, &seats).await?,
        None => {
            let (lines, more) = below(room, ctx, asked).await?;
            next = more;
            lines
        }
    };
    let form = form.with("q", asked.q.clone()).with("near", asked.near.clone());
    let page = HallsPage {
        shell: Shell::new(ctx, w.t("halls-title")),
        w,
        form,
        seats: seats.iter().map(|h| (h.division.clone(), h.name.get(ctx.lang).to_owned())).collect(),
        item: item.map(|(_, name)| name.get(ctx.lang).to_owned()),
        asked: !asked.q.trim().is_empty(),
        lines,
        next,
    };
    Ok(page::render_with(status, &page))
}

/// The item that is meant: by its key, as the guide's link has it, else the first that the words fit.
async fn wanted(room: &Room, q: &str) -> Outcome<Option<(String, Text)>> {
    if let Some(named) = catalog::find(room.store(), q).await? {
        return Ok(Some((named.item.key.clone(), named.item.name.clone())));
    }
    let found = catalog::search(room.store(), q, 1).await?.into_iter().next();
    Ok(found.map(|i| (i.key, i.name)))
}

/// Degrees as millionths; nothing for what is none.
fn degrees(text: &str) -> Option<i64> {
    let degrees: f64 = text.trim().parse().ok()?;
    let fine = degrees.is_finite() && degrees.abs() <= 180.0;
    fine.then(|| format!("{:.0}", degrees * 1e6).parse().ok()).flatten()
}

async fn near(room: &Room, ctx: &Ctx, asked: &Asked, item: &str, seats: &[Hall]) -> Outcome<Vec<Line>> {
    let typed = degrees(&asked.lon).zip(degrees(&asked.lat));
    let seat = seats.iter().find(|h| h.division == asked.near).or(seats.first());
    let Some(at) = typed.or(seat.map(|h| (h.lon, h.lat))) else { return Ok(Vec::new()) };
    let (calendar, w) = (room.house.calendar.as_ref(), WORDS.say(ctx.lang));
    let found = nearest(room.store(), calendar, &room.terms, item, at, (ctx.now, FOUND)).await?;
    let agencies = identity::directory(room.store()).await?;
    let line = |near: Near| Line {
        elsewhere: near.elsewhere.map(|one| view::elsewhere(&one, &agencies, w)).unwrap_or_default(),
        distance: view::distance(near.metres, w),
        standing: view::standing(near.standing, ctx.now, w),
        wait: near.letter.map(|_| view::wait(near.wait, w)).unwrap_or_default(),
        ..plain(&near.hall, ctx, w)
    };
    Ok(found.into_iter().map(line).collect())
}

fn plain(hall: &Hall, ctx: &Ctx, w: Say) -> Line {
    Line {
        href: format!("/halls/{}", hall.code),
        name: hall.name.get(ctx.lang).to_owned(),
        level: view::level(hall.level, w),
        address: hall.address.get(ctx.lang).to_owned(),
        phone: hall.phone.clone(),
        distance: String::new(),
        standing: Html(String::new()),
        wait: String::new(),
        elsewhere: Vec::new(),
    }
}

async fn below(room: &Room, ctx: &Ctx, asked: &Asked) -> Outcome<(Vec<Line>, Option<String>)> {
    let (w, near) = (WORDS.say(ctx.lang), prefix(&asked.near));
    let near = if near.bytes().all(|b| b.is_ascii_digit()) { near } else { "" };
    let after = asked.after.split_once('.').unwrap_or(("", ""));
    let mut found = rows::halls_below(room.store(), near, after, LINES + 1).await?;
    let most = usize::try_from(LINES).unwrap_or(0);
    let more = found.len() > most;
    found.truncate(most);
    let next = found.last().filter(|_| more);
    let next = next.map(|h| format!("/halls?near={near}&after={}.{}", h.division, h.code));
    let mut lines = Vec::with_capacity(found.len());
    for hall in &found {
        let standing = super::hall::standing(room, hall, ctx.now)?;
        lines.push(Line { standing: view::standing(standing, ctx.now, w), ..plain(hall, ctx, w) });
    }
    Ok((lines, next))
}
