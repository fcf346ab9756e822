//! Chinese letters as points: the machine's font is looked for once, opened when something is drawn, and let go of again (it takes
//! some 20 MB).

use ab_glyph::{Font, FontRef, PxScale, ScaleFont, point};
use kernel::{Fault, Outcome, Refusal, RefusalKind};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// A font with Chinese characters is never smaller than this; smaller files are not even opened.
const BYTES_MIN: u64 = 1_000_000;
const DEPTH_MAX: usize = 6;
/// Names of files, the best first; what is not among them comes after.
const PREFERRED: [&str; 6] = [
    "NotoSansCJK-Regular",
    "SourceHanSansSC-Regular",
    "NotoSansSC",
    "NotoSerifCJK-Regular",
    "PingFang",
    "msyh",
];

/// Text as it covers points, 0 to 255.
pub(super) struct Mask {
    pub width: usize,
    pub height: usize,
    cover: Vec<u8>,
}

impl Mask {
    /// How far the text covers the point; nothing outside.
    pub fn at(&self, x: usize, y: usize) -> u8 {
        if x >= self.width { 0 } else { self.cover.get(y * self.width + x).copied().unwrap_or(0) }
    }
}

/// `lines` one below the other, `size` points high.
///
/// # Errors
/// A refusal that names a character which the font lacks; a fault when there is no font.
pub(super) fn mask(lines: &[String], size: f32) -> Outcome<Mask> {
    let (file, index) = place()?;
    let doing = || format!("the font {}", file.display());
    let data = std::fs::read(&file).map_err(|e| Fault::from(doing(), e).transient())?;
    let font = FontRef::try_from_slice_and_index(&data, index).map_err(|e| Fault::from(doing(), e))?;
    let font = font.as_scaled(PxScale::from(size));
    let mut glyphs = Vec::new();
    let mut width = 0.0_f32;
    let leading = size * 1.35;
    let mut top = 0.0;
    for line in lines {
        let mut pen = 0.0;
        for c in line.chars() {
            let id = font.glyph_id(c);
            if id.0 == 0 && !c.is_whitespace() {
                return Err(lacks(c).into());
            }
            glyphs.push(id.with_scale_and_position(PxScale::from(size), point(pen, top + font.ascent())));
            pen += font.h_advance(id);
        }
        width = width.max(pen);
        top += leading;
    }
    let (width, height) = (whole(width) + 2, whole(top) + 2);
    let mut mask = Mask { width, height, cover: vec![0; width * height] };
    for glyph in glyphs {
        let Some(outline) = font.outline_glyph(glyph) else { continue };
        let (left, above) = (outline.px_bounds().min.x, outline.px_bounds().min.y);
        outline.draw(|x, y, covered| {
            let (x, y) = (left + x as f32, above + y as f32);
            if x >= 0.0
                && y >= 0.0
                && whole(x) < width
                && let Some(point) = mask.cover.get_mut(whole(y) * width + whole(x))
            {
                *point = point.saturating_add((covered * 255.0) as u8);
            }
        });
    }
    Ok(mask)
}

/// A length in points that is not negative, as a whole number.
fn whole(length: f32) -> usize {
    length.max(0.0) as usize
}

fn lacks(c: char) -> Refusal {
    Refusal::new(
        RefusalKind::Invalid,
        "proofs.no-glyph",
        format!("水印里的“{c}”字没有可用的字体。"),
        format!("There is no font for the character “{c}” of the watermark."),
    )
    .field("purpose", format!("请换个不含“{c}”的说法。"), format!("Say it without “{c}”."))
}

static FOUND: Mutex<Option<(PathBuf, u32)>> = Mutex::new(None);

/// Where the font lies; looked for again each time as long as there is none, so that installing one is enough.
fn place() -> Result<(PathBuf, u32), Fault> {
    let mut kept = FOUND.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(found) = kept.as_ref() {
        return Ok(found.clone());
    }
    let mut files = Vec::new();
    for folder in folders() {
        walk(&folder, 0, &mut files);
    }
    files.sort_by_key(|file| (rank(file), file.clone()));
    let found = files.into_iter().find_map(|file| face(&file).map(|index| (file, index)));
    *kept = found.clone();
    found.ok_or_else(|| {
        Fault::new(
            "no Chinese font was found for watermarks; install one (Debian: apt install fonts-noto-cjk)",
        )
        .transient()
    })
}

fn folders() -> Vec<PathBuf> {
    let fixed = [
        "/usr/share/fonts",
        "/usr/local/share/fonts",
        "/System/Library/Fonts",
        "/Library/Fonts",
        "C:\\Windows\\Fonts",
    ];
    let mut folders: Vec<PathBuf> = fixed.iter().map(PathBuf::from).collect();
    if let Some(home) = std::env::var_os("HOME") {
        folders.extend([".local/share/fonts", ".fonts"].map(|f| Path::new(&home).join(f)));
    }
    folders
}

fn rank(file: &Path) -> usize {
    let name = file.file_name().and_then(|n| n.to_str()).unwrap_or_default();
    PREFERRED.iter().position(|p| name.starts_with(p)).unwrap_or(PREFERRED.len())
}

fn walk(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        let Ok(about) = std::fs::metadata(&path) else { continue };
        let suffix = path.extension().and_then(|e| e.to_str()).unwrap_or_default().to_ascii_lowercase();
        if about.is_dir() && depth < DEPTH_MAX {
            walk(&path, depth + 1, files);
        } else if about.len() >= BYTES_MIN && matches!(suffix.as_str(), "ttf" | "otf" | "ttc" | "otc") {
            files.push(path);
        }
    }
}

/// The face of `file` with simplified characters, when it has one.
fn face(file: &Path) -> Option<u32> {
    let data = std::fs::read(file).ok()?;
    let count = ttf_parser::fonts_in_collection(&data).unwrap_or(1);
    let suits = |index: &u32| {
        ttf_parser::Face::parse(&data, *index)
            .is_ok_and(|f| f.glyph_index('国').is_some() && f.glyph_index('门').is_some())
    };
    let simplified = |index: &u32| {
        ttf_parser::Face::parse(&data, *index).is_ok_and(|f| {
            f.names()
                .into_iter()
                .filter(|n| n.name_id == ttf_parser::name_id::FAMILY && n.is_unicode())
                .filter_map(|n| n.to_string())
                .any(|name| name.ends_with("SC"))
        })
    };
    (0..count).filter(suits).find(simplified).or_else(|| (0..count).find(suits))
}
