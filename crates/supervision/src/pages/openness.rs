//! `/openness/sealed-looks`: how often persons were not told for a time, by half year, agency and ground. Only half years that have
//! ended are shown: a figure that grows by one would tell whom it is about.

use super::Room;
use crate::plain::Known;
use crate::store::SealCount;
use crate::{WORDS, store as rows};
use axum::extract::State;
use jiff::civil::{Date, date};
use kernel::{AgencyCode, Timestamp, clock};
use page::{Answer, Ctx, Say, Shell, format};

/// So many half years are shown.
const HALVES_MAX: usize = 10;

struct Half {
    title: String,
    lines: Vec<(String, String, String, String)>,
}

#[derive(askama::Template)]
#[template(path = "sealed_counts.html")]
struct CountsPage {
    shell: Shell,
    w: Say,
    halves: Vec<Half>,
    next: String,
}

/// The first day of the half year that `day` lies in.
fn begins(day: Date) -> Date {
    date(day.year(), if day.month() < 7 { 1 } else { 7 }, 1)
}

/// The first day of the half year before.
fn before(first: Date) -> Date {
    if first.month() == 7 { date(first.year(), 1, 1) } else { date(first.year() - 1, 7, 1) }
}

fn after(first: Date) -> Date {
    if first.month() == 1 { date(first.year(), 7, 1) } else { date(first.year() + 1, 1, 1) }
}

fn moment(day: Date) -> Timestamp {
    day.to_zoned(clock::legal_zone()).map_or(Timestamp::MAX, |z| z.timestamp())
}

pub(super) async fn get(State(room): State<Room>, ctx: Ctx) -> Answer {
    let (store, w) = (&room.house.ground.store, WORDS.say(ctx.lang));
    let known = Known::load(store).await?;
    let current = begins(clock::legal_date(ctx.now));
    let mut halves = Vec::new();
    if let Some(first) = rows::first_seal(store).await? {
        let oldest = begins(clock::legal_date(first));
        let mut half = before(current);
        while half >= oldest && halves.len() < HALVES_MAX {
            let counts = rows::seal_counts(store, moment(half), moment(after(half))).await?;
            halves.push(shown(half, &counts, &known, w));
            half = before(half);
        }
    }
    Ok(page::render(&CountsPage {
        shell: Shell::new(&ctx, w.t("counts-title")),
        w,
        halves,
        next: format::date(ctx.lang, after(current)),
    }))
}

fn shown(half: Date, counts: &[SealCount], known: &Known, w: Say) -> Half {
    let key = if half.month() == 1 { "counts-first" } else { "counts-second" };
    let title = w.with(key, &[("year", half.year().to_string())]);
    let line = |c: &SealCount| {
        let agency = AgencyCode::parse(&c.agency).map(|a| known.names().agency(&a, w.lang));
        let ground = w.t(&format!("seal-{}", c.ground)).into_owned();
        (agency.unwrap_or_default(), ground, c.orders.to_string(), c.looks.to_string())
    };
    Half { title, lines: counts.iter().map(line).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_years_follow_each_other() {
        let first = begins(date(2026, 11, 28));
        assert_eq!(
            (first, before(first), after(first)),
            (date(2026, 7, 1), date(2026, 1, 1), date(2027, 1, 1))
        );
        assert_eq!(before(date(2026, 1, 1)), date(2025, 7, 1));
    }
}
