//! Seals (印章): which an agency has, who may apply them, each use recorded.

mod choose;
mod demo;
mod model;
mod verbs;

pub(crate) use choose::{Chosen, choose};
pub use demo::seed_demo_seals;
pub(crate) use model::NewUse;
pub use model::{
    Imprint, RightState, Seal, SealCursor, SealId, SealKind, SealRight, SealState, SealUse, UseCursor, UseId,
};
pub use verbs::{SealEvent, grant, revoke, set_automatic, set_state, subject, suspend};

use crate::store::seals as rows;
use ::store::Store;
use kernel::{AgencyCode, Fault};

/// One seal.
///
/// # Errors
/// A [`Fault`] of the database.
pub async fn get(store: &Store, id: SealId) -> Result<Option<Seal>, Fault> {
    rows::get(store, id).await
}

/// The seals of exactly this agency.
///
/// # Errors
/// A [`Fault`] of the database.
pub async fn of_agency(store: &Store, agency: &AgencyCode) -> Result<Vec<Seal>, Fault> {
    rows::of_agency(store, agency).await
}

/// All seals by agency, from after `after`.
///
/// # Errors
/// A [`Fault`] of the database.
pub async fn list(store: &Store, after: Option<&SealCursor>, limit: i64) -> Result<Vec<Seal>, Fault> {
    rows::list(store, after, limit.clamp(1, 201)).await
}

/// Who holds or held a right over a seal.
///
/// # Errors
/// A [`Fault`] of the database.
pub async fn rights(store: &Store, id: SealId) -> Result<Vec<SealRight>, Fault> {
    rows::rights(store, id).await
}

/// The use of a seal, newest first, from after `after`.
///
/// # Errors
/// A [`Fault`] of the database.
pub async fn uses(
    store: &Store,
    id: SealId,
    after: Option<&UseCursor>,
    limit: i64,
) -> Result<Vec<SealUse>, Fault> {
    rows::uses(store, id, after, limit.clamp(1, 201)).await
}
