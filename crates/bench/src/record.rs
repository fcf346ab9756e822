//! The program in this process, with an eye on what it commits, so that the floor writes the very same.

use crate::door::{Inside, Trouble};
use crate::floor::{self, Commit, Work};
use crate::place::Site;
use crate::stats::Tally;
use app::wiring::Wired;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use store::Statement;

/// The program, and what it has committed.
pub struct Recorder {
    /// Its parts.
    pub wired: Wired,
    /// The way in.
    pub door: Inside,
    seen: Arc<Mutex<Vec<Commit>>>,
}

impl Recorder {
    /// Opens the program on a site and prepares it; what that writes is seen, too.
    ///
    /// # Errors
    /// When it does not start.
    pub async fn open(site: &Site) -> Result<Self, Trouble> {
        let config = site.config();
        let wired = app::wiring::wire(&config).await?;
        let seen: Arc<Mutex<Vec<Commit>>> = Arc::default();
        let sink = seen.clone();
        wired.house.ground.store.observe(Box::new(move |commit: &[Statement]| {
            sink.lock().unwrap_or_else(PoisonError::into_inner).push(commit.to_vec());
        }));
        app::serve::prepare(&config, &wired).await?;
        let door = Inside(app::wiring::router(&wired));
        Ok(Self { wired, door, seen })
    }

    /// What has been committed since this was asked last.
    pub fn take(&self) -> Work {
        std::mem::take(&mut *self.seen.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Splits recorded work into portions of these sizes.
pub fn split(work: Vec<Work>, sizes: &[usize]) -> Vec<Vec<Work>> {
    let mut rest = work.into_iter();
    sizes.iter().map(|count| rest.by_ref().take(*count).collect()).collect()
}

/// How long what goes before may take.
const PATIENCE: Duration = Duration::from_secs(600);

/// The floor: the recorded writes on a fresh site with nothing but its tables. `before` is written first and not measured: what
/// later writes hang from, as it is there (seals and accounts have ids of their own in every site), and the first filing of all (the
/// paper that is kept once, 一证通).
///
/// # Errors
/// When a statement fails.
pub async fn bare(
    site: &Site,
    before: Vec<Work>,
    work: Vec<Work>,
    callers: usize,
    time: Duration,
) -> Result<Tally, Trouble> {
    site.tables().await?;
    written(site, before, 1, PATIENCE).await?;
    written(site, work, callers, time).await
}

async fn written(site: &Site, work: Vec<Work>, callers: usize, time: Duration) -> Result<Tally, Trouble> {
    match site.url() {
        None => floor::sqlite(&site.file(), work, callers, store::GROUP_MAX, time).await,
        Some(url) => floor::postgres(&url, work, callers, time).await,
    }
}
