//! The catalog's pages: the list, the search, the guide.

mod guide;
mod list;

use axum::Router;
use axum::routing::get;
use page::{House, Words};
use std::sync::LazyLock;

static WORDS: LazyLock<Words> = page::words!("catalog");

/// `/items`, `/items/{key}`, `/search`.
pub fn routes(house: House) -> Router {
    Router::new()
        .route("/items", get(list::items))
        .route("/search", get(list::search))
        .route("/items/{key}", get(guide::get))
        .with_state(house)
}
