//! All SQL of the room: halls and what they offer here, queues and tickets beside.

mod cards;
mod codes;
mod many;
mod network;
mod offers;
mod paper;
mod queue;
mod report;
mod staff;

pub(crate) use cards::*;
pub(crate) use codes::*;
pub(crate) use many::*;
pub(crate) use network::*;
pub(crate) use offers::*;
pub(crate) use paper::*;
pub use paper::{BlockRow, PaperRow};
pub use queue::TicketRow;
pub(crate) use queue::*;
pub(crate) use report::*;
pub(crate) use staff::*;

use crate::model::{Equipped, Hall, HallCode, Letter, Letters, Level, WindowKind};
use ::store::{Commit, Store, params, row};
use kernel::{AccountId, AgencyCode, Fault, Text, Timestamp};

row! {
    /// A hall's row.
    struct HallRow {
        code: HallCode,
        level: Level,
        division: String,
        agency: String,
        name_zh: String,
        name_en: String,
        address_zh: String,
        address_en: String,
        phone: String,
        lon: i64,
        lat: i64,
        hours: String,
        offers: String,
        equipment: i64,
    }
}

impl From<HallRow> for Hall {
    fn from(row: HallRow) -> Self {
        Self {
            code: row.code,
            level: row.level,
            division: row.division,
            agency: row.agency,
            name: Text::new(row.name_zh, row.name_en),
            address: Text::new(row.address_zh, row.address_en),
            phone: row.phone,
            lon: row.lon,
            lat: row.lat,
            hours: row.hours,
            offers: row.offers,
            equipment: Equipped::from_bits(row.equipment),
        }
    }
}

row! {
    /// A business of a hall: the letter before its numbers.
    pub struct Business {
        /// The letter.
        pub letter: Letter,
        /// Chinese name.
        pub name_zh: String,
        /// English name.
        pub name_en: String,
        /// The items it covers, with spaces between, or `*`.
        pub items: String,
    }
}

row! {
    /// A window as it stands now.
    pub struct WindowRow {
        /// Its number.
        pub number: String,
        /// What it is for.
        pub kind: WindowKind,
        /// What it takes.
        pub letters: Letters,
        /// Whether it is open.
        pub open: bool,
        /// Who is on duty there.
        pub clerk: Option<AccountId>,
        /// Since when.
        pub since: Option<Timestamp>,
        /// The businesses that this clerk is trained for, where that is kept.
        pub trained: Option<Letters>,
    }
}

impl WindowRow {
    /// Whether whoever comes for this business may be called here: the window is set to take it, and whoever is on duty is trained for it.
    pub fn takes(&self, letter: Letter) -> bool {
        self.letters.has(letter) && self.trained_for(letter)
    }

    /// Whether whoever is on duty here is trained for it.
    pub fn trained_for(&self, letter: Letter) -> bool {
        self.trained.as_ref().is_none_or(|known| known.has(letter))
    }

    /// All that is called here.
    pub fn taken(&self) -> Letters {
        Letters(self.letters.0.iter().copied().filter(|letter| self.takes(*letter)).collect())
    }
}

const HALL: &str = "SELECT code, level, division, agency, name_zh, name_en, address_zh, address_en, phone, lon, lat, hours, offers, equipment \
    FROM hall_hall";
const WINDOW: &str = "SELECT w.number, w.kind, w.letters, w.is_open, w.clerk, w.since, t.covers FROM hall_window w \
    LEFT JOIN hall_training t ON t.hall = w.hall AND t.clerk = w.clerk";

/// A hall by its code.
///
/// # Errors
/// A [`Fault`] when the database does not answer.
pub async fn hall(store: &Store, code: &HallCode) -> Result<Option<Hall>, Fault> {
    let row: Option<HallRow> = store.row(&format!("{HALL} WHERE code = $1"), params![code]).await?;
    Ok(row.map(Hall::from))
}

/// The halls of a division and all below it, in the order of their divisions, after `after`.
///
/// # Errors
/// A [`Fault`] when the database does not answer.
pub async fn halls_below(
    store: &Store,
    prefix: &str,
    after: (&str, &str),
    limit: i64,
) -> Result<Vec<Hall>, Fault> {
    halls_with(store, prefix, after, Equipped::default(), limit).await
}

/// Those of them that are equipped with all of `with`.
///
/// # Errors
/// A [`Fault`] when the database does not answer.
pub async fn halls_with(
    store: &Store,
    prefix: &str,
    after: (&str, &str),
    with: Equipped,
    limit: i64,
) -> Result<Vec<Hall>, Fault> {
    let sql = format!(
        "{HALL} WHERE division >= $1 AND division < $2 AND (division, code) > ($3, $4) AND (equipment & $6) = $6
         ORDER BY division, code LIMIT $5"
    );
    let end = format!("{prefix}:"); // `:` follows the digits
    let rows: Vec<HallRow> =
        store.rows(&sql, params![prefix, end, after.0, after.1, limit, with.bits()]).await?;
    Ok(rows.into_iter().map(Hall::from).collect())
}

/// The halls of one level in a division and all below it.
pub(crate) async fn halls_of_level(
    store: &Store,
    level: Level,
    prefix: &str,
    limit: i64,
) -> Result<Vec<Hall>, Fault> {
    let sql = format!(
        "{HALL} WHERE level = $1 AND division >= $2 AND division < $3 ORDER BY division, code LIMIT $4"
    );
    let rows: Vec<HallRow> = store.rows(&sql, params![level, prefix, format!("{prefix}:"), limit]).await?;
    Ok(rows.into_iter().map(Hall::from).collect())
}

/// Halls with `q` in their name, the cities' first: in a division and all below it, or of cities, counties and towns anywhere.
pub(crate) async fn places_named(
    store: &Store,
    q: &str,
    within: Option<&str>,
    limit: i64,
) -> Result<Vec<Hall>, Fault> {
    let named = "(lower(name_zh) LIKE $1 ESCAPE '\\' OR lower(name_en) LIKE $1 ESCAPE '\\')";
    let part = |level: &Level| {
        let below = if within.is_some() { "AND division >= $3 AND division < $4" } else { "" };
        format!(
            "SELECT * FROM ({HALL} WHERE level = '{level}' {below} AND {named} ORDER BY division, code LIMIT $2) AS h"
        )
    };
    let (levels, mut params) = (Level::ALL, params![like(q), limit]);
    let levels = match within {
        Some(prefix) => {
            params.extend(params![prefix, format!("{prefix}:")]);
            levels
        }
        None => levels.get(..3).unwrap_or_default(),
    };
    let sql = levels.iter().map(part).collect::<Vec<_>>().join(" UNION ALL ");
    let rows: Vec<HallRow> = store.rows(&format!("SELECT * FROM ({sql}) AS p LIMIT $2"), params).await?;
    Ok(rows.into_iter().map(Hall::from).collect())
}

/// The halls that an agency runs.
///
/// # Errors
/// A [`Fault`] when the database does not answer.
pub async fn halls_of(store: &Store, agency: &str, limit: i64) -> Result<Vec<Hall>, Fault> {
    let sql = format!("{HALL} WHERE agency = $1 ORDER BY code LIMIT $2");
    let rows: Vec<HallRow> = store.rows(&sql, params![agency, limit]).await?;
    Ok(rows.into_iter().map(Hall::from).collect())
}

/// Words as LIKE has them, for a name or a code that holds them.
fn like(q: &str) -> String {
    let mut pattern = String::from("%");
    for c in q.to_lowercase().chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern + "%"
}

const NAMED: &str =
    "(lower(name_zh) LIKE $3 ESCAPE '\\' OR lower(name_en) LIKE $3 ESCAPE '\\' OR code LIKE $3 ESCAPE '\\')";

/// The halls that an agency runs with `q` in their name or code, by code, after `after`.
pub(crate) async fn halls_like(
    store: &Store,
    agency: &str,
    q: &str,
    after: &str,
    limit: i64,
) -> Result<Vec<Hall>, Fault> {
    let sql = format!("{HALL} WHERE agency = $1 AND code > $2 AND {NAMED} ORDER BY code LIMIT $4");
    let rows: Vec<HallRow> = store.rows(&sql, params![agency, after, like(q), limit]).await?;
    Ok(rows.into_iter().map(Hall::from).collect())
}

/// The halls of a division and all below it with `q` in their name or code, by division and code, after the hall `after`.
pub(crate) async fn halls_below_like(
    store: &Store,
    prefix: &str,
    q: &str,
    after: &str,
    limit: i64,
) -> Result<Vec<Hall>, Fault> {
    let sql = format!(
        "{HALL} WHERE division >= $1 AND division < $2 AND {NAMED}
         AND (division, code) > ($4, $5) ORDER BY division, code LIMIT $6"
    );
    let last = match after.parse() {
        Ok(code) => hall(store, &code).await?.map(|h| h.division).unwrap_or_default(),
        Err(_) => String::new(),
    };
    let end = format!("{prefix}:"); // `:` follows the digits
    let rows: Vec<HallRow> = store.rows(&sql, params![prefix, end, like(q), last, after, limit]).await?;
    Ok(rows.into_iter().map(Hall::from).collect())
}

/// The halls that an agency runs, or a part of it.
pub(crate) async fn halls_within(store: &Store, agency: &AgencyCode, limit: i64) -> Result<Vec<Hall>, Fault> {
    let sql = format!("{HALL} WHERE agency = $1 OR agency LIKE $2 ORDER BY code LIMIT $3");
    let rows: Vec<HallRow> = store.rows(&sql, params![agency.as_str(), format!("{agency}.%"), limit]).await?;
    Ok(rows.into_iter().map(Hall::from).collect())
}

/// The halls of cities and counties: where somebody may say that they are.
///
/// # Errors
/// A [`Fault`] when the database does not answer.
pub async fn seats(store: &Store) -> Result<Vec<Hall>, Fault> {
    let part = |level: Level| {
        format!("SELECT * FROM ({HALL} WHERE level = '{level}' ORDER BY division, code LIMIT 400) AS h")
    };
    let sql = format!("{} UNION ALL {}", part(Level::City), part(Level::County));
    let rows: Vec<HallRow> = store.rows(&sql, Vec::new()).await?;
    Ok(rows.into_iter().map(Hall::from).collect())
}

/// The halls of these codes, in no order.
pub(crate) async fn halls(store: &Store, codes: &[HallCode]) -> Result<Vec<Hall>, Fault> {
    if codes.is_empty() {
        return Ok(Vec::new());
    }
    let marks: Vec<String> = (1..=codes.len()).map(|n| format!("${n}")).collect();
    let params = codes.iter().map(::store::ToValue::to_value).collect();
    let rows: Vec<HallRow> =
        store.rows(&format!("{HALL} WHERE code IN ({})", marks.join(", ")), params).await?;
    Ok(rows.into_iter().map(Hall::from).collect())
}

/// The businesses of a hall, by letter.
///
/// # Errors
/// A [`Fault`] when the database does not answer.
pub async fn businesses(store: &Store, hall: &HallCode) -> Result<Vec<Business>, Fault> {
    let sql = "SELECT letter, name_zh, name_en, items FROM hall_business WHERE hall = $1 ORDER BY letter";
    store.rows(sql, params![hall]).await
}

/// The windows of a hall, by number.
///
/// # Errors
/// A [`Fault`] when the database does not answer.
pub async fn windows(store: &Store, hall: &HallCode) -> Result<Vec<WindowRow>, Fault> {
    store.rows(&format!("{WINDOW} WHERE w.hall = $1 ORDER BY w.number"), params![hall]).await
}

/// Where a clerk is on duty.
pub(crate) async fn duty(store: &Store, clerk: AccountId) -> Result<Option<(HallCode, String)>, Fault> {
    store.row("SELECT hall, number FROM hall_window WHERE clerk = $1", params![clerk]).await
}

/// Clerks who went on duty before `before` and have not left, after the one named.
pub(crate) async fn on_duty_since_before(
    store: &Store,
    before: Timestamp,
    after: &str,
    limit: i64,
) -> Result<Vec<(AccountId,)>, Fault> {
    let sql = "SELECT clerk FROM hall_window WHERE clerk IS NOT NULL AND since < $1 AND clerk > $2 ORDER BY clerk LIMIT $3";
    store.rows(sql, params![before, after, limit]).await
}

/// A clerk goes on duty at a window; it conflicts when somebody else was faster.
pub(crate) fn begin_duty(
    commit: &mut Commit,
    hall: &HallCode,
    number: &str,
    (clerk, day): (AccountId, &str),
    at: Timestamp,
) {
    commit.exec(
        "UPDATE hall_window SET clerk = $3, since = $4 WHERE hall = $1 AND number = $2 AND clerk IS NULL AND is_open = 1",
        params![hall, number, clerk, at],
    );
    report::duty_begins(commit, hall, number, day, at);
}

/// A clerk leaves a window; it conflicts when somebody else is there.
pub(crate) fn end_duty(commit: &mut Commit, hall: &HallCode, number: &str, clerk: AccountId, at: Timestamp) {
    commit.exec(
        "UPDATE hall_window SET clerk = NULL, since = NULL WHERE hall = $1 AND number = $2 AND clerk = $3",
        params![hall, number, clerk],
    );
    report::duty_ends(commit, hall, number, at);
}

/// Opens or shuts a window and says what it takes.
pub(crate) fn set_window(commit: &mut Commit, hall: &HallCode, number: &str, open: bool, letters: &Letters) {
    commit.exec(
        "UPDATE hall_window SET is_open = $3, letters = $4 WHERE hall = $1 AND number = $2",
        params![hall, number, open, letters],
    );
}

row! {
    /// A kiosk.
    pub(crate) struct Kiosk {
        pub(crate) hall: HallCode,
        pub(crate) name: String,
        pub(crate) minute: i64,
        pub(crate) taken: i64,
    }
}

pub(crate) async fn kiosk(store: &Store, token: &str) -> Result<Option<Kiosk>, Fault> {
    store.row("SELECT hall, name, minute, taken FROM hall_kiosk WHERE token = $1", params![token]).await
}

/// The kiosks of a hall: the blind index of each address, and its name.
pub(crate) async fn kiosks(store: &Store, hall: &HallCode) -> Result<Vec<(String, String)>, Fault> {
    store
        .rows("SELECT token, name FROM hall_kiosk WHERE hall = $1 ORDER BY name LIMIT 100", params![hall])
        .await
}

pub(crate) fn add_kiosk(commit: &mut Commit, token: &str, hall: &HallCode, name: &str, minute: i64) {
    commit.exec(
        "INSERT INTO hall_kiosk (token, hall, name, minute, taken) VALUES ($1, $2, $3, $4, 0)",
        params![token, hall, name, minute],
    );
}

pub(crate) fn drop_kiosk(commit: &mut Commit, token: &str) {
    commit.exec("DELETE FROM hall_kiosk WHERE token = $1", params![token]);
}

/// Counts a ticket against a kiosk's minute.
pub(crate) fn count_kiosk(commit: &mut Commit, token: &str, was: &Kiosk, minute: i64, taken: i64) {
    commit.exec(
        "UPDATE hall_kiosk SET minute = $4, taken = $5 WHERE token = $1 AND minute = $2 AND taken = $3",
        params![token, was.minute, was.taken, minute, taken],
    );
}
