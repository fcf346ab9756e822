//! In what capacity somebody applies who does not do so for themselves: as an heir, or as the liquidator of a firm; with the proof.

use super::{Room, keep_file};
use crate::model::Capacity;
use crate::queries::DraftView;
use crate::verbs::GivenParty;
use identity::Applicant;
use kernel::{FileId, Outcome};
use page::{Ctx, Say, Submitted};
use store::{Store, files};

/// The field of the proof, and where an earlier try has kept it.
pub(super) const PROOF: &str = "proof";
pub(super) const KEPT: &str = "proof.kept";

/// Whether a field is one of these.
pub(super) fn field(name: &str) -> bool {
    matches!(name, "capacity" | "share" | PROOF)
}

/// What may be said: a firm is wound up, a person inherits.
pub(super) fn offered(who: &Applicant, w: Say) -> Vec<(String, String)> {
    let (word, key) = match who.acting() {
        Some(_) => ("liquidator", "check-capacity-liquidator"),
        None => ("heir", "check-capacity-heir"),
    };
    vec![(word.to_owned(), w.t(key).into_owned())]
}

/// The proof that came with the form, or that an earlier try has kept.
pub(super) async fn proof(
    room: &Room,
    ctx: &Ctx,
    who: &Applicant,
    sent: &Submitted,
) -> Outcome<Option<FileId>> {
    if let Some(upload) = sent.files().iter().find(|f| f.field == PROOF) {
        return Ok(Some(keep_file(room, ctx.lang, who, upload).await?.id));
    }
    Ok(kept(&room.house.ground.store, who, sent.get(KEPT)).await?.and_then(|(id, _)| id.parse().ok()))
}

/// The id and the name of a proof that this account has uploaded.
pub(super) async fn kept(store: &Store, who: &Applicant, id: &str) -> Outcome<Option<(String, String)>> {
    let Ok(id) = id.parse::<FileId>() else { return Ok(None) };
    let info = files::info(store, id).await?.filter(|info| info.owner == Some(who.account()));
    Ok(info.map(|info| (id.to_string(), info.name)))
}

/// Whoever applies, in that capacity; nobody is named where they apply for themselves.
pub(super) fn party(view: &DraftView, sent: &Submitted, proof: Option<FileId>) -> Vec<GivenParty> {
    let capacity = match sent.get("capacity") {
        "heir" => Capacity::Heir,
        "liquidator" => Capacity::Liquidator,
        _ => return Vec::new(),
    };
    let share = Some(sent.get("share").trim().to_owned()).filter(|s| !s.is_empty());
    let role = view.role.clone().unwrap_or_default();
    vec![GivenParty { role, share, capacity, proof, ..GivenParty::default() }]
}
