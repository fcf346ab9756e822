//! Every test of the room against real parts, in one program: it is linked once.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on may fail"
)]

mod at_the_ticket;
mod behalf;
mod columns;
mod common;
mod elsewhere;
mod evidence;
mod filed;
mod hearing;
mod inbox;
mod joint;
mod leave;
mod lists;
mod pages;
mod part;
mod party;
mod scan;
mod told;
mod window;
mod without_network;
mod word;
mod work;
