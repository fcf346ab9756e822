//! NAME: say here in one line what staff mean by this word.
#![doc = include_str!("../README.md")]

pub mod model;
pub mod rules;
pub mod store;

/// The room's tables.
pub const MIGRATIONS: ::store::Migrations =
    ::store::Migrations { room: "NAME", steps: &[("V1__NAME", include_str!("../migrations/V1__NAME.sql"))] };
