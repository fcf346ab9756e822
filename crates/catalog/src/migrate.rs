//! How a running case of an earlier version goes on when an item has a newer one (DESIGN §4): moved over where the
//! newer version says so, else finished under the version it was filed under.

use crate::{ItemVersionId, Published, store};
use ::store::Store;
use kernel::Fault;
use std::collections::BTreeMap;

/// The way from one version to a later one.
#[derive(Debug, Clone, PartialEq)]
pub struct Path {
    /// The version to move to.
    pub to: ItemVersionId,
    /// Its number.
    pub version: i64,
    /// Steps that are called something else now, old → new.
    pub steps: BTreeMap<String, String>,
    /// Form fields that are called something else now, old → new.
    pub fields: BTreeMap<String, String>,
    /// Papers that are called something else now, old → new.
    pub materials: BTreeMap<String, String>,
}

impl Path {
    /// What a step is called in the new version.
    pub fn step<'a>(&'a self, old: &'a str) -> &'a str {
        self.steps.get(old).map_or(old, String::as_str)
    }

    /// What a form field is called in the new version.
    pub fn field<'a>(&'a self, old: &'a str) -> &'a str {
        self.fields.get(old).map_or(old, String::as_str)
    }
}

/// How a running case of `from_version` of an item goes on: the way to the latest version that can be reached by
/// versions which take it over one after another; `None` when it stays.
///
/// # Errors
/// A fault of the store.
pub async fn migration(store: &Store, item_key: &str, from_version: i64) -> Result<Option<Path>, Fault> {
    Ok(way(&store::later(store, item_key, from_version).await?, from_version))
}

/// The way through `later`, the versions after `from` in their order.
fn way(later: &[Published], from: i64) -> Option<Path> {
    let (mut at, mut path): (i64, Option<Path>) = (from, None);
    loop {
        // Directly to the latest that takes this version over; several hops only where there is no direct way.
        let next = later.iter().rev().find(|p| p.version > at && takes(p, at));
        let Some(next) = next else { return path };
        let migration = next.item.migration.clone().unwrap_or_default();
        path = Some(Path {
            to: next.id,
            version: next.version,
            steps: chain(path.as_ref().map(|p| &p.steps), &migration.steps),
            fields: chain(path.as_ref().map(|p| &p.fields), &migration.fields),
            materials: chain(path.as_ref().map(|p| &p.materials), &migration.materials),
        });
        at = next.version;
    }
}

fn takes(published: &Published, version: i64) -> bool {
    published.item.migration.as_ref().is_some_and(|m| m.from.contains(&version))
}

/// Names changed by `before`, then by `then`.
fn chain(
    before: Option<&BTreeMap<String, String>>,
    then: &BTreeMap<String, String>,
) -> BTreeMap<String, String> {
    let mut all: BTreeMap<String, String> = before
        .into_iter()
        .flatten()
        .map(|(old, mid)| (old.clone(), then.get(mid).unwrap_or(mid).clone()))
        .collect();
    for (mid, new) in then {
        let renamed = before.is_some_and(|b| b.values().any(|v| v == mid));
        if !renamed {
            all.entry(mid.clone()).or_insert_with(|| new.clone());
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect()
    }

    #[test]
    fn names_are_followed_through_several_versions() {
        let all = chain(Some(&map(&[("a", "b"), ("x", "y")])), &map(&[("b", "c"), ("m", "n")]));
        assert_eq!(all, map(&[("a", "c"), ("m", "n"), ("x", "y")]));
        assert_eq!(chain(None, &map(&[("a", "b")])), map(&[("a", "b")]));
    }
}
