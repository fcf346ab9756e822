//! A receipt as a sheet to be printed: for its payer, and at the window where it is given.

use super::id_of;
use super::view::{means, receipt_kind};
use crate::model::{Bill, BillId, Order, RefundOf};
use crate::room::Payments;
use crate::store::ReceiptRow;
use crate::{WORDS, rules, store as rows, verbs};
use ::store::command;
use axum::extract::{Path, State};
use identity::{Applicant, Staff};
use kernel::{Failure, Lang, Outcome, SubjectId};
use page::{Answer, Ctx, Say, Shell, format};
use trace::{Look, Purpose};

#[derive(askama::Template)]
#[template(path = "receipt.html")]
struct ReceiptPage {
    shell: Shell,
    w: Say,
    sheets: Vec<Sheet>,
}

/// One receipt.
struct Sheet {
    kind: String,
    number: String,
    red_of: String,
    title: String,
    about: String,
    code: String,
    payer: String,
    payee: String,
    collector: String,
    lines: Vec<(String, String, String)>,
    amount: String,
    at: String,
    means: String,
}

pub(super) async fn own(
    State(room): State<Payments>,
    Path(number): Path<String>,
    ctx: Ctx,
    who: Applicant,
) -> Answer {
    who.must_see_all()?;
    let store = &room.house.ground.store;
    let receipt = rows::receipt(store, &number).await?.ok_or_else(rules::no_bill)?;
    rows::bill_of(store, receipt.bill, who.subject()).await?.ok_or_else(rules::no_bill)?;
    let shell = |title: String, w: Say| {
        Shell::new(&ctx, title)
            .crumb(w.t("mine-title"), "/space/payments")
            .crumb(w.t("bill-title"), format!("/payments/{}", receipt.bill))
    };
    let page = page_of(&room, &receipt, false, WORDS.say(ctx.lang), shell).await?;
    Ok(page::render(&page))
}

/// Where the money was taken it is printed for the payer who stands there, so that it says the payer's whole name, and the look is
/// written down; for everybody else of the staff the name is masked.
pub(super) async fn at_desk(
    State(room): State<Payments>,
    Path((id, number)): Path<(String, String)>,
    ctx: Ctx,
    who: Staff,
) -> Answer {
    let (store, id): (_, BillId) = (&room.house.ground.store, id_of(&id)?);
    let reach = room.reach(&who).await?;
    rows::bill_within(store, id, &reach).await?.ok_or_else(rules::no_bill)?;
    let receipt = rows::receipt(store, &number).await?.filter(|r| r.bill == id).ok_or_else(rules::no_bill)?;
    let shell = |title: String, w: Say| {
        Shell::new(&ctx, title).desk().crumb(w.t("cashier-title"), format!("/desk/cashier/{id}"))
    };
    let prints = taken_here(&verbs::bill(store, id).await?, &receipt, &who);
    if prints {
        seen(&room, &who, id).await?;
    }
    let page = page_of(&room, &receipt, !prints, WORDS.say(ctx.lang), shell).await?;
    Ok(page::render(&page))
}

/// Whether this is a clerk of the window that took the money of the receipt, or of the one that it takes back.
pub(super) fn taken_here(bill: &Bill, receipt: &ReceiptRow, who: &Staff) -> bool {
    let Staff::Clerk(clerk) = who else { return false };
    let number = receipt.red_of.as_ref().unwrap_or(&receipt.number);
    let mut paid = bill.orders.iter().filter_map(|o| o.paid.as_ref());
    paid.any(|p| p.receipt == *number && p.agency.as_ref() == Some(clerk.agency()))
}

/// That somebody at a window read the name of a natural person.
async fn seen(room: &Payments, who: &Staff, id: BillId) -> Outcome<()> {
    let ground = &room.house.ground;
    let raised = verbs::bill(&ground.store, id).await?.raised;
    let SubjectId::Person(person) = raised.payer else { return Ok(()) };
    let (purpose, fields) = (Purpose::in_case("window", &raised.number), vec!["name".to_owned()]);
    command!(ground, Lang::default(), who.actor_ref(), |cx| {
        let look = Look { person, fields: fields.clone(), purpose: purpose.clone() };
        trace::look(&mut cx, &look).map_err(Failure::from)
    })
}

/// Every receipt that this window gave for a matter, found by one of its bills, each on a sheet of its own: printed in one go.
pub(super) async fn all_at_desk(
    State(room): State<Payments>,
    Path(id): Path<String>,
    ctx: Ctx,
    who: Staff,
) -> Answer {
    let (store, w) = (&room.house.ground.store, WORDS.say(ctx.lang));
    let (at, bills) = super::together::reached(&room, &who, &id).await?;
    let mut sheets = Vec::new();
    for row in &bills {
        let bill = verbs::bill(store, row.id).await?;
        let given = rows::receipts_of(store, row.id).await?;
        let given: Vec<_> = given.iter().filter(|r| taken_here(&bill, r, &who)).collect();
        if !given.is_empty() {
            seen(&room, &who, row.id).await?;
        }
        for receipt in given {
            sheets.push(sheet(&room, &bill, receipt, false, w).await?);
        }
    }
    if sheets.is_empty() {
        return Err(rules::no_bill().into());
    }
    let shell = Shell::new(&ctx, w.t("receipts")).desk().crumb(w.t("matter-title"), at);
    Ok(page::render(&ReceiptPage { shell, w, sheets }))
}

async fn page_of(
    room: &Payments,
    receipt: &ReceiptRow,
    masked: bool,
    w: Say,
    shell: impl Fn(String, Say) -> Shell,
) -> Outcome<ReceiptPage> {
    let bill = verbs::bill(&room.house.ground.store, receipt.bill).await?;
    let sheet = sheet(room, &bill, receipt, masked, w).await?;
    Ok(ReceiptPage { shell: shell(sheet.kind.clone(), w), w, sheets: vec![sheet] })
}

async fn sheet(room: &Payments, bill: &Bill, receipt: &ReceiptRow, masked: bool, w: Say) -> Outcome<Sheet> {
    let agencies = identity::directory(&room.house.ground.store).await?;
    let payee = room.list.account(&receipt.account).map(|a| a.name.get(w.lang).to_owned());
    let name = &bill.raised.payer_name;
    Ok(Sheet {
        kind: receipt_kind(receipt.kind, w),
        number: receipt.number.clone(),
        red_of: receipt.red_of.clone().unwrap_or_default(),
        title: bill.raised.title.get(w.lang).to_owned(),
        about: bill.raised.number.clone(),
        code: bill.raised.code.grouped(),
        payer: if masked { format::mask_name(name) } else { name.clone() },
        payee: payee.unwrap_or_else(|| receipt.account.clone()),
        collector: agencies.name(&bill.raised.agency, w.lang),
        lines: lines(bill, receipt, w),
        amount: format::money(receipt.amount),
        at: format::moment(w.lang, receipt.at),
        means: means(receipt.means, w),
    })
}

/// The lines under a receipt; a red one names the one line it gives back, and how much of it.
fn lines(bill: &Bill, receipt: &ReceiptRow, w: Say) -> Vec<(String, String, String)> {
    let shown = |order: &Order, amount: String| {
        let text = |t: &kernel::Text| t.get(w.lang).to_owned();
        (text(&order.line.name), text(&order.line.basis), amount)
    };
    if receipt.red_of.is_some() {
        let refund = bill.refunds.iter().find(|r| r.receipt.as_ref() == Some(&receipt.number));
        let order = refund.and_then(|r| match r.of {
            RefundOf::Order(id) => bill.order(id),
            RefundOf::Excess(_) => None,
        });
        return order.map(|o| shown(o, format::money(receipt.amount))).into_iter().collect();
    }
    let under = |o: &&Order| o.paid.as_ref().is_some_and(|p| p.receipt == receipt.number);
    bill.orders.iter().filter(under).map(|o| shown(o, o.owed().to_string())).collect()
}
