//! The room on both databases.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests only")]

mod card;
mod elsewhere;
mod linear;
mod live;
mod network;
mod ops;
mod pages;
mod paper;
mod queue;
mod staff;
mod town;
mod watched;
