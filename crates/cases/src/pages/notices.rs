//! `/cases/{number}/notices/{id}`: a notice of one's own case as a sealed PDF.

use super::{Room, from_path, number};
use crate::queries::progress;
use crate::scope::Scope;
use crate::verbs::{read_notice, subject_of};
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use identity::Applicant;
use kernel::Refusal;
use page::{Ctx, Problem};
use procedure::NoticeId;

pub(super) async fn get(
    State(room): State<Room>,
    Path((text, id)): Path<(String, String)>,
    ctx: Ctx,
    who: Applicant,
) -> Result<Response, Problem> {
    let store = &room.house.ground.store;
    let row = progress(store, &number(&text)?, &Scope::from(&who)).await?;
    let id: NoticeId = from_path(&id)?;
    let notices = procedure::notices(store, &subject_of(row.id).to_string()).await?;
    let line = notices.into_iter().find(|n| n.id == id).ok_or_else(Refusal::not_found)?;
    let bytes = procedure::notice_pdf_in(&room.house, line.id, ctx.lang).await?;
    let opened = number(&text)?;
    store::command!(room.house.ground, ctx.lang, who.actor_ref(), |cx| {
        read_notice(&mut cx, &who, &opened, line.id).await
    })?;
    let name = format!("inline; filename=\"{id}.pdf\"");
    let headers = [
        (header::CONTENT_TYPE, "application/pdf"),
        (header::CONTENT_DISPOSITION, name.as_str()),
        (header::CACHE_CONTROL, "private, no-store"),
    ];
    Ok((headers, bytes).into_response())
}
