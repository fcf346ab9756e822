//! Queues, tickets and notices.

use crate::model::{HallCode, Letter, Priority, Ticket, TicketId, TicketState};
use crate::verbs::day_of;
use ::store::{Commit, Store, params, row};
use kernel::{AccountId, Fault, Timestamp};

row! {
    /// A ticket's row.
    pub struct TicketRow {
        /// Its id.
        pub id: TicketId,
        /// The hall.
        pub hall: HallCode,
        /// The day.
        pub day: String,
        /// The business.
        pub letter: Letter,
        /// The number within hall, day and letter.
        pub serial: i64,
        /// Where in the queue.
        pub place: i64,
        /// Where it stands.
        pub state: TicketState,
        /// What it may claim.
        pub priority: Priority,
        /// Whether the claim is certain.
        pub sure: bool,
        /// How many later ones with priority went before it.
        pub overtaken: i64,
        /// Whether it came back after it was passed, and was not called since.
        pub returned: bool,
        /// Whose it is, as a blind index.
        pub who: Option<String>,
        /// The window it was handed on to.
        pub reserved: Option<String>,
        /// The window it was last called to.
        pub window: Option<String>,
        /// The clerk who has it.
        pub clerk: Option<AccountId>,
        /// How often it was called to that window.
        pub calls: i64,
        /// When it was taken.
        pub taken_at: Timestamp,
        /// When it was last called.
        pub called_at: Option<Timestamp>,
        /// When serving began.
        pub started_at: Option<Timestamp>,
        /// When it ended.
        pub ended_at: Option<Timestamp>,
        /// How it ended.
        pub outcome: Option<String>,
        /// The case or the notice.
        pub reference: Option<String>,
    }
}

impl TicketRow {
    /// `A005`.
    pub fn number(&self) -> String {
        crate::model::number(self.letter, self.serial)
    }
}

pub(super) const TICKET: &str = "SELECT id, hall, day, letter, serial, place, state, priority, sure, overtaken, returned, who, reserved, at_window, \
    clerk, calls, taken_at, called_at, started_at, ended_at, outcome, reference FROM hall_ticket";

/// How often the queue of a day was changed; 0 before the first ticket.
pub(crate) async fn rev(store: &Store, hall: &HallCode, day: &str) -> Result<i64, Fault> {
    let row: Option<(i64,)> =
        store.row("SELECT rev FROM hall_day WHERE hall = $1 AND day = $2", params![hall, day]).await?;
    Ok(row.map_or(0, |(rev,)| rev))
}

/// Raises the queue's `rev`: whoever read the same one conflicts.
pub(crate) fn advance(commit: &mut Commit, hall: &HallCode, day: &str, rev: i64) {
    if rev == 0 {
        commit.exec("INSERT INTO hall_day (hall, day, rev) VALUES ($1, $2, 1)", params![hall, day]);
    } else {
        commit.exec(
            "UPDATE hall_day SET rev = $4 WHERE hall = $1 AND day = $2 AND rev = $3",
            params![hall, day, rev, rev + 1],
        );
    }
}

/// The last number of a letter on a day, 0 before the first.
pub(crate) async fn last_serial(
    store: &Store,
    hall: &HallCode,
    day: &str,
    letter: Letter,
) -> Result<i64, Fault> {
    let sql = "SELECT serial FROM hall_ticket WHERE hall = $1 AND day = $2 AND letter = $3 ORDER BY serial DESC LIMIT 1";
    let row: Option<(i64,)> = store.row(sql, params![hall, day, letter]).await?;
    Ok(row.map_or(0, |(serial,)| serial))
}

/// The tickets of a queue in one state, by place.
pub(crate) async fn in_state(
    store: &Store,
    hall: &HallCode,
    day: &str,
    state: TicketState,
) -> Result<Vec<TicketRow>, Fault> {
    let sql = format!("{TICKET} WHERE hall = $1 AND day = $2 AND state = $3 ORDER BY place LIMIT 2000");
    store.rows(&sql, params![hall, day, state]).await
}

/// The tickets of a queue that are called or served.
pub(crate) async fn busy(store: &Store, hall: &HallCode, day: &str) -> Result<Vec<TicketRow>, Fault> {
    let sql = format!(
        "{TICKET} WHERE hall = $1 AND day = $2 AND state IN ('called', 'serving') ORDER BY state, place LIMIT 2000"
    );
    store.rows(&sql, params![hall, day]).await
}

/// The tickets last called on a day, the latest first.
pub(crate) async fn last_called(
    store: &Store,
    hall: &HallCode,
    day: &str,
    limit: i64,
) -> Result<Vec<TicketRow>, Fault> {
    let sql = format!(
        "{TICKET} WHERE hall = $1 AND day = $2 AND called_at IS NOT NULL ORDER BY called_at DESC, id DESC LIMIT $3"
    );
    store.rows(&sql, params![hall, day, limit]).await
}

/// All tickets of a day.
pub(crate) async fn of_day(store: &Store, hall: &HallCode, day: &str) -> Result<Vec<TicketRow>, Fault> {
    let sql = format!("{TICKET} WHERE hall = $1 AND day = $2 ORDER BY letter, serial LIMIT 20000");
    store.rows(&sql, params![hall, day]).await
}

pub(crate) async fn ticket(store: &Store, id: TicketId) -> Result<Option<TicketRow>, Fault> {
    store.row(&format!("{TICKET} WHERE id = $1"), params![id]).await
}

/// By the blind index of its address, or of the address to which its short code leads.
pub(crate) async fn by_token(store: &Store, token: &str) -> Result<Option<TicketRow>, Fault> {
    let row = store.row(&format!("{TICKET} WHERE token = $1"), params![token]).await?;
    if row.is_some() {
        return Ok(row);
    }
    store.row(&format!("{TICKET} WHERE address = $1"), params![token]).await
}

/// The ticket that a clerk has.
pub(crate) async fn held_by(store: &Store, clerk: AccountId) -> Result<Option<TicketRow>, Fault> {
    let sql = format!("{TICKET} WHERE clerk = $1 AND (state = 'called' OR state = 'serving')");
    store.row(&sql, params![clerk]).await
}

/// The ticket of this business that somebody has, and that waits, is called or is being served.
pub(crate) async fn ticket_of(
    store: &Store,
    hall: &HallCode,
    day: &str,
    letter: Letter,
    who: &str,
) -> Result<Option<TicketRow>, Fault> {
    let sql = format!(
        "{TICKET} WHERE hall = $1 AND day = $2 AND letter = $3 AND who = $4
         AND (state = 'waiting' OR state = 'called' OR state = 'serving')"
    );
    store.row(&sql, params![hall, day, letter, who]).await
}

/// Tickets of days before `day` whose serving had begun and which no clerk has: they need an outcome.
pub(crate) async fn unfinished(store: &Store, hall: &HallCode, day: &str) -> Result<Vec<TicketRow>, Fault> {
    let sql = format!(
        "{TICKET} WHERE hall = $1 AND day < $2 AND started_at IS NOT NULL AND (state = 'waiting' OR state = 'passed')
         ORDER BY day LIMIT 100"
    );
    store.rows(&sql, params![hall, day]).await
}

/// How long the last services of a business took, in seconds, the latest first: from the beginning of the service to its end. Those
/// that several clerks had a part in, or that ended on another day, say nothing of it and are left out.
pub(crate) async fn served(
    store: &Store,
    hall: &HallCode,
    letter: Letter,
    limit: i64,
) -> Result<Vec<i64>, Fault> {
    let sql = "SELECT service FROM hall_ticket WHERE hall = $1 AND letter = $2 AND service IS NOT NULL
         ORDER BY ended_at DESC LIMIT $3";
    let rows: Vec<(i64,)> = store.rows(sql, params![hall, letter, limit]).await?;
    Ok(rows.into_iter().map(|(seconds,)| seconds).collect())
}

/// Tickets of days before `day` that are still in a queue and were never served, after the one named (day and id).
pub(crate) async fn left_over(
    store: &Store,
    day: &str,
    after: &(String, String),
    limit: i64,
) -> Result<Vec<(String, TicketId)>, Fault> {
    let sql = "SELECT day, id FROM hall_ticket WHERE day < $1 AND (day, id) > ($2, $3) AND started_at IS NULL
         AND (state = 'waiting' OR state = 'called' OR state = 'passed') ORDER BY day, id LIMIT $4";
    store.rows(sql, params![day, after.0, after.1, limit]).await
}

/// The ways to a ticket's page, as blind indexes.
pub(crate) struct Ways {
    /// Of the address it was taken with.
    pub(crate) token: String,
    /// Of the address to which its short code leads.
    pub(crate) address: String,
    /// Of the short code, for a ticket on paper.
    pub(crate) code: Option<String>,
}

pub(crate) fn insert(commit: &mut Commit, id: TicketId, ways: &Ways, who: Option<&str>, t: &Ticket) {
    let Ways { token, address, code } = ways;
    commit.exec(
        "INSERT INTO hall_ticket (id, token, hall, day, letter, serial, place, state, priority, sure, overtaken, returned, who,
             calls, taken_at, address, code)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, 0, $11, 0, $12, $13, $14)",
        params![
            id,
            token,
            t.hall,
            t.day,
            t.letter,
            t.serial,
            t.place,
            t.state,
            t.priority,
            t.sure,
            who,
            t.taken_at,
            address,
            code
        ],
    );
}

/// The row of a ticket as its events have it now; by how much it was overtaken stands beside ([`overtake`]).
pub(crate) fn update(commit: &mut Commit, id: TicketId, t: &Ticket) {
    let outcome = t.outcome.as_ref();
    let service = t.started_at.zip(t.ended_at).filter(|(_, end)| t.whole && day_of(*end) == t.day);
    let service = service.map(|(start, end)| end.as_second() - start.as_second());
    commit.exec(
        "UPDATE hall_ticket SET place = $2, state = $3, priority = $4, sure = $5, reserved = $6, at_window = $7, clerk = $8,
             calls = $9, called_at = $10, started_at = $11, ended_at = $12, outcome = $13, reference = $14, day = $15, serial = $16, returned = $17,
             service = $18
         WHERE id = $1",
        params![
            id,
            t.place,
            t.state,
            t.priority,
            t.sure,
            t.reserved,
            t.window,
            t.clerk,
            i64::from(t.calls),
            t.called_at,
            t.started_at,
            t.ended_at,
            outcome.map(crate::model::Outcome::word),
            outcome.and_then(crate::model::Outcome::reference),
            t.day,
            t.serial,
            t.returned,
            service
        ],
    );
}

/// Whoever waits anew has been overtaken by nobody yet.
pub(crate) fn wait_anew(commit: &mut Commit, id: TicketId) {
    commit.exec("UPDATE hall_ticket SET overtaken = 0 WHERE id = $1", params![id]);
}

/// The ticket's address from now on: the former one leads nowhere.
pub(crate) fn set_token(commit: &mut Commit, id: TicketId, token: &str) {
    commit.exec("UPDATE hall_ticket SET token = $2 WHERE id = $1", params![id, token]);
}

/// A later one with priority goes before this one.
pub(crate) fn overtake(commit: &mut Commit, id: TicketId) {
    commit.exec("UPDATE hall_ticket SET overtaken = overtaken + 1 WHERE id = $1", params![id]);
}

row! {
    /// A notice of what is missing.
    pub(crate) struct Notice {
        pub(crate) number: String,
        pub(crate) ticket: TicketId,
        pub(crate) matter: String,
        pub(crate) after: Option<String>,
        pub(crate) at: Timestamp,
        pub(crate) reported_at: Option<Timestamp>,
    }
}

const NOTICE: &str = "SELECT number, ticket, matter, after, at, reported_at FROM hall_notice";

/// The last notice to somebody for a matter, since `since`.
pub(crate) async fn noticed(
    store: &Store,
    hall: &HallCode,
    who: &str,
    matter: &str,
    since: Timestamp,
) -> Result<Option<Notice>, Fault> {
    let sql = format!(
        "{NOTICE} WHERE who = $1 AND hall = $2 AND matter = $3 AND at >= $4 ORDER BY at DESC LIMIT 1"
    );
    store.row(&sql, params![who, hall, matter, since]).await
}

/// Notices after which persons report that more was asked for, the latest first.
pub(crate) async fn reported(store: &Store, hall: &HallCode, limit: i64) -> Result<Vec<Notice>, Fault> {
    let sql =
        format!("{NOTICE} WHERE hall = $1 AND reported_at IS NOT NULL ORDER BY reported_at DESC LIMIT $2");
    store.rows(&sql, params![hall, limit]).await
}

/// What a notice's row holds besides its ticket.
pub(crate) struct NewNotice<'a> {
    pub(crate) number: &'a str,
    pub(crate) hall: &'a HallCode,
    pub(crate) who: Option<&'a str>,
    pub(crate) matter: &'a str,
    pub(crate) after: Option<&'a str>,
    pub(crate) at: Timestamp,
}

pub(crate) fn insert_notice(commit: &mut Commit, ticket: TicketId, n: &NewNotice<'_>) {
    // Asking for more after a notice is a report by itself.
    let reported = n.after.map(|_| n.at);
    commit.exec(
        "INSERT INTO hall_notice (number, hall, ticket, who, matter, after, at, reported_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        params![n.number, n.hall, ticket, n.who, n.matter, n.after, n.at, reported],
    );
}

pub(crate) fn report_notice(commit: &mut Commit, ticket: TicketId, at: Timestamp) {
    commit.exec_any(
        "UPDATE hall_notice SET reported_at = $2 WHERE ticket = $1 AND reported_at IS NULL",
        params![ticket, at],
    );
}

/// A notice by its number.
pub(crate) async fn notice(store: &Store, number: &str) -> Result<Option<Notice>, Fault> {
    store.row(&format!("{NOTICE} WHERE number = $1"), params![number]).await
}
