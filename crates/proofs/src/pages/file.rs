//! The files of a paper for its holder: whole, to be kept; and small, to be recognised.

use super::show::found;
use crate::picture;
use ::store::files::{self, FileInfo, FileKind};
use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use identity::Applicant;
use kernel::{Outcome, Refusal};
use page::{Answer, House};

/// Whether previews are made of it.
pub(super) fn is_picture(kind: FileKind) -> bool {
    matches!(kind, FileKind::Jpeg | FileKind::Png)
}

async fn read(house: &House, who: &Applicant, id: &str, file: &str) -> Outcome<(FileInfo, Vec<u8>)> {
    let proof = found(house, who, id).await?;
    let at: usize = file.parse().map_err(|_| Refusal::not_found())?;
    let file = *proof.files.get(at).ok_or_else(Refusal::not_found)?;
    files::read(&house.ground.store, file).await
}

/// GET /space/papers/{id}/files/{file}: as it was handed in.
pub(super) async fn whole(
    State(house): State<House>,
    who: Applicant,
    Path((id, file)): Path<(String, String)>,
) -> Answer {
    let (info, bytes) = read(&house, &who, &id, &file).await?;
    Ok(sent(info.kind.mime(), Some(&info.name), bytes))
}

/// GET /space/papers/{id}/files/{file}/preview.
pub(super) async fn preview(
    State(house): State<House>,
    who: Applicant,
    Path((id, file)): Path<(String, String)>,
) -> Answer {
    let (info, bytes) = read(&house, &who, &id, &file).await?;
    if !is_picture(info.kind) {
        return Err(Refusal::not_found().into());
    }
    let small = picture::apart(move || Ok(picture::preview(&bytes, info.kind)?)).await?;
    Ok(sent(FileKind::Jpeg.mime(), None, small))
}

/// Bytes that no cache keeps: to be saved under `name`, or to be seen in a page.
pub(crate) fn sent(kind: &'static str, name: Option<&str>, bytes: Vec<u8>) -> Response {
    let disposition = match name {
        None => HeaderValue::from_static("inline"),
        Some(name) => HeaderValue::from_str(&format!("attachment; filename*=UTF-8''{}", escaped(name)))
            .unwrap_or_else(|_| HeaderValue::from_static("attachment")),
    };
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (header::CONTENT_DISPOSITION, disposition),
        (header::CACHE_CONTROL, HeaderValue::from_static("private, no-store")),
    ];
    (headers, bytes).into_response()
}

/// A name as RFC 5987 wants it in a header.
fn escaped(name: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_');
    name.bytes().map(|b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}
