//! The catalog's pages.

/// `/items`, `/items/{key}`, `/search`.
pub fn routes(_house: page::House) -> axum::Router {
    axum::Router::new()
}
