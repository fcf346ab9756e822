//! Backup and restore on PostgreSQL: COPY out of one repeatable-read snapshot, COPY into one transaction.

use super::manifest::{Hashed, Table, failed};
use super::text::Kind;
use crate::ToValue;
use crate::postgres::{Connection, Postgres, fault};
use bytes::Bytes;
use futures::{SinkExt, TryStreamExt};
use kernel::Fault;
use std::io::Read;
use std::path::Path;

const TABLES: &str = "SELECT c.relname::TEXT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
     WHERE c.relkind = 'r' AND n.nspname = current_schema() ORDER BY c.oid";
const COLUMNS: &str = "SELECT column_name::TEXT, data_type::TEXT FROM information_schema.columns \
     WHERE table_schema = current_schema() AND table_name = $1 ORDER BY ordinal_position";

/// Writes all tables as they stand at one moment; writers go on meanwhile.
pub(super) async fn write(postgres: &Postgres, folder: &Path) -> Result<Vec<Table>, Fault> {
    let mut connection = postgres.connect().await?;
    let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
    connection.client.batch_execute(begin).await.map_err(fault)?;
    let mut tables = Vec::new();
    for name in names(&mut connection).await? {
        tables.push(table(&mut connection, name, folder).await?);
    }
    Ok(tables)
}

async fn names(connection: &mut Connection) -> Result<Vec<String>, Fault> {
    let rows = connection.query(TABLES, &[]).await.map_err(fault)?;
    rows.into_iter().map(|mut row| row.take(0)).collect()
}

async fn table(connection: &mut Connection, name: String, folder: &Path) -> Result<Table, Fault> {
    let mut columns = Vec::new();
    for mut row in connection.query(COLUMNS, &[name.to_value()]).await.map_err(fault)? {
        columns.push((row.take(0)?, Kind::of(&row.take::<String>(1)?)?));
    }
    let mut table = Table { name, columns, rows: 0, sha256: String::new() };
    table.check_names()?;
    let path = folder.join(format!("{}.copy", table.name));
    let mut out = Hashed::create(&path)?;
    let copy = format!("COPY \"{}\" ({}) TO STDOUT", table.name, table.column_list());
    let mut chunks = std::pin::pin!(connection.client.copy_out(&copy).await.map_err(fault)?);
    while let Some(chunk) = chunks.try_next().await.map_err(fault)? {
        out.write(&chunk).map_err(|e| failed(&path, e))?;
    }
    (table.rows, table.sha256) = out.finish()?;
    Ok(table)
}

/// Refuses a database that has tables.
pub(super) async fn check_empty(postgres: &Postgres) -> Result<(), Fault> {
    let mut connection = postgres.connect().await?;
    match names(&mut connection).await?.first() {
        None => Ok(()),
        Some(table) => Err(Fault::new(format!(
            "the database to restore into is not empty: it has the table {table}. Make a new database"
        ))),
    }
}

/// Makes the tables by `steps` and fills them, all in one transaction.
pub(super) async fn restore(
    postgres: &Postgres,
    steps: &[String],
    tables: &[Table],
    folder: &Path,
) -> Result<(), Fault> {
    let connection = postgres.connect().await?;
    let client = &connection.client;
    client.batch_execute("BEGIN").await.map_err(fault)?;
    client.batch_execute(crate::dialect::EXPECT_FUNCTION).await.map_err(fault)?;
    for step in steps {
        client.batch_execute(step).await.map_err(fault)?;
    }
    for table in tables.iter().rev() {
        client.batch_execute(&format!("DELETE FROM \"{}\"", table.name)).await.map_err(fault)?;
    }
    for table in tables {
        fill(&connection, table, &folder.join(format!("{}.copy", table.name)))
            .await
            .map_err(|f| f.while_doing(format!("restoring {}", table.name)))?;
    }
    client.batch_execute("COMMIT; ANALYZE").await.map_err(fault)
}

async fn fill(connection: &Connection, table: &Table, path: &Path) -> Result<(), Fault> {
    let copy = format!("COPY \"{}\" ({}) FROM STDIN", table.name, table.column_list());
    let mut sink = std::pin::pin!(connection.client.copy_in::<_, Bytes>(&copy).await.map_err(fault)?);
    let mut file = std::fs::File::open(path).map_err(|e| failed(path, e))?;
    let mut buffer = vec![0; 1 << 18];
    loop {
        let length = file.read(&mut buffer).map_err(|e| failed(path, e))?;
        if length == 0 {
            break;
        }
        let chunk = Bytes::copy_from_slice(buffer.get(..length).unwrap_or_default());
        sink.send(chunk).await.map_err(fault)?;
    }
    let rows = sink.finish().await.map_err(fault)?;
    if rows == table.rows {
        return Ok(());
    }
    Err(Fault::new(format!("{rows} rows arrived where {} were sent", table.rows)))
}
