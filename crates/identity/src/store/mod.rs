//! All SQL of the room.

mod account;
mod people;

pub(crate) use account::*;
pub(crate) use people::*;
