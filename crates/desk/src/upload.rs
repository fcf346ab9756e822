//! A pack as it was sent: a zip, a folder, or the files of a folder with its name typed beside them.

use catalog::pack::{self, Complaint, Pack};
use kernel::{Fault, Refusal, RefusalKind};
use page::Submitted;
use page::submitted::Upload;

/// What is read into a pack.
pub(crate) enum Sent {
    Zip(Vec<u8>),
    Files(Vec<(String, Vec<u8>)>),
}

impl Sent {
    /// What the form brought; a folder wins over a zip.
    pub fn of(sent: &Submitted) -> Result<Self, Refusal> {
        let of = |field: &'static str| sent.files().iter().filter(move |f| f.field == field);
        let chosen: Vec<&Upload> = of("folder").filter(|f| !hidden(&f.path)).collect();
        if !chosen.is_empty() {
            return Ok(Self::Files(in_their_folder(&chosen, sent.get("key").trim())?));
        }
        of("pack").next().map(|zip| Self::Zip(zip.bytes.to_vec())).ok_or_else(none)
    }

    /// Reads and checks it; work for a blocking thread, since every rule is compiled.
    pub async fn read(self) -> Result<Result<Pack, Vec<Complaint>>, Fault> {
        let read = move || match self {
            Self::Zip(bytes) => pack::load_zip(&bytes),
            Self::Files(files) => pack::load_files(files),
        };
        tokio::task::spawn_blocking(read).await.map_err(|e| Fault::from("reading a pack", e))
    }
}

/// `.git/…`, `.DS_Store`: what a folder has beside the pack.
fn hidden(path: &str) -> bool {
    path.split('/').any(|part| part.starts_with('.'))
}

/// The files by their paths from the pack's root. An item is named by its folder: of a folder with several items the
/// folder's own name falls away, of one item's folder it stays; single files get the name that was typed.
fn in_their_folder(chosen: &[&Upload], key: &str) -> Result<Vec<(String, Vec<u8>)>, Refusal> {
    let first = |path: &str| path.split_once('/').map(|(folder, _)| folder.to_owned());
    let folder = chosen.first().and_then(|f| first(&f.path));
    let shared = folder.filter(|name| chosen.iter().all(|f| first(&f.path).as_ref() == Some(name)));
    let item = shared.as_ref().map(|name| format!("{name}/item.yaml"));
    let is_item = item.is_some_and(|path| chosen.iter().any(|f| f.path == path));
    let bare = shared.is_none() && chosen.iter().any(|f| f.path == "item.yaml");
    if bare && key.is_empty() {
        return Err(nameless());
    }
    let place = |path: &str| match &shared {
        Some(name) if !is_item => path.get(name.len() + 1..).unwrap_or(path).to_owned(),
        None if bare => format!("{key}/{path}"),
        _ => path.to_owned(),
    };
    Ok(chosen.iter().map(|f| (place(&f.path), f.bytes.to_vec())).collect())
}

fn none() -> Refusal {
    Refusal::new(RefusalKind::Invalid, "desk.no-pack", "请选择事项包。", "Choose a pack.").field(
        "folder",
        "请选择事项文件夹，或者在下面选择一个 zip 文件。",
        "Choose the item's folder, or a zip file below.",
    )
}

fn nameless() -> Refusal {
    let (zh, en) = ("没有文件夹名。", "The folder's name is missing.");
    Refusal::new(RefusalKind::Invalid, "desk.pack-without-name", zh, en).field(
        "key",
        "选的是单个文件，请填写它们所在文件夹的名称，例如 charter-bus-sticker。",
        "Single files were chosen: type the name of their folder, such as charter-bus-sticker.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn placed(paths: &[&str], key: &str) -> Result<Vec<String>, String> {
        let upload = |path: &&str| Upload {
            field: "folder".to_owned(),
            name: String::new(),
            path: (*path).to_owned(),
            bytes: Default::default(),
        };
        let all: Vec<Upload> = paths.iter().map(upload).collect();
        let placed = in_their_folder(&all.iter().collect::<Vec<_>>(), key).map_err(|r| r.code.to_string())?;
        Ok(placed.into_iter().map(|(path, _)| path).collect())
    }

    #[test]
    fn an_item_keeps_the_name_of_its_folder() {
        let one = ["sticker/item.yaml", "sticker/sticker.typ"];
        assert_eq!(placed(&one, "").unwrap(), one);
        let several = ["packs/sources.yaml", "packs/nanjing/sticker/item.yaml"];
        assert_eq!(placed(&several, "x").unwrap(), ["sources.yaml", "nanjing/sticker/item.yaml"]);
        let single = ["item.yaml", "sticker.typ"];
        assert_eq!(placed(&single, "sticker").unwrap(), ["sticker/item.yaml", "sticker/sticker.typ"]);
        assert_eq!(placed(&single, "").unwrap_err(), "desk.pack-without-name");
        assert!(hidden("sticker/.git/config") && !hidden("sticker/item.yaml"));
    }
}
