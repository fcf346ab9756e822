//! Pages of applicants: apply step by step, check, hand in, follow.

mod acts;
mod apply;
mod beside;
mod capacity;
mod check;
mod dispute;
mod draft;
mod fields;
mod filed;
mod live;
mod matter;
mod notices;
mod preview;
mod progress;
mod publicity;
mod scan;
mod supplement;
mod talk;
mod withdraw;

pub use progress::send_file;

use axum::Router;
use axum::routing::{get, post};
use exchange::Sources;
use identity::Applicant;
use kernel::codes::CaseNumber;
use kernel::{FieldError, Lang, Outcome, Refusal};
use page::{FormState, House};
use std::str::FromStr;
use store::files::{self, FileInfo, Limits, Upload};

/// What every page of the room needs.
#[derive(Clone)]
pub(crate) struct Room {
    pub house: House,
    pub sources: Sources,
}

/// The room's pages.
pub fn routes(house: House, sources: Sources) -> Router {
    Router::new()
        .route("/apply", get(apply::several).post(apply::start_several))
        .route("/apply/themes/{id}", get(apply::theme).post(apply::start_theme))
        .route("/apply/{item}", get(apply::get).post(apply::post))
        .route("/drafts/{matter}", get(draft::begin))
        .route("/drafts/{matter}/check", get(check::get).post(check::post))
        .route("/drafts/{matter}/dispute", get(dispute::get).post(dispute::post))
        .route("/drafts/{matter}/files/{file}", get(preview::get))
        .route("/drafts/{matter}/scan/{field}", get(scan::draft).post(scan::draft_post))
        .route("/drafts/{matter}/scan/{field}/{page}", get(scan::draft_picture))
        .route("/drafts/{matter}/{section}", get(draft::get).post(draft::post))
        .route("/drafts/{matter}/{section}/autosave", post(draft::autosave))
        .route("/matters/{id}", get(matter::get))
        .route("/matters/{id}/confirm", post(matter::confirm))
        .route("/cases/{number}", get(progress::get))
        .route("/cases/{number}/filed", get(filed::get))
        .route("/cases/{number}/calendar.ics", get(filed::calendar))
        .route("/cases/{number}/live", get(live::get))
        .route("/cases/{number}/trace", get(progress::trace))
        .route("/cases/{number}/files/{file}", get(progress::file))
        .route("/cases/{number}/notices/{id}", get(notices::get))
        .route("/cases/{number}/messages", get(talk::get).post(talk::post))
        .route("/cases/{number}/acts/{verb}", get(acts::get).post(acts::post))
        .route("/cases/{number}/supplement", get(supplement::get).post(supplement::post))
        .route("/cases/{number}/supplement/scan/{field}", get(scan::supplement).post(scan::supplement_post))
        .route("/cases/{number}/supplement/scan/{field}/{page}", get(scan::supplement_picture))
        .route("/cases/{number}/withdraw", get(withdraw::get).post(withdraw::post))
        .route("/publicity", get(publicity::get))
        .route("/publicity/{number}/{step}", get(publicity::object).post(publicity::post))
        .with_state(Room { house, sources })
}

/// Keeps one uploaded file.
pub(crate) async fn keep_file(
    room: &Room,
    lang: Lang,
    who: &Applicant,
    upload: &page::Upload,
) -> Outcome<FileInfo> {
    // Pictures stand upright, are no larger than they need be, and say nothing of where they were taken.
    let tidy = proofs::tidy_upload(Upload { name: upload.name.clone(), bytes: upload.bytes.clone() }).await?;
    store::command!(room.house.ground, lang, who.actor_ref(), |cx| {
        files::keep(&mut cx, tidy.clone(), &Limits::default()).await
    })
}

/// Reads a case number or a typed id from an address; anything else is not there.
pub(crate) fn from_path<T: FromStr>(text: &str) -> Outcome<T> {
    text.parse().map_err(|_| Refusal::not_found().into())
}

/// Reads a case number from an address.
pub(crate) fn number(text: &str) -> Outcome<CaseNumber> {
    from_path(text)
}

/// A form's state with what is wrong; its fields are drawn by `forms`.
pub(crate) fn with_errors(errors: Vec<FieldError>) -> FormState {
    let mut form = FormState::new();
    form.errors = errors;
    form
}
