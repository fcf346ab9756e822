//! Publishing a pack: each item whose content is new becomes a version.

use crate::shared::Kept;
use crate::{ItemVersionId, MatterTheme, Pack, store};
use ::store::Cx;
use kernel::{Outcome, Refusal, RefusalKind};

/// Publishes the pack: its items, its joint matters, and what they share; answers the version of each, new or old. What is already published word for word makes
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
    share(cx, pack).await?;
    let own: Vec<&str> = pack.items.iter().map(|i| i.key.as_str()).collect();
    for theme in &pack.themes {
        put_theme(cx, theme, &own).await?;
    }
    Ok(versions)
}

/// Registers, elements and papers as they are from now on.
async fn share(cx: &mut Cx, pack: &Pack) -> Outcome<()> {
    let old = store::shared_hash(cx.store()).await?;
    let now = store::shared(cx.store()).await?;
    let content = store::written(&Kept::with(&now, &pack.shared))?;
    if old.as_ref() != Some(&content.1) {
        store::put_shared(cx, content, old.as_deref());
    }
    Ok(())
}

/// Publishes one joint matter whose items stand on the shelf.
///
/// # Errors
/// A refusal when it names an item that nobody published, or a fault of the store.
pub async fn publish_theme(cx: &mut Cx, theme: &MatterTheme) -> Outcome<()> {
    put_theme(cx, theme, &[]).await
}

async fn put_theme(cx: &mut Cx, theme: &MatterTheme, own: &[&str]) -> Outcome<()> {
    let wanted = theme.members.iter().map(|m| m.item.as_str()).filter(|k| !own.contains(k));
    let wanted: Vec<&str> = wanted.collect();
    let there = store::on_shelf(cx.store(), &wanted).await?;
    if let Some(unknown) = wanted.iter().find(|k| !there.iter().any(|t| t == *k)) {
        return Err(Refusal::new(
            RefusalKind::Conflict,
            "catalog.theme-member-unknown",
            format!("一件事“{}”里的事项“{unknown}”还没有发布。", theme.id),
            format!("The joint matter `{}` names the item `{unknown}`, which is not published.", theme.id),
        )
        .next(
            "请先发布这个事项，或者放进同一个包。",
            "Publish that item first, or put it into the same pack.",
        )
        .into());
    }
    let content = store::written(theme)?;
    let old = store::theme_hash(cx.store(), &theme.id).await?;
    if old.as_ref() != Some(&content.1) {
        store::put_theme(cx, &theme.id, content, old.as_deref());
    }
    Ok(())
}
