//! The pages, one file each, and their routes.

mod board;
mod card;
mod code;
mod day;
mod desk;
mod desk_act;
mod effect;
mod hall;
mod halls;
mod kiosk;
mod notice;
mod paper;
mod paper_acts;
mod paper_block;
mod paper_print;
mod report;
mod screen;
mod search;
mod staff;
mod tablet;
mod take;
mod ticket;
mod view;

pub use day::manager_of;

use crate::live::Live;
use crate::model::{Hall, HallCode};
use crate::settings::Settings;
use crate::store as rows;
use ::store::Store;
use axum::Router;
use axum::http::StatusCode;
use axum::routing::{get, post};
use kernel::{Failure, Outcome, Refusal, RefusalKind};
use page::{FormState, House};

/// What every page of the room needs.
#[derive(Clone)]
pub(crate) struct Room {
    pub(crate) house: House,
    pub(crate) terms: Settings,
    pub(crate) live: Live,
}

impl Room {
    fn store(&self) -> &Store {
        &self.house.ground.store
    }
}

/// The room's pages.
pub fn routes(house: House, terms: Settings) -> Router {
    let live = Live::new(house.ground.clone());
    Router::new()
        .route("/halls", get(halls::get).post(halls::post))
        .route("/halls/{hall}", get(hall::get))
        .route("/halls/{hall}/ticket", get(take::get).post(take::post))
        .route("/tickets", post(code::post))
        .route("/tickets/{ticket}", get(ticket::get))
        .route("/tickets/{ticket}/live", get(ticket::live))
        .route("/tickets/{ticket}/return", post(ticket::come_back))
        .route("/tickets/{ticket}/extra", post(ticket::extra))
        .route("/kiosk/{hall}", get(kiosk::get).post(kiosk::post))
        .route("/screen/{hall}", get(screen::get))
        .route("/screen/{hall}/live", get(screen::live))
        .route("/tablet", get(tablet::pairing).post(tablet::pair))
        .route("/tablet/{tablet}", get(tablet::get))
        .route("/tablet/{tablet}/live", get(tablet::live))
        .route("/readers", post(card::pair))
        .route("/readers/{reader}", post(card::read))
        .route("/desk/hall/card", get(card::here))
        .route("/desk/hall", get(desk::get))
        .route("/desk/hall/duty", post(desk_act::duty))
        .route("/desk/hall/act", post(desk_act::act))
        .route("/desk/hall/move", post(desk_act::move_on))
        .route("/desk/hall/end", post(desk_act::end))
        .route("/desk/hall/ticket", post(desk_act::ticket))
        .route("/desk/hall/notices/{notice}", get(notice::get))
        .route("/desk/hall/day", get(day::get))
        .route("/desk/hall/day/window", post(day::window))
        .route("/desk/hall/day/kiosk", post(day::kiosk))
        .route("/desk/hall/day/ticket", post(day::ticket))
        .route("/desk/hall/staff", get(staff::get).post(staff::post))
        .route("/desk/hall/tablet", post(desk_act::pair))
        .route("/desk/hall/report", get(report::get))
        .route("/desk/hall/report.csv", get(report::file))
        .route("/desk/hall/paper", get(paper::get).post(paper::post))
        .route("/desk/hall/paper/{block}", get(paper_block::get).post(paper_acts::post))
        .route("/desk/hall/paper/{block}/print", get(paper_print::get))
        .route("/desk/hall/board", get(board::get))
        .route("/desk/hall/board/live", get(board::live))
        .with_state(Room { house, terms, live })
}

/// The hall of an address; what is no code names nothing.
async fn hall_of(store: &Store, code: &str) -> Outcome<Hall> {
    let code: HallCode = code.parse().map_err(|_| Refusal::not_found())?;
    Ok(rows::hall(store, &code).await?.ok_or_else(Refusal::not_found)?)
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
