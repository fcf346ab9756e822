//! Backup and restore on SQLite: one read transaction out, one write transaction in.

use super::manifest::{self, Hashed, Table, failed};
use super::text::{self, Kind};
use crate::ToValue;
use crate::sqlite::errors::fault;
use crate::sqlite::link::{self, Link, Mode};
use kernel::Fault;
use rusqlite::Connection;
use std::path::Path;
use std::time::Duration;

const TABLES: &str = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' \
     ORDER BY rowid";

/// Writes all tables as they stand at one moment; writers go on meanwhile.
pub(super) fn write(database: &Path, folder: &Path) -> Result<Vec<Table>, Fault> {
    let mut link = Link::new(database, Mode::Read, Duration::from_secs(10));
    let connection = link.connection()?;
    connection.execute_batch("BEGIN").map_err(fault)?;
    let names: Vec<String> = strings(connection, TABLES)?;
    names.iter().map(|name| table(connection, name, folder)).collect()
}

fn strings(connection: &Connection, sql: &str) -> Result<Vec<String>, Fault> {
    let rows = link::query(connection, sql, &[]).map_err(fault)?;
    rows.into_iter().map(|mut row| row.take(0)).collect()
}

fn table(connection: &Connection, name: &str, folder: &Path) -> Result<Table, Fault> {
    let described = link::query(
        connection,
        "SELECT name, type FROM pragma_table_info($1) ORDER BY cid",
        &[name.to_value()],
    );
    let mut columns = Vec::new();
    for mut row in described.map_err(fault)? {
        columns.push((row.take(0)?, Kind::of(&row.take::<String>(1)?)?));
    }
    let mut table = Table { name: name.to_owned(), columns, rows: 0, sha256: String::new() };
    table.check_names()?;
    let path = folder.join(format!("{name}.copy"));
    let mut out = Hashed::create(&path)?;
    let select = format!("SELECT {} FROM \"{name}\"", table.column_list());
    let mut statement = connection.prepare(&select).map_err(fault)?;
    let mut rows = statement.query([]).map_err(fault)?;
    let mut line = String::new();
    while let Some(row) = rows.next().map_err(fault)? {
        let values = (0..table.columns.len())
            .map(|i| link::value(row.get_ref(i)?, i))
            .collect::<Result<Vec<_>, _>>()
            .map_err(fault)?;
        line.clear();
        text::write(&mut line, &values);
        out.write(line.as_bytes()).map_err(|e| failed(&path, e))?;
    }
    (table.rows, table.sha256) = out.finish()?;
    Ok(table)
}

/// Makes the tables by `steps` and fills them, all in one transaction on a new database file.
pub(super) fn restore(
    database: &Path,
    steps: &[String],
    tables: &[Table],
    folder: &Path,
) -> Result<(), Fault> {
    let mut link = Link::new(database, Mode::Write, Duration::from_secs(10));
    let connection = link.connection()?;
    let transaction = connection.transaction().map_err(fault)?;
    for step in steps {
        transaction.execute_batch(step).map_err(fault)?;
    }
    for table in tables.iter().rev() {
        transaction.execute(&format!("DELETE FROM \"{}\"", table.name), []).map_err(fault)?;
    }
    for table in tables {
        fill(&transaction, table, &folder.join(format!("{}.copy", table.name)))
            .map_err(|f| f.while_doing(format!("restoring {}", table.name)))?;
    }
    transaction.commit().map_err(fault)?;
    connection.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)").map_err(fault)
}

fn fill(connection: &Connection, table: &Table, path: &Path) -> Result<(), Fault> {
    let kinds = table.kinds();
    let places = (1..=kinds.len()).map(|i| format!("${i}")).collect::<Vec<_>>().join(", ");
    let insert = format!("INSERT INTO \"{}\" ({}) VALUES ({places})", table.name, table.column_list());
    for line in manifest::lines(path)? {
        link::execute(connection, &insert, &text::read(&line?, &kinds)?).map_err(fault)?;
    }
    Ok(())
}
