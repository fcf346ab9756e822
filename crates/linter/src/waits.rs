//! Dependencies of a theme that have no effect: a member is to wait for another, and nothing ever does.

use crate::index::Index;
use crate::{Report, Rule, Severity, reach};
use catalog::planner::last_by_people;
use catalog::{Depends, Item, MatterTheme, Then};
use kernel::Text;
use std::collections::BTreeSet;

/// Looks at every theme.
pub(crate) fn check(index: &Index<'_>, report: &mut Report) {
    for theme in index.stock.themes {
        for (d, depends) in theme.depends.iter().enumerate().filter(|(_, d)| d.then == Then::Waits) {
            let item = |key: &str| index.stock.items.iter().find(|i| i.key == key);
            let (Some(waits), Some(on)) = (item(&depends.item), item(&depends.on)) else { continue };
            let Some((why, fix)) = idle(index, theme, depends, waits, on) else { continue };
            let at = (theme.id.as_str(), format!("depends[{d}]"));
            report.add(Rule::DependencyWithoutEffect, Severity::Warning, at, why, fix);
        }
    }
}

/// Why nothing waits, and what to do.
fn idle(
    index: &Index<'_>,
    theme: &MatterTheme,
    depends: &Depends,
    waits: &Item,
    on: &Item,
) -> Option<(Text, Text)> {
    let (w, o) = (&waits.name, &on.name);
    let whens: Vec<_> =
        [&depends.item, &depends.on].into_iter().filter_map(|key| theme.member(key)?.when.as_ref()).collect();
    if reach::never_together(theme, &whens) {
        return Some((
            Text::new(
                format!("“{}”要等“{}”，但没有一种情形会同时办这两项。", w.zh, o.zh),
                format!("“{}” is to wait for “{}”, but no situation calls for both.", w.en, o.en),
            ),
            Text::new("请改正 when，或者删去这一条。", "Correct `when`, or drop the dependency."),
        ));
    }
    let paper = needs(waits, on);
    if !paper && depends.at.is_none() && last_by_people(&waits.process).is_none() {
        return Some((
            Text::new(
                format!(
                    "“{}”要等“{}”，但它没有人办理的步骤，也不要对方的证照，什么也不会停下来等。",
                    w.zh, o.zh
                ),
                format!(
                    "“{}” is to wait for “{}”, but no step of it is taken by people and no paper of it comes from there: nothing stops.",
                    w.en, o.en
                ),
            ),
            Text::new(
                "请用 at 写明在哪一步等，或者删去这一条。",
                "Say in `at` which step waits, or drop the dependency.",
            ),
        ));
    }
    (!paper && awaits(index, theme, &on.key, &waits.key)).then(|| {
        (
            Text::new(
                format!("“{}”要等“{}”，“{}”又在等它，等待不会生效。", w.zh, o.zh, o.zh),
                format!("“{}” is to wait for “{}”, which waits for it: the wait is dropped.", w.en, o.en),
            ),
            Text::new("请删去其中一条。", "Drop one of the two."),
        )
    })
}

/// Whether a paper of one item is a result of the other.
fn needs(item: &Item, maker: &Item) -> bool {
    let made = |word: &String| maker.results.iter().any(|r| r.certificate == *word);
    item.materials.iter().any(|m| m.produced_by.iter().chain(&m.certificate).any(made))
}

/// Whether a member waits for another by papers, by law or by the theme, directly or through others.
fn awaits(index: &Index<'_>, theme: &MatterTheme, from: &str, to: &str) -> bool {
    let mut seen = BTreeSet::new();
    let mut open = vec![from.to_owned()];
    while let Some(key) = open.pop() {
        if key == to {
            return true;
        }
        if !seen.insert(key.clone()) {
            continue;
        }
        let item = |key: &str| index.stock.items.iter().find(|i| i.key == key);
        let Some(here) = item(&key) else { continue };
        let others = theme.members.iter().filter_map(|m| item(&m.item)).filter(|o| o.key != key);
        open.extend(others.filter(|o| needs(here, o)).map(|o| o.key.clone()));
        open.extend(theme.member(&key).into_iter().flat_map(|m| &m.after).map(|a| a.item.clone()));
        let said = theme.depends.iter().filter(|d| d.item == key && d.then == Then::Waits);
        open.extend(said.map(|d| d.on.clone()));
    }
    false
}
