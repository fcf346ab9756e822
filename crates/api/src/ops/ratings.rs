//! Ratings of services that have ended.

use super::cases::Place;
use crate::input::{Caller, Json};
use crate::problem::{Answer, ProblemBody};
use axum::Extension;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use kernel::codes::CaseNumber;
use kernel::{Lang, Refusal};
use page::House;
use ratings::{Channel, Given, InvitationRow, Said, Settings};
use serde::{Deserialize, Serialize};
use store::command;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(rate))
}

/// A service that the caller may rate.
#[derive(Serialize, utoipa::ToSchema)]
struct Ratable {
    /// The case.
    case: String,
    /// The item's key.
    item: String,
    /// The item's name.
    item_name: String,
    /// Until when.
    until: String,
}

/// A rating of the caller's.
#[derive(Serialize, utoipa::ToSchema)]
struct RatingBody {
    /// Its id.
    id: String,
    /// The case.
    case: String,
    /// The item's key.
    item: String,
    /// How satisfied: 1 (very) to 5 (not at all).
    level: i64,
    /// What a bad one is about.
    reasons: Vec<String>,
    /// In their own words.
    text: String,
    /// Whether the agency sees who said it.
    named: bool,
    /// When it was given.
    at: String,
    /// When a bad one must be answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    due_at: Option<String>,
    /// What the agency answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    answer: Option<String>,
}

/// What may be rated, and what was.
#[derive(Serialize, utoipa::ToSchema)]
struct RatingsPage {
    /// Services to rate, the last to end at the top; on the first page only.
    open: Vec<Ratable>,
    /// Ratings, the latest first.
    ratings: Vec<RatingBody>,
    /// Send it as `after` for the next page; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

fn ratable(row: &InvitationRow, lang: Lang) -> Ratable {
    Ratable {
        case: row.case().to_owned(),
        item: row.item_key.clone(),
        item_name: row.item().get(lang).to_owned(),
        until: row.until.to_string(),
    }
}

fn body(given: &Given) -> RatingBody {
    let said = &given.rating.said;
    RatingBody {
        id: given.row.id.to_string(),
        case: given.row.case().unwrap_or_default().to_owned(),
        item: given.row.item_key.clone(),
        level: said.level.code(),
        reasons: said.reasons.iter().map(|r| r.word().to_owned()).collect(),
        text: said.text.clone(),
        named: said.named,
        at: given.rating.at.to_string(),
        due_at: said.due.as_ref().map(|due| due.at.to_string()),
        answer: given.rating.answer.as_ref().map(|(text, _)| text.clone()),
    }
}

/// What the caller may rate, and what they have said.
#[utoipa::path(get, path = "/ratings", tag = "ratings", params(Place),
    responses((status = 200, body = RatingsPage), (status = 401, body = ProblemBody)))]
async fn list(
    State(house): State<House>,
    caller: Caller,
    asked: Result<Query<Place>, QueryRejection>,
) -> Answer<axum::Json<RatingsPage>> {
    let Query(place) = asked.map_err(|e| super::items::bad_query(&e.body_text()))?;
    let (who, store, limit) = (caller.applicant()?, &house.ground.store, place.limit());
    let before = ratings::place(place.after.as_deref())?;
    let mut given = ratings::given(store, &who, before, limit + 1).await?;
    let more = i64::try_from(given.len()).is_ok_and(|n| n > limit);
    given.truncate(usize::try_from(limit).unwrap_or(0));
    let open = match place.after {
        None => ratings::invited(store, &who, house.ground.clock.now(), limit).await?,
        Some(_) => Vec::new(),
    };
    let next = given.last().filter(|_| more).map(|g| format!("{}.{}", g.row.at.as_microsecond(), g.row.id));
    Ok(axum::Json(RatingsPage {
        open: open.iter().map(|row| ratable(row, caller.lang)).collect(),
        ratings: given.iter().map(body).collect(),
        next,
    }))
}

/// A rating to be given.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct NewRating {
    /// How satisfied: 1 (very) to 5 (not at all).
    level: i64,
    /// What a bad one is about: `piecemeal`, `extra-papers`, `late`, `visits`, `manner`, `fees`, `system`, `other`.
    #[serde(default)]
    reasons: Vec<String>,
    /// In their own words.
    #[serde(default)]
    text: String,
    /// Whether the agency may see who says it, and of which case.
    #[serde(default)]
    named: bool,
}

/// The rating that was kept.
#[derive(Serialize, utoipa::ToSchema)]
struct Kept {
    /// Its id.
    id: String,
}

/// Rate a case that has ended, once for each party.
#[utoipa::path(post, path = "/cases/{number}/rating", tag = "ratings", request_body = NewRating,
    params(("number" = String, Path)),
    responses((status = 201, body = Kept), (status = 401, body = ProblemBody), (status = 404, body = ProblemBody),
              (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)))]
async fn rate(
    State(house): State<House>,
    Extension(terms): Extension<Settings>,
    caller: Caller,
    Path(number): Path<String>,
    Json(sent): Json<NewRating>,
) -> Answer<(StatusCode, axum::Json<Kept>)> {
    let who = caller.applicant()?;
    let number: CaseNumber = number.parse().map_err(|_| Refusal::not_found())?;
    let NewRating { level, reasons, text, named } = sent;
    let said = Said { level: level.to_string(), reasons, text, named };
    let (calendar, about) = (house.calendar.as_ref(), (&number, Channel::Api));
    let id = command!(house.ground, caller.lang, who.actor_ref(), |cx| {
        ratings::verbs::rate(&mut cx, calendar, &terms, &who, about, &said).await
    })?;
    Ok((StatusCode::CREATED, axum::Json(Kept { id: id.to_string() })))
}
