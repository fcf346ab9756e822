//! The room's pages: signing in and out, for whom I act, my account.

mod account;
mod acting;
mod away;
mod common;
mod doors;
mod guardians;
mod login;
mod mandate;
mod mandate_new;
mod mandates;
mod national;
mod passkey;
mod protections;
mod recover;
mod security;
mod staff;

use crate::national::National;
use axum::Router;
use axum::routing::{get, post};
use doors::Doors;
use page::House;
use std::sync::Arc;

/// `/login`, `/logout`, `/acting`, `/account` and what stands under it, `/space/mandates`, `/space/staff`, and for clerks
/// `/desk/guardians`, `/desk/recoveries`, `/desk/protections`.
pub fn routes(house: House) -> Router {
    routes_with(house, None)
}

/// The same with a national identity service to sign in by.
pub fn routes_with(house: House, service: Option<Arc<National>>) -> Router {
    Router::new()
        .route("/login", get(login::get).post(login::post))
        .route("/logout", post(login::logout))
        .route("/login/code", post(login::code))
        .route("/login/national", get(national::get))
        .route("/login/national/back", get(national::back))
        .route("/login/passkey", get(passkey::get).post(passkey::post))
        .route("/login/recover", get(recover::get).post(recover::post))
        .route("/account/security", get(security::get).post(security::post))
        .route("/desk/guardians", get(guardians::get).post(guardians::post))
        .route("/desk/recoveries", get(recover::desk).post(recover::begin))
        .route("/desk/recoveries/{id}", post(recover::finish))
        .route("/desk/protections", get(protections::get).post(protections::post))
        .route("/desk/protections/{id}", post(protections::decide))
        .route("/acting", get(acting::get).post(acting::post))
        .route("/account", get(account::get))
        .route("/account/post", post(account::choose))
        .route("/account/away", get(away::get).post(away::post))
        .route("/account/away/{id}/end", post(away::end))
        .route("/account/sessions/others", post(account::end_others))
        .route("/account/sessions/{id}/end", post(account::end))
        .route("/space/mandates", get(mandates::get))
        .route("/space/mandates/new", get(mandate_new::get).post(mandate_new::post))
        .route("/space/mandates/{id}", get(mandate::get).post(mandate::post))
        .route("/space/staff", get(staff::get).post(staff::post))
        .route("/space/staff/{person}/remove", get(staff::ask_remove).post(staff::remove))
        .with_state(Doors { house, national: service })
}
