//! The room's pages: signing in and out, for whom I act, my account.

mod account;
mod acting;
mod login;

use axum::Router;
use axum::routing::{get, post};
use page::House;

/// `/login`, `/logout`, `/acting`, `/account`.
pub fn routes(house: House) -> Router {
    Router::new()
        .route("/login", get(login::get).post(login::post))
        .route("/logout", post(login::logout))
        .route("/acting", get(acting::get).post(acting::post))
        .route("/account", get(account::get))
        .route("/account/sessions/others", post(account::end_others))
        .route("/account/sessions/{id}/end", post(account::end))
        .with_state(house)
}
