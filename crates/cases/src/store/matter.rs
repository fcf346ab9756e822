//! Rows of matters and drafts.

use crate::draft::Draft;
use crate::model::MatterId;
use catalog::ItemVersionId;
use catalog::planner::Plan;
use kernel::{AccountId, Fault, PersonId, SubjectId, Timestamp};
use store::{Commit, Sealed, Store, params, row};

row! {
    /// A matter as it stands in the table.
    pub(crate) struct MatterLine {
        pub(crate) id: MatterId,
        pub(crate) about: String,
        pub(crate) subject: SubjectId,
        pub(crate) person: PersonId,
        pub(crate) account: AccountId,
        pub(crate) name_zh: String,
        pub(crate) name_en: String,
        pub(crate) state: String,
        pub(crate) rev: i64,
        pub(crate) draft: Option<Sealed<Draft>>,
        pub(crate) created_at: Timestamp,
        pub(crate) saved_at: Timestamp,
    }
}

const COLUMNS: &str =
    "id, about, subject, person, account, name_zh, name_en, state, rev, draft, created_at, saved_at";

/// A new matter; `plan` is what it was filed under when it is no draft.
pub(crate) fn add_matter(
    commit: &mut Commit,
    m: &MatterLine,
    items: &[(String, ItemVersionId)],
    plan: Option<&Sealed<Plan>>,
) {
    commit.exec(
        "INSERT INTO cases_matter (id, about, subject, person, account, name_zh, name_en, state, rev, draft, created_at, saved_at,
             members, plan)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        params![
            m.id, m.about, m.subject, m.person, m.account, m.name_zh, m.name_en, m.state, m.rev, m.draft,
            m.created_at, m.saved_at, items.len(), plan.cloned()
        ],
    );
    for (position, (key, version)) in items.iter().enumerate() {
        commit.exec(
            "INSERT INTO cases_matter_item (matter_id, position, item_key, item_version) VALUES ($1, $2, $3, $4)",
            params![m.id, position, key, version],
        );
    }
}

/// Saves a draft made on `rev`; touches no row when the draft has moved on, which is a conflict.
pub(crate) fn save_draft(commit: &mut Commit, id: MatterId, draft: &Sealed<Draft>, rev: i64, at: Timestamp) {
    commit.exec(
        "UPDATE cases_matter SET draft = $2, rev = $3 + 1, saved_at = $4 WHERE id = $1 AND rev = $3 AND state = 'draft'",
        params![id, draft, rev, at],
    );
}

/// Turns the draft into something filed, with the plan as it stood; its text is not kept twice.
pub(crate) fn file_matter(
    commit: &mut Commit,
    id: MatterId,
    at: Timestamp,
    members: usize,
    plan: &Sealed<Plan>,
) {
    commit.exec(
        "UPDATE cases_matter SET state = 'filed', draft = NULL, rev = rev + 1, saved_at = $2, members = $3, plan = $4
         WHERE id = $1 AND state = 'draft'",
        params![id, at, members, plan],
    );
}

/// The plan as a matter was filed under it; none for drafts and for what was filed before plans were kept.
pub(crate) async fn plan_of(store: &Store, id: MatterId) -> Result<Option<Sealed<Plan>>, Fault> {
    let found: Option<(Option<Sealed<Plan>>,)> =
        store.row("SELECT plan FROM cases_matter WHERE id = $1", params![id]).await?;
    Ok(found.and_then(|(plan,)| plan))
}

pub(crate) async fn matter(
    store: &Store,
    id: MatterId,
    subject: SubjectId,
) -> Result<Option<MatterLine>, Fault> {
    let sql = format!("SELECT {COLUMNS} FROM cases_matter WHERE id = $1 AND subject = $2");
    store.row(&sql, params![id, subject]).await
}

/// A matter, whoever's it is: the scope of whoever asks stands at its cases.
pub(crate) async fn any_matter(store: &Store, id: MatterId) -> Result<Option<MatterLine>, Fault> {
    let sql = format!("SELECT {COLUMNS} FROM cases_matter WHERE id = $1");
    store.row(&sql, params![id]).await
}

pub(crate) async fn find_draft(
    store: &Store,
    person: PersonId,
    subject: SubjectId,
    about: &str,
) -> Result<Option<MatterLine>, Fault> {
    let sql = format!(
        "SELECT {COLUMNS} FROM cases_matter WHERE person = $1 AND subject = $2 AND about = $3 AND state = 'draft'"
    );
    store.row(&sql, params![person, subject, about]).await
}

/// The drafts of a person in somebody's name, the one saved last first.
pub(crate) async fn drafts(
    store: &Store,
    person: PersonId,
    subject: SubjectId,
) -> Result<Vec<MatterLine>, Fault> {
    let sql = format!(
        "SELECT {COLUMNS} FROM cases_matter WHERE subject = $1 AND state = 'draft' AND person = $2
         ORDER BY saved_at DESC LIMIT 50"
    );
    store.rows(&sql, params![subject, person]).await
}

/// What a person handed in for somebody lately, the last one first.
pub(crate) async fn filed_by(
    store: &Store,
    person: PersonId,
    subject: SubjectId,
    limit: i64,
) -> Result<Vec<MatterId>, Fault> {
    let sql = "SELECT id FROM cases_matter WHERE subject = $1 AND state = 'filed' AND person = $2
               ORDER BY saved_at DESC LIMIT $3";
    let found: Vec<(MatterId,)> = store.rows(sql, params![subject, person, limit]).await?;
    Ok(found.into_iter().map(|(id,)| id).collect())
}

/// The items of a matter, in order.
pub(crate) async fn items_of(store: &Store, id: MatterId) -> Result<Vec<(String, ItemVersionId)>, Fault> {
    store
        .rows(
            "SELECT item_key, item_version FROM cases_matter_item WHERE matter_id = $1 ORDER BY position",
            params![id],
        )
        .await
}
