//! `file-case`: filing the charter-bus sticker over HTTP, beside the same writes through the bare driver.

use crate::door::{self, Ask, Caller, Door, Pass, Trouble};
use crate::floor::Work;
use crate::place::Place;
use crate::record::{self, Recorder};
use crate::server::{SMALL_PDF, Server};
use crate::stats::{Tally, cpu_seconds};
use crate::table::{self, Side};
use hyper::StatusCode;
use hyper::body::Bytes;
use jiff::ToSpan as _;
use kernel::{Clock as _, SystemClock, clock};
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::path::Path;
use std::time::{Duration, Instant};

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
    table::head("cases");
    for name in databases {
        let place = Place::new(name).await?;
        let measured = measure(&place, packs, time).await;
        place.remove().await;
        measured?;
    }
    Ok(())
}

async fn measure(place: &Place, packs: &Path, time: Duration) -> Result<(), Trouble> {
    let mut lines = Vec::new();
    {
        let site = place.fresh("server", packs).await?;
        let server = Server::start(&site).await?;
        let mut caller = server.caller().await?;
        let pass = door::sign_in(&mut caller, "firm").await?;
        let body = body(&mut caller, &pass).await?;
        for callers in CALLERS {
            let before = server.cpu()?;
            let run = format!("bench-{callers}");
            let tally = file_cases(server.address, &pass, &body, callers, time, &run).await?;
            lines.push((callers, Side { tally, cpu: server.cpu()? - before }));
        }
        println!("{:<9} server memory after the load: {:.0} MiB", place.name, server.memory()?);
        drop(server);
        site.remove().await;
    }
    let (before, work) = recorded(place, packs).await?;
    let mut begun = vec![before];
    let first = work.first().cloned();
    let portions = record::split(work, &RECORDED);
    for ((callers, ours), work) in lines.into_iter().zip(portions) {
        let site = place.fresh(&format!("floor-{callers}"), packs).await?;
        let before = cpu_seconds(std::process::id())?;
        let tally = record::bare(&site, begun.clone(), work, callers, time).await?;
        // The first portion holds the first of all itself.
        begun.truncate(1);
        begun.extend(first.clone());
        let floor = Side { tally, cpu: cpu_seconds(std::process::id())? - before };
        table::line(&place.name, callers, &ours, &floor);
        site.remove().await;
    }
    Ok(())
}

/// Files `body` again and again with `callers` at once for `time`; each with a fresh idempotency key.
async fn file_cases(
    address: SocketAddr,
    pass: &Pass,
    body: &Bytes,
    callers: usize,
    time: Duration,
    run: &str,
) -> Result<Tally, Trouble> {
    let started = Instant::now();
    let until = started + time;
    let mut tasks = tokio::task::JoinSet::new();
    for caller in 0..callers {
        let (pass, body, run) = (pass.clone(), body.clone(), run.to_owned());
        tasks.spawn(async move {
            let mut connection = Caller::connect(address).await?;
            let mut micros = Vec::new();
            while Instant::now() < until {
                let key = format!("{run}-{caller}-{}", micros.len());
                let begun = Instant::now();
                let reply = connection.ask(filing_ask(&body, &pass, &key)).await?;
                micros.push(u64::try_from(begun.elapsed().as_micros()).unwrap_or(u64::MAX));
                if reply.status != StatusCode::CREATED {
                    return Err::<_, Trouble>(format!("{}: {}", reply.status, reply.text()).into());
                }
            }
            Ok(micros)
        });
    }
    let mut all = Vec::new();
    while let Some(done) = tasks.join_next().await {
        all.extend(done??);
    }
    Ok(Tally::new(all, started.elapsed()))
}

fn filing_ask(body: &Bytes, pass: &Pass, key: &str) -> Ask {
    Ask::post("/api/v1/cases", "application/json", body.clone()).by(pass).keyed(key)
}

/// The filing that is sent again and again; its paper is uploaded once.
async fn body<D: Door>(door: &mut D, pass: &Pass) -> Result<Bytes, Trouble> {
    let answer = door.ask(Ask::post("/api/v1/files", MULTIPART, multipart()).by(pass)).await?.json()?;
    let file = answer["id"].as_str().ok_or_else(|| format!("uploading: {answer}"))?;
    Ok(filing(file).to_string().into())
}

const MULTIPART: &str = "multipart/form-data; boundary=yimen";

fn multipart() -> Bytes {
    format!(
        "--yimen\r\nContent-Disposition: form-data; name=\"file\"; filename=\"contract.pdf\"\r\n\
         Content-Type: application/pdf\r\n\r\n{SMALL_PDF}\r\n--yimen--\r\n"
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

/// Files in this process and keeps what was committed, so that the floor writes the same: what was there before, then one after
/// another.
async fn recorded(place: &Place, packs: &Path) -> Result<(Work, Vec<Work>), Trouble> {
    let site = place.fresh("recording", packs).await?;
    let mut recorder = Recorder::open(&site).await?;
    let pass = door::sign_in(&mut recorder.door, "firm").await?;
    let body = body(&mut recorder.door, &pass).await?;
    let before = recorder.take();
    let count: usize = RECORDED.iter().sum();
    let mut work = Vec::with_capacity(count);
    for i in 0..count {
        recorder.door.ask(filing_ask(&body, &pass, &format!("rec-{i}"))).await?.json()?;
        work.push(recorder.take());
    }
    drop(recorder);
    site.remove().await;
    Ok((before, work))
}
