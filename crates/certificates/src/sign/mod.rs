//! Signing PDFs so that any reader can check them (ETSI.CAdES.detached, PAdES B-B and B-T), and checking our own off line.

pub(crate) mod chain;
pub(crate) mod check;
pub(crate) mod cms;
pub(crate) mod pdf;
pub(crate) mod stamp;

pub use check::{Checked, Doubt, check_pdf};
pub use pdf::{Seal, seal};
pub use stamp::Stamp;

#[cfg(test)]
pub(crate) mod tests;
