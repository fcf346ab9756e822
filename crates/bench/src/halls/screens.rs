//! Calling screens that are watched: each over a socket of its own, as televisions and telephones do.

use super::queue::{call, serve};
use super::town::{Post, Town, code, letter, said};
use crate::door::{Ask, Caller, Trouble};
use crate::stats::{Tally, cpu_seconds};
use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// A hall calls no faster than this: every call is to be seen on every screen.
const APART: Duration = Duration::from_millis(1_000);
/// Whoever has not been shown the last call after so long has missed it.
const LATE_MAX: Duration = Duration::from_secs(10);

/// What the screens came to.
pub struct Shown {
    /// Calls that were made.
    pub calls: usize,
    /// From asking for a call to each screen that shows it.
    pub late: Tally,
    /// Screens that do not show the last call of their hall.
    pub missed: usize,
    /// Processor time of the server and of those who watch together, in seconds.
    pub cpu: f64,
}

/// When each number was asked for, by hall.
type Asked = Mutex<HashMap<(usize, String), Instant>>;

#[derive(Default)]
struct Board {
    asked: Asked,
    late: Mutex<Vec<u64>>,
    last: Mutex<HashMap<usize, String>>,
    open: AtomicUsize,
}

fn held<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Watches with so many screens, spread over the halls, while each hall calls once a second.
///
/// # Errors
/// When a screen cannot be opened or a call is refused.
pub async fn watch(town: &Town, viewers: usize, time: Duration) -> Result<Shown, Trouble> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let router = app::wiring::router(&town.wired).into_make_service_with_connect_info::<SocketAddr>();
    let server = tokio::spawn(async move { axum::serve(listener, router).await });
    let first = first_of(town);
    let board = Arc::new(Board::default());
    let shows = Arc::new(Mutex::new(vec![String::new(); viewers]));
    let mut tasks = tokio::task::JoinSet::new();
    for nth in 0..viewers {
        tasks.spawn(viewer(address, nth, nth % first.len(), Arc::clone(&board), Arc::clone(&shows)));
    }
    let open_until = Instant::now() + Duration::from_secs(60);
    while board.open.load(Ordering::Relaxed) < viewers {
        if Instant::now() > open_until {
            return Err(
                format!("{} of {viewers} screens are open", board.open.load(Ordering::Relaxed)).into()
            );
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let (started, before) = (Instant::now(), cpu_seconds(std::process::id())?);
    let halls = first.iter().enumerate().map(|(nth, post)| calls(town, nth, post, started + time, &board));
    futures::future::try_join_all(halls).await?;
    let until = Instant::now() + LATE_MAX;
    while missed(&board, &shows, first.len()) > 0 && Instant::now() < until {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let elapsed = started.elapsed();
    tasks.abort_all();
    server.abort();
    Ok(Shown {
        calls: held(&board.asked).len(),
        late: Tally::new(held(&board.late).clone(), elapsed),
        missed: missed(&board, &shows, first.len()),
        cpu: cpu_seconds(std::process::id())? - before,
    })
}

/// One clerk of each hall.
fn first_of(town: &Town) -> Vec<Post> {
    let mut first: Vec<Post> = Vec::new();
    for post in &town.posts {
        if first.last().is_none_or(|last| last.hall != post.hall) {
            first.push(post.clone());
        }
    }
    first
}

fn missed(board: &Board, shows: &Mutex<Vec<String>>, halls: usize) -> usize {
    let last = held(&board.last);
    held(shows).iter().enumerate().filter(|(nth, shown)| last.get(&(nth % halls)) != Some(shown)).count()
}

/// A hall's calls, one after another.
async fn calls(town: &Town, nth: usize, post: &Post, until: Instant, board: &Board) -> Result<(), Trouble> {
    let mut round = 0;
    tokio::time::sleep(APART * u32::try_from(nth)? / 40).await;
    while Instant::now() < until {
        let begun = Instant::now();
        let number = town.take(&post.hall, letter(round)).await.map_err(said)?.number;
        // Before it is called, so that no screen is faster than what is known of it.
        held(&board.asked).insert((nth, number.clone()), Instant::now());
        let called = call(town, post).await.map_err(said)?.number;
        if called != number {
            held(&board.asked).insert((nth, called.clone()), Instant::now());
        }
        held(&board.last).insert(nth, called);
        tokio::time::sleep((begun + APART).saturating_duration_since(Instant::now())).await;
        serve(town, post).await?;
        round += 1;
    }
    // The last stays at the window, so that every screen shows it.
    let last = town.take(&post.hall, letter(round)).await.map_err(said)?.number;
    held(&board.asked).insert((nth, last.clone()), Instant::now());
    let called = call(town, post).await.map_err(said)?.number;
    held(&board.last).insert(nth, called);
    Ok(())
}

/// The number that a piece of a stream shows as called.
fn shown(piece: &str) -> Option<&str> {
    piece.rsplit_once("class=\"hall-called num\">")?.1.split('<').next()
}

async fn viewer(
    address: SocketAddr,
    nth: usize,
    hall: usize,
    board: Arc<Board>,
    shows: Arc<Mutex<Vec<String>>>,
) -> Result<(), Trouble> {
    let mut first = true;
    loop {
        let ask = Ask::get(format!("/screen/{}/live", code(hall))).accepting("text/event-stream");
        let caller = Caller::connect(address).await?;
        let piece = |bytes: &[u8]| {
            if std::mem::take(&mut first) {
                board.open.fetch_add(1, Ordering::Relaxed);
            }
            let text = String::from_utf8_lossy(bytes);
            let Some(number) = shown(&text) else { return };
            let mut shows = held(&shows);
            let Some(own) = shows.get_mut(nth).filter(|own| *own != number) else { return };
            number.clone_into(own);
            if let Some(asked) = held(&board.asked).get(&(hall, number.to_owned())) {
                let micros = u64::try_from(asked.elapsed().as_micros()).unwrap_or(u64::MAX);
                held(&board.late).push(micros);
            }
        };
        caller.pieces(ask, piece).await?;
    }
}
