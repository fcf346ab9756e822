//! The descriptions that ship with the installation, read when they are asked for.

use crate::file::{File, Hall};
use kernel::{Fault, Outcome, Refusal};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The folder of descriptions.
#[derive(Debug, Clone)]
pub struct Described(Arc<PathBuf>);

/// A description as it is listed.
#[derive(Debug, Clone, PartialEq)]
pub struct Listed {
    /// The name of its file without `.yaml`.
    pub id: String,
    /// The hall, or what is wrong with the file.
    pub hall: Result<Hall, String>,
}

impl Described {
    /// The descriptions among these packs.
    pub fn of(packs: &Path) -> Self {
        Self(Arc::new(packs.join("demo").join("whatif")))
    }

    /// All that describe a hall's day, by name; none where there is no such folder.
    ///
    /// # Errors
    /// A [`Fault`] when the folder cannot be read.
    pub async fn all(&self) -> Result<Vec<Listed>, Fault> {
        let folder = Arc::clone(&self.0);
        aside(move || list(&folder)).await?
    }

    /// The one with this id.
    ///
    /// # Errors
    /// Not found when there is none, or when it describes no hall; a [`Fault`] for one that is wrong.
    pub async fn one(&self, id: &str) -> Outcome<Hall> {
        let found = self.all().await?.into_iter().find(|one| one.id == id);
        Ok(found.ok_or_else(Refusal::not_found)?.hall.map_err(Fault::new)?)
    }
}

/// Does what may take a while where it keeps nobody waiting.
pub(crate) async fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Fault> {
    tokio::task::spawn_blocking(work).await.map_err(|e| Fault::from("working aside", e))
}

fn list(folder: &Path) -> Result<Vec<Listed>, Fault> {
    let reading = |e| Fault::from(format!("reading {}", folder.display()), e);
    let entries = match std::fs::read_dir(folder) {
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(reading)?,
    };
    let mut listed = Vec::new();
    for entry in entries {
        let path = entry.map_err(reading)?.path();
        let id = path
            .file_stem()
            .and_then(|s| s.to_str())
            .filter(|_| path.extension().is_some_and(|e| e == "yaml"));
        let Some(id) = id else { continue };
        let read = std::fs::read_to_string(&path).map_err(|e| Fault::from("reading it", e));
        let hall = match read.and_then(|text| File::read(&text)) {
            Ok(File { hall: Some(hall), .. }) => Ok(hall),
            Ok(_) => continue,
            Err(fault) => Err(format!("{id}.yaml: {fault}")),
        };
        listed.push(Listed { id: id.to_owned(), hall });
    }
    listed.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(listed)
}
