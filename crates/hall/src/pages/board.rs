//! `/desk/hall/board`: one big picture of a hall for its head, to be read from across the room: load by the hour, who waits and how long,
//! which windows are open and idle, and who was lost. The pictures are drawn here; the same figures stand in tables below them.

use super::{Room, day, view};
use crate::WORDS;
use crate::live::Moment;
use crate::model::HallCode;
use crate::rules::day::figures;
use crate::rules::estimate::Wait;
use crate::store as rows;
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use identity::Staff;
use kernel::{Fault, Outcome};
use page::{Answer, Ctx, Html, Say, Shell, format};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

/// A picture is drawn anew no faster than this.
const GAP: Duration = Duration::from_secs(2);
/// The picture of the hours.
const WIDTH: usize = 960;
const HEIGHT: usize = 220;
/// Room for the words of a line in the picture of the waits, and for its bar.
const WORDS_WIDE: usize = 300;
const BAR_WIDE: usize = 560;
const LINE_HIGH: usize = 56;

#[derive(askama::Template)]
#[template(path = "board.html")]
struct BoardPage {
    shell: Shell,
    at: String,
    part: Html,
}

#[derive(askama::Template)]
#[template(path = "parts_board.html")]
struct BoardPart {
    w: Say,
    at: String,
    waiting: usize,
    served: usize,
    lost: usize,
    open: String,
    load_title: String,
    bars: Vec<Bar>,
    wait_title: String,
    lines: Vec<WaitLine>,
    wait_high: usize,
    windows: Vec<Pane>,
}

/// The tickets of an hour.
struct Bar {
    hour: String,
    taken: usize,
    x: usize,
    y: usize,
    wide: usize,
    high: usize,
    middle: usize,
}

/// A business: who waits, and the range of minutes as a bar.
struct WaitLine {
    name: String,
    waiting: usize,
    wait: String,
    y: usize,
    /// Where the range begins and how wide it is; nothing while it is not known.
    range: Option<(usize, usize)>,
}

/// A window.
struct Pane {
    number: String,
    state: &'static str,
    words: String,
    ticket: String,
}

/// Which hall.
#[derive(serde::Deserialize)]
pub(super) struct Which {
    hall: Option<String>,
}

pub(super) async fn get(
    State(room): State<Room>,
    ctx: Ctx,
    who: Staff,
    Query(which): Query<Which>,
) -> Answer {
    let manager = day::chosen(&room, &who, which.hall.as_deref()).await?;
    let (w, hall) = (WORDS.say(ctx.lang), manager.hall());
    let moment = Moment::read(&room.house.ground, &hall.code).await?;
    Ok(page::render(&BoardPage {
        shell: Shell::new(&ctx, hall.name.get(ctx.lang)).alone(),
        at: format!("/desk/hall/board/live?hall={}", hall.code),
        part: Html(part(&room, &moment, &hall.code, w).await?),
    }))
}

pub(super) async fn live(
    State(room): State<Room>,
    ctx: Ctx,
    who: Staff,
    Query(which): Query<Which>,
    headers: HeaderMap,
) -> Answer {
    let manager = day::chosen(&room, &who, which.hall.as_deref()).await?;
    let (w, code, live) = (WORDS.say(ctx.lang), manager.hall().code.clone(), room.live.clone());
    let shared = Arc::new((room, code.clone()));
    let render = Box::new(move |moment: Arc<Moment>| {
        let shared = Arc::clone(&shared);
        let again: futures::future::BoxFuture<'static, Option<Arc<str>>> = Box::pin(async move {
            let (room, code) = shared.as_ref();
            moment.part("board", w.lang, part(room, &moment, code, w)).await.ok()
        });
        again
    });
    Ok(live.stream(&headers, &code, GAP, render))
}

async fn part(room: &Room, moment: &Moment, hall: &HallCode, w: Say) -> Outcome<String> {
    let (store, today) = (room.store(), &moment.today);
    let tickets = rows::of_day(store, hall, &moment.day).await?;
    let figures = figures(&tickets);
    let bars = bars(&figures.hours);
    let busiest = bars.iter().max_by_key(|bar| bar.taken);
    let load_title =
        busiest.map(|bar| w.with("board-load", &[("hour", bar.hour.clone()), ("n", bar.taken.to_string())]));
    let mut waits = Vec::new();
    for b in rows::businesses(store, hall).await? {
        let wait = today.wait_for_next(store, b.letter, &room.terms).await?;
        let name = format!("{} {}", b.letter, view::business(&b, w.lang));
        waits.push((name, today.waiting_for(b.letter), wait));
    }
    let longest = waits.iter().max_by_key(|(_, _, wait)| high(*wait)).filter(|(_, _, wait)| high(*wait) > 0);
    let wait_title = longest.map(|(name, _, wait)| {
        w.with("board-longest", &[("name", name.clone()), ("wait", view::wait(*wait, w))])
    });
    let windows = panes(moment, w);
    let open = windows.iter().filter(|pane| pane.state == "busy").count();
    let staffed = windows.iter().filter(|pane| !matches!(pane.state, "shut" | "empty")).count();
    let page = BoardPart {
        w,
        at: format::time(moment.now),
        waiting: today.waiting().len(),
        served: figures.ended,
        lost: figures.lost,
        open: format!("{open}/{staffed}"),
        load_title: load_title.unwrap_or_else(|| w.t("day-none").into_owned()),
        wait_title: wait_title.unwrap_or_else(|| w.t("board-no-wait").into_owned()),
        wait_high: LINE_HIGH * waits.len().max(1),
        lines: lines(waits, w),
        bars,
        windows,
    };
    Ok(askama::Template::render(&page).map_err(|e| Fault::from("drawing a hall's board", e))?)
}

/// The upper end of a range.
fn high(wait: Wait) -> i64 {
    if let Wait::Minutes(_, high) = wait { high } else { 0 }
}

/// A bar for every hour from the first to the last in which somebody came.
fn bars(hours: &BTreeMap<i8, usize>) -> Vec<Bar> {
    let (Some(first), Some(last)) = (hours.keys().next(), hours.keys().last()) else { return Vec::new() };
    let most = hours.values().copied().max().unwrap_or(1).max(1);
    let count = usize::try_from(last - first + 1).unwrap_or(1);
    let step = WIDTH / count;
    let bar = |(nth, hour): (usize, i8)| {
        let taken = hours.get(&hour).copied().unwrap_or(0);
        let high = taken * HEIGHT / most;
        Bar {
            hour: format!("{hour:02}"),
            taken,
            x: nth * step + step / 8,
            y: 40 + HEIGHT - high,
            wide: step * 3 / 4,
            high,
            middle: nth * step + step / 2,
        }
    };
    (*first..=*last).enumerate().map(bar).collect()
}

/// The ranges on one scale of minutes.
fn lines(waits: Vec<(String, usize, Wait)>, w: Say) -> Vec<WaitLine> {
    let most = waits.iter().map(|(_, _, wait)| high(*wait)).max().unwrap_or(0).max(10);
    let place =
        |minutes: i64| usize::try_from(minutes).unwrap_or(0) * BAR_WIDE / usize::try_from(most).unwrap_or(1);
    let line = |(nth, (name, waiting, wait)): (usize, (String, usize, Wait))| WaitLine {
        name,
        waiting,
        wait: view::wait(wait, w),
        y: nth * LINE_HIGH,
        range: match wait {
            Wait::Minutes(low, high) => Some((WORDS_WIDE + place(low), (place(high) - place(low)).max(8))),
            Wait::NoWindow | Wait::Unknown => None,
        },
    };
    waits.into_iter().enumerate().map(line).collect()
}

fn panes(moment: &Moment, w: Say) -> Vec<Pane> {
    let today = &moment.today;
    let pane = |x: &rows::WindowRow| {
        let busy = today.busy().iter().find(|t| t.window.as_deref() == Some(x.number.as_str()));
        let (state, words) = day::state_of(today, x, w);
        Pane {
            number: x.number.clone(),
            state,
            words,
            ticket: busy.map(rows::TicketRow::number).unwrap_or_default(),
        }
    };
    today.windows().iter().map(pane).collect()
}
