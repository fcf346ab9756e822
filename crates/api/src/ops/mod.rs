//! The operations, one file per group.

pub(crate) mod acts;
pub(crate) mod appointments;
pub(crate) mod cases;
pub(crate) mod certificates;
pub(crate) mod deliveries;
pub(crate) mod files;
pub(crate) mod halls;
pub(crate) mod items;
pub(crate) mod lines;
mod look;
pub(crate) mod matters;
pub(crate) mod notices;
pub(crate) mod payments;
pub(crate) mod plans;
pub(crate) mod ratings;
pub(crate) mod seen;
pub(crate) mod sessions;
pub(crate) mod space;
pub(crate) mod tasks;
pub(crate) mod term;
pub(crate) mod verifications;
pub(crate) mod whatif;
