//! Signing PDFs so that any reader can check them (ETSI.CAdES.detached, PAdES B-B and B-T) and OFDs, and checking our own off line.

pub(crate) mod chain;
pub(crate) mod check;
mod check_ofd;
pub(crate) mod cms;
mod ofd;
pub(crate) mod pdf;
pub(crate) mod stamp;

pub use check::{Checked, Doubt, check_file, check_pdf};
pub use check_ofd::check_ofd;
pub use ofd::seal_ofd;
pub use pdf::{Seal, seal};
pub use stamp::Stamp;

#[cfg(test)]
mod tampering;
#[cfg(test)]
pub(crate) mod tests;
#[cfg(test)]
mod tests_ofd;
#[cfg(test)]
mod tests_outside;
