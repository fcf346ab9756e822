//! What `yimen` can do besides serving.

pub mod backup;
pub mod certificates;
pub mod courier;
pub mod doctor;
pub mod due;
pub mod equipment;
pub mod hall;
pub mod lint;
pub mod pack;
pub mod payment;
pub mod plan;
pub mod reader;
pub mod records;
pub mod verify;
pub mod whatif;

use kernel::{Fault, Lang};

/// The language that a command was told to speak.
///
/// # Errors
/// A [`Fault`] that says which there are.
pub fn lang(tag: &str) -> Result<Lang, Fault> {
    Lang::from_tag(tag).ok_or_else(|| Fault::new(format!("{tag:?}: zh-CN or en")))
}
