//! What the head of a hall and supervision see: choose an input, ask, look at the answer, take the input along. Nothing is written, so that
//! every page is a plain address: the same address gives the same figures.

mod ask;
mod choose;
mod draw;
mod matter_ask;
mod matter_result;
mod query;
mod result;

use crate::described::Described;
use crate::file::Matter;
use crate::matter::Planned;
use axum::Router;
use axum::routing::get;
use page::{House, Say};

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

/// A matter's name, and whether its desks are described.
fn matter_name((matter, planned): &(Matter, Planned), w: Say) -> String {
    let name = [("name", planned.name.get(w.lang).to_owned())];
    if matter.desks.is_some() { w.with("matter-at-desks", &name) } else { w.with("matter-bare", &name) }
}
