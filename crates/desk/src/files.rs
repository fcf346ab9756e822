//! `/desk/cases/{number}/files/{file}`: a paper opened by staff; the look is recorded first.

use crate::Room;
use crate::case::look;
use axum::extract::{Path, State};
use axum::response::Response;
use cases::Scope;
use identity::Staff;
use kernel::{FileId, Refusal};
use page::Problem;

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
    Ok(cases::send_file(store, &view, file).await?)
}
