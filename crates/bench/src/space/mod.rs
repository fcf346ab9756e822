//! `space`: my space, who looked, and certificates at eight thousand persons and at a city's: how long loading takes and how large
//! it becomes, how long each page takes, and what it asks of the database.

mod mould;
mod register;
mod town;
mod visit;

use crate::door::Trouble;
use crate::million::bare::Bare;
use crate::million::plans::{self, Behind};
use crate::million::visit::Measured;
use crate::million::{statements, times};
use crate::place::{Place, Site, durable};
use std::path::Path;
use std::time::Instant;
use town::Town;

/// The smaller number of persons that the larger one is compared with.
const SMALL: usize = 8_000;
/// Persons on SQLite and on PostgreSQL unless told otherwise.
const SQLITE: usize = 800_000;
const POSTGRES: usize = 8_000_000;

/// How large it becomes.
#[derive(clap::Args)]
pub struct Size {
    /// How many persons in the end; 800,000 on SQLite and 8,000,000 on PostgreSQL unless told. A firm for every sixteen, three
    /// certificates for each, a case for every hundred come with them.
    #[arg(long)]
    persons: Option<usize>,
    /// So many gigabytes of disk may be used; persons that do not fit are left out, and it is said.
    #[arg(long, default_value_t = 40)]
    disk: u64,
    /// So many certificates of an old register are taken over at last, through the room's own import; none unless told.
    #[arg(long, default_value_t = 0)]
    register: usize,
}

/// Runs the measurement and prints the tables.
///
/// # Errors
/// Whatever goes wrong; half a table is no result.
pub async fn run(size: &Size, databases: &[String], city: &Path) -> Result<(), Trouble> {
    println!(
        "space: every page at {SMALL} persons and at a city's; 200 requests each, one after another; cold: a fresh process, the\n\
         database's files dropped from the system's page cache (PostgreSQL's own buffers stay).\n"
    );
    for name in databases {
        let place = Place::new(name).await?;
        let measured = measure(&place, city, size).await;
        place.remove().await;
        measured?;
    }
    Ok(())
}

/// What one size came to: times, and the statements behind each request.
type Came = (Vec<Measured>, Vec<Behind>);

async fn measure(place: &Place, city: &Path, size: &Size) -> Result<(), Trouble> {
    let packs = place.beside("city")?;
    town::grow(city, &packs)?;
    let site = place.fresh("space", &packs).await?;
    // Whatever goes wrong, the database goes away: a city takes gigabytes.
    let measured = sizes(place, &site, size).await;
    site.remove().await;
    let [(small, few), (large, many)] = measured?;
    times(&place.name, &small, &large);
    statements(&place.name, &few, &many);
    verdict(&place.name, (&few, &many), &large);
    Ok(())
}

async fn sizes(place: &Place, site: &Site, size: &Size) -> Result<[Came; 2], Trouble> {
    let mut bare = Bare::open(site).await?;
    let mut town = Town::found(site, &mut bare).await?;
    let (count, time) = town.imported;
    println!(
        "{}: {count} certificates of an old register through the room's own import (200 in one commit): {:.1} s",
        place.name,
        time.as_secs_f64()
    );
    bare.settle().await?;
    let before = bare.mebibytes().await?;
    let small = came(place, site, &mut bare, &mut town, SMALL).await?;
    let wanted = size.persons.unwrap_or(if place.name == "sqlite" { SQLITE } else { POSTGRES });
    let each = (bare.mebibytes().await? - before) * (1 << 20) / i64::try_from(SMALL)?;
    let fits = fitting(size.disk, u64::try_from(each.max(1))?)?;
    if wanted > fits {
        println!(
            "{}: {wanted} persons would need about {} GB; {fits} fit into {} GB of disk, so it is these",
            place.name,
            u64::try_from(wanted)? * u64::try_from(each)? / 1_000_000_000,
            size.disk
        );
    }
    let large = came(place, site, &mut bare, &mut town, wanted.min(fits)).await?;
    if size.register > 0 {
        let before = bare.mebibytes().await?;
        let (report, time) = Town::take_over(site, size.register).await?;
        bare.settle().await?;
        println!(
            "{}: an old register beside them: {} rows, {} taken, {} refused and named, in {:.0} s, {:.0} a second, {} MiB",
            place.name,
            report.rows,
            report.taken,
            report.refused,
            time.as_secs_f64(),
            f64::from(u32::try_from(report.rows)?) / time.as_secs_f64(),
            bare.mebibytes().await? - before
        );
    }
    Ok([small, large])
}

/// How many persons of `each` bytes fit: a tenth is left for the database's own log, and a fifth of what is free for everybody else.
fn fitting(gigabytes: u64, each: u64) -> Result<usize, Trouble> {
    let disk = rustix::fs::statvfs(std::env::temp_dir().as_path())?;
    let free = disk.f_bavail.saturating_mul(disk.f_frsize) / 5 * 4;
    let bytes = gigabytes.saturating_mul(1_000_000_000).min(free) / 10 * 9;
    Ok(usize::try_from(bytes / each)? / 1_000 * 1_000)
}

/// Fills the city up, says what that took, and measures.
async fn came(
    place: &Place,
    site: &Site,
    bare: &mut Bare,
    town: &mut Town,
    persons: usize,
) -> Result<Came, Trouble> {
    let (begun, size, rows) = (Instant::now(), bare.mebibytes().await?, town.rows);
    if site.database.is_some() {
        durable(false).await?;
    }
    town.fill(site, bare, persons).await?;
    if site.database.is_some() {
        durable(true).await?;
    }
    let (seconds, now, more) = (begun.elapsed().as_secs_f64(), bare.mebibytes().await?, town.rows - rows);
    let (firms, certificates, cases) = Town::around(persons);
    let rows = u32::try_from(more.max(1))?;
    let grown = f64::from(u32::try_from(now - size)?) * f64::from(1 << 20);
    println!(
        "{}: {persons} persons, {firms} firms, {certificates} certificates, {cases} cases: {now} MiB; {more} rows of {:.0} bytes with \
         their indexes, loaded in {seconds:.0} s, {:.0} a second ({} a person with three certificates)",
        place.name,
        grown / f64::from(rows),
        f64::from(rows) / seconds,
        town.rows_each()
    );
    let (requests, times) = visit::measure(site, town).await?;
    bare.settle().await?;
    Ok((times, plans::look(site, visit::asks(&requests)).await?))
}

/// Says of each request whether it asks as often as with few, how many pages more its dearest statement takes, and whether it is
/// answered in time.
fn verdict(name: &str, (few, many): (&[Behind], &[Behind]), times: &[Measured]) {
    println!("{name}: as many look-ups as with few? pages more; p99 warm");
    for ((few, many), time) in few.iter().zip(many).zip(times) {
        let pairs = || few.costs.iter().zip(&many.costs);
        let same = few.costs.len() == many.costs.len() && pairs().all(|(f, m)| f.lookups == m.lookups);
        let all = |costs: &[plans::Cost]| costs.iter().map(|c| c.pages).sum::<u64>();
        let most = pairs().map(|(f, m)| m.pages.saturating_sub(f.pages)).max().unwrap_or(0);
        let p99 = time.warm.percentile_ms(99);
        println!(
            "  {:<22} {:<4} {} statements, {} → {} pages, {most} more at most in one; {p99:.1} ms{}",
            few.name,
            if same { "yes" } else { "NO" },
            many.costs.len(),
            all(&few.costs),
            all(&many.costs),
            if p99 < 10.0 { "" } else { ", over 10 ms" },
        );
    }
}
