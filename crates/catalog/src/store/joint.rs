//! What is shared and the joint matters, as they are now.

use crate::shared::Kept;
use crate::{MatterTheme, Shared, search};
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

/// What was shared when its content had this hash.
///
/// # Errors
/// A fault of the store.
pub async fn shared_version(store: &Store, hash: &str) -> Result<Option<Arc<Shared>>, Fault> {
    if let Some(known) = SHARED.get(hash) {
        return Ok(Some(known));
    }
    let sql = "SELECT body FROM catalog_knowledge_version WHERE hash = $1";
    let Some((body,)) = store.row::<(String,)>(sql, params![hash]).await? else { return Ok(None) };
    let kept: Kept = serde_json::from_str(&body).map_err(|e| Fault::from("reading what was shared", e))?;
    Ok(Some(SHARED.put(hash.to_owned(), kept.shared())))
}

pub(crate) fn put_shared(cx: &mut Cx, (body, hash): (String, String), old: Option<&str>) {
    let now = cx.now;
    // What comes back to an earlier content has its version already.
    cx.commit.exec_any(
        "INSERT INTO catalog_knowledge_version (hash, body, published_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        params![hash, body, now],
    );
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

/// A joint matter with the hash of its content, by which it is found again when it has changed.
#[derive(Debug, Clone)]
pub struct ThemeVersion {
    /// The joint matter.
    pub theme: Arc<MatterTheme>,
    /// The hash of its content.
    pub hash: String,
}

/// A joint matter, by its id.
///
/// # Errors
/// A fault of the store.
pub async fn find_theme(store: &Store, id: &str) -> Result<Option<Arc<MatterTheme>>, Fault> {
    Ok(current_theme(store, id).await?.map(|found| found.theme))
}

/// A joint matter as it is now, by its id, with the hash to keep beside what is filed under it.
///
/// # Errors
/// A fault of the store.
pub async fn current_theme(store: &Store, id: &str) -> Result<Option<ThemeVersion>, Fault> {
    if !is_word(id) {
        return Ok(None);
    }
    let sql = "SELECT hash, body FROM catalog_theme WHERE id = $1";
    let Some((hash, body)) = store.row::<(String, String)>(sql, params![id]).await? else { return Ok(None) };
    Ok(Some(ThemeVersion { theme: theme(hash.clone(), &body)?, hash }))
}

/// A joint matter as it was when its content had this hash.
///
/// # Errors
/// A fault of the store.
pub async fn find_theme_version(
    store: &Store,
    id: &str,
    hash: &str,
) -> Result<Option<Arc<MatterTheme>>, Fault> {
    if !is_word(id) || !is_word(hash) {
        return Ok(None);
    }
    let sql = "SELECT body FROM catalog_theme_version WHERE id = $1 AND hash = $2";
    let row: Option<(String,)> = store.row(sql, params![id, hash]).await?;
    row.map(|(body,)| theme(hash.to_owned(), &body)).transpose()
}

/// Whether it may be an id or a hash.
fn is_word(text: &str) -> bool {
    text.len() <= 130 && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
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

/// The joint matters that fit `q`, best first: those that hold more than half of its words.
///
/// # Errors
/// A fault of the store.
pub async fn search_themes(store: &Store, q: &str, limit: usize) -> Result<Vec<Arc<MatterTheme>>, Fault> {
    let words = search::question(q);
    let mut found = Vec::new();
    for theme in themes(store).await? {
        let (held, weight) = search::fit(&theme, &words);
        if held * 2 > words.len() {
            found.push((held, weight, theme));
        }
    }
    found.sort_by(|a, b| (b.0, b.1, &a.2.id).cmp(&(a.0, a.1, &b.2.id)));
    Ok(found.into_iter().take(limit).map(|(_, _, theme)| theme).collect())
}

/// The hash of a joint matter as it stands on the shelf.
pub(crate) async fn theme_hash(store: &Store, id: &str) -> Result<Option<String>, Fault> {
    let sql = "SELECT hash FROM catalog_theme WHERE id = $1";
    Ok(store.row::<(String,)>(sql, params![id]).await?.map(|(hash,)| hash))
}

pub(crate) fn put_theme(cx: &mut Cx, id: &str, (body, hash): (String, String), old: Option<&str>) {
    let now = cx.now;
    cx.commit.exec_any(
        "INSERT INTO catalog_theme_version (id, hash, body, published_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
        params![id, hash, body, now],
    );
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
