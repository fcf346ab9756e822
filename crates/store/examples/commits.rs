//! How many durable commits of three inserts and one update a second, by 32 tasks: `cargo run --release -p store
//! --example commits -- FOLDER [POSTGRES-URL] [TASKS]`.
#![allow(clippy::unwrap_used, reason = "a measuring tool")]

use kernel::{ActorRef, Lang, SystemClock, SystemRng};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};
use store::{Ground, Migrations, Store, StoreConfig, params};

const TOY: Migrations = Migrations {
    room: "toy",
    steps: &[(
        "V1__toy",
        "CREATE TABLE toy_event (subject TEXT NOT NULL, seq BIGINT NOT NULL, body TEXT, PRIMARY KEY (subject, seq));\n\
         CREATE TABLE toy_task (id TEXT PRIMARY KEY NOT NULL, state TEXT NOT NULL);\n\
         CREATE TABLE toy_case (id TEXT PRIMARY KEY NOT NULL, rev BIGINT NOT NULL);",
    )],
};

#[tokio::main]
async fn main() {
    let mut arguments = std::env::args().skip(1);
    let data = arguments.next().unwrap_or_else(|| "bench-data".to_owned()).into();
    let database = arguments.next().filter(|url| url.starts_with("postgres"));
    let tasks = arguments.next().and_then(|n| n.parse().ok()).unwrap_or(32);
    let config = StoreConfig { data, database, pool: 0, shared_files: true };
    let (rng, clock) = (Arc::new(SystemRng), Arc::new(SystemClock));
    let store = Store::open(config, rng.clone(), clock.clone()).await.unwrap();
    store.migrate(&[TOY]).await.unwrap();
    let ground = Ground { store, clock, rng };
    let done = Arc::new(AtomicI64::new(0));
    let end = Instant::now() + Duration::from_secs(5);
    let mut at_work = tokio::task::JoinSet::new();
    for _ in 0..tasks {
        at_work.spawn(work(ground.clone(), Arc::clone(&done), end));
    }
    let mut latencies: Vec<Duration> = at_work.join_all().await.into_iter().flatten().collect();
    latencies.sort();
    let at = |part: usize| latencies.get(latencies.len() * part / 100);
    println!("{} commits/s, p50 {:?}, p99 {:?}", done.load(Ordering::Relaxed) / 5, at(50), at(99));
}

async fn work(ground: Ground, done: Arc<AtomicI64>, end: Instant) -> Vec<Duration> {
    let mut latencies = Vec::new();
    let mut first = ground.begin(Lang::En, ActorRef::system());
    let case = first.commit.id.to_string();
    first.commit.exec("INSERT INTO toy_case (id, rev) VALUES ($1, 0)", params![case]);
    first.finish().await.unwrap();
    for rev in 0i64.. {
        let begun = Instant::now();
        if begun > end {
            break;
        }
        let mut cx = ground.begin(Lang::En, ActorRef::system());
        let commit = &mut cx.commit;
        let body = "x".repeat(300);
        let insert = "INSERT INTO toy_event (subject, seq, body) VALUES ($1, $2, $3)";
        commit.exec(insert, params![case, rev * 2, body]);
        commit.exec(insert, params![case, rev * 2 + 1, body]);
        let task = "INSERT INTO toy_task (id, state) VALUES ($1, 'open')";
        let id = commit.id;
        commit.exec(task, params![id]);
        let update = "UPDATE toy_case SET rev = $2 WHERE id = $1 AND rev = $3";
        commit.exec(update, params![case, rev + 1, rev]);
        cx.finish().await.unwrap();
        latencies.push(begun.elapsed());
        done.fetch_add(1, Ordering::Relaxed);
    }
    latencies
}
