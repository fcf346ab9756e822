//! The files of a folder, without what is built or fetched.

use std::path::{Path, PathBuf};

const PASSED_OVER: [&str; 5] = ["target", "node_modules", ".git", "data", "demo-data"];

/// All files under `dir` whose name ends with one of `endings`, in order.
pub fn files(dir: &Path, endings: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    walk(dir, endings, &mut found);
    found.sort();
    found
}

fn walk(dir: &Path, endings: &[&str], found: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(dir) else { return };
    for entry in entries.flatten() {
        let (path, name) = (entry.path(), entry.file_name().to_string_lossy().into_owned());
        let Ok(kind) = entry.file_type() else { continue };
        if kind.is_dir() {
            if !PASSED_OVER.contains(&name.as_str()) {
                walk(&path, endings, found);
            }
        } else if kind.is_file() && endings.iter().any(|e| name.ends_with(e)) {
            found.push(path);
        }
    }
}

/// The text of a file; empty when it is absent or no text.
pub fn text(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_default()
}
