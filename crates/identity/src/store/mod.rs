//! All SQL of the room.

mod account;
mod away;
mod people;
mod places;

pub(crate) use account::*;
pub(crate) use away::*;
pub(crate) use people::*;
pub(crate) use places::*;
