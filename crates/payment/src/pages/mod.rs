//! The pages, one file each, and their routes.

mod bill;
mod callback;
mod cashier;
mod finance;
mod mine;
mod receipt;
mod together;
mod view;

use crate::room::Payments;
use crate::verbs::CALLBACK;
use axum::Router;
use axum::http::StatusCode;
use axum::routing::{get, post};
use kernel::{Outcome, Refusal, RefusalKind};
use std::str::FromStr;

/// The room's pages.
pub fn routes(room: Payments) -> Router {
    Router::new()
        .route("/payments/{id}", get(bill::show))
        .route("/payments/{id}/pay", post(bill::pay))
        .route("/payments/{id}/matter", get(together::show))
        .route("/payments/{id}/matter/pay", post(together::pay))
        .route("/payments/{id}/result", get(bill::result))
        .route("/payments/{id}/check", post(bill::check))
        .route("/payments/{id}/again", post(bill::again))
        .route("/space/payments", get(mine::get))
        .route("/space/payments/receipts/{number}", get(receipt::own))
        .route("/desk/cashier", get(cashier::find))
        .route("/desk/cashier/{id}", get(cashier::show))
        .route("/desk/cashier/{id}/check", post(cashier::check))
        .route("/desk/cashier/{id}/take", post(cashier::take))
        .route("/desk/cashier/{id}/matter", get(together::at_desk))
        .route("/desk/cashier/{id}/matter/take", post(together::take))
        .route("/desk/cashier/{id}/matter/receipts", get(receipt::all_at_desk))
        .route("/desk/cashier/{id}/reduce", post(cashier::reduce))
        .route("/desk/cashier/{id}/reduction", post(cashier::decide_reduction))
        .route("/desk/cashier/{id}/refund", post(cashier::refund))
        .route("/desk/cashier/{id}/receipts/{number}", get(receipt::at_desk))
        .route("/desk/finance", get(finance::get))
        .route("/desk/finance/refunds/{id}/decide", post(finance::decide))
        .route("/desk/finance/refunds/{id}/paid-out", post(finance::paid_out))
        .route("/desk/finance/differences/{id}/settle", post(finance::settle))
        .with_state(room)
}

/// Where the gateway calls: outside of the pages' layers, for a signature is its right and not a session.
pub fn callback_routes(room: Payments) -> Router {
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
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    }
}
