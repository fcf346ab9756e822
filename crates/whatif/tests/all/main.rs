//! The engine against queueing theory and against its own rules; what is asked of it, and its pages on both databases.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests only")]

mod asked;
mod conserved;
mod described;
mod desks;
mod ground;
mod pages;
mod replayed;
mod results;
mod theory;
