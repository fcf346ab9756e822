//! The nearest hall that can do an item, over the generated network, with queues in every town.

use super::reads::Reads;
use super::town::{Town, said};
use crate::door::Trouble;
use crate::million::bare::Bare;
use crate::place::{Place, Site};
use crate::stats::Tally;
use jiff::SignedDuration;
use kernel::{Timestamp, clock};
use std::fmt::Write as _;
use std::time::Instant;

/// Searches that are not counted: statements are prepared and the cache is warm after them.
const UNCOUNTED: usize = 50;
/// Halls that are asked for.
const FOUND: usize = 10;
const ITEMS: [&str; 4] = ["elderly-allowance", "residence-permit", "medical-insurance", "stock-house"];
/// Services of each town hall and county hall before, and people who wait there.
const SERVED: usize = 24;
const WAITING: usize = 6;

/// Loads the network and measures.
///
/// # Errors
/// When anything is refused.
pub async fn measure(place: &Place, site: &Site, town: &Town, searches: usize) -> Result<(), Trouble> {
    let ground = town.ground();
    let begun = Instant::now();
    let imported = hall::import(ground, &hall::generated(), false).await.map_err(said)?;
    let loaded = begun.elapsed().as_secs_f64();
    // Queues are those of the working day.
    queues(site, moment(MOMENTS[0].1)?).await?;
    for (name, at) in MOMENTS {
        let now = moment(at)?;
        let (ours, statements) = search(town, searches, now).await?;
        let asked: usize = statements.iter().map(Vec::len).sum();
        let floor = Reads::replay(site, &statements).await?;
        println!(
            "\n{:<9} {name}: the nearest {FOUND} of {} halls (imported in {loaded:.1} s), {searches} places, {:.1} statements each: p50 {:.2} ms, \
             p99 {:.2} ms; the same statements bare: p50 {:.2} ms, p99 {:.2} ms",
            place.name,
            imported.halls,
            f64::from(u32::try_from(asked)?) / f64::from(u32::try_from(searches.max(1))?),
            ours.percentile_ms(50),
            ours.percentile_ms(99),
            floor.percentile_ms(50),
            floor.percentile_ms(99)
        );
    }
    Ok(())
}

/// Moments: nearly all halls are open, a few, and none.
const MOMENTS: [(&str, &str); 3] = [
    ("Tuesday 10:00", "2026-11-24T02:00:00Z"),
    ("Saturday 10:00 (28 are open)", "2026-11-28T02:00:00Z"),
    ("Sunday 10:00 (all are shut)", "2026-11-29T02:00:00Z"),
];

fn moment(text: &str) -> Result<Timestamp, Trouble> {
    text.parse().map_err(|e| format!("{text}: {e}").into())
}

/// Looks from many places, always the same; the times, and what was asked each time.
async fn search(
    town: &Town,
    searches: usize,
    now: Timestamp,
) -> Result<(Tally, Vec<Vec<super::reads::Read>>), Trouble> {
    let (ground, terms) = (town.ground(), hall::Settings::default());
    let calendar = town.wired.house.calendar.as_ref();
    let mut spots = Spots(0x2545_F491_4F6C_DD1D);
    let (mut times, mut statements) = (Vec::with_capacity(searches), Vec::with_capacity(searches));
    let started = Instant::now();
    for nth in 0..UNCOUNTED + searches {
        let (at, item) = (spots.next(), ITEMS.get(nth % ITEMS.len()).copied().unwrap_or_default());
        let with = hall::model::Equipped::default();
        let wanted = hall::Wanted { item, at, count: FOUND, within_km: terms.near_km, with };
        town.reads.begin();
        let begun = Instant::now();
        let found = hall::nearest(&ground.store, calendar, &terms, &wanted, now).await.map_err(said)?;
        let micros = u64::try_from(begun.elapsed().as_micros()).unwrap_or(u64::MAX);
        let reads = town.reads.end();
        if found.len() < FOUND {
            return Err(format!("{} halls near {at:?} for {item}", found.len()).into());
        }
        if nth >= UNCOUNTED {
            times.push(micros);
            statements.push(reads);
        }
    }
    Ok((Tally::new(times, started.elapsed()), statements))
}

/// Places over the rectangle of the generated network, always the same.
struct Spots(u64);

impl Spots {
    fn next(&mut self) -> (i64, i64) {
        let mut part = |width: u64| {
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            i64::try_from(self.0 % width).unwrap_or(0)
        };
        (109_900_000 + part(7_000_000), 20_500_000 + part(4_500_000))
    }
}

/// A clerk at the first window of every hall that gives tickets, services before, and people who wait: as rows, for a day's work of
/// fifteen hundred halls is not what is measured.
async fn queues(site: &Site, now: Timestamp) -> Result<(), Trouble> {
    let bare = Bare::open(site).await?;
    // A queue's day begins at four.
    let day = clock::legal_date(now - SignedDuration::from_hours(4));
    let (now, mut made) = (now.as_microsecond(), 0);
    let mut id = || {
        made += 1;
        format!("00000000-0000-7000-8000-{made:012x}")
    };
    for (level, count) in [("city", 28), ("county", 130), ("town", 1_323)] {
        let mut sql = String::new();
        for n in 0..count {
            let hall = format!("{level}-{n}");
            let _ = writeln!(
                sql,
                "UPDATE hall_window SET clerk = '{}', since = {now} WHERE hall = '{hall}' AND number = '1';",
                id()
            );
            for serial in 1..=SERVED + WAITING {
                let (state, service) = match serial {
                    1..=SERVED => ("ended", (240 + serial * 37 % 300).to_string()),
                    _ => ("waiting", "NULL".to_owned()),
                };
                let _ = writeln!(
                    sql,
                    "INSERT INTO hall_ticket (id, token, hall, day, letter, serial, place, state, priority, sure, overtaken, returned,
                         calls, taken_at, ended_at, service)
                     VALUES ('{}', '{hall}.{serial}', '{hall}', '{day}', 'A', {serial}, {serial}, '{state}', 'ordinary', 1, 0, 0, 0,
                         {now}, {now}, {service});",
                    id()
                );
            }
        }
        bare.run(&format!("BEGIN; {sql} COMMIT;")).await?;
    }
    bare.settle().await
}
