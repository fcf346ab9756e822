//! A table belongs to one room: only its store names it, foreign keys point down, columns have three types.

use super::Report;
use crate::house::{Floor, House, Room};
use crate::lex;
use crate::tree;
use std::path::Path;

struct Table<'a> {
    name: String,
    room: &'a Room,
}

/// Every migration and every string of every source file.
pub fn check(house: &House, report: &mut Report<'_>) {
    let mut tables = Vec::new();
    for room in &house.rooms {
        for path in tree::files(&room.dir.join("migrations"), &[".sql"]) {
            migration(room, &path, &mut tables, report);
        }
    }
    for room in &house.rooms {
        for path in tree::files(&room.dir.join("migrations"), &[".sql"]) {
            references(room, &path, &tables, report);
        }
        if !room.in_yard() {
            for path in tree::files(&room.dir, &[".rs"]) {
                strings(room, &path, &tables, report);
            }
        }
    }
}

/// The text without `-- …` comments, in lines.
fn sql_lines(path: &Path) -> Vec<String> {
    tree::text(path).lines().map(|l| l.split("--").next().unwrap_or_default().to_owned()).collect()
}

fn words(line: &str) -> Vec<&str> {
    line.split(|c: char| !lex::is_word(c)).filter(|w| !w.is_empty()).collect()
}

fn migration<'a>(room: &'a Room, path: &Path, tables: &mut Vec<Table<'a>>, report: &mut Report<'_>) {
    let prefix = format!("{}_", room.name.replace('-', "_"));
    let mut inside = false;
    for (number, line) in (1..).zip(sql_lines(path)) {
        let upper = line.to_ascii_uppercase();
        let words = words(&line);
        if upper.contains("CREATE TABLE") {
            inside = true;
            let skip = if upper.contains("IF NOT EXISTS") { 5 } else { 2 };
            let name = words.get(skip).copied().unwrap_or_default().to_owned();
            if !name.starts_with(&prefix) {
                let what = format!("the table {name} does not carry its room's name");
                report.add(path, number, what, format!("call it {prefix}…"));
            }
            tables.push(Table { name, room });
        } else if inside {
            column(path, number, &words, report);
        }
        inside &= !line.contains(';');
    }
}

fn column(path: &Path, number: usize, words: &[&str], report: &mut Report<'_>) {
    let constraint =
        ["PRIMARY", "UNIQUE", "CHECK", "FOREIGN", "CONSTRAINT", "REFERENCES", "WITHOUT", "ON", "AND", "OR"];
    let (Some(name), Some(kind)) = (words.first(), words.get(1)) else { return };
    let is_column = name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    if !is_column || constraint.contains(kind) {
        return;
    }
    if !["BIGINT", "TEXT", "BYTEA"].contains(kind) {
        let what = format!("the column {name} is {kind}");
        report.add(
            path,
            number,
            what,
            "only BIGINT (microseconds, fen), TEXT and BYTEA mean the same in both databases",
        );
    }
}

/// Foreign keys point down.
fn references(room: &Room, path: &Path, tables: &[Table<'_>], report: &mut Report<'_>) {
    for (number, line) in (1..).zip(sql_lines(path)) {
        for word in words(&line) {
            let Some(table) = tables.iter().find(|t| t.name == word && t.room.name != room.name) else {
                continue;
            };
            let down = matches!((room.floor, table.room.floor), (Some(Floor::Number(a)), Some(Floor::Number(b))) if a > b);
            if !(down && line.to_ascii_uppercase().contains("REFERENCES")) {
                let what = format!("{} touches {word}, a table of {}", room.name, table.room.name);
                report.add(
                    path,
                    number,
                    what,
                    "only a foreign key may name another room's table, and only downwards",
                );
            }
        }
    }
}

fn strings(room: &Room, path: &Path, tables: &[Table<'_>], report: &mut Report<'_>) {
    let text = tree::text(path);
    let source = lex::read(&text);
    let test_lines = source.test_lines();
    let in_src = path.starts_with(room.dir.join("src")) && !path.starts_with(room.dir.join("src/tests"));
    let in_store = room.name == "store"
        || path.components().any(|c| c.as_os_str() == "store" || c.as_os_str() == "store.rs");
    for literal in &source.literals {
        let in_test = !in_src || test_lines.iter().any(|(a, b)| (*a..=*b).contains(&literal.line));
        for word in words(&literal.text) {
            let Some(table) = tables.iter().find(|t| t.name == word && t.room.name != room.name) else {
                continue;
            };
            // A test may throw a table's name at the program; it may not ask the table.
            if in_test && !is_sql(&literal.text) && literal.text.trim() != table.name {
                continue;
            }
            let what = format!("{word} is a table of {}", table.room.name);
            report.add(path, literal.line, what, format!("ask {} for it by a call", table.room.name));
        }
        if !in_store && !in_test && is_sql(&literal.text) {
            let cure = "move it into the room's store.rs (or store/): pages, verbs and rules speak in types";
            report.add(path, literal.line, "SQL outside the store", cure);
        }
    }
}

fn is_sql(text: &str) -> bool {
    let words: Vec<String> = text.split_whitespace().take(4).map(str::to_owned).collect();
    let nth = |n: usize| words.get(n).map_or("", String::as_str);
    match (nth(0), nth(1)) {
        ("SELECT", _)
        | ("INSERT", "INTO")
        | ("DELETE", "FROM")
        | ("CREATE" | "ALTER" | "DROP", "TABLE" | "INDEX") => true,
        ("UPDATE", _) => nth(2) == "SET",
        ("WITH", _) => nth(2) == "AS" || nth(3) == "AS",
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::yard::{Plot, said};

    #[test]
    fn tables_stay_behind_their_walls() {
        let plot = Plot::new("walls")
            .room("identity", Floor::Number(2), &[])
            .room("cases", Floor::Number(5), &[])
            .file(
                "crates/identity/migrations/V1__identity.sql",
                "CREATE TABLE identity_person (\n  id TEXT PRIMARY KEY, -- VARCHAR\n  born DATE NOT NULL,\n  PRIMARY KEY (id)\n);\n\
                 CREATE TABLE people (id TEXT);\nCREATE TABLE identity_x (id TEXT REFERENCES cases_case(id));\n",
            )
            .file(
                "crates/cases/migrations/V1__cases.sql",
                "CREATE TABLE cases_case (\n  id TEXT,\n  person TEXT REFERENCES identity_person(id)\n);\n\
                 CREATE INDEX x ON identity_person (id);\n",
            )
            .file("crates/cases/src/store.rs", "//! Rows.\nfn a() { q(\"SELECT id FROM cases_case\"); }\n")
            .file(
                "crates/cases/src/rules.rs",
                "//! Rules.\nfn a() { q(\"SELECT 1\"); q(\"SELECTED\") }\n#[cfg(test)]\nmod t { const Q: &str = \"SELECT 1\"; }\n",
            )
            .file("crates/cases/tests/store.rs", "//! T.\nfn a() { q(\"DELETE FROM cases_case\"); q(\"identity_person\"); say(\"'; DROP TABLE identity_person\"); }\n");
        let found = plot.complaints(check);
        said(&found, "crates/identity/migrations/V1__identity.sql", 3, "the column born is DATE");
        said(&found, "crates/identity/migrations/V1__identity.sql", 6, "people");
        said(&found, "crates/identity/migrations/V1__identity.sql", 7, "touches cases_case");
        said(&found, "crates/cases/migrations/V1__cases.sql", 5, "touches identity_person");
        said(&found, "crates/cases/src/rules.rs", 2, "SQL outside");
        said(&found, "crates/cases/tests/store.rs", 2, "identity_person is a table of identity");
        assert_eq!(found.len(), 6, "{found:#?}");
    }
}
