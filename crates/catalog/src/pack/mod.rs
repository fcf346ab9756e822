//! Packs: folders or zips of items, read and checked; every complaint says file, line and column.

use crate::Item;
use kernel::Text;
use std::path::Path;

/// What is wrong in a pack, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Complaint {
    /// The file, from the pack's root.
    pub file: String,
    /// The line, from 1; 0 when it is about the whole file.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// What is wrong and what to write.
    pub say: Text,
}

impl std::fmt::Display for Complaint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}:{}: {}", self.file, self.line, self.column, self.say.en)
    }
}

/// A checked pack: its items with their rules compiled.
#[derive(Debug, Clone, Default)]
pub struct Pack {
    /// The items, by key.
    pub items: Vec<Item>,
}

/// Loads a folder: one item's, or a tree of them.
///
/// # Errors
/// Everything that is wrong with it.
pub fn load(_dir: &Path) -> Result<Pack, Vec<Complaint>> {
    Ok(Pack::default())
}

/// Loads a zip of such a folder.
///
/// # Errors
/// Everything that is wrong with it.
pub fn load_zip(_bytes: &[u8]) -> Result<Pack, Vec<Complaint>> {
    Ok(Pack::default())
}

/// The JSON Schema of `item.yaml`, for editors.
pub fn schema() -> serde_json::Value {
    schemars::schema_for!(Item).to_value()
}
