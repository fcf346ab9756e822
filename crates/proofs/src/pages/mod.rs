//! The pages: the drawer of kept papers, one paper with its copies and its withdrawal, its files.

mod file;
mod list;
mod show;
mod view;

pub(crate) use file::sent;

use axum::Router;
use axum::routing::{get, post};
use page::House;

/// The room's pages: `/space/papers` and what lies below.
pub fn routes(house: House) -> Router {
    Router::new()
        .route("/space/papers", get(list::get))
        .route("/space/papers/{id}", get(show::get))
        .route("/space/papers/{id}/files/{file}", get(file::whole))
        .route("/space/papers/{id}/files/{file}/preview", get(file::preview))
        .route("/space/papers/{id}/copy", post(show::copied))
        .route("/space/papers/{id}/withdraw", post(show::withdrawn))
        .with_state(house)
}
