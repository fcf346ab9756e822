//! The room from outside, in one program.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests only")]

mod guide;
mod once;
mod pages;
