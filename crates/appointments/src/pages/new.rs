//! `/appointments/new`: an item, a hall nearby that can do it, a day, a time — the tap on the time books. Everybody may look, whoever is
//! signed in books.

use super::{Room, hall_of, moment_of, told, view};
use crate::model::Channel;
use crate::offer;
use crate::rules::refuse;
use crate::verbs::{self, Asking};
use crate::{WORDS, queries};
use ::store::command;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use catalog::Published;
use hall::model::{Hall, HallCode};
use identity::Applicant;
use kernel::{Failure, Outcome, Refusal};
use page::{Answer, Ctx, FormState, Say, Shell, Submitted, format};

/// Halls that are named.
const HALLS: usize = 6;
/// Items that are named for what was searched.
const ITEMS: usize = 8;

/// What is chosen so far.
#[derive(Debug, Default, serde::Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    q: String,
    #[serde(default)]
    near: String,
    #[serde(default)]
    item: String,
    #[serde(default)]
    hall: String,
    #[serde(default)]
    day: String,
}

struct HallLine {
    href: String,
    name: String,
    address: String,
    distance: String,
    note: String,
}

#[derive(askama::Template)]
#[template(path = "new.html")]
struct NewPage {
    shell: Shell,
    w: Say,
    form: FormState,
    seats: Vec<(String, String)>,
    asked: bool,
    /// The hall that was chosen before the item.
    hall: String,
    /// The item, once chosen: key and name.
    item: Option<(String, String)>,
    items: Vec<(String, String)>,
    halls: Vec<HallLine>,
}

#[derive(askama::Template)]
#[template(path = "choose.html")]
struct ChoosePage {
    shell: Shell,
    w: Say,
    form: FormState,
    at: String,
    sign_in: Option<String>,
    item: String,
    item_name: String,
    guide: String,
    hall: String,
    hall_name: String,
    address: String,
    phone: String,
    others: String,
    d: view::Days,
    latest: String,
    misses: String,
    paused: Option<String>,
}

pub(super) async fn get(
    State(room): State<Room>,
    ctx: Ctx,
    who: Option<Applicant>,
    Query(asked): Query<Asked>,
) -> Answer {
    let item = match asked.item.as_str() {
        "" => None,
        key => Some(catalog::find(room.store(), key).await?.ok_or_else(Refusal::not_found)?),
    };
    match (item, asked.hall.as_str()) {
        (Some(item), hall) if !hall.is_empty() => {
            let hall = hall_of(room.store(), hall).await?;
            let state = (FormState::new(), StatusCode::OK);
            choose(&room, &ctx, who.as_ref(), (&item, &hall, &asked.day), state).await
        }
        (item, _) => search(&room, &ctx, &asked, item).await,
    }
}

async fn search(room: &Room, ctx: &Ctx, asked: &Asked, item: Option<Published>) -> Answer {
    let (store, w) = (room.store(), WORDS.say(ctx.lang));
    let seats = hall::seats(store).await?;
    let found = match item {
        Some(_) => Vec::new(),
        None => catalog::search(store, asked.q.trim(), ITEMS).await?,
    };
    let item = item.map(|p| (p.item.key.clone(), p.item.name.get(ctx.lang).to_owned()));
    // What fits one item only is that item.
    let only = match found.as_slice() {
        [one] => Some((one.key.clone(), one.name.get(ctx.lang).to_owned())),
        _ => None,
    };
    let item = item.or(only);
    if let Some((key, _)) = &item
        && let Ok(hall) = asked.hall.parse::<HallCode>()
    {
        // Who came from a hall's page has chosen it.
        return Ok(page::see_other(format!("/appointments/new?item={key}&hall={hall}")));
    }
    let kept = |name: &str, value: &str| match value {
        "" => String::new(),
        value => format!("&{name}={value}"),
    };
    let items = found.iter().map(|i| {
        let rest = format!("{}{}", kept("near", &asked.near), kept("hall", &asked.hall));
        (format!("/appointments/new?item={}{rest}", i.key), i.name.get(ctx.lang).to_owned())
    });
    let halls = match &item {
        Some((key, _)) => nearest(room, ctx, key, &asked.near, &seats, w).await?,
        None => Vec::new(),
    };
    let form = FormState::new().with("q", asked.q.clone()).with("near", asked.near.clone());
    Ok(page::render(&NewPage {
        shell: Shell::new(ctx, w.t("new-title")).crumb(w.t("mine-title"), "/appointments"),
        w,
        form,
        seats: seats.iter().map(|h| (h.division.clone(), h.name.get(ctx.lang).to_owned())).collect(),
        asked: !asked.q.trim().is_empty(),
        hall: asked.hall.parse::<HallCode>().map(|h| h.to_string()).unwrap_or_default(),
        items: if item.is_some() { Vec::new() } else { items.collect() },
        item,
        halls,
    }))
}

/// The nearest halls that can do the item, with the first day that has a place.
async fn nearest(
    room: &Room,
    ctx: &Ctx,
    item: &str,
    near: &str,
    seats: &[Hall],
    w: Say,
) -> Outcome<Vec<HallLine>> {
    let seat = seats.iter().find(|h| h.division == near).or(seats.first());
    let Some(at) = seat.map(|h| (h.lon, h.lat)) else { return Ok(Vec::new()) };
    let (store, calendar) = (room.store(), room.house.calendar.as_ref());
    // Whether it is open this minute does not matter for another day.
    let wanted =
        hall::Wanted { item, at, count: HALLS, within_km: 0, with: hall::model::Equipped::default() };
    let mut found = hall::nearest(store, calendar, &room.queue, &wanted, ctx.now).await?;
    found.sort_by(|a, b| a.metres.total_cmp(&b.metres));
    let mut lines = Vec::with_capacity(found.len());
    for near in found {
        let Some(letter) = near.desk.letter() else { continue };
        let offered = offer::offered(store, calendar, &room.terms, (&near.hall, letter), ctx.now).await;
        let note = match offered {
            Ok(offered) => match offered.days.iter().find(|d| d.free() > 0) {
                Some(day) => w.with("hall-first", &[("day", format::day(ctx.lang, day.day))]),
                None => w.t("hall-full").into_owned(),
            },
            Err(Failure::Refused(_)) => continue,
            Err(failure) => return Err(failure),
        };
        lines.push(HallLine {
            href: format!("/appointments/new?item={item}&hall={}", near.hall.code),
            name: near.hall.name.get(ctx.lang).to_owned(),
            address: near.hall.address.get(ctx.lang).to_owned(),
            distance: w.with("kilometres", &[("n", format!("{:.1}", near.metres / 1_000.0))]),
            note,
        });
    }
    Ok(lines)
}

async fn choose(
    room: &Room,
    ctx: &Ctx,
    who: Option<&Applicant>,
    (item, hall, day): (&Published, &Hall, &str),
    (form, status): (FormState, StatusCode),
) -> Answer {
    let (store, w, key) = (room.store(), WORDS.say(ctx.lang), &item.item.key);
    let letter = verbs::letter_of(store, hall, key).await?;
    let calendar = room.house.calendar.as_ref();
    let offered = offer::offered(store, calendar, &room.terms, (hall, letter), ctx.now).await?;
    let base = format!("/appointments/new?item={key}&hall={}", hall.code);
    let d = view::days(&offered, &format!("{base}&"), day, w);
    let paused = match who {
        Some(who) => queries::paused(store, who, ctx.now, &room.terms).await?.1,
        None => None,
    };
    let page = ChoosePage {
        shell: Shell::new(ctx, w.t("choose-title"))
            .crumb(w.t("mine-title"), "/appointments")
            .crumb(w.t("new-title"), format!("/appointments/new?item={key}")),
        w,
        form,
        at: "/appointments/new".to_owned(),
        sign_in: who.is_none().then(|| page::problem::sign_in_path(&format!("{base}&day={}", d.day))),
        item: key.clone(),
        item_name: item.item.name.get(ctx.lang).to_owned(),
        guide: format!("/items/{key}"),
        hall: hall.code.to_string(),
        hall_name: hall.name.get(ctx.lang).to_owned(),
        address: hall.address.get(ctx.lang).to_owned(),
        phone: hall.phone.clone(),
        others: format!("/appointments/new?item={key}"),
        d,
        latest: room.terms.latest_minutes.to_string(),
        misses: w.with(
            "rule-misses",
            &[
                ("n", room.terms.misses.to_string()),
                ("days", room.terms.miss_days.to_string()),
                ("pause", room.terms.pause_days.to_string()),
            ],
        ),
        paused: paused.map(|until| w.with("paused-until", &[("day", format::moment(ctx.lang, until))])),
    };
    Ok(page::render_with(status, &page))
}

pub(super) async fn post(State(room): State<Room>, ctx: Ctx, who: Applicant, sent: Submitted) -> Answer {
    let item = catalog::find(room.store(), sent.get("item")).await?;
    let item = item.ok_or_else(|| Failure::from(refuse::no_item()))?;
    let hall = hall_of(room.store(), sent.get("hall")).await?;
    let (calendar, actor) = (room.house.calendar.as_ref(), who.actor_ref());
    let done = async {
        let starts_at = moment_of(sent.get("at")).ok_or_else(refuse::no_slot)?;
        let asked = Asking { item: item.item.key.clone(), hall: hall.code.clone(), starts_at };
        command!(room.house.ground, ctx.lang, actor, |cx| {
            verbs::book(&mut cx, calendar, &room.terms, (&who, Channel::Online), &asked).await
        })
    };
    match done.await {
        Ok(id) => Ok(page::see_other(format!("/appointments/{id}?done=booked"))),
        Err(failure) if super::is(&failure, "appointments.not-here") => Err(failure.into()),
        Err(failure) => {
            let state = told(failure, FormState::of(&sent))?;
            choose(&room, &ctx, Some(&who), (&item, &hall, sent.get("day")), state).await
        }
    }
}
