//! A bill is raised: its lines from the published list, one open bill for a matter and a payer.

use super::{settled_now, subject, write};
use crate::code::PayCode;
use crate::event::BillEvent;
use crate::ledger;
use crate::model::*;
use crate::room::Payments;
use crate::rules;
use crate::store as rows;
use ::store::{Cx, serial};
use kernel::{AgencyCode, Money, Outcome, SubjectId, Text, clock};
use trace::Head;

/// One thing that is owed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewLine {
    /// Its code in the list of fees.
    pub fee: String,
    /// How much.
    pub amount: Money,
}

/// What is to be raised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewBill {
    /// What it is for: `case:<id>`.
    pub about: String,
    /// The matter that belongs to: `matter:<id>`; its bills of one payer are paid by one act. None stands alone.
    pub matter: Option<String>,
    /// The number people know that by.
    pub number: String,
    /// Its title.
    pub title: Text,
    /// Who pays.
    pub payer: SubjectId,
    /// Their name.
    pub payer_name: String,
    /// The body that collects.
    pub agency: AgencyCode,
    /// What is owed; what comes to nothing is left out.
    pub lines: Vec<NewLine>,
}

/// Raises a bill; the same matter and payer have one, however often it is asked for, until it is called off. Answers none where
/// nothing is owed.
///
/// # Errors
/// `payment.not-listed` for what is not in the list, or not at this rate.
pub async fn raise(cx: &mut Cx, p: &Payments, new: &NewBill) -> Outcome<Option<BillId>> {
    let before = rows::bills_about(cx.store(), &new.about).await?;
    if let Some(row) = before.iter().find(|b| b.payer == new.payer && b.state != BillState::Cancelled) {
        return Ok(Some(row.id));
    }
    raise_anew(cx, p, new, &[]).await
}

/// A reduction of a bill that was called off, to be carried over to the one in its place.
pub(super) struct Carried {
    /// Of which fee.
    pub(super) fee: String,
    /// What was granted, or asked for.
    pub(super) granted: Granted,
    /// Whether it still waits for a second person.
    pub(super) waits: bool,
}

/// The reductions of a bill: those that were granted, then those that wait.
pub(super) fn reductions(bill: &Bill) -> Vec<Carried> {
    let one = |order: &Order, granted: &Granted, waits: bool| Carried {
        fee: order.line.fee.clone(),
        granted: granted.clone(),
        waits,
    };
    let granted = bill.orders.iter().flat_map(|o| o.granted.iter().map(move |g| one(o, g, false)));
    let asked = bill.asked.iter().filter_map(|(id, g)| bill.order(*id).map(|o| one(o, g, true)));
    granted.chain(asked).collect()
}

/// Raises one more bill; `before`: reductions of a bill that was called off for it, which hold for the new amounts too.
pub(super) async fn raise_anew(
    cx: &mut Cx,
    p: &Payments,
    new: &NewBill,
    before: &[Carried],
) -> Outcome<Option<BillId>> {
    let mut lines = Vec::with_capacity(new.lines.len());
    for line in new.lines.iter().filter(|l| l.amount != Money::ZERO) {
        let fee = p.list.take(&line.fee, line.amount)?;
        lines.push(Line {
            order: cx.new_id(),
            fee: fee.code.clone(),
            name: fee.name.clone(),
            kind: fee.kind,
            basis: fee.basis.clone(),
            account: fee.account.clone(),
            amount: line.amount,
        });
    }
    if lines.is_empty() {
        return Ok(None);
    }
    let division = identity::agency(cx.store(), &new.agency).await?.map(|a| a.division).unwrap_or_default();
    let year = clock::legal_date(cx.now).year();
    let series = format!("payment.bill.{}.{year}", PayCode::division(&division));
    let number = serial::block(&cx.ground, &series).await?;
    let raised = Raised {
        about: new.about.clone(),
        matter: new.matter.clone(),
        number: new.number.clone(),
        title: new.title.clone(),
        payer: new.payer,
        payer_name: new.payer_name.clone(),
        agency: new.agency.clone(),
        code: PayCode::new(&division, year, number),
        division,
        lines,
        due: p.house.calendar.due(cx.now, p.terms.unpaid),
    };
    let (id, now): (BillId, _) = (cx.new_id(), cx.now);
    let (mut bill, mut head) = (rules::begun(&raised, now), Head::start());
    let event = BillEvent::Raised(Box::new(raised));
    let entries = ledger::entries(&bill, &event)?;
    trace::record(cx, &mut head, &subject(id), &event, now)?;
    identity::letters::tell_subject(cx, new.payer, identity::letters::Letter::Served)?;
    rows::insert_bill(&mut cx.commit, id, &bill);
    rows::post(&mut cx.commit, &format!("bill:{id}:1"), &entries, now);
    let carried = carried(p, &bill, before);
    let any = !carried.is_empty();
    for event in carried {
        write(cx, &p.list, id, (&mut head, &mut bill), &event)?;
    }
    if any {
        rows::update_bill(&mut cx.commit, id, &bill);
        settled_now(cx, id, &bill)?;
    }
    Ok(Some(id))
}

/// The reductions that hold for this bill too, each worked out from its own amounts; what waited for a second person goes on waiting.
fn carried(p: &Payments, bill: &Bill, before: &[Carried]) -> Vec<BillEvent> {
    let mut left: Vec<(OrderId, Money)> = bill.orders.iter().map(|o| (o.line.order, o.line.amount)).collect();
    let mut events = Vec::new();
    for Carried { fee, granted, waits } in before {
        let listed = p.list.fee(fee).and_then(|f| f.reductions.iter().find(|r| r.id == granted.reduction));
        let order = bill.orders.iter().find(|o| o.line.fee == *fee);
        let (Some(reduction), Some(order)) = (listed, order) else { continue };
        let Some((_, open)) = left.iter_mut().find(|(id, _)| *id == order.line.order) else { continue };
        let cut = reduction.of(order.line.amount).min(*open);
        if cut <= Money::ZERO {
            continue;
        }
        let (order, granted) = (order.line.order, Granted { cut, ..granted.clone() });
        if *waits {
            events.push(BillEvent::ReductionAsked { order, granted });
        } else {
            *open = Money::fen(open.as_fen() - cut.as_fen());
            events.push(BillEvent::Reduced { order, granted });
        }
    }
    events
}
