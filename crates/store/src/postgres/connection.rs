//! One connection: its prepared statements, and the process on the server's side that stands behind it.

use super::value::declared;
use super::{errors, tls};
use crate::{Row, Value, dialect};
use kernel::Fault;
use std::collections::HashMap;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_postgres::config::SslMode;
use tokio_postgres::types::Type;
use tokio_postgres::{Client, Config, Error, NoTls, Socket, Statement};
use tokio_postgres_rustls::MakeRustlsConnect;

/// More statements than this are made by SQL that is put together: all are forgotten, to bound memory.
const STATEMENTS_MAX: usize = 1_000;

/// A connection.
pub(crate) struct Connection {
    pub client: Client,
    /// The server's process (its number, and since when), by which a lost commit can be stopped or known to be over.
    pub process: (i64, i64),
    statements: HashMap<Box<str>, Vec<(Shape, Statement)>>,
    count: usize,
}

/// What one text may be prepared as.
#[derive(PartialEq, Eq, Clone)]
pub(crate) struct Shape {
    /// The expectation, when the text is wrapped so that it raises.
    pub rows: Option<u64>,
    pub guard: bool,
    pub types: Vec<Type>,
}

impl Connection {
    pub async fn open(config: &Config, tls: Option<MakeRustlsConnect>) -> Result<Self, Fault> {
        let client = match tls {
            None => drive(config.connect(NoTls).await.map_err(away)?),
            Some(tls) => match config.connect(tls).await {
                Ok(pair) => drive(pair),
                // As libpq: what is only preferred is done without.
                Err(error) if config.get_ssl_mode() == SslMode::Prefer && tls::refusal(&error).is_some() => {
                    tracing::warn!(%error, "no TLS with the database; going on without, as sslmode=prefer says");
                    drive(config.connect(NoTls).await.map_err(away)?)
                }
                Err(error) => return Err(away(error)),
            },
        };
        let mut connection = Self { client, process: (0, 0), statements: HashMap::new(), count: 0 };
        let sql = "SELECT pid::BIGINT, (EXTRACT(EPOCH FROM backend_start) * 1000000)::BIGINT \
                   FROM pg_stat_activity WHERE pid = pg_backend_pid()";
        let row = connection.query(sql, &[]).await.map_err(errors::fault)?.into_iter().next();
        if let Some(mut row) = row {
            connection.process = (row.take(0)?, row.take(1)?);
        }
        Ok(connection)
    }

    /// Reads rows.
    pub async fn query(&mut self, sql: &str, params: &[Value]) -> Result<Vec<Row>, Error> {
        let shape = Shape { rows: None, guard: false, types: params.iter().map(declared).collect() };
        let statement = self.prepare(sql, shape).await?;
        let result = read(&self.client, &statement, params).await;
        if result.as_ref().is_err_and(errors::outdated) {
            self.forget();
        }
        result
    }

    /// The prepared statement for `sql`; made at its first use.
    pub async fn prepare(&mut self, sql: &str, shape: Shape) -> Result<Statement, Error> {
        if let Some(made) = self.statements.get(sql)
            && let Some((_, statement)) = made.iter().find(|(s, _)| *s == shape)
        {
            return Ok(statement.clone());
        }
        if self.count >= STATEMENTS_MAX {
            self.forget();
        }
        let statement = match shape.rows {
            None => self.client.prepare_typed(sql, &shape.types).await?,
            Some(rows) => {
                let what = crate::commit::label(sql);
                let wrapped = dialect::expecting(sql, shape.guard, rows, &what);
                self.client.prepare_typed(&wrapped, &shape.types).await?
            }
        };
        self.count += 1;
        self.statements.entry(sql.into()).or_default().push((shape, statement.clone()));
        Ok(statement)
    }

    /// Forgets all prepared statements.
    pub fn forget(&mut self) {
        self.statements.clear();
        self.count = 0;
    }
}

/// Lets the driver's half of a connection run by itself.
fn drive<T>((client, driver): (Client, tokio_postgres::Connection<Socket, T>)) -> Client
where
    T: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    tokio::spawn(async move {
        if let Err(error) = driver.await {
            tracing::warn!(%error, "a database connection ended");
        }
    });
    client
}

async fn read(client: &Client, statement: &Statement, params: &[Value]) -> Result<Vec<Row>, Error> {
    use futures::TryStreamExt;
    let stream = std::pin::pin!(client.query_raw(statement, params).await?);
    stream
        .and_then(|row| async move {
            (0..row.len()).map(|i| row.try_get::<_, Value>(i)).collect::<Result<_, _>>().map(Row)
        })
        .try_collect()
        .await
}

/// A database that cannot be reached may come back; one that refuses the password will not by itself.
fn away(error: Error) -> Fault {
    if let Some(refusal) = tls::refusal(&error) {
        return refusal.while_doing("connecting to the database");
    }
    if error.as_db_error().is_some() && !errors::lost(&error) {
        errors::fault(error).while_doing("connecting to the database")
    } else {
        Fault::from("the database is away: it cannot be reached", error).transient()
    }
}
