//! Orders at the courier, codes for collecting, hand-over lists, nonces.

use super::{Reach, within};
use crate::model::{ListId, OrderId, ParcelId, Told};
use ::store::{Commit, Sealed, Sealer, Store, params, row};
use kernel::{AgencyCode, Fault, Timestamp};

/// Under what the address of an order is sealed.
const TOLD: &str = "delivery_order.told";
/// Under what a code is sealed, and in which domain it is found.
const CODE: &str = "delivery_code.code";

row! {
    /// An order as the program deals with it.
    pub(crate) struct OrderRow {
        /// Its id.
        pub id: OrderId,
        /// Of which parcel.
        pub parcel: ParcelId,
        /// `new`, `placed`, `handed`, `told` or `ended`.
        pub state: String,
        /// The address, sealed.
        pub told: Sealed<Told>,
        /// The administrative division.
        pub division: String,
        /// How often the courier was spoken to without news.
        pub asked: i64,
    }
}

const ORDER: &str = "SELECT id, parcel, state, told, division, asked FROM delivery_order";

impl OrderRow {
    pub(crate) fn open(&self, sealer: &Sealer) -> Result<Told, Fault> {
        self.told.open(sealer, TOLD)
    }
}

pub(crate) fn insert_order(
    commit: &mut Commit,
    sealer: &Sealer,
    (id, parcel): (OrderId, ParcelId),
    (division, told): (&str, &Told),
    now: Timestamp,
) -> Result<(), Fault> {
    let told = Sealed::seal(sealer, TOLD, told)?;
    commit.exec(
        "INSERT INTO delivery_order (id, parcel, state, told, division, tracking, asked, at, next_at)
         VALUES ($1, $2, 'new', $3, $4, NULL, 0, $5, $5)",
        params![id, parcel, told, division, now],
    );
    Ok(())
}

pub(crate) fn order_placed(commit: &mut Commit, id: OrderId, tracking: &str) {
    // One that was handed over before the courier answered waits to be told that; any other waits for a list.
    commit.exec_any(
        "UPDATE delivery_order SET tracking = $2, asked = 0, state = CASE WHEN state = 'new' THEN 'placed' ELSE state END,
             next_at = CASE WHEN state = 'new' THEN NULL ELSE next_at END WHERE id = $1 AND tracking IS NULL",
        params![id, tracking],
    );
}

/// It was handed over: the courier is told at once.
pub(crate) fn order_handed(commit: &mut Commit, id: OrderId, now: Timestamp) {
    commit.exec(
        "UPDATE delivery_order SET state = 'handed', asked = 0, next_at = $2 WHERE id = $1",
        params![id, now],
    );
}

/// The courier was spoken to: when it is next.
pub(crate) fn order_next(
    commit: &mut Commit,
    id: OrderId,
    (state, asked): (&str, i64),
    next: Option<Timestamp>,
) {
    commit.exec_any(
        "UPDATE delivery_order SET state = $2, asked = $3, next_at = $4 WHERE id = $1 AND state <> 'ended'",
        params![id, state, asked, next],
    );
}

/// Nothing more is asked of it.
pub(crate) fn order_ended(commit: &mut Commit, id: OrderId) {
    commit.exec_any("UPDATE delivery_order SET state = 'ended', next_at = NULL WHERE id = $1", params![id]);
}

pub(crate) async fn order(store: &Store, id: OrderId) -> Result<Option<OrderRow>, Fault> {
    store.row(&format!("{ORDER} WHERE id = $1"), params![id]).await
}

pub(crate) async fn orders_due(store: &Store, now: Timestamp, limit: i64) -> Result<Vec<OrderRow>, Fault> {
    let sql = format!("{ORDER} WHERE next_at IS NOT NULL AND next_at <= $1 ORDER BY next_at, id LIMIT $2");
    store.rows(&sql, params![now, limit]).await
}

/// Gives a parcel its code.
pub(crate) fn put_code(
    commit: &mut Commit,
    sealer: &Sealer,
    parcel: ParcelId,
    code: &str,
) -> Result<(), Fault> {
    let sealed = Sealed::seal(sealer, CODE, &code.to_owned())?;
    commit.exec(
        "INSERT INTO delivery_code (parcel, blind, code) VALUES ($1, $2, $3)",
        params![parcel, sealer.blind(CODE, code), sealed],
    );
    Ok(())
}

/// A code opens once.
pub(crate) fn drop_code(commit: &mut Commit, parcel: ParcelId) {
    commit.exec_any("DELETE FROM delivery_code WHERE parcel = $1", params![parcel]);
}

pub(crate) async fn code_of(store: &Store, parcel: ParcelId) -> Result<Option<String>, Fault> {
    let row: Option<(Sealed<String>,)> =
        store.row("SELECT code FROM delivery_code WHERE parcel = $1", params![parcel]).await?;
    row.map(|r| r.0.open(store.sealer(), CODE)).transpose()
}

pub(crate) async fn parcel_by_code(store: &Store, code: &str) -> Result<Option<ParcelId>, Fault> {
    let blind = store.sealer().blind(CODE, code);
    let row: Option<(ParcelId,)> =
        store.row("SELECT parcel FROM delivery_code WHERE blind = $1", params![blind]).await?;
    Ok(row.map(|r| r.0))
}

row! {
    /// A hand-over list.
    pub struct ListRow {
        /// Its id.
        pub id: ListId,
        /// Its number.
        pub number: String,
        /// Whose.
        pub agency: String,
        /// `open` or `closed`.
        pub state: String,
        /// Who signed for the courier.
        pub courier: Option<String>,
        /// When it was begun.
        pub at: Timestamp,
        /// When the courier signed.
        pub closed_at: Option<Timestamp>,
        /// For how many changes.
        pub rev: i64,
    }
}

const LIST: &str = "SELECT id, number, agency, state, courier, at, closed_at, rev FROM delivery_list";

pub(crate) fn insert_list(
    commit: &mut Commit,
    (id, number): (ListId, &str),
    (agency, division): (&AgencyCode, &str),
    now: Timestamp,
) {
    commit.exec(
        "INSERT INTO delivery_list (id, number, agency, division, state, courier, at, closed_at, rev)
         VALUES ($1, $2, $3, $4, 'open', NULL, $5, NULL, 1)",
        params![id, number, agency.as_str(), division, now],
    );
}

pub(crate) fn insert_entry(commit: &mut Commit, list: ListId, parcel: ParcelId) {
    commit.exec("INSERT INTO delivery_entry (list, parcel) VALUES ($1, $2)", params![list, parcel]);
}

pub(crate) fn drop_entry(commit: &mut Commit, list: ListId, parcel: ParcelId) {
    commit.exec("DELETE FROM delivery_entry WHERE list = $1 AND parcel = $2", params![list, parcel]);
}

/// A parcel was put on it or taken off: whoever closes it meanwhile decides anew.
pub(crate) fn touch_list(commit: &mut Commit, id: ListId) {
    commit.exec("UPDATE delivery_list SET rev = rev + 1 WHERE id = $1 AND state = 'open'", params![id]);
}

pub(crate) fn close_list(commit: &mut Commit, list: &ListRow, courier: &str, now: Timestamp) {
    commit.exec(
        "UPDATE delivery_list SET state = 'closed', courier = $3, closed_at = $4, rev = rev + 1
         WHERE id = $1 AND rev = $2 AND state = 'open'",
        params![list.id, list.rev, courier, now],
    );
}

pub(crate) async fn list_within(store: &Store, id: ListId, reach: &Reach) -> Result<Option<ListRow>, Fault> {
    let mut params = params![id];
    let within = within(reach, &mut params);
    store.row(&format!("{LIST} WHERE id = $1 AND {within}"), params).await
}

/// The number of a list.
pub(crate) async fn list_number(store: &Store, id: ListId) -> Result<String, Fault> {
    let row: Option<(String,)> =
        store.row("SELECT number FROM delivery_list WHERE id = $1", params![id]).await?;
    Ok(row.map(|r| r.0).unwrap_or_default())
}

/// The lists of an agency, the newest first.
pub(crate) async fn lists_of(
    store: &Store,
    agency: &AgencyCode,
    before: (i64, String),
    limit: i64,
) -> Result<Vec<ListRow>, Fault> {
    let sql = format!("{LIST} WHERE agency = $1 AND (at, id) < ($2, $3) ORDER BY at DESC, id DESC LIMIT $4");
    store.rows(&sql, params![agency.as_str(), before.0, before.1, limit]).await
}

pub(crate) async fn nonce_used(store: &Store, nonce: &str) -> Result<bool, Fault> {
    let row: Option<(String,)> =
        store.row("SELECT nonce FROM delivery_nonce WHERE nonce = $1", params![nonce]).await?;
    Ok(row.is_some())
}

pub(crate) fn use_nonce(commit: &mut Commit, nonce: &str, now: Timestamp) {
    commit.exec("INSERT INTO delivery_nonce (nonce, at) VALUES ($1, $2)", params![nonce, now]);
}

pub(crate) fn forget_nonces(commit: &mut Commit, before: Timestamp) {
    commit.exec_any("DELETE FROM delivery_nonce WHERE at < $1", params![before]);
}
