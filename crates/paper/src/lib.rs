//! paper: lays out, prints and draws documents with typst behind the `kernel::Press` socket; only app links it.
//!
//! **Invariant:** a job reads its template, `data.json` and the files handed over with it, and nothing else: no
//! disk, no network, no packages, no wall clock. The same job gives the same bytes.

mod fonts;
mod ofd;
mod print;
mod world;

pub use fonts::FontFound;

use fonts::Fonts;
use kernel::{Fault, Press, PressJob};
use print::LaidOut;
use std::path::PathBuf;
use std::sync::{LazyLock, Mutex, PoisonError};
use std::time::{Duration, Instant};
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
    work: Mutex<Work>,
}

/// Who prints now, and since when nobody does.
#[derive(Default)]
struct Work {
    jobs: usize,
    idle_since: Option<Instant>,
}

impl Paper {
    /// A press with the fonts of this machine.
    pub fn new() -> Self {
        Self { fonts: Fonts::new(fonts::system_folders()), work: Mutex::default() }
    }

    /// A press with the fonts of these folders only.
    pub fn with_folders(folders: Vec<PathBuf>) -> Self {
        Self { fonts: Fonts::new(folders), work: Mutex::default() }
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
        self.fonts.put_away();
        typst::comemo::evict(0);
    }

    /// Rests when nothing was printed for `idle`, once until the next job; answers whether it did.
    pub fn rest_when_idle(&self, idle: Duration) -> bool {
        let mut work = self.work.lock().unwrap_or_else(PoisonError::into_inner);
        if work.jobs > 0 || work.idle_since.is_none_or(|since| since.elapsed() < idle) {
            return false;
        }
        work.idle_since = None;
        self.rest();
        true
    }

    fn begin(&self) -> Job<'_> {
        self.work.lock().unwrap_or_else(PoisonError::into_inner).jobs += 1;
        Job(self)
    }

    /// Lays `job` out on a thread of its own and does `write` with it.
    fn work<T: Send>(
        &self,
        job: &PressJob<'_>,
        write: impl FnOnce(&LaidOut<'_, '_>) -> Result<T, Fault> + Send,
    ) -> Result<T, Fault> {
        let _printing = self.begin();
        let shelf = self.fonts.shelf()?;
        let printed = std::thread::scope(|scope| {
            let worker = std::thread::Builder::new()
                .name("press".to_owned())
                .stack_size(STACK_BYTES)
                .spawn_scoped(scope, || write(&print::lay_out(&LIBRARY, &shelf, job)?))
                .map_err(|e| Fault::from("starting the press", e).transient())?;
            worker.join().map_err(|_| Fault::new("the typesetter panicked on this template"))?
        });
        typst::comemo::evict(MEMORY_JOBS);
        printed
    }
}

/// A job that is being printed; ends when dropped, however it ends.
struct Job<'a>(&'a Paper);

impl Drop for Job<'_> {
    fn drop(&mut self) {
        let mut work = self.0.work.lock().unwrap_or_else(PoisonError::into_inner);
        work.jobs -= 1;
        work.idle_since = (work.jobs == 0).then(Instant::now);
    }
}

impl Press for Paper {
    fn pdf(&self, job: &PressJob<'_>) -> Result<Vec<u8>, Fault> {
        self.work(job, print::pdf)
    }

    fn ofd(&self, job: &PressJob<'_>) -> Result<Vec<(String, Vec<u8>)>, Fault> {
        self.work(job, print::ofd)
    }

    fn picture(&self, job: &PressJob<'_>, width: u32) -> Result<Vec<u8>, Fault> {
        self.work(job, |laid_out| print::picture(laid_out, width))
    }
}

#[cfg(test)]
mod tests;
