//! Messages up: what was signed for and is served by that, what came back, what a parcel costs.

use crate::model::*;
use ::store::Cx;
use kernel::{AgencyCode, Fault, SubjectId, Text, Timestamp};
use serde::{Deserialize, Serialize};

/// Told when a signature counts: what lies in the parcel is served by it.
pub const SIGNED: &str = "delivery.signed";

/// Told when a parcel came back: what lies in it is not served.
pub const RETURNED: &str = "delivery.returned";

/// What was signed for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signed {
    /// The parcel.
    pub parcel: ParcelId,
    /// The number on its label.
    pub number: String,
    /// The courier's number; none when it was collected.
    pub tracking: Option<String>,
    /// The matter.
    pub matter: String,
    /// The cases whose papers lay in it.
    pub cases: Vec<String>,
    /// The numbers of the papers; absent in messages of older programs.
    #[serde(default)]
    pub papers: Vec<String>,
    /// On whom.
    pub recipient: SubjectId,
    /// Who signed.
    pub signer: Signer,
    /// Their name.
    pub name: String,
    /// When.
    pub at: Timestamp,
}

/// What came back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Returned {
    /// The parcel.
    pub parcel: ParcelId,
    /// The cases whose papers lie in it.
    pub cases: Vec<String>,
    /// Why, as the courier says.
    pub reason: String,
}

/// What a parcel costs its recipient.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owes {
    /// The parcel.
    pub parcel: ParcelId,
    /// The order, which is what is paid: a parcel that is sent again costs again.
    pub order: OrderId,
    /// The number on its label.
    pub number: String,
    /// The matter; absent in messages of older programs.
    #[serde(default)]
    pub matter: Option<String>,
    /// The matter's name.
    pub title: Text,
    /// Who pays.
    pub payer: SubjectId,
    /// Their name.
    pub payer_name: String,
    /// The body that sent it.
    pub agency: AgencyCode,
    /// The code in the list of fees.
    pub fee: String,
    /// How much, in fen.
    pub amount: i64,
}

pub(super) fn signed(cx: &mut Cx, id: ParcelId, parcel: &Parcel, reached: &Reached) -> Result<(), Fault> {
    let tracking = parcel.attempt().filter(|_| !reached.at_window).and_then(|a| a.tracking.clone());
    let told = Signed {
        parcel: id,
        number: parcel.begun.number.clone(),
        tracking,
        matter: parcel.begun.matter.clone(),
        cases: parcel.carried_cases(),
        papers: parcel.carried().map(|p| p.number.clone()).collect(),
        recipient: parcel.begun.recipient,
        signer: reached.signer,
        name: reached.name.clone(),
        at: reached.at,
    };
    cx.commit.emit(SIGNED, &format!("parcel:{id}"), &told).map(|_| ())
}

pub(super) fn returned(cx: &mut Cx, id: ParcelId, parcel: &Parcel, leg: &Leg) -> Result<(), Fault> {
    let told = Returned { parcel: id, cases: parcel.carried_cases(), reason: leg.note.clone() };
    cx.commit.emit(RETURNED, &format!("parcel:{id}"), &told).map(|_| ())
}

/// What the courier asks of the recipient.
pub(super) fn owes(cx: &mut Cx, id: ParcelId, parcel: &Parcel, charge: &Charge) -> Result<(), Fault> {
    let b = &parcel.begun;
    let owes = Owes {
        parcel: id,
        order: charge.order,
        number: b.number.clone(),
        matter: Some(b.matter.clone()),
        title: b.title.clone(),
        payer: b.recipient,
        payer_name: b.recipient_name.clone(),
        agency: b.agency.clone(),
        fee: charge.fee.clone(),
        amount: charge.amount.as_fen(),
    };
    cx.commit.emit("delivery.owes", &format!("parcel:{id}"), &owes).map(|_| ())
}
