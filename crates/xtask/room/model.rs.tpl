//! What the room speaks of; no input, no output.

/// What may be asked of the room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Begin one, under a title.
    Begin {
        /// What people call it.
        title: String,
    },
}

/// What has happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// One was begun.
    Begun {
        /// What people call it.
        title: String,
    },
}

/// What the events so far add up to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct State {
    /// Its title, once it has begun.
    pub title: Option<String>,
}
