//! Rows of the room: saved views, who reads a case now, reports of acts on many tasks, visits at a window.

use crate::window::{Said, VisitId};
use kernel::codes::CaseNumber;
use kernel::{AccountId, CommandId, Fault, PersonId, Timestamp, clock};
use store::{Commit, Sealed, Sealer, Store, params, row};

/// A reader who has not opened the case anew for so long is gone.
pub(crate) const READING_SECONDS: i64 = 120;
/// A report is kept for so long.
const REPORT_SECONDS: i64 = 86_400;
/// A visit at a window is kept for so long.
const VISIT_SECONDS: i64 = 86_400;
const VISIT: &str = "desk_visit.body";
/// So many views one may keep.
pub(crate) const VIEWS_MAX: usize = 20;

row! {
    /// A saved view of the inbox.
    pub(crate) struct ViewLine {
        pub(crate) name: String,
        pub(crate) query: String,
        pub(crate) star: bool,
    }
}

row! {
    /// Somebody who reads a case.
    pub(crate) struct Reader {
        pub(crate) account: AccountId,
        pub(crate) name: String,
        pub(crate) agency: String,
        pub(crate) at: Timestamp,
    }
}

pub(crate) async fn views(store: &Store, account: AccountId) -> Result<Vec<ViewLine>, Fault> {
    let sql = "SELECT name, query, star FROM desk_view WHERE account = $1 ORDER BY name LIMIT 100";
    store.rows(sql, params![account]).await
}

pub(crate) fn put_view(commit: &mut Commit, account: AccountId, name: &str, query: &str) {
    let at = commit.at;
    commit.exec(
        "INSERT INTO desk_view (account, name, query, star, saved_at) VALUES ($1, $2, $3, 0, $4)
         ON CONFLICT (account, name) DO UPDATE SET query = excluded.query, saved_at = excluded.saved_at",
        params![account, name, query, at],
    );
}

/// Makes one view the start view; none when `name` is no view.
pub(crate) fn star_view(commit: &mut Commit, account: AccountId, name: &str) {
    commit.exec_any(
        "UPDATE desk_view SET star = CASE WHEN name = $2 THEN 1 ELSE 0 END WHERE account = $1",
        params![account, name],
    );
}

pub(crate) fn drop_view(commit: &mut Commit, account: AccountId, name: &str) {
    commit.exec_any("DELETE FROM desk_view WHERE account = $1 AND name = $2", params![account, name]);
}

fn before(at: Timestamp, seconds: i64) -> Timestamp {
    clock::from_micros(at.as_microsecond().saturating_sub(seconds * 1_000_000))
}

/// Somebody opened a case; whoever opened one too long ago is forgotten.
pub(crate) fn read_now(commit: &mut Commit, number: &CaseNumber, who: (AccountId, &str, &str)) {
    let at = commit.at;
    commit.exec_any("DELETE FROM desk_reading WHERE at < $1", params![before(at, READING_SECONDS)]);
    commit.exec_any(
        "INSERT INTO desk_reading (number, account, name, agency, at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (number, account) DO UPDATE SET name = excluded.name, agency = excluded.agency, at = excluded.at",
        params![number.to_string(), who.0, who.1, who.2, at],
    );
}

/// Who else reads the case now.
pub(crate) async fn readers(
    store: &Store,
    number: &CaseNumber,
    me: AccountId,
    now: Timestamp,
) -> Result<Vec<Reader>, Fault> {
    let sql = "SELECT account, name, agency, at FROM desk_reading
               WHERE number = $1 AND account <> $2 AND at >= $3 ORDER BY at DESC, account LIMIT 20";
    store.rows(sql, params![number.to_string(), me, before(now, READING_SECONDS)]).await
}

pub(crate) fn add_report(commit: &mut Commit, id: CommandId, account: AccountId, body: &str) {
    let at = commit.at;
    commit.exec_any("DELETE FROM desk_report WHERE at < $1", params![before(at, REPORT_SECONDS)]);
    commit.exec(
        "INSERT INTO desk_report (id, account, at, body) VALUES ($1, $2, $3, $4)",
        params![id, account, at, body],
    );
}

pub(crate) async fn report(
    store: &Store,
    id: CommandId,
    account: AccountId,
) -> Result<Option<String>, Fault> {
    let row: Option<(String,)> = store
        .row("SELECT body FROM desk_report WHERE id = $1 AND account = $2", params![id, account])
        .await?;
    Ok(row.map(|r| r.0))
}

row! {
    struct VisitRow {
        id: VisitId,
        person: PersonId,
        at: Timestamp,
        rev: i64,
        body: Sealed<Said>,
    }
}

/// Somebody at a window.
#[derive(Debug, Clone)]
pub(crate) struct Visit {
    pub id: VisitId,
    pub person: PersonId,
    pub at: Timestamp,
    pub rev: i64,
    pub said: Said,
}

impl VisitRow {
    fn open(self, sealer: &Sealer) -> Result<Visit, Fault> {
        let said = self.body.open(sealer, VISIT)?;
        Ok(Visit { id: self.id, person: self.person, at: self.at, rev: self.rev, said })
    }
}

/// Somebody has come to the window; visits of days before are forgotten.
pub(crate) fn add_visit(
    commit: &mut Commit,
    sealer: &Sealer,
    account: AccountId,
    visit: &Visit,
) -> Result<(), Fault> {
    let at = commit.at;
    commit.exec_any("DELETE FROM desk_visit WHERE at < $1", params![before(at, VISIT_SECONDS)]);
    commit.exec(
        "INSERT INTO desk_visit (id, account, person, at, rev, body) VALUES ($1, $2, $3, $4, 1, $5)",
        params![visit.id, account, visit.person, at, Sealed::seal(sealer, VISIT, &visit.said)?],
    );
    Ok(())
}

/// What was said since, unless somebody wrote it meanwhile.
pub(crate) fn save_visit(commit: &mut Commit, sealer: &Sealer, visit: &Visit) -> Result<(), Fault> {
    commit.exec(
        "UPDATE desk_visit SET body = $1, rev = rev + 1 WHERE id = $2 AND rev = $3",
        params![Sealed::seal(sealer, VISIT, &visit.said)?, visit.id, visit.rev],
    );
    Ok(())
}

/// The visit, if it is this clerk's.
pub(crate) async fn visit(store: &Store, id: VisitId, account: AccountId) -> Result<Option<Visit>, Fault> {
    let sql = "SELECT id, person, at, rev, body FROM desk_visit WHERE id = $1 AND account = $2";
    let row: Option<VisitRow> = store.row(sql, params![id, account]).await?;
    row.map(|row| row.open(store.sealer())).transpose()
}

/// The visits of this clerk, the last one first.
pub(crate) async fn visits(store: &Store, account: AccountId, limit: i64) -> Result<Vec<Visit>, Fault> {
    let sql = "SELECT id, person, at, rev, body FROM desk_visit WHERE account = $1 ORDER BY at DESC, id DESC LIMIT $2";
    let rows: Vec<VisitRow> = store.rows(sql, params![account, limit]).await?;
    rows.into_iter().map(|row| row.open(store.sealer())).collect()
}
