//! whatif: what another way of running a hall or a matter would bring, tried on a virtual clock (推演).
#![doc = include_str!("../README.md")]

pub mod chance;
pub mod compare;
pub mod engine;
pub mod file;
pub mod matter;
pub mod measure;
pub mod people;
pub mod report;
pub mod stats;

pub use compare::{Compared, compare};
pub use file::File;
pub use matter::{Worked, worked};

/// The room's words.
pub(crate) static WORDS: std::sync::LazyLock<page::Words> = page::words!("whatif");
