//! Every test of the room against real parts, in one program: it is linked once.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on may fail"
)]

mod again;
mod common;
mod inbox;
mod kept;
mod mandates;
mod matters;
mod pages;
mod phoneless;
mod scan;
mod servers;
mod space;
mod themes;
mod unpaid;
mod watched;
mod ways;
mod word;
