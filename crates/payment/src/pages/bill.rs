//! `/payments/{id}`: the bill, the one act, and what became of it — honest while that is not known.

use super::id_of;
use super::together::{Member, Others, others};
use super::view::{ReceiptLine, Shown, receipt_line, shown};
use crate::model::{Bill, BillId};
use crate::room::Payments;
use crate::verbs::{self, Paying};
use crate::{WORDS, rules, store as rows};
use axum::extract::{Path, State};
use identity::Applicant;
use kernel::{Failure, Outcome};
use page::{Answer, Ctx, Say, Shell, Submitted, format};

#[derive(askama::Template)]
#[template(path = "bill.html")]
struct BillPage {
    shell: Shell,
    w: Say,
    b: Shown,
    at: String,
    online: bool,
    receipts: Vec<ReceiptLine>,
    others: Option<Others>,
}

#[derive(askama::Template)]
#[template(path = "result.html")]
struct ResultPage {
    shell: Shell,
    w: Say,
    b: Shown,
    /// Every bill that the same act pays, this one among them.
    members: Vec<Member>,
    at: String,
    /// Where the payment under way is paid, when the gateway says so.
    go_on: String,
    /// When the gateway was asked and did not say; empty when it did.
    silent: String,
}

/// One's own bill.
async fn own(room: &Payments, who: &Applicant, id: &str) -> Outcome<BillId> {
    who.must_see_all()?;
    let id: BillId = id_of(id)?;
    rows::bill_of(&room.house.ground.store, id, who.subject()).await?.ok_or_else(rules::no_bill)?;
    Ok(id)
}

pub(super) async fn show(
    State(room): State<Payments>,
    Path(id): Path<String>,
    ctx: Ctx,
    who: Applicant,
) -> Answer {
    let id = own(&room, &who, &id).await?;
    let (store, w) = (&room.house.ground.store, WORDS.say(ctx.lang));
    let bill = verbs::bill(store, id).await?;
    let agencies = identity::directory(store).await?;
    let receipts = rows::receipts_of(store, id).await?;
    let open = rows::bills_open(store, bill.raised.matter(), bill.raised.payer).await?;
    Ok(page::render(&BillPage {
        shell: Shell::new(&ctx, w.t("bill-title"))
            .crumb(w.t("space"), "/space")
            .crumb(w.t("mine-title"), "/space/payments"),
        w,
        b: shown(&bill, &room.list, &agencies, false, w),
        at: format!("/payments/{id}"),
        online: room.gateway.takes(),
        receipts: receipts.iter().map(|r| receipt_line(r, &room.list, w)).collect(),
        others: others(&open, id, &format!("/payments/{id}")),
    }))
}

/// One act: the payment begins, and the payer goes to the gateway. A page of our own stands between when it lies elsewhere, for a form
/// sends to this site only.
pub(super) async fn pay(
    State(room): State<Payments>,
    Path(id): Path<String>,
    ctx: Ctx,
    who: Applicant,
    _: Submitted,
) -> Answer {
    let id = own(&room, &who, &id).await?;
    let result = format!("/payments/{id}/result");
    match verbs::pay(&room, ctx.lang, &who, id).await {
        Ok(Paying::At(url)) if url.starts_with('/') => Ok(page::see_other(url)),
        Ok(_) => Ok(page::see_other(result)),
        // Pressed twice, or in two windows: the one that is under way goes on.
        Err(Failure::Refused(no)) if matches!(no.code.as_ref(), "payment.underway" | "payment.settled") => {
            Ok(page::see_other(result))
        }
        Err(failure) => Err(failure.into()),
    }
}

pub(super) async fn result(
    State(room): State<Payments>,
    Path(id): Path<String>,
    ctx: Ctx,
    who: Applicant,
) -> Answer {
    let id = own(&room, &who, &id).await?;
    let (store, w) = (&room.house.ground.store, WORDS.say(ctx.lang));
    // Whoever comes back from the gateway is told what it knows now.
    let known = asked(&room, id, false).await?;
    let bill = verbs::bill(store, id).await?;
    let agencies = identity::directory(store).await?;
    let b = shown(&bill, &room.list, &agencies, false, w);
    let go_on = match b.sent {
        true => verbs::resume(&room, id).await?,
        false => Paying::Unknown,
    };
    let at = format!("/payments/{id}");
    Ok(page::render(&ResultPage {
        shell: Shell::new(&ctx, w.t("result-title"))
            .crumb(w.t("mine-title"), "/space/payments")
            .crumb(w.t("bill-title"), &at),
        w,
        members: members(&room, &agencies, (id, &bill), w).await?,
        b,
        at,
        silent: silent(known, &ctx),
        go_on: match go_on {
            Paying::At(url) => url,
            Paying::Unknown => String::new(),
        },
    }))
}

/// The bills that the last payment of a bill pays, or this one alone.
async fn members(
    room: &Payments,
    agencies: &identity::Directory,
    (id, bill): (BillId, &Bill),
    w: Say,
) -> Outcome<Vec<Member>> {
    let store = &room.house.ground.store;
    let all = match bill.trades.last() {
        Some(trade) => verbs::paid_by(store, id, trade.id).await?,
        None => vec![(id, bill.clone())],
    };
    let mut members = Vec::with_capacity(all.len());
    for (id, bill) in &all {
        let receipts = rows::receipts_of(store, *id).await?;
        members.push(Member {
            at: format!("/payments/{id}"),
            b: shown(bill, &room.list, agencies, false, w),
            receipts: receipts.iter().map(|r| receipt_line(r, &room.list, w)).collect(),
        });
    }
    Ok(members)
}

/// Asks the gateway; what it says of another amount is noted, and the page goes on saying that nothing is known.
pub(super) async fn asked(room: &Payments, id: BillId, close: bool) -> Outcome<bool> {
    match verbs::check(room, id, close).await {
        Err(Failure::Refused(_)) => Ok(false),
        known => known,
    }
}

/// When it was asked, where it did not say.
pub(super) fn silent(known: bool, ctx: &Ctx) -> String {
    if known { String::new() } else { format::moment(ctx.lang, ctx.now) }
}

pub(super) async fn check(
    State(room): State<Payments>,
    Path(id): Path<String>,
    who: Applicant,
    _: Submitted,
) -> Answer {
    let id = own(&room, &who, &id).await?;
    Ok(page::see_other(format!("/payments/{id}/result")))
}

/// Ends the payment under way at the gateway, so that one can pay anew; if it was paid meanwhile, that is what is shown.
pub(super) async fn again(
    State(room): State<Payments>,
    Path(id): Path<String>,
    who: Applicant,
    _: Submitted,
) -> Answer {
    let id = own(&room, &who, &id).await?;
    let _ = asked(&room, id, true).await?;
    Ok(page::see_other(format!("/payments/{id}/result")))
}
