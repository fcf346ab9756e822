//! A queue that many threads may wait at.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Jobs in order of arrival; after `close` the rest is still handed out, then `None`.
pub(crate) struct Queue<T> {
    state: Mutex<State<T>>,
    arrived: Condvar,
}

struct State<T> {
    jobs: VecDeque<T>,
    closed: bool,
}

impl<T> Default for Queue<T> {
    fn default() -> Self {
        Self { state: Mutex::new(State { jobs: VecDeque::new(), closed: false }), arrived: Condvar::new() }
    }
}

impl<T> Queue<T> {
    fn state(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a job; after `close` it is dropped, and whoever waits for its answer sees that.
    pub fn push(&self, job: T) {
        let mut state = self.state();
        if !state.closed {
            state.jobs.push_back(job);
            drop(state);
            self.arrived.notify_one();
        }
    }

    /// The next job; waits for one.
    pub fn take(&self) -> Option<T> {
        let mut state = self.state();
        loop {
            if let Some(job) = state.jobs.pop_front() {
                return Some(job);
            }
            if state.closed {
                return None;
            }
            state = self.arrived.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// The next job if it is there and `wanted`.
    pub fn take_if(&self, wanted: impl FnOnce(&T) -> bool) -> Option<T> {
        let mut state = self.state();
        if state.jobs.front().is_some_and(wanted) { state.jobs.pop_front() } else { None }
    }

    /// Lets the threads end once the queue is empty.
    pub fn close(&self) {
        self.state().closed = true;
        self.arrived.notify_all();
    }
}
