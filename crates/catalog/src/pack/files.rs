//! The files of a pack, from a folder or a zip, with every way to overwhelm or escape refused.

use super::Complaint;
use kernel::Text;
use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;

/// A pack may have so many files.
pub const FILES_MAX: usize = 5_000;
/// A file may be so large.
pub const FILE_MAX: u64 = 1024 * 1024;
/// All files together may be so large.
pub const TOTAL_MAX: u64 = 64 * 1024 * 1024;
/// A zip may be so large.
pub const ZIP_MAX: usize = 16 * 1024 * 1024;
/// Folders may be so deep.
const DEPTH_MAX: usize = 8;

/// Path from the pack's root → content.
pub type Files = BTreeMap<String, Vec<u8>>;

fn refuse(file: &str, zh: impl Into<String>, en: impl Into<String>) -> Complaint {
    Complaint { file: file.to_owned(), line: 0, column: 0, say: Text::new(zh, en) }
}

/// What packs are made of; everything else in a folder is left alone.
fn wanted(name: &str) -> bool {
    [".yaml", ".typ", ".svg", ".png"].iter().any(|end| name.ends_with(end))
}

/// Reads a folder; links are not followed.
pub fn from_folder(root: &Path) -> Result<Files, Vec<Complaint>> {
    let mut files = Files::new();
    let mut total = 0;
    let mut waiting = vec![(root.to_owned(), String::new(), 0)];
    while let Some((folder, prefix, depth)) = waiting.pop() {
        let shown = if prefix.is_empty() { root.display().to_string() } else { prefix.clone() };
        let gone = |e: std::io::Error| {
            vec![refuse(&shown, format!("无法读取：{e}。"), format!("This cannot be read: {e}."))]
        };
        for entry in std::fs::read_dir(&folder).map_err(gone)? {
            let entry = entry.map_err(gone)?;
            let kind = entry.file_type().map_err(gone)?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = if prefix.is_empty() { name.clone() } else { format!("{prefix}/{name}") };
            if kind.is_dir() && !name.starts_with('.') && depth < DEPTH_MAX {
                waiting.push((entry.path(), path, depth + 1));
            } else if kind.is_file() && wanted(&name) {
                let length = entry.metadata().map_err(gone)?.len();
                total += length;
                limits(&path, length, total, files.len())?;
                files.insert(path, std::fs::read(entry.path()).map_err(gone)?);
            }
        }
    }
    Ok(files)
}

fn limits(path: &str, length: u64, total: u64, count: usize) -> Result<(), Vec<Complaint>> {
    if length > FILE_MAX {
        return Err(vec![refuse(path, "文件超过1 MB。", "The file is larger than 1 MB.")]);
    }
    if total > TOTAL_MAX || count >= FILES_MAX {
        return Err(vec![refuse(
            path,
            "包里的文件太多或太大（最多5000个、64 MB）。",
            "The pack has too many or too large files (5,000 and 64 MB at most).",
        )]);
    }
    Ok(())
}

/// Reads a zip: names that leave the pack are refused, and no more is unpacked than allowed, whatever sizes it claims.
pub fn from_zip(bytes: &[u8]) -> Result<Files, Vec<Complaint>> {
    let broken = |e: &dyn std::fmt::Display| {
        vec![refuse(
            "pack.zip",
            format!("不是完好的 zip 文件：{e}。"),
            format!("This is no sound zip file: {e}."),
        )]
    };
    if bytes.len() > ZIP_MAX {
        return Err(vec![refuse("pack.zip", "zip 文件超过16 MB。", "The zip is larger than 16 MB.")]);
    }
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).map_err(|e| broken(&e))?;
    if archive.len() > FILES_MAX {
        return Err(vec![refuse(
            "pack.zip",
            "zip 里超过5000个文件。",
            "The zip holds more than 5,000 files.",
        )]);
    }
    let mut unpacked = Unpacked::default();
    for index in 0..archive.len() {
        let file = archive.by_index(index).map_err(|e| broken(&e))?;
        let name = file.name().to_owned();
        if file.is_dir() {
            continue;
        }
        unpacked.name(&name, file.is_symlink())?;
        if !wanted(&name) {
            continue;
        }
        let mut content = Vec::new();
        file.take(FILE_MAX + 1).read_to_end(&mut content).map_err(|e| broken(&e))?;
        unpacked.put(name, content)?;
    }
    Ok(unpacked.files)
}

/// Takes files by their paths, as a browser hands in a folder.
pub fn from_list(list: Vec<(String, Vec<u8>)>) -> Result<Files, Vec<Complaint>> {
    let mut unpacked = Unpacked::default();
    for (name, content) in list {
        unpacked.name(&name, false)?;
        if wanted(&name) {
            unpacked.put(name, content)?;
        }
    }
    Ok(unpacked.files)
}

/// What came in so far, within its limits.
#[derive(Default)]
struct Unpacked {
    files: Files,
    total: u64,
}

impl Unpacked {
    fn name(&self, name: &str, link: bool) -> Result<(), Vec<Complaint>> {
        if safe(name) && !link {
            return Ok(());
        }
        Err(vec![refuse(
            &name.chars().filter(|c| !c.is_control()).take(200).collect::<String>(),
            "文件名不安全：不能是绝对路径，不能含“..”、反斜杠或链接。",
            "Unsafe name: no absolute path, no `..`, no backslash, no link.",
        )])
    }

    fn put(&mut self, name: String, content: Vec<u8>) -> Result<(), Vec<Complaint>> {
        let length = u64::try_from(content.len()).unwrap_or(u64::MAX);
        self.total = self.total.saturating_add(length);
        limits(&name, length, self.total, self.files.len())?;
        if self.files.contains_key(&name) {
            return Err(vec![refuse(&name, "同名文件出现了两次。", "The file is there twice.")]);
        }
        self.files.insert(name, content);
        Ok(())
    }
}

fn safe(name: &str) -> bool {
    let part = |p: &str| !p.is_empty() && p != "." && p != "..";
    name.len() <= 300
        && !name.contains(['\\', '\0', ':'])
        && name.split('/').count() <= DEPTH_MAX
        && name.split('/').all(part)
}
