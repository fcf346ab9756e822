//! The engine against queueing theory and against its own rules.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests only")]

mod conserved;
mod described;
mod ground;
mod results;
mod theory;
