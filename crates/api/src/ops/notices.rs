//! Notices and messages of a case.

use crate::input::{Caller, Json};
use crate::ops::acts;
use crate::ops::cases::{number_of, reached};
use crate::problem::{Answer, ProblemBody};
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use cases::TalkKind;
use kernel::Refusal;
use page::House;
use procedure::NoticeId;
use serde::{Deserialize, Serialize};
use store::command;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(pdf)).routes(routes!(messages, say))
}

/// A notice (文书) of a case.
#[derive(Serialize, utoipa::ToSchema)]
struct NoticeLine {
    /// Its id.
    id: String,
    /// What it tells: `acceptance`, `supplement`, `extension`, …
    kind: String,
    /// What it is called.
    name: String,
    /// Its number.
    number: String,
    /// Its date.
    at: String,
    /// The seal it bears.
    #[serde(skip_serializing_if = "Option::is_none")]
    seal: Option<String>,
}

/// The notices of a case, the first issued first.
#[utoipa::path(get, path = "/cases/{number}/notices", tag = "cases", params(("number" = String, Path)),
    responses((status = 200, body = Vec<NoticeLine>), (status = 401, body = ProblemBody), (status = 404, body = ProblemBody)))]
async fn list(
    State(house): State<House>,
    caller: Caller,
    Path(number): Path<String>,
) -> Answer<axum::Json<Vec<NoticeLine>>> {
    let view = reached(&house, &caller, &number).await?;
    let notices = procedure::notices(&house.ground.store, &format!("case:{}", view.case.id)).await?;
    let line = |n: procedure::NoticeLine| NoticeLine {
        id: n.id.to_string(),
        kind: n.kind.word().to_owned(),
        name: n.name.get(caller.lang).to_owned(),
        number: n.number,
        at: n.at.to_string(),
        seal: n.seal,
    };
    Ok(axum::Json(notices.into_iter().map(line).collect()))
}

/// A notice as a sealed PDF; with `Accept-Language: en` the English text stands behind the Chinese.
#[utoipa::path(get, path = "/cases/{number}/notices/{id}", tag = "cases",
    params(("number" = String, Path), ("id" = String, Path)),
    responses((status = 200, content_type = "application/pdf"), (status = 401, body = ProblemBody), (status = 404, body = ProblemBody)))]
async fn pdf(
    State(house): State<House>,
    caller: Caller,
    Path((number, id)): Path<(String, String)>,
) -> Answer<Response> {
    let view = reached(&house, &caller, &number).await?;
    let id: NoticeId = id.parse().map_err(|_| Refusal::not_found())?;
    let notices = procedure::notices(&house.ground.store, &format!("case:{}", view.case.id)).await?;
    if notices.iter().all(|n| n.id != id) {
        return Err(Refusal::not_found().into());
    }
    let bytes = procedure::notice_pdf_in(&house, id, caller.lang).await?;
    if !caller.session.is_staff() {
        let (who, number) = (caller.applicant()?, view.case.number.clone());
        store::command!(house.ground, caller.lang, who.actor_ref(), |cx| {
            cases::read_notice(&mut cx, &who, &number, id).await
        })?;
    }
    Ok(([(header::CONTENT_TYPE, "application/pdf")], bytes).into_response())
}

/// Something that was said about a case.
#[derive(Serialize, utoipa::ToSchema)]
struct Message {
    /// Its place, from 1.
    seq: i64,
    /// `message` between applicant and staff, `note` among staff.
    kind: String,
    /// Whether staff said it.
    staff: bool,
    /// The agency of the staff who said it.
    #[serde(skip_serializing_if = "Option::is_none")]
    agency: Option<String>,
    /// When.
    at: String,
    /// What.
    text: String,
}

/// What was said about a case, the first first; notes are for staff only.
#[utoipa::path(get, path = "/cases/{number}/messages", tag = "cases", params(("number" = String, Path)),
    responses((status = 200, body = Vec<Message>), (status = 401, body = ProblemBody), (status = 404, body = ProblemBody)))]
async fn messages(
    State(house): State<House>,
    caller: Caller,
    Path(number): Path<String>,
) -> Answer<axum::Json<Vec<Message>>> {
    let (store, number) = (&house.ground.store, number_of(&number)?);
    let rows = if caller.session.is_staff() {
        reached(&house, &caller, &number.to_string()).await?;
        let handler = acts::handler(&house, &caller).await?;
        cases::talk_for_staff(store, &handler, &number, 0).await?
    } else {
        cases::talk(store, &caller.applicant()?, &number, 0).await?
    };
    let line = |row: cases::TalkRow| Message {
        seq: row.seq,
        kind: if row.kind == TalkKind::Note { "note" } else { "message" }.to_owned(),
        staff: row.staff,
        agency: row.agency.map(|a| a.to_string()),
        at: row.at.to_string(),
        text: row.text,
    };
    Ok(axum::Json(rows.into_iter().map(line).collect()))
}

/// Something to be said.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct NewMessage {
    /// What.
    text: String,
    /// For staff: a note among themselves, which the applicant does not read here.
    #[serde(default)]
    note: bool,
}

/// The place of what was said.
#[derive(Serialize, utoipa::ToSchema)]
struct SaidAt {
    /// Its place, from 1.
    seq: i64,
}

/// Say something about a case: the applicant to staff, staff to the applicant, or a note among staff.
#[utoipa::path(post, path = "/cases/{number}/messages", tag = "cases", request_body = NewMessage, params(("number" = String, Path)),
    responses((status = 201, body = SaidAt), (status = 400, body = ProblemBody), (status = 401, body = ProblemBody),
              (status = 404, body = ProblemBody), (status = 422, body = ProblemBody)))]
async fn say(
    State(house): State<House>,
    caller: Caller,
    Path(number): Path<String>,
    Json(sent): Json<NewMessage>,
) -> Answer<(StatusCode, axum::Json<SaidAt>)> {
    let number = number_of(&number)?;
    let seq = if caller.session.is_staff() {
        let handler = acts::handler(&house, &caller).await?;
        command!(house.ground, caller.lang, handler.actor_ref(), |cx| {
            match sent.note {
                true => cases::note(&mut cx, &handler, &number, &sent.text).await,
                false => cases::say(&mut cx, &handler, &number, &sent.text).await,
            }
        })?
    } else {
        let applicant = caller.applicant()?;
        command!(house.ground, caller.lang, applicant.actor_ref(), |cx| {
            cases::say_to_staff(&mut cx, &applicant, &number, &sent.text).await
        })?
    };
    Ok((StatusCode::CREATED, axum::Json(SaidAt { seq })))
}
