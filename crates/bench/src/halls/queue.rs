//! A clerk's whole day at full speed: a ticket is taken, somebody is called, served, and leaves with an outcome.

use super::town::{Post, Town, letter, said};
use crate::door::Trouble;
use crate::floor::Work;
use crate::place::Site;
use crate::stats::Tally;
use hall::Settings;
use hall::verbs::{self, Ending};
use kernel::{Failure, Lang, Outcome};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use store::{Statement, Value, command};

/// What a run came to.
pub struct Day {
    /// From the taking to the outcome, by one clerk.
    pub whole: Tally,
    /// Takings.
    pub takes: Tally,
    /// Calls that called somebody.
    pub calls: Tally,
    /// How often somebody was told that too many are at it.
    pub busy: usize,
}

#[derive(Default)]
struct Times {
    whole: Vec<u64>,
    takes: Vec<u64>,
    calls: Vec<u64>,
    busy: usize,
}

/// All clerks at once, for `time`.
///
/// # Errors
/// Whatever is refused but that nobody waits, or that it is busy.
pub async fn work(town: &Town, time: Duration) -> Result<Day, Trouble> {
    let started = Instant::now();
    let clerks = town.posts.iter().enumerate().map(|(nth, post)| clerk(town, post, nth, started + time));
    let all = futures::future::try_join_all(clerks).await?;
    let elapsed = started.elapsed();
    let of = |part: fn(&Times) -> &Vec<u64>| {
        Tally::new(all.iter().flat_map(|t| part(t).iter().copied()).collect(), elapsed)
    };
    Ok(Day {
        whole: of(|t| &t.whole),
        takes: of(|t| &t.takes),
        calls: of(|t| &t.calls),
        busy: all.iter().map(|t| t.busy).sum(),
    })
}

async fn clerk(town: &Town, post: &Post, nth: usize, until: Instant) -> Result<Times, Trouble> {
    let mut times = Times::default();
    let micros = |begun: Instant| u64::try_from(begun.elapsed().as_micros()).unwrap_or(u64::MAX);
    while Instant::now() < until {
        let begun = Instant::now();
        if !went(town.take(&post.hall, letter(nth + times.takes.len())).await, &mut times.busy)? {
            continue;
        }
        times.takes.push(micros(begun));
        // Whoever finds nobody was overtaken by a colleague: their own ticket is served there.
        loop {
            let asked = Instant::now();
            match call(town, post).await {
                Ok(_) => {
                    times.calls.push(micros(asked));
                    serve(town, post).await?;
                    times.whole.push(micros(begun));
                    break;
                }
                Err(Failure::Refused(refusal)) if refusal.code == "hall.nobody" => break,
                Err(failure) => {
                    went::<()>(Err(failure), &mut times.busy)?;
                }
            }
        }
    }
    Ok(times)
}

/// Whether it was done; busy is counted.
fn went<T>(done: Outcome<T>, busy: &mut usize) -> Result<bool, Trouble> {
    match done {
        Ok(_) => Ok(true),
        Err(Failure::Refused(refusal)) if refusal.code == "busy" => {
            *busy += 1;
            Ok(false)
        }
        Err(failure) => Err(said(failure)),
    }
}

/// Calls the next.
///
/// # Errors
/// As the verb.
pub async fn call(town: &Town, post: &Post) -> Outcome<verbs::Taken> {
    let actor = post.clerk.actor_ref();
    let _turn = hall::turn(&post.hall).await;
    command!(town.ground(), Lang::ZhCn, actor, |cx| {
        verbs::call_next(&mut cx, &Settings::default(), &post.clerk).await
    })
}

/// Serves whom the clerk has called, to the outcome.
///
/// # Errors
/// When it is refused.
pub async fn serve(town: &Town, post: &Post) -> Result<(), Trouble> {
    let terms = Settings::default();
    loop {
        let actor = post.clerk.actor_ref();
        let _turn = hall::turn(&post.hall).await;
        let begun: Outcome<_> =
            command!(town.ground(), Lang::ZhCn, actor, |cx| verbs::start(&mut cx, &terms, &post.clerk).await);
        if went(begun, &mut 0)? {
            break;
        }
    }
    let ending = Ending::Done("办完".to_owned());
    loop {
        let actor = post.clerk.actor_ref();
        let _turn = hall::turn(&post.hall).await;
        let ended: Outcome<_> = command!(town.ground(), Lang::ZhCn, actor, |cx| {
            verbs::end(&mut cx, &terms, &post.clerk, &ending).await
        });
        if went(ended, &mut 0)? {
            return Ok(());
        }
    }
}

/// The writes of `count` tickets, each from the taking to the outcome, one after another in turn through all halls; before them what
/// they hang from.
///
/// # Errors
/// When anything is refused.
pub async fn recorded(
    site: &Site,
    halls: usize,
    windows: usize,
    count: usize,
) -> Result<(Work, Vec<Work>), Trouble> {
    let wired = app::wiring::wire(&site.config()).await?;
    let seen: Arc<Mutex<Work>> = Arc::default();
    let sink = Arc::clone(&seen);
    wired.house.ground.store.observe(Box::new(move |commit: &[Statement]| {
        sink.lock().unwrap_or_else(PoisonError::into_inner).push(commit.to_vec());
    }));
    let take = || std::mem::take(&mut *seen.lock().unwrap_or_else(PoisonError::into_inner));
    let reads = super::reads::Reads::of(&wired.house.ground.store);
    let mut town = Town { wired, posts: Vec::new(), reads };
    town.fill(halls, windows).await?;
    let before = take();
    let mut work = Vec::with_capacity(count);
    for nth in 0..count {
        let at = nth % halls * windows + nth / halls % windows;
        let Some(post) = town.posts.get(at).cloned() else { break };
        town.take(&post.hall, letter(nth)).await.map_err(said)?;
        call(&town, &post).await.map_err(said)?;
        serve(&town, &post).await?;
        work.push(by_another(take(), &post.clerk.account().to_string(), nth));
    }
    Ok((before, work))
}

/// The same writes by a clerk of their own: callers of the floor keep no order, and a clerk has one ticket in hand.
fn by_another(mut work: Work, clerk: &str, nth: usize) -> Work {
    for statement in work.iter_mut().flatten() {
        for value in &mut statement.params {
            if matches!(value, Value::Text(text) if text == clerk) {
                *value = Value::Text(format!("{clerk}.{nth}"));
            }
        }
    }
    work
}
