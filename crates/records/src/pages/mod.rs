//! The pages of the room: `/desk/records` to take cases out, `/desk/records/import` to try what would come in.

mod choose;
mod file;
mod import;

use crate::feed::Holdings;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::get;
use identity::Staff;
use kernel::{Refusal, RefusalKind};
use page::House;
use std::sync::Arc;

/// What every page of the room needs.
#[derive(Clone)]
pub(crate) struct Room {
    pub house: House,
    pub holdings: Arc<dyn Holdings>,
}

/// The room's pages.
pub fn routes(house: House, holdings: Arc<dyn Holdings>) -> Router {
    Router::new()
        .route("/desk/records", get(choose::get))
        .route("/desk/records/file", get(file::get))
        .route("/desk/records/import", get(import::get).post(import::post))
        .layer(DefaultBodyLimit::max(page::submitted::UPLOAD_BYTES_MAX))
        .with_state(Room { house, holdings })
}

/// Examiners take out what their agency handles, supervisors what they supervise; windows and operators nothing.
fn may_take(who: &Staff) -> Result<(), Refusal> {
    match who {
        Staff::Examiner(_) | Staff::Supervisor(_) => Ok(()),
        Staff::Clerk(_) | Staff::Operator(_) => Err(Refusal::new(
            RefusalKind::Forbidden,
            "records.not-yours",
            "导出办件是审查人员和监督人员的权限。",
            "Taking cases out is for examiners and supervisors.",
        )
        .next(
            "如果您有别的账号或身份，请换用后再试。",
            "If you have another account or capacity, use that one.",
        )),
    }
}
