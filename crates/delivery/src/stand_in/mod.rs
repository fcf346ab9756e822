//! A stand-in courier (快递替身): a separate small program, `yimen courier-stand-in`, for demonstrations and tests. It keeps a book of its own,
//! and what it carries is signed, refused or returned, and told late, twice, out of order or never, as its seed has it. It carries nothing.

mod web;

pub use web::{Carrier, call_back, router};

use crate::courier::{Courier, NewOrder, News};
use crate::model::{OrderId, Said, Signer};
use async_trait::async_trait;
use kernel::{Clock, Fault, Rng, SeededRng, Timestamp, clock};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// How it behaves; shares are in hundredths.
#[derive(Debug, Clone, Copy)]
pub struct Mood {
    /// Its chance.
    pub seed: u64,
    /// How long each leg of the way takes, in milliseconds.
    pub pace_ms: u64,
    /// How much later a call-back comes at most, in milliseconds: with more than the pace they come out of order.
    pub delay_ms: u64,
    /// How many call-backs are lost.
    pub lose: u8,
    /// How many come twice.
    pub double: u8,
    /// How many parcels are refused at the door and come back.
    pub refuse: u8,
    /// How many find nobody and come back.
    pub absent: u8,
    /// How many are laid into a locker.
    pub locker: u8,
}

impl Mood {
    /// Everything is signed by the recipient and told once, in order.
    pub const KIND: Self =
        Self { seed: 1, pace_ms: 1_000, delay_ms: 0, lose: 0, double: 0, refuse: 0, absent: 0, locker: 0 };
}

#[derive(Clone, Serialize, Deserialize)]
struct Held {
    new: NewOrder,
    tracking: String,
    /// What happens to it once it was handed over; the moments may lie ahead.
    way: Vec<News>,
}

#[derive(Default, Serialize, Deserialize)]
struct Book {
    next: u64,
    orders: BTreeMap<String, Held>,
}

/// The stand-in; cheap to clone.
#[derive(Clone)]
pub struct StandIn {
    book: Arc<Mutex<Book>>,
    file: Option<PathBuf>,
    clock: Arc<dyn Clock>,
    chance: SeededRng,
    mood: Mood,
    /// Who is told of what will happen, when it was handed over.
    watch: Arc<Mutex<Option<Watcher>>>,
}

type Watcher = Arc<dyn Fn(News) + Send + Sync>;

impl StandIn {
    /// One that keeps its book in `file`, when one is given.
    ///
    /// # Errors
    /// A [`Fault`] when the file is there and cannot be read.
    pub fn new(clock: Arc<dyn Clock>, mood: Mood, file: Option<PathBuf>) -> Result<Self, Fault> {
        let book = match file.as_ref().map(std::fs::read) {
            Some(Ok(bytes)) => serde_json::from_slice(&bytes)
                .map_err(|e| Fault::from("reading the courier stand-in's book", e))?,
            _ => Book::default(),
        };
        let (book, watch) = (Arc::new(Mutex::new(book)), Arc::new(Mutex::new(None)));
        Ok(Self { book, file, clock, chance: SeededRng::new(mood.seed), mood, watch })
    }

    fn with<T>(&self, act: impl FnOnce(&mut Book, Timestamp) -> T) -> T {
        let mut book = self.book.lock().unwrap_or_else(PoisonError::into_inner);
        let out = act(&mut book, self.clock.now());
        if let Some(file) = &self.file {
            let kept = serde_json::to_vec(&*book).map_err(|e| e.to_string());
            let kept = kept.and_then(|bytes| replace(file, &bytes).map_err(|e| e.to_string()));
            if let Err(why) = kept {
                tracing::error!(why, "the courier stand-in's book could not be kept");
            }
        }
        out
    }

    fn chance(&self, hundredths: u8) -> bool {
        self.chance.next_u64() % 100 < u64::from(hundredths)
    }

    /// After how long each copy of a call-back comes; none when it is lost.
    fn copies(&self) -> Vec<Duration> {
        if self.chance(self.mood.lose) {
            return Vec::new();
        }
        let copies = if self.chance(self.mood.double) { 2 } else { 1 };
        let delay = || Duration::from_millis(self.chance.next_u64() % (self.mood.delay_ms + 1));
        (0..copies).map(|_| delay()).collect()
    }

    fn order_now(&self, new: &NewOrder) -> Result<String, String> {
        self.with(|book, _| {
            book.next += 1;
            let tracking = format!("SC{:011}", book.next);
            let held = book.orders.entry(new.order.to_string()).or_insert_with(|| Held {
                new: new.clone(),
                tracking,
                way: Vec::new(),
            });
            if held.new != *new {
                return Err("the same order was told of otherwise".to_owned());
            }
            Ok(held.tracking.clone())
        })
    }

    /// Takes the parcel; answers what will happen to it, nothing when it was taken before.
    fn take(&self, order: OrderId) -> Result<Vec<News>, String> {
        let end = self.end();
        let pace = self.mood.pace_ms;
        self.with(|book, now| {
            let held = book.orders.get_mut(&order.to_string()).ok_or("no such order")?;
            if !held.way.is_empty() {
                return Ok(Vec::new());
            }
            let start = [(Said::PickedUp, None), (Said::InTransit, None), (Said::OutForDelivery, None)];
            let steps = start.into_iter().chain(end);
            let news = |(nth, (said, signer)): (u64, (Said, Option<Signer>))| News {
                order,
                tracking: held.tracking.clone(),
                said,
                at: clock::from_micros(
                    now.as_microsecond() + i64::try_from((nth + 1) * pace * 1_000).unwrap_or(i64::MAX / 2),
                ),
                signer,
                note: note(said, signer, &held.new.recipient),
            };
            held.way = (0..).zip(steps).map(news).collect();
            Ok(held.way.clone())
        })
    }

    /// How it ends.
    fn end(&self) -> Vec<(Said, Option<Signer>)> {
        if self.chance(self.mood.refuse) {
            vec![(Said::Refused, None), (Said::Returned, None)]
        } else if self.chance(self.mood.absent) {
            vec![(Said::Returned, None)]
        } else if self.chance(self.mood.locker) {
            vec![(Said::Signed, Some(Signer::Locker)), (Said::Signed, Some(Signer::Oneself))]
        } else {
            vec![(Said::Signed, Some(Signer::Oneself))]
        }
    }

    /// What has happened to an order by now, the earliest first.
    pub fn happened(&self, order: OrderId) -> Vec<News> {
        self.with(|book, now| {
            let way = book.orders.get(&order.to_string()).map(|h| h.way.clone()).unwrap_or_default();
            way.into_iter().filter(|n| n.at <= now).collect()
        })
    }

    /// Whoever is told of what will happen to a parcel, as it is handed over.
    pub(crate) fn watched_by(&self, watcher: Watcher) {
        *self.watch.lock().unwrap_or_else(PoisonError::into_inner) = Some(watcher);
    }
}

fn note(said: Said, signer: Option<Signer>, recipient: &str) -> String {
    match (said, signer) {
        (Said::Signed, Some(Signer::Locker)) => "3号快递柜".to_owned(),
        (Said::Signed, _) => recipient.to_owned(),
        (Said::Refused, _) => "收件人拒收".to_owned(),
        (Said::Returned, _) => "无人签收，退回".to_owned(),
        _ => String::new(),
    }
}

/// Puts `bytes` in the place of `file`, all or none: whoever is killed meanwhile finds the old book.
fn replace(file: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let beside = file.with_extension("new");
    let mut written = std::fs::File::create(&beside)?;
    written.write_all(bytes)?;
    written.sync_all()?;
    std::fs::rename(&beside, file)
}

#[async_trait]
impl Courier for StandIn {
    async fn order(&self, new: &NewOrder) -> Result<String, String> {
        self.order_now(new)
    }

    async fn hand_over(&self, order: OrderId, _: &str) -> Result<(), String> {
        let way = self.take(order)?;
        let watcher = self.watch.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(watcher) = watcher {
            way.into_iter().for_each(|news| watcher(news));
        }
        Ok(())
    }

    async fn query(&self, order: OrderId) -> Result<Vec<News>, String> {
        Ok(self.happened(order))
    }
}
