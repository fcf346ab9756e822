//! What is written beside the code: READMEs, the architecture's invariants, templates without inline script, no
//! notes to self.

use super::{Report, line_starting};
use crate::house::{House, Room};
use crate::lex;
use crate::tree;
use std::path::Path;

const README_LINES_MAX: usize = 60;
const FRONT_LINES_MAX: usize = 120;
const TEXTS: [&str; 12] =
    [".rs", ".html", ".sql", ".ftl", ".css", ".js", ".mjs", ".yaml", ".toml", ".typ", ".sh", ".txt"];
/// Put together here so that this file does not find itself.
const NOTES_TO_SELF: [&str; 3] = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X")];

/// Everything written.
pub fn check(house: &House, report: &mut Report<'_>) {
    architecture(house, report);
    for name in ["README.md", "README.zh-CN.md"] {
        paper(&house.root.join(name), FRONT_LINES_MAX, report);
    }
    for room in &house.rooms {
        paper(&room.dir.join("README.md"), README_LINES_MAX, report);
        manifest(room, report);
        for path in tree::files(&room.dir.join("templates"), &[".html"]) {
            inline(&path, report);
        }
    }
    for folder in ["crates", "e2e", "packs", ".ci", ".cargo"] {
        for path in tree::files(&house.root.join(folder), &TEXTS) {
            notes_to_self(&path, report);
        }
    }
}

fn paper(path: &Path, most: usize, report: &mut Report<'_>) {
    let text = tree::text(path);
    if text.trim().is_empty() {
        let cure = "say what it is, what it is not, its events and whom it may call";
        return report.add(path, 1, "there is no README", cure);
    }
    if !text.starts_with("# ") {
        report.add(path, 1, "the first line is no title", "begin with `# …`");
    }
    let lines = text.lines().count();
    if lines > most {
        report.add(path, most + 1, format!("{lines} lines, {most} at most"), "say less, or say it in docs/");
    }
}

/// Every room has its place in `ARCHITECTURE.md`, with at least one invariant.
fn architecture(house: &House, report: &mut Report<'_>) {
    let path = house.root.join("ARCHITECTURE.md");
    let text = tree::text(&path);
    for room in &house.rooms {
        let title = format!("### {}", room.name);
        let Some(start) = text.lines().position(|l| l.trim_end() == title) else {
            let cure = format!("add `{title}` with what it holds and an **Invariant:** line");
            report.add(&path, 1, format!("{} is not drawn", room.name), cure);
            continue;
        };
        let mut section = text.lines().skip(start + 1).take_while(|l| !l.starts_with('#'));
        if !section.any(|l| l.contains("**Invariant:**")) {
            let cure = "say in one sentence what is always so, or never, and let a test or tidy hold it";
            report.add(&path, start + 1, format!("{} promises nothing", room.name), cure);
        }
    }
}

/// Every crate takes the workspace's lints.
fn manifest(room: &Room, report: &mut Report<'_>) {
    let path = room.dir.join("Cargo.toml");
    let text = tree::text(&path);
    let flat: String = text.split_whitespace().collect();
    if !flat.contains("[lints]workspace=true") {
        let line = line_starting(&text, "[lints]");
        report.add(&path, line, "the workspace's lints do not hold here", "add [lints] workspace = true");
    }
}

/// The Content-Security-Policy lets no inline script or style run: a template with one is broken.
fn inline(path: &Path, report: &mut Report<'_>) {
    for (number, line) in (1..).zip(tree::text(path).lines()) {
        let lower = line.to_ascii_lowercase();
        let handler = lower.split(" on").skip(1).any(|rest| {
            let name: String = rest.chars().take_while(char::is_ascii_lowercase).collect();
            name.len() > 3 && rest.get(name.len()..).is_some_and(|r| r.starts_with("=\""))
        });
        let script =
            lower.contains("<script") && !lower.contains("src=") && !lower.contains("application/json");
        if lower.contains(" style=") || lower.contains("<style") || script || handler {
            let cure = "use a class of page's stylesheet, or a file under page/assets";
            report.add(path, number, "inline style or script, which the browser will refuse", cure);
        }
    }
}

fn notes_to_self(path: &Path, report: &mut Report<'_>) {
    let text = tree::text(path);
    if !NOTES_TO_SELF.iter().any(|note| text.contains(note)) {
        return;
    }
    for (number, line) in (1..).zip(text.lines()) {
        let note = |n: &&&str| line.split(|c: char| !lex::is_word(c)).any(|word| word == **n);
        if let Some(note) = NOTES_TO_SELF.iter().find(note) {
            report.add(
                path,
                number,
                format!("a {note} is left"),
                "do it, or file an issue and say why not here",
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::house::Floor;
    use crate::tidy::yard::{Plot, said};

    #[test]
    fn what_is_not_written_is_asked_for() {
        let note = format!("//! A file.\n// {}: later\n", NOTES_TO_SELF[0]);
        let page = "<p class=\"x\">\n<p style=\"color:red\">\n<script src=\"/a.js\"></script>\n<button onclick=\"x()\">\n<p>on=\"\n";
        let plot = Plot::new("papers")
            .room("cases", Floor::Number(5), &[])
            .room("desk", Floor::Number(8), &[])
            .file("ARCHITECTURE.md", "# A\n### cases\nText.\n**Invariant:** one.\n### desk\nText.\n## Glossary\n**Invariant:** two\n")
            .file("README.md", "# Yimen\n")
            .file("README.zh-CN.md", &format!("# 一门\n{}", "x\n".repeat(FRONT_LINES_MAX)))
            .file("crates/cases/README.md", "cases\n")
            .file("crates/cases/Cargo.toml", "[lints]\nworkspace = true\n")
            .file("crates/cases/src/a.rs", &note)
            .file("crates/cases/templates/a.html", page)
            .file("crates/desk/Cargo.toml", "[package]\n");
        let found = plot.complaints(check);
        said(&found, "ARCHITECTURE.md", 5, "desk promises nothing");
        said(&found, "README.zh-CN.md", 121, "120 at most");
        said(&found, "crates/cases/README.md", 1, "no title");
        said(&found, "crates/desk/README.md", 1, "no README");
        said(&found, "crates/desk/Cargo.toml", 1, "lints");
        said(&found, "crates/cases/src/a.rs", 2, NOTES_TO_SELF[0]);
        said(&found, "crates/cases/templates/a.html", 2, "inline");
        said(&found, "crates/cases/templates/a.html", 4, "inline");
        assert_eq!(found.len(), 8, "{found:#?}");
    }
}
