//! What happened on paper is recorded (补录): applications by their forms, everybody else by the slips of the control sheet.

use super::{Recorder, block, tell};
use crate::model::{BlockId, HallCode, PaperEvent, PaperState};
use crate::rules::paper::{SlipEnd, complete, may_record};
use crate::rules::paper_refuse as refuse;
use crate::settings::Settings;
use crate::store::{self as rows, BlockRow, PaperRow};
use crate::verbs::{day_of, works_in};
use ::store::{Cx, Store};
use identity::Clerk;
use kernel::codes::PaperNumber;
use kernel::{Calendar, FieldError, Outcome, Refusal, Timestamp};

/// A form that may be recorded now by this clerk; `at` is the moment that stands on it.
///
/// # Errors
/// `hall.paper-no-number` for a form of no hall of theirs, `hall.paper-recorded`, `hall.paper-void`, `hall.paper-future`,
/// `hall.paper-before`, `hall.paper-not-its-time`, `hall.paper-late`.
pub async fn check_form(
    store: &Store,
    (calendar, terms): (&Calendar, &Settings),
    who: &Clerk,
    number: &PaperNumber,
    (at, now): (Timestamp, Timestamp),
) -> Outcome<()> {
    let (block, form) = form_of(store, who, number).await?;
    Ok(may_record(&block, &form, (at, now), calendar, terms)?)
}

/// A form of a hall where the clerk works, with its block.
async fn form_of(store: &Store, who: &Clerk, number: &PaperNumber) -> Outcome<(BlockRow, PaperRow)> {
    let nobodys = || refuse::no_number("paper_form");
    let form = rows::form(store, number.as_str()).await?.ok_or_else(nobodys)?;
    let hall = rows::hall(store, &form.hall).await?;
    hall.filter(|h| works_in(who.agency(), &h.agency)).ok_or_else(nobodys)?;
    let block = rows::block(store, form.block).await?.ok_or_else(Refusal::not_found)?;
    Ok((block, form))
}

/// What was accepted on a form is filed, in the commit that files it: of two who record the same form one is told that it was recorded.
/// Told again with the same cases, it changes nothing.
///
/// # Errors
/// As [`check_form`].
pub async fn file_form(
    cx: &mut Cx,
    (calendar, terms): (&Calendar, &Settings),
    who: &Clerk,
    (number, at): (&PaperNumber, Timestamp),
    cases: &[String],
) -> Outcome<()> {
    let (block, form) = form_of(cx.store(), who, number).await?;
    let reference = cases.join(" ");
    if form.state == PaperState::Filed && form.reference.as_deref() == Some(&reference) {
        return Ok(());
    }
    may_record(&block, &form, (at, cx.now), calendar, terms)?;
    let day = day_of(at);
    let window = who.window().map(str::to_owned);
    let row = PaperRow { state: PaperState::Filed, at: Some(at), window, reference: Some(reference), ..form };
    let now = cx.now;
    rows::update_paper(&mut cx.commit, &row, PaperState::Out, (Some(&day), now));
    let event = PaperEvent::Filed { number: number.clone(), cases: cases.to_vec() };
    tell(cx, block.id, &event, at).await
}

/// How it ended for those with slips, as the control sheet says: all of these lines, or none. A form that a slip ended with is one of the
/// same hall.
///
/// # Errors
/// `hall.paper-lines` with what is wrong at each line: the fields are `what.{number}`, `time.{number}`, `window.{number}`, `how.{number}`.
pub async fn end_slips(
    cx: &mut Cx,
    (calendar, terms): (&Calendar, &Settings),
    who: &Recorder,
    id: BlockId,
    ends: &[SlipEnd],
) -> Outcome<()> {
    if ends.is_empty() {
        return Err(refuse::no_lines().into());
    }
    let hall = &who.hall().code;
    let (block, papers) = block(cx.store(), hall, id).await?;
    let windows = rows::windows(cx.store(), hall).await?;
    let (mut done, mut wrong) = (Vec::new(), Vec::new());
    for end in ends {
        let at = |name: &str, say| FieldError { field: format!("{name}.{}", end.number), say };
        let Some(slip) = papers.iter().find(|p| p.number == end.number && p.letter.is_some()) else {
            wrong.push(at("how", refuse::no_number("how").say));
            continue;
        };
        let known = end.window.as_ref().is_none_or(|n| windows.iter().any(|w| w.number == *n));
        if let Err(error) = complete(end) {
            wrong.push(error);
        } else if !known {
            wrong.push(at("window", refuse::say_window()));
        } else if let Err(no) = may_record(&block, slip, (end.at, cx.now), calendar, terms) {
            wrong.push(at("time", no.say));
        } else if !here(cx.store(), hall, end).await? {
            wrong.push(at("what", refuse::say_reference()));
        } else {
            done.push((slip, end));
        }
    }
    if !wrong.is_empty() {
        return Err(refuse::lines(wrong).into());
    }
    write(cx, id, done).await
}

/// Whether the form that a slip ended with is one of the hall.
async fn here(store: &Store, hall: &HallCode, end: &SlipEnd) -> Outcome<bool> {
    match PaperNumber::read(&end.what) {
        Ok(form) if end.how == PaperState::Filed => {
            Ok(rows::form(store, form.as_str()).await?.is_some_and(|f| f.hall == *hall))
        }
        _ => Ok(true),
    }
}

async fn write(cx: &mut Cx, id: BlockId, done: Vec<(&PaperRow, &SlipEnd)>) -> Outcome<()> {
    let (now, subject) = (cx.now, crate::model::block_subject(id));
    let mut head = trace::head(cx.store(), &subject).await?;
    for (slip, end) in done {
        let what = match PaperNumber::read(&end.what) {
            Ok(form) if end.how == PaperState::Filed => form.to_string(),
            _ => end.what.trim().to_owned(),
        };
        // What was said to whom stands in the trace only.
        let reference = (end.how == PaperState::Filed).then(|| what.clone());
        let (state, window) = (end.how, end.window.clone());
        let row = PaperRow { state, at: Some(end.at), window: window.clone(), reference, ..slip.clone() };
        rows::update_paper(&mut cx.commit, &row, PaperState::Out, (Some(&day_of(end.at)), now));
        let event = PaperEvent::Ended { number: end.number.clone(), window, how: end.how, what };
        trace::record(cx, &mut head, &subject, &event, end.at)?;
    }
    Ok(())
}
