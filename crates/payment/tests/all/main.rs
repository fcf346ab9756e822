//! The room on both databases: bills and their one act, stories told by chance, statements, pages.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests only")]

mod callbacks;
mod days;
mod demand;
mod http;
mod life;
mod pages;
mod stories;
mod thousand;
mod together;
mod town;
mod upgrade;
