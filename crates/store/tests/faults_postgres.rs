//! PostgreSQL in trouble: connections cut around COMMIT, away and back, read-only, locked, files not shared.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests only")]

mod toy;

use harness::{Backend, TestGround};
use kernel::SeededRng;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;
use store::{CommitError, Ground, Store, StoreConfig, params};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use toy::{TOY, begin, event, events};

/// What the line does at the next COMMIT that passes.
#[derive(Clone, Copy, PartialEq)]
#[repr(u8)]
enum Line {
    /// Nothing.
    Whole = 0,
    /// It is cut before COMMIT reaches the server.
    CutBefore = 1,
    /// It is cut after the server has answered, before the answer is passed on.
    CutAfter = 2,
    /// As `CutAfter`, and nobody can connect any more.
    CutAfterForGood = 3,
    /// Nobody can connect, and what is connected is cut.
    Down = 4,
}

/// A line between the program and the server that can be cut.
struct Proxy {
    port: u16,
    line: Arc<AtomicU8>,
}

impl Proxy {
    async fn before(url: &str) -> Self {
        let target: u16 = url.rsplit_once(':').unwrap().1.split('/').next().unwrap().parse().unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let line = Arc::new(AtomicU8::new(0));
        let state = Arc::clone(&line);
        tokio::spawn(async move {
            loop {
                let (client, _) = listener.accept().await.unwrap();
                if state.load(Ordering::SeqCst) != Line::Down as u8 {
                    tokio::spawn(carry(client, target, Arc::clone(&state)));
                }
            }
        });
        Self { port, line }
    }

    fn set(&self, line: Line) {
        self.line.store(line as u8, Ordering::SeqCst);
    }

    /// `url` through this line.
    fn url(&self, url: &str) -> String {
        let (head, tail) = url.rsplit_once(':').unwrap();
        format!("{head}:{}/{}", self.port, tail.split_once('/').unwrap().1)
    }
}

async fn carry(mut client: TcpStream, target: u16, line: Arc<AtomicU8>) {
    let mut server = TcpStream::connect(("127.0.0.1", target)).await.unwrap();
    let (mut up, mut down) = (vec![0; 65_536], vec![0; 65_536]);
    loop {
        if line.load(Ordering::SeqCst) == Line::Down as u8 {
            return;
        }
        tokio::select! {
            read = client.read(&mut up) => {
                let length = read.unwrap_or(0);
                if length == 0 { return; }
                let commit = up[..length].windows(6).position(|w| w == b"COMMIT");
                let state = line.load(Ordering::SeqCst);
                if let Some(at) = commit && state != 0 {
                    if state == Line::CutBefore as u8 {
                        line.store(0, Ordering::SeqCst);
                        server.write_all(&up[..at - 5]).await.unwrap();
                        // The server works on what it has; then the line goes.
                        tokio::time::sleep(Duration::from_millis(50)).await;
                        return;
                    }
                    server.write_all(&up[..length]).await.unwrap();
                    // Everything up to the answer to COMMIT is read and kept from the client.
                    let mut answers = Vec::new();
                    while !answers.windows(6).any(|w| w == b"COMMIT") {
                        let length = server.read(&mut down).await.unwrap();
                        assert_ne!(length, 0);
                        answers.extend_from_slice(&down[..length]);
                    }
                    let next = if state == Line::CutAfterForGood as u8 { Line::Down } else { Line::Whole };
                    line.store(next as u8, Ordering::SeqCst);
                    return;
                }
                server.write_all(&up[..length]).await.unwrap();
            }
            read = server.read(&mut down) => {
                let length = read.unwrap_or(0);
                if length == 0 || client.write_all(&down[..length]).await.is_err() { return; }
            }
            () = tokio::time::sleep(Duration::from_millis(20)) => {}
        }
    }
}

async fn open(t: &TestGround, url: String) -> Ground {
    let rng = Arc::new(SeededRng::new(7));
    let clock = Arc::new(t.clock.clone());
    let config = StoreConfig { database: Some(url), pool: 2, ..t.config() };
    Ground { store: Store::open(config, rng.clone(), clock.clone()).await.unwrap(), clock, rng }
}

async fn add(ground: &Ground, seq: i64) -> Result<(), CommitError> {
    let mut cx = begin(ground);
    event(&mut cx.commit, "a", seq);
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
fn a_connection_cut_around_commit_does_the_command_exactly_once() {
    harness::run(Backend::Postgres, &[TOY], |t| async move {
        let url = t.url.clone().unwrap();
        let proxy = Proxy::before(&url).await;
        let ground = open(&t, proxy.url(&url)).await;
        add(&ground, 1).await.unwrap();
        proxy.set(Line::CutBefore);
        add(&ground, 2).await.unwrap();
        assert_eq!(events(&t, "a").await, 2, "it had not happened, and was sent again");
        proxy.set(Line::CutAfter);
        add(&ground, 3).await.unwrap();
        assert_eq!(events(&t, "a").await, 3, "it had happened, and was looked up");
    });
}

#[test]
fn a_fate_that_cannot_be_looked_up_is_unknown() {
    harness::run(Backend::Postgres, &[TOY], |t| async move {
        let url = t.url.clone().unwrap();
        let proxy = Proxy::before(&url).await;
        let ground = open(&t, proxy.url(&url)).await;
        add(&ground, 1).await.unwrap();
        proxy.set(Line::CutAfterForGood);
        let result = add(&ground, 2).await;
        assert!(matches!(result, Err(CommitError::Unknown(_))), "{result:?}");
        assert_eq!(events(&t, "a").await, 2, "this one had happened");
    });
}

#[test]
fn a_database_that_goes_away_is_used_again_when_it_is_back() {
    harness::run(Backend::Postgres, &[TOY], |t| async move {
        let url = t.url.clone().unwrap();
        let proxy = Proxy::before(&url).await;
        let ground = open(&t, proxy.url(&url)).await;
        add(&ground, 1).await.unwrap();
        proxy.set(Line::Down);
        tokio::time::sleep(Duration::from_millis(100)).await;
        transient(add(&ground, 2).await, "away");
        assert!(ground.store.ping().await.unwrap_err().transient);
        proxy.set(Line::Whole);
        add(&ground, 2).await.unwrap();
        assert_eq!(events(&ground, "a").await, 2);
        // The server itself ends all sessions, as at a restart.
        let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                   WHERE datname = current_database() AND pid <> pg_backend_pid()";
        t.store.meddle(end).await.unwrap();
        add(&ground, 3).await.unwrap();
        assert_eq!(events(&ground, "a").await, 3);
    });
}

#[test]
fn a_database_that_is_read_only_or_locked_says_so() {
    harness::run(Backend::Postgres, &[TOY], |t| async move {
        let url = t.url.clone().unwrap();
        let read_only = open(&t, format!("{url}?options=-c%20default_transaction_read_only%3Don")).await;
        transient(add(&read_only, 1).await, "read-only");
        assert!(read_only.store.ping().await.unwrap_err().to_string().contains("read-only"));
        assert_eq!(events(&read_only, "a").await, 0);

        let impatient = open(&t, format!("{url}?options=-c%20lock_timeout%3D100ms")).await;
        let (other, driver) = tokio_postgres::connect(&url, tokio_postgres::NoTls).await.unwrap();
        let driver = tokio::spawn(driver);
        other.batch_execute("BEGIN; LOCK TABLE toy_event IN EXCLUSIVE MODE").await.unwrap();
        transient(add(&impatient, 1).await, "locked by another program");
        other.batch_execute("ROLLBACK").await.unwrap();
        add(&impatient, 1).await.unwrap();
        driver.abort();
    });
}

#[test]
fn a_deadlock_is_a_conflict_and_a_failure_at_commit_no_success() {
    harness::run(Backend::Postgres, &[TOY], |t| async move {
        t.store
            .meddle(
                "CREATE TABLE toy_part (id TEXT PRIMARY KEY, \
                 whole TEXT REFERENCES toy_thing (id) DEFERRABLE INITIALLY DEFERRED)",
            )
            .await
            .unwrap();
        let mut cx = begin(&t);
        cx.commit.exec("INSERT INTO toy_part (id, whole) VALUES ('p', 'nothing')", params![]);
        assert!(matches!(cx.finish().await, Err(CommitError::Fault(_))), "only COMMIT finds it out");
        let parts: Option<(i64,)> = t.store.row("SELECT COUNT(*) FROM toy_part", vec![]).await.unwrap();
        assert_eq!(parts.unwrap().0, 0);

        for id in ["x", "y"] {
            let mut cx = begin(&t);
            cx.commit.exec("INSERT INTO toy_thing (id, state, rev) VALUES ($1, 'new', 1)", params![id]);
            cx.finish().await.unwrap();
        }
        let cross = |first: &'static str, second: &'static str| {
            let mut cx = begin(&t);
            for id in [first, second] {
                let slow = "UPDATE toy_thing SET rev = rev + 1 WHERE id = $1 AND pg_sleep(0.2) IS NOT NULL";
                cx.commit.exec(slow, params![id]);
            }
            cx.finish()
        };
        let (a, b) = tokio::join!(cross("x", "y"), cross("y", "x"));
        let lost = [&a, &b].into_iter().filter(|r| matches!(r, Err(CommitError::Conflict(_)))).count();
        assert_eq!((lost, a.is_ok() || b.is_ok()), (1, true), "{a:?} {b:?}");
    });
}

#[test]
fn a_server_on_postgresql_must_declare_that_its_files_are_shared() {
    harness::run(Backend::Postgres, &[], |t| async move {
        let config = StoreConfig { shared_files: false, ..t.config() };
        let result = Store::open(config, Arc::new(SeededRng::new(1)), Arc::new(t.clock.clone())).await;
        assert!(result.err().unwrap().to_string().contains("shared_files"));
    });
}
