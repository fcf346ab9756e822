//! What the courier asks: by the published tariff, owed with the other fees of the matter as soon as one of them is due, else when the
//! parcel is packed.

use crate::model::*;
use crate::room::Deliveries;
use crate::rules::{self, Command};
use crate::store as rows;
use crate::tariff::Payer;
use ::store::Cx;
use kernel::{Fault, Outcome, SubjectId};
use serde::{Deserialize, Serialize};

/// Told when nothing is owed for a courier any more: the bill is called off, and what was paid goes back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spared {
    /// The parcel.
    pub parcel: ParcelId,
    /// The order that was billed.
    pub order: OrderId,
}

/// Other fees of a matter are due to this payer: so is what their courier asks, where they have chosen one.
///
/// # Errors
/// A fault of the store; not found when the address is gone.
pub async fn fees_due(cx: &mut Cx, room: &Deliveries, matter: &str, payer: SubjectId) -> Outcome<()> {
    for row in rows::parcels_of_matter(cx.store(), matter, payer).await? {
        let parcel = super::parcel(cx.store(), row.id).await?;
        if row.letter || !parcel.open() || parcel.charge.is_some() {
            continue;
        }
        if let Some(charge) = asks(cx, room, &parcel.begun, &parcel.how).await? {
            room.carry_out(cx, row.id, &Command::Charge(charge)).await?;
        }
    }
    Ok(())
}

/// What a way costs at once: where it is owed already, or something else of the matter is.
pub(super) async fn at_once(
    cx: &Cx,
    room: &Deliveries,
    (begun, how): (&Begun, &How),
    owed: bool,
) -> Outcome<Option<Charge>> {
    if begun.letter {
        return Ok(None);
    }
    if how.address().is_some() && (owed || room.around.owed_beside(&begun.matter, begun.recipient).await?) {
        return asks(cx, room, begun, how).await;
    }
    Ok(None)
}

/// The same for an address that is only just written down.
pub(super) async fn at(
    cx: &Cx,
    room: &Deliveries,
    parcel: &Parcel,
    division: &str,
) -> Outcome<Option<Charge>> {
    let begun = &parcel.begun;
    if begun.letter {
        return Ok(None);
    }
    if parcel.charge.is_some() || room.around.owed_beside(&begun.matter, begun.recipient).await? {
        return Ok(asked(room, &begun.division, division, cx.new_id()));
    }
    Ok(None)
}

/// What a way costs its recipient; none where nothing is sent, or the office pays.
async fn asks(cx: &Cx, room: &Deliveries, begun: &Begun, how: &How) -> Outcome<Option<Charge>> {
    let Some(address) = how.address() else { return Ok(None) };
    let found = rows::address(cx.store(), address, begun.recipient).await?;
    let found = found.ok_or_else(rules::no_address)?;
    Ok(asked(room, &begun.division, &found.division, cx.new_id()))
}

/// By the tariff, from one division to another.
pub(super) fn asked(room: &Deliveries, from: &str, to: &str, order: OrderId) -> Option<Charge> {
    let cost = room.tariff.cost(from, to).filter(|c| c.payer == Payer::Recipient)?;
    Some(Charge { order, fee: cost.fee, amount: cost.amount })
}

pub(super) fn spared(cx: &mut Cx, parcel: ParcelId, order: OrderId) -> Result<(), Fault> {
    cx.commit.emit("delivery.spared", &format!("parcel:{parcel}"), &Spared { parcel, order }).map(|_| ())
}
