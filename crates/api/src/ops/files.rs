//! Files: uploaded first, named in a filing afterwards. Pictures are tidied as those of pages are.

use crate::input::Caller;
use crate::problem::{Answer, Problem, ProblemBody};
use axum::Json;
use axum::extract::{DefaultBodyLimit, Multipart, State};
use axum::http::StatusCode;
use kernel::{Refusal, RefusalKind};
use page::House;
use serde::Serialize;
use store::command;
use store::files::{Limits, Upload, keep_loose};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Room for the file and the multipart frame around it.
const BODY_BYTES_MAX: usize = 21 * 1024 * 1024;

pub(crate) fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new().routes(routes!(upload)).layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
}

/// One file in the part `file`.
#[derive(utoipa::ToSchema)]
#[allow(dead_code, reason = "describes the multipart body to the document")]
struct FileForm {
    /// PDF, JPEG, PNG or OFD; 20 MiB at most. Pictures are turned upright, made no larger than needed, and drawn anew: what the
    /// camera says of place and person does not go on.
    #[schema(format = Binary, value_type = String)]
    file: Vec<u8>,
}

/// A kept file.
#[derive(Serialize, utoipa::ToSchema)]
struct FileLine {
    /// Name it in a filing.
    id: String,
    /// The name it had on the sender's device.
    name: String,
    /// What it is, by its content.
    kind: String,
    /// Its size in bytes.
    size: i64,
}

/// Upload a file. It belongs to the account that sent it; nobody else can file it. What is not handed in within two days is deleted.
#[utoipa::path(post, path = "/files", tag = "files", request_body(content = FileForm, content_type = "multipart/form-data"),
    responses((status = 201, body = FileLine), (status = 400, body = ProblemBody), (status = 401, body = ProblemBody),
              (status = 413, body = ProblemBody), (status = 422, body = ProblemBody)))]
async fn upload(
    State(house): State<House>,
    caller: Caller,
    parts: Result<Multipart, axum::extract::multipart::MultipartRejection>,
) -> Answer<(StatusCode, Json<FileLine>)> {
    let upload = the_file(parts.map_err(|e| broken(&e.body_text()))?).await?;
    let upload = proofs::tidy_upload(upload).await?;
    let limits = Limits::default();
    let actor = caller.session.actor_ref();
    let info =
        command!(house.ground, caller.lang, actor, |cx| keep_loose(&mut cx, upload.clone(), &limits).await)?;
    let line =
        FileLine { id: info.id.to_string(), name: info.name, kind: info.kind.to_string(), size: info.size };
    Ok((StatusCode::CREATED, Json(line)))
}

/// The part `file` of a form.
///
/// # Errors
/// A refusal when there is none, or the form is broken or too large.
pub(crate) async fn the_file(mut parts: Multipart) -> Result<Upload, Problem> {
    while let Some(part) = parts.next_field().await.map_err(|e| too_large_or_broken(&e))? {
        if part.name() != Some("file") {
            continue;
        }
        let name = part.file_name().unwrap_or("file").to_owned();
        let bytes = part.bytes().await.map_err(|e| too_large_or_broken(&e))?;
        return Ok(Upload { name, bytes });
    }
    Err(broken("no part is named `file`").into())
}

fn too_large_or_broken(error: &axum::extract::multipart::MultipartError) -> Refusal {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        return Refusal::new(
            RefusalKind::TooLarge,
            "api.file-too-large",
            "文件太大。",
            "The file is larger than this operation takes.",
        );
    }
    broken(&error.body_text())
}

pub(crate) fn broken(what: &str) -> Refusal {
    Refusal::new(
        RefusalKind::Invalid,
        "api.bad-multipart",
        "请求不是完整的 multipart/form-data,或缺少名为 file 的部分。",
        format!("The body is not a complete multipart/form-data with a part named `file`: {what}."),
    )
}
