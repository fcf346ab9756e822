//! The requests that are measured: as a browser or a program sends them, warm, cold, and each statement behind them.

use super::city::SAMPLES;
use crate::door::{self, Ask, Door, Pass, Trouble};
use crate::place::Site;
use crate::server::Server;
use crate::stats::Tally;
use std::path::Path;
use std::time::Instant;

/// How often each request is sent warm.
pub const TIMES: usize = 200;

/// How often before anything is counted.
pub const UNCOUNTED: usize = 20;

/// A kind of request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The inbox's first page.
    Inbox,
    /// Its twentieth page.
    Inbox20,
    /// Its first page, of one item only.
    Filtered,
    /// Its first page, of an item of which nothing waits: the whole inbox is looked through.
    Rare,
    /// The first page of the tasks over the API.
    Tasks,
    /// A case as whoever examines it sees it.
    CasePage,
    /// A case over the API.
    Case,
    /// A case as whoever applied sees it.
    Progress,
    /// The head of the progress stream: the case's row alone.
    Row,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Inbox,
        Self::Inbox20,
        Self::Filtered,
        Self::Rare,
        Self::Tasks,
        Self::CasePage,
        Self::Case,
        Self::Progress,
        Self::Row,
    ];

    /// What it is called.
    pub fn name(self) -> &'static str {
        match self {
            Self::Inbox => "inbox, first page",
            Self::Inbox20 => "inbox, page 20",
            Self::Filtered => "inbox of one item",
            Self::Rare => "inbox, nothing of it",
            Self::Tasks => "GET tasks",
            Self::CasePage => "case page",
            Self::Case => "GET case",
            Self::Progress => "progress page",
            Self::Row => "progress row",
        }
    }
}

/// Who asks, and for what.
pub struct Visitor {
    examiner: Pass,
    program: Pass,
    firm: Pass,
    twentieth: String,
    samples: Vec<String>,
}

impl Visitor {
    /// Signs in and turns to the twentieth page.
    ///
    /// # Errors
    /// When a page is not as expected.
    pub async fn come<D: Door>(door: &mut D, samples: &[String]) -> Result<Self, Trouble> {
        let examiner = door::sign_in_by_form(door, "examiner2").await?;
        let program = door::sign_in(door, "examiner2").await?;
        let firm = door::sign_in_by_form(door, "firm").await?;
        let mut page = "/desk".to_owned();
        for turned in 1..20 {
            let text = good(door, Ask::get(page.clone()).by(&examiner)).await?;
            let next = text.split("after=").nth(1).and_then(|rest| rest.split(['"', '&']).next());
            let next = next.ok_or_else(|| format!("the inbox has no page {}", turned + 1))?;
            page = format!("/desk?after={next}");
        }
        Ok(Self { examiner, program, firm, twentieth: page, samples: samples.to_vec() })
    }

    /// The requests whose statements are looked at. The stream's first look at the row is that of the progress page as well; its rounds
    /// are not waited for.
    pub fn asks(&self) -> Vec<(&'static str, [Ask; 2])> {
        let kinds = Kind::ALL.into_iter().filter(|kind| *kind != Kind::Row);
        kinds.map(|kind| (kind.name(), [self.ask(kind, 11), self.ask(kind, 12)])).collect()
    }

    /// The `nth` request of a kind; cases are visited in an order that jumps about.
    pub fn ask(&self, kind: Kind, nth: usize) -> Ask {
        let case =
            self.samples.get(nth * 397 % SAMPLES.min(self.samples.len().max(1))).map_or("", String::as_str);
        match kind {
            Kind::Inbox => Ask::get("/desk").by(&self.examiner),
            Kind::Inbox20 => Ask::get(&self.twentieth).by(&self.examiner),
            Kind::Filtered => Ask::get("/desk?item=six-parallel").by(&self.examiner),
            Kind::Rare => Ask::get("/desk?item=six-serial").by(&self.examiner),
            Kind::Tasks => Ask::get("/api/v1/tasks").by(&self.program),
            Kind::CasePage => Ask::get(format!("/desk/cases/{case}")).by(&self.examiner),
            Kind::Case => Ask::get(format!("/api/v1/cases/{case}")).by(&self.program),
            Kind::Progress => Ask::get(format!("/cases/{case}")).by(&self.firm),
            Kind::Row => Ask::get(format!("/cases/{case}/live")).by(&self.firm),
        }
    }
}

/// Asks and insists on a good answer.
///
/// # Errors
/// When there is none.
pub async fn good<D: Door>(door: &mut D, ask: Ask) -> Result<String, Trouble> {
    let path = ask.path().to_owned();
    let reply = door.ask(ask).await?;
    if reply.status.is_success() {
        return Ok(reply.text());
    }
    Err(format!("{path}: {}: {}", reply.status, reply.text().chars().take(2_000).collect::<String>()).into())
}

/// What a kind of request came to.
pub struct Measured {
    /// What the request is called.
    pub name: &'static str,
    /// Warm.
    pub warm: Tally,
    /// The first one after the pages were dropped, in milliseconds.
    pub cold_ms: f64,
}

/// Measures every kind on a fresh server.
///
/// # Errors
/// When any answer is not a good one.
pub async fn measure(site: &Site, samples: &[String]) -> Result<(Visitor, Vec<Measured>), Trouble> {
    let server = Server::start_still(site).await?;
    let mut caller = server.caller().await?;
    let visitor = Visitor::come(&mut caller, samples).await?;
    let mut warm = Vec::new();
    for kind in Kind::ALL {
        let started = Instant::now();
        let mut micros = Vec::with_capacity(TIMES);
        for nth in 0..UNCOUNTED + TIMES {
            let time = once(&server, &mut caller, &visitor, kind, nth).await?;
            if nth >= UNCOUNTED {
                micros.push(time);
            }
        }
        warm.push((kind, Tally::new(micros, started.elapsed())));
    }
    drop((caller, server));
    let mut all = Vec::new();
    for (nth, (kind, warm)) in (7_000..).zip(warm) {
        evict(site).await?;
        let server = Server::start_still(site).await?;
        let mut caller = server.caller().await?;
        good(&mut caller, Ask::get("/healthz")).await?;
        evict(site).await?;
        let micros = once(&server, &mut caller, &visitor, kind, nth).await?;
        all.push(Measured {
            name: kind.name(),
            warm,
            cold_ms: f64::from(u32::try_from(micros).unwrap_or(u32::MAX)) / 1_000.0,
        });
    }
    Ok((visitor, all))
}

async fn once<D: Door>(
    server: &Server,
    door: &mut D,
    visitor: &Visitor,
    kind: Kind,
    nth: usize,
) -> Result<u64, Trouble> {
    let ask = visitor.ask(kind, nth);
    let micros = |begun: Instant| u64::try_from(begun.elapsed().as_micros()).unwrap_or(u64::MAX);
    if kind == Kind::Row {
        // The stream goes on for minutes: its head is what is waited for, on a connection of its own.
        let caller = server.caller().await?;
        let begun = Instant::now();
        let status = caller.head(ask).await?;
        let time = micros(begun);
        return if status.is_success() {
            Ok(time)
        } else {
            Err(format!("the progress stream: {status}").into())
        };
    }
    let begun = Instant::now();
    good(door, ask).await?;
    Ok(micros(begun))
}

/// Drops the database's files from the system's page cache. What PostgreSQL itself holds stays.
///
/// # Errors
/// When a file cannot be opened.
pub async fn evict(site: &Site) -> Result<(), Trouble> {
    let Some(url) = site.url() else {
        return forget(&site.file());
    };
    let (client, driver) = tokio_postgres::connect(&url, tokio_postgres::NoTls).await?;
    tokio::spawn(driver);
    client.batch_execute("CHECKPOINT").await?;
    let row = client
        .query_one(
            "SELECT current_setting('data_directory') || '/base/' || oid::text FROM pg_database WHERE datname = current_database()",
            &[],
        )
        .await?;
    for entry in std::fs::read_dir(row.get::<_, String>(0))? {
        forget(&entry?.path())?;
    }
    Ok(())
}

fn forget(file: &Path) -> Result<(), Trouble> {
    let file = std::fs::File::open(file)?;
    file.sync_data()?;
    Ok(rustix::fs::fadvise(&file, 0, None, rustix::fs::Advice::DontNeed)?)
}
