//! A paper that shows what is so (佐证材料): handed in with a request to correct, kept like every paper of the person, read by whoever
//! answers.

use super::{Room, desk, mine};
use crate::model::RequestId;
use crate::store::RequestRow;
use ::store::command;
use ::store::files::{self, Limits, Upload};
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use identity::{Applicant, Staff};
use kernel::{Failure, FileId, Lang, Outcome, Refusal, Text};
use page::{Answer, Submitted};
use proofs::{Grade, NewProof, Use};

/// The most papers of one request.
const PAPERS_MAX: usize = 5;

/// Keeps what was uploaded in the field `paper`; unless a request takes it in, it goes away by itself.
///
/// # Errors
/// `supervision.papers-max`, or what is wrong with a file; each has its field.
pub(super) async fn uploaded(
    room: &Room,
    lang: Lang,
    who: &Applicant,
    sent: &Submitted,
) -> Outcome<Vec<FileId>> {
    let sent: Vec<_> = sent.files().iter().filter(|f| f.field == "paper" && !f.bytes.is_empty()).collect();
    if sent.len() > PAPERS_MAX {
        let zh = format!("最多上传{PAPERS_MAX}份材料。");
        let en = format!("Upload {PAPERS_MAX} papers at most.");
        let refusal = Refusal::new(kernel::RefusalKind::Invalid, "supervision.papers-max", &zh, &en);
        return Err(refusal.field("paper", zh, en).into());
    }
    let mut kept = Vec::with_capacity(sent.len());
    for upload in sent {
        let upload = Upload { name: upload.name.clone(), bytes: upload.bytes.clone() };
        kept.push(keep_one(room, lang, who, upload).await.map_err(at_paper)?);
    }
    Ok(kept)
}

async fn keep_one(room: &Room, lang: Lang, who: &Applicant, upload: Upload) -> Outcome<FileId> {
    let tidy = proofs::tidy_upload(upload).await?;
    let file: Outcome<files::FileInfo> = command!(room.house.ground, lang, who.actor_ref(), |cx| {
        files::keep_loose(&mut cx, tidy.clone(), &Limits::default()).await
    });
    file.map(|info| info.id)
}

/// What is wrong with a file is said at the field it was chosen in.
fn at_paper(failure: Failure) -> Failure {
    match failure {
        Failure::Refused(no) if no.fields.is_empty() => {
            let (zh, en) = (no.sentence(Lang::ZhCn), no.sentence(Lang::En));
            Failure::Refused(no.field("paper", zh, en))
        }
        other => other,
    }
}

/// The place that a request's address names.
fn place_of(nth: &str) -> Result<usize, Refusal> {
    nth.parse().map_err(|_| Refusal::not_found())
}

/// The papers of a request among the papers of the person, in the same commit as the request.
///
/// # Errors
/// As [`proofs::keep`].
pub(super) async fn keep(
    cx: &mut ::store::Cx,
    who: &Applicant,
    request: RequestId,
    papers: &[FileId],
) -> Outcome<()> {
    if papers.is_empty() {
        return Ok(());
    }
    let purpose = Text::new("更正个人信息", "To correct personal data");
    let new = NewProof {
        subject: who.subject(),
        kind: format!("correction-{request}"),
        holder: "applicant".to_owned(),
        name: Text::new("更正请求的佐证材料", "Paper for a request to correct"),
        grade: Grade::Uploaded,
        purpose: purpose.clone(),
        uses: vec![Use { case: format!("request:{request}"), demand: "paper".to_owned(), item: purpose }],
        files: papers.to_vec(),
        issued: None,
        valid_until: None,
        kept_by_law: None,
    };
    proofs::keep(cx, new).await.map(|_| ())
}

/// GET /space/objections/{id}/papers/{n}: for the person.
pub(super) async fn own(
    State(room): State<Room>,
    Path((id, nth)): Path<(String, String)>,
    who: Applicant,
) -> Answer {
    let row = mine::row_of(&room, &who, &id).await?;
    one(&room, &row, place_of(&nth)?).await
}

/// GET /desk/objections/{id}/papers/{n}: for whoever answers, once the look is recorded.
pub(super) async fn of_desk(
    State(room): State<Room>,
    Path((id, nth)): Path<(String, String)>,
    who: Staff,
) -> Answer {
    let row = desk::row_of(&room, &who, &id).await?;
    desk::looked(&room, &who, &row).await?;
    one(&room, &row, place_of(&nth)?).await
}

async fn one(room: &Room, row: &RequestRow, nth: usize) -> Answer {
    let store = &room.house.ground.store;
    let opened = super::view::open(store, row).await?;
    let file = opened.request.raised.papers.get(nth).copied().ok_or_else(Refusal::not_found)?;
    let (info, bytes) = files::read(store, file).await?;
    Ok(inline(info.kind, file, bytes))
}

fn inline(kind: files::FileKind, file: FileId, bytes: Vec<u8>) -> Response {
    let shown = format!("inline; filename=\"{file}.{}\"", kind.extension());
    let headers = [
        (header::CONTENT_TYPE, kind.mime()),
        (header::CONTENT_DISPOSITION, shown.as_str()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CACHE_CONTROL, "private, no-store"),
    ];
    (headers, bytes).into_response()
}

/// Where the papers of a request are read, in their order.
pub(super) fn addresses(base: &str, count: usize) -> Vec<String> {
    (0..count).map(|nth| format!("{base}/papers/{nth}")).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn papers_are_numbered_from_nought() {
        assert_eq!(
            super::addresses("/space/objections/x", 2),
            ["/space/objections/x/papers/0", "/space/objections/x/papers/1"]
        );
    }
}
