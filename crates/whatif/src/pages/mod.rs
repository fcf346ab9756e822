//! What the head of a hall and supervision see: choose an input, ask, look at the answer, take the input along. Nothing is written, so that
//! every page is a plain address: the same address gives the same figures.

mod ask;
mod choose;
mod draw;
mod query;
mod result;

use crate::described::Described;
use axum::Router;
use axum::routing::get;
use page::House;

/// What the pages need.
#[derive(Clone)]
pub(crate) struct Room {
    house: House,
    described: Described,
}

/// The room's pages.
pub fn routes(house: House, described: Described) -> Router {
    Router::new()
        .route("/desk/hall/whatif", get(ask::get))
        .route("/desk/hall/whatif/run", get(result::get))
        .route("/desk/hall/whatif/input.yaml", get(result::file))
        .with_state(Room { house, described })
}
