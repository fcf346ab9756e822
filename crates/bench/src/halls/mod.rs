//! `hall`: clerks of many halls take, call, serve and end tickets at once; screens follow them; the nearest hall is looked for.

mod near;
mod queue;
mod reads;
mod screens;
mod town;

use crate::door::Trouble;
use crate::place::{Place, Site};
use crate::record;
use crate::stats::{Tally, cpu_seconds};
use crate::table::{self, Side};
use reads::Reads;
use std::path::Path;
use std::time::Duration;
use town::Town;

/// How much is measured.
#[derive(clap::Args)]
pub struct Size {
    /// Halls.
    #[arg(long, default_value_t = 40)]
    halls: usize,
    /// Windows of each, with a clerk at every one.
    #[arg(long, default_value_t = 10)]
    windows: usize,
    /// Seconds for each figure.
    #[arg(long, default_value_t = 10)]
    seconds: u64,
    /// Calling screens that are watched, over sockets of their own.
    #[arg(long, default_value_t = 2_000)]
    viewers: usize,
    /// Tickets whose writes are recorded for the floor.
    #[arg(long, default_value_t = 4_000)]
    recorded: usize,
    /// Searches for the nearest hall.
    #[arg(long, default_value_t = 1_000)]
    searches: usize,
}

/// Callers of the floor: more would wait for each other at the one writer, or for a connection.
const FLOOR_CALLERS: usize = 32;

/// Runs the measurement and prints its tables.
///
/// # Errors
/// Whatever goes wrong; half a table is no result.
pub async fn run(size: &Size, databases: &[String]) -> Result<(), Trouble> {
    // Four hundred clerks sign in, and what is measured is not their passwords.
    identity::configure(identity::Settings::cheap());
    println!(
        "hall: {} halls with {} windows each, a clerk at every window who does nothing else; {} s a figure; durable commits.",
        size.halls, size.windows, size.seconds
    );
    for name in databases {
        let place = Place::new(name).await?;
        let measured = measure(&place, size).await;
        place.remove().await;
        measured?;
    }
    Ok(())
}

async fn measure(place: &Place, size: &Size) -> Result<(), Trouble> {
    let site = place.fresh("halls", Path::new("packs")).await?;
    let town = Town::open(&site, size.halls, size.windows).await?;
    let time = Duration::from_secs(size.seconds);
    let before = cpu_seconds(std::process::id())?;
    let ours = queue::work(&town, time).await?;
    let cpu = cpu_seconds(std::process::id())? - before;
    let floor = bare(place, size, time).await?;
    println!(
        "\nTickets from the taking to the outcome (4 commits); the floor is their recorded writes, {FLOOR_CALLERS} at once:"
    );
    table::head("tickets");
    table::line(&place.name, size.halls * size.windows, &Side { tally: ours.whole.clone(), cpu }, &floor);
    println!(
        "{:<9} a call: {}   a taking: {}   told that it is busy: {}",
        place.name,
        times(&ours.calls),
        times(&ours.takes),
        ours.busy
    );
    screens_of(place, &site, &town, size).await?;
    near::measure(place, &site, &town, size.searches).await?;
    drop(town);
    site.remove().await;
    Ok(())
}

fn times(tally: &Tally) -> String {
    format!(
        "{:.0}/s, p50 {:.2} ms, p99 {:.2} ms",
        tally.rate(),
        tally.percentile_ms(50),
        tally.percentile_ms(99)
    )
}

/// The writes of tickets in a town of the same size, laid on a fresh database with nothing but them.
async fn bare(place: &Place, size: &Size, time: Duration) -> Result<Side, Trouble> {
    let site = place.fresh("recording", Path::new("packs")).await?;
    let (before, work) = queue::recorded(&site, size.halls, size.windows, size.recorded).await?;
    site.remove().await;
    let site = place.fresh("floor", Path::new("packs")).await?;
    let begun = cpu_seconds(std::process::id())?;
    let tally = record::bare(&site, vec![before], work, FLOOR_CALLERS, time).await?;
    let side = Side { tally, cpu: cpu_seconds(std::process::id())? - begun };
    site.remove().await;
    Ok(side)
}

async fn screens_of(place: &Place, site: &Site, town: &Town, size: &Size) -> Result<(), Trouble> {
    let shown = screens::watch(town, size.viewers, Duration::from_secs(size.seconds)).await?;
    let state = town.screen_reads().await?;
    let floor = Reads::replay(site, &vec![state; 200]).await?;
    println!(
        "\n{:<9} {} screens over sockets, {} calls, {} pictures: from asking for the call to the screen p50 {:.0} ms, p99 {:.0} ms; \
         missed at the end: {}; processor {:.2} s of {:.1} s",
        place.name,
        size.viewers,
        shown.calls,
        shown.late.count,
        shown.late.percentile_ms(50),
        shown.late.percentile_ms(99),
        shown.missed,
        shown.cpu,
        shown.late.time.as_secs_f64()
    );
    println!(
        "{:<9} the floor: the statements of one state of a screen, bare: p50 {:.2} ms, p99 {:.2} ms",
        place.name,
        floor.percentile_ms(50),
        floor.percentile_ms(99)
    );
    Ok(())
}
