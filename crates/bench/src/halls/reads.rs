//! Statements that are read with, recorded and asked again through the bare driver.

use crate::door::Trouble;
use crate::floor;
use crate::place::Site;
use crate::stats::Tally;
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;
use store::{Store, Value};

/// A statement with its parameters.
#[derive(Clone)]
pub struct Read {
    sql: String,
    params: Vec<Value>,
}

/// What a store is asked, while it is listened to.
pub struct Reads {
    seen: Arc<Mutex<Vec<Read>>>,
    on: Arc<AtomicBool>,
}

impl Reads {
    /// Of this store.
    pub fn of(store: &Store) -> Self {
        let (seen, on): (Arc<Mutex<Vec<Read>>>, Arc<AtomicBool>) = Default::default();
        let (sink, listens) = (Arc::clone(&seen), Arc::clone(&on));
        store.observe_reads(Box::new(move |sql: &str, params: &[Value]| {
            if listens.load(Ordering::Relaxed) {
                let read = Read { sql: sql.to_owned(), params: params.to_vec() };
                sink.lock().unwrap_or_else(PoisonError::into_inner).push(read);
            }
        }));
        Self { seen, on }
    }

    /// Listens from now on.
    pub fn begin(&self) {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).clear();
        self.on.store(true, Ordering::Relaxed);
    }

    /// What was asked since.
    pub fn end(&self) -> Vec<Read> {
        self.on.store(false, Ordering::Relaxed);
        std::mem::take(&mut *self.seen.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Asks each of `all` through the bare driver, one statement after the other on one connection, its columns read.
    ///
    /// # Errors
    /// When a statement fails.
    pub async fn replay(site: &Site, all: &[Vec<Read>]) -> Result<Tally, Trouble> {
        match site.url() {
            None => sqlite(site, all),
            Some(url) => postgres(&url, all).await,
        }
    }
}

fn micros(begun: Instant) -> u64 {
    u64::try_from(begun.elapsed().as_micros()).unwrap_or(u64::MAX)
}

fn sqlite(site: &Site, all: &[Vec<Read>]) -> Result<Tally, Trouble> {
    let flags = rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY;
    let db = rusqlite::Connection::open_with_flags(site.file(), flags)?;
    db.set_prepared_statement_cache_capacity(128);
    let (started, mut times) = (Instant::now(), Vec::with_capacity(all.len()));
    for reads in all {
        let begun = Instant::now();
        for read in reads {
            let mut prepared = db.prepare_cached(&read.sql)?;
            floor::bind(&mut prepared, &read.params)?;
            let width = prepared.column_count();
            let mut rows = prepared.raw_query();
            while let Some(row) = rows.next()? {
                for column in 0..width {
                    std::hint::black_box(row.get_ref(column)?);
                }
            }
        }
        times.push(micros(begun));
    }
    Ok(Tally::new(times, started.elapsed()))
}

async fn postgres(url: &str, all: &[Vec<Read>]) -> Result<Tally, Trouble> {
    let (client, driver) = tokio_postgres::connect(url, tokio_postgres::NoTls).await?;
    tokio::spawn(driver);
    let mut prepared: HashMap<&str, tokio_postgres::Statement> = HashMap::new();
    let (started, mut times) = (Instant::now(), Vec::with_capacity(all.len()));
    for reads in all {
        let begun = Instant::now();
        for read in reads {
            if !prepared.contains_key(read.sql.as_str()) {
                prepared.insert(&read.sql, client.prepare(&read.sql).await?);
            }
            let Some(statement) = prepared.get(read.sql.as_str()) else { continue };
            let params: Vec<_> = read.params.iter().map(floor::boxed).collect();
            let refs: Vec<&(dyn tokio_postgres::types::ToSql + Sync)> =
                params.iter().map(|p| &**p as _).collect();
            std::hint::black_box(client.query(statement, &refs).await?);
        }
        times.push(micros(begun));
    }
    Ok(Tally::new(times, started.elapsed()))
}
