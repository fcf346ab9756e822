//! The pages, one file each, and their routes.

mod branches;
mod choose;
mod due;
mod facts;
mod feedback;
mod home;
mod joint;
mod lists;
mod looks;
mod messages;
mod outstanding;
mod renew;
#[cfg(test)]
pub(crate) mod samples;
mod soon;
pub(crate) mod space;
mod text;
mod themes;

use crate::shelf::Shelves;
use axum::Router;
use axum::routing::{get, post};
use exchange::Sources;
use page::House;
use std::sync::Arc;

/// What the pages need.
#[derive(Clone)]
pub(crate) struct Room {
    pub(crate) house: House,
    pub(crate) shelves: Arc<Shelves>,
    pub(crate) sources: Sources,
}

/// The routes of this room.
pub fn routes(house: House, sources: Sources) -> Router {
    let room = Room { house, shelves: Arc::new(Shelves::default()), sources };
    Router::new()
        .route("/", get(home::get))
        .route("/themes", get(themes::list))
        .route("/themes/{id}", get(themes::theme))
        .route("/plan", get(themes::plan))
        .route("/plan/choose", get(choose::get))
        .route("/due", get(due::get).post(due::post))
        .route("/renew/{id}", get(renew::get))
        .route("/due/{item}", post(due::tap))
        .route("/space", get(space::get))
        .route("/space/outstanding", get(outstanding::get))
        .route("/space/messages", get(messages::get))
        .route("/space/facts", get(facts::get).post(facts::post))
        .route("/space/branches", get(branches::get))
        .route("/space/cases", get(lists::cases))
        .route("/space/certificates", get(lists::certificates))
        .route("/space/looks", get(looks::get))
        .route("/space/looks/file", get(looks::file))
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
