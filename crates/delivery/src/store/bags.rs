//! Bags of papers between halls.

use crate::model::{BagId, ParcelId};
use ::store::{Commit, Store, params, row};
use kernel::{AgencyCode, Fault, Timestamp};

row! {
    /// A bag as it stands in lists.
    pub struct BagRow {
        /// Its id.
        pub id: BagId,
        /// The number of its seal.
        pub seal: String,
        /// Who sends it.
        pub sender: String,
        /// Who gets it.
        pub receiver: String,
        /// Where it stands.
        pub state: String,
        /// How many papers are listed.
        pub papers: i64,
        /// When it was listed.
        pub at: Timestamp,
    }
}

const BAG: &str = "SELECT id, seal, sender, receiver, state, papers, at FROM delivery_bag";

pub(crate) fn insert_bag(commit: &mut Commit, bag: &BagRow) {
    commit.exec(
        "INSERT INTO delivery_bag (id, seal, sender, receiver, state, papers, at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        params![bag.id, bag.seal, bag.sender, bag.receiver, bag.state, bag.papers, bag.at],
    );
}

/// The parcel with this number on its label.
pub(crate) async fn parcel_numbered(store: &Store, number: &str) -> Result<Option<ParcelId>, Fault> {
    let sql = "SELECT id FROM delivery_parcel WHERE number = $1";
    Ok(store.row::<(ParcelId,)>(sql, params![number]).await?.map(|(id,)| id))
}

/// A paper of a bag's list, to be found by its case.
pub(crate) fn insert_bag_paper(commit: &mut Commit, bag: BagId, nth: usize, case: &str, what: &str) {
    commit.exec(
        "INSERT INTO delivery_bag_paper (bag, nth, case_number, what) VALUES ($1, $2, $3, $4)",
        params![bag, nth, case, what],
    );
}

row! {
    /// A paper of a case, and the bag on whose list it stands.
    pub(crate) struct BagPaperRow {
        pub(crate) bag: BagId,
        pub(crate) nth: i64,
        pub(crate) what: String,
        pub(crate) seal: String,
        pub(crate) sender: String,
        pub(crate) receiver: String,
        pub(crate) state: String,
        pub(crate) at: Timestamp,
    }
}

/// More papers of one case than travel.
const OF_CASE_MAX: i64 = 200;

/// The papers of a case that stand on lists, the newest list first.
pub(crate) async fn papers_of_case(store: &Store, case: &str) -> Result<Vec<BagPaperRow>, Fault> {
    let sql = "SELECT p.bag, p.nth, p.what, b.seal, b.sender, b.receiver, b.state, b.at
               FROM delivery_bag_paper p JOIN delivery_bag b ON b.id = p.bag
               WHERE p.case_number = $1 ORDER BY b.at DESC, p.bag, p.nth LIMIT $2";
    store.rows(sql, params![case, OF_CASE_MAX]).await
}

pub(crate) fn move_bag(commit: &mut Commit, id: BagId, state: &str) {
    commit.exec("UPDATE delivery_bag SET state = $2 WHERE id = $1", params![id, state]);
}

pub(crate) async fn seal_used(store: &Store, seal: &str) -> Result<bool, Fault> {
    let row: Option<(String,)> =
        store.row("SELECT seal FROM delivery_bag WHERE seal = $1", params![seal]).await?;
    Ok(row.is_some())
}

/// A bag, for one of its two ends.
pub(crate) async fn bag_of(store: &Store, id: BagId, agency: &AgencyCode) -> Result<Option<BagRow>, Fault> {
    let sql = format!("{BAG} WHERE id = $1 AND (sender = $2 OR receiver = $2)");
    store.row(&sql, params![id, agency.as_str()]).await
}

/// The bags that an agency sent, the newest first.
pub(crate) async fn bags_sent(store: &Store, agency: &AgencyCode, limit: i64) -> Result<Vec<BagRow>, Fault> {
    let sql = format!("{BAG} WHERE sender = $1 ORDER BY at DESC, id DESC LIMIT $2");
    store.rows(&sql, params![agency.as_str(), limit]).await
}

/// The bags that come to an agency, the newest first.
pub(crate) async fn bags_coming(
    store: &Store,
    agency: &AgencyCode,
    limit: i64,
) -> Result<Vec<BagRow>, Fault> {
    let sql = format!("{BAG} WHERE receiver = $1 ORDER BY at DESC, id DESC LIMIT $2");
    store.rows(&sql, params![agency.as_str(), limit]).await
}
