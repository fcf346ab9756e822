//! `/halls/{hall}`: what it can do, when it is open, who waits.

use super::{Room, hall_of, view};
use crate::model::Hall;
use crate::rules::hours::{Hours, Standing};
use crate::store as rows;
use crate::{Today, WORDS};
use axum::extract::{Path, State};
use kernel::{Fault, Timestamp, clock};
use page::{Answer, Ctx, Html, Say, Shell, format};

/// So many items are named; a hall with more says so.
const NAMED: usize = 30;

struct BusinessLine {
    name: String,
    waiting: String,
    wait: String,
}

struct WindowLine {
    number: String,
    kind: String,
    takes: String,
    staffed: bool,
}

/// What is accepted for another place, under one agreement.
struct ElsewhereLine {
    /// For whom, how, and on what it rests.
    says: Vec<String>,
    /// All of whoever decides it.
    all: bool,
    items: Vec<(String, String)>,
}

struct DayLine {
    day: String,
    hours: String,
}

#[derive(askama::Template)]
#[template(path = "hall.html")]
struct HallPage {
    shell: Shell,
    w: Say,
    at: String,
    code: String,
    level: String,
    address: String,
    phone: String,
    standing: Html,
    days: Vec<DayLine>,
    equipment: Vec<String>,
    everything: bool,
    items: Vec<(String, String)>,
    elsewhere: Vec<ElsewhereLine>,
    businesses: Vec<BusinessLine>,
    windows: Vec<WindowLine>,
}

/// Whether a hall is open.
pub(super) fn standing(room: &Room, hall: &Hall, now: Timestamp) -> Result<Standing, Fault> {
    Ok(Hours::parse(&hall.hours).map_err(Fault::new)?.standing(&room.house.calendar, now))
}

pub(super) async fn get(State(room): State<Room>, Path(code): Path<String>, ctx: Ctx) -> Answer {
    let (store, w) = (room.store(), WORDS.say(ctx.lang));
    let hall = hall_of(store, &code).await?;
    let today = Today::read(store, &hall.code, ctx.now).await?;
    let letters = rows::businesses(store, &hall.code).await?;
    let mut businesses = Vec::new();
    for b in &letters {
        let wait = today.wait_for_next(store, b.letter, &room.terms).await?;
        let waiting = today.waiting_for(b.letter).to_string();
        let name = format!("{} {}", b.letter, view::business(b, ctx.lang));
        businesses.push(BusinessLine { name, waiting, wait: view::wait(wait, w) });
    }
    let windows = today.windows().iter().filter(|x| x.open).map(|x| WindowLine {
        number: x.number.clone(),
        kind: view::kind(x.kind, w),
        takes: x.letters.to_string(),
        staffed: x.clerk.is_some(),
    });
    Ok(page::render(&HallPage {
        shell: Shell::new(&ctx, hall.name.get(ctx.lang)).crumb(w.t("halls-title"), "/halls"),
        w,
        at: format!("/halls/{}", hall.code),
        code: hall.code.to_string(),
        level: view::level(hall.level, w),
        address: hall.address.get(ctx.lang).to_owned(),
        phone: hall.phone.clone(),
        standing: view::standing(standing(&room, &hall, ctx.now)?, ctx.now, w),
        days: days(&room, &hall, &ctx, w)?,
        equipment: hall.equipment.iter().map(|one| view::equipment(one, w)).collect(),
        everything: hall.offers == "*",
        items: items(&room, hall.offers.split(' '), &ctx).await?,
        elsewhere: elsewhere(&room, &hall, &ctx).await?,
        businesses,
        windows: windows.collect(),
    }))
}

/// The hours of today and the six days after it, as the calendar has them.
fn days(room: &Room, hall: &Hall, ctx: &Ctx, w: Say) -> Result<Vec<DayLine>, Fault> {
    let hours = Hours::parse(&hall.hours).map_err(Fault::new)?;
    let (mut date, mut days) = (clock::legal_date(ctx.now), Vec::with_capacity(7));
    for _ in 0..7 {
        let spans: Vec<String> = hours.on(&room.house.calendar, date).iter().map(view::span).collect();
        let shown = if spans.is_empty() { w.t("shut-day").into_owned() } else { spans.join("  ") };
        days.push(DayLine { day: format::date(ctx.lang, date), hours: shown });
        date = date.tomorrow().map_err(|e| Fault::from("the day after", e))?;
    }
    Ok(days)
}

async fn elsewhere(room: &Room, hall: &Hall, ctx: &Ctx) -> Result<Vec<ElsewhereLine>, Fault> {
    let agencies = identity::directory(room.store()).await?;
    let mut lines = Vec::new();
    for one in crate::elsewhere::of_hall(hall, clock::legal_date(ctx.now)) {
        lines.push(ElsewhereLine {
            says: view::elsewhere(&one, &agencies, WORDS.say(ctx.lang)),
            all: one.items.iter().any(|key| key == "*"),
            items: items(room, one.items.iter().map(String::as_str), ctx).await?,
        });
    }
    Ok(lines)
}

/// The items that are named, as the catalogue calls them.
async fn items<'a>(
    room: &Room,
    keys: impl Iterator<Item = &'a str>,
    ctx: &Ctx,
) -> Result<Vec<(String, String)>, Fault> {
    let mut named = Vec::new();
    for key in keys.filter(|k| *k != "*").take(NAMED) {
        let found = catalog::find(room.store(), key).await?;
        let name = found.map_or_else(|| key.to_owned(), |p| p.item.name.get(ctx.lang).to_owned());
        named.push((format!("/items/{key}"), name));
    }
    Ok(named)
}
