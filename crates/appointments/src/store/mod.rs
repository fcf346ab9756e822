//! All SQL of the room: plans, closures and slots here, appointments beside.

mod book;

pub use book::AppointmentRow;
pub(crate) use book::*;

use crate::model::{Closing, Offer, Place};
use ::store::{Commit, Store, params};
use hall::model::{HallCode, Letter};
use jiff::civil::Date;
use kernel::{Fault, Timestamp, clock};
use std::collections::BTreeMap;

/// A hall's plan: how often it was changed, the share for whoever comes without an appointment, and what was set for its businesses.
#[derive(Debug, Clone, Default)]
pub(crate) struct Plan {
    pub(crate) rev: Option<i64>,
    pub(crate) walk_in: Option<i64>,
    pub(crate) offers: Vec<Offer>,
}

impl Plan {
    /// What was set for a business.
    pub(crate) fn offer(&self, letter: Letter) -> Option<&Offer> {
        self.offers.iter().find(|o| o.letter == letter)
    }
}

pub(crate) async fn plan(store: &Store, hall: &HallCode) -> Result<Plan, Fault> {
    let sql = "SELECT rev, walk_in FROM appointments_hall WHERE hall = $1";
    let row: Option<(i64, Option<i64>)> = store.row(sql, params![hall]).await?;
    let (rev, walk_in) = row.unzip();
    let sql =
        "SELECT letter, offered, persons, windows FROM appointments_business WHERE hall = $1 ORDER BY letter";
    let rows: Vec<(Letter, bool, Option<i64>, Option<i64>)> = store.rows(sql, params![hall]).await?;
    let offers = rows.into_iter().map(|(letter, offered, persons, windows)| Offer {
        letter,
        offered,
        persons,
        windows,
    });
    Ok(Plan { rev, walk_in: walk_in.flatten(), offers: offers.collect() })
}

/// The commit relies on the plan as it was read.
pub(crate) fn rely_on_plan(commit: &mut Commit, hall: &HallCode, rev: Option<i64>) {
    match rev {
        None => commit.exec("INSERT INTO appointments_hall (hall, rev) VALUES ($1, 1)", params![hall]),
        Some(rev) => {
            commit.guard("SELECT 1 FROM appointments_hall WHERE hall = $1 AND rev = $2", params![hall, rev])
        }
    };
}

/// The plan is changed: whoever relied on it decides again.
pub(crate) fn advance_plan(commit: &mut Commit, hall: &HallCode, rev: Option<i64>) {
    match rev {
        None => commit.exec("INSERT INTO appointments_hall (hall, rev) VALUES ($1, 1)", params![hall]),
        Some(rev) => commit.exec(
            "UPDATE appointments_hall SET rev = rev + 1 WHERE hall = $1 AND rev = $2",
            params![hall, rev],
        ),
    };
}

/// Sets the share, after [`advance_plan`].
pub(crate) fn set_share(commit: &mut Commit, hall: &HallCode, walk_in: i64) {
    commit.exec("UPDATE appointments_hall SET walk_in = $2 WHERE hall = $1", params![hall, walk_in]);
}

pub(crate) fn set_offer(commit: &mut Commit, hall: &HallCode, o: &Offer) {
    commit.exec(
        "INSERT INTO appointments_business (hall, letter, offered, persons, windows) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (hall, letter) DO UPDATE SET offered = excluded.offered, persons = excluded.persons, windows = excluded.windows",
        params![hall, o.letter, o.offered, o.persons, o.windows],
    );
}

/// What is closed from a day on, up to another.
pub(crate) async fn closures(
    store: &Store,
    hall: &HallCode,
    (from, to): (Date, Date),
) -> Result<Vec<Closing>, Fault> {
    let sql = "SELECT day, letter, starts_at, why FROM appointments_closure WHERE hall = $1 AND day >= $2 AND day <= $3
         ORDER BY day, starts_at, letter";
    let rows: Vec<(String, String, i64, String)> =
        store.rows(sql, params![hall, from.to_string(), to.to_string()]).await?;
    let closing = |(day, letter, at, why): (String, String, i64, String)| {
        let day: Date = day.parse().map_err(|e| Fault::from("reading a day", e))?;
        let letter =
            Some(letter).filter(|l| !l.is_empty()).map(|l| l.parse().map_err(Fault::new)).transpose()?;
        Ok(Closing { day, letter, starts_at: (at != 0).then(|| clock::from_micros(at)), why })
    };
    rows.into_iter().map(closing).collect()
}

fn key(c: &Closing) -> (String, String, i64) {
    let letter = c.letter.map(|l| l.to_string()).unwrap_or_default();
    (c.day.to_string(), letter, c.starts_at.map_or(0, Timestamp::as_microsecond))
}

pub(crate) fn close(commit: &mut Commit, hall: &HallCode, c: &Closing, now: Timestamp) {
    let (day, letter, at) = key(c);
    commit.exec(
        "INSERT INTO appointments_closure (hall, day, letter, starts_at, why, at) VALUES ($1, $2, $3, $4, $5, $6)",
        params![hall, day, letter, at, c.why, now],
    );
}

pub(crate) fn open(commit: &mut Commit, hall: &HallCode, c: &Closing) {
    let (day, letter, at) = key(c);
    commit.exec(
        "DELETE FROM appointments_closure WHERE hall = $1 AND day = $2 AND letter = $3 AND starts_at = $4",
        params![hall, day, letter, at],
    );
}

/// How many places of each slot of a business are taken, of those that begin from one moment on and before another.
pub(crate) async fn taken(
    store: &Store,
    hall: &HallCode,
    letter: Letter,
    (from, before): (Timestamp, Timestamp),
) -> Result<BTreeMap<Timestamp, i64>, Fault> {
    let sql = "SELECT starts_at, taken FROM appointments_slot
         WHERE hall = $1 AND letter = $2 AND starts_at >= $3 AND starts_at < $4";
    let rows: Vec<(Timestamp, i64)> = store.rows(sql, params![hall, letter, from, before]).await?;
    Ok(rows.into_iter().collect())
}

/// How many places of one slot are taken; none when nobody ever took one.
pub(crate) async fn taken_of(store: &Store, place: &Place) -> Result<Option<i64>, Fault> {
    let sql = "SELECT taken FROM appointments_slot WHERE hall = $1 AND letter = $2 AND starts_at = $3";
    let row: Option<(i64,)> = store.row(sql, params![place.hall, place.letter, place.slot.starts_at]).await?;
    Ok(row.map(|(taken,)| taken))
}

/// Takes one place of a slot, which must not exceed `places` when the commit happens, whoever else takes one meanwhile.
pub(crate) fn take_place(commit: &mut Commit, place: &Place, was: Option<i64>, places: i64) {
    let (hall, letter, at) = (&place.hall, place.letter, place.slot.starts_at);
    match was {
        None => commit.exec(
            "INSERT INTO appointments_slot (hall, letter, starts_at, taken) VALUES ($1, $2, $3, 1)",
            params![hall, letter, at],
        ),
        Some(_) => commit.exec(
            "UPDATE appointments_slot SET taken = taken + 1 WHERE hall = $1 AND letter = $2 AND starts_at = $3 AND taken < $4",
            params![hall, letter, at, places],
        ),
    };
}

/// Gives a place back.
pub(crate) fn give_back(commit: &mut Commit, place: &Place) {
    commit.exec(
        "UPDATE appointments_slot SET taken = taken - 1 WHERE hall = $1 AND letter = $2 AND starts_at = $3 AND taken > 0",
        params![place.hall, place.letter, place.slot.starts_at],
    );
}

/// How often somebody has booked or moved.
pub(crate) async fn who(store: &Store, who: &str) -> Result<Option<i64>, Fault> {
    let row: Option<(i64,)> =
        store.row("SELECT rev FROM appointments_who WHERE who = $1", params![who]).await?;
    Ok(row.map(|(rev,)| rev))
}

/// Somebody books or moves: at the same moment a second time is a conflict.
pub(crate) fn advance_who(commit: &mut Commit, who: &str, rev: Option<i64>) {
    match rev {
        None => commit.exec("INSERT INTO appointments_who (who, rev) VALUES ($1, 1)", params![who]),
        Some(rev) => commit
            .exec("UPDATE appointments_who SET rev = rev + 1 WHERE who = $1 AND rev = $2", params![who, rev]),
    };
}
