//! The pages, one file each, and their routes.

mod feedback;
mod home;
mod looks;
#[cfg(test)]
pub(crate) mod samples;
pub(crate) mod space;
mod text;

use crate::shelf::Shelves;
use axum::Router;
use axum::routing::{get, post};
use page::House;
use std::sync::Arc;

/// What the pages need.
#[derive(Clone)]
pub(crate) struct Room {
    pub(crate) house: House,
    pub(crate) shelves: Arc<Shelves>,
}

/// The routes of this room.
pub fn routes(house: House) -> Router {
    let room = Room { house, shelves: Arc::new(Shelves::default()) };
    Router::new()
        .route("/", get(home::get))
        .route("/space", get(space::get))
        .route("/space/looks", get(looks::get))
        .route("/help", get(text::help))
        .route("/about", get(text::about))
        .route("/accessibility", get(text::accessibility))
        .route("/sitemap", get(text::sitemap))
        .route("/feedback-site", get(feedback::form).post(feedback::send))
        .route("/feedback-site/answer", get(feedback::answer))
        .route("/feedback-site/received", get(feedback::received))
        .route("/feedback-site/received/{number}", post(feedback::reply))
        .with_state(room)
}
