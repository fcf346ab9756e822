//! What happens when, on a virtual clock: the one queue of events of everything that is tried here.

use super::Ms;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Events by time, then in the order in which they were made.
pub(crate) struct Agenda<W> {
    events: BinaryHeap<Reverse<(Ms, u64, W)>>,
    made: u64,
}

impl<W: Ord> Agenda<W> {
    /// Nothing yet.
    pub(crate) fn new() -> Self {
        Self { events: BinaryHeap::new(), made: 0 }
    }

    /// Lets something happen.
    pub(crate) fn plan(&mut self, when: Ms, what: W) {
        self.made += 1;
        self.events.push(Reverse((when, self.made, what)));
    }

    /// What happens next, and when.
    pub(crate) fn next(&mut self) -> Option<(Ms, W)> {
        self.events.pop().map(|Reverse((when, _, what))| (when, what))
    }
}
