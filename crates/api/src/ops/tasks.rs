//! Tasks: an agency's inbox, and doing one.

use crate::input::{Caller, Json};
use crate::ops::cases::{Done, Place};
use crate::problem::{Answer, ProblemBody};
use axum::extract::{Path, Query, State};
use cases::{Demand, Handler, InboxFilter, Judgement, OutcomeWord, TaskId};
use identity::Staff;
use kernel::{Refusal, RefusalKind};
use page::House;
use serde::{Deserialize, Serialize};
use store::command;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(outcome))
}

/// A task that waits.
#[derive(Serialize, utoipa::ToSchema)]
struct TaskLine {
    /// Its id.
    id: String,
    /// The case.
    case: String,
    /// What is to be done.
    title: String,
    /// The item's name.
    item: String,
    /// Whose case it is.
    subject: String,
    /// The case's state.
    state: String,
    /// Since when it waits.
    opened_at: String,
    /// Until when it must be done.
    #[serde(skip_serializing_if = "Option::is_none")]
    due_at: Option<String>,
}

/// A page of tasks.
#[derive(Serialize, utoipa::ToSchema)]
struct TaskPage {
    /// The tasks, the most urgent first.
    tasks: Vec<TaskLine>,
    /// Send it as `after` for the next page; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// The open tasks of the caller's agency, the most urgent first.
#[utoipa::path(get, path = "/tasks", tag = "tasks", params(Place),
    responses((status = 200, body = TaskPage), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody)))]
async fn list(
    State(house): State<House>,
    caller: Caller,
    place: Result<Query<Place>, axum::extract::rejection::QueryRejection>,
) -> Answer<axum::Json<TaskPage>> {
    let Query(place) = place.map_err(|e| super::items::bad_query(&e.body_text()))?;
    let handler = handler(&caller)?;
    let filter = InboxFilter::default();
    let page =
        cases::inbox(&house.ground.store, &handler, &filter, place.after.as_deref(), place.limit()).await?;
    let tasks = page.rows.into_iter().map(|row| TaskLine {
        id: row.task.to_string(),
        case: row.number.to_string(),
        title: row.title.get(caller.lang).to_owned(),
        item: row.item_name.get(caller.lang).to_owned(),
        subject: row.subject_name,
        state: row.state,
        opened_at: row.opened_at.to_string(),
        due_at: row.due_at.map(|t| t.to_string()),
    });
    Ok(axum::Json(TaskPage { tasks: tasks.collect(), next: page.next }))
}

fn handler(caller: &Caller) -> Result<Handler, Refusal> {
    let staff = caller.session.staff().map_err(|_| not_staff())?;
    match &staff {
        Staff::Examiner(who) => Ok(who.into()),
        Staff::Clerk(who) => Ok(who.into()),
        Staff::Supervisor(_) | Staff::Operator(_) => Err(not_staff()),
    }
}

fn not_staff() -> Refusal {
    Refusal::new(
        RefusalKind::Forbidden,
        "api.not-a-handler",
        "只有窗口人员和审查人员有待办。",
        "Only clerks and examiners have tasks.",
    )
}

/// What is decided on a task.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct NewOutcome {
    /// `accept`, `not_accept`, `approve`, `refuse`, `supplement`.
    #[schema(example = "approve")]
    outcome: String,
    /// Why; compulsory for `not_accept` and `refuse`.
    #[serde(default)]
    reason: Option<String>,
    /// For `supplement`: every field that must be corrected, in one complete notice.
    #[serde(default)]
    fields: Vec<NewDemand>,
    /// For `not_accept`: which body is the right one.
    #[serde(default)]
    right_body: Option<String>,
    /// The case's version that was looked at; a newer one refuses the outcome.
    #[serde(default)]
    rev: Option<i64>,
}

/// One field the applicant must correct.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct NewDemand {
    /// The form's field id.
    field: String,
    /// What is wrong with it.
    say: String,
}

/// Do a task.
#[utoipa::path(post, path = "/tasks/{id}/outcome", tag = "tasks", request_body = NewOutcome, params(("id" = String, Path)),
    responses((status = 200, body = Done), (status = 400, body = ProblemBody), (status = 401, body = ProblemBody),
              (status = 403, body = ProblemBody), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody),
              (status = 422, body = ProblemBody)))]
async fn outcome(
    State(house): State<House>,
    caller: Caller,
    Path(id): Path<String>,
    Json(sent): Json<NewOutcome>,
) -> Answer<axum::Json<Done>> {
    let handler = handler(&caller)?;
    let task: TaskId = id.parse().map_err(|_| Refusal::not_found())?;
    let judgement = Judgement {
        outcome: sent.outcome.parse::<OutcomeWord>()?,
        reason: sent.reason,
        right_body: sent.right_body,
        fields: sent.fields.into_iter().map(|d| Demand { field: d.field, say: d.say }).collect(),
        rev: sent.rev,
    };
    let done = command!(house.ground, caller.lang, handler.actor_ref(), |cx| {
        cases::outcome(&mut cx, &house, &handler, task, &judgement).await
    })?;
    Ok(axum::Json(done.into()))
}
