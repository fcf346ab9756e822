//! All SQL of the room.

mod account;
mod away;
mod mandates;
mod people;
mod places;
mod protection;
mod secrets;
mod staff;
mod standing;
mod ways;

pub(crate) use account::*;
pub(crate) use away::*;
pub(crate) use mandates::*;
pub(crate) use people::*;
pub(crate) use places::*;
pub(crate) use protection::*;
pub(crate) use secrets::*;
pub(crate) use staff::*;
pub(crate) use standing::*;
pub(crate) use ways::*;
