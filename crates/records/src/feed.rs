//! The sockets by which this room speaks to whoever keeps the cases: page after page out, each within a right, and in.

use crate::import::Intake;
use crate::model::{CaseRecord, Selection};
use async_trait::async_trait;
use identity::Staff;
use kernel::{Outcome, Text};
use std::sync::Arc;

/// How much of each case is wanted; histories cost more than rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// The row alone.
    Row,
    /// Its terms and what happened.
    History,
}

/// Some cases, and where the next begin.
#[derive(Debug, Default)]
pub struct FeedPage {
    /// The cases, in the order of the feed.
    pub cases: Vec<CaseRecord>,
    /// The place of the next page; none on the last one. A page may be empty and still not be the last.
    pub next: Option<String>,
}

/// How many cases a page has at most: all that is ever held in memory of an export, whatever its size.
pub const PAGE: usize = 200;

/// A source of cases within one right and one selection.
#[async_trait]
pub trait Feed: Send + Sync {
    /// The page that begins after `cursor`, at most [`PAGE`] cases.
    ///
    /// # Errors
    /// A failure of the room that keeps them.
    async fn page(&self, cursor: Option<&str>, depth: Depth) -> Outcome<FeedPage>;
}

/// Whoever keeps the cases.
pub trait Holdings: Send + Sync {
    /// The selected cases among those that this member of staff reaches.
    fn within(&self, who: &Staff, selection: Selection) -> Arc<dyn Feed>;
    /// The selected cases among all: for whoever runs the program, at its command line.
    fn all(&self, selection: Selection) -> Arc<dyn Feed>;
    /// Where cases come in.
    fn intake(&self) -> Arc<dyn Intake>;
    /// The name of a state.
    fn state_name(&self, word: &str) -> Text;
}
