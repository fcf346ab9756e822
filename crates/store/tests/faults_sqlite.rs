//! SQLite in trouble: full, read-only, locked by another program, gone and back. Each time a clear message, nothing
//! half-written, and service that resumes by itself.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests only")]

mod toy;

use harness::{Backend, TestGround};
use kernel::SeededRng;
use std::sync::Arc;
use std::time::Duration;
use store::{CommitError, Ground, Store, params};
use toy::{TOY, begin, event, events};

/// The same store, opened so that it waits only briefly for a lock.
async fn impatient(t: &TestGround) -> Ground {
    let rng = Arc::new(SeededRng::new(7));
    let clock = Arc::new(t.clock.clone());
    let store =
        Store::open_impatient(t.config(), rng.clone(), clock.clone(), Duration::from_millis(50)).await;
    Ground { store: store.unwrap(), clock, rng }
}

/// A second program that holds the write lock until it is dropped.
fn lock(t: &TestGround) -> rusqlite::Connection {
    let other = rusqlite::Connection::open(t.data.join("yimen.db")).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    other
}

async fn add(ground: &Ground, subject: &str, bytes: usize) -> Result<(), CommitError> {
    let mut cx = begin(ground);
    cx.commit.exec(
        "INSERT INTO toy_event (subject, seq, body) VALUES ($1, 1, $2)",
        params![subject, vec![7u8; bytes]],
    );
    cx.commit.exec("INSERT INTO toy_thing (id, state, rev) VALUES ($1, 'new', 1)", params![subject]);
    cx.finish().await
}

fn transient(result: Result<(), CommitError>, words: &str) {
    match result {
        Err(CommitError::Fault(fault)) => {
            assert!(fault.transient, "it may pass: {fault}");
            assert!(fault.to_string().contains(words), "{fault}");
        }
        other => panic!("expected a fault about {words:?}, got {other:?}"),
    }
}

#[test]
fn a_full_disk_inside_a_group_undoes_only_the_member_that_did_not_fit() {
    harness::run(Backend::Sqlite, &[TOY], |t| async move {
        let pages: Option<(i64,)> =
            t.store.row("SELECT page_count FROM pragma_page_count", vec![]).await.unwrap();
        let most = pages.unwrap().0 + 40;
        t.store.meddle(&format!("PRAGMA max_page_count = {most}")).await.unwrap();
        // While another program holds the lock, the writer waits with the first commit, and the others gather behind it.
        let lock = lock(&t);
        let sizes = [10, 20, 30, 1_000_000, 40, 1_000_000, 50];
        let mut tasks = tokio::task::JoinSet::new();
        for (i, bytes) in sizes.into_iter().enumerate() {
            let ground = t.ground.clone();
            tasks.spawn(async move { (bytes, i, add(&ground, &format!("s{i}"), bytes).await) });
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
        drop(lock);
        for (bytes, i, result) in tasks.join_all().await {
            let there = events(&t, &format!("s{i}")).await;
            if bytes > 100_000 {
                transient(result, "disk is full");
                assert_eq!(there, 0);
            } else {
                result.unwrap();
                assert_eq!(there, 1);
            }
        }
        let things: Option<(i64,)> = t.store.row("SELECT COUNT(*) FROM toy_thing", vec![]).await.unwrap();
        assert_eq!(things.unwrap().0, 5, "nothing half-written");
        t.store.meddle("PRAGMA max_page_count = 1000000").await.unwrap();
        add(&t, "again", 1_000_000).await.unwrap();
    });
}

#[test]
fn a_database_that_is_read_only_says_so_and_goes_on_later() {
    harness::run(Backend::Sqlite, &[TOY], |t| async move {
        t.store.ping().await.unwrap();
        t.store.meddle("PRAGMA query_only = ON").await.unwrap();
        transient(add(&t, "a", 1).await, "read-only");
        assert!(t.store.ping().await.unwrap_err().to_string().contains("read-only"));
        assert_eq!(events(&t, "a").await, 0, "reading goes on");
        t.store.meddle("PRAGMA query_only = OFF").await.unwrap();
        add(&t, "a", 1).await.unwrap();
        t.store.ping().await.unwrap();
    });
}

#[test]
fn a_second_program_that_holds_the_lock_is_named_and_reading_goes_on() {
    harness::run(Backend::Sqlite, &[TOY], |t| async move {
        let ground = impatient(&t).await;
        add(&ground, "before", 1).await.unwrap();
        let lock = lock(&t);
        transient(add(&ground, "a", 1).await, "locked by another program");
        assert!(ground.store.ping().await.unwrap_err().transient);
        assert_eq!(events(&ground, "before").await, 1);
        drop(lock);
        add(&ground, "a", 1).await.unwrap();
        assert_eq!(events(&ground, "a").await, 1);
    });
}

#[test]
fn a_database_file_that_goes_away_is_not_written_to_until_it_is_back() {
    harness::run(Backend::Sqlite, &[TOY], |t| async move {
        add(&t, "before", 1).await.unwrap();
        let away = t.data.with_file_name("away");
        std::fs::create_dir(&away).unwrap();
        let shift = |from: &std::path::Path, to: &std::path::Path| {
            for name in ["yimen.db", "yimen.db-wal", "yimen.db-shm"] {
                std::fs::rename(from.join(name), to.join(name)).ok();
            }
        };
        shift(&t.data, &away);
        for _ in 0..2 {
            transient(add(&t, "a", 1).await, "is not there");
        }
        assert!(!t.data.join("yimen.db").exists(), "no empty database takes its place");
        let fault = t.store.rows::<(i64,)>("SELECT 1", vec![]).await.unwrap_err();
        assert!(fault.transient && fault.to_string().contains("is not there"), "{fault}");
        shift(&away, &t.data);
        assert_eq!(events(&t, "before").await, 1);
        add(&t, "a", 1).await.unwrap();
        assert_eq!(events(&t, "a").await, 1);
    });
}

#[test]
fn a_file_that_is_no_database_is_refused_with_its_name() {
    harness::run(Backend::Sqlite, &[], |t| async move {
        let mut config = t.config();
        config.data = t.data.with_file_name("broken");
        std::fs::create_dir(&config.data).unwrap();
        std::fs::write(config.data.join("yimen.db"), vec![b'x'; 9_000]).unwrap();
        let fault =
            Store::open(config, Arc::new(SeededRng::new(1)), Arc::new(t.clock.clone())).await.err().unwrap();
        assert!(fault.to_string().contains("yimen.db") && fault.to_string().contains("damaged"), "{fault}");
    });
}

#[test]
fn what_is_sent_before_the_store_is_dropped_is_still_done() {
    harness::run(Backend::Sqlite, &[TOY], |t| async move {
        let mut tasks = tokio::task::JoinSet::new();
        for i in 0..20i64 {
            let mut cx = begin(&t);
            event(&mut cx.commit, "a", i);
            tasks.spawn(cx.finish());
        }
        for result in tasks.join_all().await {
            result.unwrap();
        }
        let config = t.config();
        let clock = t.clock.clone();
        drop(t.ground.clone());
        let store = Store::open(config, Arc::new(SeededRng::new(1)), Arc::new(clock)).await.unwrap();
        let row: Option<(i64,)> = store.row("SELECT COUNT(*) FROM toy_event", vec![]).await.unwrap();
        assert_eq!(row.unwrap().0, 20);
    });
}

/// How long both write without a pause: much longer than either waits for the lock.
const WITHOUT_PAUSE: Duration = Duration::from_secs(2);
/// Who writes at the same moment, at each of the two.
const WRITERS: usize = 16;

#[test]
fn of_two_servers_that_write_without_a_pause_neither_starves() {
    harness::run(Backend::Sqlite, &[TOY], |t| async move {
        // The other's patience is a tenth of the usual: whoever is starved says so soon.
        let rng = Arc::new(SeededRng::new(9));
        let clock = Arc::new(t.clock.clone());
        let patience = Duration::from_millis(500);
        let store = Store::open_impatient(t.config(), rng.clone(), clock.clone(), patience).await.unwrap();
        let other = Ground { store, clock, rng };
        let until = std::time::Instant::now() + WITHOUT_PAUSE;
        let mut tasks = tokio::task::JoinSet::new();
        for (server, ground) in [("one", t.ground.clone()), ("two", other)] {
            for writer in 0..WRITERS {
                let ground = ground.clone();
                tasks.spawn(async move {
                    let mut written = 0;
                    while std::time::Instant::now() < until {
                        add(&ground, &format!("{server}-{writer}-{written}"), 100).await?;
                        written += 1;
                    }
                    Ok::<_, CommitError>((server, written))
                });
            }
        }
        let mut written = std::collections::HashMap::from([("one", 0), ("two", 0)]);
        while let Some(done) = tasks.join_next().await {
            let (server, n) = done.unwrap().unwrap();
            *written.get_mut(server).unwrap() += n;
        }
        println!("{written:?}");
        assert!(written.values().all(|n| *n > WRITERS), "both get on: {written:?}");
        let rows: Option<(i64,)> = t.store.row("SELECT COUNT(*) FROM toy_thing", vec![]).await.unwrap();
        assert_eq!(
            usize::try_from(rows.unwrap().0).unwrap(),
            written.values().sum::<usize>(),
            "what was answered is there"
        );
    });
}
