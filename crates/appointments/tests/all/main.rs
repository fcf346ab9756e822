//! The room on both databases.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests only")]

mod arriving;
mod booking;
mod one_visitor;
mod pages;
mod plan;
mod town;
