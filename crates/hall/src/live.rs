//! Who watches a queue is told when it moves. Each hall that is watched has one reader, which works the queue out once for everybody who
//! watches, however many they are; it asks the database, so that what another server did is seen as well.

use crate::Today;
use crate::model::HallCode;
use crate::store::{self as rows, TicketRow};
use crate::verbs::day_of;
use ::store::Ground;
use axum::http::{HeaderMap, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures::future::BoxFuture;
use futures::stream;
use kernel::{Lang, Outcome, Timestamp};
use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::{Instant, sleep, timeout_at};

/// How often it is asked whether a queue has moved, while somebody watches it.
const EVERY: Duration = Duration::from_millis(200);
/// A queue that stands still is worked out anew after so long: what is left to wait shrinks meanwhile.
const ANEW: Duration = Duration::from_secs(30);
/// A stream ends after so long, and the browser opens the next by itself: what a proxy has lost is noticed, and a server that stops
/// is soon rid of those who watch.
const LASTS: Duration = Duration::from_secs(50);
/// Whoever begins to watch waits so long at most for the present state.
const PATIENCE: Duration = Duration::from_secs(10);
/// Calls that are looked at: nobody is called so often between two looks of a screen.
const CALLS: i64 = 24;

/// A hall's queue at one moment, worked out once for all who watch it.
pub(crate) struct Moment {
    /// When.
    pub(crate) now: Timestamp,
    /// The queue's day.
    pub(crate) day: String,
    /// The queue.
    pub(crate) today: Today,
    /// Who was called last, the latest first.
    pub(crate) calls: Vec<TicketRow>,
    /// Parts of pages that are the same for everybody, by their name and language.
    parts: tokio::sync::Mutex<HashMap<(&'static str, &'static str), Arc<str>>>,
}

impl Moment {
    /// Reads it; the queue's `rev` first, so that what changes meanwhile is seen the next time.
    pub(crate) async fn read(ground: &Ground, hall: &HallCode) -> Outcome<Self> {
        let (now, store) = (ground.clock.now(), &ground.store);
        let day = day_of(now);
        let today = Today::read(store, hall, now).await?;
        let calls = rows::last_called(store, hall, &day, CALLS).await?;
        Ok(Self { now, day, today, calls, parts: tokio::sync::Mutex::default() })
    }

    /// A part that is the same for everybody, made by whoever asks for it first.
    pub(crate) async fn part(
        &self,
        name: &'static str,
        lang: Lang,
        make: impl Future<Output = Outcome<String>> + Send,
    ) -> Outcome<Arc<str>> {
        let mut parts = self.parts.lock().await;
        if let Some(part) = parts.get(&(name, lang.tag())) {
            return Ok(Arc::clone(part));
        }
        let part: Arc<str> = make.await?.into();
        parts.insert((name, lang.tag()), Arc::clone(&part));
        Ok(part)
    }

    /// Whether it holds all that was done until the queue had this `rev`.
    fn holds(&self, day: &str, rev: i64) -> bool {
        self.day != day || self.today.rev() >= rev
    }
}

/// The present state of a hall that is watched; `None` until it was read.
type State = Option<Arc<Moment>>;

/// The readers of this server.
#[derive(Clone)]
pub(crate) struct Live {
    ground: Ground,
    halls: Arc<Mutex<HashMap<HallCode, watch::Sender<State>>>>,
}

/// Makes the part of the page of a moment; `None` when there is nothing to show any more.
pub(crate) type Render = Box<dyn Fn(Arc<Moment>) -> BoxFuture<'static, Option<Arc<str>>> + Send>;

impl Live {
    pub(crate) fn new(ground: Ground) -> Self {
        Self { ground, halls: Arc::default() }
    }

    /// Follows a queue; the first follower starts its reader, which ends after the last.
    fn follow(&self, hall: &HallCode) -> watch::Receiver<State> {
        let mut halls = self.halls.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(sender) = halls.get(hall) {
            return sender.subscribe();
        }
        let (sender, receiver) = watch::channel(None);
        halls.insert(hall.clone(), sender);
        tokio::spawn(self.clone().read(hall.clone()));
        receiver
    }

    async fn read(self, hall: HallCode) {
        let (mut seen, mut failing): (Option<(String, i64, Instant)>, bool) = (None, false);
        loop {
            let moved = self.look(&hall, seen.as_ref()).await;
            {
                let mut halls = self.halls.lock().unwrap_or_else(PoisonError::into_inner);
                let Some(sender) = halls.get(&hall) else { return };
                if sender.is_closed() {
                    halls.remove(&hall);
                    return;
                }
                match moved {
                    Ok(None) => failing = false,
                    Ok(Some(moment)) => {
                        failing = false;
                        seen = Some((moment.day.clone(), moment.today.rev(), Instant::now()));
                        sender.send_replace(Some(Arc::new(moment)));
                    }
                    Err(failure) => {
                        if !std::mem::replace(&mut failing, true) {
                            tracing::warn!(%failure, %hall, "a queue that is watched cannot be read");
                        }
                    }
                }
            }
            sleep(EVERY).await;
        }
    }

    /// The queue as it is now, when it is not as it was seen.
    async fn look(&self, hall: &HallCode, seen: Option<&(String, i64, Instant)>) -> Outcome<Option<Moment>> {
        if let Some((day, rev, _)) = seen.filter(|(_, _, at)| at.elapsed() < ANEW) {
            let today = day_of(self.ground.clock.now());
            if today == *day && rows::rev(&self.ground.store, hall, day).await? == *rev {
                return Ok(None);
            }
        }
        Moment::read(&self.ground, hall).await.map(Some)
    }

    /// A stream of the part, now and whenever it changes, no faster than `gap`. Whoever does not ask for a stream gets it once.
    pub(crate) fn stream(
        &self,
        headers: &HeaderMap,
        hall: &HallCode,
        gap: Duration,
        render: Render,
    ) -> Response {
        let accepts = headers.get(header::ACCEPT).and_then(|v| v.to_str().ok()).unwrap_or_default();
        let until =
            if accepts.contains("text/event-stream") { Instant::now() + LASTS } else { Instant::now() };
        let follow = Follow {
            ground: self.ground.clone(),
            hall: hall.clone(),
            moved: self.follow(hall),
            until,
            gap,
            render,
            last: None,
        };
        let events = stream::unfold(follow, |mut follow| async move {
            let html = follow.next().await?;
            // One line of data for each line: what the browser puts together again.
            let event = Event::default().event("html").retry(Duration::from_secs(1)).data(html);
            Some((Ok::<Event, Infallible>(event), follow))
        });
        let mut response = Sse::new(events).keep_alive(KeepAlive::default()).into_response();
        // Proxies must not hold events back.
        response.headers_mut().insert("x-accel-buffering", header::HeaderValue::from_static("no"));
        response
    }
}

/// Somebody who watches.
struct Follow {
    ground: Ground,
    hall: HallCode,
    moved: watch::Receiver<State>,
    until: Instant,
    gap: Duration,
    render: Render,
    last: Option<Arc<str>>,
}

impl Follow {
    /// The next state of the part that differs from what was sent; `None` when the stream ends.
    async fn next(&mut self) -> Option<Arc<str>> {
        loop {
            match self.last {
                None => self.present().await?,
                Some(_) => self.change().await?,
            }
            let moment = self.moved.borrow_and_update().clone()?;
            let html = (self.render)(moment).await?;
            if self.last.as_ref() != Some(&html) {
                self.last = Some(Arc::clone(&html));
                return Some(html);
            }
        }
    }

    /// Waits until the reader has seen at least what the page showed that opened this stream.
    async fn present(&mut self) -> Option<()> {
        let day = day_of(self.ground.clock.now());
        let rev = rows::rev(&self.ground.store, &self.hall, &day).await.unwrap_or(0);
        let there = |state: &State| state.as_ref().is_some_and(|moment| moment.holds(&day, rev));
        let until = Instant::now() + PATIENCE;
        timeout_at(until, self.moved.wait_for(there)).await.ok()?.ok()?;
        Some(())
    }

    async fn change(&mut self) -> Option<()> {
        if self.until <= Instant::now() {
            return None;
        }
        sleep(self.gap).await;
        timeout_at(self.until, self.moved.changed()).await.ok()?.ok()
    }
}
