//! What differs between a statement and our books: a pure function, and what to do about each kind.

use super::Statement;
use ::store::words;
use jiff::civil::Date;
use kernel::{Money, Text, Timestamp, clock};
use std::collections::{BTreeMap, BTreeSet};

words! {
    /// How the two differ.
    pub enum DifferenceKind {
        /// They have a payment that we never began.
        UnknownPayment = "unknown-payment",
        /// We have it as paid on that day; they do not have it.
        MissingThere = "missing-there",
        /// The amounts differ.
        AmountDiffers = "amount-differs",
        /// It went to another account.
        AccountDiffers = "account-differs",
        /// They have it as paid, we do not: to be booked.
        PaidThereOnly = "paid-there-only",
        /// We have it as paid; they say that it failed.
        FailedThere = "failed-there",
        /// They took the same part twice, under two numbers.
        PaidTwice = "paid-twice",
        /// One line stands twice.
        LineTwice = "line-twice",
        /// Paid on another day than in our books.
        DayDiffers = "day-differs",
        /// They gave money back that we never asked for.
        UnknownRefund = "unknown-refund",
        /// We have it as given back on that day; they do not have it.
        RefundMissingThere = "refund-missing-there",
        /// The amounts given back differ.
        RefundAmountDiffers = "refund-amount-differs",
        /// They have it as given back, we do not: to be booked.
        RefundThereOnly = "refund-there-only",
        /// We have it as given back; they say that it failed.
        RefundFailedThere = "refund-failed-there",
        /// They gave it back twice.
        RefundTwice = "refund-twice",
    }
}

impl DifferenceKind {
    /// What to do.
    pub fn what_to_do(self) -> Text {
        let (zh, en) = match self {
            Self::UnknownPayment => (
                "向渠道查这笔款的来源，请渠道原路退回缴款人；缴款人仍可按缴款单缴费。",
                "Ask the gateway where it came from, and have it sent back the way it came; a bill it was meant for can still be paid.",
            ),
            Self::MissingThere => (
                "先看下一日的对账单；仍没有的，凭我方收到的签名回执向渠道追款。收据不作废。",
                "Look into the next day's statement first; if it is not there either, claim the money with the signed call-back we hold. The receipt stands.",
            ),
            Self::AmountDiffers => (
                "向渠道核实实收金额。缴款单尚未缴成的，到账的钱已记为多缴并自动申请退付，请审批，缴款人可以重新缴；已缴成的，差额请渠道补足或退回缴款人。",
                "Find out what the gateway really took. Where the bill was not paid, what came lies in excess and a refund of it was asked for: decide on it; the payer can pay anew. Where it was paid, have the gateway make up what is short or send back what is too much.",
            ),
            Self::AccountDiffers => (
                "请渠道把款项划转到正确的账户，划转前不要解缴。",
                "Have the gateway move it to the right account before anything is passed on.",
            ),
            Self::PaidThereOnly => (
                "标为“已处理”的，系统已经入账；已另行缴清的，多收部分已自动申请退付，请审批。仍“待处理”的没有入账，请向渠道核实。",
                "Where it is dealt with, it was booked; where the bill was paid otherwise meanwhile, a refund was asked for: decide on it. Where it is still open, nothing was booked: ask the gateway.",
            ),
            Self::FailedThere => (
                "凭签名回执请渠道更正或补款。收据不作废，缴款单不重新开放。",
                "Have the gateway correct it, or pay it over, by the call-back it signed. The receipt stands, and the bill stays paid.",
            ),
            Self::PaidTwice => (
                "请渠道把第二笔原路退回缴款人，并告知缴款人。",
                "Have the gateway send the second one back the way it came, and tell the payer.",
            ),
            Self::LineTwice => {
                ("请渠道重发对账单，本行不重复入账。", "Ask for a corrected statement; the line counts once.")
            }
            Self::DayDiffers => (
                "两边日期不同，金额一致，无需退补。",
                "Only the days differ; nothing is to be paid or given back.",
            ),
            Self::UnknownRefund
            | Self::RefundMissingThere
            | Self::RefundAmountDiffers
            | Self::RefundThereOnly
            | Self::RefundFailedThere
            | Self::RefundTwice => self.about_a_refund(),
        };
        Text::new(zh, en)
    }

    fn about_a_refund(self) -> (&'static str, &'static str) {
        match self {
            Self::UnknownRefund => (
                "渠道擅自退款：查明原因；属误退的，请渠道追回。",
                "They gave money back on their own: find out why; if by mistake, have them get it back.",
            ),
            Self::RefundMissingThere => (
                "先看下一日的对账单；仍没有的，请渠道查明缴款人是否已收到退款。",
                "Look into the next day's statement first; if it is not there either, have them find out whether the payer has it.",
            ),
            Self::RefundAmountDiffers => (
                "请渠道按我方的退款金额更正：少退的由渠道补退，多退的由渠道追回。",
                "Have the gateway put it right by our amount: give back what is short, get back what is too much.",
            ),
            Self::RefundThereOnly => (
                "标为“已处理”的，系统已经入账；仍“待处理”的没有入账，请向渠道核实。",
                "Where it is dealt with, it was booked; where it is still open, nothing was booked: ask the gateway.",
            ),
            Self::RefundFailedThere => (
                "向渠道核实缴款人是否已收到退款；没有收到的，请渠道按原退款号补退。",
                "Find out whether the payer has it; if not, have the gateway carry it out under the same number.",
            ),
            _ => ("请渠道追回第二笔退款。", "Have them get the second one back."),
        }
    }
}

/// Our side of a part of a payment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OurPart {
    /// The payment.
    pub trade: String,
    /// The order it pays.
    pub line: String,
    /// The account's number.
    pub account: String,
    /// How much.
    pub amount: Money,
    /// When it was paid, when it was.
    pub paid_at: Option<Timestamp>,
}

/// Our side of a refund.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OurRefund {
    /// The refund.
    pub refund: String,
    /// The payment it goes back on.
    pub trade: String,
    /// How much.
    pub amount: Money,
    /// When it was given back, when it was.
    pub done_at: Option<Timestamp>,
}

/// One difference.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Difference {
    /// How the two differ.
    pub kind: DifferenceKind,
    /// The payment.
    pub trade: String,
    /// The order.
    pub line: String,
    /// The refund, or empty.
    pub refund: String,
    /// The gateway's number, or empty.
    pub gateway_no: String,
    /// Our amount.
    pub ours: Option<Money>,
    /// Theirs.
    pub theirs: Option<Money>,
}

/// What came of comparing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Found {
    /// What differs.
    pub differences: Vec<Difference>,
    /// Parts that agree: payment and order.
    pub parts: Vec<(String, String, Money)>,
    /// Refunds that agree.
    pub refunds: Vec<(String, Money)>,
}

/// Compares a statement with what we have of its payments, and of its day.
pub fn compare(statement: &Statement, parts: &[OurPart], refunds: &[OurRefund]) -> Found {
    let mut found = Found::default();
    pays(statement, parts, &mut found);
    backs(statement, refunds, &mut found);
    found.differences.sort();
    found
}

fn on(day: Date, at: Option<Timestamp>) -> bool {
    at.is_some_and(|at| clock::legal_date(at) == day)
}

fn pays(statement: &Statement, parts: &[OurPart], found: &mut Found) {
    let ours: BTreeMap<(&str, &str), &OurPart> =
        parts.iter().map(|p| ((p.trade.as_str(), p.line.as_str()), p)).collect();
    let mut seen: BTreeMap<(&str, &str), BTreeSet<&str>> = BTreeMap::new();
    for l in statement.lines.iter().filter(|l| l.refund.is_none()) {
        let key = (l.trade.as_str(), l.line.as_str());
        let numbers = seen.entry(key).or_default();
        let (again, fresh) = (!numbers.is_empty(), numbers.insert(&l.gateway_no));
        let part = ours.get(&key).copied();
        let kind = match part {
            _ if !fresh => Some(DifferenceKind::LineTwice),
            _ if again && l.done => Some(DifferenceKind::PaidTwice),
            None if l.done => Some(DifferenceKind::UnknownPayment),
            Some(p) if l.done => paid(statement.day, p, l),
            Some(p) if p.paid_at.is_some() => Some(DifferenceKind::FailedThere),
            // What failed with both is no difference.
            _ => None,
        };
        match (kind, part) {
            (Some(kind), _) => found.differences.push(Difference {
                kind,
                trade: l.trade.clone(),
                line: l.line.clone(),
                refund: String::new(),
                gateway_no: l.gateway_no.clone(),
                ours: part.filter(|p| p.paid_at.is_some()).map(|p| p.amount),
                theirs: l.done.then_some(l.amount),
            }),
            (None, Some(p)) if l.done => found.parts.push((p.trade.clone(), p.line.clone(), p.amount)),
            _ => {}
        }
    }
    for p in parts.iter().filter(|p| on(statement.day, p.paid_at)) {
        if !seen.contains_key(&(p.trade.as_str(), p.line.as_str())) {
            found.differences.push(Difference {
                kind: DifferenceKind::MissingThere,
                trade: p.trade.clone(),
                line: p.line.clone(),
                refund: String::new(),
                gateway_no: String::new(),
                ours: Some(p.amount),
                theirs: None,
            });
        }
    }
}

fn paid(day: Date, ours: &OurPart, theirs: &super::Line) -> Option<DifferenceKind> {
    if ours.amount != theirs.amount {
        Some(DifferenceKind::AmountDiffers)
    } else if ours.account != theirs.account {
        Some(DifferenceKind::AccountDiffers)
    } else if ours.paid_at.is_none() {
        Some(DifferenceKind::PaidThereOnly)
    } else if on(day, ours.paid_at) {
        None
    } else {
        Some(DifferenceKind::DayDiffers)
    }
}

fn backs(statement: &Statement, refunds: &[OurRefund], found: &mut Found) {
    let ours: BTreeMap<&str, &OurRefund> = refunds.iter().map(|r| (r.refund.as_str(), r)).collect();
    let mut seen: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for l in &statement.lines {
        let Some(refund) = l.refund.as_deref() else { continue };
        let numbers = seen.entry(refund).or_default();
        let (again, fresh) = (!numbers.is_empty(), numbers.insert(&l.gateway_no));
        let own = ours.get(refund).copied();
        let kind = match own {
            _ if !fresh => Some(DifferenceKind::LineTwice),
            _ if again && l.done => Some(DifferenceKind::RefundTwice),
            None if l.done => Some(DifferenceKind::UnknownRefund),
            Some(r) if l.done && r.amount != l.amount => Some(DifferenceKind::RefundAmountDiffers),
            Some(r) if l.done && r.done_at.is_none() => Some(DifferenceKind::RefundThereOnly),
            Some(r) if l.done && !on(statement.day, r.done_at) => Some(DifferenceKind::DayDiffers),
            Some(r) if !l.done && r.done_at.is_some() => Some(DifferenceKind::RefundFailedThere),
            _ => None,
        };
        match (kind, own) {
            (Some(kind), _) => found.differences.push(Difference {
                kind,
                trade: l.trade.clone(),
                line: l.line.clone(),
                refund: refund.to_owned(),
                gateway_no: l.gateway_no.clone(),
                ours: own.filter(|r| r.done_at.is_some()).map(|r| r.amount),
                theirs: l.done.then_some(l.amount),
            }),
            (None, Some(r)) if l.done => found.refunds.push((r.refund.clone(), r.amount)),
            _ => {}
        }
    }
    for r in refunds.iter().filter(|r| on(statement.day, r.done_at) && !seen.contains_key(r.refund.as_str()))
    {
        found.differences.push(Difference {
            kind: DifferenceKind::RefundMissingThere,
            trade: r.trade.clone(),
            line: String::new(),
            refund: r.refund.clone(),
            gateway_no: String::new(),
            ours: Some(r.amount),
            theirs: None,
        });
    }
}
