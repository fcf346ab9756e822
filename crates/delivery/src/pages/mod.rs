//! The pages, one file each, and their routes.

mod addresses;
mod bags;
mod callback;
mod chooser;
mod collect;
mod desk;
mod handover;
mod mine;
mod parcel;
mod start;
mod view;

pub use view::state_badge;

use crate::room::Deliveries;
use crate::verbs::CALLBACK;
use axum::Router;
use axum::http::StatusCode;
use axum::routing::{get, post};
use kernel::{Outcome, Refusal, RefusalKind};
use std::str::FromStr;

/// The room's pages.
pub fn routes(room: Deliveries) -> Router {
    Router::new()
        .route("/space/deliveries", get(mine::get))
        .route("/space/deliveries/case/{number}", get(start::get).post(start::post))
        .route("/space/deliveries/{id}", get(parcel::get))
        .route("/space/deliveries/{id}/choose", post(parcel::choose))
        .route("/space/deliveries/{id}/part", post(parcel::part))
        .route("/space/deliveries/{id}/confirm", post(parcel::confirm))
        .route("/space/addresses", get(addresses::list).post(addresses::add))
        .route("/space/addresses/{id}", get(addresses::show).post(addresses::change))
        .route("/desk/parcels", get(desk::list))
        .route("/desk/parcels/case/{number}", get(start::at_window).post(start::choose_at_window))
        .route("/desk/parcels/{id}", get(desk::show))
        .route("/desk/parcels/{id}/act", post(desk::act))
        .route("/desk/handovers", get(handover::list).post(handover::begin))
        .route("/desk/handovers/{id}", get(handover::show).post(handover::act))
        .route("/desk/collect", get(collect::show).post(collect::act))
        .route("/desk/bags", get(bags::list).post(bags::seal))
        .route("/desk/bags/{id}", get(bags::show).post(bags::act))
        .with_state(room)
}

/// Where the courier calls: outside of the pages' layers, for a signature is its right and not a session.
pub fn callback_routes(room: Deliveries) -> Router {
    Router::new().route(CALLBACK, post(callback::post)).with_state(room)
}

/// An id of the address; what is none names nothing.
fn id_of<T: FromStr>(text: &str) -> Outcome<T> {
    text.parse().map_err(|_| Refusal::not_found().into())
}

/// Whether a refusal is told on the page from which the request came.
fn told_on_page(refusal: &Refusal) -> bool {
    matches!(refusal.kind, RefusalKind::Invalid | RefusalKind::Conflict)
}

fn status_of(refusal: &Refusal) -> StatusCode {
    match refusal.kind {
        RefusalKind::Conflict => StatusCode::CONFLICT,
        RefusalKind::NotFound => StatusCode::NOT_FOUND,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

/// Where a list goes on.
#[derive(serde::Deserialize)]
struct From {
    after: Option<String>,
    list: Option<String>,
    case: Option<String>,
}

impl From {
    /// The place in the list, `start` where it begins.
    fn place(&self, start: i64) -> Result<(i64, String), Refusal> {
        crate::verbs::place(self.after.as_deref(), start)
    }
}
