//! `/payments/{id}/matter` and, at the window, `/desk/cashier/{id}/matter`: the bills of a matter and payer, found by one of them, and the
//! one act that pays all that is open of them.

use super::cashier::amount;
use super::view::{ReceiptLine, Shown, receipt_line, shown};
use super::{id_of, status_of, told_on_page};
use crate::model::{Bill, BillId, BillState, Means};
use crate::room::{Payments, no_right};
use crate::store::BillRow;
use crate::verbs::{self, Paying};
use crate::{WORDS, rules, store as rows};
use ::store::command;
use axum::extract::{Path, State};
use identity::{Applicant, Staff};
use kernel::{Failure, Money, Outcome};
use page::{Answer, Ctx, FormState, Say, Shell, Submitted};

/// One bill with where it stands alone.
pub(super) struct Member {
    pub at: String,
    pub b: Shown,
    pub receipts: Vec<ReceiptLine>,
}

#[derive(askama::Template)]
#[template(path = "matter.html")]
struct MatterPage {
    shell: Shell,
    w: Say,
    form: FormState,
    at: String,
    members: Vec<Member>,
    owed: String,
    /// The same without its sign, as it is typed.
    owed_plain: String,
    count: usize,
    payer: String,
    /// Where one sees what became of a payment that is under way; empty when there is none.
    underway: String,
    /// Whether somebody takes money on line.
    online: bool,
    /// Whether money is taken here: at a window.
    takes: bool,
    desk: bool,
    /// Where the receipts are printed in one go; empty where this window gave none.
    print: String,
}

struct Loaded(Vec<(BillId, Bill)>);

impl Loaded {
    async fn of(room: &Payments, rows: &[BillRow]) -> Outcome<Self> {
        let mut all = Vec::with_capacity(rows.len());
        for row in rows.iter().filter(|r| r.state != BillState::Cancelled) {
            all.push((row.id, verbs::bill(&room.house.ground.store, row.id).await?));
        }
        Ok(Self(all))
    }

    fn open(&self) -> impl Iterator<Item = &(BillId, Bill)> {
        self.0.iter().filter(|(_, bill)| bill.state() == BillState::Open)
    }

    fn owed(&self) -> Money {
        Money::fen(self.open().map(|(_, bill)| bill.owed().as_fen()).sum())
    }

    /// A bill whose payment is under way.
    fn underway(&self) -> Option<BillId> {
        self.0.iter().find(|(_, bill)| bill.underway().is_some()).map(|(id, _)| *id)
    }
}

async fn page_of(
    room: &Payments,
    ctx: &Ctx,
    bills: &Loaded,
    (id, form): (BillId, FormState),
    who: Option<&Staff>,
) -> Outcome<MatterPage> {
    let (store, w, desk) = (&room.house.ground.store, WORDS.say(ctx.lang), who.is_some());
    let agencies = identity::directory(store).await?;
    let base = if desk { "/desk/cashier" } else { "/payments" };
    let mut members = Vec::with_capacity(bills.0.len());
    let mut given = false;
    for (id, bill) in &bills.0 {
        let receipts = rows::receipts_of(store, *id).await?;
        given |= who.is_some_and(|who| receipts.iter().any(|r| super::receipt::taken_here(bill, r, who)));
        members.push(Member {
            at: format!("{base}/{id}"),
            b: shown(bill, &room.list, &agencies, desk, w),
            receipts: receipts.iter().map(|r| receipt_line(r, &room.list, w)).collect(),
        });
    }
    let shell = Shell::new(ctx, w.t("matter-title"));
    let shell = match desk {
        true => shell.desk().crumb(w.t("cashier-find"), "/desk/cashier"),
        false => shell.crumb(w.t("space"), "/space").crumb(w.t("mine-title"), "/space/payments"),
    };
    let at = format!("{base}/{id}/matter");
    let seen = if desk { String::new() } else { "/result".to_owned() };
    Ok(MatterPage {
        shell,
        w,
        form,
        payer: members.first().map(|m| m.b.payer.clone()).unwrap_or_default(),
        owed: bills.owed().to_string(),
        owed_plain: bills.owed().plain(),
        count: bills.open().count(),
        underway: bills.underway().map(|id| format!("{base}/{id}{seen}")).unwrap_or_default(),
        online: room.gateway.takes(),
        takes: matches!(who, Some(Staff::Clerk(_))),
        desk,
        print: if given { format!("{at}/receipts") } else { String::new() },
        at,
        members,
    })
}

/// One's own open bills of the matter of one of them.
async fn own(room: &Payments, who: &Applicant, id: &str) -> Outcome<(BillId, Loaded)> {
    who.must_see_all()?;
    let (id, store): (BillId, _) = (id_of(id)?, &room.house.ground.store);
    let row = rows::bill_of(store, id, who.subject()).await?.ok_or_else(rules::no_bill)?;
    let open = rows::bills_open(store, &row.matter, row.payer).await?;
    Ok((id, Loaded::of(room, &open).await?))
}

pub(super) async fn show(
    State(room): State<Payments>,
    Path(id): Path<String>,
    ctx: Ctx,
    who: Applicant,
) -> Answer {
    let (id, bills) = own(&room, &who, &id).await?;
    Ok(page::render(&page_of(&room, &ctx, &bills, (id, FormState::new()), None).await?))
}

/// One act for all of them; when what is to be paid has changed since the page was shown, the page says so.
pub(super) async fn pay(
    State(room): State<Payments>,
    Path(id): Path<String>,
    ctx: Ctx,
    who: Applicant,
    sent: Submitted,
) -> Answer {
    let (id, bills) = own(&room, &who, &id).await?;
    let first = bills.underway().or_else(|| bills.open().next().map(|(id, _)| *id)).unwrap_or(id);
    let result = format!("/payments/{first}/result");
    let seen = sent.get("seen").parse::<Money>().ok();
    match verbs::pay_all(&room, ctx.lang, &who, id, seen).await {
        Ok(Paying::At(url)) if url.starts_with('/') => Ok(page::see_other(url)),
        Ok(_) => Ok(page::see_other(result)),
        // Pressed twice, or by two people: the one that is under way goes on.
        Err(Failure::Refused(no)) if matches!(no.code.as_ref(), "payment.underway" | "payment.settled") => {
            Ok(page::see_other(result))
        }
        Err(Failure::Refused(no)) if told_on_page(&no) => {
            let mut form = FormState::new();
            form.refuse(&no);
            let (id, bills) = own(&room, &who, &id.to_string()).await?;
            Ok(page::render_with(status_of(&no), &page_of(&room, &ctx, &bills, (id, form), None).await?))
        }
        Err(failure) => Err(failure.into()),
    }
}

/// The bills of a matter that a member of staff reaches, by one of them, and where they stand together.
pub(super) async fn reached(room: &Payments, who: &Staff, id: &str) -> Outcome<(String, Vec<BillRow>)> {
    let (id, store): (BillId, _) = (id_of(id)?, &room.house.ground.store);
    let reach = room.reach(who).await?;
    let row = rows::bill_within(store, id, &reach).await?.ok_or_else(rules::no_bill)?;
    let bills = rows::bills_of_matter_within(store, &row, &reach).await?;
    Ok((format!("/desk/cashier/{id}/matter"), bills))
}

async fn desk_page(
    room: &Payments,
    ctx: &Ctx,
    who: &Staff,
    id: &str,
    form: FormState,
) -> Outcome<MatterPage> {
    let (_, rows) = reached(room, who, id).await?;
    let bills = Loaded::of(room, &rows).await?;
    page_of(room, ctx, &bills, (id_of(id)?, form), Some(who)).await
}

pub(super) async fn at_desk(
    State(room): State<Payments>,
    Path(id): Path<String>,
    ctx: Ctx,
    who: Staff,
) -> Answer {
    Ok(page::render(&desk_page(&room, &ctx, &who, &id, FormState::new()).await?))
}

/// The cashier takes all that is open by one act.
pub(super) async fn take(
    State(room): State<Payments>,
    Path(id): Path<String>,
    ctx: Ctx,
    who: Staff,
    sent: Submitted,
) -> Answer {
    let (at, _) = reached(&room, &who, &id).await?;
    let Staff::Clerk(clerk) = &who else { return Err(no_right().into()) };
    let (mut form, actor, bill) = (FormState::of(&sent), who.actor_ref(), id_of(&id)?);
    let done: Outcome<()> = async {
        let amount = amount(&sent)?;
        // What is no means at all is refused by the rules, as the gateway would be.
        let means = sent.get("means").parse::<Means>().unwrap_or(Means::Gateway);
        command!(room.house.ground, ctx.lang, actor, |cx| {
            verbs::take_all(&mut cx, &room, clerk, bill, means, amount).await.map(|_| ())
        })
    }
    .await;
    match done {
        Ok(()) => Ok(page::see_other(at)),
        Err(Failure::Refused(no)) if told_on_page(&no) => {
            form.refuse(&no);
            Ok(page::render_with(status_of(&no), &desk_page(&room, &ctx, &who, &id, form).await?))
        }
        Err(failure) => Err(failure.into()),
    }
}

/// What the page of one bill says of the others of its matter: how many are open with it, what they come to, and where all are paid.
pub(super) struct Others {
    pub count: i64,
    pub owed: String,
    pub at: String,
}

/// The others, where there are any and this one is open.
pub(super) fn others(rows: &[BillRow], id: BillId, at: &str) -> Option<Others> {
    let open: Vec<&BillRow> = rows.iter().filter(|r| r.state == BillState::Open).collect();
    let together = open.len() > 1 && open.iter().any(|r| r.id == id);
    together.then(|| Others {
        count: i64::try_from(open.len()).unwrap_or(i64::MAX),
        owed: Money::fen(open.iter().map(|r| r.owed).sum()).to_string(),
        at: format!("{at}/matter"),
    })
}
