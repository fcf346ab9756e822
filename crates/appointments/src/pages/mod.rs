//! The pages, one file each, and their routes.

mod desk;
mod desk_book;
mod desk_one;
mod kiosk;
mod mine;
mod moving;
mod new;
mod plan;
mod show;
mod view;

use crate::settings::Settings;
use ::store::Store;
use axum::Router;
use axum::http::StatusCode;
use axum::routing::{get, post};
use hall::model::{Hall, HallCode};
use kernel::{Failure, Outcome, Refusal, RefusalKind, Timestamp, clock};
use page::{FormState, House};
use std::str::FromStr;

/// What every page of the room needs.
#[derive(Clone)]
pub(crate) struct Room {
    pub(crate) house: House,
    pub(crate) terms: Settings,
    /// The terms of the halls' queues.
    pub(crate) queue: hall::Settings,
}

impl Room {
    fn store(&self) -> &Store {
        &self.house.ground.store
    }
}

/// The room's pages.
pub fn routes(house: House, terms: Settings, queue: hall::Settings) -> Router {
    Router::new()
        .route("/appointments", get(mine::get))
        .route("/appointments/new", get(new::get).post(new::post))
        .route("/appointments/{appointment}", get(show::get))
        .route("/appointments/{appointment}/calendar", get(show::calendar))
        .route("/appointments/{appointment}/move", get(moving::get).post(moving::post))
        .route("/appointments/{appointment}/cancel", post(show::cancel))
        .route("/appointments/{appointment}/arrive", post(show::arrive))
        .route("/kiosk/{hall}/arrive", get(kiosk::get).post(kiosk::post))
        .route("/desk/appointments", get(desk::get).post(desk::post))
        .route("/desk/appointments/book", get(desk_book::get).post(desk_book::post))
        .route("/desk/appointments/plan", get(plan::get).post(plan::post))
        .route("/desk/appointments/plan/closures", post(plan::closures))
        .route("/desk/appointments/{appointment}", get(desk_one::get).post(desk_one::post))
        .with_state(Room { house, terms, queue })
}

/// An id of the address; what is none names nothing.
fn id_of<T: FromStr>(text: &str) -> Outcome<T> {
    text.parse().map_err(|_| Refusal::not_found().into())
}

/// The hall of an address; what is no code names nothing.
async fn hall_of(store: &Store, code: &str) -> Outcome<Hall> {
    let code: HallCode = code.parse().map_err(|_| Refusal::not_found())?;
    Ok(hall::hall(store, &code).await?.ok_or_else(Refusal::not_found)?)
}

/// The beginning of a slot, as forms send it; none for text that is none.
fn moment_of(text: &str) -> Option<Timestamp> {
    text.parse().ok().filter(|micros: &i64| *micros > 0).map(clock::from_micros)
}

/// The place in a list of appointments, the last to begin at the top, that `after` names; the beginning where it names none.
///
/// # Errors
/// `appointments.bad-cursor`.
pub fn place_before(after: Option<&str>) -> Result<(i64, String), Refusal> {
    place(after, i64::MAX)
}

/// A place in a list ordered by a moment and an id; `start` is the beginning.
fn place(cursor: Option<&str>, start: i64) -> Result<(i64, String), Refusal> {
    let Some(cursor) = cursor.filter(|c| !c.is_empty()) else { return Ok((start, String::new())) };
    let parsed = cursor.split_once('.').and_then(|(at, id)| Some((at.parse().ok()?, id.to_owned())));
    parsed.ok_or_else(|| {
        Refusal::new(
            RefusalKind::Invalid,
            "appointments.bad-cursor",
            "翻页位置不对。",
            "That is no place in this list.",
        )
        .next("请从第一页重新开始。", "Start again from the first page.")
    })
}

/// A refusal that is told on the page from which the request came, as the form's state and with its status; anything else goes on.
fn told(failure: Failure, mut form: FormState) -> Outcome<(FormState, StatusCode)> {
    match failure {
        Failure::Refused(refusal) if !matches!(refusal.kind, RefusalKind::NotFound | RefusalKind::SignIn) => {
            form.refuse(&refusal);
            let status = page::problem::status_of(&Failure::Refused(refusal));
            Ok((form, status))
        }
        other => Err(other),
    }
}

/// Whether it is the refusal with a code.
fn is(failure: &Failure, code: &str) -> bool {
    matches!(failure, Failure::Refused(refusal) if refusal.code == code)
}
