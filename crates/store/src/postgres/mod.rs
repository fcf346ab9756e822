//! PostgreSQL: a pool of connections; a commit is one pipelined round trip.

mod commit;
mod connection;
mod errors;
mod pool;
mod tls;
mod value;

use crate::migrate::{self, Step};
use crate::{Row, ToValue, Value, dialect, params};
pub(crate) use connection::Connection;
pub(crate) use errors::fault;
use kernel::Fault;
use pool::{Pool, Pooled};
use std::time::Duration;

/// How many connections when nothing is said.
const POOL: usize = 16;
/// A server that does not answer for so long is treated as lost.
const PATIENCE: Duration = Duration::from_secs(60);
/// The key of the advisory lock under which one server at a time migrates ("yimen" on a telephone).
const MIGRATION_LOCK: i64 = 94_636;

/// A pool of connections to one database.
pub(crate) struct Postgres {
    pool: Pool,
}

impl Postgres {
    /// Connects once, to learn whether it is a database we can use.
    pub async fn open(url: &str, size: usize) -> Result<Self, Fault> {
        let (config, tls) = tls::parse(url)?;
        let pool = Pool::new(config, tls, if size == 0 { POOL } else { size });
        let postgres = Self { pool };
        let sql = "SELECT current_setting('server_version_num'), current_setting('server_encoding')";
        let row = postgres.query(sql, &[]).await?.into_iter().next();
        let mut row = row.ok_or_else(|| Fault::new("PostgreSQL does not say its version"))?;
        let (version, encoding): (String, String) = (row.take(0)?, row.take(1)?);
        if version.parse::<u32>().unwrap_or(0) < 150_000 {
            return Err(Fault::new(format!("PostgreSQL 15 or newer is needed, this one says {version}")));
        }
        if encoding != "UTF8" {
            return Err(Fault::new(format!("the database must be in UTF8, this one is in {encoding}")));
        }
        Ok(postgres)
    }

    /// Reads rows; once more on another connection when the first turns out to be dead.
    pub async fn query(&self, sql: &str, params: &[Value]) -> Result<Vec<Row>, Fault> {
        match self.query_once(sql, params).await? {
            Err(error) if errors::lost(&error) => self.query_once(sql, params).await?.map_err(errors::fault),
            result => result.map_err(errors::fault),
        }
    }

    async fn query_once(
        &self,
        sql: &str,
        params: &[Value],
    ) -> Result<Result<Vec<Row>, tokio_postgres::Error>, Fault> {
        let mut connection = self.pool.get().await?;
        match tokio::time::timeout(PATIENCE, connection.query(sql, params)).await {
            Ok(result) => Ok(result),
            Err(_) => {
                connection.set_usable(false);
                Err(Fault::new("the database does not answer").transient())
            }
        }
    }

    /// Whether the database answers and can be written to.
    pub async fn ping(&self) -> Result<(), Fault> {
        let read_only = self.query("SELECT current_setting('transaction_read_only')", &[]).await?;
        match read_only.first().map(|row| &row.0) {
            Some(values) if values.first() == Some(&Value::Text("off".to_owned())) => Ok(()),
            _ => Err(Fault::new("the database is read-only").transient()),
        }
    }

    /// Runs SQL as it stands.
    pub async fn meddle(&self, sql: &str) -> Result<(), Fault> {
        let connection = self.pool.get().await?;
        connection.client.batch_execute(sql).await.map_err(errors::fault)
    }

    /// Applies steps in order, each in one transaction, while no other server does.
    pub async fn migrate(&self, steps: &[Step]) -> Result<(), Fault> {
        // Outside the pool, so that the lock and the waiting for it end with the connection, come what may.
        let mut connection = self.pool.connect().await?;
        let begin = format!("SET lock_timeout = 0; SELECT pg_advisory_lock({MIGRATION_LOCK})");
        let prepare = [begin.as_str(), migrate::LEDGER, dialect::EXPECT_FUNCTION];
        for sql in prepare {
            connection
                .client
                .batch_execute(sql)
                .await
                .map_err(|e| errors::fault(e).while_doing("preparing to migrate"))?;
        }
        for step in steps {
            apply(&mut connection, step)
                .await
                .map_err(|f| f.while_doing(format!("applying {} of {}", step.name, step.room)))?;
        }
        Ok(())
    }

    /// A connection of its own, for work that lasts.
    pub async fn connect(&self) -> Result<Connection, Fault> {
        self.pool.connect().await
    }

    async fn get(&self) -> Result<Pooled, Fault> {
        self.pool.get().await
    }
}

async fn apply(connection: &mut Connection, step: &Step) -> Result<(), Fault> {
    let applied = connection
        .query(
            "SELECT checksum FROM store_migration WHERE room = $1 AND step = $2",
            &[step.room.to_value(), step.name.to_value()],
        )
        .await
        .map_err(errors::fault)?;
    let applied: Option<String> = match applied.into_iter().next() {
        Some(mut row) => Some(row.take(0)?),
        None => None,
    };
    if !migrate::needed(step, applied.as_deref())? {
        return Ok(());
    }
    let row = params![step.room, step.name, step.checksum, step.text, step.at];
    connection.client.batch_execute("BEGIN").await.map_err(errors::fault)?;
    let applied = async {
        connection.client.batch_execute(&step.text).await?;
        connection.query(migrate::APPLIED, &row).await?;
        connection.client.batch_execute("COMMIT").await
    };
    let result: Result<(), tokio_postgres::Error> = applied.await;
    if result.is_err() {
        let _ = connection.client.batch_execute("ROLLBACK").await;
    }
    result.map_err(errors::fault)
}
