//! Packs: folders or zips of items, read and checked; every complaint says file, line and column.

mod check;
mod examples;
mod files;
mod graph;
mod process;
mod shape;
mod special;
mod tree;

pub use files::{FILE_MAX, FILES_MAX, TOTAL_MAX, ZIP_MAX};

use crate::{Item, Register, Shared};
use files::Files;
use forms::{Element, Elements};
use kernel::Text;
use serde::de::DeserializeOwned;
use std::path::Path;
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

/// A checked pack: its items with their rules compiled, and what they share.
#[derive(Debug, Clone, Default)]
pub struct Pack {
    /// The items, by key.
    pub items: Vec<Item>,
    /// Registers and data elements.
    pub shared: Shared,
}

/// The registers and elements that items build on when their pack brings none.
const SOURCES: &str = include_str!("../../../../packs/sources.yaml");
const ELEMENTS: &str = include_str!("../../../../packs/elements.yaml");

/// Loads a folder: one item's, or a tree of them. `sources.yaml` and `elements.yaml` are taken from the folder or from
/// up to three above it, else the house's own.
///
/// # Errors
/// Everything that is wrong with it.
pub fn load(dir: &Path) -> Result<Pack, Vec<Complaint>> {
    let mut files = files::from_folder(dir)?;
    let root = std::path::absolute(dir).unwrap_or_else(|_| dir.to_owned());
    for name in ["sources.yaml", "elements.yaml"] {
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
    let shared = shared(files, &mut complaints);
    let mut items = Vec::new();
    for (path, bytes) in files.iter().filter(|(path, _)| is_item(path)) {
        let folder = path.strip_suffix("item.yaml").unwrap_or_default();
        let key = folder.trim_end_matches('/').rsplit('/').next().filter(|k| !k.is_empty()).unwrap_or(root);
        let Some((mut item, source)) = yaml::<Item>(path, bytes, &mut complaints) else { continue };
        item.key = key.to_owned();
        let tree = Tree::read(source);
        let mut found = check::Found::new(path, source, &tree);
        check::templates(&mut item, folder, files, &mut found);
        check::item(&mut item, &shared, &mut found);
        complaints.extend(found.complaints);
        items.push((path.clone(), item));
    }
    if items.is_empty() && complaints.is_empty() {
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
    let mut items: Vec<Item> = items.into_iter().map(|(_, item)| item).collect();
    items.sort_by(|a, b| a.key.cmp(&b.key));
    if complaints.is_empty() { Ok(Pack { items, shared }) } else { Err(complaints) }
}

fn is_item(path: &str) -> bool {
    path == "item.yaml" || path.ends_with("/item.yaml")
}

fn shared(files: &Files, complaints: &mut Vec<Complaint>) -> Shared {
    let own = |name: &str, house: &'static str| files.get(name).map_or(house.as_bytes(), Vec::as_slice);
    let registers = yaml::<Vec<Register>>("sources.yaml", own("sources.yaml", SOURCES), complaints);
    let elements = yaml::<Vec<Element>>("elements.yaml", own("elements.yaml", ELEMENTS), complaints);
    let registers = registers.map(|(r, _)| r).unwrap_or_default();
    let elements = elements.map(|(e, _)| e).unwrap_or_default();
    let twice = |file: &str, id: &str| Complaint {
        file: file.to_owned(),
        line: 0,
        column: 0,
        say: Text::new(format!("“{id}”写了两次。"), format!("`{id}` is there twice.")),
    };
    for (i, r) in registers.iter().enumerate() {
        if registers.iter().take(i).any(|other| other.id == r.id) {
            complaints.push(twice("sources.yaml", &r.id));
        }
    }
    for (i, e) in elements.iter().enumerate() {
        if elements.iter().take(i).any(|other| other.id == e.id) {
            complaints.push(twice("elements.yaml", &e.id));
        }
    }
    Shared { registers, elements: Elements::new(elements), ..Shared::default() }
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
