//! Halls as they are imported.

use super::{Business, WindowRow};
use crate::model::{Hall, HallCode, Letter, Letters};
use crate::rules::cells;
use ::store::{Commit, Store, params};
use catalog::agreement::significant;
use kernel::Fault;

/// Writes a hall with all it has, whether it is there or not; duty at windows that stay is left alone.
pub(crate) fn put_hall(commit: &mut Commit, hall: &Hall, businesses: &[Business], windows: &[WindowRow]) {
    let cell = cells::cell(hall.lon, hall.lat);
    commit.exec(
        "INSERT INTO hall_hall (code, level, division, agency, name_zh, name_en, address_zh, address_en, phone, lon, lat, cell,
             hours, offers, equipment)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
         ON CONFLICT (code) DO UPDATE SET level = $2, division = $3, agency = $4, name_zh = $5, name_en = $6, address_zh = $7,
             address_en = $8, phone = $9, lon = $10, lat = $11, cell = $12, hours = $13, offers = $14, equipment = $15",
        params![
            hall.code,
            hall.level,
            hall.division,
            hall.agency,
            hall.name.zh,
            hall.name.en,
            hall.address.zh,
            hall.address.en,
            hall.phone,
            hall.lon,
            hall.lat,
            cell,
            hall.hours,
            hall.offers,
            hall.equipment.bits()
        ],
    );
    commit.exec_any(
        "INSERT INTO hall_hours (hours) VALUES ($1) ON CONFLICT (hours) DO NOTHING",
        params![hall.hours],
    );
    commit.exec_any("DELETE FROM hall_offer WHERE hall = $1", params![hall.code]);
    let whole = hall.offers == "*";
    let parts = if whole { everything_of(&hall.division) } else { Vec::new() };
    for item in hall.offers.split(' ').chain(parts.iter().map(String::as_str)) {
        commit.exec(
            "INSERT INTO hall_offer (item, cell, hall, hours, equipment) VALUES ($1, $2, $3, $4, $5)",
            params![item, cell, hall.code, hall.hours, hall.equipment.bits()],
        );
    }
    for b in businesses {
        commit.exec(
            "INSERT INTO hall_business (hall, letter, name_zh, name_en, items) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (hall, letter) DO UPDATE SET name_zh = $3, name_en = $4, items = $5",
            params![hall.code, b.letter, b.name_zh, b.name_en, b.items],
        );
    }
    for w in windows {
        commit.exec(
            "INSERT INTO hall_window (hall, number, kind, letters, is_open) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (hall, number) DO UPDATE SET kind = $3, letters = $4",
            params![hall.code, w.number, w.kind, w.letters, w.open],
        );
    }
}

/// Under which words a hall that does everything is found: by the places above it, for what is decided there, and by its own, for what is
/// decided further down. It takes everything of its own place, not of another.
fn everything_of(division: &str) -> Vec<String> {
    let own = significant(division);
    let above = (2..=own.len()).filter(|to| [2, 4, 6, 9, 12].contains(to));
    let mut all: Vec<String> = above.filter_map(|to| own.get(..to)).map(|part| format!("*{part}")).collect();
    all.push(format!("={own}"));
    all
}

/// Under which words a hall stands that does everything of where something is decided; where that is not known, every such hall.
pub(crate) fn everything_at(division: &str) -> Vec<String> {
    let place = significant(division);
    if place.is_empty() {
        return vec!["*".to_owned()];
    }
    let above = (2..place.len()).filter(|to| [2, 4, 6, 9].contains(to));
    let above = above.filter_map(|to| place.get(..to)).map(|part| format!("={part}"));
    std::iter::once(format!("*{place}")).chain(above).collect()
}

/// `$1, $2, …` for a list of codes.
fn marks(codes: &[HallCode]) -> String {
    (1..=codes.len()).map(|n| format!("${n}")).collect::<Vec<_>>().join(", ")
}

/// The windows of these halls.
pub(crate) async fn windows_in(
    store: &Store,
    codes: &[HallCode],
) -> Result<Vec<(HallCode, String, Letters)>, Fault> {
    let sql = format!("SELECT hall, number, letters FROM hall_window WHERE hall IN ({})", marks(codes));
    store.rows(&sql, codes.iter().map(::store::ToValue::to_value).collect()).await
}

/// The letters of these halls.
pub(crate) async fn letters_in(store: &Store, codes: &[HallCode]) -> Result<Vec<(HallCode, Letter)>, Fault> {
    let sql = format!("SELECT hall, letter FROM hall_business WHERE hall IN ({})", marks(codes));
    store.rows(&sql, codes.iter().map(::store::ToValue::to_value).collect()).await
}

/// The letters of a hall that somebody has a ticket for on a day which is not finished.
pub(crate) async fn letters_queued(
    store: &Store,
    hall: &HallCode,
    day: &str,
) -> Result<Vec<(Letter,)>, Fault> {
    let sql = "SELECT DISTINCT letter FROM hall_ticket WHERE hall = $1 AND day = $2
         AND state IN ('waiting', 'called', 'serving', 'passed')";
    store.rows(sql, params![hall, day]).await
}

/// A window goes, unless somebody is on duty there.
pub(crate) fn drop_window(commit: &mut Commit, hall: &HallCode, number: &str) {
    commit.exec_any(
        "DELETE FROM hall_window WHERE hall = $1 AND number = $2 AND clerk IS NULL",
        params![hall, number],
    );
}

/// A letter goes.
pub(crate) fn drop_letter(commit: &mut Commit, hall: &HallCode, letter: Letter) {
    commit.exec_any("DELETE FROM hall_business WHERE hall = $1 AND letter = $2", params![hall, letter]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hall_that_does_everything_is_found_for_its_own_place_only() {
        let found = |hall: &str, place: &str| {
            let words = everything_at(place);
            everything_of(hall).iter().any(|word| words.contains(word))
        };
        for (hall, place) in [
            ("320100", "320100"),
            ("320104", "320100"),
            ("320100", "320104"),
            ("320000", "320104"),
            ("440604012", "440604"),
            ("440604", "440604012001"),
            ("440604012001", "440000"),
        ] {
            assert!(found(hall, place), "{hall} for {place}");
        }
        for (hall, place) in [("440604", "320100"), ("320102", "320104"), ("440604012", "440604013")] {
            assert!(!found(hall, place), "{hall} for {place}");
        }
    }
}
