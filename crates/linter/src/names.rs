//! One word for one thing: papers under two names, kinds and claims that the dictionary does not know.

use crate::index::Index;
use crate::{Report, Rule, Severity};
use catalog::{Material, MaterialKind};
use kernel::Text;
use std::collections::{BTreeMap, BTreeSet};

/// Looks at the dictionary and at every demand.
pub(crate) fn check(index: &Index<'_>, report: &mut Report) {
    let words = words(index);
    twice(index, &words, report);
    alike(index, report);
    for item in index.stock.items {
        for (m, material) in item.materials.iter().enumerate() {
            demand(index, &words, (&item.key, &format!("materials[{m}].kind")), material, report);
        }
    }
    for theme in index.stock.themes {
        let lists = theme.before.iter().flat_map(|b| &b.lists).enumerate();
        for (l, list) in lists {
            for (p, paper) in list.papers.iter().enumerate().filter(|(_, p)| index.kind(&p.kind).is_none()) {
                let at = (theme.id.as_str(), format!("before.lists[{l}].papers[{p}].kind"));
                unknown(at, &paper.kind, &paper.name, report);
            }
        }
    }
    claims(index, report);
}

/// A name without blanks, brackets and what says only that it is a copy.
fn plain(name: &str) -> String {
    let mut depth = 0_u32;
    let mut out = String::new();
    for c in name.chars() {
        match c {
            '（' | '(' | '〔' => depth += 1,
            '）' | ')' | '〕' => depth = depth.saturating_sub(1),
            c if depth == 0 && !c.is_whitespace() => out.extend(c.to_lowercase()),
            _ => {}
        }
    }
    for copy in ["复印件", "原件"] {
        out = out.strip_suffix(copy).filter(|rest| !rest.is_empty()).map(str::to_owned).unwrap_or(out);
    }
    out
}

/// Every name and alias of the dictionary → the kinds that have it.
type Words<'a> = BTreeMap<String, BTreeSet<&'a str>>;

fn words<'a>(index: &Index<'a>) -> Words<'a> {
    let mut words = Words::new();
    for kind in &index.stock.knowledge.materials {
        let own = [&kind.name.zh, &kind.name.en, &kind.kind].into_iter().chain(&kind.aliases);
        for word in own {
            words.entry(plain(word)).or_default().insert(&kind.kind);
        }
    }
    words
}

/// Two kinds share a name or an alias.
fn twice(index: &Index<'_>, words: &Words<'_>, report: &mut Report) {
    let mut told = BTreeSet::new();
    for (word, kinds) in words.iter().filter(|(_, kinds)| kinds.len() > 1) {
        let mut kinds = kinds.iter();
        let (Some(first), Some(other)) = (kinds.next(), kinds.next()) else { continue };
        if !told.insert((*first, *other)) {
            continue;
        }
        let place =
            index.stock.knowledge.materials.iter().position(|k| k.kind == **other).unwrap_or_default();
        report.add(
            Rule::SamePaperTwoNames,
            Severity::Warning,
            ("knowledge", format!("materials[{place}]")),
            Text::new(
                format!("“{word}”既是“{first}”又是“{other}”：同一件材料有了两个类型。"),
                format!("“{word}” is both `{first}` and `{other}`: one paper has two kinds."),
            ),
            merge(first, other),
        );
    }
}

fn merge(first: &str, other: &str) -> Text {
    Text::new(
        format!(
            "请只留一个类型，例如“{first}”，各事项都用它；确实不同的，请改名称或 proves 使人看得出区别。"
        ),
        format!(
            "Keep one kind, such as `{first}`, for every item instead of `{other}`; if they do differ, let name or `proves` show how."
        ),
    )
}

/// Two kinds that items ask for prove the same and come from the same issuer.
fn alike(index: &Index<'_>, report: &mut Report) {
    let used: BTreeSet<&str> =
        index.stock.items.iter().flat_map(|i| &i.materials).map(|m| m.kind.as_str()).collect();
    let mut by_meaning: BTreeMap<(Vec<&str>, &str), &MaterialKind> = BTreeMap::new();
    for (k, kind) in index.stock.knowledge.materials.iter().enumerate() {
        if kind.proves.is_empty() || !used.contains(kind.kind.as_str()) {
            continue;
        }
        let mut proves: Vec<&str> = kind.proves.iter().map(String::as_str).collect();
        proves.sort_unstable();
        let Some(first) = by_meaning.get(&(proves.clone(), kind.issuer.as_str())) else {
            by_meaning.insert((proves, &kind.issuer), kind);
            continue;
        };
        report.add(
            Rule::SamePaperTwoNames,
            Severity::Warning,
            ("knowledge", format!("materials[{k}]")),
            Text::new(
                format!(
                    "“{}”和“{}”证明同样的内容，又由同一单位出具，像是同一件材料。",
                    kind.name.zh, first.name.zh
                ),
                format!(
                    "“{}” and “{}” prove the same and come from the same issuer: they look like one paper.",
                    kind.name.en, first.name.en
                ),
            ),
            merge(&first.kind, &kind.kind),
        );
    }
}

/// An item's paper goes by another kind's name, or by a kind that nobody knows.
fn demand(index: &Index<'_>, words: &Words<'_>, at: (&str, &str), material: &Material, report: &mut Report) {
    let at = (at.0, at.1.to_owned());
    let meant = [&material.name.zh, &material.name.en, &material.kind].into_iter().find_map(|name| {
        let kinds = words.get(&plain(name))?;
        if kinds.contains(material.kind.as_str()) { None } else { kinds.first().copied() }
    });
    match meant {
        Some(meant) => report.add(
            Rule::SamePaperTwoNames,
            Severity::Warning,
            at,
            Text::new(
                format!("“{}”就是字典里的“{meant}”，这里却写成“{}”。", material.name.zh, material.kind),
                format!(
                    "“{}” is the dictionary's `{meant}`, but is called `{}` here.",
                    material.name.en, material.kind
                ),
            ),
            Text::new(format!("请写 kind: {meant}。"), format!("Write `kind: {meant}`.")),
        ),
        None if index.kind(&material.kind).is_none() => unknown(at, &material.kind, &material.name, report),
        None => {}
    }
}

fn unknown(at: (&str, String), kind: &str, name: &Text, report: &mut Report) {
    report.add(
        Rule::UnknownKind,
        Severity::Warning,
        at,
        Text::new(
            format!("材料字典里没有“{kind}”（{}），程序不知道它证明什么、由谁出具。", name.zh),
            format!("The dictionary does not know `{kind}` ({}): nobody can tell what it proves and who issues it.", name.en),
        ),
        Text::new("请在 knowledge.yaml 里补上，或者改用已有的类型。", "Add it to knowledge.yaml, or use a kind that is there."),
    );
}

/// Claims that papers and registers prove must be in the dictionary, else they never meet.
fn claims(index: &Index<'_>, report: &mut Report) {
    let known: BTreeSet<&str> = index.stock.knowledge.claims.iter().map(|c| c.id.as_str()).collect();
    let mut look = |item: &str, path: String, claims: &[String]| {
        for (c, claim) in claims.iter().enumerate().filter(|(_, c)| !known.contains(c.as_str())) {
            report.add(
                Rule::UnknownClaim,
                Severity::Error,
                (item, format!("{path}.proves[{c}]")),
                Text::new(
                    format!("字典的 claims 里没有“{claim}”。"),
                    format!("There is no claim `{claim}` in the dictionary."),
                ),
                Text::new(
                    "请改正拼写，或者在 knowledge.yaml 的 claims 里补上。",
                    "Correct the spelling, or add it to `claims` in knowledge.yaml.",
                ),
            );
        }
    };
    for (k, kind) in index.stock.knowledge.materials.iter().enumerate() {
        look("knowledge", format!("materials[{k}]"), &kind.proves);
    }
    for (r, register) in index.stock.registers.iter().enumerate() {
        look("sources", format!("[{r}]"), &register.proves);
    }
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn a_copy_is_the_same_paper() {
        assert_eq!(plain("居民身份证（验原件）"), "居民身份证");
        assert_eq!(plain(" 身份证 复印件"), "身份证");
        assert_eq!(plain("Citizen Card (both sides)"), "citizencard");
        assert_eq!(plain("复印件"), "复印件");
    }
}
