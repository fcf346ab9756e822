//! Every test of the room against real parts, in one program: it is linked once.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on may fail"
)]

mod archive;
mod common;
mod notices;
mod pages;
mod reckonings;
mod service;
mod terms;
