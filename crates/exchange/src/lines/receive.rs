//! The way back: a signed report, taken once, handed up as a message.

use super::sign::{self, SKEW_SECONDS, Way};
use super::{DispatchState, LineSystem, LineSystems, Report, Verdict};
use crate::store::lines::{self as rows, AnswerRow};
use ::store::{Cx, Ground, command};
use kernel::{ActorRef, Fault, Lang, Outcome, Refusal, RefusalKind, Timestamp, clock};
use serde::Deserialize;
use std::collections::BTreeMap;

/// The message that leaves with a report that was taken: its body is the [`Report`], its subject the dispatch's.
pub const ANSWERED: &str = "exchange.answered";

const ANSWER: &str = "exchange_dispatch.answer";
/// The longest report.
const BYTES_MAX: usize = 65_536;
/// The longest text in it.
const TEXT_MAX: usize = 2_000;

#[derive(Deserialize)]
struct Incoming {
    task: String,
    outcome: Verdict,
    #[serde(default)]
    text: String,
    at: Timestamp,
}

/// Takes a line system's report: the signature is right, the clocks agree, the request is new, and the dispatch is open.
/// The report leaves as the message [`ANSWERED`] with the same commit: act on that, it comes at least once however the
/// program ends; the value is for answering the caller. The same answer again changes nothing and is answered alike.
///
/// # Errors
/// Refusals `exchange.signature`, `.clock`, `.nonce`, `.digest`, `.replayed`, `.report`, `.reason-missing`,
/// `.no-such-dispatch`, `.not-wanted`, `.answered-already`; a fault when the database does not answer.
pub async fn receive(
    ground: &Ground,
    systems: &LineSystems,
    headers: &BTreeMap<String, String>,
    body: &[u8],
) -> Outcome<Report> {
    if body.len() > BYTES_MAX {
        return Err(Refusal::new(
            RefusalKind::TooLarge,
            "exchange.report",
            "报告不能超过64KiB。",
            "A report has 64 KiB at most.",
        )
        .into());
    }
    let signed = sign::check(systems, Way::Report, headers, body, ground.clock.now())?;
    let incoming = read(body)?;
    let actor = ActorRef { agency: Some(signed.system.agency.clone()), ..ActorRef::system() };
    command!(ground, Lang::default(), actor, |cx| take(&mut cx, signed.system, &signed.nonce, &incoming)
        .await)
}

fn read(body: &[u8]) -> Outcome<Incoming> {
    let mut incoming: Incoming = serde_json::from_slice(body).map_err(|e| {
        Refusal::new(
            RefusalKind::Invalid,
            "exchange.report",
            format!("报告读不懂：{e}。"),
            format!("The report cannot be read: {e}."),
        )
    })?;
    let clean = |c: &char| !c.is_control() || *c == '\n';
    incoming.text = incoming.text.trim().chars().filter(clean).take(TEXT_MAX).collect();
    if incoming.outcome == Verdict::Fail && incoming.text.is_empty() {
        return Err(Refusal::new(
            RefusalKind::Invalid,
            "exchange.reason-missing",
            "不通过的应当说明理由。",
            "A failure says why.",
        )
        .into());
    }
    Ok(incoming)
}

fn conflict(code: &'static str, zh: &str, en: &str) -> Refusal {
    Refusal::new(RefusalKind::Conflict, code, zh, en)
}

async fn take(cx: &mut Cx, system: &LineSystem, nonce: &str, incoming: &Incoming) -> Outcome<Report> {
    if rows::nonce_seen(cx.store(), &system.id, nonce).await? {
        return Err(conflict(
            "exchange.replayed",
            "这个请求已经收到过。",
            "This very request was received before.",
        )
        .next(
            "重发时请换一个x-yimen-nonce并重新签名。",
            "To send it again, take a new x-yimen-nonce and sign anew.",
        )
        .into());
    }
    let row = rows::to_answer(cx.store(), &system.id, &incoming.task).await?.ok_or_else(|| {
        Refusal::new(
            RefusalKind::NotFound,
            "exchange.no-such-dispatch",
            "没有向贵系统派发过这个任务。",
            "No such task was dispatched to your system.",
        )
    })?;
    rows::insert_nonce(&mut cx.commit, &system.id, nonce, cx.now);
    match row.state {
        DispatchState::Cancelled => Err(conflict(
            "exchange.not-wanted",
            "这个任务已经撤回，不再需要结果。",
            "This task was called back; its result is no longer wanted.",
        )
        .into()),
        DispatchState::Answered => answered_before(cx, row, incoming),
        _ => {
            let report = Report {
                system: system.id.clone(),
                task: incoming.task.clone(),
                subject: row.subject.clone(),
                number: row.number.clone(),
                outcome: incoming.outcome,
                text: incoming.text.clone(),
                at: moment(incoming.at, row.created_at, cx.now)?,
            };
            let kept = serde_json::to_vec(&report).map_err(|e| Fault::from("writing a report", e))?;
            let kept = cx.ground.store.sealer().seal(ANSWER, &kept)?;
            rows::answered(&mut cx.commit, &row, &kept, cx.now);
            cx.commit.emit(ANSWERED, &row.subject, &report)?;
            Ok(report)
        }
    }
}

/// A second answer: the first one stands. Said once more it is confirmed, another one is refused.
fn answered_before(cx: &Cx, row: AnswerRow, incoming: &Incoming) -> Outcome<Report> {
    let kept = row.answer.ok_or_else(|| Fault::new("an answered dispatch without its answer"))?;
    let kept = cx.ground.store.sealer().open(ANSWER, &kept)?;
    let first: Report = serde_json::from_slice(&kept).map_err(|e| Fault::from("reading a report", e))?;
    if first.outcome == incoming.outcome {
        return Ok(first);
    }
    tracing::warn!(system = first.system, task = first.task, "a line system contradicts its own report");
    Err(conflict(
        "exchange.answered-already",
        "这个任务已经有了相反的结果，以先到的为准。",
        "This task has the opposite result already; the first one stands.",
    )
    .next("结果需要更正的，请与承办部门联系。", "To correct a result, call the agency in charge.")
    .into())
}

/// The moment of the report, between the dispatch and now; within what clocks may differ it is moved there.
fn moment(at: Timestamp, created: Timestamp, now: Timestamp) -> Outcome<Timestamp> {
    let (early, late) = (created.as_second() - SKEW_SECONDS, now.as_second() + SKEW_SECONDS);
    if !(early..=late).contains(&at.as_second()) {
        return Err(Refusal::new(
            RefusalKind::Invalid,
            "exchange.report",
            "报告的时间应在任务派发之后、现在之前。",
            "The report's time lies between the dispatch and now.",
        )
        .into());
    }
    Ok(clock::truncate(at).clamp(created, now.max(created)))
}
