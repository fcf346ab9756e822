//! Rows of cases: projections of their events, written in the same commit.

use super::{duty, outstanding};
use crate::model::{CaseId, MatterId, TaskId};
use crate::projection::{Projection, TaskProjection};
use crate::scope::{Limited, Reach, Scope};
use catalog::ItemVersionId;
use kernel::{AccountId, AgencyCode, Fault, SubjectId, Timestamp};
use store::{Commit, Store, ToValue, Value, params, row};

row! {
    /// A case as it stands in the table.
    pub(crate) struct CaseLine {
        pub(crate) id: CaseId,
        pub(crate) number: String,
        pub(crate) matter: MatterId,
        pub(crate) item_key: String,
        pub(crate) item_version: ItemVersionId,
        pub(crate) item_zh: String,
        pub(crate) item_en: String,
        pub(crate) agency: String,
        pub(crate) subject_name: String,
        pub(crate) state: String,
        pub(crate) running: bool,
        pub(crate) outcome: Option<String>,
        pub(crate) holder: Option<String>,
        pub(crate) absent: i64,
        pub(crate) filed_at: Timestamp,
        pub(crate) due_at: i64,
        pub(crate) closed_at: Option<Timestamp>,
        pub(crate) rev: i64,
        pub(crate) next_at: i64,
        pub(crate) division: String,
        pub(crate) first_subject: Option<String>,
    }
}

pub(super) const COLUMNS: &str = "c.id, c.number, c.matter_id, c.item_key, c.item_version, c.item_zh, c.item_en, c.agency, \
     c.subject_name, c.state, c.running, c.outcome, c.holder, c.absent, c.filed_at, c.due_at, c.closed_at, c.rev, c.next_at, c.division, \
     (SELECT f.subject FROM cases_party f WHERE f.case_id = c.id AND f.position = 0)";

row! {
    /// A task as it stands in the table.
    pub(crate) struct TaskLine {
        pub(crate) id: TaskId,
        pub(crate) case: CaseId,
        pub(crate) number: String,
        pub(crate) step: String,
        pub(crate) agency: String,
        pub(crate) state: String,
        pub(crate) opened_at: Timestamp,
        pub(crate) due_at: i64,
        pub(crate) done_at: Option<Timestamp>,
        pub(crate) holder: String,
        pub(crate) external: String,
    }
}

row! {
    /// What became of a filing key.
    pub(crate) struct KeyRow {
        pub(crate) digest: String,
        pub(crate) case: CaseId,
        pub(crate) number: String,
    }
}

pub(crate) async fn key_row(store: &Store, account: AccountId, key: &str) -> Result<Option<KeyRow>, Fault> {
    store
        .row(
            "SELECT digest, case_id, number FROM cases_key WHERE account = $1 AND key = $2",
            params![account, key],
        )
        .await
}

pub(crate) fn add_key(commit: &mut Commit, account: AccountId, key: &str, row: &KeyRow) {
    let at = commit.at;
    commit.exec(
        "INSERT INTO cases_key (account, key, digest, case_id, number, at) VALUES ($1, $2, $3, $4, $5, $6)",
        params![account, key, row.digest, row.case, row.number, at],
    );
}

/// The rows of a case that has just been filed.
pub(crate) fn add_case(commit: &mut Commit, p: &Projection) {
    commit.exec(
        "INSERT INTO cases_case (id, number, matter_id, item_key, item_version, item_zh, item_en, agency, division, subject_name,
             state, running, outcome, holder, absent, filed_at, due_at, closed_at, rev,
             next_at, imported, received, filed_window)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23)",
        params![
            p.id,
            p.number,
            p.matter,
            p.item_key,
            p.item_version,
            p.item_name.zh,
            p.item_name.en,
            p.agency.as_str(),
            p.division,
            p.subject_name,
            p.state,
            p.running,
            p.outcome,
            p.holder.as_ref().map(|a| a.as_str().to_owned()),
            p.absent,
            p.filed_at,
            p.due_at,
            p.closed_at,
            p.rev,
            p.next_at,
            p.imported,
            p.received.as_ref().map_or("", AgencyCode::as_str),
            p.window.as_ref().map_or("", AgencyCode::as_str)
        ],
    );
    for (position, (subject, role)) in p.parties.iter().enumerate() {
        commit.exec(
            "INSERT INTO cases_party (case_id, position, subject, role, filed_at) VALUES ($1, $2, $3, $4, $5)",
            params![p.id, position, subject, role, p.filed_at],
        );
    }
    for task in &p.tasks {
        add_task(commit, p, task);
    }
    duty::change(commit, p, &[]);
    duty::publish(commit, p, &[]);
    outstanding::change(commit, p, &[]);
    outstanding::rely(commit, p, &[]);
}

fn add_task(commit: &mut Commit, p: &Projection, t: &TaskProjection) {
    commit.exec(
        "INSERT INTO cases_task (id, case_id, step, title_zh, title_en, agency, state, opened_at, due_at, done_at, item_key,
             case_state, subject_name, number, holder, external)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
        params![
            t.id, p.id, t.step, t.title.zh, t.title.en, t.agency.as_str(), t.state, t.opened_at, t.due_at, t.done_at,
            p.item_key, p.state, p.subject_name, p.number, t.holder, t.external
        ],
    );
}

/// Brings the rows of a case from `before` to `after`; a case that has moved on since `before` is a conflict.
pub(crate) fn change_case(commit: &mut Commit, before: &Projection, after: &Projection) {
    commit.exec(
        "UPDATE cases_case SET state = $3, running = $4, outcome = $5, holder = $6, absent = $7, due_at = $8, closed_at = $9,
             rev = $10, next_at = $11, item_version = $12 WHERE id = $1 AND rev = $2",
        params![
            after.id, before.rev, after.state, after.running, after.outcome,
            after.holder.as_ref().map(|a| a.as_str().to_owned()), after.absent, after.due_at, after.closed_at, after.rev,
            after.next_at, after.item_version
        ],
    );
    for task in &after.tasks {
        match before.tasks.iter().find(|t| t.id == task.id) {
            None => add_task(commit, after, task),
            Some(old) if old != task || (task.state == "open" && before.state != after.state) => {
                commit.exec(
                    "UPDATE cases_task SET state = $2, done_at = $3, due_at = $5, holder = $6, case_state = $7, step = $8,
                     external = $9 WHERE id = $1 AND state = $4",
                    params![
                        task.id, task.state, task.done_at, old.state, task.due_at, task.holder, after.state, task.step,
                        task.external
                    ],
                );
            }
            Some(_) => {}
        }
    }
    change_parties(commit, before, after);
    duty::change(commit, after, &before.duties);
    duty::publish(commit, after, &before.public);
    outstanding::change(commit, after, &before.outstanding);
    outstanding::rely(commit, after, &before.relying);
}

/// Somebody has taken the place of a party: from now on it is a case of theirs.
fn change_parties(commit: &mut Commit, before: &Projection, after: &Projection) {
    for (position, (subject, role)) in after.parties.iter().enumerate() {
        if before.parties.get(position).is_some_and(|(old, _)| old != subject) {
            commit.exec(
                "UPDATE cases_party SET subject = $3, role = $4 WHERE case_id = $1 AND position = $2",
                params![after.id, position, subject, role],
            );
        }
    }
    if before.subject_name != after.subject_name {
        commit.exec(
            "UPDATE cases_case SET subject_name = $2 WHERE id = $1",
            params![after.id, after.subject_name],
        );
        commit.exec_any(
            "UPDATE cases_task SET subject_name = $2 WHERE case_id = $1 AND state = 'open'",
            params![after.id, after.subject_name],
        );
    }
}

/// Writes the sweeper's moment of a case that has not moved: rows of an earlier program have none.
pub(crate) fn set_next(commit: &mut Commit, p: &Projection) {
    commit.exec(
        "UPDATE cases_case SET next_at = $3 WHERE id = $1 AND rev = $2",
        params![p.id, p.rev, p.next_at],
    );
}

/// The numbers of cases in which a term's end has passed, the longest past first.
pub(crate) async fn due_before(store: &Store, now: Timestamp, limit: i64) -> Result<Vec<String>, Fault> {
    let rows: Vec<(String,)> = store
        .rows(
            "SELECT number FROM cases_case WHERE next_at < $1 ORDER BY next_at, id LIMIT $2",
            params![now, limit],
        )
        .await?;
    Ok(rows.into_iter().map(|r| r.0).collect())
}

/// Running cases of a version of an item, by id.
pub(crate) async fn of_version(
    store: &Store,
    version: ItemVersionId,
    after: &str,
    limit: i64,
) -> Result<Vec<CaseLine>, Fault> {
    let sql = format!(
        "SELECT {COLUMNS} FROM cases_case c WHERE c.item_version = $1 AND c.running = 1 AND c.id > $2 ORDER BY c.id LIMIT $3"
    );
    store.rows(&sql, params![version, after, limit]).await
}

/// The running cases of an item, whichever version they run under, by id.
pub(crate) async fn running_of(
    store: &Store,
    item: &str,
    after: &str,
    limit: i64,
) -> Result<Vec<CaseLine>, Fault> {
    let sql = format!(
        "SELECT {COLUMNS} FROM cases_case c WHERE c.item_key = $1 AND c.running = 1 AND c.id > $2 ORDER BY c.id LIMIT $3"
    );
    store.rows(&sql, params![item, after, limit]).await
}

/// The running cases in which this subject is a party, by id.
pub(crate) async fn running_with(
    store: &Store,
    subject: SubjectId,
    after: &str,
    limit: i64,
) -> Result<Vec<CaseLine>, Fault> {
    let sql = format!(
        "SELECT DISTINCT {COLUMNS} FROM cases_party p JOIN cases_case c ON c.id = p.case_id
         WHERE p.subject = $1 AND c.running = 1 AND c.id > $2 ORDER BY c.id LIMIT $3"
    );
    store.rows(&sql, params![subject, after, limit]).await
}

/// The items of the last `sample` cases that were filed here, those with the most cases first.
pub(crate) async fn most_filed(store: &Store, sample: i64, limit: i64) -> Result<Vec<(String, i64)>, Fault> {
    let sql = "SELECT item_key, COUNT(*) AS n FROM \
               (SELECT item_key FROM cases_case WHERE imported = 0 ORDER BY id DESC LIMIT $1) AS lately \
               GROUP BY item_key ORDER BY n DESC, item_key LIMIT $2";
    store.rows(sql, params![sample, limit]).await
}

/// The case with this number, if it lies within the scope.
pub(crate) async fn the_case(store: &Store, number: &str, scope: &Scope) -> Result<Option<CaseLine>, Fault> {
    let Some((within, mut params)) = within(scope, 2) else { return Ok(None) };
    let sql = format!("SELECT {COLUMNS} FROM cases_case c WHERE c.number = $1 AND {within}");
    params.insert(0, Value::Text(number.to_owned()));
    store.row(&sql, params).await
}

/// The cases of a matter within the scope, in the order in which they were filed.
pub(crate) async fn of_matter(
    store: &Store,
    matter: MatterId,
    scope: &Scope,
) -> Result<Vec<CaseLine>, Fault> {
    let Some((within, mut params)) = within(scope, 2) else { return Ok(Vec::new()) };
    let sql = format!("SELECT {COLUMNS} FROM cases_case c WHERE c.matter_id = $1 AND {within} ORDER BY c.id");
    params.insert(0, Value::Text(matter.to_string()));
    store.rows(&sql, params).await
}

/// What an agent sees of a principal's cases: those of the items in the mandate, and those they filed; parameters numbered from
/// `first`.
pub(super) fn only(agent: Option<&Limited>, first: usize) -> (String, Vec<Value>) {
    let Some(agent) = agent else { return (String::new(), Vec::new()) };
    let marks: Vec<String> = (0..agent.items.len()).map(|n| format!("${}", first + 1 + n)).collect();
    let mut params = params![agent.person];
    params.extend(agent.items.iter().map(ToValue::to_value));
    // A mandate without items is none; the empty list is not SQL.
    let named =
        if marks.is_empty() { "1 = 0".to_owned() } else { format!("c.item_key IN ({})", marks.join(", ")) };
    let own =
        format!("EXISTS (SELECT 1 FROM cases_matter x WHERE x.id = c.matter_id AND x.person = ${first})");
    (format!(" AND ({named} OR {own})"), params)
}

/// The condition of a scope, its parameters numbered from `first`; `None` when it reaches nothing.
pub(super) fn within(scope: &Scope, first: usize) -> Option<(String, Vec<Value>)> {
    let (a, b) = (first, first + 1);
    match &scope.0 {
        Reach::Nothing => None,
        Reach::All => Some(("1 = 1".to_owned(), Vec::new())),
        Reach::Party(subject, _, agent) => {
            let (only, mut more) = only(agent.as_ref(), b);
            more.insert(0, subject.to_value());
            let party = "EXISTS (SELECT 1 FROM cases_party p WHERE p.case_id = c.id AND p.subject =";
            Some((format!("{party} ${a}){only}"), more))
        }
        Reach::Division(prefix) => {
            Some((format!("c.division LIKE ${a}"), params![format!("{prefix}%")]))
        }
        // Agency codes hold neither `%` nor `_`, so the part pattern is exact.
        Reach::Agency(agency) => Some((
            format!(
                "(c.agency = ${a} OR c.agency LIKE ${b} OR EXISTS (SELECT 1 FROM cases_task t WHERE t.case_id = c.id
                 AND (t.agency = ${a} OR t.agency LIKE ${b})))"
            ),
            params![agency.as_str(), format!("{agency}.%")],
        )),
        Reach::Window(agency) => {
            Some((format!("c.filed_window = ${a} AND c.filed_window <> ''"), params![agency.as_str()]))
        }
    }
}

const TASKS: &str =
    "SELECT t.id, t.case_id, t.number, t.step, t.agency, t.state, t.opened_at, t.due_at, t.done_at, t.holder, t.external
     FROM cases_task t";

/// The tasks of a case, whatever became of them.
pub(crate) async fn tasks_of(store: &Store, case: CaseId) -> Result<Vec<TaskLine>, Fault> {
    store.rows(&format!("{TASKS} WHERE t.case_id = $1 ORDER BY t.opened_at, t.id"), params![case]).await
}

/// The task, if it belongs to this agency.
pub(crate) async fn the_task(store: &Store, id: TaskId, agency: &str) -> Result<Option<TaskLine>, Fault> {
    store.row(&format!("{TASKS} WHERE t.id = $1 AND t.agency = $2"), params![id, agency]).await
}

/// Cases of a scope by id, for comparisons and exports.
pub(crate) async fn cases_after(
    store: &Store,
    scope: &Scope,
    after: &str,
    limit: i64,
) -> Result<Vec<CaseLine>, Fault> {
    let Some((within, mut extra)) = within(scope, 3) else { return Ok(Vec::new()) };
    let sql =
        format!("SELECT {COLUMNS} FROM cases_case c WHERE c.id > $1 AND {within} ORDER BY c.id LIMIT $2");
    let mut params = params![after, limit];
    params.append(&mut extra);
    store.rows(&sql, params).await
}
