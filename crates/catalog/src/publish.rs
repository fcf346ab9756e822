//! Publishing a pack: each item whose content is new becomes a version.

use crate::{ItemVersionId, Pack, store};
use ::store::Cx;
use kernel::{Outcome, Refusal, RefusalKind};

/// Publishes the pack's items; answers the version of each, new or old. What is already published word for word makes
/// no new version.
///
/// # Errors
/// A refusal when an item's code belongs to another one, or a fault of the store.
pub async fn publish(cx: &mut Cx, pack: &Pack) -> Outcome<Vec<ItemVersionId>> {
    let mut versions = Vec::with_capacity(pack.items.len());
    for item in &pack.items {
        let shelf = store::shelf(cx.store(), item).await?;
        if let Some(other) = shelf.iter().find(|s| s.key != item.key) {
            return Err(Refusal::new(
                RefusalKind::Conflict,
                "catalog.code-taken",
                format!("编码 {} 已属于事项“{}”，不能用于“{}”。", item.code, other.key, item.key),
                format!(
                    "The code {} belongs to the item `{}` and cannot be that of `{}`.",
                    item.code, other.key, item.key
                ),
            )
            .next("请改正 item.yaml 中的 code。", "Correct `code` in item.yaml.")
            .into());
        }
        let content = store::content(item, &pack.shared)?;
        match shelf.first() {
            Some(old) if old.hash == content.1 => versions.push(old.current),
            old => versions.push(store::put(cx, item, content, old)),
        }
    }
    Ok(versions)
}
