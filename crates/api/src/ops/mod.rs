//! The operations, one file per group.

pub(crate) mod acts;
pub(crate) mod cases;
pub(crate) mod certificates;
pub(crate) mod files;
pub(crate) mod items;
pub(crate) mod lines;
mod look;
pub(crate) mod matters;
pub(crate) mod notices;
pub(crate) mod plans;
pub(crate) mod seen;
pub(crate) mod sessions;
pub(crate) mod space;
pub(crate) mod tasks;
pub(crate) mod term;
pub(crate) mod verifications;
