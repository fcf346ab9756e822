//! `cargo xtask tidy`: what the house promises about itself, checked in a second and without compiling it.

mod arrows;
mod papers;
mod size;
mod walls;
mod words;

use crate::Res;
use crate::house::{self, House};
use std::path::Path;

/// One thing that is not as promised.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Complaint {
    /// The file, from the root.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// What is wrong.
    pub what: String,
    /// What to do.
    pub cure: String,
}

impl std::fmt::Display for Complaint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}: {}\n    → {}", self.file, self.line, self.what, self.cure)
    }
}

/// The complaints so far.
pub struct Report<'a> {
    house: &'a House,
    complaints: Vec<Complaint>,
}

impl Report<'_> {
    fn add(&mut self, path: &Path, line: usize, what: impl Into<String>, cure: impl Into<String>) {
        let file = self.house.short(path);
        self.complaints.push(Complaint { file, line: line.max(1), what: what.into(), cure: cure.into() });
    }
}

/// Everything that is wrong with `house`; with `bless` the floor plan is written anew instead of compared.
pub fn inspect(house: &House, bless: bool) -> Res<Vec<Complaint>> {
    let mut report = Report { house, complaints: Vec::new() };
    arrows::check(house, &mut report);
    arrows::floor_plan(house, bless, &mut report)?;
    size::check(house, &mut report);
    walls::check(house, &mut report);
    words::check(house, &mut report);
    papers::check(house, &mut report);
    report.complaints.sort();
    report.complaints.dedup();
    Ok(report.complaints)
}

/// The command: prints complaints; good when there are none.
pub fn run(bless: bool) -> Res<bool> {
    let house = house::survey(&house::root()?)?;
    let complaints = inspect(&house, bless)?;
    for complaint in &complaints {
        println!("{complaint}");
    }
    if complaints.is_empty() {
        println!("tidy: {} rooms, nothing to complain about", house.rooms.len());
    } else {
        println!("tidy: {} complaints", complaints.len());
    }
    Ok(complaints.is_empty())
}

/// The line of `text` (from 1) that begins with `start`, or 1.
fn line_starting(text: &str, start: &str) -> usize {
    text.lines().position(|l| l.trim_start().starts_with(start)).map_or(1, |n| n + 1)
}

#[cfg(test)]
pub mod yard {
    //! A small house made of text, to plant violations in.

    use super::{Complaint, Report};
    use crate::house::{Floor, House, Room};
    use std::path::{Path, PathBuf};

    pub struct Plot {
        pub house: House,
    }

    impl Plot {
        pub fn new(name: &str) -> Self {
            let root = std::env::temp_dir().join(format!("tidy-{}-{name}", std::process::id()));
            let _ = std::fs::remove_dir_all(&root);
            std::fs::create_dir_all(&root).unwrap();
            Self { house: House { target: root.join("target"), root, rooms: Vec::new() } }
        }

        pub fn room(mut self, name: &str, floor: Floor, calls: &[&str]) -> Self {
            let dir = self.house.root.join("crates").join(name);
            std::fs::create_dir_all(dir.join("src")).unwrap();
            let calls: Vec<String> = calls.iter().map(|c| (*c).to_owned()).collect();
            let room = Room { name: name.to_owned(), dir, floor: Some(floor), calls, test_calls: Vec::new() };
            self.house.rooms.push(room);
            self
        }

        pub fn file(self, path: &str, text: &str) -> Self {
            let path: PathBuf = self.house.root.join(path);
            std::fs::create_dir_all(path.parent().unwrap_or(Path::new("."))).unwrap();
            std::fs::write(path, text).unwrap();
            self
        }

        pub fn complaints(&self, check: impl Fn(&House, &mut Report<'_>)) -> Vec<Complaint> {
            let mut report = Report { house: &self.house, complaints: Vec::new() };
            check(&self.house, &mut report);
            report.complaints
        }
    }

    impl Drop for Plot {
        fn drop(&mut self) {
            let _ = std::fs::remove_dir_all(&self.house.root);
        }
    }

    pub fn said(complaints: &[Complaint], file: &str, line: usize, part: &str) {
        let found = complaints.iter().any(|c| c.file == file && c.line == line && c.what.contains(part));
        assert!(found, "no complaint at {file}:{line} about {part:?} in {complaints:#?}");
    }
}
