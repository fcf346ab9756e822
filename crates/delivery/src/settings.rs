//! The terms of this room, and whose signature counts; an operator may set others.

use kernel::Term;
use serde::Deserialize;

/// How long a parcel waits to be collected, and whose signature is the service of what lies in it.
///
/// Who may sign stands by analogy with the Civil Procedure Law, article 88 (2023; 民事诉讼法第八十八条): the recipient; when absent a grown
/// member of the family living with them; for a firm whoever takes in its post. Recalled, not compared with the text
/// (凭记忆，可信度高，未与原文核对): a city's own rule goes into the configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// A parcel that waits at the window is written of once more after this.
    pub remind: Term,
    /// After this it lapses: it is told to the recipient and the office, and stays where it is.
    pub collect: Term,
    /// Whether the signature of a grown family member living with the recipient counts.
    pub family_counts: bool,
    /// Whether that of a firm's mailroom counts for the firm.
    pub mailroom_counts: bool,
    /// Whether what lies in a parcel locker counts as reached before somebody says so.
    pub locker_counts: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            remind: Term::days(15),
            collect: Term::days(60),
            family_counts: true,
            mailroom_counts: true,
            locker_counts: false,
        }
    }
}
