//! All SQL of the room: parcels and their papers here; orders and lists, the address book, and bags beside.

mod bags;
mod book;
mod orders;

pub use bags::BagRow;
pub(crate) use bags::*;
pub(crate) use book::*;
pub use orders::ListRow;
pub(crate) use orders::*;

use crate::model::*;
use ::store::{Commit, Store, Value, params, row};
use kernel::{AgencyCode, Fault, SubjectId, Timestamp};

row! {
    /// A parcel as it stands in lists.
    pub struct ParcelRow {
        /// Its id.
        pub id: ParcelId,
        /// The number on its label.
        pub number: String,
        /// The matter.
        pub matter: String,
        /// Whose results.
        pub recipient: SubjectId,
        /// Their name.
        pub recipient_name: String,
        /// The how-manieth of its matter.
        pub nth: i64,
        /// The matter's name in Chinese.
        pub title_zh: String,
        /// In English.
        pub title_en: String,
        /// The first of its cases.
        pub case_no: String,
        /// The body that packs.
        pub agency: String,
        /// Where it stands.
        pub state: State,
        /// How it is handed over.
        pub how: String,
        /// Since when it stands so.
        pub since: Timestamp,
        /// When it began.
        pub at: Timestamp,
        /// Whether it is a letter: notices, sent while the matter still runs.
        pub letter: bool,
    }
}

const PARCEL: &str = "SELECT id, number, matter, recipient, recipient_name, nth, title_zh, title_en, case_no, agency, state, how, \
    since, at, letter FROM delivery_parcel";

/// Which parcels a member of staff reaches; part of every query.
#[derive(Debug, Clone)]
pub(crate) enum Reach {
    /// In divisions that begin so.
    Division(String),
    /// Of this agency and its parts.
    Agency(AgencyCode),
}

/// The part of the condition that keeps rows within a reach; its values are added to `params`.
pub(crate) fn within(reach: &Reach, params: &mut Vec<Value>) -> String {
    let mut put = |text: String| {
        params.push(Value::Text(text));
        format!("${}", params.len())
    };
    match reach {
        Reach::Division(prefix) => format!("(division LIKE {} OR division = '')", put(format!("{prefix}%"))),
        // Agency codes hold neither `%` nor `_`, so the part pattern is exact.
        Reach::Agency(agency) => {
            let (own, parts) = (put(agency.to_string()), put(format!("{agency}.%")));
            format!("(agency = {own} OR agency LIKE {parts})")
        }
    }
}

pub(crate) fn insert_parcel(commit: &mut Commit, id: ParcelId, p: &Parcel) {
    let b = &p.begun;
    let case = b.cases.first().map(|c| c.number.clone()).unwrap_or_default();
    commit.exec(
        "INSERT INTO delivery_parcel (id, number, matter, recipient, recipient_name, nth, title_zh, title_en, case_no, agency,
             division, state, how, address, since, at, next_at, letter)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $15, NULL, $16)",
        params![
            id, b.number, b.matter, b.recipient, b.recipient_name, b.nth, b.title.zh, b.title.en, case,
            b.agency.as_str(), b.division, p.state(), p.how.word(), p.how.address(), p.at, b.letter
        ],
    );
}

/// The parcel's row as its events have it now; `since` moves when its state does.
pub(crate) fn update_parcel(
    commit: &mut Commit,
    id: ParcelId,
    p: &Parcel,
    now: Timestamp,
    next: Option<Timestamp>,
) {
    commit.exec(
        "UPDATE delivery_parcel SET since = CASE WHEN state = $2 THEN since ELSE $3 END, state = $2, how = $4, address = $5,
             next_at = $6 WHERE id = $1",
        params![id, p.state(), now, p.how.word(), p.how.address(), next],
    );
}

pub(crate) fn insert_paper(commit: &mut Commit, parcel: ParcelId, recipient: SubjectId, number: &str) {
    commit.exec(
        "INSERT INTO delivery_paper (number, recipient, parcel) VALUES ($1, $2, $3)",
        params![number, recipient, parcel],
    );
}

/// A paper that lies in no parcel any more.
pub(crate) fn drop_paper(commit: &mut Commit, recipient: SubjectId, number: &str) {
    commit
        .exec("DELETE FROM delivery_paper WHERE number = $1 AND recipient = $2", params![number, recipient]);
}

/// Which parcel a paper lies in.
pub(crate) async fn parcel_of_paper(
    store: &Store,
    number: &str,
    recipient: SubjectId,
) -> Result<Option<ParcelId>, Fault> {
    let row: Option<(ParcelId,)> = store
        .row(
            "SELECT parcel FROM delivery_paper WHERE number = $1 AND recipient = $2",
            params![number, recipient],
        )
        .await?;
    Ok(row.map(|r| r.0))
}

pub(crate) async fn parcel_of(
    store: &Store,
    id: ParcelId,
    who: SubjectId,
) -> Result<Option<ParcelRow>, Fault> {
    store.row(&format!("{PARCEL} WHERE id = $1 AND recipient = $2"), params![id, who]).await
}

pub(crate) async fn parcel_within(
    store: &Store,
    id: ParcelId,
    reach: &Reach,
) -> Result<Option<ParcelRow>, Fault> {
    let mut params = params![id];
    let within = within(reach, &mut params);
    store.row(&format!("{PARCEL} WHERE id = $1 AND {within}"), params).await
}

pub(crate) async fn parcel_by_number(
    store: &Store,
    number: &str,
    reach: &Reach,
) -> Result<Option<ParcelRow>, Fault> {
    let mut params = params![number];
    let within = within(reach, &mut params);
    store.row(&format!("{PARCEL} WHERE number = $1 AND {within}"), params).await
}

/// The parcels of a matter for one recipient, the first first.
pub(crate) async fn parcels_of_matter(
    store: &Store,
    matter: &str,
    recipient: SubjectId,
) -> Result<Vec<ParcelRow>, Fault> {
    let sql = format!("{PARCEL} WHERE matter = $1 AND recipient = $2 ORDER BY nth");
    store.rows(&sql, params![matter, recipient]).await
}

/// The parcels of a matter for all its recipients, the first first.
pub(crate) async fn parcels_of(store: &Store, matter: &str) -> Result<Vec<ParcelRow>, Fault> {
    store.rows(&format!("{PARCEL} WHERE matter = $1 ORDER BY recipient, nth"), params![matter]).await
}

/// The parcels of a recipient, the newest first, before `before`.
pub(crate) async fn parcels_for(
    store: &Store,
    recipient: SubjectId,
    before: (i64, String),
    limit: i64,
) -> Result<Vec<ParcelRow>, Fault> {
    let sql =
        format!("{PARCEL} WHERE recipient = $1 AND (at, id) < ($2, $3) ORDER BY at DESC, id DESC LIMIT $4");
    store.rows(&sql, params![recipient, before.0, before.1, limit]).await
}

/// The parcels in a state within a reach, those that stand so longest first, after `after`.
pub(crate) async fn parcels_in(
    store: &Store,
    state: State,
    reach: &Reach,
    after: (i64, String),
    limit: i64,
) -> Result<Vec<ParcelRow>, Fault> {
    let mut params = params![state, after.0, after.1, limit];
    let within = within(reach, &mut params);
    let sql = format!(
        "{PARCEL} WHERE state = $1 AND (since, id) > ($2, $3) AND {within} ORDER BY since, id LIMIT $4"
    );
    store.rows(&sql, params).await
}

/// The parcels on a hand-over list, by number.
pub(crate) async fn parcels_on(store: &Store, list: ListId) -> Result<Vec<ParcelRow>, Fault> {
    let sql =
        format!("{PARCEL} WHERE id IN (SELECT parcel FROM delivery_entry WHERE list = $1) ORDER BY number");
    store.rows(&sql, params![list]).await
}

/// Whether a parcel that is not packed yet goes to an address.
pub(crate) async fn address_wanted(
    store: &Store,
    recipient: SubjectId,
    address: AddressId,
) -> Result<bool, Fault> {
    let row: Option<(i64,)> = store
        .row(
            "SELECT COUNT(*) FROM delivery_parcel WHERE recipient = $1 AND address = $2
             AND (state = 'gathering' OR state = 'ready' OR state = 'nothing')",
            params![recipient, address],
        )
        .await?;
    Ok(row.is_some_and(|r| r.0 > 0))
}

/// Parcels of which a reminder or the end of the time to collect is due.
pub(crate) async fn parcels_due(store: &Store, now: Timestamp, limit: i64) -> Result<Vec<ParcelId>, Fault> {
    let rows: Vec<(ParcelId,)> = store
        .rows(
            "SELECT id FROM delivery_parcel WHERE next_at IS NOT NULL AND next_at < $1 ORDER BY next_at, id LIMIT $2",
            params![now, limit],
        )
        .await?;
    Ok(rows.into_iter().map(|r| r.0).collect())
}
