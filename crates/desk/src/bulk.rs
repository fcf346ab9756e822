//! `POST /desk/bulk`: one act on many tasks, each on its own and each with its answer; a report says what became of each.

use crate::asked::Asked;
use crate::can::Can;
use crate::who::{Who, must_handle};
use crate::{Room, WORDS, inbox, store as rows};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use cases::{StaffAct, Target, TaskId};
use identity::Staff;
use kernel::{AccountId, CommandId, Failure, Fault, Lang, Outcome, Refusal, Text};
use page::{Answer, Ctx, FormState, Say, Shell, Submitted};
use serde::{Deserialize, Serialize};

/// So many tasks at once.
const TASKS_MAX: usize = 200;

/// What became of one task.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Told {
    number: Option<String>,
    item: Text,
    ok: bool,
    say: Text,
}

/// What became of all.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Report {
    verb: String,
    back: String,
    lines: Vec<Told>,
}

struct Row {
    number: String,
    item: String,
    ok: bool,
    say: String,
}

#[derive(askama::Template)]
#[template(path = "bulk-report.html")]
struct ReportPage {
    shell: Shell,
    w: Say,
    act: String,
    done: usize,
    undone: usize,
    rows: Vec<Row>,
    back: String,
}

struct Ready {
    task: String,
    rev: i64,
    number: String,
    item: String,
    subject: String,
    step: String,
}

#[derive(askama::Template)]
#[template(path = "bulk-approve.html")]
struct ApprovePage {
    shell: Shell,
    w: Say,
    ready: Vec<Ready>,
    alone: Vec<Row>,
    reason: String,
    query: String,
    back: String,
}

pub(super) async fn post(State(room): State<Room>, ctx: Ctx, staff: Staff, sent: Submitted) -> Answer {
    let who = must_handle(&room, &staff, ctx.now).await?;
    let asked = Asked::parse(sent.get("query"));
    let verb = sent.get("act").to_owned();
    let mut tasks: Vec<TaskId> = sent.all("task").iter().filter_map(|t| t.parse().ok()).collect();
    tasks.sort_unstable();
    tasks.dedup();
    tasks.truncate(TASKS_MAX);
    let mut form = FormState::of(&sent);
    let to: Option<AccountId> = sent.get("to").parse().ok();
    if tasks.is_empty() {
        form.fail("task", "请先在表中勾选待办。", "Tick the tasks in the table first.");
    }
    match verb.as_str() {
        "claim" | "release" | "approve" => {}
        "hand_over" if to.is_none() => form.fail("to", "请选择转给谁。", "Choose to whom."),
        "hand_over" => {}
        _ => form.fail("act", "请选择一种批量操作。", "Choose what to do with them."),
    }
    if !form.ok() {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return inbox::page_of(&room, &ctx, &who, asked, form, None, status).await;
    }
    if verb == "approve" && sent.get("confirmed") != "yes" {
        return confirm(&room, &ctx, &who, &tasks, &sent, &asked).await;
    }
    let mut lines = Vec::new();
    for task in tasks {
        let act = match (verb.as_str(), to) {
            ("claim", _) => StaffAct::Claim,
            ("release", _) => StaffAct::Release,
            ("hand_over", Some(to)) => StaffAct::HandOver { to, note: sent.get("note").trim().to_owned() },
            _ => {
                let reason = Some(sent.get("reason").trim().to_owned()).filter(|r| !r.is_empty());
                StaffAct::Approve { reason, amount: None, deviation: None }
            }
        };
        let rev = sent.get(&format!("rev-{task}")).parse().ok();
        lines.push(one(&room, &ctx, &who, task, act, rev).await?);
    }
    let report = Report { verb, back: asked.query(), lines };
    let id = keep(&room, &ctx, &who, &report).await?;
    Ok(page::see_other(format!("/desk/bulk/{id}")))
}

/// One act on one task, in a commit of its own. What the rules refuse is told; what the program cannot do ends it all.
async fn one(
    room: &Room,
    ctx: &Ctx,
    who: &Who,
    task: TaskId,
    act: StaffAct,
    rev: Option<i64>,
) -> Result<Told, Fault> {
    let store = &room.house.ground.store;
    let (number, item) = match cases::task(store, &who.handler, task).await {
        Ok(known) => match cases::progress(store, &known.number, &who.handler.scope()).await {
            Ok(row) => (Some(known.number.to_string()), row.item_name),
            Err(_) => (Some(known.number.to_string()), Text::default()),
        },
        Err(Failure::Refused(_)) => (None, Text::default()),
        Err(Failure::Fault(fault)) => return Err(fault),
    };
    let done: Outcome<cases::OutcomeDone> =
        ::store::command!(room.house.ground, ctx.lang, who.handler.actor_ref(), |cx| {
            cases::act(&mut cx, &room.house, &who.handler, Target::Task(task), act.clone(), rev).await
        });
    let (ok, say) = match done {
        Ok(done) => (true, cases::state_name(&done.state)),
        Err(Failure::Refused(no)) => (false, Text::new(no.sentence(Lang::ZhCn), no.sentence(Lang::En))),
        Err(Failure::Fault(fault)) => return Err(fault),
    };
    Ok(Told { number, item, ok, say })
}

async fn keep(room: &Room, ctx: &Ctx, who: &Who, report: &Report) -> Outcome<CommandId> {
    let body = serde_json::to_string(report).map_err(|e| Fault::from("writing a report", e))?;
    ::store::command!(room.house.ground, ctx.lang, who.handler.actor_ref(), |cx| {
        let id: CommandId = cx.new_id();
        rows::add_report(&mut cx.commit, id, who.account, &body);
        Ok::<CommandId, Failure>(id)
    })
}

/// Which of the tasks can be approved together, shown before anything is done: those where nothing has to be weighed.
async fn confirm(
    room: &Room,
    ctx: &Ctx,
    who: &Who,
    tasks: &[TaskId],
    sent: &Submitted,
    asked: &Asked,
) -> Answer {
    let store = &room.house.ground.store;
    let (lang, w) = (ctx.lang, WORDS.say(ctx.lang));
    let (mut ready, mut alone) = (Vec::new(), Vec::new());
    for task in tasks {
        let known = match cases::task(store, &who.handler, *task).await {
            Ok(known) => known,
            Err(Failure::Refused(no)) => {
                let say = no.sentence(lang);
                alone.push(Row { number: String::new(), item: String::new(), ok: false, say });
                continue;
            }
            Err(fault) => return Err(fault.into()),
        };
        let view = cases::view(store, &known.number, &who.handler.scope()).await?;
        let can = Can::new(room, &view, who, ctx.now);
        let (number, item) = (known.number.to_string(), view.row.item_name.get(lang).to_owned());
        match can.in_bulk(*task) {
            Ok(step) => ready.push(Ready {
                task: task.to_string(),
                rev: view.rev,
                number,
                item,
                subject: view.row.subject_name.clone(),
                step: step.get(lang).to_owned(),
            }),
            Err(why) => alone.push(Row { number, item, ok: false, say: why.get(lang).to_owned() }),
        }
    }
    Ok(page::render(&ApprovePage {
        shell: Shell::new(ctx, w.t("bulk-approve-title")).desk(),
        w,
        ready,
        alone,
        reason: sent.get("reason").to_owned(),
        query: asked.query(),
        back: asked.href(),
    }))
}

pub(super) async fn get(State(room): State<Room>, Path(id): Path<String>, ctx: Ctx, staff: Staff) -> Answer {
    let id: CommandId = id.parse().map_err(|_| Refusal::not_found())?;
    let body = rows::report(&room.house.ground.store, id, staff.account()).await?;
    let body = body.ok_or_else(Refusal::not_found)?;
    let report: Report = serde_json::from_str(&body).map_err(|e| Fault::from("reading a report", e))?;
    let (lang, w) = (ctx.lang, WORDS.say(ctx.lang));
    let row = |told: &Told| Row {
        number: told.number.clone().unwrap_or_default(),
        item: told.item.get(lang).to_owned(),
        ok: told.ok,
        say: told.say.get(lang).to_owned(),
    };
    let done = report.lines.iter().filter(|l| l.ok).count();
    Ok(page::render(&ReportPage {
        shell: Shell::new(&ctx, w.t("bulk-title")).desk(),
        w,
        act: w.t(&format!("act-{}", report.verb.replace('_', "-"))).into_owned(),
        done,
        undone: report.lines.len() - done,
        rows: report.lines.iter().map(row).collect(),
        back: Asked::parse(&report.back).href(),
    }))
}
