//! whatif: what another way of running a hall or a matter would bring, tried on a virtual clock (推演).
#![doc = include_str!("../README.md")]

pub mod asked;
pub mod chance;
pub mod compare;
mod described;
pub mod desks;
pub mod engine;
pub mod file;
pub mod matter;
pub mod measure;
mod pages;
pub mod people;
pub mod question;
pub mod replay;
pub mod report;
pub mod stats;

pub use asked::Asked;
pub use compare::{Compared, Seeds, compare};
pub use described::{Described, Listed, What};
pub use desks::{Desked, desked};
pub use file::File;
pub use matter::{Planned, Worked, planned, worked};
pub use pages::routes;

/// The room's words.
pub(crate) static WORDS: std::sync::LazyLock<page::Words> = page::words!("whatif");
