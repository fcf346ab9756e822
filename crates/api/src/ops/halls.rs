//! Halls: where one can go, how long one waits there, and tickets of their queues.

use super::items::{Both, bad_query};
use crate::input::{self, Caller};
use crate::problem::{Answer, ProblemBody};
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use catalog::agreement::{Across, Agreement};
use hall::model::{Equipment, Equipped, Hall, HallCode, Letter, Priority, TicketState, Via};
use hall::rules::estimate::Wait;
use hall::rules::hours::{Hours, Standing};
use hall::rules::near::{Desk, Group};
use hall::verbs::Taking;
use hall::{Settings, Today};
use kernel::{Fault, Refusal, RefusalKind, clock};
use page::House;
use serde::{Deserialize, Serialize};
use store::command;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(one))
        .routes(routes!(take))
        .routes(routes!(look))
}

const PAGE: i64 = 50;
/// Halls of a search by distance at most.
const NEAR: usize = 20;

/// The nearest halls that can do an item, or all halls of a division.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Wanted {
    /// An item's key; needs `longitude` and `latitude`. First halls where one is served today who goes there now, the soonest first; then
    /// those that open later today; then others.
    item: Option<String>,
    /// Degrees, east positive.
    longitude: Option<f64>,
    /// Degrees, north positive.
    latitude: Option<f64>,
    /// Open halls are looked for so many kilometres around, when those nearest are shut: 40, and 500 at most.
    within: Option<i64>,
    /// What they must be equipped with, words with commas between: `wheelchair,sign-language`.
    with: Option<String>,
    /// The beginning of a division's code (GB/T 2260): `44`, `440604`.
    division: Option<String>,
    /// The `next` of the page before, without `item`.
    after: Option<String>,
}

/// A hall.
#[derive(Serialize, utoipa::ToSchema)]
struct HallLine {
    /// Its code.
    code: String,
    /// `city`, `county`, `town` or `village`.
    level: String,
    /// Its division.
    division: String,
    /// Its name.
    name: Both,
    /// Its address.
    address: Both,
    /// Its telephone.
    phone: String,
    /// Degrees, east positive.
    longitude: f64,
    /// Degrees, north positive.
    latitude: f64,
    /// What it is equipped with: `self-service`, `all-night`, `wheelchair`, `accessible-toilet`, `sign-language`, `printer`, `photo-booth`,
    /// `nursing-room`, `parking`.
    equipment: Vec<&'static str>,
    /// Whether it is open now.
    open: bool,
    /// When the item asked about is done there for whoever goes there now: `now`, `today` (it opens later today) or `later`.
    #[serde(skip_serializing_if = "Option::is_none")]
    when: Option<&'static str>,
    /// The moment that is reckoned with: the way at three minutes a kilometre and the wait, or when it opens.
    #[serde(skip_serializing_if = "Option::is_none")]
    soonest: Option<String>,
    /// No window that takes the item is open today.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    window_shut: bool,
    /// Metres from the place asked about.
    #[serde(skip_serializing_if = "Option::is_none")]
    metres: Option<i64>,
    /// The wait for the item asked about.
    #[serde(skip_serializing_if = "Option::is_none")]
    wait: Option<WaitLine>,
    /// The agreement under which the item asked about is only accepted here, when an agency of another place decides it.
    #[serde(skip_serializing_if = "Option::is_none")]
    elsewhere: Option<AgreementLine>,
}

/// An agreement by which a place accepts what an agency of another place decides. Terms run from when it is handed in.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct AgreementLine {
    /// Its id.
    id: String,
    /// Its name.
    name: Both,
    /// `agent` (originals travel by sealed list), `online` (no paper travels) or `joint` (originals are compared where it is handed in).
    #[schema(value_type = String)]
    mode: Across,
    /// Whose windows accept.
    takes: String,
    /// Who decides.
    decides: String,
    /// Which items, by key; `*` alone is every item.
    items: Vec<String>,
    /// On what it rests.
    basis: Both,
    /// The first day.
    #[serde(skip_serializing_if = "Option::is_none")]
    since: Option<String>,
    /// The last day.
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<String>,
}

impl From<&Agreement> for AgreementLine {
    fn from(one: &Agreement) -> Self {
        Self {
            id: one.id.clone(),
            name: (&one.name).into(),
            mode: one.mode,
            takes: one.takes.to_string(),
            decides: one.decides.to_string(),
            items: one.items.clone(),
            basis: (&one.basis).into(),
            since: one.since.map(|day| day.to_string()),
            until: one.until.map(|day| day.to_string()),
        }
    }
}

/// How long one waits: eight of ten waits lie within the range. Without a range too little is known, or no window takes it.
#[derive(Serialize, utoipa::ToSchema)]
struct WaitLine {
    /// `minutes`, `unknown` or `no-window`.
    state: &'static str,
    /// From so many minutes.
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<i64>,
    /// To so many.
    #[serde(skip_serializing_if = "Option::is_none")]
    to: Option<i64>,
}

impl From<Wait> for WaitLine {
    fn from(wait: Wait) -> Self {
        match wait {
            Wait::NoWindow => Self { state: "no-window", from: None, to: None },
            Wait::Unknown => Self { state: "unknown", from: None, to: None },
            Wait::Minutes(from, to) => Self { state: "minutes", from: Some(from), to: Some(to) },
        }
    }
}

/// A page of halls.
#[derive(Serialize, utoipa::ToSchema)]
struct HallPage {
    /// The halls.
    halls: Vec<HallLine>,
    /// Send it as `after` for the next page; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

fn line(house: &House, hall: &Hall) -> Result<HallLine, Fault> {
    let hours = Hours::parse(&hall.hours).map_err(Fault::new)?;
    let standing = hours.standing(&house.calendar, house.ground.clock.now());
    Ok(HallLine {
        code: hall.code.to_string(),
        level: hall.level.to_string(),
        division: hall.division.clone(),
        name: (&hall.name).into(),
        address: (&hall.address).into(),
        phone: hall.phone.clone(),
        longitude: hall.lon as f64 / 1e6,
        latitude: hall.lat as f64 / 1e6,
        equipment: hall.equipment.iter().map(|one| one.word()).collect(),
        open: matches!(standing, Standing::Open(_)),
        when: None,
        soonest: None,
        window_shut: false,
        metres: None,
        wait: None,
        elsewhere: None,
    })
}

/// List halls, or find the nearest that can do an item.
#[utoipa::path(get, path = "/halls", tag = "halls", params(Wanted), security(()),
    responses((status = 200, body = HallPage), (status = 422, body = ProblemBody)))]
async fn list(
    State(house): State<House>,
    wanted: Result<Query<Wanted>, axum::extract::rejection::QueryRejection>,
) -> Answer<Json<HallPage>> {
    let Query(wanted) = wanted.map_err(|e| bad_query(&e.body_text()))?;
    let with = equipment(&wanted)?;
    if let Some(item) = &wanted.item {
        return Ok(Json(HallPage { halls: nearest(&house, &wanted, item, with).await?, next: None }));
    }
    let division = wanted.division.unwrap_or_default();
    if division.len() > 12 || !division.bytes().all(|b| b.is_ascii_digit()) {
        let refusal = bad_query("division");
        return Err(refusal.field("division", "最多12位数字。", "Digits, 12 at most.").into());
    }
    let after = wanted.after.unwrap_or_default();
    let after = after.split_once('.').unwrap_or(("", ""));
    let mut found = hall::halls_with(&house.ground.store, &division, after, with, PAGE + 1).await?;
    let most = usize::try_from(PAGE).unwrap_or(0);
    let more = found.len() > most;
    found.truncate(most);
    let next = found.last().filter(|_| more).map(|h| format!("{}.{}", h.division, h.code));
    let halls = found.iter().map(|h| line(&house, h)).collect::<Result<_, _>>()?;
    Ok(Json(HallPage { halls, next }))
}

/// The nearest that can do the item.
async fn nearest(house: &House, wanted: &Wanted, item: &str, with: Equipped) -> Answer<Vec<HallLine>> {
    let at = place(wanted).ok_or_else(|| {
        let say = ("与 latitude 一起填写，单位为度。", "Degrees, together with latitude.");
        bad_query("longitude").field("longitude", say.0, say.1)
    })?;
    let (now, terms) = (house.ground.clock.now(), Settings::default());
    let within_km = wanted.within.unwrap_or(terms.near_km);
    if !(0..=500).contains(&within_km) {
        return Err(bad_query("within").field("within", "0到500公里。", "From 0 to 500 kilometres.").into());
    }
    let asked = hall::Wanted { item, at, count: NEAR, within_km, with };
    let found = hall::nearest(&house.ground.store, &house.calendar, &terms, &asked, now).await?;
    let line = |near: hall::Near| {
        Ok(HallLine {
            metres: Some(near.metres as i64),
            wait: near.desk.letter().map(|_| near.desk.wait().into()),
            when: Some(match near.when.group {
                Group::Now => "now",
                Group::Today => "today",
                Group::Later => "later",
            }),
            soonest: near.when.soonest.map(|at| at.to_string()),
            window_shut: matches!(near.desk, Desk::WindowShut(_)),
            elsewhere: near.elsewhere.as_ref().map(AgreementLine::from),
            ..line(house, &near.hall)?
        })
    };
    found.into_iter().map(line).collect()
}

/// What halls must be equipped with.
fn equipment(wanted: &Wanted) -> Result<Equipped, Refusal> {
    wanted.with.as_deref().unwrap_or_default().parse().map_err(|_| {
        let words = Equipment::ALL.iter().map(|one| one.word()).collect::<Vec<_>>().join(", ");
        bad_query("with").field("with", format!("只能写：{words}"), format!("May be: {words}"))
    })
}

/// The place asked about, in millionths of a degree.
fn place(wanted: &Wanted) -> Option<(i64, i64)> {
    let (lon, lat) = wanted.longitude.zip(wanted.latitude)?;
    let fine = lon.abs() <= 180.0 && lat.abs() <= 90.0;
    fine.then_some(((lon * 1e6) as i64, (lat * 1e6) as i64))
}

/// A business of a hall: the letter before its numbers.
#[derive(Serialize, utoipa::ToSchema)]
struct BusinessLine {
    /// The letter.
    letter: String,
    /// Its name.
    name: Both,
    /// How many wait.
    waiting: usize,
    /// How long one waits who takes a ticket now.
    wait: WaitLine,
}

/// A hall with its queue.
#[derive(Serialize, utoipa::ToSchema)]
struct HallDetail {
    /// The hall.
    #[serde(flatten)]
    hall: HallLine,
    /// The items it can do by their keys; `*` alone is every item.
    items: Vec<String>,
    /// What it accepts today for agencies of other places; decided there.
    accepts: Vec<AgreementLine>,
    /// Its businesses.
    businesses: Vec<BusinessLine>,
}

async fn the_hall(house: &House, code: &str) -> Answer<Hall> {
    let code: HallCode = code.parse().map_err(|_| Refusal::not_found())?;
    Ok(hall::hall(&house.ground.store, &code).await?.ok_or_else(Refusal::not_found)?)
}

/// One hall, what it can do, and who waits there now.
#[utoipa::path(get, path = "/halls/{hall}", tag = "halls", params(("hall" = String, Path, description = "Its code")), security(()),
    responses((status = 200, body = HallDetail), (status = 404, body = ProblemBody)))]
async fn one(State(house): State<House>, Path(code): Path<String>) -> Answer<Json<HallDetail>> {
    let (store, terms) = (&house.ground.store, Settings::default());
    let hall = the_hall(&house, &code).await?;
    let today = Today::read(store, &hall.code, house.ground.clock.now()).await?;
    let mut businesses = Vec::new();
    for b in hall::businesses(store, &hall.code).await? {
        let wait = today.wait_for_next(store, b.letter, &terms).await?.into();
        let name = (&kernel::Text::new(b.name_zh, b.name_en)).into();
        businesses.push(BusinessLine {
            letter: b.letter.to_string(),
            name,
            waiting: today.waiting_for(b.letter),
            wait,
        });
    }
    let items = hall.offers.split(' ').map(str::to_owned).collect();
    let today = clock::legal_date(house.ground.clock.now());
    let accepts = hall::elsewhere::of_hall(&hall, today).iter().map(AgreementLine::from).collect();
    Ok(Json(HallDetail { hall: line(&house, &hall)?, items, accepts, businesses }))
}

/// What a ticket is wanted for.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct NewTicket {
    /// The letter of a business of the hall.
    letter: String,
    /// `elder`, `disabled` or `soldier`: shown to the clerk when it is called.
    priority: Option<String>,
    /// A secret of 32 hexadecimal digits by which the ticket is looked at; made here when not given. Sent twice, it is one ticket.
    ticket: Option<String>,
}

/// A ticket.
#[derive(Serialize, utoipa::ToSchema)]
struct TicketLine {
    /// The secret of its address: `/tickets/{ticket}`.
    ticket: String,
    /// What is called: `A005`.
    number: String,
    /// The hall.
    hall: String,
    /// `waiting`, `called`, `serving`, `passed`, `ended` or `lapsed`.
    state: String,
    /// The window it was called to.
    #[serde(skip_serializing_if = "Option::is_none")]
    window: Option<String>,
    /// How many are before it.
    #[serde(skip_serializing_if = "Option::is_none")]
    ahead: Option<usize>,
    /// How long it waits.
    #[serde(skip_serializing_if = "Option::is_none")]
    wait: Option<WaitLine>,
}

/// Take a ticket, one for each business at a time.
#[utoipa::path(post, path = "/halls/{hall}/tickets", tag = "halls", params(("hall" = String, Path, description = "Its code")),
    request_body = NewTicket,
    responses((status = 201, body = TicketLine), (status = 400, body = ProblemBody), (status = 401, body = ProblemBody),
              (status = 403, body = ProblemBody), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody),
              (status = 413, body = ProblemBody), (status = 422, body = ProblemBody)))]
async fn take(
    State(house): State<House>,
    Path(code): Path<String>,
    caller: Caller,
    input::Json(new): input::Json<NewTicket>,
) -> Answer<(StatusCode, Json<TicketLine>)> {
    let who = caller.applicant()?;
    let hall = the_hall(&house, &code).await?;
    let taking = taking(&house, &hall, &who, new)?;
    let (ground, calendar, terms) = (&house.ground, house.calendar.as_ref(), Settings::default());
    let turn = hall::turn(&hall.code).await;
    command!(ground, caller.lang, who.actor_ref(), |cx| {
        hall::verbs::take(&mut cx, calendar, &terms, &taking).await
    })?;
    drop(turn);
    Ok((StatusCode::CREATED, Json(ticket_line(&house, taking.token).await?)))
}

fn taking(house: &House, hall: &Hall, who: &identity::Applicant, new: NewTicket) -> Answer<Taking> {
    let wrong = |field: &str, zh: &str, en: &str| {
        Refusal::new(RefusalKind::Invalid, "api.bad-ticket", zh, en).field(field, zh, en)
    };
    let letter: Letter =
        new.letter.parse().map_err(|_| wrong("letter", "应为一个大写字母。", "One capital letter."))?;
    let claims = [Priority::Elder, Priority::Disabled, Priority::Soldier];
    let priority = match &new.priority {
        None => Priority::Ordinary,
        Some(word) => word.parse().ok().filter(|p| claims.contains(p)).ok_or_else(|| {
            wrong("priority", "只能是 elder、disabled 或 soldier。", "elder, disabled or soldier.")
        })?,
    };
    let token = new.ticket.unwrap_or_else(|| hall::token(house.ground.rng.as_ref()));
    if token.len() != 32 || !token.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Err(wrong("ticket", "应为32位十六进制数字。", "32 hexadecimal digits.").into());
    }
    let owner = hall::verbs::blind_person(&house.ground.store, who.person());
    Ok(Taking {
        hall: hall.code.clone(),
        letter,
        via: Via::Phone,
        priority,
        who: Some(owner),
        token,
        kiosk: None,
    })
}

async fn ticket_line(house: &House, secret: String) -> Answer<TicketLine> {
    let store = &house.ground.store;
    let row = hall::ticket(store, &secret).await?.ok_or_else(Refusal::not_found)?;
    let (mut ahead, mut wait) = (None, None);
    if row.state == TicketState::Waiting {
        let today = Today::read(store, &row.hall, house.ground.clock.now()).await?;
        let (before, estimate) = today.wait_of(store, &row, &Settings::default()).await?;
        (ahead, wait) = (Some(before), Some(estimate.into()));
    }
    let (number, hall, state) = (row.number(), row.hall.to_string(), row.state.to_string());
    Ok(TicketLine { ticket: secret, number, hall, state, window: row.window, ahead, wait })
}

/// Look at a ticket, by the secret of its address.
#[utoipa::path(get, path = "/tickets/{ticket}", tag = "halls", params(("ticket" = String, Path, description = "The secret")), security(()),
    responses((status = 200, body = TicketLine), (status = 404, body = ProblemBody)))]
async fn look(State(house): State<House>, Path(secret): Path<String>) -> Answer<Json<TicketLine>> {
    Ok(Json(ticket_line(&house, secret).await?))
}
