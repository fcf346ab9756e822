//! The room on both databases: gathering and choosing, packing and lists, the courier in all moods, collecting, the book, bags, pages.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests only")]

mod bags;
mod book;
mod courier;
mod http;
mod letters;
mod life;
mod pages;
mod town;
