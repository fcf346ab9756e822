//! Pages of applicants: apply step by step, check, hand in, follow.

use exchange::Sources;
use page::House;

/// What every page of the room needs.
#[derive(Clone)]
pub(crate) struct Room {
    pub house: House,
    pub sources: Sources,
}

/// The room's pages.
pub fn routes(house: House, sources: Sources) -> axum::Router {
    let _ = Room { house, sources };
    axum::Router::new()
}
