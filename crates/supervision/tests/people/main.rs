//! Persons and staff meet the room's pages, on both databases.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests only")]

mod objections;
mod rights;
mod seals;
mod town;
