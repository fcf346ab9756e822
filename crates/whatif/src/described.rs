//! The descriptions that ship with the installation, read when they are asked for, and the packs that matters are planned from.

use crate::file::{File, Hall, Matter};
use crate::matter::{Planned, installed, planned};
use catalog::Pack;
use kernel::{Fault, Lang, Outcome, Refusal};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::sync::{Mutex, OnceCell};

/// The folder of descriptions.
#[derive(Debug, Clone)]
pub struct Described(Arc<Folder>);

#[derive(Debug)]
struct Folder {
    packs: PathBuf,
    /// Read once, when the first matter is looked at: packs change with the installation.
    pack: OnceCell<Arc<Pack>>,
    /// What was planned from it, by what was asked.
    plans: Mutex<BTreeMap<Vec<String>, Planned>>,
}

/// A description as it is listed; a file that describes a hall and a matter is listed for each.
#[derive(Debug, Clone, PartialEq)]
pub struct Listed {
    /// The name of its file without `.yaml`.
    pub id: String,
    /// What it describes.
    pub what: What,
}

/// What is described.
#[derive(Debug, Clone, PartialEq)]
pub enum What {
    /// A hall's day.
    Hall(Box<Hall>),
    /// A matter, with its plan.
    Matter(Box<(Matter, Planned)>),
    /// Nothing that can be tried; why.
    Wrong(String),
}

impl Described {
    /// The descriptions among these packs.
    pub fn of(packs: &Path) -> Self {
        let packs = packs.to_owned();
        Self(Arc::new(Folder { packs, pack: OnceCell::new(), plans: Mutex::default() }))
    }

    /// All of them, by name; none where there is no such folder, and no matter of packs that are not installed.
    ///
    /// # Errors
    /// A [`Fault`] when the folder cannot be read.
    pub async fn all(&self) -> Result<Vec<Listed>, Fault> {
        let folder = self.0.packs.join("demo").join("whatif");
        let mut listed = Vec::new();
        for (id, read) in aside(move || list(&folder)).await?? {
            let File { hall, matter } = match read {
                Ok(file) => file,
                Err(fault) => {
                    listed.push(Listed { what: What::Wrong(format!("{id}.yaml: {fault}")), id });
                    continue;
                }
            };
            listed.extend(hall.map(|h| Listed { id: id.clone(), what: What::Hall(Box::new(h)) }));
            if let Some(matter) = matter {
                let what = match self.planned(&matter).await {
                    Ok(Some(planned)) => What::Matter(Box::new((matter, planned))),
                    // It is of packs that are not installed here.
                    Ok(None) => continue,
                    Err(fault) => What::Wrong(format!("{id}.yaml: {fault}")),
                };
                listed.push(Listed { id, what });
            }
        }
        Ok(listed)
    }

    /// The hall with this id.
    ///
    /// # Errors
    /// Not found when there is none, or when it describes no hall; a [`Fault`] for one that is wrong.
    pub async fn one(&self, id: &str) -> Outcome<Hall> {
        for one in self.all().await?.into_iter().filter(|one| one.id == id) {
            match one.what {
                What::Hall(hall) => return Ok(*hall),
                What::Wrong(why) => return Err(Fault::new(why).into()),
                What::Matter(_) => {}
            }
        }
        Err(Refusal::not_found().into())
    }

    /// The matter with this id, and its plan.
    ///
    /// # Errors
    /// Not found when there is none, or when it describes no matter; a [`Fault`] for one that is wrong.
    pub async fn matter(&self, id: &str) -> Outcome<(Matter, Planned)> {
        for one in self.all().await?.into_iter().filter(|one| one.id == id) {
            match one.what {
                What::Matter(matter) => return Ok(*matter),
                What::Wrong(why) => return Err(Fault::new(why).into()),
                What::Hall(_) => {}
            }
        }
        Err(Refusal::not_found().into())
    }

    /// The plan; none when these packs have no such theme or item.
    async fn planned(&self, matter: &Matter) -> Result<Option<Planned>, Fault> {
        let read = async || {
            let packs = self.0.packs.clone();
            aside(move || load(&packs)).await?
        };
        let mut plans = self.0.plans.lock().await;
        if let Some(known) = plans.get(&matter.plan) {
            return Ok(Some(known.clone()));
        }
        let pack = Arc::clone(self.0.pack.get_or_try_init(read).await?);
        if !installed(&pack, &matter.plan) {
            return Ok(None);
        }
        let names = matter.plan.clone();
        let made = aside(move || planned(&pack, &names)).await??;
        plans.insert(matter.plan.clone(), made.clone());
        Ok(Some(made))
    }
}

fn load(packs: &Path) -> Result<Arc<Pack>, Fault> {
    let read = catalog::pack::load(packs).map_err(|complaints| {
        let lines: Vec<String> = complaints.iter().map(|c| c.line(Lang::En)).collect();
        Fault::new(format!("the packs cannot be read: {}", lines.join("; ")))
    });
    read.map(Arc::new)
}

/// Does what may take a while where it keeps nobody waiting.
pub(crate) async fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Fault> {
    tokio::task::spawn_blocking(work).await.map_err(|e| Fault::from("working aside", e))
}

/// The name of a file without `.yaml`, and what stands in it.
type Read = (String, Result<File, Fault>);

/// Every description of the folder, by name.
fn list(folder: &Path) -> Result<Vec<Read>, Fault> {
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
        listed.push((id.to_owned(), read.and_then(|text| File::read(&text))));
    }
    listed.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(listed)
}
