//! A fresh database for each test: cloned from a template that was migrated once per set of steps.

use crate::cluster;
use kernel::{SeededRng, SystemClock};
use sha2::{Digest, Sha256};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use store::{Migrations, Store, StoreConfig};
use tokio_postgres::{Client, NoTls};

/// The advisory lock under which one test at a time makes a template.
const TEMPLATE_LOCK: i64 = 7_741;

static COUNT: AtomicU32 = AtomicU32::new(0);

/// A test's own database; dropped by [`Database::remove`].
pub struct Database {
    name: String,
    admin: String,
}

impl Database {
    /// Clones the template for `rooms`; makes it first when it is not there.
    pub async fn fresh(rooms: &[Migrations]) -> Self {
        let admin = cluster::admin_url();
        let client = connect(&admin).await;
        let template = template(&client, &admin, rooms).await;
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("t_{}_{}_{number}", std::process::id(), &template[2..10]);
        run(&client, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
        run(&client, &format!("CREATE DATABASE {name} TEMPLATE {template}")).await;
        Self { name, admin }
    }

    /// A database without any table.
    pub async fn empty() -> Self {
        let admin = cluster::admin_url();
        let client = connect(&admin).await;
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("t_{}_empty_{number}", std::process::id());
        run(&client, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
        run(&client, &format!("CREATE DATABASE {name}")).await;
        Self { name, admin }
    }

    /// Where a program connects to it.
    pub fn url(&self) -> String {
        url_of(&self.admin, &self.name)
    }

    /// Drops it, whoever is still connected.
    pub async fn remove(&self) {
        let client = connect(&self.admin).await;
        let _ = client.batch_execute(&format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name)).await;
    }
}

/// The same server, another database.
fn url_of(admin: &str, name: &str) -> String {
    let (head, query) = admin.split_once('?').map_or((admin, None), |(h, q)| (h, Some(q)));
    let authority_at = head.find("://").map_or(0, |i| i + 3);
    let server = match head[authority_at..].find('/') {
        Some(slash) => &head[..authority_at + slash],
        None => head,
    };
    query.map_or_else(|| format!("{server}/{name}"), |q| format!("{server}/{name}?{q}"))
}

async fn connect(url: &str) -> Client {
    let mut tries = 0;
    loop {
        match tokio_postgres::connect(url, NoTls).await {
            Ok((client, driver)) => {
                tokio::spawn(async move { driver.await.ok() });
                return client;
            }
            Err(error) if tries < 50 => {
                tries += 1;
                let _ = error;
                tokio::time::sleep(std::time::Duration::from_millis(100)).await;
            }
            Err(error) => panic!("the test server at {url} cannot be reached: {error}"),
        }
    }
}

async fn run(client: &Client, sql: &str) {
    if let Err(error) = client.batch_execute(sql).await {
        panic!("{sql}: {error:?}");
    }
}

/// The name of the template database for these steps.
async fn template(client: &Client, admin: &str, rooms: &[Migrations]) -> String {
    let mut digest = Sha256::new();
    for room in std::iter::once(&store::migrate::MIGRATIONS).chain(rooms) {
        digest.update(room.room);
        for (name, text) in room.steps {
            digest.update(name);
            digest.update(text);
        }
    }
    // The store's own code makes tables and a function too, and seals with the test's seed.
    digest.update(include_str!("../../store/src/migrate.rs"));
    digest.update(include_str!("../../store/src/dialect.rs"));
    let name = format!("m_{}", &hex::encode(digest.finalize())[..24]);
    run(client, &format!("SELECT pg_advisory_lock({TEMPLATE_LOCK})")).await;
    let there = client.query("SELECT 1 FROM pg_database WHERE datname = $1", &[&name]).await;
    if there.is_ok_and(|rows| rows.is_empty()) {
        let unfinished = format!("{name}_new");
        run(client, &format!("DROP DATABASE IF EXISTS {unfinished} WITH (FORCE)")).await;
        run(client, &format!("CREATE DATABASE {unfinished}")).await;
        migrate(&url_of(admin, &unfinished), rooms).await;
        let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = ";
        run(client, &format!("{end}'{unfinished}'")).await;
        run(client, &format!("ALTER DATABASE {unfinished} RENAME TO {name}")).await;
    }
    run(client, &format!("SELECT pg_advisory_unlock({TEMPLATE_LOCK})")).await;
    name
}

async fn migrate(url: &str, rooms: &[Migrations]) {
    let folder = tempfile::tempdir().unwrap_or_else(|e| panic!("a temporary folder: {e}"));
    let store = open(url, folder.path()).await;
    if let Err(fault) = store.migrate(rooms).await {
        panic!("the steps do not apply on PostgreSQL: {fault}");
    }
    // A clone is another store with keys of its own.
    let forget = store.meddle("DELETE FROM store_setting WHERE key = 'keys.check'").await;
    forget.unwrap_or_else(|fault| panic!("{fault}"));
}

async fn open(url: &str, data: &Path) -> Store {
    let config =
        StoreConfig { data: data.to_owned(), database: Some(url.to_owned()), pool: 1, shared_files: true };
    Store::open(config, Arc::new(SeededRng::new(1)), Arc::new(SystemClock))
        .await
        .unwrap_or_else(|fault| panic!("the test server cannot be used: {fault}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_database_changes() {
        assert_eq!(url_of("postgres://u@h:1/postgres", "x"), "postgres://u@h:1/x");
        assert_eq!(url_of("postgres://u@h:1", "x"), "postgres://u@h:1/x");
        assert_eq!(
            url_of("postgres://u:p@h:1/a?sslmode=disable", "x"),
            "postgres://u:p@h:1/x?sslmode=disable"
        );
    }
}
