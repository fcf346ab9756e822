//! `file-case`: filing the charter-bus sticker over HTTP, beside the same writes through the bare driver.

use crate::floor::{self, Commit, Work};
use crate::load::{self, Trouble};
use crate::stats::{Tally, cpu_seconds, resident_mib};
use app::config::Config;
use axum::body::Body;
use axum::http::Request;
use hyper::body::Bytes;
use jiff::ToSpan as _;
use kernel::{Clock as _, SystemClock, clock};
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use store::Statement;
use tower::ServiceExt as _;

const CALLERS: [usize; 3] = [1, 8, 32];

/// Filings whose writes are recorded for the floor at each number of callers; it stops when they are used up.
const RECORDED: [usize; 3] = [300, 900, 1_800];

/// Runs the measurement and prints the table.
///
/// # Errors
/// Whatever goes wrong; half a table is no result.
pub async fn run(seconds: u64, databases: &[String], packs: &Path) -> Result<(), Trouble> {
    let time = Duration::from_secs(seconds);
    println!(
        "file-case: {seconds} s a figure; durable commits; the floor is the recorded writes only, without reads,"
    );
    println!("HTTP, rules, sealing or hashing.\n");
    println!(
        "database  callers |   cases/s   p50 ms   p99 ms  CPU ms/case | floor/s   p50 ms   p99 ms  CPU ms/case | rate  CPU"
    );
    for name in databases {
        let place = Place::new(name).await?;
        let measured = measure(&place, packs, time).await;
        place.remove().await;
        measured?;
    }
    Ok(())
}

/// Where one database under measurement lies.
struct Place {
    name: String,
    folder: tempfile::TempDir,
}

impl Place {
    async fn new(name: &str) -> Result<Self, Trouble> {
        if name == "postgres" {
            durable(true).await?;
        }
        Ok(Self { name: name.to_owned(), folder: tempfile::tempdir()? })
    }

    async fn remove(&self) {
        if self.name == "postgres" {
            let _ = durable(false).await;
        }
    }

    /// A fresh database and data folder.
    async fn fresh(&self, label: &str) -> Result<(PathBuf, Option<harness::postgres::Database>), Trouble> {
        let data = self.folder.path().join(label);
        std::fs::create_dir_all(&data)?;
        let database = match self.name.as_str() {
            "sqlite" => None,
            "postgres" => Some(harness::postgres::Database::empty().await),
            other => return Err(format!("{other}: sqlite or postgres").into()),
        };
        Ok((data, database))
    }
}

/// The private test cluster skips fsync; while we measure it does not.
async fn durable(on: bool) -> Result<(), Trouble> {
    let (client, driver) =
        tokio_postgres::connect(&harness::cluster::admin_url(), tokio_postgres::NoTls).await?;
    tokio::spawn(driver);
    let word = if on { "on" } else { "off" };
    for setting in ["fsync", "full_page_writes", "synchronous_commit"] {
        let value = if setting == "synchronous_commit" { "on" } else { word };
        client.batch_execute(&format!("ALTER SYSTEM SET {setting} = {value}")).await?;
    }
    client.batch_execute("SELECT pg_reload_conf()").await?;
    Ok(())
}

async fn measure(place: &Place, packs: &Path, time: Duration) -> Result<(), Trouble> {
    let mut lines = Vec::new();
    {
        let (data, database) = place.fresh("server").await?;
        let server =
            Server::start(packs, &data, database.as_ref().map(harness::postgres::Database::url)).await?;
        let token = load::sign_in(server.address, "firm").await?;
        let body = server.body(&token).await?;
        for callers in CALLERS {
            let before = cpu_seconds(server.child.id())?;
            let run = format!("bench-{callers}");
            let tally = load::file_cases(server.address, &token, body.clone(), callers, time, &run).await?;
            lines.push((callers, tally, cpu_seconds(server.child.id())? - before));
        }
        println!(
            "{:<9} server memory after the load: {:.0} MiB",
            place.name,
            resident_mib(server.child.id())?
        );
    }
    let work = record(place, packs).await?;
    let chunks = split(work);
    for ((callers, ours, our_cpu), work) in lines.into_iter().zip(chunks) {
        let before = cpu_seconds(std::process::id())?;
        let tally = bare(place, packs, work, callers, time).await?;
        print_line(
            &place.name,
            callers,
            (&ours, our_cpu),
            (&tally, cpu_seconds(std::process::id())? - before),
        );
    }
    Ok(())
}

/// The recorded filings, as many for each number of callers as [`RECORDED`] says.
fn split(work: Vec<Work>) -> Vec<Vec<Work>> {
    let mut rest = work.into_iter();
    RECORDED.iter().map(|count| rest.by_ref().take(*count).collect()).collect()
}

fn print_line(name: &str, callers: usize, (ours, our_cpu): (&Tally, f64), (floor, floor_cpu): (&Tally, f64)) {
    let per = |cpu: f64, tally: &Tally| {
        cpu * 1_000.0 / f64::from(u32::try_from(tally.count.max(1)).unwrap_or(u32::MAX))
    };
    println!(
        "{name:<9} {callers:>7} | {:>9.0} {:>8.2} {:>8.2} {:>12.3} | {:>7.0} {:>8.2} {:>8.2} {:>12.3} | {:>3.0} % {:.1}×",
        ours.rate(),
        ours.percentile_ms(50),
        ours.percentile_ms(99),
        per(our_cpu, ours),
        floor.rate(),
        floor.percentile_ms(50),
        floor.percentile_ms(99),
        per(floor_cpu, floor),
        100.0 * ours.rate() / floor.rate(),
        per(our_cpu, ours) / per(floor_cpu, floor).max(1e-9),
    );
}

/// The server in its own process, so that its processor time can be told apart.
struct Server {
    child: Child,
    address: SocketAddr,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Server {
    async fn start(packs: &Path, data: &Path, database: Option<String>) -> Result<Self, Trouble> {
        let address = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let mut command = Command::new(std::env::current_exe()?);
        command.arg("serve-child").arg("--demo").arg("--data").arg(data).arg("--packs").arg(packs);
        command
            .arg("--listen")
            .arg(address.to_string())
            .env("YIMEN_LOG", "warn")
            .env("YIMEN_DEMO_LATENCY_MS", "0");
        if let Some(url) = database {
            command.arg("--database").arg(url);
        }
        let child = command.stdout(Stdio::null()).spawn()?;
        let server = Self { child, address };
        let until = Instant::now() + Duration::from_secs(60);
        while tokio::net::TcpStream::connect(address).await.is_err() {
            if Instant::now() > until {
                return Err("the server under measurement did not start".into());
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Ok(server)
    }

    /// The filing that is sent again and again; its paper is uploaded once.
    async fn body(&self, token: &str) -> Result<Bytes, Trouble> {
        let mut caller = load::Caller::connect(self.address).await?.with_token(token);
        let (status, answer) = caller.post("/api/v1/files", MULTIPART, multipart(), None).await?;
        let answer: Value = serde_json::from_slice(&answer)?;
        let file = answer["id"].as_str().ok_or_else(|| format!("uploading: {status} {answer}"))?;
        Ok(filing(file).to_string().into())
    }
}

const MULTIPART: &str = "multipart/form-data; boundary=yimen";

fn multipart() -> Bytes {
    const PDF: &str = include_str!("small.pdf");
    format!(
        "--yimen\r\nContent-Disposition: form-data; name=\"file\"; filename=\"contract.pdf\"\r\n\
         Content-Type: application/pdf\r\n\r\n{PDF}\r\n--yimen--\r\n"
    )
    .into()
}

/// A filing that ends as a task of the transport authority.
fn filing(file: &str) -> Value {
    let today = clock::legal_date(SystemClock.now());
    let day = |n: i64| today.checked_add(n.days()).map_or_else(|_| today.to_string(), |d| d.to_string());
    json!({
        "item": "charter-bus-sticker",
        "answers": {
            "from": "320100",
            "to": "341000",
            "via": "马鞍山市、芜湖市、宣城市",
            "starts": day(3),
            "ends": day(5),
            "plate": "苏A90001",
            "driver": "99999919790401051X",
            "contract_no": "JL-2026-1126",
            "contract_file": [{"file": file, "name": "包车合同.pdf"}],
            "promise": true
        }
    })
}

/// Files in this process and keeps what was committed, so that the floor writes the same.
async fn record(place: &Place, packs: &Path) -> Result<Vec<Work>, Trouble> {
    let (data, database) = place.fresh("recording").await?;
    let config = Config {
        data,
        database: database.as_ref().map(harness::postgres::Database::url),
        shared_files: true,
        packs: packs.to_owned(),
        demo: true,
        ..Config::default()
    };
    let wired = app::wiring::wire(&config).await?;
    app::serve::prepare(&config, &wired).await?;
    let seen: Arc<Mutex<Vec<Commit>>> = Arc::default();
    let sink = seen.clone();
    wired.house.ground.store.observe(Box::new(move |commit: &[Statement]| {
        sink.lock().unwrap_or_else(PoisonError::into_inner).push(commit.to_vec());
    }));
    let router = app::wiring::router(&wired);
    let token = post(
        &router,
        "/api/v1/sessions",
        "application/json",
        None,
        None,
        json!({"account": "firm", "password": "yimen-demo"}).to_string().into(),
    )
    .await?;
    let token = token["token"].as_str().ok_or("no token")?.to_owned();
    let file = post(&router, "/api/v1/files", MULTIPART, Some(&token), None, multipart()).await?;
    let body: Bytes = filing(file["id"].as_str().ok_or("no file")?).to_string().into();
    let count: usize = RECORDED.iter().sum();
    let mut work = Vec::with_capacity(count);
    seen.lock().unwrap_or_else(PoisonError::into_inner).clear();
    for i in 0..count {
        post(
            &router,
            "/api/v1/cases",
            "application/json",
            Some(&token),
            Some(&format!("rec-{i}")),
            body.clone(),
        )
        .await?;
        work.push(std::mem::take(&mut *seen.lock().unwrap_or_else(PoisonError::into_inner)));
    }
    Ok(work)
}

async fn post(
    router: &axum::Router,
    path: &str,
    kind: &str,
    token: Option<&str>,
    key: Option<&str>,
    body: Bytes,
) -> Result<Value, Trouble> {
    let mut request = Request::post(path).header("content-type", kind);
    if let Some(token) = token {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    if let Some(key) = key {
        request = request.header("idempotency-key", key);
    }
    let response = router.clone().oneshot(request.body(Body::from(body))?).await?;
    let status = response.status();
    let bytes = axum::body::to_bytes(response.into_body(), 1 << 20).await?;
    if !status.is_success() {
        return Err(format!("{path}: {status} {}", String::from_utf8_lossy(&bytes)).into());
    }
    Ok(serde_json::from_slice(&bytes)?)
}

/// The floor: the recorded writes on a fresh database that was prepared the same way.
async fn bare(
    place: &Place,
    packs: &Path,
    work: Vec<Work>,
    callers: usize,
    time: Duration,
) -> Result<Tally, Trouble> {
    let (data, database) = place.fresh(&format!("floor-{callers}")).await?;
    let config = Config {
        data: data.clone(),
        database: database.as_ref().map(harness::postgres::Database::url),
        shared_files: true,
        packs: packs.to_owned(),
        demo: true,
        ..Config::default()
    };
    {
        let wired = app::wiring::wire(&config).await?;
        app::serve::prepare(&config, &wired).await?;
    }
    match database {
        None => floor::sqlite(&data.join("yimen.db"), work, callers, store::GROUP_MAX, time).await,
        Some(database) => floor::postgres(&database.url(), work, callers, time).await,
    }
}
