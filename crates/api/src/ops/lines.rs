//! Line systems report here what came of the tasks they were handed.

use crate::input::{JSON_BYTES_MAX, body};
use crate::problem::{Answer, ProblemBody};
use axum::extract::{Extension, Request, State};
use exchange::LineSystems;
use page::House;
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new().routes(routes!(report))
}

/// A report that was taken.
#[derive(Serialize, utoipa::ToSchema)]
struct Taken {
    /// The task.
    task: String,
    /// The case's number.
    number: String,
    /// From when it counts.
    at: String,
}

/// Report on a task: `{task, outcome: pass | fail, text, at}`, signed by HMAC-SHA256 in the headers `x-yimen-key`,
/// `x-yimen-time`, `x-yimen-nonce`, `x-yimen-digest` and `x-yimen-signature`. The same report sent again changes nothing.
#[utoipa::path(post, path = "/line-systems/reports", tag = "line systems", request_body = Object, security(()),
    responses((status = 200, body = Taken), (status = 400, body = ProblemBody), (status = 401, body = ProblemBody),
              (status = 404, body = ProblemBody), (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)))]
async fn report(
    State(house): State<House>,
    Extension(systems): Extension<LineSystems>,
    request: Request,
) -> Answer<axum::Json<Taken>> {
    let text = |value: &axum::http::HeaderValue| value.to_str().map(str::to_owned).ok();
    let headers: BTreeMap<String, String> = request
        .headers()
        .iter()
        .filter_map(|(name, value)| Some((name.as_str().to_owned(), text(value)?)))
        .collect();
    let bytes = body(request, JSON_BYTES_MAX).await?;
    let report = exchange::receive(&house.ground, &systems, &headers, &bytes).await?;
    Ok(axum::Json(Taken { task: report.task, number: report.number, at: report.at.to_string() }))
}
