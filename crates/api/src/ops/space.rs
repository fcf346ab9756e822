//! What waits for the caller and what reached them over all of their cases, and the branches of the firm they manage.

use super::cases::{CaseLine, Place};
use crate::input::Caller;
use crate::problem::{Answer, ProblemBody};
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use cases::{MessageOf, MessageRow, OutstandingRow};
use kernel::{Lang, OrganisationId};
use page::House;
use serde::Serialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new().routes(routes!(outstanding)).routes(routes!(messages)).routes(routes!(branches))
}

/// Something that a case waits for from the caller.
#[derive(Serialize, utoipa::ToSchema)]
struct Outstanding {
    /// `supplement`, `promise` or `confirmation`.
    kind: String,
    /// The promised material's id.
    #[serde(skip_serializing_if = "String::is_empty")]
    material: String,
    /// Its name.
    #[serde(skip_serializing_if = "String::is_empty")]
    name: String,
    /// Until when; absent where no time runs.
    #[serde(skip_serializing_if = "Option::is_none")]
    due_at: Option<String>,
    /// The case.
    case: CaseLine,
}

/// A page of what waits.
#[derive(Serialize, utoipa::ToSchema)]
struct OutstandingPage {
    /// What waits, the first due at the top.
    outstanding: Vec<Outstanding>,
    /// Send it as `after` for the next page; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

fn waits(row: &OutstandingRow, lang: Lang) -> Outstanding {
    Outstanding {
        kind: row.kind.word().to_owned(),
        material: row.what.clone(),
        name: row.name.get(lang).to_owned(),
        due_at: row.due_at.map(|at| at.to_string()),
        case: CaseLine::of(&row.case, lang),
    }
}

fn place(place: Result<Query<Place>, QueryRejection>) -> Answer<Place> {
    let Query(place) = place.map_err(|e| super::items::bad_query(&e.body_text()))?;
    Ok(place)
}

/// What waits for the caller in all of their cases, the first due at the top.
#[utoipa::path(get, path = "/outstanding", tag = "cases", params(Place),
    responses((status = 200, body = OutstandingPage), (status = 401, body = ProblemBody)))]
async fn outstanding(
    State(house): State<House>,
    caller: Caller,
    asked: Result<Query<Place>, QueryRejection>,
) -> Answer<axum::Json<OutstandingPage>> {
    let (place, who) = (place(asked)?, caller.applicant()?);
    let page = cases::outstanding(&house.ground.store, &who, place.after.as_deref(), place.limit()).await?;
    let outstanding = page.rows.iter().map(|row| waits(row, caller.lang)).collect();
    Ok(axum::Json(OutstandingPage { outstanding, next: page.next }))
}

/// Something that reached the caller: a notice, or what staff wrote.
#[derive(Serialize, utoipa::ToSchema)]
struct Reached {
    /// The notice's id; absent for what staff wrote.
    #[serde(skip_serializing_if = "Option::is_none")]
    notice: Option<String>,
    /// The notice's name.
    #[serde(skip_serializing_if = "String::is_empty")]
    title: String,
    /// Who sent it.
    agency: String,
    /// When.
    at: String,
    /// When it was first opened; absent while it is unread.
    #[serde(skip_serializing_if = "Option::is_none")]
    read_at: Option<String>,
    /// The case: there the notice and the conversation stand.
    case: CaseLine,
}

/// A page of what reached the caller.
#[derive(Serialize, utoipa::ToSchema)]
struct ReachedPage {
    /// What reached them, the latest first.
    messages: Vec<Reached>,
    /// How many are unread, 99 at most.
    unread: i64,
    /// Send it as `after` for the next page; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

fn reached(row: &MessageRow, lang: Lang) -> Reached {
    Reached {
        notice: match &row.of {
            MessageOf::Notice(id) => Some(id.clone()),
            MessageOf::Talk => None,
        },
        title: row.title.get(lang).to_owned(),
        agency: row.agency.to_string(),
        at: row.at.to_string(),
        read_at: row.read_at.map(|at| at.to_string()),
        case: CaseLine::of(&row.case, lang),
    }
}

/// Notices and what staff wrote to the caller in all of their cases, the latest first.
#[utoipa::path(get, path = "/messages", tag = "cases", params(Place),
    responses((status = 200, body = ReachedPage), (status = 401, body = ProblemBody)))]
async fn messages(
    State(house): State<House>,
    caller: Caller,
    asked: Result<Query<Place>, QueryRejection>,
) -> Answer<axum::Json<ReachedPage>> {
    let (place, who, store) = (place(asked)?, caller.applicant()?, &house.ground.store);
    let page = cases::messages(store, &who, place.after.as_deref(), place.limit()).await?;
    let messages = page.rows.iter().map(|row| reached(row, caller.lang)).collect();
    Ok(axum::Json(ReachedPage { messages, unread: cases::unread(store, &who).await?, next: page.next }))
}

/// A branch of the firm the caller manages.
#[derive(Serialize, utoipa::ToSchema)]
struct Branch {
    /// Its id: name it to act for it.
    id: String,
    /// Its name.
    name: String,
    /// Its code, shown in part.
    code: String,
}

/// A page of branches.
#[derive(Serialize, utoipa::ToSchema)]
struct BranchPage {
    /// The branches.
    branches: Vec<Branch>,
    /// Send it as `after` for the next page; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// The branches of the firm the caller acts for, when they manage it; none otherwise.
#[utoipa::path(get, path = "/branches", tag = "sessions", params(Place),
    responses((status = 200, body = BranchPage), (status = 401, body = ProblemBody)))]
async fn branches(
    State(house): State<House>,
    caller: Caller,
    asked: Result<Query<Place>, QueryRejection>,
) -> Answer<axum::Json<BranchPage>> {
    let (place, who) = (place(asked)?, caller.applicant()?);
    let after = place.after.as_deref().and_then(|id| id.parse::<OrganisationId>().ok());
    let limit = place.limit();
    let mut found = identity::branches(&house.ground.store, &who, after, limit + 1).await?;
    let more = i64::try_from(found.len()).is_ok_and(|n| n > limit);
    found.truncate(usize::try_from(limit).unwrap_or(0));
    let next = found.last().filter(|_| more).map(|b| b.id().to_string());
    let line = |b: &identity::Branch| Branch {
        id: b.id().to_string(),
        name: b.name().to_owned(),
        code: b.code_masked().to_owned(),
    };
    Ok(axum::Json(BranchPage { branches: found.iter().map(line).collect(), next }))
}
