//! `/desk`: what waits for this member of staff, the most urgent first; for supervisors every running case, for operators the
//! back office.

use crate::{Room, WORDS};
use axum::extract::{Query, State};
use cases::show::Names;
use cases::{CaseRow, Handler, InboxFilter, InboxRow};
use identity::{Operator, Staff, Supervisor};
use kernel::{Lang, Timestamp};
use page::{Answer, Ctx, Html, Say, Shell, format, parts};
use std::collections::HashMap;

/// How many lines a page has.
const LINES: i64 = 50;

struct Line {
    href: String,
    title: String,
    number: String,
    item: String,
    subject: String,
    filed: String,
    urgency: Html,
    late: bool,
    mark: String,
}

#[derive(askama::Template)]
#[template(path = "inbox.html")]
struct Inbox {
    shell: Shell,
    w: Say,
    who: String,
    lines: Vec<Line>,
    late: usize,
    items: Vec<(String, String, bool)>,
    older: Option<String>,
    newer: Option<String>,
    supervising: bool,
}

#[derive(askama::Template)]
#[template(path = "back-office.html")]
struct BackOffice {
    shell: Shell,
    w: Say,
    who: String,
}

pub(super) async fn get(
    State(room): State<Room>,
    Query(query): Query<HashMap<String, String>>,
    ctx: Ctx,
    staff: Staff,
) -> Answer {
    match staff {
        Staff::Examiner(who) => tasks(&room, &ctx, &Handler::from(&who), &query).await,
        Staff::Clerk(who) => tasks(&room, &ctx, &Handler::from(&who), &query).await,
        Staff::Supervisor(who) => supervised(&room, &ctx, &who, &query).await,
        Staff::Operator(who) => Ok(back_office(&ctx, &who)),
    }
}

fn back_office(ctx: &Ctx, who: &Operator) -> axum::response::Response {
    let w = WORDS.say(ctx.lang);
    page::render(&BackOffice {
        shell: Shell::new(ctx, w.t("office-title")).desk(),
        w,
        who: who.name().to_owned(),
    })
}

async fn tasks(room: &Room, ctx: &Ctx, who: &Handler, query: &HashMap<String, String>) -> Answer {
    let store = &room.house.ground.store;
    let chosen = query.get("item").filter(|i| !i.is_empty());
    let filter = InboxFilter { item: chosen.cloned() };
    let page = cases::inbox(store, who, &filter, query.get("after").map(String::as_str), LINES).await?;
    let names = Names::load(store).await?;
    let (lang, w) = (ctx.lang, WORDS.say(ctx.lang));
    let lines: Vec<Line> = page.rows.iter().map(|row| task_line(row, ctx.now, lang, w)).collect();
    let mut items: Vec<(String, String, bool)> = page
        .rows
        .iter()
        .map(|r| (r.item_key.clone(), r.item_name.get(lang).to_owned(), chosen == Some(&r.item_key)))
        .collect();
    items.sort();
    items.dedup();
    let item = chosen.map(|i| format!("&item={i}")).unwrap_or_default();
    Ok(page::render(&Inbox {
        shell: Shell::new(ctx, w.t("inbox-title")).desk(),
        w,
        who: format!("{} · {}", names.of(who.agency(), lang), who.name()),
        late: lines.iter().filter(|l| l.late).count(),
        lines,
        items,
        older: page.next.map(|next| format!("/desk?after={next}{item}")),
        newer: query.contains_key("after").then(|| "/desk".to_owned()),
        supervising: false,
    }))
}

fn task_line(row: &InboxRow, now: Timestamp, lang: Lang, w: Say) -> Line {
    Line {
        href: format!("/desk/cases/{}", row.number),
        title: row.title.get(lang).to_owned(),
        number: row.number.to_string(),
        item: row.item_name.get(lang).to_owned(),
        subject: row.subject_name.clone(),
        filed: format::moment(lang, row.filed_at),
        urgency: urgency(row.opened_at, row.due_at, now, w),
        late: row.due_at.is_some_and(|due| due < now),
        mark: if row.absent > 0 { w.t("mark-absent").into_owned() } else { String::new() },
    }
}

/// The time that is left of a term as a thin bar with words.
fn urgency(from: Timestamp, due: Option<Timestamp>, now: Timestamp, w: Say) -> Html {
    let Some(due) = due else { return Html::text(&w.t("no-term")) };
    let minutes = |a: Timestamp, b: Timestamp| (b.as_microsecond() - a.as_microsecond()) / 60_000_000;
    let (left, total) = (minutes(now, due), minutes(from, due).max(1));
    let hours = left.abs() / 60;
    let text = match (left < 0, hours) {
        (true, 0..48) => w.with("late-hours", &[("n", hours.max(1).to_string())]),
        (true, _) => w.with("late-days", &[("n", (hours / 24).to_string())]),
        (false, 0) => w.with("left-minutes", &[("n", left.to_string())]),
        (false, 1..48) => w.with("left-hours", &[("n", hours.to_string())]),
        (false, _) => w.with("left-days", &[("n", (hours / 24).to_string())]),
    };
    parts::urgency(left.to_string(), total.to_string(), text)
}

async fn supervised(room: &Room, ctx: &Ctx, who: &Supervisor, query: &HashMap<String, String>) -> Answer {
    let store = &room.house.ground.store;
    let page = cases::late(store, who, query.get("after").map(String::as_str), LINES).await?;
    let names = Names::load(store).await?;
    let (lang, w) = (ctx.lang, WORDS.say(ctx.lang));
    let line = |row: &CaseRow| Line {
        href: format!("/desk/cases/{}", row.number),
        title: row.holder.as_ref().map_or_else(|| w.t("with-applicant").into_owned(), |a| names.of(a, lang)),
        number: row.number.to_string(),
        item: row.item_name.get(lang).to_owned(),
        subject: format::mask_name(&row.subject_name),
        filed: format::moment(lang, row.filed_at),
        urgency: urgency(row.filed_at, row.due_at, ctx.now, w),
        late: row.due_at.is_some_and(|due| due < ctx.now),
        mark: cases::state_name(&row.state).get(lang).to_owned(),
    };
    let lines: Vec<Line> = page.rows.iter().map(line).collect();
    Ok(page::render(&Inbox {
        shell: Shell::new(ctx, w.t("supervise-title")).desk(),
        w,
        who: format!("{} · {}", names.of(who.agency(), lang), who.name()),
        late: lines.iter().filter(|l| l.late).count(),
        lines,
        items: Vec::new(),
        older: page.next.map(|next| format!("/desk?after={next}")),
        newer: query.contains_key("after").then(|| "/desk".to_owned()),
        supervising: true,
    }))
}
