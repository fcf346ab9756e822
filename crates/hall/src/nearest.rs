//! The nearest halls that can do an item, by when one could be served there: as few questions to the database for ten halls as for one.

mod search;

use crate::Today;
use crate::elsewhere::{self, Decided};
use crate::model::{Equipped, Hall, HallCode, Letter};
use crate::rules::cells;
use crate::rules::estimate::{self, Wait};
use crate::rules::hours::{Hours, Standing};
use crate::rules::near::{self, Desk, Group, When};
use crate::settings::Settings;
use crate::store::{self as rows, Business, Which, WindowRow};
use crate::verbs::{Queue, day_of};
use ::store::Store;
use catalog::agreement::Agreement;
use jiff::civil::Date;
use kernel::{Calendar, Fault, Outcome, Timestamp, clock};
use std::collections::{HashMap, HashSet};

/// So many that are not open now are told at least, the nearest: one may want to go there another day.
const OTHERS: usize = 3;
/// Found among the nearest, so many open ones are enough: none is looked for further away.
const OPEN_ENOUGH: usize = 4;

/// A hall that was found.
#[derive(Debug, Clone)]
pub struct Near {
    /// The hall.
    pub hall: Hall,
    /// Metres from the place, as the crow flies.
    pub metres: f64,
    /// Whether it is open.
    pub standing: Standing,
    /// What awaits one there: the letter of a ticket and how long one waits with it.
    pub desk: Desk,
    /// When one would be served who goes there now.
    pub when: When,
    /// The agreement under which it is only accepted there, when another place decides it.
    pub elsewhere: Option<Agreement>,
}

/// What is looked for.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    /// The item's key.
    pub item: &'a str,
    /// From where, longitude and latitude in millionths of a degree.
    pub at: (i64, i64),
    /// So many halls at most.
    pub count: usize,
    /// Open ones are looked for so many kilometres around; with 0 the nearest are answered, whether they are open or not.
    pub within_km: i64,
    /// What they must be equipped with.
    pub with: Equipped,
}

impl Wanted<'_> {
    fn metres_to(&self, hall: &Hall) -> f64 {
        cells::metres(self.at, (hall.lon, hall.lat))
    }

    fn within(&self) -> f64 {
        self.within_km as f64 * 1_000.0
    }
}

/// The halls near a place that can do an item, or accept it for the place that decides it: first those where one is served today who goes
/// there now, the soonest first; then those that open later today; then others by the day, the nearest [`OTHERS`] in any case. Nothing
/// farther than `within_km` stands above anything nearer.
///
/// # Errors
/// A fault of the store.
pub async fn nearest(
    store: &Store,
    calendar: &Calendar,
    terms: &Settings,
    wanted: &Wanted<'_>,
    now: Timestamp,
) -> Outcome<Vec<Near>> {
    let decided = elsewhere::decided(store, wanted.item).await?;
    let mut found = Vec::with_capacity(2 * wanted.count);
    for (hall, hours) in around(store, calendar, wanted, decided.as_ref(), now).await? {
        let standing = hours.standing(calendar, now);
        let on = clock::legal_date(now);
        let elsewhere = decided.as_ref().and_then(|there| elsewhere::accepts(&hall, wanted.item, there, on));
        let when = When { group: Group::Later, soonest: None, too_late: false };
        let metres = wanted.metres_to(&hall);
        found.push((Near { hall, metres, standing, desk: Desk::NoTickets, when, elsewhere }, hours));
    }
    desks(store, terms, wanted.item, &mut found, now).await?;
    let by_time = |(mut near, hours): (Near, Hours)| {
        near.when = near::when((&hours, calendar), near.desk, (near.metres, wanted.within()), now);
        near
    };
    Ok(chosen(found.into_iter().map(by_time).collect(), wanted))
}

/// Those that are told, in their order.
fn chosen(mut all: Vec<Near>, wanted: &Wanted<'_>) -> Vec<Near> {
    let far = |near: &Near| near.metres > wanted.within();
    let order = |a: &Near, b: &Near| {
        let key = |near: &Near| (near.when.group, far(near), near.when.soonest.is_none(), near.when.soonest);
        key(a).cmp(&key(b)).then(a.metres.total_cmp(&b.metres))
    };
    all.sort_by(order);
    let open = all.iter().take_while(|near| near.when.group == Group::Now).count();
    let mut others = all.split_off(open);
    others.sort_by(|a, b| a.metres.total_cmp(&b.metres));
    let room = wanted.count.saturating_sub(OTHERS.min(others.len()));
    all.truncate(room.max(1).min(wanted.count));
    others.truncate(wanted.count.saturating_sub(all.len()));
    // By their day where one would go, by distance beyond.
    others.sort_by(|a, b| match (far(a), far(b)) {
        (true, true) => a.metres.total_cmp(&b.metres),
        (a_far, b_far) => a_far.cmp(&b_far).then_with(|| order(a, b)),
    });
    all.extend(others);
    all
}

/// The nearest of those that can do it and of those that accept it for another place; with too few open ones among them, open ones farther
/// away as well.
async fn around(
    store: &Store,
    calendar: &Calendar,
    wanted: &Wanted<'_>,
    decided: Option<&Decided>,
    now: Timestamp,
) -> Outcome<Vec<(Hall, Hours)>> {
    let place = decided.map_or("", |there| there.division.as_str());
    let words = std::iter::once(wanted.item.to_owned()).chain(rows::everything_at(place)).collect();
    let mut which = Which { words, with: wanted.with, hours: None };
    let mut all = search::candidates(store, &which, wanted.at, (wanted.count, None)).await?;
    let mut others = match decided {
        Some(there) => accepting(store, wanted, there, clock::legal_date(now), &all).await?,
        None => Vec::new(),
    };
    all.append(&mut others);
    all.sort_by(|a, b| wanted.metres_to(a).total_cmp(&wanted.metres_to(b)));
    let further = all.split_off(all.len().min(wanted.count));
    let mut found = with_hours(all)?;
    let is_open = |hours: &Hours| matches!(hours.standing(calendar, now), Standing::Open(_));
    let near = |hall: &Hall| wanted.metres_to(hall) <= wanted.within();
    let open = found.iter().filter(|(hall, hours)| near(hall) && is_open(hours)).count();
    if wanted.within_km == 0 || open >= OPEN_ENOUGH.min(wanted.count) {
        return Ok(found);
    }
    let open = rows::all_hours(store).await?.into_iter().map(|(text,)| text);
    let open: Vec<String> = open.filter(|text| Hours::parse(text).is_ok_and(|h| is_open(&h))).collect();
    let mut more: Vec<Hall> = further.into_iter().filter(|hall| near(hall)).collect();
    if !open.is_empty() {
        which.hours = Some(open);
        let limits = (wanted.count, Some(wanted.within()));
        more.extend(search::candidates(store, &which, wanted.at, limits).await?);
    }
    let mut known: HashSet<HallCode> = found.iter().map(|(hall, _)| hall.code.clone()).collect();
    more.retain(|hall| known.insert(hall.code.clone()));
    let more = with_hours(more)?;
    found.extend(more.into_iter().filter(|(_, hours)| is_open(hours)));
    Ok(found)
}

/// Those of other places that accept it, and are not among `known`.
async fn accepting(
    store: &Store,
    wanted: &Wanted<'_>,
    there: &Decided,
    on: Date,
    known: &[Hall],
) -> Outcome<Vec<Hall>> {
    let known: HashSet<&HallCode> = known.iter().map(|hall| &hall.code).collect();
    let mut others = elsewhere::halls(store, wanted.item, there, on).await?;
    others.retain(|hall| !known.contains(&hall.code) && hall.equipment.covers(wanted.with));
    Ok(others)
}

fn with_hours(halls: Vec<Hall>) -> Result<Vec<(Hall, Hours)>, Fault> {
    let parsed = halls.into_iter().map(|hall| {
        let hours = Hours::parse(&hall.hours).map_err(Fault::new)?;
        Ok((hall, hours))
    });
    parsed.collect()
}

/// What awaits one in each of them; how long one waits is worked out where it is open.
async fn desks(
    store: &Store,
    terms: &Settings,
    item: &str,
    found: &mut [(Near, Hours)],
    now: Timestamp,
) -> Outcome<()> {
    let codes: Vec<HallCode> = found.iter().map(|(near, _)| near.hall.code.clone()).collect();
    let letters = rows::businesses_in(store, &codes).await?;
    let windows = rows::windows_of(store, &codes).await?;
    let mut asked: Vec<(HallCode, Letter)> = Vec::new();
    for (near, _) in found.iter_mut() {
        let own = letters.get(&near.hall.code).map_or(&[][..], Vec::as_slice);
        near.desk = match letter_for(own, item) {
            None if own.is_empty() => Desk::NoTickets,
            None => Desk::NoLetter,
            Some(letter) => {
                let windows = windows.get(&near.hall.code).map_or(&[][..], Vec::as_slice);
                let open = |w: &&WindowRow| w.open && w.letters.has(letter);
                match windows.iter().find(open) {
                    None => Desk::WindowShut(letter),
                    Some(_) => Desk::Queue(letter, Wait::NoWindow),
                }
            }
        };
        let staffed =
            |all: &Vec<WindowRow>, letter| all.iter().any(|w| w.clerk.is_some() && w.open && w.takes(letter));
        if let Desk::Queue(letter, _) = near.desk
            && matches!(near.standing, Standing::Open(_))
            && windows.get(&near.hall.code).is_some_and(|all| staffed(all, letter))
        {
            asked.push((near.hall.code.clone(), letter));
        }
    }
    waits(store, terms, found, (&asked, windows), now).await
}

/// The windows of halls.
type Windows = HashMap<HallCode, Vec<WindowRow>>;

/// How long one waits in each hall that is asked about, where somebody is on duty who takes the business.
async fn waits(
    store: &Store,
    terms: &Settings,
    found: &mut [(Near, Hours)],
    (asked, mut windows): (&[(HallCode, Letter)], Windows),
    now: Timestamp,
) -> Outcome<()> {
    let codes: Vec<HallCode> = asked.iter().map(|(code, _)| code.clone()).collect();
    let mut queued = rows::queued_in(store, &codes, &day_of(now)).await?;
    let most = i64::try_from(estimate::SAMPLES_MAX).unwrap_or(i64::MAX);
    let samples = rows::served_in(store, asked, most).await?;
    for (near, _) in found {
        let code = &near.hall.code;
        let Some((_, letter)) = asked.iter().find(|(hall, _)| hall == code) else { continue };
        let queue = Queue { rev: 0, waiting: Vec::new(), windows: windows.remove(code).unwrap_or_default() };
        let (waiting, busy) = queued.remove(code).unwrap_or_default();
        let today = Today::of(code, Queue { waiting, ..queue }, busy, now);
        let samples = samples.get(code).map_or(&[][..], Vec::as_slice);
        near.desk = Desk::Queue(*letter, today.wait_by(&Today::next_for(*letter, false), samples, terms).1);
    }
    Ok(())
}

/// The business that takes an item: one that names it, else one for everything.
pub fn letter_for(letters: &[Business], item: &str) -> Option<Letter> {
    let named = letters.iter().find(|b| b.items.split(' ').any(|i| i == item));
    named.or_else(|| letters.iter().find(|b| b.items == "*")).map(|b| b.letter)
}
