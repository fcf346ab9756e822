//! One file per page.

mod case;
mod inbox;
mod late;
mod messages;
mod outcome;
mod packs;

use axum::Router;
use axum::routing::{get, post};
use exchange::Sources;
use page::{Ctx, House, Say, Shell};

/// What the pages of this room need.
#[derive(Clone)]
pub(crate) struct Desk {
    pub house: House,
    pub sources: Sources,
}

/// The desk's pages.
pub fn routes(house: House, sources: Sources) -> Router {
    Router::new()
        .route("/desk", get(inbox::get))
        .route("/desk/cases/{number}", get(case::get))
        .route("/desk/cases/{number}/files/{id}", get(case::file))
        .route("/desk/tasks/{id}", post(outcome::post))
        .route("/desk/packs", get(packs::get).post(packs::post))
        .route("/desk/messages", get(messages::get).post(messages::post))
        .with_state(Desk { house, sources })
}

/// The staff shell of a page below the inbox.
pub(crate) fn shell(ctx: &Ctx, w: Say, title: impl Into<String>) -> Shell {
    let _ = w;
    Shell::new(ctx, title).desk().wide()
}
