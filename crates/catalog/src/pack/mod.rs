//! Packs: folders or zips of items, read and checked; every complaint says file, line and column.

mod check;
mod examples;
mod fees;
mod files;
mod graph;
mod knowledge;
mod needs;
mod process;
mod shape;
mod situation;
mod special;
mod theme;
mod tree;

pub use files::{FILE_MAX, FILES_MAX, TOTAL_MAX, ZIP_MAX};
pub(crate) use theme::recompile as recompile_theme;

use crate::shared::Own;
use crate::{Item, Knowledge, MatterTheme, Register, Shared};
use files::Files;
use forms::{Element, Elements};
use kernel::{Fault, Text};
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, LazyLock};
use tree::Tree;

/// What is wrong in a pack, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Complaint {
    /// The file, from the pack's root.
    pub file: String,
    /// The line, from 1; 0 when it is about the whole file.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// What is wrong and what to write.
    pub say: Text,
}

impl Complaint {
    /// The complaint in one line of the reader's language: `item.yaml:12:5: …`.
    pub fn line(&self, lang: kernel::Lang) -> String {
        let say = self.say.get(lang);
        match self.line {
            0 => format!("{}: {say}", self.file),
            line => format!("{}:{line}:{}: {say}", self.file, self.column),
        }
    }
}

impl std::fmt::Display for Complaint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.line(kernel::Lang::En))
    }
}

/// A checked pack: its items and joint matters with their rules compiled, and what they share.
#[derive(Debug, Clone, Default)]
pub struct Pack {
    /// The items, by key.
    pub items: Vec<Item>,
    /// The joint matters, by id.
    pub themes: Vec<MatterTheme>,
    /// Registers, data elements, kinds of paper.
    pub shared: Shared,
    /// By item, theme or shared file, where everything stands.
    places: Arc<BTreeMap<String, Places>>,
}

/// Where the parts of an item or theme stand.
#[derive(Debug)]
struct Places {
    file: String,
    tree: Tree,
    before: Option<(String, Tree)>,
    /// Whether the form begins with a section that the loader made of the situations.
    situations: bool,
}

impl Pack {
    /// The theme of this name with its items, or the items of these names, by key or code.
    ///
    /// # Errors
    /// A [`Fault`] that names what there is instead.
    pub fn members(&self, names: &[String]) -> Result<(Option<&MatterTheme>, Vec<&Item>), Fault> {
        let theme = match names {
            [name] => self.themes.iter().find(|t| t.id == *name),
            _ => None,
        };
        let wanted: Vec<&str> = match theme {
            Some(theme) => theme.members.iter().map(|m| m.item.as_str()).collect(),
            None => names.iter().map(String::as_str).collect(),
        };
        let item = |name: &&str| self.items.iter().find(|i| i.key == *name || i.code == *name);
        let members = wanted.iter().map(|name| item(name).ok_or_else(|| self.unknown(name)));
        Ok((theme, members.collect::<Result<_, _>>()?))
    }

    fn unknown(&self, name: &str) -> Fault {
        let list = |ids: Vec<&str>| ids.join(", ");
        let themes = list(self.themes.iter().map(|t| t.id.as_str()).collect());
        let items = list(self.items.iter().map(|i| i.key.as_str()).collect());
        Fault::new(format!(
            "there is no theme or item {name:?} in the packs; themes (one at a time): {themes}; items: {items}"
        ))
    }

    /// Where a path of an item or theme stands: file, line and column. `before.lists[0].papers[2]` of a theme is a place in
    /// its `before.yaml`; what is shared stands under `sources`, `elements` and `knowledge`, when the pack brings it.
    pub fn locate(&self, item_or_theme: &str, path: &str) -> Option<(String, usize, usize)> {
        let places = self.places.get(item_or_theme)?;
        let (file, tree, path) = match (path.strip_prefix("before"), &places.before) {
            (Some(rest), Some((file, tree))) => (file, tree, rest.trim_start_matches('.').to_owned()),
            _ => (&places.file, &places.tree, situation::written(path, places.situations)),
        };
        let (line, column) = tree.place(&path);
        Some((file.clone(), line, column))
    }
}

/// What items build on when their pack does not bring it.
const SOURCES: &str = include_str!("../../../../packs/sources.yaml");
const ELEMENTS: &str = include_str!("../../../../packs/elements.yaml");
const KNOWLEDGE: &str = include_str!("../../../../packs/knowledge.yaml");

/// Loads a folder: one item's, or a tree of them. `sources.yaml`, `elements.yaml` and `knowledge.yaml` are taken from the
/// folder or from up to three above it, else the house's own.
///
/// # Errors
/// Everything that is wrong with it.
pub fn load(dir: &Path) -> Result<Pack, Vec<Complaint>> {
    let mut files = files::from_folder(dir)?;
    let root = std::path::absolute(dir).unwrap_or_else(|_| dir.to_owned());
    for name in ["sources.yaml", "elements.yaml", "knowledge.yaml"] {
        if files.contains_key(name) {
            continue;
        }
        let above = root.ancestors().skip(1).take(3).map(|a| a.join(name)).find(|p| p.is_file());
        if let Some(bytes) = above.and_then(|path| std::fs::read(path).ok()) {
            files.insert(name.to_owned(), bytes);
        }
    }
    let name = root.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    read(&files, &name)
}

/// Loads a zip of such a folder.
///
/// # Errors
/// Everything that is wrong with it.
pub fn load_zip(bytes: &[u8]) -> Result<Pack, Vec<Complaint>> {
    read(&files::from_zip(bytes)?, "")
}

/// The JSON Schema of `item.yaml`, for editors.
pub fn schema() -> serde_json::Value {
    let mut schema = schemars::schema_for!(Item).to_value();
    if let Some(object) = schema.as_object_mut() {
        object.insert("title".to_owned(), "Yimen service item (item.yaml)".into());
    }
    schema
}

/// The JSON Schemas of `theme.yaml`, `before.yaml` and `knowledge.yaml`, by file name.
pub fn schemas() -> BTreeMap<&'static str, serde_json::Value> {
    BTreeMap::from([
        ("item.yaml", schema()),
        ("theme.yaml", schemars::schema_for!(MatterTheme).to_value()),
        ("before.yaml", schemars::schema_for!(crate::Before).to_value()),
        ("knowledge.yaml", schemars::schema_for!(crate::knowledge::Written).to_value()),
    ])
}

/// Loads files by their paths from the pack's root, as a browser hands in a folder; a common first folder may stand
/// before all of them.
///
/// # Errors
/// Everything that is wrong with it.
pub fn load_files(files: Vec<(String, Vec<u8>)>) -> Result<Pack, Vec<Complaint>> {
    read(&files::from_list(files)?, "")
}

/// Reads and checks all files; `root` names the item when `item.yaml` stands at the top.
pub(crate) fn read(files: &Files, root: &str) -> Result<Pack, Vec<Complaint>> {
    let mut complaints = Vec::new();
    let (shared, mut places) = shared(files, &mut complaints);
    let mut items = Vec::new();
    for (path, bytes) in files.iter().filter(|(path, _)| is_item(path)) {
        let folder = path.strip_suffix("item.yaml").unwrap_or_default();
        let key = folder.trim_end_matches('/').rsplit('/').next().filter(|k| !k.is_empty()).unwrap_or(root);
        let Some((mut item, source)) = yaml::<Item>(path, bytes, &mut complaints) else { continue };
        item.key = key.to_owned();
        let tree = Tree::read(source);
        let mut found = check::Found::new(path, source, &tree);
        situation::insert(&mut item, &mut found);
        check::templates(&mut item, folder, files, &mut found);
        check::item(&mut item, &shared, &mut found);
        complaints.extend(found.complaints);
        let situations = !item.situations.is_empty();
        let place = Places { file: path.clone(), tree, before: None, situations };
        places.insert(item.key.clone(), place);
        items.push((path.clone(), item));
    }
    let mut themes = theme::read(files, root, &mut complaints);
    let all: Vec<&Item> = items.iter().map(|(_, item)| item).collect();
    theme::check(&mut themes, &all, &shared, files, &mut complaints);
    if items.is_empty() && themes.is_empty() && complaints.is_empty() {
        complaints.push(Complaint {
            file: "item.yaml".to_owned(),
            line: 0,
            column: 0,
            say: Text::new("包里没有 item.yaml。", "There is no item.yaml in the pack."),
        });
    }
    complaints.extend(graph::together(&items));
    complaints
        .sort_by(|a, b| (&a.file, a.line, a.column, &a.say.en).cmp(&(&b.file, b.line, b.column, &b.say.en)));
    complaints.dedup();
    if !complaints.is_empty() {
        return Err(complaints);
    }
    let mut items: Vec<Item> = items.into_iter().map(|(_, item)| item).collect();
    items.sort_by(|a, b| a.key.cmp(&b.key));
    let mut read = Vec::with_capacity(themes.len());
    for theme::ReadTheme { theme, path, tree, before } in themes {
        // An item and a theme may have one name; then the item's places are meant.
        let place = Places { file: path, tree, before, situations: false };
        places.entry(theme.id.clone()).or_insert(place);
        read.push(theme);
    }
    read.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(Pack { items, themes: read, shared, places: Arc::new(places) })
}

fn is_item(path: &str) -> bool {
    path == "item.yaml" || path.ends_with("/item.yaml")
}

/// The house's own, read once: packs that bring nothing of their own are many. They are checked with the shipped packs.
static HOUSE: LazyLock<(Vec<Register>, Vec<Element>, Arc<Knowledge>)> = LazyLock::new(|| {
    let mut none = Vec::new();
    let registers = yaml("sources.yaml", SOURCES.as_bytes(), &mut none).map(|(r, _)| r);
    let elements = yaml("elements.yaml", ELEMENTS.as_bytes(), &mut none).map(|(e, _)| e);
    let knowledge = yaml::<Knowledge>("knowledge.yaml", KNOWLEDGE.as_bytes(), &mut none).map(|(k, _)| k);
    (registers.unwrap_or_default(), elements.unwrap_or_default(), Arc::new(knowledge.unwrap_or_default()))
});

/// A shared file that the pack brings: what it says, its text, and where everything stands; the house's own when it does
/// not.
struct Brought<'f, T> {
    value: T,
    own: Option<(&'f str, Tree)>,
}

fn brought<'f, T: DeserializeOwned + Default>(
    files: &'f Files,
    file: &str,
    house: impl Fn() -> T,
    complaints: &mut Vec<Complaint>,
) -> Brought<'f, T> {
    let Some(bytes) = files.get(file) else { return Brought { value: house(), own: None } };
    match yaml::<T>(file, bytes, complaints) {
        Some((value, text)) => Brought { value, own: Some((text, Tree::read(text))) },
        None => Brought { value: T::default(), own: Some(("", Tree::default())) },
    }
}

fn shared(files: &Files, complaints: &mut Vec<Complaint>) -> (Shared, BTreeMap<String, Places>) {
    let registers = brought(files, "sources.yaml", || HOUSE.0.clone(), complaints);
    let elements = brought(files, "elements.yaml", || HOUSE.1.clone(), complaints);
    let knowledge = brought(files, "knowledge.yaml", || Knowledge::clone(&HOUSE.2), complaints);
    twice("sources.yaml", registers.value.iter().map(|r| r.id.as_str()), complaints);
    twice("elements.yaml", elements.value.iter().map(|e| e.id.as_str()), complaints);
    if let Some((text, tree)) = &knowledge.own {
        let mut found = check::Found::new("knowledge.yaml", text, tree);
        knowledge::check(&knowledge.value, &mut found);
        complaints.extend(found.complaints);
    }
    if let Some((text, tree)) = &registers.own {
        let mut found = check::Found::new("sources.yaml", text, tree);
        knowledge::registers(&registers.value, &knowledge.value, &mut found);
        complaints.extend(found.complaints);
    }
    let own = Own {
        registers: registers.own.is_some(),
        elements: elements.own.is_some(),
        knowledge: knowledge.own.is_some(),
    };
    let trees = [
        ("sources", registers.own.map(|(_, t)| t)),
        ("elements", elements.own.map(|(_, t)| t)),
        ("knowledge", knowledge.own.map(|(_, t)| t)),
    ];
    let place = |(name, tree): (&str, Option<Tree>)| {
        let places = Places { file: format!("{name}.yaml"), tree: tree?, before: None, situations: false };
        Some((name.to_owned(), places))
    };
    let places = trees.into_iter().filter_map(place).collect();
    let shared = Shared {
        registers: registers.value,
        elements: Elements::new(elements.value),
        knowledge: Arc::new(knowledge.value),
        own,
    };
    (shared, places)
}

fn twice<'a>(file: &str, ids: impl Iterator<Item = &'a str>, complaints: &mut Vec<Complaint>) {
    let mut seen = std::collections::BTreeSet::new();
    for id in ids {
        if !seen.insert(id) {
            let say = Text::new(format!("“{id}”写了两次。"), format!("`{id}` is there twice."));
            complaints.push(Complaint { file: file.to_owned(), line: 0, column: 0, say });
        }
    }
}

/// Reads one YAML file; what is wrong goes to the complaints.
fn yaml<'a, T: DeserializeOwned>(
    path: &str,
    bytes: &'a [u8],
    complaints: &mut Vec<Complaint>,
) -> Option<(T, &'a str)> {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text.strip_prefix('\u{feff}').unwrap_or(text),
        Err(error) => {
            let before = bytes.get(..error.valid_up_to()).unwrap_or_default();
            let line = before.iter().filter(|b| **b == b'\n').count() + 1;
            let say = Text::new(
                "文件不是 UTF-8 编码，请另存为 UTF-8。",
                "The file is not UTF-8; save it as UTF-8.",
            );
            complaints.push(Complaint { file: path.to_owned(), line, column: 1, say });
            return None;
        }
    };
    match serde_saphyr::from_str::<T>(text) {
        Ok(value) => Some((value, text)),
        Err(error) => {
            let number = |n: u64| usize::try_from(n).unwrap_or(0);
            let place = error.location().map(|l| (number(l.line()), number(l.column())));
            let (line, column) = place.unwrap_or((1, 1));
            let said = plain(&error.without_snippet().to_string());
            let say = Text::new(shape::chinese(&said), format!("This does not fit: {said}"));
            complaints.push(Complaint { file: path.to_owned(), line, column, say });
            None
        }
    }
}

/// A parser's message in one line, without the place, which the complaint already says.
fn plain(message: &str) -> String {
    let line: String = message.lines().map(str::trim).filter(|l| !l.is_empty()).collect::<Vec<_>>().join(" ");
    let line = line.split(" at line ").next().unwrap_or(&line).trim_start_matches("error: ").to_owned();
    line.chars().filter(|c| !c.is_control()).take(400).collect()
}

/// Compiles a published item's rules again. What newer checks find beside is no reason against what was published.
pub(crate) fn recompile(item: &mut Item, shared: &Shared) -> Result<(), Vec<Complaint>> {
    let tree = Tree::default();
    let mut found = check::Found::new("item.yaml", "", &tree);
    check::item(item, shared, &mut found);
    if found.broken { Err(found.complaints) } else { Ok(()) }
}

#[cfg(test)]
pub(crate) fn ring_for_tests(items: &[(String, Item)]) -> Vec<Complaint> {
    graph::together(items)
}
