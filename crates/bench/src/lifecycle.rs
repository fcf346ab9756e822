//! `lifecycle`: whole lives over HTTP beside the same writes through the bare driver; and what parallel steps save.

use crate::door::Trouble;
use crate::floor::Work;
use crate::life::{self, Crew};
use crate::place::{Place, Site};
use crate::record::{self, Recorder};
use crate::server::Server;
use crate::stats::{Tally, cpu_seconds};
use crate::table::{self, Side};
use kernel::{Calendar, Timestamp};
use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

const CALLERS: [usize; 3] = [1, 8, 32];

/// Lives whose writes are recorded for the floor at each number of callers.
const RECORDED: [usize; 3] = [60, 150, 300];

/// The item that is lived.
const ITEM: &str = "six-parallel";

/// How many steps are examined side by side.
const EXAMINERS: usize = 6;

/// Runs the measurement and prints the table.
///
/// # Errors
/// Whatever goes wrong; half a table is no result.
pub async fn run(seconds: u64, databases: &[String], city: &Path) -> Result<(), Trouble> {
    let time = Duration::from_secs(seconds);
    println!(
        "lifecycle: file → accept → {EXAMINERS} steps side by side → decide → certificate; {seconds} s a figure; durable commits."
    );
    println!(
        "The floor is the recorded writes of the acts only; ours also reads, and signs and keeps each certificate's PDF.\n"
    );
    saved(city)?;
    table::head("lives");
    for name in databases {
        let place = Place::new(name).await?;
        let measured = measure(&place, city, time).await;
        place.remove().await;
        measured?;
    }
    Ok(())
}

async fn measure(place: &Place, city: &Path, time: Duration) -> Result<(), Trouble> {
    let mut lines = Vec::new();
    let site = place.fresh("server", city).await?;
    for callers in CALLERS {
        lines.push((callers, ours(&site, callers, time).await?));
    }
    site.remove().await;
    let (before, work) = recorded(place, city).await?;
    let mut begun = vec![before];
    let (commits, writes) = size(&work);
    let first = work.first().cloned();
    let portions = record::split(work, &RECORDED);
    for ((callers, ours), work) in lines.into_iter().zip(portions) {
        let site = place.fresh(&format!("floor-{callers}"), city).await?;
        let before = cpu_seconds(std::process::id())?;
        let tally = record::bare(&site, begun.clone(), work, callers, time).await?;
        // The first portion holds the first of all itself.
        begun.truncate(1);
        begun.extend(first.clone());
        let floor = Side { tally, cpu: cpu_seconds(std::process::id())? - before };
        table::line(&place.name, callers, &ours.side, &floor);
        println!(
            "{:<17} |   single act: {:.2} ms p50, {:.2} ms p99; {} sent again; server {:.0} MiB",
            "",
            ours.acts.percentile_ms(50),
            ours.acts.percentile_ms(99),
            ours.again,
            ours.memory
        );
        site.remove().await;
    }
    println!("{:<17} |   a life is {commits} commits with {writes} writes", "");
    Ok(())
}

/// Commits and statements of a life, on average.
fn size(work: &[Work]) -> (usize, usize) {
    let lives = work.len().max(1);
    let commits: usize = work.iter().map(Vec::len).sum();
    let writes: usize = work.iter().flatten().map(Vec::len).sum();
    (commits / lives, writes / lives)
}

/// What the server came to.
struct Ours {
    side: Side,
    acts: Tally,
    again: usize,
    memory: f64,
}

async fn ours(site: &Site, callers: usize, time: Duration) -> Result<Ours, Trouble> {
    let server = Server::start(site).await?;
    let crew = Crew::sign_in(&mut server.caller().await?).await?;
    let before = server.cpu()?;
    let started = Instant::now();
    let until = started + time;
    let mut tasks = tokio::task::JoinSet::new();
    for caller in 0..callers {
        let mut doors = Vec::with_capacity(EXAMINERS);
        for _ in 0..EXAMINERS {
            doors.push(server.caller().await?);
        }
        let crew = crew.clone();
        tasks.spawn(async move {
            let (mut lives, mut acts, mut again) = (Vec::new(), Vec::new(), 0);
            while Instant::now() < until {
                let begun = Instant::now();
                let key = format!("life-{callers}-{caller}-{}", lives.len());
                let life = life::live(&mut doors, &crew, ITEM, &key, &[]).await?;
                lives.push(u64::try_from(begun.elapsed().as_micros()).unwrap_or(u64::MAX));
                acts.extend(life.acts);
                again += life.again;
            }
            Ok::<_, Trouble>((lives, acts, again))
        });
    }
    let (mut lives, mut acts, mut again) = (Vec::new(), Vec::new(), 0);
    while let Some(done) = tasks.join_next().await {
        let (l, a, n) = done??;
        lives.extend(l);
        acts.extend(a);
        again += n;
    }
    let time = started.elapsed();
    let side = Side { tally: Tally::new(lives, time), cpu: server.cpu()? - before };
    Ok(Ours { side, acts: Tally::new(acts, time), again, memory: server.memory()? })
}

/// Lives in this process, one act after another, and keeps what was committed, so that the floor writes the same: what was there
/// before, then one after another.
async fn recorded(place: &Place, city: &Path) -> Result<(Work, Vec<Work>), Trouble> {
    let site = place.fresh("recording", city).await?;
    let recorder = Recorder::open(&site).await?;
    let mut doors = [recorder.door.clone()];
    let crew = Crew::sign_in(&mut doors[0]).await?;
    let before = recorder.take();
    let count: usize = RECORDED.iter().sum();
    let mut work = Vec::with_capacity(count);
    for i in 0..count {
        life::live(&mut doors, &crew, ITEM, &format!("rec-{i}"), &[]).await?;
        work.push(recorder.take());
    }
    drop((recorder, doors));
    site.remove().await;
    Ok((before, work))
}

/// The day on which each item of the city ends when every step takes its whole term, by the official calendar.
fn saved(city: &Path) -> Result<(), Trouble> {
    let pack = catalog::pack::load(city)
        .map_err(|complaints| complaints.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))?;
    let calendar = Calendar::official();
    let filed: Timestamp = "2026-11-23T01:00:00Z".parse()?;
    for (key, how) in [("six-serial", "one after another"), ("six-parallel", "side by side")] {
        let item =
            pack.items.iter().find(|i| i.key == key).ok_or_else(|| format!("the city has no item {key}"))?;
        let six: Vec<_> = item.process.iter().filter(|s| s.id != "intake" && s.id != "decide").collect();
        let mut ends: BTreeMap<&str, (Timestamp, u32)> = BTreeMap::new();
        while ends.len() < six.len() {
            let known = ends.len();
            for step in six.iter().filter(|s| !ends.contains_key(s.id.as_str())).copied().collect::<Vec<_>>()
            {
                let among = step.after.iter().filter(|id| six.iter().any(|s| s.id == **id));
                let before: Option<Vec<_>> = among.map(|id| ends.get(id.as_str()).copied()).collect();
                let (Some(before), Some(term)) = (before, step.term) else { continue };
                let (from, days) = before.into_iter().max().unwrap_or((filed, 0));
                ends.insert(&step.id, (calendar.due(from, term).at, days + term.count));
            }
            if ends.len() == known {
                return Err(format!("the steps of {key} wait for each other, or have no term").into());
            }
        }
        let (at, days) = ends.values().max().copied().unwrap_or((filed, 0));
        let terms: Vec<String> = six.iter().filter_map(|s| s.term.map(|t| t.to_string())).collect();
        println!(
            "{key}: the six steps ({}) {how}: {days} working days; begun 2026-11-23, done by {}",
            terms.join(", "),
            kernel::clock::legal_date(at)
        );
    }
    println!();
    Ok(())
}
