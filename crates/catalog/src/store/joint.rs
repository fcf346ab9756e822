//! What is shared and the joint matters, as they are now.

use crate::shared::Kept;
use crate::{MatterTheme, Shared};
use ::store::{Cx, Store, params};
use kernel::Fault;
use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

/// More joint matters than this are not offered at once.
const THEMES_MAX: usize = 500;

/// By the hash of their content, so that nothing found here can be stale.
struct Cache<T>(LazyLock<Mutex<HashMap<String, Arc<T>>>>);

static SHARED: Cache<Shared> = Cache(LazyLock::new(Mutex::default));
static THEMES: Cache<MatterTheme> = Cache(LazyLock::new(Mutex::default));

impl<T> Cache<T> {
    fn get(&self, hash: &str) -> Option<Arc<T>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(hash).cloned()
    }

    fn put(&self, hash: String, value: T) -> Arc<T> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() > THEMES_MAX {
            known.clear();
        }
        known.entry(hash).or_insert_with(|| Arc::new(value)).clone()
    }
}

/// The hash of what is shared now; nothing before the first pack.
pub(crate) async fn shared_hash(store: &Store) -> Result<Option<String>, Fault> {
    let sql = "SELECT hash FROM catalog_knowledge WHERE id = 'current'";
    Ok(store.row::<(String,)>(sql, params![]).await?.map(|(hash,)| hash))
}

/// All registers, data elements and kinds of paper, as they are now; empty before the first pack is published.
///
/// # Errors
/// A fault of the store.
pub async fn shared(store: &Store) -> Result<Arc<Shared>, Fault> {
    let Some(hash) = shared_hash(store).await? else { return Ok(Arc::default()) };
    if let Some(known) = SHARED.get(&hash) {
        return Ok(known);
    }
    let sql = "SELECT hash, body FROM catalog_knowledge WHERE id = 'current'";
    let row: Option<(String, String)> = store.row(sql, params![]).await?;
    let Some((hash, body)) = row else { return Ok(Arc::default()) };
    let kept: Kept = serde_json::from_str(&body).map_err(|e| Fault::from("reading what is shared", e))?;
    Ok(SHARED.put(hash, kept.shared()))
}

/// The dictionary of papers, as it is now; empty before the first pack is published.
///
/// # Errors
/// A fault of the store.
pub async fn knowledge(store: &Store) -> Result<Arc<crate::Knowledge>, Fault> {
    Ok(shared(store).await?.knowledge.clone())
}

pub(crate) fn put_shared(cx: &mut Cx, (body, hash): (String, String), old: Option<&str>) {
    let now = cx.now;
    match old {
        None => cx.commit.exec(
            "INSERT INTO catalog_knowledge (id, hash, body, published_at) VALUES ('current', $1, $2, $3)",
            params![hash, body, now],
        ),
        Some(old) => cx.commit.exec(
            "UPDATE catalog_knowledge SET hash = $1, body = $2, published_at = $3 WHERE id = 'current' AND hash = $4",
            params![hash, body, now, old],
        ),
    };
}

fn theme(hash: String, body: &str) -> Result<Arc<MatterTheme>, Fault> {
    if let Some(known) = THEMES.get(&hash) {
        return Ok(known);
    }
    let mut theme: MatterTheme =
        serde_json::from_str(body).map_err(|e| Fault::from("reading a joint matter", e))?;
    crate::pack::recompile_theme(&mut theme);
    Ok(THEMES.put(hash, theme))
}

/// A joint matter, by its id.
///
/// # Errors
/// A fault of the store.
pub async fn find_theme(store: &Store, id: &str) -> Result<Option<Arc<MatterTheme>>, Fault> {
    if id.len() > 60 || !id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') {
        return Ok(None);
    }
    let sql = "SELECT hash, body FROM catalog_theme WHERE id = $1";
    let row: Option<(String, String)> = store.row(sql, params![id]).await?;
    row.map(|(hash, body)| theme(hash, &body)).transpose()
}

/// All joint matters, by id.
///
/// # Errors
/// A fault of the store.
pub async fn themes(store: &Store) -> Result<Vec<Arc<MatterTheme>>, Fault> {
    let sql = format!("SELECT hash, body FROM catalog_theme ORDER BY id LIMIT {THEMES_MAX}");
    let rows: Vec<(String, String)> = store.rows(&sql, params![]).await?;
    rows.into_iter().map(|(hash, body)| theme(hash, &body)).collect()
}

/// The hash of a joint matter as it stands on the shelf.
pub(crate) async fn theme_hash(store: &Store, id: &str) -> Result<Option<String>, Fault> {
    let sql = "SELECT hash FROM catalog_theme WHERE id = $1";
    Ok(store.row::<(String,)>(sql, params![id]).await?.map(|(hash,)| hash))
}

pub(crate) fn put_theme(cx: &mut Cx, id: &str, (body, hash): (String, String), old: Option<&str>) {
    let now = cx.now;
    match old {
        None => cx.commit.exec(
            "INSERT INTO catalog_theme (id, hash, body, published_at) VALUES ($1, $2, $3, $4)",
            params![id, hash, body, now],
        ),
        Some(old) => cx.commit.exec(
            "UPDATE catalog_theme SET hash = $2, body = $3, published_at = $4 WHERE id = $1 AND hash = $5",
            params![id, hash, body, now, old],
        ),
    };
}
