//! The citizen's shell: home, joint matters and their guides, my space, what is due to me, who looked at my data, help, site map, reporting errors of the site.
#![doc = include_str!("../README.md")]

mod due;
mod facts;
pub mod feedback;
mod guide;
mod pages;
pub mod shelf;
mod store;
pub mod view;

pub use pages::routes;

/// The words of the citizen's pages.
pub(crate) static WORDS: std::sync::LazyLock<page::Words> = page::words!("portal");

/// The table of this room: errors of the site that readers reported.
pub const MIGRATIONS: ::store::Migrations = ::store::Migrations {
    room: "portal",
    steps: &[("V1__portal", include_str!("../migrations/V1__portal.sql"))],
};

#[cfg(test)]
mod tests;
