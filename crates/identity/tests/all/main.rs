//! Every test of the room against real parts, in one program: it is linked once.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on may fail"
)]

mod branches;
mod common;
mod directory;
mod letters;
mod mandates;
mod national;
mod pages;
mod passkeys;
mod secrets;
mod security;
mod sessions;
mod staff;
mod upgrade;
mod without_demo;
