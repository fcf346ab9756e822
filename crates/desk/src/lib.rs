//! The staff's shell: inbox, the case on one page, the back office.
#![doc = include_str!("../README.md")]

mod pages;

use std::sync::LazyLock;

pub use pages::routes;

static WORDS: LazyLock<page::Words> = page::words!("desk");
