//! `million`: the same pages at ten thousand cases and at a million: how long they take, and what they ask of the database.

pub mod bare;
pub mod city;
pub mod plans;
pub mod stencil;
mod take_out;
pub mod visit;

use crate::door::Trouble;
use crate::place::{Place, Site, durable};
use bare::Bare;
use city::City;
use plans::{Behind, Cost};
use std::collections::BTreeSet;
use std::path::Path;
use std::time::Instant;
use visit::Measured;

/// The smaller number of cases that the larger one is compared with.
const SMALL: usize = 10_000;

/// Runs the measurement and prints the tables.
///
/// # Errors
/// Whatever goes wrong; half a table is no result.
pub async fn run(cases: usize, databases: &[String], city: &Path) -> Result<(), Trouble> {
    println!(
        "million: every page at {SMALL} and at {cases} cases; 200 requests each, one after another; cold: a fresh process, the\n\
         database's files dropped from the system's page cache (PostgreSQL's own buffers stay).\n"
    );
    for name in databases {
        let place = Place::new(name).await?;
        let measured = measure(&place, city, cases).await;
        place.remove().await;
        measured?;
    }
    Ok(())
}

/// What one size came to: times, and the statements behind each request.
type Came = (Vec<Measured>, Vec<Behind>);

async fn measure(place: &Place, city: &Path, cases: usize) -> Result<(), Trouble> {
    let packs = place.beside("city")?;
    city::grow(city, &packs)?;
    let site = place.fresh("million", &packs).await?;
    // Whatever goes wrong, the database goes away: a million cases take gigabytes.
    let measured = sizes(place, &site, cases).await;
    site.remove().await;
    if let [(small, few), (large, many)] = measured?.as_slice() {
        times(&place.name, small, large);
        statements(&place.name, few, many);
    }
    Ok(())
}

async fn sizes(place: &Place, site: &Site, cases: usize) -> Result<Vec<Came>, Trouble> {
    let mut bare = Bare::open(site).await?;
    let mut city = City::found(site, &bare).await?;
    let mut sizes = Vec::new();
    for total in [SMALL, cases] {
        let begun = Instant::now();
        if site.database.is_some() {
            durable(false).await?;
        }
        city.fill(site, &mut bare, total).await?;
        if site.database.is_some() {
            durable(true).await?;
        }
        println!(
            "{}: {total} cases, {} MiB, loaded in {} s",
            place.name,
            bare.mebibytes().await?,
            begun.elapsed().as_secs()
        );
        let (visitor, times) = visit::measure(site, &city.samples).await?;
        bare.settle().await?;
        println!("{}: {}", place.name, take_out::measure(site).await?);
        sizes.push((times, plans::look(site, visitor.asks()).await?));
    }
    Ok(sizes)
}

/// Prints how long each kind of request took at both sizes.
pub fn times(name: &str, small: &[Measured], large: &[Measured]) {
    println!("\n{name:<10} warm ms:     p50 few  p50 many  p99 few  p99 many | cold ms: few   many");
    for (few, many) in small.iter().zip(large) {
        println!(
            "{:<20} {:>10.2} {:>9.2} {:>8.2} {:>9.2} | {:>12.1} {:>6.1}",
            few.name,
            few.warm.percentile_ms(50),
            many.warm.percentile_ms(50),
            few.warm.percentile_ms(99),
            many.warm.percentile_ms(99),
            few.cold_ms,
            many.cold_ms,
        );
    }
}

/// Prints the statements behind each kind of request at both sizes, and what differs.
pub fn statements(name: &str, small: &[Behind], large: &[Behind]) {
    let looks = if name == "sqlite" { "machine steps" } else { "index look-ups" };
    let pages = if name == "sqlite" { "pages (each once)" } else { "pages touched" };
    println!("\n{name}: statements behind each request, few → many: {looks}; {pages}; tree depths");
    let (mut scans, mut more, mut deeper, mut printed) = (Vec::new(), Vec::new(), 0, BTreeSet::new());
    for (few, many) in small.iter().zip(large) {
        println!("{} ({} writes)", few.name, few.writes);
        if few.costs.len() != many.costs.len() {
            println!("  {} statements became {}", few.costs.len(), many.costs.len());
        }
        for (few, many) in few.costs.iter().zip(&many.costs) {
            let line = format!(
                "{:<24} rows {:>3} → {:<3} {looks} {:>5} → {:<6} pages {:>3} → {:<5} {}{}",
                few.label,
                few.rows,
                many.rows,
                few.lookups,
                many.lookups,
                few.pages,
                many.pages,
                depths(few, many),
                many.plan.join(", "),
            );
            // Who asks and what agencies are called is read for every page; it is printed once.
            if printed.insert(line.clone()) {
                println!("  {line}");
            } else {
                println!("  {:<24} as above", few.label);
            }
            scans.extend(
                many.plan.iter().filter(|p| p.contains("SCAN")).map(|p| format!("{}: {p}", many.label)),
            );
            if few.plan != many.plan {
                println!("    few: {}", few.plan.join(", "));
            }
            if few.lookups != many.lookups {
                more.push(format!("{} {} → {}", many.label, few.lookups, many.lookups));
            }
            let grown =
                few.depths.iter().zip(&many.depths).map(|((_, few), (_, many))| many.saturating_sub(*few));
            deeper = deeper.max(grown.max().unwrap_or(0));
        }
    }
    scans.sort();
    scans.dedup();
    more.sort();
    more.dedup();
    println!("{name}: scans: {}", if scans.is_empty() { "none".to_owned() } else { scans.join("; ") });
    println!(
        "{name}: other numbers of {looks}: {}",
        if more.is_empty() { "none".to_owned() } else { more.join("; ") }
    );
    if name == "sqlite" {
        println!("{name}: no tree has become more than {deeper} pages deeper");
    }
    println!();
}

/// The deepest tree of each size.
fn depths(few: &Cost, many: &Cost) -> String {
    let deepest = |cost: &Cost| cost.depths.iter().map(|(_, depth)| *depth).max();
    match (deepest(few), deepest(many)) {
        (Some(few), Some(many)) => format!("depth {few} → {many}; "),
        _ => String::new(),
    }
}
