//! The staff's shell: inboxes, the case on one page, and the operator's back office.
#![doc = include_str!("../README.md")]

mod case;
mod decide;
mod files;
mod inbox;
mod messages;
mod packs;
mod sources;
mod upload;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use exchange::Sources;
use page::House;
use std::sync::LazyLock;

/// The room's words.
static WORDS: LazyLock<page::Words> = page::words!("desk");

/// What every page of the room needs.
#[derive(Clone)]
struct Room {
    house: House,
    sources: Sources,
}

/// The room's pages.
pub fn routes(house: House, sources: Sources) -> Router {
    Router::new()
        .route("/desk", get(inbox::get))
        .route("/desk/cases/{number}", get(case::get))
        .route("/desk/cases/{number}/files/{file}", get(files::get))
        .route("/desk/tasks/{task}/outcome", post(decide::post))
        .route("/desk/packs", get(packs::get).post(packs::post))
        .route("/desk/messages", get(messages::get))
        .route("/desk/messages/{id}/retry", post(messages::retry))
        .route("/desk/sources", get(sources::get))
        .route("/desk/sources/{id}", post(sources::post))
        .layer(DefaultBodyLimit::max(page::submitted::UPLOAD_BYTES_MAX))
        .with_state(Room { house, sources })
}
