//! At the packing desk: each paper ticked or scanned, the label, and what came back.

use super::choose::{Choice, by, how, within};
use crate::model::*;
use crate::room::Deliveries;
use crate::rules::{self, Command};
use crate::store as rows;
use ::store::Cx;
use identity::Staff;
use kernel::{Outcome, SubjectId};
use trace::{Look, Purpose};

/// What is printed on a label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// The administrative division's name, from above.
    pub place: String,
    /// Street, recipient and telephone.
    pub told: Told,
}

/// Closes a parcel: every paper that goes was ticked, or its number scanned.
///
/// # Errors
/// Not found; `delivery.missing` names what is missing, `delivery.not-of-this` what does not belong; `delivery.gathering`,
/// `delivery.nothing`, `delivery.packed`; `delivery.no-address` when the address is gone.
pub async fn pack(
    cx: &mut Cx,
    room: &Deliveries,
    staff: &Staff,
    id: ParcelId,
    ticked: Vec<String>,
) -> Outcome<Parcel> {
    within(cx, room, staff, id).await?;
    let command = Command::Pack { ticked, by: by(staff), order: cx.new_id() };
    Ok(room.carry_out(cx, id, &command).await?.0)
}

/// A clerk has a parcel in hand that came back.
///
/// # Errors
/// Not found; `delivery.not-on-its-way`, `delivery.say-why`.
pub async fn take_back(
    cx: &mut Cx,
    room: &Deliveries,
    staff: &Staff,
    id: ParcelId,
    reason: &str,
) -> Outcome<Parcel> {
    within(cx, room, staff, id).await?;
    Ok(room.carry_out(cx, id, &Command::TakeBack { reason: reason.to_owned() }).await?.0)
}

/// What came back waits at the window.
///
/// # Errors
/// Not found; `delivery.not-returned`.
pub async fn keep(cx: &mut Cx, room: &Deliveries, staff: &Staff, id: ParcelId) -> Outcome<Parcel> {
    within(cx, room, staff, id).await?;
    Ok(room.carry_out(cx, id, &Command::Keep).await?.0)
}

/// What came back is sent once more, to an address of the recipient's book.
///
/// # Errors
/// Not found; `delivery.not-returned`, `delivery.sent-twice`, `delivery.no-address`.
pub async fn again(
    cx: &mut Cx,
    room: &Deliveries,
    staff: &Staff,
    id: ParcelId,
    address: &str,
) -> Outcome<Parcel> {
    within(cx, room, staff, id).await?;
    let begun = super::parcel(cx.store(), id).await?.begun;
    let choice = Choice { how: "courier".to_owned(), address: address.to_owned(), place: String::new() };
    let how = how(cx, room, begun.recipient, (&begun.division, &begun.cases), &choice).await?;
    let command = Command::Again { how, by: by(staff), order: cx.new_id() };
    Ok(room.carry_out(cx, id, &command).await?.0)
}

/// Whether whoever packs needs the address now: until the courier has it.
fn needed(parcel: &Parcel) -> bool {
    matches!(parcel.state(), State::Ready | State::Packed | State::Listed)
}

/// Records that whoever packs looks at the address; without it nothing is shown.
///
/// # Errors
/// Not found outside of one's reach.
pub async fn look_at_label(cx: &mut Cx, room: &Deliveries, staff: &Staff, id: ParcelId) -> Outcome<()> {
    within(cx, room, staff, id).await?;
    let parcel = super::parcel(cx.store(), id).await?;
    let SubjectId::Person(person) = parcel.begun.recipient else { return Ok(()) };
    let Some(case) = parcel.begun.cases.first().filter(|_| needed(&parcel)) else { return Ok(()) };
    if parcel.how.address().is_some() {
        let purpose = Purpose::in_case("deliver", &case.number);
        trace::look(cx, &Look { person, fields: vec!["address".to_owned()], purpose })?;
    }
    Ok(())
}

/// The label of a parcel that goes by courier, as long as it is being packed; call [`look_at_label`] first.
///
/// # Errors
/// A fault of the store.
pub async fn label(room: &Deliveries, parcel: &Parcel) -> Outcome<Option<Label>> {
    let store = &room.house.ground.store;
    let Some(address) = parcel.how.address().filter(|_| needed(parcel)) else { return Ok(None) };
    let (division, told) = match parcel.attempt() {
        Some(attempt) => {
            let Some(order) = rows::order(store, attempt.order).await? else { return Ok(None) };
            (order.division.clone(), order.open(store.sealer())?)
        }
        None => match rows::address(store, address, parcel.begun.recipient).await? {
            Some(row) => (row.division.clone(), row.open(store.sealer())?),
            None => return Err(rules::no_address().into()),
        },
    };
    let place = super::book::place(store, &division, kernel::Lang::ZhCn).await?;
    Ok(Some(Label { place, told }))
}
