//! Numbered steps, forward only, one text for both databases.

/// The steps of one room: `("V1__cases", include_str!("../migrations/V1__cases.sql"))`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Migrations {
    /// The room.
    pub room: &'static str,
    /// Name and text of each step, in order; a text may hold several statements.
    pub steps: &'static [(&'static str, &'static str)],
}
