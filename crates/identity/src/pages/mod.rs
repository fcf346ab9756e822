//! The room's pages: signing in and out, for whom I act, my account.

mod account;
mod acting;
mod away;
mod login;

use axum::Router;
use axum::routing::{get, post};
use page::House;

/// `/login`, `/logout`, `/acting`, `/account`, `/account/away`.
pub fn routes(house: House) -> Router {
    Router::new()
        .route("/login", get(login::get).post(login::post))
        .route("/logout", post(login::logout))
        .route("/acting", get(acting::get).post(acting::post))
        .route("/account", get(account::get))
        .route("/account/post", post(account::choose))
        .route("/account/away", get(away::get).post(away::post))
        .route("/account/away/{id}/end", post(away::end))
        .route("/account/sessions/others", post(account::end_others))
        .route("/account/sessions/{id}/end", post(account::end))
        .with_state(house)
}
