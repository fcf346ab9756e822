//! A hall's queue as it stands today, and how long one waits in it.

use crate::model::{HallCode, Letter, Letters, TicketId};
use crate::rules::estimate::{self, Wait};
use crate::rules::turn;
use crate::settings::Settings;
use crate::store::{self as rows, TicketRow, WindowRow};
use crate::verbs::{Queue, day_of};
use ::store::Store;
use kernel::id::TypedId as _;
use kernel::{AccountId, Outcome, Timestamp};
use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

/// Everybody who stands in the same queue: the same business, handed on to the same window or to none.
type Line = (Letter, Option<String>);

/// A hall's queue as it stands today. What many ask of the same moment is worked out once.
pub struct Today {
    queue: Queue,
    waiting: Vec<turn::Waiting>,
    windows: Vec<turn::Window>,
    staffed: BTreeSet<String>,
    busy: Vec<TicketRow>,
    now: Timestamp,
    hall: HallCode,
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    samples: HashMap<Letter, Arc<[i64]>>,
    lines: HashMap<Line, Arc<[turn::Waiting]>>,
    waits: HashMap<(Line, usize), Wait>,
}

impl Today {
    /// Reads it.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn read(store: &Store, hall: &HallCode, now: Timestamp) -> Outcome<Self> {
        let day = day_of(now);
        let queue = Queue::read(store, hall, &day).await?;
        let busy = rows::busy(store, hall, &day).await?;
        Ok(Self::of(hall, queue, busy, now))
    }

    pub(crate) fn of(hall: &HallCode, queue: Queue, busy: Vec<TicketRow>, now: Timestamp) -> Self {
        let window = |w: &WindowRow| turn::Window { number: w.number.clone(), letters: w.taken() };
        Self {
            waiting: queue.as_waiting(),
            windows: queue.windows.iter().map(window).collect(),
            staffed: queue.staffed(),
            known: Mutex::default(),
            hall: hall.clone(),
            queue,
            busy,
            now,
        }
    }

    /// How often the queue was changed today.
    pub fn rev(&self) -> i64 {
        self.queue.rev
    }

    /// The windows.
    pub fn windows(&self) -> &[WindowRow] {
        &self.queue.windows
    }

    /// Who waits, in order of place.
    pub fn waiting(&self) -> &[TicketRow] {
        &self.queue.waiting
    }

    /// Who is called or served.
    pub fn busy(&self) -> &[TicketRow] {
        &self.busy
    }

    /// How many wait for a business.
    pub fn waiting_for(&self, letter: Letter) -> usize {
        self.queue.waiting.iter().filter(|w| w.letter == letter).count()
    }

    /// A ticket that waits, is called or served.
    pub(crate) fn ticket(&self, id: TicketId) -> Option<&TicketRow> {
        self.queue.waiting.iter().chain(&self.busy).find(|row| row.id == id)
    }

    /// The same queue with a window opened, shut or taking other businesses. Whoever is on duty there stays; `manned` says that somebody is
    /// taken to be there otherwise.
    pub(crate) fn with_window(&self, number: &str, (open, manned): (bool, bool), letters: &Letters) -> Self {
        let mut queue = self.queue.clone();
        for window in queue.windows.iter_mut().filter(|w| w.number == number) {
            (window.open, window.letters) = (open, letters.clone());
            window.clerk = window.clerk.or_else(|| manned.then(|| AccountId::from_uuid(uuid::Uuid::nil())));
        }
        Self::of(&self.hall, queue, self.busy.clone(), self.now)
    }

    /// How long somebody waits who takes a ticket now.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn wait_for_next(&self, store: &Store, letter: Letter, terms: &Settings) -> Outcome<Wait> {
        self.wait_for(store, letter, false, terms).await
    }

    /// The same for somebody who may have priority.
    pub(crate) async fn wait_for(
        &self,
        store: &Store,
        letter: Letter,
        first: bool,
        terms: &Settings,
    ) -> Outcome<Wait> {
        Ok(self.wait(store, &Self::next_for(letter, first), terms).await?.1)
    }

    /// Somebody who takes a ticket now.
    pub(crate) fn next_for(letter: Letter, first: bool) -> turn::Waiting {
        turn::Waiting { place: i64::MAX, letter, first, reserved: None, overtaken: 0 }
    }

    /// How many are before a ticket that waits, and how long it takes.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn wait_of(&self, store: &Store, row: &TicketRow, terms: &Settings) -> Outcome<(usize, Wait)> {
        self.wait(store, &self.queue.seen(row), terms).await
    }

    async fn wait(&self, store: &Store, me: &turn::Waiting, terms: &Settings) -> Outcome<(usize, Wait)> {
        let samples = self.samples(store, me.letter).await?;
        Ok(self.wait_by(me, &samples, terms))
    }

    /// How many are before `me`, and how long it takes when services take as long as `samples`.
    pub(crate) fn wait_by(&self, me: &turn::Waiting, samples: &[i64], terms: &Settings) -> (usize, Wait) {
        let line = (me.letter, me.reserved.clone());
        let others = self.line(&line, me);
        let ahead = turn::ahead(&others, me, terms.overtakings);
        let key = (line, ahead);
        if let Some(wait) = self.known().waits.get(&key) {
            return (ahead, *wait);
        }
        let windows = self.windows_for(me).map(|w| self.busy_for(&w.number)).collect();
        let wait = estimate::wait(&estimate::Queue { ahead, windows, samples: samples.to_vec() });
        self.known().waits.insert(key, wait);
        (ahead, wait)
    }

    fn known(&self) -> std::sync::MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn samples(&self, store: &Store, letter: Letter) -> Outcome<Arc<[i64]>> {
        if let Some(samples) = self.known().samples.get(&letter) {
            return Ok(Arc::clone(samples));
        }
        let most = i64::try_from(estimate::SAMPLES_MAX).unwrap_or(i64::MAX);
        let samples: Arc<[i64]> = rows::served(store, &self.hall, letter, most).await?.into();
        self.known().samples.insert(letter, Arc::clone(&samples));
        Ok(samples)
    }

    /// Whom any of the windows may call that may call `me`: they stand in the same queue.
    fn line(&self, line: &Line, me: &turn::Waiting) -> Arc<[turn::Waiting]> {
        if let Some(others) = self.known().lines.get(line) {
            return Arc::clone(others);
        }
        let near =
            |one: &&turn::Waiting| self.windows_for(me).any(|window| window.may_call(one, &self.staffed));
        let others: Arc<[turn::Waiting]> = self.waiting.iter().filter(near).cloned().collect();
        self.known().lines.insert(line.clone(), Arc::clone(&others));
        others
    }

    fn windows_for(&self, me: &turn::Waiting) -> impl Iterator<Item = &turn::Window> {
        let takes = |w: &&turn::Window| self.staffed.contains(&w.number) && w.may_call(me, &self.staffed);
        self.windows.iter().filter(takes)
    }

    /// For how many seconds a window has been busy with its ticket.
    fn busy_for(&self, number: &str) -> Option<i64> {
        let ticket = self.busy.iter().find(|t| t.window.as_deref() == Some(number))?;
        let since = ticket.started_at.or(ticket.called_at)?;
        Some((self.now.as_second() - since.as_second()).max(0))
    }
}
