//! The catalog's pages: the list, the search, the guide.

mod extra;
mod guide;
mod list;
mod process;

use axum::Router;
use axum::routing::get;
use page::{House, Words};
use std::sync::LazyLock;

static WORDS: LazyLock<Words> = page::words!("catalog");

/// Two texts side by side: question and answer, law and what it says.
struct Pair {
    head: String,
    text: String,
}

/// `/items`, `/items/{key}`, `/search`.
pub fn routes(house: House) -> Router {
    Router::new()
        .route("/items", get(list::items))
        .route("/search", get(list::search))
        .route("/items/{key}", get(guide::get))
        .with_state(house)
}
