//! Reading and checking joint matters: `theme.yaml` and, beside it, `before.yaml`.
//!
//! A member that the pack does not hold is complained of when the pack holds items at all: it is then a collection, and the
//! word is mistyped. A joint matter that comes alone is checked against the shelf when it is published.

use super::check::Found;
use super::tree::Tree;
use super::{Complaint, files::Files, yaml};
use crate::{Before, Item, Knowledge, MatterTheme, Shared, SharedSources, Situation, Then};
use kernel::Text;
use kernel::rules::{Schema, Type};
use std::collections::BTreeSet;

/// A theme as read, with where everything stands in its files.
pub(super) struct ReadTheme {
    pub theme: MatterTheme,
    pub path: String,
    pub tree: Tree,
    pub before: Option<(String, Tree)>,
}

pub(super) fn is_theme(path: &str) -> bool {
    path == "theme.yaml" || path.ends_with("/theme.yaml")
}

/// Reads every theme of the files.
pub(super) fn read(files: &Files, root: &str, complaints: &mut Vec<Complaint>) -> Vec<ReadTheme> {
    let mut out: Vec<ReadTheme> = Vec::new();
    for (path, bytes) in files.iter().filter(|(path, _)| is_theme(path)) {
        let folder = path.strip_suffix("theme.yaml").unwrap_or_default();
        let key = folder.trim_end_matches('/').rsplit('/').next().filter(|k| !k.is_empty()).unwrap_or(root);
        let Some((mut theme, source)) = yaml::<MatterTheme>(path, bytes, complaints) else { continue };
        let tree = Tree::read(source);
        let mut found = Found::new(path, source, &tree);
        if theme.id != key && !key.is_empty() {
            found.say(
                "id",
                format!("id 应与文件夹名“{key}”相同。"),
                format!("The id must be the folder's name, `{key}`."),
            );
        }
        if let Some(other) = out.iter().find(|o| o.theme.id == theme.id) {
            found.say(
                "id",
                format!("与 {} 相同。", other.path),
                format!("It is also that of {}.", other.path),
            );
        }
        complaints.extend(found.complaints);
        let file = format!("{folder}before.yaml");
        let before = files.get(&file).and_then(|bytes| yaml::<Before>(&file, bytes, complaints));
        let before = before.map(|(before, source)| {
            theme.before = Some(before);
            (file, Tree::read(source))
        });
        out.push(ReadTheme { theme, path: path.clone(), tree, before });
    }
    out
}

/// Checks the themes against the items and what is shared, and compiles their rules.
pub(super) fn check(
    themes: &mut [ReadTheme],
    items: &[&Item],
    shared: &Shared,
    files: &Files,
    complaints: &mut Vec<Complaint>,
) {
    for read in themes {
        let source = source(files, &read.path);
        let mut found = Found::new(&read.path, &source, &read.tree);
        theme(&mut read.theme, items, shared, &mut found);
        complaints.extend(found.complaints);
        if let (Some(before), Some((path, tree))) = (&mut read.theme.before, &read.before) {
            let source = self::source(files, path);
            let mut found = Found::new(path, &source, tree);
            let schema = schema(&read.theme.situations);
            self::before(before, &read.theme.members, &shared.knowledge, &schema, &mut found);
            complaints.extend(found.complaints);
        }
    }
}

fn source(files: &Files, path: &str) -> String {
    files.get(path).map(|b| String::from_utf8_lossy(b).into_owned()).unwrap_or_default()
}

/// Compiles a published theme's rules again.
pub(crate) fn recompile(theme: &mut MatterTheme) {
    let schema = schema(&theme.situations);
    for member in &mut theme.members {
        let _ = member.when.as_mut().map(|w| w.compile(&schema));
    }
    let Some(before) = &mut theme.before else { return };
    for list in &mut before.lists {
        let papers = list.papers.iter_mut().filter_map(|p| p.when.as_mut());
        let fields = list.fields.iter_mut().filter_map(|f| f.when.as_mut());
        for when in list.when.as_mut().into_iter().chain(papers).chain(fields) {
            let _ = when.compile(&schema);
        }
    }
}

/// What rules of a theme may read: the situations of the theme, and nothing else.
fn schema(situations: &[Situation]) -> Schema {
    let words = |s: &Situation| {
        let word = Type::Choice(s.options.iter().map(|o| o.value.clone()).collect());
        if s.several { Type::List(Box::new(word)) } else { word }
    };
    situations.iter().fold(Schema::new(), |schema, s| schema.with(&format!("form.{}", s.id), words(s)))
}

fn theme(theme: &mut MatterTheme, items: &[&Item], shared: &Shared, found: &mut Found<'_>) {
    if !super::check::is_slug(&theme.id) {
        found.say("id", "请用小写字母、数字和连字符。", "Use lower-case letters, digits and hyphens.");
    }
    let texts = [("name", &theme.name), ("what", &theme.what), ("who", &theme.who)];
    for (path, text) in texts {
        both(text, path, found);
    }
    situations(&theme.situations, found);
    members(theme, items, found);
    depends(theme, items, found);
    sharing(theme, shared, found);
    found.ids("roles", theme.roles.iter().map(|r| r.id.as_str()));
    if theme.delivery.parcels == 0 {
        found.say("delivery.parcels", "至少一个包裹。", "One parcel at least.");
    }
    for (n, gone) in theme.no_longer.iter().enumerate() {
        both(&gone.why, &format!("no_longer[{n}].why"), found);
    }
}

fn both(text: &Text, path: &str, found: &mut Found<'_>) {
    if text.zh.trim().is_empty() || text.en.trim().is_empty() {
        found.say(path, "中文和英文都要写。", "Write it in both languages.");
    }
}

/// Checks questions of a theme or an item: each once, with different answers to choose from.
pub(super) fn situations(situations: &[Situation], found: &mut Found<'_>) {
    found.ids("situations", situations.iter().map(|s| s.id.as_str()));
    for (n, situation) in situations.iter().enumerate() {
        let path = format!("situations[{n}]");
        both(&situation.ask, &format!("{path}.ask"), found);
        if situation.options.len() < 2 {
            found.say(&path, "情形问题至少要有两个选项。", "A situation needs options, two at least.");
        }
        let mut seen = BTreeSet::new();
        for (o, option) in situation.options.iter().enumerate() {
            if option.value.is_empty() || !seen.insert(&option.value) {
                found.say(
                    &format!("{path}.options[{o}].value"),
                    format!("选项“{}”写了两次或者是空的。", option.value),
                    format!("The option `{}` is there twice, or empty.", option.value),
                );
            }
        }
    }
}

fn members(theme: &mut MatterTheme, items: &[&Item], found: &mut Found<'_>) {
    let schema = schema(&theme.situations);
    if theme.members.is_empty() {
        found.say("members", "至少要有一个事项。", "There is one item at least.");
    }
    let keys: Vec<String> = theme.members.iter().map(|m| m.item.clone()).collect();
    for (n, member) in theme.members.iter_mut().enumerate() {
        let path = format!("members[{n}]");
        if keys.iter().take(n).any(|k| *k == member.item) {
            let key = &member.item;
            found.say(&path, format!("“{key}”写了两次。"), format!("`{key}` is there twice."));
        }
        if !items.is_empty() && !items.iter().any(|i| i.key == member.item) {
            found.unknown(
                &format!("{path}.item"),
                ("事项（包里有事项，但没有它）", "item in the pack"),
                &member.item,
            );
        }
        if let Some(when) = &mut member.when {
            found.rule(&format!("{path}.when"), when.compile(&schema));
        }
        for (a, after) in member.after.iter().enumerate() {
            let path = format!("{path}.after[{a}]");
            if !keys.contains(&after.item) {
                found.unknown(&format!("{path}.item"), ("成员事项", "member"), &after.item);
            }
            both(&after.basis, &format!("{path}.basis"), found);
        }
    }
    for (n, member) in theme.members.iter().enumerate() {
        if let Some(ring) = ring(theme, &member.item) {
            found.say(
                &format!("members[{n}].after"),
                format!("它等的事项又在等它：{}。", ring.join(" → ")),
                format!("What it waits for waits for it: {}.", ring.join(" → ")),
            );
        }
    }
}

/// The ring of members that wait for each other, beginning and ending with `item`.
fn ring(theme: &MatterTheme, item: &str) -> Option<Vec<String>> {
    let mut seen = BTreeSet::new();
    let mut ways = vec![vec![item.to_owned()]];
    while let Some(way) = ways.pop() {
        let after = theme.member(way.last()?).into_iter().flat_map(|m| &m.after);
        for next in after {
            let mut longer = way.clone();
            longer.push(next.item.clone());
            if next.item == item {
                return Some(longer);
            }
            if seen.insert(next.item.clone()) {
                ways.push(longer);
            }
        }
    }
    None
}

fn depends(theme: &MatterTheme, items: &[&Item], found: &mut Found<'_>) {
    let mut seen = BTreeSet::new();
    for (n, depends) in theme.depends.iter().enumerate() {
        let path = format!("depends[{n}]");
        for (word, item) in [("item", &depends.item), ("on", &depends.on)] {
            if theme.member(item).is_none() {
                found.unknown(&format!("{path}.{word}"), ("成员事项", "member"), item);
            }
        }
        if depends.item == depends.on || !seen.insert((&depends.item, &depends.on)) {
            found.say(
                &path,
                "事项不能依赖自己，同一对只写一次。",
                "A member does not depend on itself, and each pair stands once.",
            );
        }
        both(&depends.say, &format!("{path}.say"), found);
        let Some(at) = &depends.at else { continue };
        if depends.then != Then::Waits {
            found.say(&format!("{path}.at"), "只有 then: waits 才写 at。", "`at` is for `then: waits` only.");
        }
        let item = items.iter().find(|i| i.key == depends.item);
        if item.is_some_and(|i| !i.process.iter().any(|s| s.id == *at)) {
            found.unknown(&format!("{path}.at"), ("步骤", "step"), at);
        }
    }
}

fn sharing(theme: &MatterTheme, shared: &Shared, found: &mut Found<'_>) {
    let mut seen = BTreeSet::new();
    for (n, sharing) in theme.sharing.iter().enumerate() {
        let path = format!("sharing[{n}]");
        if sharing.id.is_empty() || !seen.insert(&sharing.id) {
            found.say(
                &format!("{path}.id"),
                format!("标识“{}”用了两次或者是空的。", sharing.id),
                format!("The id `{}` is used twice, or empty.", sharing.id),
            );
        }
        both(&sharing.name, &format!("{path}.name"), found);
        let SharedSources::Only(sources) = &sharing.sources else { continue };
        for (s, source) in sources.iter().enumerate().filter(|(_, s)| shared.register(s).is_none()) {
            let what = ("登记（见 sources.yaml）", "register (see sources.yaml)");
            found.unknown(&format!("{path}.sources[{s}]"), what, source);
        }
    }
}

fn before(
    before: &mut Before,
    members: &[crate::ThemeMember],
    knowledge: &Knowledge,
    schema: &Schema,
    found: &mut Found<'_>,
) {
    if before.lists.is_empty() {
        found.say("lists", "至少要有一份清单。", "There is one list at least.");
    }
    let member = |key: &String| members.iter().any(|m| m.item == *key);
    for (n, list) in before.lists.iter_mut().enumerate() {
        let path = format!("lists[{n}]");
        both(&list.department, &format!("{path}.department"), found);
        for (i, item) in list.item.iter().chain(&list.items).enumerate().filter(|(_, k)| !member(k)) {
            let word = if list.item.is_some() { "item".to_owned() } else { format!("items[{i}]") };
            found.unknown(&format!("{path}.{word}"), ("成员事项", "member"), item);
        }
        if let Some(when) = &mut list.when {
            found.rule(&format!("{path}.when"), when.compile(schema));
        }
        for (p, paper) in list.papers.iter_mut().enumerate() {
            let path = format!("{path}.papers[{p}]");
            match knowledge.material(&paper.kind) {
                Some(kind) => paper.form = kind.form,
                None => found.unknown(
                    &format!("{path}.kind"),
                    ("材料种类（见 knowledge.yaml）", "kind of paper (see knowledge.yaml)"),
                    &paper.kind,
                ),
            }
            if let Some(when) = &mut paper.when {
                found.rule(&format!("{path}.when"), when.compile(schema));
            }
            for (i, item) in paper.items.iter().enumerate().filter(|(_, k)| !member(k)) {
                found.unknown(&format!("{path}.items[{i}]"), ("成员事项", "member"), item);
            }
        }
        for (f, field) in list.fields.iter_mut().enumerate() {
            if let Some(when) = &mut field.when {
                found.rule(&format!("{path}.fields[{f}].when"), when.compile(schema));
            }
        }
    }
}
