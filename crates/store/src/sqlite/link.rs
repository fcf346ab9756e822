//! One connection to the database file: opened when needed, opened again after the file went away.

use super::errors;
use crate::{Row, Value};
use kernel::Fault;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{CachedStatement, Connection, OpenFlags};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// What a connection is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    Read,
    Write,
}

/// A connection, and which file (device, inode) it was opened on.
pub(crate) struct Link {
    path: PathBuf,
    mode: Mode,
    busy: Duration,
    open: Option<(Connection, (u64, u64))>,
    /// Whether the file may be made: only by the writer, and only until it was there once.
    may_make: bool,
}

impl Link {
    pub fn new(path: &Path, mode: Mode, busy: Duration) -> Self {
        Self { path: path.to_owned(), mode, busy, open: None, may_make: mode == Mode::Write }
    }

    /// The connection; opens the file when it is not open, or when another file lies there now. A file that has gone
    /// must not be written to, although the operating system would allow it: those writes would be lost.
    pub fn connection(&mut self) -> Result<&mut Connection, Fault> {
        let lies_there = identity(&self.path);
        if lies_there.is_none() && !self.may_make {
            self.open = None;
            return Err(self.gone());
        }
        if self.open.as_ref().is_some_and(|(_, opened)| Some(*opened) != lies_there) {
            self.open = None;
        }
        let open = match self.open.take() {
            Some(open) => open,
            None => {
                let connection = self.connect()?;
                let identity = identity(&self.path).ok_or_else(|| self.gone())?;
                self.may_make = false;
                (connection, identity)
            }
        };
        Ok(&mut self.open.insert(open).0)
    }

    /// Runs `work` and names what went wrong; after errors that spoil a connection the next use opens a new one.
    pub fn run<T>(&mut self, work: impl FnOnce(&mut Connection) -> rusqlite::Result<T>) -> Result<T, Fault> {
        work(self.connection()?).map_err(|error| {
            self.after(&error);
            errors::fault(error)
        })
    }

    /// Forgets the connection when `error` means that it may be spoilt.
    pub fn after(&mut self, error: &rusqlite::Error) {
        if errors::spoils(error) {
            self.open = None;
        }
    }

    fn gone(&self) -> Fault {
        Fault::new(format!("the database file {} is not there", self.path.display())).transient()
    }

    fn connect(&self) -> Result<Connection, Fault> {
        let make = if self.may_make { OpenFlags::SQLITE_OPEN_CREATE } else { OpenFlags::empty() };
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX | make;
        let open = || -> rusqlite::Result<Connection> {
            let connection = Connection::open_with_flags(&self.path, flags)?;
            connection.busy_timeout(self.busy)?;
            connection.set_prepared_statement_cache_capacity(512);
            connection.execute_batch(PRAGMAS)?;
            if self.mode == Mode::Read {
                connection.execute_batch("PRAGMA query_only = ON")?;
            }
            Ok(connection)
        };
        open().map_err(|e| errors::fault(e).while_doing(format!("opening {}", self.path.display())))
    }
}

const PRAGMAS: &str = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; \
     PRAGMA wal_autocheckpoint = 4000; PRAGMA journal_size_limit = 67108864; PRAGMA temp_store = MEMORY;";

fn identity(path: &Path) -> Option<(u64, u64)> {
    std::fs::metadata(path).ok().map(|m| (m.dev(), m.ino()))
}

impl rusqlite::ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Value::Null => ValueRef::Null,
            Value::Int(n) => ValueRef::Integer(*n),
            Value::Text(text) => ValueRef::Text(text.as_bytes()),
            Value::Bytes(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

/// Binds `$1`, `$2`, …: SQLite sees them as names, so each is looked up by its name.
pub(crate) fn bind(statement: &mut CachedStatement<'_>, params: &[Value]) -> rusqlite::Result<()> {
    for index in 1..=statement.parameter_count() {
        let number = statement.parameter_name(index).and_then(|name| name.strip_prefix('$')?.parse().ok());
        let given = number.and_then(|n: usize| params.get(n.checked_sub(1)?));
        match given {
            Some(value) => statement.raw_bind_parameter(index, value)?,
            None => return Err(rusqlite::Error::InvalidParameterCount(params.len(), index)),
        }
    }
    Ok(())
}

/// Reads all rows of a SELECT.
pub(crate) fn query(connection: &Connection, sql: &str, params: &[Value]) -> rusqlite::Result<Vec<Row>> {
    let mut statement = connection.prepare_cached(sql)?;
    bind(&mut statement, params)?;
    let columns = statement.column_count();
    let mut rows = statement.raw_query();
    let mut out = Vec::new();
    while let Some(row) = rows.next()? {
        let values = (0..columns).map(|i| value(row.get_ref(i)?, i)).collect::<Result<_, _>>()?;
        out.push(Row(values));
    }
    Ok(out)
}

/// Runs a write; answers how many rows it touched.
pub(crate) fn execute(connection: &Connection, sql: &str, params: &[Value]) -> rusqlite::Result<u64> {
    let mut statement = connection.prepare_cached(sql)?;
    bind(&mut statement, params)?;
    statement.raw_execute().map(|n| u64::try_from(n).unwrap_or(u64::MAX))
}

/// Whether a SELECT finds exactly `wanted` rows; reads no further than needed.
pub(crate) fn count(
    connection: &Connection,
    sql: &str,
    params: &[Value],
    wanted: u64,
) -> rusqlite::Result<u64> {
    let mut statement = connection.prepare_cached(sql)?;
    bind(&mut statement, params)?;
    let mut rows = statement.raw_query();
    let mut found = 0;
    while found <= wanted && rows.next()?.is_some() {
        found += 1;
    }
    Ok(found)
}

pub(crate) fn value(column: ValueRef<'_>, index: usize) -> rusqlite::Result<Value> {
    Ok(match column {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(n) => Value::Int(n),
        ValueRef::Text(bytes) => Value::Text(String::from_utf8_lossy(bytes).into_owned()),
        ValueRef::Blob(bytes) => Value::Bytes(bytes.to_vec()),
        ValueRef::Real(_) => {
            return Err(rusqlite::Error::InvalidColumnType(
                index,
                "a column".to_owned(),
                rusqlite::types::Type::Real,
            ));
        }
    })
}
