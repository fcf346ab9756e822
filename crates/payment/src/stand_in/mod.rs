//! A stand-in gateway (支付网关替身): a separate small program, `yimen gateway-stand-in`, for demonstrations and tests. It keeps a book of its own,
//! and calls back late, twice or never, as its seed has it. It is no bank: no money moves.

mod web;

pub use web::{Carrier, router};

use crate::gateway::{Gateway, GatewayState, NewRefund, NewTrade, News};
use crate::model::{RefundId, TradeId};
use crate::statement::{Line, Statement};
use async_trait::async_trait;
use jiff::civil::Date;
use kernel::{Clock, Fault, Rng, SeededRng, Timestamp, clock};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// How it behaves; shares are in hundredths.
#[derive(Debug, Clone, Copy)]
pub struct Mood {
    /// Its chance.
    pub seed: u64,
    /// How long a call-back takes at most, in milliseconds.
    pub delay_ms: u64,
    /// How many call-backs are lost.
    pub lose: u8,
    /// How many come twice.
    pub double: u8,
    /// How many refunds fail at the first try.
    pub refuse: u8,
}

impl Mood {
    /// Everything comes once and at once.
    pub const KIND: Self = Self { seed: 1, delay_ms: 0, lose: 0, double: 0, refuse: 0 };
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Held {
    new: NewTrade,
    state: GatewayState,
    gateway_no: String,
    at: Timestamp,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Back {
    new: NewRefund,
    state: GatewayState,
    gateway_no: String,
    at: Timestamp,
}

#[derive(Debug, Default, Serialize, Deserialize)]
struct Book {
    next: u64,
    trades: BTreeMap<String, Held>,
    refunds: BTreeMap<String, Back>,
}

/// The stand-in; cheap to clone.
#[derive(Clone)]
pub struct StandIn {
    book: Arc<Mutex<Book>>,
    file: Option<PathBuf>,
    clock: Arc<dyn Clock>,
    chance: SeededRng,
    mood: Mood,
    /// Where it is reached, for the payer's page.
    url: String,
}

impl Held {
    fn news(&self) -> News {
        News {
            trade: self.new.trade,
            refund: None,
            state: self.state,
            amount: self.new.amount,
            gateway_no: self.gateway_no.clone(),
            at: self.at,
        }
    }
}

impl Back {
    fn news(&self) -> News {
        News {
            trade: self.new.trade,
            refund: Some(self.new.refund),
            state: self.state,
            amount: self.new.amount,
            gateway_no: self.gateway_no.clone(),
            at: self.at,
        }
    }
}

impl StandIn {
    /// One that is reached at `url` and keeps its book in `file`, when one is given.
    ///
    /// # Errors
    /// A [`Fault`] when the file is there and cannot be read.
    pub fn new(clock: Arc<dyn Clock>, mood: Mood, url: &str, file: Option<PathBuf>) -> Result<Self, Fault> {
        let book = match file.as_ref().map(std::fs::read) {
            Some(Ok(bytes)) => {
                serde_json::from_slice(&bytes).map_err(|e| Fault::from("reading the stand-in's book", e))?
            }
            _ => Book::default(),
        };
        let chance = SeededRng::new(mood.seed);
        let book = Arc::new(Mutex::new(book));
        Ok(Self { book, file, clock, chance, mood, url: url.to_owned() })
    }

    fn with<T>(&self, act: impl FnOnce(&mut Book, Timestamp) -> T) -> T {
        let mut book = self.book.lock().unwrap_or_else(PoisonError::into_inner);
        let out = act(&mut book, self.clock.now());
        if let Some(file) = &self.file {
            let kept = serde_json::to_vec(&*book).map_err(|e| e.to_string());
            let kept = kept.and_then(|bytes| replace(file, &bytes).map_err(|e| e.to_string()));
            if let Err(why) = kept {
                tracing::error!(why, "the stand-in's book could not be kept");
            }
        }
        out
    }

    fn chance(&self, hundredths: u8) -> bool {
        self.chance.next_u64() % 100 < u64::from(hundredths)
    }

    /// After how long each copy of a call-back comes; none when it is lost.
    pub fn deliveries(&self) -> Vec<Duration> {
        if self.chance(self.mood.lose) {
            return Vec::new();
        }
        let copies = if self.chance(self.mood.double) { 2 } else { 1 };
        let delay = || Duration::from_millis(self.chance.next_u64() % (self.mood.delay_ms + 1));
        (0..copies).map(|_| delay()).collect()
    }

    /// The payer pays, or fails to; answers what is to be told. What is paid or closed stays so.
    pub fn pay(&self, trade: TradeId, success: bool) -> Option<News> {
        self.with(|book, now| {
            book.next += 1;
            let next = book.next;
            let held = book.trades.get_mut(&trade.to_string())?;
            if matches!(held.state, GatewayState::Done | GatewayState::Closed) {
                return None;
            }
            held.state = if success { GatewayState::Done } else { GatewayState::Failed };
            held.gateway_no = format!("SG{next:012}");
            held.at = now;
            Some(held.news())
        })
    }

    /// What the payer's page shows: amount, title, state, and where it goes back to.
    fn shown(&self, trade: &str) -> Option<(NewTrade, GatewayState)> {
        self.with(|book, _| book.trades.get(trade).map(|h| (h.new.clone(), h.state)))
    }

    fn told(&self, trade: TradeId, close: bool) -> News {
        self.with(|book, now| {
            let Some(held) = book.trades.get_mut(&trade.to_string()) else {
                return unknown(trade, None, now);
            };
            if close && held.state != GatewayState::Done {
                held.state = GatewayState::Closed;
            }
            held.news()
        })
    }

    /// What was paid and not given back, in fen: what the platform must believe it holds.
    pub fn holds(&self) -> i64 {
        self.with(|book, _| {
            let done = |s: GatewayState| s == GatewayState::Done;
            let paid: i64 =
                book.trades.values().filter(|h| done(h.state)).map(|h| h.new.amount.as_fen()).sum();
            let back: i64 =
                book.refunds.values().filter(|b| done(b.state)).map(|b| b.new.amount.as_fen()).sum();
            paid - back
        })
    }

    /// Its statement of a day.
    pub fn statement_of(&self, day: Date) -> Statement {
        let on = |at: Timestamp| clock::legal_date(at) == day;
        self.with(|book, _| {
            let mut lines = Vec::new();
            for held in book.trades.values().filter(|h| h.state == GatewayState::Done && on(h.at)) {
                lines.extend(held.new.parts.iter().map(|part| Line {
                    gateway_no: held.gateway_no.clone(),
                    trade: held.new.trade.to_string(),
                    line: part.order.to_string(),
                    refund: None,
                    account: part.account.clone(),
                    amount: part.amount,
                    done: true,
                    at: held.at,
                }));
            }
            for back in book.refunds.values().filter(|b| b.state == GatewayState::Done && on(b.at)) {
                lines.push(Line {
                    gateway_no: back.gateway_no.clone(),
                    trade: back.new.trade.to_string(),
                    line: back.new.order.map(|o| o.to_string()).unwrap_or_default(),
                    refund: Some(back.new.refund.to_string()),
                    account: String::new(),
                    amount: back.new.amount,
                    done: true,
                    at: back.at,
                });
            }
            Statement { day, lines }
        })
    }

    fn begin_now(&self, new: &NewTrade) -> Result<String, String> {
        let parts: i64 = new.parts.iter().map(|p| p.amount.as_fen()).sum();
        if parts != new.amount.as_fen() || new.parts.is_empty() {
            return Err("the parts do not add up".to_owned());
        }
        self.with(|book, now| {
            let held = book.trades.entry(new.trade.to_string()).or_insert_with(|| Held {
                new: new.clone(),
                state: GatewayState::Waiting,
                gateway_no: String::new(),
                at: now,
            });
            if held.new != *new {
                return Err("the same payment was told of otherwise".to_owned());
            }
            Ok(format!("{}/pay/{}", self.url, new.trade))
        })
    }

    fn refund_now(&self, new: &NewRefund) -> News {
        let refused = self.chance(self.mood.refuse);
        self.with(|book, now| {
            let key = new.refund.to_string();
            let paid = book.trades.get(&new.trade.to_string()).filter(|h| h.state == GatewayState::Done);
            let Some(paid) = paid.map(|h| h.new.amount.as_fen()) else {
                return unknown(new.trade, Some(new.refund), now);
            };
            let of_it = |b: &&Back| {
                b.new.trade == new.trade && b.new.refund != new.refund && b.state == GatewayState::Done
            };
            let back: i64 = book.refunds.values().filter(of_it).map(|b| b.new.amount.as_fen()).sum();
            let first = !book.refunds.contains_key(&key);
            book.next += 1;
            let gateway_no = format!("SR{:012}", book.next);
            let held = book.refunds.entry(key).or_insert_with(|| Back {
                new: new.clone(),
                state: GatewayState::Waiting,
                gateway_no: String::new(),
                at: now,
            });
            if held.state != GatewayState::Done {
                let fails = (first && refused) || back + new.amount.as_fen() > paid;
                held.state = if fails { GatewayState::Failed } else { GatewayState::Done };
                (held.gateway_no, held.at) = (gateway_no, now);
            }
            held.news()
        })
    }
}

/// Puts `bytes` in the place of `file`, all or none: whoever is killed meanwhile finds the old book.
fn replace(file: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let beside = file.with_extension("new");
    std::fs::write(&beside, bytes)?;
    std::fs::File::open(&beside)?.sync_all()?;
    std::fs::rename(&beside, file)
}

fn unknown(trade: TradeId, refund: Option<RefundId>, at: Timestamp) -> News {
    let (state, amount) = (GatewayState::Unknown, kernel::Money::ZERO);
    News { trade, refund, state, amount, gateway_no: String::new(), at }
}

#[async_trait]
impl Gateway for StandIn {
    async fn begin(&self, trade: &NewTrade) -> Result<String, String> {
        self.begin_now(trade)
    }

    async fn query(&self, trade: TradeId) -> Result<News, String> {
        Ok(self.told(trade, false))
    }

    async fn close(&self, trade: TradeId) -> Result<News, String> {
        Ok(self.told(trade, true))
    }

    async fn refund(&self, refund: &NewRefund) -> Result<News, String> {
        Ok(self.refund_now(refund))
    }

    async fn query_refund(&self, refund: RefundId) -> Result<News, String> {
        let none: TradeId = kernel::id::TypedId::from_uuid(uuid::Uuid::nil());
        Ok(self.with(|book, now| {
            let held = book.refunds.get(&refund.to_string());
            held.map_or_else(|| unknown(none, Some(refund), now), Back::news)
        }))
    }

    async fn statement(&self, day: Date) -> Result<Option<String>, String> {
        // A day's statement is there when the day is over.
        let over = clock::legal_date(self.clock.now()) > day;
        Ok(over.then(|| self.statement_of(day).write()))
    }
}
