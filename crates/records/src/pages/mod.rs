//! The pages of the room: `/desk/records` to take cases out, `/desk/records/import` to try what would come in,
//! `/desk/records/archive` to check what is archived.

mod archive;
mod choose;
mod file;
mod import;
mod transfer;

pub use file::sent;

use crate::feed::Holdings;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::get;
use identity::{Agency, Staff};
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
        .route("/desk/records/transfer", get(transfer::get))
        .route("/desk/records/archive", get(archive::get))
        .route("/desk/records/archive/{id}", get(archive::package))
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

/// Whether what this agency keeps lies within the right: an examiner's own agency and its parts, a supervisor's divisions.
fn reaches(who: &Staff, agency: &Agency) -> bool {
    match who {
        Staff::Supervisor(who) => {
            // The codes of GB/T 2260 go in pairs; pairs of noughts at the end mean all below.
            let mut prefix = who.division();
            while let Some(shorter) = prefix.strip_suffix("00").filter(|p| p.len() % 2 == 0) {
                prefix = shorter;
            }
            !prefix.is_empty() && agency.division.starts_with(prefix)
        }
        other => other.agency().contains(&agency.code),
    }
}
