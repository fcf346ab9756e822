//! What a window accepts for another place (就近代办、跨域通办): of its own place anything, of another what an agreement names.

use super::filer::Filer;
use crate::model::Received;
use ::store::Store;
use catalog::Item;
use identity::Clerk;
use kernel::{AgencyCode, Outcome, Refusal, RefusalKind, Timestamp, clock};

/// Whether a window may accept an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Taking {
    /// It is of its own place.
    Here,
    /// For the body of another place, under an agreement.
    For(Received),
    /// Of another place, and nothing is agreed.
    Not,
}

/// Whether this clerk's window may accept the item today.
///
/// # Errors
/// A fault of the store.
pub async fn taking(store: &Store, clerk: &Clerk, item: &Item, now: Timestamp) -> Outcome<Taking> {
    by_agency(store, clerk.agency(), item, now).await
}

async fn by_agency(store: &Store, window: &AgencyCode, item: &Item, now: Timestamp) -> Outcome<Taking> {
    let place = async |agency: &AgencyCode| -> Outcome<String> {
        Ok(identity::agency(store, agency).await?.map(|a| a.division).unwrap_or_default())
    };
    let (here, there) = (place(window).await?, place(&item.agency).await?);
    if catalog::agreement::same_place(&here, &there) {
        return Ok(Taking::Here);
    }
    let agreements = catalog::agreement::agreements();
    let found = agreements.find(window, &item.key, &item.agency, clock::legal_date(now));
    Ok(found.map_or(Taking::Not, |one| {
        Taking::For(Received {
            agency: window.clone(),
            agreement: one.id.clone(),
            mode: one.mode,
            compared: false,
        })
    }))
}

/// For whom the filer's window receives this item; nothing for whoever files themselves, or files at their own place.
///
/// # Errors
/// `cases.not-taken-here` when nothing is agreed; `cases.compare-first` when both places take steps of it and the originals were not
/// compared here.
pub(super) async fn received(
    store: &Store,
    filer: &Filer,
    item: &Item,
    now: Timestamp,
) -> Outcome<Option<Received>> {
    let Some(window) = &filer.window else { return Ok(None) };
    match by_agency(store, window, item, now).await? {
        Taking::Here => Ok(None),
        Taking::For(received) if received.mode.compares() && !filer.compared => Err(compare_first().into()),
        // What travels is compared where it arrives.
        Taking::For(received) => Ok(Some(Received { compared: received.mode.compares(), ..received })),
        Taking::Not => Err(not_taken(item).into()),
    }
}

/// Nothing is agreed with that place.
pub fn not_taken(item: &Item) -> Refusal {
    Refusal::new(
        RefusalKind::Forbidden,
        "cases.not-taken-here",
        format!("“{}”由外地办理，本单位没有代收它的协议。", item.name.zh),
        format!(
            "“{}” is decided in another place, and no agreement lets this window accept it.",
            item.name.en
        ),
    )
    .next(
        "请告诉当事人可以网上申请，或者到办理地的大厅、邮寄申请。",
        "Tell the person that they can apply on line, in a hall of that place, or by post.",
    )
}

fn compare_first() -> Refusal {
    let (zh, en) = (
        "请核对全部原件和本人身份：外地机关据此决定，原件不再寄送。",
        "Compare every original and see who it is: the agency there relies on it, and no original travels.",
    );
    Refusal::new(RefusalKind::Invalid, "cases.compare-first", zh, en).field("compared", zh, en)
}
