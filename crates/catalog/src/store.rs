//! All SQL of the catalog.

mod joint;

pub use joint::{
    ThemeVersion, current_theme, find_theme, find_theme_version, knowledge, search_themes, shared,
    shared_version, themes,
};
pub(crate) use joint::{put_shared, put_theme, shared_hash, theme_hash};

use crate::search as words;
use crate::shared::Kept;
use crate::{Audience, Item, ItemVersionId, Shared};
use ::store::{Cx, Migrations, Store, ToValue, Value, params, row};
use kernel::{AgencyCode, Fault, Text, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

/// The catalog's tables.
pub const MIGRATIONS: Migrations = Migrations {
    room: "catalog",
    steps: &[
        ("V1__catalog", include_str!("../migrations/V1__catalog.sql")),
        ("V2__joint", include_str!("../migrations/V2__joint.sql")),
        ("V3__versions", include_str!("../migrations/V3__versions.sql")),
    ],
};

/// So many compiled versions are kept in memory.
const CACHE_MAX: usize = 2_000;
/// A list's page when no limit is given, and the longest.
const PAGE: usize = 50;
const PAGE_MAX: usize = 200;

/// A published version of an item.
#[derive(Debug, Clone)]
pub struct Published {
    /// The version.
    pub id: ItemVersionId,
    /// The item, rules compiled.
    pub item: Arc<Item>,
    /// The registers and elements it was published with.
    pub shared: Arc<Shared>,
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

row! {
    struct ItemRow { key: String, code: String, agency: String, name_zh: String, name_en: String, what_zh: String, what_en: String, id: ItemVersionId }
}

const LISTED: &str = "SELECT i.item_key, i.code, i.agency, i.name_zh, i.name_en, i.what_zh, i.what_en, i.current_version FROM catalog_item i";

impl ItemRow {
    fn listed(self) -> Result<Listed, Fault> {
        let agency = AgencyCode::parse(&self.agency)
            .ok_or_else(|| Fault::new(format!("{:?} is no agency's code", self.agency)))?;
        Ok(Listed {
            key: self.key,
            code: self.code,
            name: Text::new(self.name_zh, self.name_en),
            what: Text::new(self.what_zh, self.what_en),
            agency,
            id: self.id,
        })
    }
}

row! {
    struct VersionRow { id: ItemVersionId, version: i64, hash: String, published_at: Timestamp }
}

/// What is kept of a version.
#[derive(Serialize, Deserialize)]
struct Body {
    item: Item,
    shared: Kept,
}

type Cached = (Arc<Item>, Arc<Shared>);

/// Compiled versions by the hash of their content: what is found there can never be stale.
static CACHE: LazyLock<Mutex<HashMap<String, Cached>>> = LazyLock::new(Mutex::default);

async fn published(store: &Store, row: VersionRow) -> Result<Published, Fault> {
    let known = CACHE.lock().unwrap_or_else(PoisonError::into_inner).get(&row.hash).cloned();
    let (item, shared) = match known {
        Some(known) => known,
        None => {
            let sql = "SELECT body FROM catalog_version WHERE id = $1";
            let body: Option<(String,)> = store.row(sql, params![row.id]).await?;
            let (body,) = body.ok_or_else(|| Fault::new("a version of an item has gone"))?;
            let compiled = compile(&body)?;
            let mut cache = CACHE.lock().unwrap_or_else(PoisonError::into_inner);
            if cache.len() >= CACHE_MAX {
                cache.clear();
            }
            cache.insert(row.hash, compiled.clone());
            compiled
        }
    };
    Ok(Published { id: row.id, item, shared, version: row.version, published_at: row.published_at })
}

fn compile(body: &str) -> Result<Cached, Fault> {
    let body: Body = serde_json::from_str(body).map_err(|e| Fault::from("reading a published item", e))?;
    let (mut item, shared) = (body.item, body.shared.shared());
    crate::pack::recompile(&mut item, &shared)
        .map_err(|c| Fault::new(format!("the published item {} no longer compiles: {c:?}", item.key)))?;
    Ok((Arc::new(item), Arc::new(shared)))
}

const VERSION: &str = "SELECT v.id, v.version, v.hash, v.published_at FROM catalog_version v";

/// The current version of an item, by key or code.
///
/// # Errors
/// A fault of the store.
pub async fn find(store: &Store, key_or_code: &str) -> Result<Option<Published>, Fault> {
    if key_or_code.len() > 60 || !key_or_code.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') {
        return Ok(None);
    }
    // A key holds no capitals and at most 60 characters; a code is 31 long and begins with a digit or capital.
    let column = if key_or_code.len() == 31 && !key_or_code.contains('-') { "code" } else { "item_key" };
    let sql = format!("{VERSION} JOIN catalog_item i ON i.current_version = v.id WHERE i.{column} = $1");
    match store.row::<VersionRow>(&sql, params![key_or_code]).await? {
        Some(row) => published(store, row).await.map(Some),
        None => Ok(None),
    }
}

/// A version; compiled once, for it never changes.
///
/// # Errors
/// A fault of the store.
pub async fn version(store: &Store, id: ItemVersionId) -> Result<Option<Published>, Fault> {
    match store.row::<VersionRow>(&format!("{VERSION} WHERE v.id = $1"), params![id]).await? {
        Some(row) => published(store, row).await.map(Some),
        None => Ok(None),
    }
}

/// The versions of an item after `version`, oldest first: what a running case may move over to.
pub(crate) async fn later(store: &Store, key: &str, version: i64) -> Result<Vec<Published>, Fault> {
    let sql = format!("{VERSION} WHERE v.item_key = $1 AND v.version > $2 ORDER BY v.version");
    let mut found = Vec::new();
    for row in store.rows::<VersionRow>(&sql, params![key, version]).await? {
        found.push(published(store, row).await?);
    }
    Ok(found)
}

/// The items that fit: by key, or best first when words are searched for (then without pages).
///
/// # Errors
/// A fault of the store.
pub async fn list(store: &Store, filter: &Filter) -> Result<Vec<Listed>, Fault> {
    let limit = if filter.limit == 0 { PAGE } else { filter.limit.min(PAGE_MAX) };
    let mut values: Vec<Value> = Vec::new();
    let mut conditions: Vec<String> = Vec::new();
    for tag in tags_of(filter) {
        values.push(tag.to_value());
        conditions.push(format!(
            "EXISTS (SELECT 1 FROM catalog_tag t WHERE t.tag = ${} AND t.version_id = i.current_version)",
            values.len()
        ));
    }
    let best = match filter.q.as_deref().map(str::trim).filter(|q| !q.is_empty()) {
        None => None,
        Some(q) => {
            let ids = ranked(store, q, PAGE_MAX).await?;
            if ids.is_empty() {
                return Ok(Vec::new());
            }
            let marks = ids.iter().map(|id| {
                values.push(id.to_value());
                format!("${}", values.len())
            });
            conditions.push(format!("i.current_version IN ({})", marks.collect::<Vec<_>>().join(", ")));
            Some(ids)
        }
    };
    if let (Some(after), None) = (&filter.after, &best) {
        values.push(after.replace('\0', "").to_value());
        conditions.push(format!("i.item_key > ${}", values.len()));
    }
    let all =
        if conditions.is_empty() { String::new() } else { format!(" WHERE {}", conditions.join(" AND ")) };
    let most = if best.is_some() { PAGE_MAX } else { limit };
    let sql = format!("{LISTED}{all} ORDER BY i.item_key LIMIT {most}");
    let rows = store.rows::<ItemRow>(&sql, values).await?;
    let mut listed = rows.into_iter().map(ItemRow::listed).collect::<Result<Vec<_>, _>>()?;
    if let Some(ids) = best {
        listed.sort_by_key(|l| ids.iter().position(|id| *id == l.id));
        listed.truncate(limit);
    }
    Ok(listed)
}

/// The items that fit `q`, best first: Chinese, pinyin, initials, code.
///
/// # Errors
/// A fault of the store.
pub async fn search(store: &Store, q: &str, limit: usize) -> Result<Vec<Listed>, Fault> {
    if q.trim().is_empty() {
        return Ok(Vec::new());
    }
    list(store, &Filter { q: Some(q.to_owned()), limit, ..Filter::default() }).await
}

/// The versions that hold the words of `q`, best first; those with less than half of the best one's words are left out.
async fn ranked(store: &Store, q: &str, limit: usize) -> Result<Vec<ItemVersionId>, Fault> {
    if q.len() == 31 && q.bytes().all(|b| b.is_ascii_alphanumeric()) {
        let sql = "SELECT current_version FROM catalog_item WHERE code = $1";
        let found: Option<(ItemVersionId,)> = store.row(sql, params![q.to_ascii_uppercase()]).await?;
        return Ok(found.map(|(id,)| id).into_iter().collect());
    }
    let words = words::question(q);
    if words.is_empty() {
        return Ok(Vec::new());
    }
    let marks: Vec<String> = (1..=words.len()).map(|n| format!("${n}")).collect();
    let sql = format!(
        "SELECT version_id, COUNT(*), CAST(SUM(weight) AS BIGINT) FROM catalog_word WHERE word IN ({}) \
         GROUP BY version_id ORDER BY 2 DESC, 3 DESC, 1 LIMIT {limit}",
        marks.join(", ")
    );
    let values = words.iter().map(ToValue::to_value).collect();
    let found: Vec<(ItemVersionId, i64, i64)> = store.rows(&sql, values).await?;
    let best = found.first().map_or(0, |(_, count, _)| *count);
    Ok(found.into_iter().filter(|(_, count, _)| count * 2 >= best).map(|(id, _, _)| id).collect())
}

fn tags_of(filter: &Filter) -> Vec<String> {
    let audience = filter.audience.map(|a| format!("audience:{}", audience_word(a)));
    // PostgreSQL refuses U+0000 in any text; no theme has one.
    let theme = filter.theme.as_ref().map(|t| format!("theme:{}", t.replace('\0', "?")));
    let agency = filter.agency.as_ref().map(|a| format!("agency:{a}"));
    [audience, theme, agency].into_iter().flatten().collect()
}

fn audience_word(audience: Audience) -> &'static str {
    match audience {
        Audience::Person => "person",
        Audience::Organisation => "organisation",
    }
}

/// Everything an item is listed under: its agency counts for every agency that it is a part of.
fn tags(item: &Item) -> Vec<String> {
    let mut tags: Vec<String> =
        item.audience.iter().map(|a| format!("audience:{}", audience_word(*a))).collect();
    tags.extend(item.themes.iter().map(|t| format!("theme:{t}")));
    tags.extend(item.renews.iter().map(|r| format!("renews:{}", r.certificate)));
    let agency = item.agency.as_str();
    let ends = agency.match_indices('.').map(|(i, _)| i).chain([agency.len()]);
    tags.extend(ends.filter_map(|end| agency.get(..end)).map(|part| format!("agency:{part}")));
    tags.sort();
    tags.dedup();
    tags
}

/// The item that prolongs certificates of this kind (延续), by its key.
///
/// # Errors
/// A fault of the store.
pub async fn renewing(store: &Store, certificate: &str) -> Result<Option<String>, Fault> {
    let sql = "SELECT i.item_key FROM catalog_tag t JOIN catalog_item i ON i.current_version = t.version_id \
               WHERE t.tag = $1 ORDER BY i.item_key LIMIT 1";
    let found: Option<(String,)> = store.row(sql, params![format!("renews:{certificate}")]).await?;
    Ok(found.map(|(key,)| key))
}

/// The tags of one kind that are in use, with how many items have them: `theme`, `agency`.
///
/// # Errors
/// A fault of the store.
pub async fn tags_in_use(store: &Store, kind: &str) -> Result<Vec<(String, i64)>, Fault> {
    let sql = "SELECT tag, COUNT(*) FROM catalog_tag WHERE tag >= $1 AND tag < $2 GROUP BY tag ORDER BY tag LIMIT 200";
    let rows: Vec<(String, i64)> = store.rows(sql, params![format!("{kind}:"), format!("{kind};")]).await?;
    Ok(rows.into_iter().filter_map(|(tag, n)| Some((tag.split_once(':')?.1.to_owned(), n))).collect())
}

row! {
    /// What stands on the shelf for a key or code.
    pub(crate) struct Shelf { pub key: String, pub code: String, pub current: ItemVersionId, pub version: i64, pub hash: String }
}

/// The rows that an item's key or code already has.
pub(crate) async fn shelf(store: &Store, item: &Item) -> Result<Vec<Shelf>, Fault> {
    let sql = "SELECT i.item_key, i.code, i.current_version, i.version, v.hash FROM catalog_item i \
               JOIN catalog_version v ON v.id = i.current_version WHERE i.item_key = $1 OR i.code = $2";
    store.rows(sql, params![item.key, item.code]).await
}

/// The content of an item as it is kept, and its hash.
pub(crate) fn content(item: &Item, shared: &Shared) -> Result<(String, String), Fault> {
    written(&Body { item: item.clone(), shared: Kept::of(item, shared) })
}

/// Something as it is kept, and its hash.
pub(crate) fn written(value: &impl Serialize) -> Result<(String, String), Fault> {
    use sha2::Digest;
    let body = serde_json::to_string(value).map_err(|e| Fault::from("writing what is published", e))?;
    let hash = hex::encode(sha2::Sha256::digest(body.as_bytes()));
    Ok((body, hash))
}

/// Which of these items stand on the shelf.
pub(crate) async fn on_shelf(store: &Store, keys: &[&str]) -> Result<Vec<String>, Fault> {
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let marks: Vec<String> = (1..=keys.len()).map(|n| format!("${n}")).collect();
    let sql = format!("SELECT item_key FROM catalog_item WHERE item_key IN ({})", marks.join(", "));
    let rows: Vec<(String,)> = store.rows(&sql, keys.iter().map(|k| k.to_value()).collect()).await?;
    Ok(rows.into_iter().map(|(key,)| key).collect())
}

/// Puts a new version on the shelf in place of `old`.
pub(crate) fn put(cx: &mut Cx, item: &Item, content: (String, String), old: Option<&Shelf>) -> ItemVersionId {
    let id: ItemVersionId = cx.new_id();
    let version = old.map_or(1, |o| o.version + 1);
    let (body, hash) = content;
    let now = cx.now;
    cx.commit.exec(
        "INSERT INTO catalog_version (id, item_key, version, hash, body, published_at) VALUES ($1, $2, $3, $4, $5, $6)",
        params![id, item.key, version, hash, body, now],
    );
    let (name, what) = (&item.name, &item.what);
    let mut values =
        params![item.key, item.code, item.agency.as_str(), name.zh, name.en, what.zh, what.en, id, version];
    match old {
        None => cx.commit.exec(
            "INSERT INTO catalog_item (item_key, code, agency, name_zh, name_en, what_zh, what_en, current_version, version) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            values,
        ),
        Some(old) => {
            values.push(old.version.to_value());
            cx.commit.exec(
                "UPDATE catalog_item SET code = $2, agency = $3, name_zh = $4, name_en = $5, what_zh = $6, what_en = $7, \
                 current_version = $8, version = $9 WHERE item_key = $1 AND version = $10",
                values,
            )
        }
    };
    if let Some(old) = old {
        cx.commit.exec_any("DELETE FROM catalog_word WHERE version_id = $1", params![old.current]);
        cx.commit.exec_any("DELETE FROM catalog_tag WHERE version_id = $1", params![old.current]);
    }
    let words: Vec<(String, i64)> = words::index(item).into_iter().collect();
    for chunk in words.chunks(50) {
        let rows = (0..chunk.len()).map(|n| format!("(${}, ${}, ${})", n * 3 + 1, n * 3 + 2, n * 3 + 3));
        let sql = format!(
            "INSERT INTO catalog_word (word, version_id, weight) VALUES {}",
            rows.collect::<Vec<_>>().join(", ")
        );
        let values = chunk.iter().flat_map(|(word, weight)| params![word, id, *weight]).collect();
        cx.commit.exec_any(sql, values);
    }
    for tag in tags(item) {
        cx.commit.exec("INSERT INTO catalog_tag (tag, version_id) VALUES ($1, $2)", params![tag, id]);
    }
    id
}
