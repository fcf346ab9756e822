//! The payer pays through the gateway: one act, one payment, whatever stands behind it.

use super::account_numbers;
use crate::event::Heard;
use crate::gateway::{GatewayState, NewTrade, News, Part};
use crate::model::*;
use crate::room::Payments;
use crate::rules::{self, Act, Command, Said};
use crate::statement::{Difference, DifferenceKind};
use crate::store as rows;
use ::store::{Cx, Store, command};
use identity::Applicant;
use kernel::{ActorRef, Failure, Lang, Money, Outcome, clock};

/// Where the payer goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Paying {
    /// To the gateway's page.
    At(String),
    /// The gateway did not answer: nothing is known yet, and the program goes on asking.
    Unknown,
}

/// Sets out to pay everything that is open of one's own bill.
///
/// # Errors
/// Not found for somebody else's bill; `payment.no-gateway`, `payment.underway`, `payment.settled`, `payment.cancelled`.
pub async fn pay(p: &Payments, lang: Lang, who: &Applicant, id: BillId) -> Outcome<Paying> {
    if !p.gateway.takes() {
        return Err(rules::no_gateway().into());
    }
    let actor = who.actor_ref();
    command!(p.house.ground, lang, actor, |cx| {
        rows::bill_of(cx.store(), id, who.subject()).await?.ok_or_else(rules::no_bill)?;
        begin(&mut cx, p, &[id], None).await
    })?;
    resume(p, id).await
}

/// Sets out to pay by one act all that is open of one's own bills of the matter of this one; `seen`: what a page showed as the whole.
///
/// # Errors
/// Those of [`pay`], where one bill of the matter is refused; `payment.changed` when it comes to something else than was seen.
pub async fn pay_all(
    p: &Payments,
    lang: Lang,
    who: &Applicant,
    id: BillId,
    seen: Option<Money>,
) -> Outcome<Paying> {
    if !p.gateway.takes() {
        return Err(rules::no_gateway().into());
    }
    let actor = who.actor_ref();
    let first = command!(p.house.ground, lang, actor, |cx| {
        let row = rows::bill_of(cx.store(), id, who.subject()).await?.ok_or_else(rules::no_bill)?;
        let open = rows::bills_open(cx.store(), &row.matter, row.payer).await?;
        let ids: Vec<BillId> = open.iter().map(|b| b.id).collect();
        begin(&mut cx, p, &ids, seen).await?;
        Ok::<_, Failure>(ids.first().copied().unwrap_or(id))
    })?;
    resume(p, first).await
}

async fn begin(cx: &mut Cx, p: &Payments, ids: &[BillId], seen: Option<Money>) -> Outcome<()> {
    let trade = cx.new_id();
    p.act(cx, ids, &Act::Begin { trade, seen }).await.map(|_| ())
}

/// The bills that a payment of this bill pays, the one that stands for the act first.
pub(crate) async fn paid_by(store: &Store, id: BillId, trade: TradeId) -> Outcome<Vec<(BillId, Bill)>> {
    let bill = super::bill(store, id).await?;
    let with = bill.trade(trade).map(|t| t.with.clone()).unwrap_or_default();
    if with.is_empty() {
        return Ok(vec![(id, bill)]);
    }
    let mut all = Vec::with_capacity(with.len());
    for other in with {
        all.push((other, if other == id { bill.clone() } else { super::bill(store, other).await? }));
    }
    Ok(all)
}

/// What a payment comes to over all of its bills; none where they do not know it.
fn whole(bills: &[(BillId, Bill)], trade: TradeId) -> Option<Money> {
    let shares: Vec<i64> =
        bills.iter().filter_map(|(_, b)| b.trade(trade)).map(|t| t.amount().as_fen()).collect();
    (!shares.is_empty()).then(|| Money::fen(shares.iter().sum()))
}

/// Tells the gateway of the payment under way, once more if need be, and answers where it is paid.
///
/// # Errors
/// A fault of the store, or of a list whose accounts are gone.
pub async fn resume(p: &Payments, id: BillId) -> Outcome<Paying> {
    let store = &p.house.ground.store;
    let Some(trade) = super::bill(store, id).await?.underway().map(|t| t.id) else {
        return Ok(Paying::Unknown);
    };
    let bills = paid_by(store, id, trade).await?;
    let Some((first, leading)) = bills.first() else { return Ok(Paying::Unknown) };
    let mut parts = Vec::new();
    for (_, bill) in &bills {
        let Some(share) = bill.trade(trade) else { continue };
        let accounts = account_numbers(&p.list, bill, share)?;
        let part = |((order, amount), account): (&(OrderId, Money), String)| Part {
            order: *order,
            account,
            amount: *amount,
        };
        parts.extend(share.parts.iter().zip(accounts).map(part));
    }
    let code = &leading.raised.code;
    let new = NewTrade {
        trade,
        amount: whole(&bills, trade).unwrap_or_default(),
        parts,
        title: if bills.len() > 1 { format!("{code} +{}", bills.len() - 1) } else { code.to_string() },
        back: format!("{}/payments/{first}/result", p.house.site.base_url),
    };
    match p.gateway.begin(&new).await {
        Ok(url) => Ok(Paying::At(url)),
        Err(why) => {
            tracing::warn!(bill = %id, why, "the gateway was not told of a payment");
            Ok(Paying::Unknown)
        }
    }
}

/// Asks the gateway what became of the payment under way, or closes it there; answers whether it answered.
///
/// # Errors
/// A fault of the store.
pub async fn check(p: &Payments, id: BillId, close: bool) -> Outcome<bool> {
    let bill = super::bill(&p.house.ground.store, id).await?;
    let Some(trade) = bill.underway() else { return Ok(true) };
    let told = if close { p.gateway.close(trade.id).await } else { p.gateway.query(trade.id).await };
    match told {
        Ok(news) => heard(p, id, &news, Heard::Query, None).await.map(|()| true),
        Err(why) => {
            tracing::warn!(bill = %id, why, "the gateway did not say what became of a payment");
            Ok(false)
        }
    }
}

/// Takes in what was heard of a payment, once, whichever way and however often it comes. An amount that is not ours is written
/// down as a difference; what came is booked all the same, and given back.
///
/// # Errors
/// `payment.amount-differs` for a call-back that the gateway does not stand by when it is asked, and for another amount of a refund;
/// `payment.no-trade`.
pub(crate) async fn heard(
    p: &Payments,
    id: BillId,
    news: &News,
    via: Heard,
    nonce: Option<&str>,
) -> Outcome<()> {
    let news = stood_by(p, id, news, via).await?;
    let (ground, actor) = (&p.house.ground, ActorRef::system());
    let done = command!(ground, Lang::default(), actor, |cx| {
        if let Some(nonce) = nonce {
            // A copy of this very call-back was faster.
            if rows::nonce_used(cx.store(), nonce).await? {
                return Ok(());
            }
            let now = cx.now;
            rows::use_nonce(&mut cx.commit, nonce, now);
        }
        match told(&news, via) {
            Some(Told::Payment(said)) => hear(&mut cx, p, id, news.trade, said).await,
            Some(Told::Refund(command)) => p.carry_out(&mut cx, id, &command).await.map(|_| ()),
            None => Ok(()),
        }
    });
    match done {
        Err(Failure::Refused(refusal)) if refusal.code == "payment.amount-differs" => {
            differs(p, id, &news).await?;
            Err(refusal.into())
        }
        done => done,
    }
}

/// What was heard of a payment is heard by all bills that it pays, at once.
pub(super) async fn hear(cx: &mut Cx, p: &Payments, id: BillId, trade: TradeId, said: Said) -> Outcome<()> {
    let bills: Vec<BillId> = paid_by(cx.store(), id, trade).await?.into_iter().map(|(id, _)| id).collect();
    let spares = bills.iter().map(|_| cx.new_id()).collect();
    p.act(cx, &bills, &Act::Hear { trade, said, spares }).await.map(|_| ())
}

/// What news are of.
enum Told {
    Payment(Said),
    Refund(Command),
}

/// What news mean; nothing while a refund waits.
fn told(news: &News, via: Heard) -> Option<Told> {
    let (amount, at) = (news.amount, news.at);
    let Some(refund) = news.refund else {
        let (answer, gateway_no) = (news.state.answer(), news.gateway_no.clone());
        return Some(Told::Payment(Said { answer, amount, gateway_no, at, via }));
    };
    let done = match news.state {
        GatewayState::Done => true,
        // What is closed there will not go back any more by itself: it has to be sent again.
        GatewayState::Failed | GatewayState::Closed => false,
        GatewayState::Unknown | GatewayState::Waiting => return None,
    };
    Some(Told::Refund(Command::HearRefund { refund, done, amount, at, via }))
}

/// Another amount than ours is written down and not taken from a message: the gateway is asked what came, and that is believed. A
/// statement is believed too when the gateway does not say; a call-back is not, and the payment goes on being asked after.
async fn stood_by(p: &Payments, id: BillId, news: &News, via: Heard) -> Outcome<News> {
    if news.refund.is_some() || news.state != GatewayState::Done {
        return Ok(news.clone());
    }
    let bills = paid_by(&p.house.ground.store, id, news.trade).await?;
    let open = bills.iter().all(|(_, b)| b.trade(news.trade).is_some_and(|t| t.state != TradeState::Paid));
    if !open || whole(&bills, news.trade).is_none_or(|ours| ours == news.amount) {
        return Ok(news.clone());
    }
    differs(p, id, news).await?;
    if via == Heard::Query {
        return Ok(news.clone());
    }
    match p.gateway.query(news.trade).await {
        Ok(asked) if asked.state == GatewayState::Done => Ok(asked),
        _ if via == Heard::Statement => Ok(news.clone()),
        _ => Err(rules::amount_differs().into()),
    }
}

/// Writes down that the gateway named another amount; once a payment.
async fn differs(p: &Payments, id: BillId, news: &News) -> Outcome<()> {
    let (store, refund) = (&p.house.ground.store, news.refund);
    let ours = match refund {
        None => whole(&paid_by(store, id, news.trade).await?, news.trade),
        Some(refund) => super::bill(store, id).await?.refund(refund).map(|r| r.amount),
    };
    let kind =
        if refund.is_none() { DifferenceKind::AmountDiffers } else { DifferenceKind::RefundAmountDiffers };
    let difference = Difference {
        kind,
        trade: news.trade.to_string(),
        line: String::new(),
        refund: refund.map(|r| r.to_string()).unwrap_or_default(),
        gateway_no: news.gateway_no.clone(),
        ours,
        theirs: Some(news.amount),
    };
    note(p, &difference).await
}

/// Writes a difference down under today, unless it stands under some day.
pub(crate) async fn note(p: &Payments, d: &Difference) -> Outcome<()> {
    let (ground, actor) = (&p.house.ground, ActorRef::system());
    if rows::difference_known(&ground.store, d).await? {
        return Ok(());
    }
    let day = clock::legal_date(ground.clock.now()).to_string();
    let whose = rows::whose(&ground.store, d).await?;
    command!(ground, Lang::default(), actor, |cx| {
        let (id, now) = (cx.new_id(), cx.now);
        rows::put_difference(&mut cx.commit, id, &day, d, (&whose, false), now);
        Ok::<(), Failure>(())
    })
}

/// The bills of what somebody asks after, and whether all of them are settled.
///
/// # Errors
/// A fault of the store.
pub async fn settled_by(store: &::store::Store, about: &str) -> Outcome<(Vec<rows::BillRow>, bool)> {
    let bills = rows::bills_about(store, about).await?;
    let settled = bills.iter().all(|b| b.state != BillState::Open);
    Ok((bills, settled))
}
