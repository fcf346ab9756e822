//! The rooms and their arrows, as `cargo metadata` tells them.

use crate::Res;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Where a room stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Floor {
    /// On a floor of the house, 0 the ground.
    Number(u64),
    /// Heavy, behind a socket of kernel, linked by app alone.
    Beside,
    /// Tools and tests.
    Yard,
}

impl std::fmt::Display for Floor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Number(n) => write!(f, "{n}"),
            Self::Beside => f.write_str("beside"),
            Self::Yard => f.write_str("yard"),
        }
    }
}

/// One crate.
#[derive(Debug, Clone)]
pub struct Room {
    /// Its name, which is the word that staff use.
    pub name: String,
    /// Its folder.
    pub dir: PathBuf,
    /// Its floor; none when its `Cargo.toml` does not say it, or says nonsense.
    pub floor: Option<Floor>,
    /// The rooms it calls.
    pub calls: Vec<String>,
    /// The rooms that only its tests call.
    pub test_calls: Vec<String>,
}

/// The whole house.
#[derive(Debug, Clone)]
pub struct House {
    /// The workspace's root.
    pub root: PathBuf,
    /// Where cargo puts what it builds.
    pub target: PathBuf,
    /// The rooms, by name.
    pub rooms: Vec<Room>,
}

/// The workspace in which we stand.
pub fn root() -> Res<PathBuf> {
    let out = cargo()
        .args(["locate-project", "--workspace", "--message-format", "plain"])
        .output()
        .map_err(|e| format!("running cargo: {e}"))?;
    let path = PathBuf::from(String::from_utf8_lossy(&out.stdout).trim());
    path.parent().map(Path::to_path_buf).ok_or_else(|| "stand in the project's folder".to_owned())
}

/// The cargo that runs us.
pub fn cargo() -> Command {
    unnamed(std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned()))
}

/// A program that does not hear which package of ours started it. Cargo tells us by variables that the build scripts of some dependencies
/// (ring's) read: a build from here after one by hand would compile nearly everything anew, and the next by hand once more.
pub fn unnamed(program: impl AsRef<std::ffi::OsStr>) -> Command {
    let mut command = Command::new(program);
    for (name, _) in std::env::vars_os() {
        let told =
            name.to_str().is_some_and(|n| n.starts_with("CARGO_PKG_") || n.starts_with("CARGO_MANIFEST_"));
        if told {
            command.env_remove(&name);
        }
    }
    command
}

/// Asks cargo for the rooms of the workspace at `root`.
pub fn survey(root: &Path) -> Res<House> {
    let out = cargo()
        .args(["metadata", "--no-deps", "--format-version", "1"])
        .current_dir(root)
        .output()
        .map_err(|e| format!("running cargo metadata: {e}"))?;
    if !out.status.success() {
        return Err(format!("cargo metadata: {}", String::from_utf8_lossy(&out.stderr).trim()));
    }
    let value: Value =
        serde_json::from_slice(&out.stdout).map_err(|e| format!("reading cargo metadata: {e}"))?;
    Ok(from_metadata(root, &value))
}

fn from_metadata(root: &Path, value: &Value) -> House {
    let packages: &[Value] = value["packages"].as_array().map_or(&[], Vec::as_slice);
    let names: Vec<&str> = packages.iter().filter_map(|p| p["name"].as_str()).collect();
    let mut rooms: Vec<Room> = packages.iter().map(|package| room(package, &names)).collect();
    rooms.sort_by(|a, b| a.name.cmp(&b.name));
    let target = value["target_directory"].as_str().map_or_else(|| root.join("target"), PathBuf::from);
    House { root: root.to_path_buf(), target, rooms }
}

fn room(package: &Value, names: &[&str]) -> Room {
    let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
    let floor = match &package["metadata"]["house"]["floor"] {
        Value::Number(n) => n.as_u64().map(Floor::Number),
        Value::String(s) if s == "beside" => Some(Floor::Beside),
        Value::String(s) if s == "yard" => Some(Floor::Yard),
        _ => None,
    };
    let manifest = PathBuf::from(text(&package["manifest_path"]));
    let mut room = Room {
        name: text(&package["name"]),
        dir: manifest.parent().unwrap_or(&manifest).to_path_buf(),
        floor,
        calls: Vec::new(),
        test_calls: Vec::new(),
    };
    for dependency in package["dependencies"].as_array().map_or(&[][..], Vec::as_slice) {
        let name = text(&dependency["name"]);
        if dependency["path"].is_null() || !names.contains(&name.as_str()) {
            continue;
        }
        let list = if dependency["kind"] == "dev" { &mut room.test_calls } else { &mut room.calls };
        list.push(name);
    }
    room.calls.sort();
    room.calls.dedup();
    room.test_calls.sort();
    room.test_calls.dedup();
    room
}

impl House {
    /// The room called `name`.
    pub fn room(&self, name: &str) -> Option<&Room> {
        self.rooms.iter().find(|r| r.name == name)
    }

    /// A path as it is told to people: from the root.
    pub fn short(&self, path: &Path) -> String {
        path.strip_prefix(&self.root).unwrap_or(path).display().to_string()
    }
}

impl Room {
    /// Whether it is a tool or a test helper, not a part of the program.
    pub fn in_yard(&self) -> bool {
        self.floor == Some(Floor::Yard)
    }
}
