//! The staff's shell: inboxes, the case on one page, and the operator's back office.

use exchange::Sources;
use page::House;

/// The room's pages.
pub fn routes(house: House, sources: Sources) -> axum::Router {
    let _ = (house, sources);
    axum::Router::new()
}
