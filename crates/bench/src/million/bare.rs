//! The database without the program: which tables there are, what stands in them, and rows in bulk.

use crate::door::Trouble;
use crate::floor;
use crate::place::Site;
use futures::SinkExt as _;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::pin::pin;
use store::Value;

/// A table.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// Its columns, in order.
    pub columns: Vec<String>,
    /// What must differ between any two rows: columns by place.
    pub uniques: Vec<Vec<usize>>,
}

/// A row, and in which table.
pub type Row = (usize, Vec<Value>);

/// The open database.
pub enum Bare {
    /// SQLite's file.
    Sqlite(rusqlite::Connection),
    /// A connection to PostgreSQL.
    Postgres(tokio_postgres::Client),
}

impl Bare {
    /// Opens it for loading: without foreign keys, and without waiting for the disk.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub async fn open(site: &Site) -> Result<Self, Trouble> {
        let Some(url) = site.url() else {
            let db = rusqlite::Connection::open(site.file())?;
            db.execute_batch(
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; PRAGMA foreign_keys=OFF; PRAGMA cache_size=-300000;
                 PRAGMA wal_autocheckpoint=100000",
            )?;
            db.set_prepared_statement_cache_capacity(128);
            return Ok(Self::Sqlite(db));
        };
        let (client, driver) = tokio_postgres::connect(&url, tokio_postgres::NoTls).await?;
        tokio::spawn(driver);
        client.batch_execute("SET session_replication_role = replica; SET synchronous_commit = off").await?;
        Ok(Self::Postgres(client))
    }

    /// All tables.
    ///
    /// # Errors
    /// When the catalogue cannot be read.
    pub async fn tables(&self) -> Result<Vec<Table>, Trouble> {
        match self {
            Self::Sqlite(db) => sqlite_tables(db),
            Self::Postgres(client) => postgres_tables(client).await,
        }
    }

    /// Every row of a table.
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn rows(&self, table: &Table) -> Result<Vec<Vec<Value>>, Trouble> {
        let sql = format!("SELECT {} FROM {}", table.columns.join(", "), table.name);
        match self {
            Self::Sqlite(db) => {
                let mut prepared = db.prepare(&sql)?;
                let width = table.columns.len();
                let rows = prepared.query_map([], |row| (0..width).map(|i| row.get(i)).collect())?;
                let rows: Vec<Vec<rusqlite::types::Value>> = rows.collect::<Result<_, _>>()?;
                Ok(rows.into_iter().map(|row| row.into_iter().map(read).collect()).collect())
            }
            Self::Postgres(client) => {
                let rows = client.query(&sql, &[]).await?;
                rows.iter().map(|row| (0..row.len()).map(|i| read_pg(row, i)).collect()).collect()
            }
        }
    }

    /// Writes rows in one transaction.
    ///
    /// # Errors
    /// When one of them does not fit.
    pub async fn insert(&mut self, tables: &[Table], rows: &[Row]) -> Result<(), Trouble> {
        match self {
            Self::Sqlite(db) => sqlite_insert(db, tables, rows),
            Self::Postgres(client) => postgres_insert(client, tables, rows).await,
        }
    }

    /// Runs SQL as it stands.
    ///
    /// # Errors
    /// When it fails.
    pub async fn run(&self, sql: &str) -> Result<(), Trouble> {
        match self {
            Self::Sqlite(db) => db.execute_batch(sql)?,
            Self::Postgres(client) => client.batch_execute(sql).await?,
        }
        Ok(())
    }

    /// What the database does by itself in time: SQLite moves its log into the file, PostgreSQL vacuums.
    ///
    /// # Errors
    /// When it fails.
    pub async fn settle(&self) -> Result<(), Trouble> {
        match self {
            Self::Sqlite(db) => Ok(db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?),
            Self::Postgres(client) => {
                client.batch_execute("VACUUM ANALYZE").await?;
                Ok(client.batch_execute("CHECKPOINT").await?)
            }
        }
    }

    /// How large it is, in MiB.
    ///
    /// # Errors
    /// When it cannot be told.
    pub async fn mebibytes(&self) -> Result<i64, Trouble> {
        let bytes: i64 = match self {
            Self::Sqlite(db) => db.query_row(
                "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()",
                [],
                |row| row.get(0),
            )?,
            Self::Postgres(client) => {
                client.query_one("SELECT pg_database_size(current_database())", &[]).await?.get(0)
            }
        };
        Ok(bytes >> 20)
    }
}

fn read(value: rusqlite::types::Value) -> Value {
    match value {
        rusqlite::types::Value::Null => Value::Null,
        rusqlite::types::Value::Integer(n) => Value::Int(n),
        rusqlite::types::Value::Real(n) => Value::Text(n.to_string()),
        rusqlite::types::Value::Text(text) => Value::Text(text),
        rusqlite::types::Value::Blob(bytes) => Value::Bytes(bytes),
    }
}

fn read_pg(row: &tokio_postgres::Row, at: usize) -> Result<Value, Trouble> {
    let column = row.columns().get(at).map(|c| c.type_().name().to_owned()).unwrap_or_default();
    Ok(match column.as_str() {
        "int8" => row.try_get::<_, Option<i64>>(at)?.map_or(Value::Null, Value::Int),
        "text" => row.try_get::<_, Option<String>>(at)?.map_or(Value::Null, Value::Text),
        "bytea" => row.try_get::<_, Option<Vec<u8>>>(at)?.map_or(Value::Null, Value::Bytes),
        other => return Err(format!("a column of type {other}").into()),
    })
}

fn sqlite_tables(db: &rusqlite::Connection) -> Result<Vec<Table>, Trouble> {
    let list = |sql: &str, name: &str| -> Result<Vec<String>, rusqlite::Error> {
        db.prepare(sql)?.query_map([name], |row| row.get(0))?.collect()
    };
    let names = list(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE ?1 ORDER BY name",
        "sqlite%",
    )?;
    let mut tables = Vec::new();
    for name in names {
        let columns = list("SELECT name FROM pragma_table_info(?1) ORDER BY cid", &name)?;
        let place = |column: &String| columns.iter().position(|c| c == column);
        let mut uniques = Vec::new();
        for index in
            list("SELECT name FROM pragma_index_list(?1) WHERE \"unique\" = 1 AND partial = 0", &name)?
        {
            let of = list("SELECT name FROM pragma_index_info(?1)", &index)?;
            uniques.push(of.iter().filter_map(place).collect());
        }
        for key in list("SELECT name FROM pragma_table_info(?1) WHERE pk = 1 AND type = 'INTEGER'", &name)? {
            uniques.push(place(&key).into_iter().collect());
        }
        tables.push(Table { name, columns, uniques });
    }
    Ok(tables)
}

async fn postgres_tables(client: &tokio_postgres::Client) -> Result<Vec<Table>, Trouble> {
    let columns = client
        .query(
            "SELECT table_name::text, column_name::text FROM information_schema.columns WHERE table_schema = 'public'
             ORDER BY table_name, ordinal_position",
            &[],
        )
        .await?;
    let mut tables: BTreeMap<String, Table> = BTreeMap::new();
    for row in columns {
        let (name, column): (String, String) = (row.get(0), row.get(1));
        let new = || Table { name: name.clone(), columns: Vec::new(), uniques: Vec::new() };
        tables.entry(name.clone()).or_insert_with(new).columns.push(column);
    }
    let uniques = client
        .query(
            "SELECT c.relname::text, array_agg(a.attname::text) FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
             JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (i.indkey)
             WHERE i.indisunique AND i.indpred IS NULL AND c.relnamespace = 'public'::regnamespace
             GROUP BY c.relname, i.indexrelid",
            &[],
        )
        .await?;
    for row in uniques {
        let (name, of): (String, Vec<String>) = (row.get(0), row.get(1));
        if let Some(table) = tables.get_mut(&name) {
            let places =
                of.iter().filter_map(|c| table.columns.iter().position(|known| known == c)).collect();
            table.uniques.push(places);
        }
    }
    Ok(tables.into_values().collect())
}

fn sqlite_insert(db: &mut rusqlite::Connection, tables: &[Table], rows: &[Row]) -> Result<(), Trouble> {
    let transaction = db.transaction()?;
    let sql: Vec<String> = tables
        .iter()
        .map(|t| {
            let marks = vec!["?"; t.columns.len()].join(", ");
            format!("INSERT INTO {} ({}) VALUES ({marks})", t.name, t.columns.join(", "))
        })
        .collect();
    for (table, row) in rows {
        let mut prepared = transaction.prepare_cached(sql.get(*table).ok_or("no such table")?)?;
        let said =
            |e: rusqlite::Error| format!("{}: {e}: {row:?}", tables.get(*table).map_or("", |t| &t.name));
        prepared.execute(rusqlite::params_from_iter(row.iter().map(floor::bare))).map_err(said)?;
    }
    Ok(transaction.commit()?)
}

async fn postgres_insert(
    client: &mut tokio_postgres::Client,
    tables: &[Table],
    rows: &[Row],
) -> Result<(), Trouble> {
    let mut texts: BTreeMap<usize, String> = BTreeMap::new();
    for (table, row) in rows {
        let text = texts.entry(*table).or_default();
        for (at, value) in row.iter().enumerate() {
            if at > 0 {
                text.push('\t');
            }
            copy_text(text, value);
        }
        text.push('\n');
    }
    let transaction = client.transaction().await?;
    for (table, text) in texts {
        let table = tables.get(table).ok_or("no such table")?;
        let sql = format!("COPY {} ({}) FROM STDIN", table.name, table.columns.join(", "));
        let mut sink = pin!(transaction.copy_in::<_, bytes::Bytes>(&sql).await?);
        sink.send(text.into()).await?;
        sink.close().await?;
    }
    Ok(transaction.commit().await?)
}

fn copy_text(out: &mut String, value: &Value) {
    match value {
        Value::Null => out.push_str("\\N"),
        Value::Int(n) => {
            let _ = write!(out, "{n}");
        }
        Value::Text(text) => {
            for c in text.chars() {
                match c {
                    '\\' => out.push_str("\\\\"),
                    '\t' => out.push_str("\\t"),
                    '\n' => out.push_str("\\n"),
                    '\r' => out.push_str("\\r"),
                    c => out.push(c),
                }
            }
        }
        Value::Bytes(bytes) => {
            out.push_str("\\\\x");
            for byte in bytes {
                let _ = write!(out, "{byte:02x}");
            }
        }
    }
}
