//! `/halls`: which hall can do it, when one would be served there, and how long one waits; or all halls of a place.

mod place;

use super::{Room, view};
use crate::model::{Equipment, Equipped, Hall};
use crate::rules::near::{Desk, Group};
use crate::store as rows;
use crate::verbs::prefix;
use crate::{Near, WORDS, Wanted, nearest};
use axum::extract::{Query, State};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use kernel::{Outcome, Text, Timestamp};
use page::{Answer, Ctx, FormState, Html, Say, Shell, Submitted};
use place::Place;

const FOUND: usize = 10;
const LINES: i64 = 50;
/// What the browser may use on this page: the site's rule, and the position when one presses the button.
const POLICY: HeaderValue = HeaderValue::from_static("camera=(), microphone=(), geolocation=(self)");

struct Line {
    href: String,
    name: String,
    level: String,
    address: String,
    phone: String,
    distance: String,
    standing: Html,
    /// How long one waits, or what else to know before one goes.
    notes: Vec<String>,
    equipment: String,
    /// For whom it is accepted there, and under what; empty where it is done there.
    elsewhere: Vec<String>,
}

/// A part of the list with its heading.
struct Part {
    id: &'static str,
    title: String,
    lines: Vec<Line>,
}

#[derive(askama::Template)]
#[template(path = "halls.html")]
struct HallsPage {
    shell: Shell,
    w: Say,
    form: FormState,
    seats: Vec<(String, String)>,
    /// Towns and streets of the chosen seat.
    towns: Vec<(String, String)>,
    /// What halls may be equipped with, to choose from; and whether anything is chosen.
    equipment: Vec<(String, String)>,
    equipped: bool,
    /// The places that may be meant by what was typed.
    meant: Vec<(String, String)>,
    item: Option<String>,
    /// From where distances are told.
    from: String,
    asked: bool,
    /// Nothing near is open now.
    none_open: bool,
    /// Nothing at all was found.
    nothing: bool,
    parts: Vec<Part>,
    next: Option<String>,
    km: String,
}

/// What is looked for: words or the key of an item, near which seat, hall or named place, and what it must be equipped with; or the halls of
/// a division.
#[derive(Default)]
pub(super) struct Asked {
    q: String,
    near: String,
    /// The code of the hall near which one is.
    at: String,
    /// The name of a place as it was typed.
    place: String,
    with: Vec<String>,
    after: String,
    /// Where the browser says that one is. It stands in no address, and is forgotten with the answer.
    position: Option<(i64, i64)>,
}

impl Asked {
    fn of(fields: Vec<(String, String)>) -> Self {
        let mut asked = Self::default();
        for (name, value) in fields {
            match name.as_str() {
                "q" => asked.q = value.trim().to_owned(),
                "near" => asked.near = value,
                "at" => asked.at = value,
                "place" => asked.place = value.trim().to_owned(),
                "with" => asked.with.push(value),
                "after" => asked.after = value,
                _ => {}
            }
        }
        asked
    }

    fn equipped(&self) -> Equipped {
        self.with.iter().filter_map(|word| word.parse::<Equipment>().ok()).collect()
    }

    /// The fields as they were filled in.
    fn form(&self, mut form: FormState) -> FormState {
        form = form.with("q", self.q.clone()).with("near", self.near.clone()).with("at", self.at.clone());
        form = form.with("place", self.place.clone());
        self.with.iter().fold(form, |form, word| form.with_also("with", word.clone()))
    }
}

pub(super) async fn get(
    State(room): State<Room>,
    ctx: Ctx,
    Query(fields): Query<Vec<(String, String)>>,
) -> Answer {
    show(&room, &ctx, &Asked::of(fields), FormState::new(), StatusCode::OK).await
}

/// The same near where the browser says that one is: sent in the body, so that it stands in no address and no log.
pub(super) async fn post(State(room): State<Room>, ctx: Ctx, sent: Submitted) -> Answer {
    let position = degrees(sent.get("lon")).zip(degrees(sent.get("lat")));
    let (q, with) =
        (sent.get("q").trim().to_owned(), sent.all("with").iter().map(|word| (*word).to_owned()).collect());
    let asked = Asked { q, with, position, ..Asked::default() };
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
    let item = wanted(room, &asked.q).await?;
    let mut form = asked.form(form);
    let place = Place::of(room.store(), asked, &seats).await?;
    place.complain(&mut form);
    let mut next = None;
    let parts = match &item {
        Some((key, _)) => near(room, ctx, asked, key, &place).await?,
        None => {
            let (lines, more) = below(room, ctx, asked).await?;
            next = more;
            vec![Part { id: "all", title: String::new(), lines }]
        }
    };
    let name = |h: &Hall| h.name.get(ctx.lang).to_owned();
    let page = HallsPage {
        shell: Shell::new(ctx, w.t("halls-title")),
        w,
        form,
        seats: seats.iter().map(|h| (h.division.clone(), name(h))).collect(),
        towns: place.towns.iter().map(|h| (h.code.to_string(), name(h))).collect(),
        equipment: Equipment::ALL.iter().map(|e| (e.to_string(), view::equipment(*e, w))).collect(),
        equipped: !asked.with.is_empty(),
        meant: place.meant.iter().map(|h| (asked_at(asked, h), name(h))).collect(),
        item: item.map(|(_, name)| name.get(ctx.lang).to_owned()),
        from: match &place.from {
            Some(hall) => w.with("halls-from", &[("place", name(hall))]),
            None => w.t("halls-from-here").into_owned(),
        },
        asked: !asked.q.is_empty(),
        none_open: !parts.iter().any(|part| part.id == "now"),
        nothing: parts.iter().all(|part| part.lines.is_empty()),
        parts,
        next,
        km: room.terms.near_km.to_string(),
    };
    let mut response = page::render_with(status, &page);
    response.headers_mut().insert(HeaderName::from_static("permissions-policy"), POLICY);
    Ok(response)
}

/// The address of the same question near a hall.
fn asked_at(asked: &Asked, hall: &Hall) -> String {
    let pairs = [("q", asked.q.as_str()), ("near", asked.near.as_str()), ("at", hall.code.as_str())];
    let with = asked.with.iter().map(|word| ("with", word.as_str()));
    let fields: Vec<(&str, &str)> = pairs.into_iter().chain(with).filter(|(_, v)| !v.is_empty()).collect();
    format!("/halls?{}", place::query(&fields))
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

/// The nearest in their parts.
async fn near(room: &Room, ctx: &Ctx, asked: &Asked, item: &str, place: &Place) -> Outcome<Vec<Part>> {
    let Some(at) = place.at else { return Ok(Vec::new()) };
    let (calendar, w) = (room.house.calendar.as_ref(), WORDS.say(ctx.lang));
    let wanted = Wanted { item, at, count: FOUND, within_km: room.terms.near_km, with: asked.equipped() };
    let found = nearest(room.store(), calendar, &room.terms, &wanted, ctx.now).await?;
    let agencies = identity::directory(room.store()).await?;
    let mut parts = [
        Part { id: "now", title: w.t("near-now").into_owned(), lines: Vec::new() },
        Part { id: "today", title: w.t("near-today").into_owned(), lines: Vec::new() },
        Part { id: "later", title: w.t("near-later").into_owned(), lines: Vec::new() },
    ];
    for near in found {
        let line = Line {
            elsewhere: near.elsewhere.iter().flat_map(|one| view::elsewhere(one, &agencies, w)).collect(),
            distance: view::distance(near.metres, w),
            standing: view::standing(near.standing, ctx.now, w),
            notes: notes(&near, ctx.now, w),
            ..plain(&near.hall, ctx, w)
        };
        let [now, today, later] = &mut parts;
        let part = match near.when.group {
            Group::Now => now,
            Group::Today => today,
            Group::Later => later,
        };
        part.lines.push(line);
    }
    Ok(parts.into_iter().filter(|part| !part.lines.is_empty()).collect())
}

/// What to know before one goes there: how long one waits, that no window takes it today, or that one comes too late.
fn notes(near: &Near, now: Timestamp, w: Say) -> Vec<String> {
    let open = matches!(near.standing, crate::rules::hours::Standing::Open(_));
    let mut notes = Vec::new();
    match near.desk {
        Desk::WindowShut(_) => notes.push(w.t("near-window-shut").into_owned()),
        Desk::NoLetter => notes.push(w.t("near-no-letter").into_owned()),
        Desk::NoTickets => notes.push(w.t("near-no-tickets").into_owned()),
        Desk::Queue(_, wait) if open => notes.push(view::wait(wait, w)),
        Desk::Queue(..) => {}
    }
    if near.when.too_late {
        let next = near.when.soonest.map(|at| view::opening(at, now, w));
        notes.push(next.map_or_else(
            || w.t("near-too-late").into_owned(),
            |at| w.with("near-too-late-next", &[("at", at)]),
        ));
    }
    notes
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
        notes: Vec::new(),
        equipment: view::equipped(hall.equipment, w),
        elsewhere: Vec::new(),
    }
}

async fn below(room: &Room, ctx: &Ctx, asked: &Asked) -> Outcome<(Vec<Line>, Option<String>)> {
    let (w, near) = (WORDS.say(ctx.lang), prefix(&asked.near));
    let near = if near.bytes().all(|b| b.is_ascii_digit()) { near } else { "" };
    let after = asked.after.split_once('.').unwrap_or(("", ""));
    let mut found = rows::halls_with(room.store(), near, after, asked.equipped(), LINES + 1).await?;
    let most = usize::try_from(LINES).unwrap_or(0);
    let more = found.len() > most;
    found.truncate(most);
    let next = found.last().filter(|_| more);
    let with: Vec<(&str, &str)> = asked.with.iter().map(|word| ("with", word.as_str())).collect();
    let with = if with.is_empty() { String::new() } else { format!("&{}", place::query(&with)) };
    let next = next.map(|h| format!("/halls?near={near}&after={}.{}{with}", h.division, h.code));
    let mut lines = Vec::with_capacity(found.len());
    for hall in &found {
        let standing = super::hall::standing(room, hall, ctx.now)?;
        lines.push(Line { standing: view::standing(standing, ctx.now, w), ..plain(hall, ctx, w) });
    }
    Ok((lines, next))
}
