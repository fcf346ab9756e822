//! What a request asks of the database, and what that costs there: plans, index look-ups, pages.

use crate::door::{Ask, Door as _, Trouble};
use crate::floor;
use crate::place::Site;
use crate::record::Recorder;
use rusqlite::StatementStatus;
use serde_json::Value as Json;
use std::collections::BTreeSet;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use store::Value;
use tokio_postgres::types::Type;

/// A statement that was read with.
#[derive(Debug, Clone)]
pub struct Read {
    /// The SQL.
    pub sql: String,
    /// The parameters.
    pub params: Vec<Value>,
}

/// What a statement costs.
#[derive(Debug, Clone, Default)]
pub struct Cost {
    /// The statement's beginning.
    pub label: String,
    /// How it is found, one word per step: index names, or what is scanned.
    pub plan: Vec<String>,
    /// Rows that came.
    pub rows: u64,
    /// PostgreSQL: index look-ups. SQLite: steps of its machine.
    pub lookups: u64,
    /// Pages touched: on PostgreSQL every touch, on SQLite each page once.
    pub pages: u64,
    /// SQLite: how deep each tree is.
    pub depths: Vec<(String, u32)>,
}

/// The statements of one kind of request, each with what it costs.
pub struct Behind {
    /// What the request is called.
    pub name: &'static str,
    /// Its statements, in order.
    pub costs: Vec<Cost>,
    /// How many writes it commits.
    pub writes: usize,
}

/// Sends each request twice to the program in this process, the first time so that everything is as it is later on, and looks up
/// what the statements of the second one cost.
///
/// # Errors
/// When a request or a statement fails.
pub async fn look(site: &Site, asks: Vec<(&'static str, [Ask; 2])>) -> Result<Vec<Behind>, Trouble> {
    let mut recorder = Recorder::open(site).await?;
    let seen: Arc<Mutex<Vec<Read>>> = Arc::default();
    let sink = seen.clone();
    recorder.wired.house.ground.store.observe_reads(Box::new(move |sql: &str, params: &[Value]| {
        let read = Read { sql: sql.to_owned(), params: params.to_vec() };
        sink.lock().unwrap_or_else(PoisonError::into_inner).push(read);
    }));
    let take = || std::mem::take(&mut *seen.lock().unwrap_or_else(PoisonError::into_inner));
    let mut found = Vec::new();
    for (name, [first, second]) in asks {
        insist(&mut recorder, first).await?;
        take();
        recorder.take();
        insist(&mut recorder, second).await?;
        found.push((name, take(), recorder.take().iter().map(Vec::len).sum::<usize>()));
    }
    drop(recorder);
    let mut behind = Vec::new();
    for (name, reads, writes) in found {
        let mut costs = Vec::with_capacity(reads.len());
        for read in reads {
            costs.push(match site.url() {
                None => sqlite(&site.file(), &read)?,
                Some(url) => postgres(&url, &read).await?,
            });
        }
        behind.push(Behind { name, costs, writes });
    }
    Ok(behind)
}

async fn insist(recorder: &mut Recorder, ask: Ask) -> Result<(), Trouble> {
    let path = ask.path().to_owned();
    let reply = recorder.door.ask(ask).await?;
    if reply.status.is_success() { Ok(()) } else { Err(format!("{path}: {}", reply.status).into()) }
}

fn label(sql: &str) -> String {
    let words: Vec<&str> = sql.split_whitespace().collect();
    let after = |word: &str| {
        let at = words.iter().position(|w| w.eq_ignore_ascii_case(word))?;
        words.get(at + 1).map(|w| w.trim_matches(|c: char| !c.is_alphanumeric() && c != '_'))
    };
    let joined = words.iter().filter(|w| w.eq_ignore_ascii_case("JOIN")).count();
    let more = if joined > 0 { format!(" +{joined}") } else { String::new() };
    format!("{}{more}", after("FROM").unwrap_or_default())
}

fn sqlite(file: &Path, read: &Read) -> Result<Cost, Trouble> {
    let open = || rusqlite::Connection::open_with_flags(file, rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY);
    let db = open()?;
    let mut cost = Cost { label: label(&read.sql), ..Cost::default() };
    let mut prepared = db.prepare(&format!("EXPLAIN QUERY PLAN {}", read.sql))?;
    floor::bind(&mut prepared, &read.params)?;
    let mut details: Vec<String> = Vec::new();
    let mut rows = prepared.raw_query();
    while let Some(row) = rows.next()? {
        details.push(row.get(3)?);
    }
    drop(rows);
    let mut trees = BTreeSet::new();
    for detail in details {
        match detail.split("INDEX ").nth(1).and_then(|rest| rest.split(' ').next()) {
            Some(index) if !detail.starts_with("SCAN") && !detail.starts_with("MULTI-INDEX") => {
                let table: String =
                    db.query_row("SELECT tbl_name FROM sqlite_master WHERE name = ?1", [index], |row| {
                        row.get(0)
                    })?;
                cost.plan.push(index.replace("sqlite_autoindex_", "key "));
                trees.insert(index.to_owned());
                if !detail.contains("COVERING") {
                    trees.insert(table);
                }
            }
            _ => cost.plan.push(detail),
        }
    }
    for tree in trees {
        let root: i64 =
            db.query_row("SELECT rootpage FROM sqlite_master WHERE name = ?1", [&tree], |row| row.get(0))?;
        let depth = depth(file, u64::try_from(root)?)?;
        cost.depths.push((tree.replace("sqlite_autoindex_", "key "), depth));
    }
    // A connection of its own with nothing in its cache: each page is read from the file once.
    let db = open()?;
    db.execute_batch("PRAGMA mmap_size=0; PRAGMA cache_size=-200000")?;
    let page: u64 = db.query_row("PRAGMA page_size", [], |row| row.get::<_, i64>(0))?.try_into()?;
    let mut prepared = db.prepare(&read.sql)?;
    floor::bind(&mut prepared, &read.params)?;
    let before = bytes_read()?;
    let mut rows = prepared.raw_query();
    while rows.next()?.is_some() {
        cost.rows += 1;
    }
    drop(rows);
    cost.pages = (bytes_read()? - before) / page;
    cost.lookups = u64::try_from(prepared.get_status(StatementStatus::VmStep))?;
    Ok(cost)
}

/// Bytes that this thread has read with system calls.
fn bytes_read() -> Result<u64, Trouble> {
    let text = std::fs::read_to_string("/proc/thread-self/io")?;
    let line = text.lines().find_map(|line| line.strip_prefix("rchar: ")).ok_or("no count of bytes read")?;
    Ok(line.trim().parse()?)
}

/// How many pages lie between the root of a tree and its leaves, both included.
fn depth(file: &Path, root: u64) -> Result<u32, Trouble> {
    let mut file = std::fs::File::open(file)?;
    let mut head = [0u8; 18];
    file.read_exact(&mut head)?;
    let size = match u16::from_be_bytes([head[16], head[17]]) {
        1 => 65_536,
        size => u64::from(size),
    };
    let (mut page, mut depth) = (root, 1);
    loop {
        let start = (page - 1) * size;
        let header = if page == 1 { start + 100 } else { start };
        let mut bytes = [0u8; 14];
        file.seek(SeekFrom::Start(header))?;
        file.read_exact(&mut bytes)?;
        if !matches!(bytes[0], 2 | 5) {
            return Ok(depth);
        }
        let cells = u16::from_be_bytes([bytes[3], bytes[4]]);
        let mut child = [bytes[8], bytes[9], bytes[10], bytes[11]];
        if cells > 0 {
            file.seek(SeekFrom::Start(start + u64::from(u16::from_be_bytes([bytes[12], bytes[13]]))))?;
            file.read_exact(&mut child)?;
        }
        page = u64::from(u32::from_be_bytes(child));
        depth += 1;
    }
}

async fn postgres(url: &str, read: &Read) -> Result<Cost, Trouble> {
    let (client, driver) = tokio_postgres::connect(url, tokio_postgres::NoTls).await?;
    tokio::spawn(driver);
    let sql = format!("EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {}", read.sql);
    let params: Vec<_> = read.params.iter().map(floor::boxed).collect();
    let refs: Vec<&(dyn tokio_postgres::types::ToSql + Sync)> = params.iter().map(|p| &**p as _).collect();
    // As the store asks: with the types of what it sends, so that the database guesses none of them narrower.
    let types: Vec<Type> = read.params.iter().map(typed).collect();
    let wrong = |e: tokio_postgres::Error| format!("{sql}: {e:?}");
    let prepared = client.prepare_typed(&sql, &types).await.map_err(wrong)?;
    let row = client.query_one(&prepared, &refs).await.map_err(wrong)?;
    let explained: Json = row.get(0);
    let plan = &explained[0]["Plan"];
    let mut cost = Cost { label: label(&read.sql), ..Cost::default() };
    cost.pages = number(plan, "Shared Hit Blocks") + number(plan, "Shared Read Blocks");
    cost.rows = number(plan, "Actual Rows");
    walk(plan, &mut cost);
    Ok(cost)
}

fn typed(value: &Value) -> Type {
    match value {
        Value::Int(_) => Type::INT8,
        Value::Text(_) => Type::TEXT,
        Value::Bytes(_) => Type::BYTEA,
        Value::Null => Type::UNKNOWN,
    }
}

fn number(node: &Json, key: &str) -> u64 {
    // Some servers write counts with decimals.
    let value = &node[key];
    value.as_u64().or_else(|| value.as_f64().map(|n| n as u64)).unwrap_or(0)
}

fn walk(node: &Json, cost: &mut Cost) {
    let kind = node["Node Type"].as_str().unwrap_or_default();
    if let Some(index) = node["Index Name"].as_str() {
        cost.lookups += number(node, "Actual Loops");
        cost.plan.push(index.to_owned());
    } else if kind == "Seq Scan" {
        cost.plan.push(format!("SCAN {}", node["Relation Name"].as_str().unwrap_or_default()));
    } else if kind == "Sort" {
        cost.plan.push("SORT".to_owned());
    }
    for below in node["Plans"].as_array().into_iter().flatten() {
        walk(below, cost);
    }
}
