//! Which halls offer something, around a place.

use crate::model::{Equipped, HallCode};
use crate::rules::cells;
use ::store::{Store, Value, params};
use kernel::Fault;

/// Which of the halls that offer it are looked for.
#[derive(Debug, Clone, Default)]
pub(crate) struct Which {
    /// Words that they stand under: an item, or everything of a place.
    pub(crate) words: Vec<String>,
    /// What they must be equipped with.
    pub(crate) with: Equipped,
    /// Only those with one of these hours.
    pub(crate) hours: Option<Vec<String>>,
}

/// Halls that stand under one of these words — an item, or everything of a place — in the squares of `level` around a place: one range of
/// one index for each square and word; so many rows of each at most. Equipment and hours are read from the same index.
pub(crate) async fn offering(
    store: &Store,
    which: &Which,
    at: (i64, i64),
    level: u32,
    each: i64,
) -> Result<Vec<(HallCode, i64)>, Fault> {
    let mut params: Vec<Value> = params![each];
    params.extend(which.words.iter().map(::store::ToValue::to_value));
    let words = 2..which.words.len() + 2;
    let mut only = String::new();
    if !which.with.is_empty() {
        params.extend(params![which.with.bits()]);
        let bits = params.len();
        only = format!(" AND (equipment & ${bits}) = ${bits}");
    }
    if let Some(hours) = &which.hours {
        let first = params.len() + 1;
        params.extend(hours.iter().map(::store::ToValue::to_value));
        let marks: Vec<String> = (first..=params.len()).map(|n| format!("${n}")).collect();
        only.push_str(&format!(" AND hours IN ({})", marks.join(", ")));
    }
    let mut parts = Vec::new();
    for (from, to) in cells::around(at.0, at.1, level) {
        params.extend(params![from, to]);
        let (from, to) = (params.len() - 1, params.len());
        for word in words.clone() {
            parts.push(format!(
                "SELECT hall, cell FROM (SELECT hall, cell FROM hall_offer WHERE item = ${word} AND cell >= ${from} \
                 AND cell < ${to}{only} ORDER BY cell LIMIT $1) AS s{from}"
            ));
        }
    }
    store.rows(&parts.join(" UNION ALL "), params).await
}

/// So many different hours are looked at: a country's halls have a few hundred.
const HOURS_MAX: i64 = 2_000;

/// The different hours that halls have, or had before an import.
pub(crate) async fn all_hours(store: &Store) -> Result<Vec<(String,)>, Fault> {
    store.rows("SELECT hours FROM hall_hours ORDER BY hours LIMIT $1", params![HOURS_MAX]).await
}
