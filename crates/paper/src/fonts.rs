//! The Chinese fonts of the machine: found once, loaded when a document needs them.

use kernel::Fault;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use typst::foundations::Bytes;
use typst::text::{Font, FontBook, FontInfo};
use typst::utils::LazyHash;

/// A font with Chinese characters is never smaller than this; smaller files are not even opened.
const BYTES_MIN: u64 = 1_000_000;

/// How deep folders are searched.
const DEPTH_MAX: usize = 6;

/// Families in the order in which they are offered to a document that names none of those found.
const PREFERRED: [&str; 8] = [
    "Noto Sans CJK SC",
    "Noto Serif CJK SC",
    "Source Han Sans SC",
    "Source Han Serif SC",
    "Noto Sans SC",
    "Noto Serif SC",
    "PingFang SC",
    "Microsoft YaHei",
];

/// A Chinese font on this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FontFound {
    /// Its family: `Noto Sans CJK SC`.
    pub family: String,
    /// Its weight, 400 regular, 700 bold.
    pub weight: u16,
    /// The file it lies in.
    pub file: PathBuf,
    /// Whether it reaches beyond the basic plane (𠮷 and other characters of names).
    pub rare: bool,
    index: u32,
}

/// Where systems keep their fonts.
pub(crate) fn system_folders() -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> = [
        "/usr/share/fonts",
        "/usr/local/share/fonts",
        "/System/Library/Fonts",
        "/Library/Fonts",
        "C:\\Windows\\Fonts",
    ]
    .iter()
    .map(PathBuf::from)
    .collect();
    if let Some(home) = std::env::var_os("HOME") {
        folders.push(Path::new(&home).join(".local/share/fonts"));
        folders.push(Path::new(&home).join(".fonts"));
    }
    folders
}

/// The folders, and the shelf once it is filled.
#[derive(Default)]
pub(crate) struct Fonts {
    folders: Vec<PathBuf>,
    shelf: Mutex<Option<Arc<Shelf>>>,
}

impl Fonts {
    pub(crate) fn new(folders: Vec<PathBuf>) -> Self {
        Self { folders, shelf: Mutex::new(None) }
    }

    /// Looks through the folders.
    pub(crate) fn look(&self) -> Vec<FontFound> {
        let mut files = Vec::new();
        for folder in &self.folders {
            walk(folder, 0, &mut files);
        }
        files.sort();
        let mut found: Vec<FontFound> = files.iter().flat_map(|file| faces(file)).collect();
        found.sort_by_key(|f| (rank(&f.family), f.family.clone(), f.weight));
        found
    }

    /// Lets go of the loaded fonts; which there are stays known.
    pub(crate) fn put_away(&self) {
        if let Some(shelf) = self.shelf.lock().unwrap_or_else(PoisonError::into_inner).as_ref() {
            shelf.put_away();
        }
    }

    /// The shelf; looked for again each time as long as there was no font, so that installing one is enough.
    pub(crate) fn shelf(&self) -> Result<Arc<Shelf>, Fault> {
        let mut kept = self.shelf.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(shelf) = kept.as_ref() {
            return Ok(shelf.clone());
        }
        let shelf = Arc::new(Shelf::fill(self.look()));
        if shelf.slots.is_empty() {
            return Err(Fault::new(format!(
                "no Chinese font was found in {}; install one (Debian: apt install fonts-noto-cjk)",
                self.folders.iter().map(|f| f.display().to_string()).collect::<Vec<_>>().join(", ")
            ))
            .transient());
        }
        *kept = Some(shelf.clone());
        Ok(shelf)
    }
}

fn rank(family: &str) -> usize {
    PREFERRED.iter().position(|p| *p == family).unwrap_or(PREFERRED.len())
}

fn walk(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        let Ok(about) = std::fs::metadata(&path) else { continue };
        let suffix = path.extension().and_then(|e| e.to_str()).unwrap_or_default().to_ascii_lowercase();
        if about.is_dir() {
            if depth < DEPTH_MAX {
                walk(&path, depth + 1, files);
            }
        } else if about.len() >= BYTES_MIN && matches!(suffix.as_str(), "ttf" | "otf" | "ttc" | "otc") {
            files.push(path);
        }
    }
}

/// The faces of `file` that have simplified Chinese characters.
fn faces(file: &Path) -> Vec<FontFound> {
    let Ok(data) = std::fs::read(file) else { return Vec::new() };
    let count = ttf_parser::fonts_in_collection(&data).unwrap_or(1);
    (0..count)
        .filter_map(|index| {
            let face = ttf_parser::Face::parse(&data, index).ok()?;
            let has = |c: char| face.glyph_index(c).is_some();
            let family = family(&face)?;
            let suits = has('国') && has('门') && !for_another_script(&family) && !face.is_monospaced();
            suits.then(|| FontFound {
                family,
                weight: face.weight().to_number(),
                file: file.to_owned(),
                rare: has('𠮷'),
                index,
            })
        })
        .collect()
}

/// Collections carry the same glyphs several times, in the forms of other countries.
fn for_another_script(family: &str) -> bool {
    family.contains("Mono")
        || ["JP", "KR", "TC", "HK", "K", "J"].contains(&family.rsplit(' ').next().unwrap_or_default())
}

fn family(face: &ttf_parser::Face<'_>) -> Option<String> {
    let named = |id: u16| {
        face.names().into_iter().filter(|n| n.name_id == id && n.is_unicode()).find_map(|n| n.to_string())
    };
    named(ttf_parser::name_id::FAMILY)
}

/// The fonts a document may use.
pub(crate) struct Shelf {
    pub(crate) book: LazyHash<FontBook>,
    slots: Vec<FontFound>,
    loaded: Mutex<BTreeMap<usize, Font>>,
}

impl Shelf {
    fn fill(found: Vec<FontFound>) -> Self {
        let mut book = FontBook::new();
        let mut slots = Vec::new();
        for face in found {
            let Ok(data) = std::fs::read(&face.file) else { continue };
            if let Some(info) = FontInfo::new(&data, face.index) {
                book.push(info);
                slots.push(face);
            }
        }
        Self { book: LazyHash::new(book), slots, loaded: Mutex::new(BTreeMap::new()) }
    }

    /// The font at `index` of the book; a file's bytes are shared by all its faces.
    pub(crate) fn font(&self, index: usize) -> Option<Font> {
        let slot = self.slots.get(index)?;
        let mut loaded = self.loaded.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(font) = loaded.get(&index) {
            return Some(font.clone());
        }
        let shared = loaded
            .iter()
            .find(|(i, _)| self.slots.get(**i).is_some_and(|s| s.file == slot.file))
            .map(|(_, font)| font.data().clone());
        let data = match shared {
            Some(data) => data,
            None => Bytes::new(
                std::fs::read(&slot.file)
                    .inspect_err(
                        |e| tracing::error!(file = %slot.file.display(), error = %e, "a font went away"),
                    )
                    .ok()?,
            ),
        };
        let font = Font::new(data, slot.index)?;
        loaded.insert(index, font.clone());
        Some(font)
    }

    /// The first character of `text` that must be seen and that none of the fonts has.
    pub(crate) fn lacks(&self, text: &str) -> Option<char> {
        let has = |c: char| self.infos().any(|info| info.coverage.contains(u32::from(c)));
        text.chars().find(|c| !c.is_ascii() && !unseen(*c) && !has(*c))
    }

    #[cfg(test)]
    pub(crate) fn loaded(&self) -> usize {
        self.loaded.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    fn infos(&self) -> impl Iterator<Item = &FontInfo> {
        (0..self.slots.len()).filter_map(|i| self.book.info(i))
    }

    fn put_away(&self) {
        self.loaded.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

/// Spaces, controls, joiners and variation selectors, which need no glyph of their own.
fn unseen(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(c, '\u{00AD}' | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}')
        || matches!(c, '\u{2060}'..='\u{206F}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{E0100}'..='\u{E01EF}')
}
