//! `cargo xtask room NAME --floor N`: a new room that compiles, is tidy, and fails one test until its first rule is
//! written.

use crate::house::{self, Floor, House};
use crate::{Res, tidy, tree};
use std::path::Path;
use std::process::Command;

/// Where a new room's section goes in `ARCHITECTURE.md`.
const MARK: &str = "<!-- new rooms above this line -->";
const NEXT: &str = "
It compiles, is tidy, and `cargo test -p NAME` fails in one place: the first rule is yours.
Next: docs/ADDING-A-ROOM.md, from step 3.
";

/// The files of a new room, from the workspace's root.
fn files(name: &str, floor: u64) -> Vec<(String, String)> {
    let fill = |text: &str| text.replace("NAME", name).replace("FLOOR", &floor.to_string());
    let file = |path: &str, text: &str| (format!("crates/{name}/{}", fill(path)), fill(text));
    vec![
        file("Cargo.toml", include_str!("../room/Cargo.toml.tpl")),
        file("README.md", include_str!("../room/README.md.tpl")),
        file("migrations/V1__NAME.sql", include_str!("../room/migration.sql.tpl")),
        file("src/lib.rs", include_str!("../room/lib.rs.tpl")),
        file("src/model.rs", include_str!("../room/model.rs.tpl")),
        file("src/rules.rs", include_str!("../room/rules.rs.tpl")),
        file("src/store.rs", include_str!("../room/store.rs.tpl")),
        file("tests/store.rs", include_str!("../room/test.rs.tpl")),
    ]
}

/// The command.
pub fn run(name: &str, floor: &str) -> Res<bool> {
    let floor: u64 =
        floor.parse().ok().filter(|n| (1..=8).contains(n)).ok_or("--floor is a number from 1 to 8")?;
    let root = house::root()?;
    let taken = house::survey(&root)?;
    check_name(name)?;
    if taken.room(name).is_some() || root.join("crates").join(name).exists() {
        return Err(format!("there is already a room called {name}"));
    }
    let texts = [enter(&root.join("Cargo.toml"), name)?, draw(&root.join("ARCHITECTURE.md"), name, floor)?];
    for (path, text) in files(name, floor) {
        write(&root.join(&path), &text)?;
        println!("made {path}");
    }
    for (path, text) in ["Cargo.toml", "ARCHITECTURE.md"].iter().zip(texts) {
        write(&root.join(path), &text)?;
        println!("changed {path}");
    }
    // The longer the name, the more lines the formatter wants.
    let _ = house::cargo().args(["fmt", "-p", name]).current_dir(&root).status();
    let complaints = tidy::inspect(&house::survey(&root)?, true)?;
    println!("changed docs/FLOORPLAN.txt");
    for complaint in complaints.iter().filter(|c| c.file.starts_with(&format!("crates/{name}/"))) {
        println!("{complaint}");
    }
    print!("{}", NEXT.replace("NAME", name));
    Ok(true)
}

/// Follows `docs/ADDING-A-ROOM.md` in a copy of the project: the new room is tidy, and fails exactly one test.
pub fn trial(house: &House) -> Res<bool> {
    let copy = house.target.join("room-trial");
    let _ = std::fs::remove_dir_all(&copy);
    copy_project(&house.root, &copy)?;
    // Not `current_exe`: a build of the whole workspace may have replaced us.
    let me = house.target.join("debug/xtask");
    let output = |command: &mut Command| -> Res<(bool, String)> {
        let command = command.current_dir(&copy).env("CARGO_TARGET_DIR", &house.target);
        let out = command.output().map_err(|e| format!("{:?}: {e}", command.get_program()))?;
        let text = String::from_utf8_lossy(&out.stdout) + String::from_utf8_lossy(&out.stderr);
        Ok((out.status.success(), text.into_owned()))
    };
    let (made, said) = output(Command::new(&me).args(["room", "trial", "--floor", "4"]))?;
    if !made {
        return Err(format!("the room was not made: {said}"));
    }
    let (_, said) = output(Command::new(&me).arg("tidy"))?;
    let complaints: Vec<&str> = said.lines().filter(|l| l.starts_with("crates/trial/")).collect();
    if !complaints.is_empty() {
        return Err(format!("the new room is not tidy:\n{}", complaints.join("\n")));
    }
    let test = ["test", "--package", "trial", "--lib", "--offline", "--", "--test-threads=1"];
    let (green, said) = output(house::cargo().args(test))?;
    let one = said.contains("0 passed; 1 failed") && said.contains("write the first rule of trial");
    if green || !one {
        return Err(format!("the new room should fail its first rule and nothing else:\n{said}"));
    }
    let (clean, said) = output(house::cargo().args(["check", "--package", "trial", "--tests", "--offline"]))?;
    let _ = std::fs::remove_dir_all(&copy);
    if clean {
        println!("a new room compiles, is tidy, and fails its first rule and nothing else");
        Ok(true)
    } else {
        Err(format!("the new room's tests do not compile:\n{said}"))
    }
}

/// Copies what git knows or would add.
fn copy_project(from: &Path, to: &Path) -> Res<()> {
    let mut git = Command::new("git");
    git.args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]).current_dir(from);
    let listed = git.output().map_err(|e| format!("git ls-files: {e}"))?;
    for path in String::from_utf8_lossy(&listed.stdout).split('\0').filter(|p| !p.is_empty()) {
        let (source, target) = (from.join(path), to.join(path));
        if !source.is_file() {
            continue;
        }
        let folder = target.parent().unwrap_or(to);
        std::fs::create_dir_all(folder).map_err(|e| format!("making {}: {e}", folder.display()))?;
        std::fs::copy(&source, &target).map_err(|e| format!("copying {path}: {e}"))?;
    }
    Ok(())
}

fn check_name(name: &str) -> Res<()> {
    let word = (3..=20).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_lowercase());
    if word { Ok(()) } else { Err(format!("{name:?}: a room's name is one word of 3 to 20 small letters")) }
}

/// The root manifest with the new room among the workspace's dependencies.
fn enter(path: &Path, name: &str) -> Res<String> {
    let text = tree::text(path);
    let mut lines: Vec<&str> = text.lines().collect();
    let is_room = |l: &&str| l.contains("{ path = \"crates/");
    let last = lines.iter().rposition(is_room).ok_or("Cargo.toml lists no rooms")?;
    let line = format!("{name} = {{ path = \"crates/{name}\" }}");
    lines.insert(last + 1, &line);
    Ok(lines.join("\n") + "\n")
}

/// The architecture with a section for the new room.
fn draw(path: &Path, name: &str, floor: u64) -> Res<String> {
    let section = include_str!("../room/architecture.md.tpl").replace("NAME", name);
    let section = section.replace("FLOOR", &Floor::Number(floor).to_string());
    let text = tree::text(path);
    let (before, after) =
        text.split_once(MARK).ok_or_else(|| format!("ARCHITECTURE.md has lost its line {MARK}"))?;
    Ok(format!("{before}{section}{MARK}{after}"))
}

fn write(path: &Path, text: &str) -> Res<()> {
    let folder = path.parent().unwrap_or(path);
    std::fs::create_dir_all(folder).map_err(|e| format!("making {}: {e}", folder.display()))?;
    std::fs::write(path, text).map_err(|e| format!("writing {}: {e}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::yard::Plot;

    #[test]
    fn a_new_room_is_tidy() {
        let mut plot = Plot::new("room").room("kernel", Floor::Number(0), &[]).room(
            "store",
            Floor::Number(0),
            &["kernel"],
        );
        plot = plot.room("trial", Floor::Number(3), &["kernel", "store"]);
        plot.house.rooms.retain(|r| r.name == "trial");
        plot = plot
            .file("ARCHITECTURE.md", &format!("# A\n{MARK}\n"))
            .file("README.md", "# A\n")
            .file("README.zh-CN.md", "# A\n");
        for (path, text) in files("trial", 3) {
            plot = plot.file(&path, &text);
        }
        let drawn = draw(&plot.house.root.join("ARCHITECTURE.md"), "trial", 3).unwrap();
        plot = plot.file("ARCHITECTURE.md", &drawn);
        assert_eq!(tidy::inspect(&plot.house, true).unwrap(), []);
    }

    #[test]
    fn a_room_has_one_word_for_a_name() {
        assert!(check_name("archive").is_ok());
        for wrong in ["Archive", "a", "two-words", "../up", "中文"] {
            assert!(check_name(wrong).is_err(), "{wrong}");
        }
    }
}
