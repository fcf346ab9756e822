//! Tasks: an agency's inbox, and doing one.

use crate::input::{Caller, Json};
use crate::ops::acts;
use crate::ops::cases::{Done, Place};
use crate::problem::{Answer, ProblemBody};
use axum::extract::{Path, Query, State};
use cases::{InboxFilter, Target, TaskId};
use kernel::{Refusal, RefusalKind};
use page::House;
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(outcome)).routes(routes!(colleagues))
}

/// A task that waits.
#[derive(Serialize, utoipa::ToSchema)]
struct TaskLine {
    /// Its id.
    id: String,
    /// The case.
    case: String,
    /// The step, by the item's id.
    step: String,
    /// What is to be done.
    title: String,
    /// The line system that it was handed to.
    #[serde(skip_serializing_if = "Option::is_none")]
    line_system: Option<String>,
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
    let handler = acts::handler(&house, &caller).await?;
    let filter = InboxFilter::default();
    let page =
        cases::inbox(&house.ground.store, &handler, &filter, place.after.as_deref(), place.limit()).await?;
    let tasks = page.rows.into_iter().map(|row| TaskLine {
        id: row.task.to_string(),
        case: row.number.to_string(),
        step: row.step,
        title: row.title.get(caller.lang).to_owned(),
        line_system: row.external,
        item: row.item_name.get(caller.lang).to_owned(),
        subject: row.subject_name,
        state: row.state,
        opened_at: row.opened_at.to_string(),
        due_at: row.due_at.map(|t| t.to_string()),
    });
    Ok(axum::Json(TaskPage { tasks: tasks.collect(), next: page.next }))
}

/// Somebody of the caller's agency.
#[derive(Serialize, utoipa::ToSchema)]
struct ColleagueLine {
    /// Their account: for `hand_over {to}` and `set_hearing {chair}`.
    account: String,
    /// Their name.
    name: String,
    /// `examiner`, `clerk`, …
    #[schema(value_type = String)]
    role: identity::Role,
    /// Whether they may act as the head of the agency.
    head: bool,
}

/// The colleagues of the caller's agency, to whom a task can be handed over and who can preside over a hearing.
#[utoipa::path(get, path = "/colleagues", tag = "tasks",
    responses((status = 200, body = Vec<ColleagueLine>), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody)))]
async fn colleagues(State(house): State<House>, caller: Caller) -> Answer<axum::Json<Vec<ColleagueLine>>> {
    let handler = acts::handler(&house, &caller).await?;
    let all = identity::colleagues(&house.ground.store, handler.agency()).await?;
    let line = |c: identity::Colleague| ColleagueLine {
        account: c.account.to_string(),
        name: c.name,
        role: c.role,
        head: c.head,
    };
    Ok(axum::Json(all.into_iter().map(line).collect()))
}

/// Do a task. `outcome` is `accept`, `not_accept`, `approve`, `refuse` or `supplement` (with `fields`, each `{field, say}`:
/// everything that must be corrected, in one complete notice), or any other act on a task: `claim`, `release`, `hand_over`,
/// `send_back`, `record_visit`, `recall`. Beside it stand `reason`, for `not_accept` also `right_body`, for `approve` also
/// `amount` and `deviation`, and `rev`, the version that was looked at.
#[utoipa::path(post, path = "/tasks/{id}/outcome", tag = "tasks", request_body = Object, params(("id" = String, Path)),
    responses((status = 200, body = Done), (status = 400, body = ProblemBody), (status = 401, body = ProblemBody),
              (status = 403, body = ProblemBody), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody),
              (status = 422, body = ProblemBody)))]
async fn outcome(
    State(house): State<House>,
    caller: Caller,
    Path(id): Path<String>,
    Json(mut sent): Json<Map<String, Value>>,
) -> Answer<axum::Json<Done>> {
    acts::handler(&house, &caller).await?;
    let task: TaskId = id.parse().map_err(|_| Refusal::not_found())?;
    let word = match sent.remove("outcome") {
        Some(Value::String(word)) => word,
        _ => return Err(no_outcome().into()),
    };
    let verb = match word.as_str() {
        "supplement" => {
            let fields = sent.remove("fields").unwrap_or_else(|| Value::Array(Vec::new()));
            sent.insert("demands".to_owned(), fields);
            "ask_supplement"
        }
        other => other,
    };
    Ok(axum::Json(acts::by_staff(&house, &caller, Target::Task(task), verb, sent).await?))
}

fn no_outcome() -> Refusal {
    Refusal::new(
        RefusalKind::Invalid,
        "cases.unknown-outcome",
        "没有这种办理结果。",
        "There is no such outcome.",
    )
    .field("outcome", "请选择一种办理结果。", "One of accept, not_accept, approve, refuse, supplement.")
}
