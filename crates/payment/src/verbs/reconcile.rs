//! A statement is compared with our books (对账): what differs is written down with what to do, what agrees is cleared, what they
//! know and we do not is booked.

use super::fetch::close_unnamed;
use super::pay::heard;
use crate::event::Heard;
use crate::gateway::{GatewayState, News};
use crate::ledger;
use crate::model::*;
use crate::room::{Payments, no_right};
use crate::rules;
use crate::statement::{Difference, DifferenceKind, Found, OurPart, OurRefund, Statement, compare};
use crate::store::{self as rows, DifferenceId};
use ::store::{Cx, command};
use identity::Staff;
use jiff::civil::Date;
use kernel::{ActorRef, Failure, Fault, Lang, Money, Outcome, Refusal, RefusalKind, Timestamp, clock};
use std::collections::BTreeSet;

/// So many rows are cleared in one commit.
const AT_ONCE: usize = 200;

/// What came of a statement.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reconciled {
    /// How many lines it had.
    pub lines: usize,
    /// How many agree.
    pub agree: usize,
    /// What differs.
    pub differences: Vec<Difference>,
    /// How many payments of which nothing was known have ended without money.
    pub closed: usize,
}

/// Compares a statement; doing it again changes nothing that stands. That it was compared is written last, so that whatever breaks
/// off before is tried again.
///
/// # Errors
/// A fault of the store.
pub async fn reconcile(p: &Payments, statement: &Statement) -> Outcome<Reconciled> {
    let (parts, refunds) = ours(p, statement).await?;
    let found = compare(statement, &parts, &refunds);
    book(p, statement, &found).await?;
    // What was just booked agrees now.
    let (parts, refunds) = ours(p, statement).await?;
    let after = compare(statement, &parts, &refunds);
    write_down(p, statement, &found, &after).await?;
    clear(p, statement.day, &after).await?;
    compared(p, statement, &found).await?;
    let closed = close_unnamed(p).await?;
    let agree = found.parts.len() + found.refunds.len();
    Ok(Reconciled { lines: statement.lines.len(), agree, differences: found.differences, closed })
}

pub(super) fn day_bounds(day: Date) -> (Timestamp, Timestamp) {
    let begin =
        |day: Date| day.to_zoned(clock::legal_zone()).map(|z| z.timestamp()).unwrap_or(Timestamp::MAX);
    (begin(day), day.tomorrow().map_or(Timestamp::MAX, begin))
}

/// What we have of the statement's day, and of whatever else it names.
async fn ours(p: &Payments, statement: &Statement) -> Result<(Vec<OurPart>, Vec<OurRefund>), Fault> {
    let store = &p.house.ground.store;
    let (from, until) = day_bounds(statement.day);
    let mut parts = rows::parts_paid(store, from, until).await?;
    let mut refunds = rows::refunds_done(store, from, until).await?;
    let have: BTreeSet<&str> = parts.iter().map(|p| p.trade.as_str()).collect();
    let pays = statement.lines.iter().filter(|l| l.refund.is_none());
    let other: BTreeSet<&str> = pays.map(|l| l.trade.as_str()).filter(|t| !have.contains(t)).collect();
    let mut more = Vec::new();
    for trade in other {
        more.extend(rows::parts_of(store, trade).await?);
    }
    parts.extend(more);
    let have: BTreeSet<String> = refunds.iter().map(|r| r.refund.clone()).collect();
    let named: BTreeSet<&str> = statement.lines.iter().filter_map(|l| l.refund.as_deref()).collect();
    for refund in named.into_iter().filter(|r| !have.contains(*r)) {
        refunds.extend(rows::refund_ours(store, refund).await?);
    }
    Ok((parts, refunds))
}

/// Books what they have and we do not: a payment whose call-back never came, whatever its amount or account; a refund.
async fn book(p: &Payments, statement: &Statement, found: &Found) -> Outcome<()> {
    let mut done = BTreeSet::new();
    let unheard = |d: &&Difference| {
        let there_only = d.theirs.is_some() && d.ours.is_none();
        there_only && (d.refund.is_empty() || d.kind == DifferenceKind::RefundThereOnly)
    };
    for d in found.differences.iter().filter(unheard) {
        let (Ok(trade), refund) = (d.trade.parse::<TradeId>(), d.refund.parse::<RefundId>().ok()) else {
            continue;
        };
        if !done.insert((trade, refund)) {
            continue;
        }
        let same = |l: &&crate::statement::Line| {
            l.done && l.trade == d.trade && l.refund.as_deref().unwrap_or("") == d.refund
        };
        let lines: Vec<&crate::statement::Line> = statement.lines.iter().filter(same).collect();
        let Some(first) = lines.first() else { continue };
        let mut counted = BTreeSet::new();
        let once = lines.iter().filter(|l| counted.insert(l.line.as_str()));
        let amount = Money::fen(once.map(|l| l.amount.as_fen()).sum());
        let store = &p.house.ground.store;
        let bill = match refund {
            None => rows::bill_of_trade(store, trade).await?,
            Some(refund) => rows::bill_of_refund(store, refund).await?,
        };
        let Some(bill) = bill else { continue };
        let news = News {
            trade,
            refund,
            state: GatewayState::Done,
            amount,
            gateway_no: first.gateway_no.clone(),
            at: first.at,
        };
        match heard(p, bill, &news, Heard::Statement, None).await {
            // Another amount of a refund, or none: it stays a difference.
            Ok(()) | Err(Failure::Refused(_)) => {}
            Err(fault) => return Err(fault),
        }
    }
    Ok(())
}

/// Writes down what differed and what differs after booking, each once; what booking put right is dealt with.
async fn write_down(p: &Payments, statement: &Statement, found: &Found, after: &Found) -> Outcome<()> {
    let (ground, actor, day) = (&p.house.ground, ActorRef::system(), statement.day.to_string());
    let known: BTreeSet<_> = rows::known_differences(&ground.store, &day).await?.into_iter().collect();
    let key = |d: &Difference| {
        let text = |s: &str| s.to_owned();
        (d.kind.to_string(), text(&d.trade), text(&d.line), text(&d.refund), text(&d.gateway_no))
    };
    let left: BTreeSet<_> = after.differences.iter().map(key).collect();
    let mut seen = known;
    let all = found.differences.iter().chain(&after.differences);
    let fresh: Vec<&Difference> = all.filter(|d| seen.insert(key(d))).collect();
    for some in fresh.chunks(AT_ONCE) {
        let mut whose = Vec::with_capacity(some.len());
        for d in some {
            whose.push(rows::whose(&ground.store, d).await?);
        }
        command!(ground, Lang::default(), actor, |cx| {
            let now = cx.now;
            for (d, whose) in some.iter().zip(&whose) {
                let id = cx.new_id();
                rows::put_difference(&mut cx.commit, id, &day, d, (whose, !left.contains(&key(d))), now);
            }
            Ok::<(), Failure>(())
        })?;
    }
    Ok(())
}

async fn compared(p: &Payments, statement: &Statement, found: &Found) -> Outcome<()> {
    let (ground, actor, day) = (&p.house.ground, ActorRef::system(), statement.day.to_string());
    command!(ground, Lang::default(), actor, |cx| {
        let now = cx.now;
        rows::put_statement(&mut cx.commit, &day, statement.lines.len(), found.differences.len(), now);
        Ok::<(), Failure>(())
    })
}

/// Moves what agrees from what the gateway holds to what it has paid over, once.
async fn clear(p: &Payments, day: Date, found: &Found) -> Outcome<()> {
    let (ground, actor, on) = (&p.house.ground, ActorRef::system(), day.to_string());
    let mut parts = Vec::new();
    for (trade, line, amount) in &found.parts {
        if !rows::part_cleared(&ground.store, trade, line).await? {
            parts.push((Some((trade, line)), trade, amount.as_fen()));
        }
    }
    for (refund, amount) in &found.refunds {
        if !rows::refund_cleared(&ground.store, refund).await? {
            parts.push((None, refund, -amount.as_fen()));
        }
    }
    for some in parts.chunks(AT_ONCE) {
        let entries = ledger::cleared(Money::fen(some.iter().map(|(_, _, fen)| fen).sum()))?;
        command!(ground, Lang::default(), actor, |cx| {
            let (now, tx) = (cx.now, format!("statement:{on}:{}", cx.commit.id));
            for (part, refund, _) in some {
                match part {
                    Some((trade, line)) => rows::clear_part(&mut cx.commit, trade, line, &on),
                    None => rows::clear_refund(&mut cx.commit, refund, &on),
                }
            }
            rows::post(&mut cx.commit, &tx, &entries, now);
            Ok::<(), Failure>(())
        })?;
    }
    Ok(())
}

/// An examiner of the agency, or supervision, says what was done about a difference.
///
/// # Errors
/// Not found; `payment.no-reason` without a word of what was done.
pub(crate) async fn settle(
    cx: &mut Cx,
    p: &Payments,
    staff: &Staff,
    id: DifferenceId,
    note: &str,
) -> Outcome<()> {
    if !matches!(staff, Staff::Examiner(_) | Staff::Supervisor(_)) {
        return Err(no_right().into());
    }
    let row = rows::difference_within(cx.store(), id, &p.reach(staff).await?).await?;
    let row = row.ok_or_else(rules::no_bill)?;
    if row.state != "open" {
        return Ok(());
    }
    if note.trim().is_empty() {
        let (zh, en) = ("请写明怎样处理的。", "Say what was done about it.");
        return Err(Refusal::new(RefusalKind::Invalid, "payment.no-reason", zh, en)
            .field("note", zh, en)
            .into());
    }
    rows::settle_difference(&mut cx.commit, id, staff.account(), note.trim());
    Ok(())
}

impl DifferenceKind {
    /// The stable word as a key of the room's words.
    pub(crate) fn key(self) -> String {
        format!("difference-{}", self.word())
    }
}
