//! `/drafts/{matter}/files/{file}`: a picture that was uploaded into a draft, small, so that one sees what one hands in.

use super::{Room, from_path};
use crate::model::MatterId;
use crate::verbs;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use forms::{Answers, FieldType, Section};
use identity::Applicant;
use kernel::{FileId, Outcome, Refusal};
use page::{Problem, Say};
use serde_json::Value;
use store::Store;
use store::files::{self, FileKind};

/// A picture beside its field.
pub(super) struct Picture {
    pub name: String,
    pub src: String,
    pub alt: String,
}

/// Whether previews are made of it.
fn is_picture(kind: FileKind) -> bool {
    matches!(kind, FileKind::Jpeg | FileKind::Png)
}

/// The pictures that lie in the file fields of a section.
///
/// # Errors
/// A fault of the store.
pub(super) async fn pictures(
    store: &Store,
    matter: MatterId,
    section: &Section,
    answers: &Answers,
    w: Say,
) -> Outcome<Vec<Picture>> {
    let mut pictures = Vec::new();
    for field in section.fields.iter().filter(|f| f.kind() == FieldType::File) {
        for entry in answers.get(&field.id).and_then(Value::as_array).into_iter().flatten() {
            let Some(id) = file_of(entry) else { continue };
            let Some(info) = files::info(store, id).await?.filter(|i| is_picture(i.kind)) else { continue };
            let name = entry.get("name").and_then(Value::as_str).unwrap_or(&info.name).to_owned();
            let alt = w.with("preview-of", &[("name", name.clone())]);
            pictures.push(Picture { name, src: format!("/drafts/{matter}/files/{id}"), alt });
        }
    }
    Ok(pictures)
}

fn file_of(entry: &Value) -> Option<FileId> {
    entry.get("file")?.as_str()?.parse().ok()
}

/// Only what whoever applies has uploaded themselves, and only as long as it lies in this draft of theirs. No cache keeps it.
pub(super) async fn get(
    State(room): State<Room>,
    Path((matter, file)): Path<(String, String)>,
    who: Applicant,
) -> Result<Response, Problem> {
    let store = &room.house.ground.store;
    let line = verbs::open_draft(store, &who, from_path(&matter)?).await?;
    let file: FileId = from_path(&file)?;
    let draft = verbs::draft_of(store, &line)?;
    let info =
        files::info(store, file).await?.filter(|i| i.owner == Some(who.account()) && is_picture(i.kind));
    if info.is_none() || !verbs::files_in(&draft.answers).contains(&file) {
        return Err(Refusal::not_found().into());
    }
    let (info, bytes) = files::read(store, file).await?;
    let small = proofs::preview_upload(bytes, info.kind).await?;
    let headers = [
        (header::CONTENT_TYPE, FileKind::Jpeg.mime()),
        (header::CONTENT_DISPOSITION, "inline"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CACHE_CONTROL, "private, no-store"),
    ];
    Ok((headers, small).into_response())
}
