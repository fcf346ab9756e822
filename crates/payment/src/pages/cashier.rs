//! `/desk/cashier`: a bill is found by its number or by that of its case, money taken, a reduction granted, a refund asked for.

use super::bill::{asked, silent};
use super::mine::{Line, line};
use super::together::{Others, others};
use super::view::{ReceiptLine, Shown, receipt_line, shown};
use super::{id_of, status_of, told_on_page};
use crate::code::PayCode;
use crate::model::{Bill, BillId, Granted, Means, OrderId};
use crate::room::{Payments, no_right};
use crate::{WORDS, rules, store as rows, verbs};
use ::store::command;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use identity::Staff;
use kernel::{Failure, Money, Outcome, Refusal, RefusalKind};
use page::{Answer, Ctx, FormState, Say, Shell, Submitted, format};

#[derive(askama::Template)]
#[template(path = "cashier_find.html")]
struct FindPage {
    shell: Shell,
    w: Say,
    form: FormState,
    /// The bills of the matter, where there are several.
    lines: Vec<Line>,
}

/// So many bills of a matter are listed.
const BILLS: i64 = 50;

#[derive(askama::Template)]
#[template(path = "cashier.html")]
struct CashierPage {
    shell: Shell,
    w: Say,
    form: FormState,
    b: Shown,
    at: String,
    takes: bool,
    acts: bool,
    reductions: Vec<(String, String)>,
    /// Reductions that wait for a second person: which, and in words.
    asked: Vec<(String, String)>,
    decides: bool,
    refundable: Vec<(String, String)>,
    receipts: Vec<ReceiptLine>,
    others: Option<Others>,
    /// When the gateway was asked and did not say; empty when it did.
    silent: String,
}

/// The number that was typed or scanned.
#[derive(serde::Deserialize)]
pub(super) struct Typed {
    number: Option<String>,
}

pub(super) async fn find(
    State(room): State<Payments>,
    ctx: Ctx,
    who: Staff,
    Query(typed): Query<Typed>,
) -> Answer {
    let (reach, w) = (room.reach(&who).await?, WORDS.say(ctx.lang));
    let number = typed.number.unwrap_or_default();
    let mut form = FormState::new().with("number", number.as_str());
    let (mut status, mut lines) = (StatusCode::OK, Vec::new());
    if !number.trim().is_empty() {
        let found = found(&room, &number, &reach).await?;
        match found.as_slice() {
            [one] => return Ok(page::see_other(format!("/desk/cashier/{}", one.id))),
            [] => {
                form.fail(
                    "number",
                    "没有找到缴款单，请核对20位缴款识别码或者办件编号。",
                    "There is no such bill; compare the 20 digits, or the number of the case.",
                );
                status = StatusCode::NOT_FOUND;
            }
            several => lines = several.iter().map(|row| at_counter(row, w)).collect(),
        }
    }
    let page = FindPage { shell: Shell::new(&ctx, w.t("cashier-title")).desk(), w, form, lines };
    Ok(page::render_with(status, &page))
}

/// The bill with this number to pay by, else those of the matter in which a case has this number: it stands on the receipt that the payer
/// holds.
async fn found(room: &Payments, typed: &str, reach: &rows::Reach) -> Outcome<Vec<rows::BillRow>> {
    let store = &room.house.ground.store;
    if let Ok(code) = typed.parse::<PayCode>()
        && let Some(row) = rows::bill_by_code(store, &code, reach).await?
    {
        return Ok(vec![row]);
    }
    let number: String = typed.chars().filter(char::is_ascii_alphanumeric).collect();
    Ok(rows::bills_by_number(store, &number.to_uppercase(), reach, BILLS).await?)
}

/// As its payer reads it in their list, at the counter's address and with whose it is.
fn at_counter(row: &rows::BillRow, w: Say) -> Line {
    let mut one = line(row, w);
    one.href = format!("/desk/cashier/{}", row.id);
    one.notes.insert(0, format::mask_name(&row.payer_name));
    one
}

async fn reached(room: &Payments, who: &Staff, id: &str) -> Outcome<BillId> {
    let id: BillId = id_of(id)?;
    let reach = room.reach(who).await?;
    rows::bill_within(&room.house.ground.store, id, &reach).await?.ok_or_else(rules::no_bill)?;
    Ok(id)
}

pub(super) async fn show(
    State(room): State<Payments>,
    Path(id): Path<String>,
    ctx: Ctx,
    who: Staff,
) -> Answer {
    let id = reached(&room, &who, &id).await?;
    Ok(page::render(&page_of(&room, &ctx, &who, id, FormState::new()).await?))
}

async fn page_of(
    room: &Payments,
    ctx: &Ctx,
    who: &Staff,
    id: BillId,
    form: FormState,
) -> Outcome<CashierPage> {
    let (store, w) = (&room.house.ground.store, WORDS.say(ctx.lang));
    let bill = verbs::bill(store, id).await?;
    let agencies = identity::directory(store).await?;
    let receipts = rows::receipts_of(store, id).await?;
    let open = rows::bills_open_within(store, id, &room.reach(who).await?).await?;
    let b = shown(&bill, &room.list, &agencies, true, w);
    let reductions = b.lines.iter().filter(|l| l.unpaid).flat_map(|l| l.reductions.iter().cloned()).collect();
    let back = b.lines.iter().filter(|l| l.refundable > 0);
    let most = |l: &super::view::LineShown| {
        w.with("refund-most", &[("name", l.name.clone()), ("most", Money::fen(l.refundable).to_string())])
    };
    let decides = verbs::decides(store, who, ctx.now).await?;
    Ok(CashierPage {
        shell: Shell::new(ctx, w.t("cashier-title")).desk().crumb(w.t("cashier-find"), "/desk/cashier"),
        w,
        form,
        at: format!("/desk/cashier/{id}"),
        takes: matches!(who, Staff::Clerk(_)),
        acts: matches!(who, Staff::Clerk(_) | Staff::Examiner(_)),
        reductions,
        asked: bill.asked.iter().map(|(order, granted)| waiting(&bill, *order, granted, w)).collect(),
        decides,
        refundable: back.map(|l| (l.order.clone(), most(l))).collect(),
        receipts: receipts.iter().map(|r| receipt_line(r, &room.list, w)).collect(),
        others: others(&open, id, &format!("/desk/cashier/{id}")),
        silent: String::new(),
        b,
    })
}

/// A reduction that waits for a second person: which, and in words with who asked for it.
fn waiting(bill: &Bill, order: OrderId, granted: &Granted, w: Say) -> (String, String) {
    let line = bill.order(order).map(|o| o.line.name.get(w.lang).to_owned()).unwrap_or_default();
    let words = [
        ("line", line),
        ("name", granted.name.get(w.lang).to_owned()),
        ("cut", granted.cut.to_string()),
        ("evidence", granted.evidence.clone()),
        ("by", identity::staff_number(granted.by)),
    ];
    (format!("{order} {}", granted.reduction), w.with("reduce-asked", &words))
}

/// Back to the page when it was done; the page with what was typed when it was not.
async fn answer<T>(
    room: &Payments,
    ctx: &Ctx,
    who: &Staff,
    id: BillId,
    mut form: FormState,
    done: Outcome<T>,
) -> Answer {
    match done {
        Ok(_) => Ok(page::see_other(format!("/desk/cashier/{id}"))),
        Err(Failure::Refused(no)) if told_on_page(&no) => {
            form.refuse(&no);
            Ok(page::render_with(status_of(&no), &page_of(room, ctx, who, id, form).await?))
        }
        Err(failure) => Err(failure.into()),
    }
}

pub(super) fn amount(sent: &Submitted) -> Outcome<Money> {
    sent.get("amount").parse::<Money>().map_err(|e| {
        Refusal::new(RefusalKind::Invalid, "payment.no-amount", e.say.zh.clone(), e.say.en.clone())
            .field("amount", e.say.zh, e.say.en)
            .into()
    })
}

/// Closes a payment under way at the gateway, so that money can be taken here; when it does not answer, the page says so.
pub(super) async fn check(
    State(room): State<Payments>,
    Path(id): Path<String>,
    ctx: Ctx,
    who: Staff,
    _: Submitted,
) -> Answer {
    let id = reached(&room, &who, &id).await?;
    if !matches!(who, Staff::Clerk(_)) {
        return Err(no_right().into());
    }
    if asked(&room, id, true).await? {
        return Ok(page::see_other(format!("/desk/cashier/{id}")));
    }
    let page = page_of(&room, &ctx, &who, id, FormState::new()).await?;
    Ok(page::render(&CashierPage { silent: silent(false, &ctx), ..page }))
}

pub(super) async fn take(
    State(room): State<Payments>,
    Path(id): Path<String>,
    ctx: Ctx,
    who: Staff,
    sent: Submitted,
) -> Answer {
    let id = reached(&room, &who, &id).await?;
    let Staff::Clerk(clerk) = &who else { return Err(no_right().into()) };
    let (form, actor) = (FormState::of(&sent), who.actor_ref());
    let done: Outcome<()> = async {
        let amount = amount(&sent)?;
        // What is no means at all is refused by the rules, as the gateway would be.
        let means = sent.get("means").parse::<Means>().unwrap_or(Means::Gateway);
        command!(room.house.ground, ctx.lang, actor, |cx| {
            verbs::take(&mut cx, &room, clerk, id, means, amount).await.map(|_| ())
        })
    }
    .await;
    answer(&room, &ctx, &who, id, form, done).await
}

pub(super) async fn reduce(
    State(room): State<Payments>,
    Path(id): Path<String>,
    ctx: Ctx,
    who: Staff,
    sent: Submitted,
) -> Answer {
    let id = reached(&room, &who, &id).await?;
    let (form, actor) = (FormState::of(&sent), who.actor_ref());
    let (order, reduction) = sent.get("reduction").split_once(' ').unwrap_or_default();
    let done = match order.parse() {
        Ok(order) => {
            command!(room.house.ground, ctx.lang, actor, |cx| {
                let evidence = sent.get("evidence");
                verbs::reduce(&mut cx, &room, &who, id, (order, reduction), evidence).await.map(|_| ())
            })
        }
        Err(_) => {
            let (zh, en) = ("请选择减免。", "Choose the reduction.");
            Err(Refusal::new(RefusalKind::Invalid, "payment.no-reduction", zh, en)
                .field("reduction", zh, en)
                .into())
        }
    };
    answer(&room, &ctx, &who, id, form, done).await
}

/// A second person agrees to a large reduction, or does not.
pub(super) async fn decide_reduction(
    State(room): State<Payments>,
    Path(id): Path<String>,
    ctx: Ctx,
    who: Staff,
    sent: Submitted,
) -> Answer {
    let id = reached(&room, &who, &id).await?;
    if !verbs::decides(&room.house.ground.store, &who, ctx.now).await? {
        return Err(no_right().into());
    }
    let (form, actor) = (FormState::of(&sent), who.actor_ref());
    let (order, reduction) = sent.get("which").split_once(' ').unwrap_or_default();
    let order = order.parse().map_err(|_| rules::no_bill())?;
    let how = (sent.get("approve") == "yes", sent.get("reason"));
    let done = command!(room.house.ground, ctx.lang, actor, |cx| {
        verbs::decide_reduction(&mut cx, &room, &who, id, (order, reduction), how).await.map(|_| ())
    });
    answer(&room, &ctx, &who, id, form, done).await
}

pub(super) async fn refund(
    State(room): State<Payments>,
    Path(id): Path<String>,
    ctx: Ctx,
    who: Staff,
    sent: Submitted,
) -> Answer {
    let id = reached(&room, &who, &id).await?;
    let (form, actor) = (FormState::of(&sent), who.actor_ref());
    let done: Outcome<()> = async {
        let amount = amount(&sent)?;
        let order = sent.get("order").parse().map_err(|_| {
            let (zh, en) = ("请选择退哪一项。", "Choose which line.");
            Refusal::new(RefusalKind::Invalid, "payment.no-order", zh, en).field("order", zh, en)
        })?;
        command!(room.house.ground, ctx.lang, actor, |cx| {
            let reason = sent.get("reason");
            verbs::ask_refund(&mut cx, &room, &who, id, (order, amount), reason).await.map(|_| ())
        })
    }
    .await;
    answer(&room, &ctx, &who, id, form, done).await
}
