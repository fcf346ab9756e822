//! An act: a command with who does it, and when it happened in law.

use super::Command;
use crate::event::Late;
use kernel::{AccountId, AgencyCode, SubjectId, Timestamp};

/// Who acts, as far as the law asks for it. The right itself was checked when this was made.
#[derive(Debug, Clone, Default)]
pub struct Doer {
    /// The account; none for the program.
    pub account: Option<AccountId>,
    /// Whether they are the head of the body (行政机关负责人): may extend, void and revoke.
    pub head: bool,
    /// For whom they stand in while these are away: what those hold in hand they may do.
    pub stands_for: Vec<AccountId>,
    /// In whose name, for applicants.
    pub subject: Option<SubjectId>,
    /// For which body, for staff: what concerns the whole case is for the body responsible for it.
    pub agency: Option<AgencyCode>,
}

impl Doer {
    /// A head of the body, for tests and imports.
    pub fn head(account: AccountId) -> Self {
        Self { account: Some(account), head: true, ..Self::default() }
    }
}

/// What somebody wants done, and when it happened in law.
#[derive(Debug, Clone)]
pub struct Act {
    /// What.
    pub command: Command,
    /// When it happened in law; terms run from here.
    pub at: Timestamp,
    /// Why it is recorded later than it happened.
    pub late: Option<Late>,
    /// Who.
    pub by: Doer,
}

impl Act {
    /// An act of the program that happens now.
    pub fn now(command: Command, now: Timestamp) -> Self {
        Self { command, at: now, late: None, by: Doer::default() }
    }

    /// The same, done by somebody.
    #[must_use]
    pub fn by(self, by: Doer) -> Self {
        Self { by, ..self }
    }
}
