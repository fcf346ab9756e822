//! Files and functions stay small enough to be read in one go, and every file says first what it is for.

use super::Report;
use crate::house::House;
use crate::lex::{self, Source};
use crate::tree;
use std::path::Path;

const FILE_LINES_MAX: usize = 500;
const WINDOW_LINES_MAX: usize = 200;
const FUNCTION_LINES_MAX: usize = 60;

/// Every source file of the project.
pub fn check(house: &House, report: &mut Report<'_>) {
    for room in &house.rooms {
        for path in tree::files(&room.dir, &[".rs"]) {
            rust(&path, report);
        }
        for path in tree::files(&room.dir, &[".html", ".sql", ".ftl", ".css", ".js"]) {
            length(&path, &tree::text(&path), FILE_LINES_MAX, report);
        }
    }
    for path in tree::files(&house.root.join("e2e"), &[".mjs"]) {
        length(&path, &tree::text(&path), FILE_LINES_MAX, report);
    }
}

fn rust(path: &Path, report: &mut Report<'_>) {
    let text = tree::text(path);
    let first = text.lines().next().unwrap_or_default();
    if !first.starts_with("//! ") || first.len() < 12 {
        report.add(
            path,
            1,
            "the first line does not say what the file is for",
            "begin with `//! …`, one line",
        );
    }
    let window = path.ends_with("src/lib.rs");
    length(path, &text, if window { WINDOW_LINES_MAX } else { FILE_LINES_MAX }, report);
    for function in functions(&lex::read(&text)) {
        if function.lines > FUNCTION_LINES_MAX {
            let what = format!(
                "fn {} has {} lines of code, {FUNCTION_LINES_MAX} at most",
                function.name, function.lines
            );
            report.add(path, function.line, what, "give its parts names: split it");
        }
    }
}

fn length(path: &Path, text: &str, most: usize, report: &mut Report<'_>) {
    let lines = text.lines().count();
    if lines > most {
        let cure = if most == WINDOW_LINES_MAX {
            "the shop window only names what is inside"
        } else {
            "split it by what it is for"
        };
        report.add(path, most + 1, format!("{lines} lines, {most} at most"), cure);
    }
}

struct Function {
    name: String,
    line: usize,
    lines: usize,
}

/// The functions of a file with their lines of code; blank lines and comments do not count.
fn functions(source: &Source) -> Vec<Function> {
    let mut found = Vec::new();
    let code = &source.code;
    for at in source.find_all("fn ") {
        if at > 0 && code.get(at - 1).copied().is_some_and(lex::is_word) {
            continue;
        }
        let name: String = code.iter().skip(at + 3).take_while(|c| lex::is_word(**c)).collect();
        let (false, Some(open)) = (name.is_empty(), body(code, at)) else { continue };
        let Some(close) = source.closing(open) else { continue };
        let body: String = code.get(at..=close).map(String::from_iter).unwrap_or_default();
        let lines = body.lines().filter(|l| !l.trim().is_empty()).count();
        found.push(Function { name, line: source.line_of(at), lines });
    }
    found
}

/// Where the body of the function that begins at `at` opens; a function of a trait may have none.
fn body(code: &[char], at: usize) -> Option<usize> {
    let mut depth = 0i32;
    for (i, c) in code.iter().enumerate().skip(at) {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth -= 1,
            '{' if depth == 0 => return Some(i),
            ';' if depth == 0 => return None,
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::house::Floor;
    use crate::tidy::yard::{Plot, said};

    #[test]
    fn long_and_nameless_files_are_named() {
        let long = format!(
            "//! For a test of length.\n\nfn long() {{\n{}}}\n",
            "    let _ = \"{\"; // }\n".repeat(60)
        );
        let fitting = format!(
            "//! For a test of length.\nfn fits() -> [u8; 2] {{\n{}\n}}\n",
            "    // said\n\n".repeat(90)
        );
        let plot = Plot::new("size")
            .room("cases", Floor::Number(5), &[])
            .file("crates/cases/src/long.rs", &long)
            .file("crates/cases/src/fits.rs", &fitting)
            .file("crates/cases/src/nameless.rs", "use std::fmt;\n")
            .file("crates/cases/src/lib.rs", &format!("//! The shop window.\n{}", "// x\n".repeat(200)))
            .file("crates/cases/templates/a.html", &"<p>\n".repeat(501));
        let found = plot.complaints(check);
        said(&found, "crates/cases/src/long.rs", 3, "fn long has 62 lines");
        said(&found, "crates/cases/src/nameless.rs", 1, "what the file is for");
        said(&found, "crates/cases/src/lib.rs", 201, "200 at most");
        said(&found, "crates/cases/templates/a.html", 501, "500 at most");
        assert_eq!(found.len(), 4, "{found:#?}");
    }
}
