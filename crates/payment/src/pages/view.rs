//! A bill in words, for its payer and for the desk.

use crate::list::FeeList;
use crate::model::*;
use crate::store::ReceiptRow;
use identity::Directory;
use kernel::clock;
use page::{Html, Say, badge, format};

/// One line.
pub(super) struct LineShown {
    pub order: String,
    pub name: String,
    pub basis: String,
    pub payee: String,
    pub amount: String,
    pub owed: String,
    pub state: Html,
    /// Reductions granted, and what was given back.
    pub notes: Vec<String>,
    pub unpaid: bool,
    /// What can still be given back, in fen.
    pub refundable: i64,
    /// The reductions that the list knows for it.
    pub reductions: Vec<(String, String)>,
}

/// The bill.
pub(super) struct Shown {
    pub code: String,
    pub number: String,
    pub title: String,
    pub payer: String,
    pub agency: String,
    pub due: String,
    /// How that was reckoned, sentence by sentence.
    pub why: Vec<String>,
    pub overdue: bool,
    pub owed: String,
    pub owed_plain: String,
    pub state: Html,
    pub lines: Vec<LineShown>,
    pub open: bool,
    pub settled: bool,
    /// A payment of which nothing is known.
    pub sent: bool,
    /// One that the gateway called failed.
    pub failed: bool,
    /// What came in excess: when and how much, and where its refund stands.
    pub excess: Vec<(String, Vec<String>)>,
}

/// A receipt in a list.
pub(super) struct ReceiptLine {
    pub number: String,
    pub kind: String,
    pub payee: String,
    pub amount: String,
    pub at: String,
    pub red: bool,
}

pub(super) fn shown(bill: &Bill, list: &FeeList, agencies: &Directory, masked: bool, w: Say) -> Shown {
    let under = bill.underway().map(|t| t.state);
    let r = &bill.raised;
    let name = &r.payer_name;
    let (sent, failed) = (under == Some(TradeState::Sent), under == Some(TradeState::Failed));
    let (kind, word) = match (bill.state(), bill.overdue) {
        (BillState::Settled, _) => ("good", "bill-settled"),
        (BillState::Cancelled, _) => ("neutral", "bill-cancelled"),
        (BillState::Open, _) if under.is_some() => ("info", "bill-unknown"),
        (BillState::Open, true) => ("bad", "bill-overdue"),
        (BillState::Open, false) => ("wait", "bill-open"),
    };
    Shown {
        code: r.code.grouped(),
        number: r.number.clone(),
        title: r.title.get(w.lang).to_owned(),
        payer: if masked { format::mask_name(name) } else { name.clone() },
        agency: agencies.name(&r.agency, w.lang),
        due: format::date(w.lang, r.due.date),
        why: r.due.explain(w.lang),
        overdue: bill.overdue,
        owed: bill.owed().to_string(),
        owed_plain: bill.owed().plain(),
        state: badge(kind, &w.t(word)),
        lines: bill.orders.iter().map(|o| line(bill, o, list, w)).collect(),
        open: bill.state() == BillState::Open && under.is_none(),
        settled: bill.state() == BillState::Settled,
        sent,
        failed,
        excess: bill.trades.iter().filter_map(|t| excess(bill, t, w)).collect(),
    }
}

/// What came of a payment in excess, and where its refund stands.
fn excess(bill: &Bill, trade: &Trade, w: Say) -> Option<(String, Vec<String>)> {
    let amount = trade.excess?;
    let day = format::date(w.lang, clock::legal_date(trade.at));
    let came = w.with("excess-came", &[("day", day), ("amount", amount.to_string())]);
    Some((came, refunds(bill, RefundOf::Excess(trade.id), w)))
}

/// Where the refunds of something stand; one that was refused says why.
fn refunds(bill: &Bill, of: RefundOf, w: Say) -> Vec<String> {
    let one = |refund: &Refund| {
        let amount = refund.amount.to_string();
        match refund.state {
            RefundState::Asked => w.with("refund-asked", &[("amount", amount)]),
            RefundState::Approved | RefundState::Failed => w.with("refund-sent", &[("amount", amount)]),
            RefundState::Refused => {
                let why = refund.refused.clone().unwrap_or_default();
                w.with("refund-refused", &[("amount", amount), ("why", why)])
            }
            RefundState::Done => w.with("refund-done", &[("amount", amount)]),
        }
    };
    bill.refunds.iter().filter(|r| r.of == of).map(one).collect()
}

fn line(bill: &Bill, order: &Order, list: &FeeList, w: Say) -> LineShown {
    let l = &order.line;
    let (kind, word) = match order.state {
        OrderState::Open => ("wait", "order-open"),
        OrderState::Sent => ("info", "order-sent"),
        OrderState::Failed => ("info", "order-failed"),
        OrderState::Paid => ("good", "order-paid"),
        OrderState::Exempt => ("neutral", "order-exempt"),
        OrderState::Refunded => ("neutral", "order-refunded"),
    };
    let mut notes: Vec<String> = order
        .granted
        .iter()
        .map(|g| {
            let (name, cut) = (g.name.get(w.lang).to_owned(), g.cut.to_string());
            w.with("granted", &[("name", name), ("cut", cut), ("evidence", g.evidence.clone())])
        })
        .collect();
    notes.extend(refunds(bill, RefundOf::Order(l.order), w));
    let known = list.fee(&l.fee).map(|f| f.reductions.as_slice()).unwrap_or_default();
    let reductions = known.iter().map(|r| {
        let name = format!("{} · {} ({}%)", l.name.get(w.lang), r.name.get(w.lang), r.percent);
        (format!("{} {}", l.order, r.id), name)
    });
    LineShown {
        order: l.order.to_string(),
        name: l.name.get(w.lang).to_owned(),
        basis: l.basis.get(w.lang).to_owned(),
        payee: payee(list, &l.account, w),
        amount: l.amount.to_string(),
        owed: order.owed().to_string(),
        state: badge(kind, &w.t(word)),
        notes,
        unpaid: order.unpaid(),
        refundable: bill.refundable(RefundOf::Order(l.order)).as_fen(),
        reductions: reductions.collect(),
    }
}

fn payee(list: &FeeList, account: &str, w: Say) -> String {
    list.account(account).map_or_else(|| account.to_owned(), |a| a.name.get(w.lang).to_owned())
}

pub(super) fn receipt_kind(kind: ReceiptKind, w: Say) -> String {
    let key = match kind {
        ReceiptKind::Tax => "receipt-tax",
        ReceiptKind::NonTax => "receipt-non-tax",
        ReceiptKind::Invoice => "receipt-invoice",
    };
    w.t(key).into_owned()
}

pub(super) fn receipt_line(row: &ReceiptRow, list: &FeeList, w: Say) -> ReceiptLine {
    ReceiptLine {
        number: row.number.clone(),
        kind: receipt_kind(row.kind, w),
        payee: payee(list, &row.account, w),
        amount: format::money(row.amount),
        at: format::date(w.lang, clock::legal_date(row.at)),
        red: row.red_of.is_some(),
    }
}

pub(super) fn means(means: Means, w: Say) -> String {
    let key = match means {
        Means::Gateway => "means-gateway",
        Means::Cash => "means-cash",
        Means::Card => "means-card",
    };
    w.t(key).into_owned()
}
