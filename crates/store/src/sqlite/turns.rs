//! Turns at writing between programs on one database file. SQLite's own lock lets one write at a time, but has no queue: whoever has just
//! written is the first to ask again, and another program waits until its patience ends. Two locks make a queue of it: who holds the first
//! is the next, and nobody else can be; who holds the second writes.
//!
//! The locks are the operating system's, and end with their program, however it ends. They only say whose turn it is: what may be written
//! is still decided by SQLite, also when these files cannot be made.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// How often somebody who waits asks again.
const EVERY: Duration = Duration::from_micros(500);

/// The two locks, beside the database file.
pub(crate) struct Turns {
    next: Option<File>,
    turn: Option<File>,
    asks: u32,
}

impl Turns {
    /// Opens the locks of a database file; whoever waits gives up the queue, and asks SQLite all the same, after `patience`.
    pub fn new(path: &Path, patience: Duration) -> Arc<Self> {
        let lock = |end: &str| {
            let mut name = path.as_os_str().to_owned();
            name.push(end);
            OpenOptions::new().create(true).truncate(false).write(true).open(name).ok()
        };
        let asks = patience.as_micros() / EVERY.as_micros().max(1);
        Arc::new(Self {
            next: lock("-next"),
            turn: lock("-turn"),
            asks: u32::try_from(asks).unwrap_or(u32::MAX),
        })
    }

    /// Waits for one's turn; it lasts until the answer is dropped.
    pub fn take(self: &Arc<Self>) -> Turn {
        let next = self.next.as_ref().is_some_and(|file| self.wait(file));
        let turn = next && self.turn.as_ref().is_some_and(|file| self.wait(file));
        if next && let Some(file) = &self.next {
            let _ = file.unlock();
        }
        Turn { turns: Arc::clone(self), held: turn }
    }

    fn wait(&self, file: &File) -> bool {
        for _ in 0..=self.asks {
            match file.try_lock() {
                Ok(()) => return true,
                Err(TryLockError::WouldBlock) => std::thread::sleep(EVERY),
                // A file system without locks: nobody takes turns there.
                Err(TryLockError::Error(_)) => return false,
            }
        }
        false
    }
}

/// One's turn.
pub(crate) struct Turn {
    turns: Arc<Turns>,
    held: bool,
}

impl Drop for Turn {
    fn drop(&mut self) {
        if self.held
            && let Some(file) = &self.turns.turn
        {
            let _ = file.unlock();
        }
    }
}
