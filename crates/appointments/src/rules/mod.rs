//! What the room decides, and nothing else decides: pure, without input or output.

pub mod absence;
pub mod book;
pub mod capacity;
pub mod ics;
pub mod life;
pub(crate) mod refuse;
pub mod slots;
pub mod words;

#[cfg(test)]
mod tests;
