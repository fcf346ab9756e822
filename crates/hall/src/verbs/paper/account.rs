//! Every number is accounted for: printed, void, restored, given back.

use super::{Recorder, block, tell, with_keeper};
use crate::model::{BlockId, BlockState, PaperEvent, PaperState};
use crate::rules::paper::{self as rules, by_time, still_out};
use crate::rules::paper_refuse as refuse;
use crate::settings::Settings;
use crate::store::{self as rows, BlockRow, PaperRow};
use crate::verbs::Manager;
use ::store::Cx;
use jiff::civil::Date;
use kernel::{Fault, Outcome, Timestamp, clock};

/// The block is printed; a second print is numbered, because two papers then have the same number. Answers which print it is.
///
/// # Errors
/// `hall.paper-lapsed`, `hall.paper-returned`.
pub async fn print(cx: &mut Cx, who: &Manager, id: BlockId) -> Outcome<i64> {
    let (mut block, _) = block(cx.store(), &who.hall().code, id).await?;
    with_keeper(&block)?;
    if by_time(&block, cx.now) == BlockState::Lapsed {
        return Err(refuse::lapsed().into());
    }
    block.printed += 1;
    rows::update_block(&mut cx.commit, &block);
    let (nth, now) = (block.printed, cx.now);
    tell(cx, id, &PaperEvent::Printed { nth }, now).await?;
    Ok(nth)
}

/// Declares the numbers from `from` to `to` that are out spoiled or not used; answers how many. The keeper or the head of the hall does.
///
/// # Errors
/// `hall.paper-for-keeper`, `hall.paper-no-number`, `hall.paper-nothing-out`, `hall.paper-why`, `hall.paper-returned`.
pub async fn void(
    cx: &mut Cx,
    who: &Recorder,
    id: BlockId,
    (from, to): (&str, &str),
    why: &str,
) -> Outcome<usize> {
    let (block, papers) = block(cx.store(), &who.hall().code, id).await?;
    if who.manager().is_none() && block.keeper != who.account {
        return Err(refuse::for_keeper().into());
    }
    with_keeper(&block)?;
    let why = rules::reason(why)?;
    let to = if to.trim().is_empty() { from } else { to };
    let out = still_out(&papers, &number(from), &number(to))?;
    let numbers = discard(cx, &out);
    let (count, now) = (numbers.len(), cx.now);
    tell(cx, id, &PaperEvent::Voided { numbers, why }, now).await?;
    Ok(count)
}

/// A number as it is kept.
fn number(typed: &str) -> String {
    match kernel::codes::PaperNumber::read(typed) {
        Ok(form) => form.to_string(),
        Err(_) => typed.trim().to_ascii_uppercase(),
    }
}

fn discard(cx: &mut Cx, out: &[&PaperRow]) -> Vec<String> {
    let now = cx.now;
    for paper in out {
        let row = PaperRow { state: PaperState::Void, ..(*paper).clone() };
        rows::update_paper(&mut cx.commit, &row, PaperState::Out, (None, now));
    }
    out.iter().map(|p| p.number.clone()).collect()
}

/// A void number is out again: somebody holds the paper. A block that was given back is open again.
///
/// # Errors
/// `hall.paper-not-void`, `hall.paper-why`.
pub async fn restore(cx: &mut Cx, who: &Manager, id: BlockId, typed: &str, why: &str) -> Outcome<()> {
    let (block, papers) = block(cx.store(), &who.hall().code, id).await?;
    let (number, why) = (number(typed), rules::reason(why)?);
    let paper = papers.iter().find(|p| p.number == number && p.state == PaperState::Void);
    let row = PaperRow { state: PaperState::Out, ..paper.ok_or_else(refuse::not_void)?.clone() };
    let now = cx.now;
    rows::update_paper(&mut cx.commit, &row, PaperState::Void, (None, now));
    rows::update_block(&mut cx.commit, &BlockRow { state: by_time(&block, now), ..block });
    tell(cx, id, &PaperEvent::Restored { number, why }, now).await
}

/// Allows late recording to the end of a day.
///
/// # Errors
/// `hall.paper-until`, `hall.paper-why`, `hall.paper-returned`.
pub async fn extend(
    cx: &mut Cx,
    terms: &Settings,
    (who, id): (&Manager, BlockId),
    last: Option<Date>,
    why: &str,
) -> Outcome<()> {
    let (block, _) = block(cx.store(), &who.hall().code, id).await?;
    with_keeper(&block)?;
    let (why, today) = (rules::reason(why)?, clock::legal_date(cx.now));
    let furthest = today.checked_add(jiff::Span::new().days(terms.paper_late_days)).unwrap_or(Date::MAX);
    let last =
        last.filter(|day| (today..=furthest).contains(day)).ok_or_else(|| refuse::wrong_until(terms))?;
    let until: Timestamp = last
        .at(23, 59, 59, 0)
        .to_zoned(clock::legal_zone())
        .map_err(|e| Fault::from("the end of a day", e))?
        .timestamp();
    rows::update_block(&mut cx.commit, &BlockRow { extended_until: Some(until), ..block });
    let now = cx.now;
    tell(cx, id, &PaperEvent::Extended { until, why }, now).await
}

/// The block is given back: what is out was counted and not used, for which somebody stands with a reason.
///
/// # Errors
/// `hall.paper-not-accounted` unless nothing is out, or the head is `sure` of what is left over; `hall.paper-why`, `hall.paper-returned`.
pub async fn give_back(cx: &mut Cx, who: &Manager, id: BlockId, (sure, why): (bool, &str)) -> Outcome<()> {
    let (block, papers) = block(cx.store(), &who.hall().code, id).await?;
    with_keeper(&block)?;
    let out: Vec<&PaperRow> = papers.iter().filter(|p| p.state == PaperState::Out).collect();
    if !out.is_empty() && !sure {
        return Err(refuse::not_accounted(out.len()).into());
    }
    let (now, subject) = (cx.now, crate::model::block_subject(id));
    let mut head = trace::head(cx.store(), &subject).await?;
    if !out.is_empty() {
        let why = rules::reason(why)?;
        let numbers = discard(cx, &out);
        trace::record(cx, &mut head, &subject, &PaperEvent::Voided { numbers, why }, now)?;
    }
    rows::update_block(&mut cx.commit, &BlockRow { state: BlockState::Returned, ..block });
    trace::record(cx, &mut head, &subject, &PaperEvent::Returned {}, now)
}
