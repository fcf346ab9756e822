//! All SQL of the catalog.

use crate::{Audience, Item, ItemVersionId};
use ::store::{Migrations, Store};
use kernel::{AgencyCode, Fault, Text, Timestamp};
use std::sync::Arc;

/// The catalog's tables.
pub const MIGRATIONS: Migrations = Migrations { room: "catalog", steps: &[] };

/// A published version of an item.
#[derive(Debug, Clone)]
pub struct Published {
    /// The version.
    pub id: ItemVersionId,
    /// The item, rules compiled.
    pub item: Arc<Item>,
    /// 1, 2, 3 …
    pub version: i64,
    /// Since when.
    pub published_at: Timestamp,
}

/// What of the catalog is wanted.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// For whom.
    pub audience: Option<Audience>,
    /// Under which theme.
    pub theme: Option<String>,
    /// Of which agency, its parts included.
    pub agency: Option<AgencyCode>,
    /// Words searched for.
    pub q: Option<String>,
    /// The key after which the page begins.
    pub after: Option<String>,
    /// How many at most; 0 = 50.
    pub limit: usize,
}

/// An item in a list.
#[derive(Debug, Clone)]
pub struct Listed {
    /// Its key.
    pub key: String,
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: Text,
    /// What it is.
    pub what: Text,
    /// The agency.
    pub agency: AgencyCode,
    /// The current version.
    pub id: ItemVersionId,
}

/// The current version of an item, by key or code.
///
/// # Errors
/// A fault of the store.
pub async fn find(_store: &Store, _key_or_code: &str) -> Result<Option<Published>, Fault> {
    Err(Fault::new("not built yet"))
}

/// A version; cached, for it never changes.
///
/// # Errors
/// A fault of the store.
pub async fn version(_store: &Store, _id: ItemVersionId) -> Result<Option<Published>, Fault> {
    Err(Fault::new("not built yet"))
}

/// The items that fit, by key.
///
/// # Errors
/// A fault of the store.
pub async fn list(_store: &Store, _filter: &Filter) -> Result<Vec<Listed>, Fault> {
    Err(Fault::new("not built yet"))
}

/// The items that fit `q`, best first: Chinese, pinyin, initials, code.
///
/// # Errors
/// A fault of the store.
pub async fn search(_store: &Store, _q: &str, _limit: usize) -> Result<Vec<Listed>, Fault> {
    Err(Fault::new("not built yet"))
}
