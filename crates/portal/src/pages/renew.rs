//! `/renew/{id}`: from a certificate one holds to the item that prolongs it (延续).

use super::Room;
use axum::extract::{Path, State};
use certificates::CertificateId;
use identity::Applicant;
use kernel::{Refusal, RefusalKind};
use page::{Answer, Ctx};

pub(super) async fn get(
    State(room): State<Room>,
    Path(id): Path<String>,
    _ctx: Ctx,
    who: Applicant,
) -> Answer {
    let store = &room.house.ground.store;
    let id: CertificateId = id.parse().map_err(|_| Refusal::not_found())?;
    let held = certificates::get(store, id).await?.filter(|c| who.sees_all() && c.holder == who.subject());
    let held = held.ok_or_else(Refusal::not_found)?;
    match catalog::renewing(store, &held.kind).await? {
        Some(item) => Ok(page::see_other(format!("/items/{item}"))),
        None => Err(nowhere().into()),
    }
}

fn nowhere() -> Refusal {
    Refusal::new(
        RefusalKind::Conflict,
        "portal.renewal-elsewhere",
        "这类证照的延续还不能在网上办理。",
        "A certificate of this kind cannot be renewed on line yet.",
    )
    .next("请联系证照上的发证机关。", "Please contact the agency that issued it.")
}
