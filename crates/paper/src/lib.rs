//! paper: lays out and prints documents with typst behind the `kernel::Press` socket; only app links it.
//!
//! **Invariant:** a job reads its template, `data.json` and the files handed over with it, and nothing else: no
//! disk, no network, no packages, no wall clock. The same job gives the same bytes.

mod fonts;
mod print;
mod world;

pub use fonts::FontFound;

use fonts::{Fonts, Shelf};
use kernel::{Fault, Press, PressJob};
use std::path::PathBuf;
use std::sync::{Arc, LazyLock};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt};

/// How deep the typesetter may recurse: templates nest, and an unoptimised build needs much room per level.
const STACK_BYTES: usize = 64 * 1024 * 1024;

/// How many jobs a memoised result may stay unused before it is forgotten.
const MEMORY_JOBS: usize = 8;

static LIBRARY: LazyLock<LazyHash<Library>> = LazyLock::new(|| LazyHash::new(Library::default()));

/// The press: cheap to make, looks for fonts when it first prints.
#[derive(Default)]
pub struct Paper {
    fonts: Fonts,
}

impl Paper {
    /// A press with the fonts of this machine.
    pub fn new() -> Self {
        Self { fonts: Fonts::new(fonts::system_folders()) }
    }

    /// A press with the fonts of these folders only.
    pub fn with_folders(folders: Vec<PathBuf>) -> Self {
        Self { fonts: Fonts::new(folders) }
    }

    /// The Chinese fonts that were found, the best first; for `doctor`.
    pub fn fonts_found(&self) -> Vec<FontFound> {
        self.fonts.look()
    }

    /// Looks for the fonts and loads what printing needs, so that the first document does not wait for it.
    ///
    /// # Errors
    /// A [`Fault`] when there is no Chinese font.
    pub fn warm_up(&self) -> Result<(), Fault> {
        self.fonts.shelf().map(|_| ())
    }

    /// Gives the memory of fonts and memoised layouts back; the next job loads them again.
    pub fn rest(&self) {
        if let Ok(shelf) = self.fonts.shelf() {
            shelf.put_away();
        }
        typst::comemo::evict(0);
    }

    fn print_on(&self, shelf: &Arc<Shelf>, job: &PressJob<'_>) -> Result<Vec<u8>, Fault> {
        let printed = std::thread::scope(|scope| {
            let worker = std::thread::Builder::new()
                .name("press".to_owned())
                .stack_size(STACK_BYTES)
                .spawn_scoped(scope, || print::print(&LIBRARY, shelf, job))
                .map_err(|e| Fault::from("starting the press", e).transient())?;
            worker.join().map_err(|_| Fault::new("the typesetter panicked on this template"))?
        });
        typst::comemo::evict(MEMORY_JOBS);
        printed
    }
}

impl Press for Paper {
    fn pdf(&self, job: &PressJob<'_>) -> Result<Vec<u8>, Fault> {
        let shelf = self.fonts.shelf()?;
        self.print_on(&shelf, job)
    }
}

#[cfg(test)]
mod tests;
