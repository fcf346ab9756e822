//! `/desk/cases/{number}/files/{file}` and `…/notices/{id}`: a paper or a notice opened by staff; the look is recorded first.

use crate::Room;
use crate::case::look;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use cases::Scope;
use identity::Staff;
use kernel::{FileId, Refusal};
use page::{Ctx, Problem};
use procedure::NoticeId;

pub(super) async fn get(
    State(room): State<Room>,
    Path((number, file)): Path<(String, String)>,
    staff: Staff,
) -> Result<Response, Problem> {
    let number = number.parse().map_err(|_| Refusal::not_found())?;
    let file: FileId = file.parse().map_err(|_| Refusal::not_found())?;
    let store = &room.house.ground.store;
    let view = cases::view(store, &number, &Scope::from(&staff)).await?;
    look(&room, &view, &staff.actor_ref(), "file").await?;
    // What proves a visit, a service or a dispute belongs to the case as its papers do.
    if crate::evidence::belongs(&room, &view, file).await? {
        let (info, bytes) = ::store::files::read(store, file).await?;
        return Ok(inline(info.kind.mime(), &format!("{file}.{}", info.kind.extension()), bytes));
    }
    Ok(cases::send_file(store, &view, file).await?)
}

pub(super) async fn notice(
    State(room): State<Room>,
    Path((number, id)): Path<(String, String)>,
    ctx: Ctx,
    staff: Staff,
) -> Result<Response, Problem> {
    let number = number.parse().map_err(|_| Refusal::not_found())?;
    let id: NoticeId = id.parse().map_err(|_| Refusal::not_found())?;
    let store = &room.house.ground.store;
    let view = cases::view(store, &number, &Scope::from(&staff)).await?;
    let subject = format!("case:{}", view.row.id);
    let notice = procedure::notice(store, id).await?.filter(|n| n.subject == subject);
    let notice = notice.ok_or_else(Refusal::not_found)?;
    look(&room, &view, &staff.actor_ref(), "notice").await?;
    let bytes = procedure::notice_pdf_in(&room.house, id, ctx.lang).await?;
    Ok(inline("application/pdf", &format!("{}-{}.pdf", view.row.number, notice.kind.word()), bytes))
}

pub(crate) fn inline(kind: &str, name: &str, bytes: impl IntoResponse) -> Response {
    let shown = format!("inline; filename=\"{name}\"");
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CONTENT_DISPOSITION, shown.as_str()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CACHE_CONTROL, "private, no-store"),
    ];
    (headers, bytes).into_response()
}
