//! The room from outside, in one program, since each program more is linked once more.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests only")]

mod common;
mod import;
mod life;
mod listed;
mod office;
mod outside;
mod pages;
mod shown;
mod told;
mod wallet;
