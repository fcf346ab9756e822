//! `/desk`: the inbox of an agency by urgency; supervisors and operators are shown their own first page.

use super::{Desk, shell};
use crate::WORDS;
use axum::extract::{Query, State};
use cases::{Handler, InboxFilter, InboxRow, state_name};
use identity::Staff;
use kernel::{Calendar, Lang, Timestamp, clock};
use page::{Answer, Ctx, Html, Say, Shell, format};
use serde::Deserialize;

const PAGE: i64 = 50;

/// What of the inbox is shown.
#[derive(Deserialize, Default)]
pub(crate) struct Wanted {
    #[serde(default)]
    item: String,
    #[serde(default)]
    after: String,
}

#[derive(askama::Template)]
#[template(path = "inbox.html")]
struct Inbox {
    shell: Shell,
    w: Say,
    who: String,
    agency: String,
    items: Vec<(String, String)>,
    wanted: Wanted,
    lines: Vec<Line>,
    newer: Option<String>,
    older: Option<String>,
}

struct Line {
    href: String,
    title: String,
    item: String,
    subject: String,
    number: String,
    badge: Html,
    waits: bool,
    filed: String,
    urgency: Html,
}

pub(crate) async fn get(
    ctx: Ctx,
    State(desk): State<Desk>,
    staff: Staff,
    Query(wanted): Query<Wanted>,
) -> Answer {
    let handler: Handler = match &staff {
        Staff::Examiner(who) => who.into(),
        Staff::Clerk(who) => who.into(),
        Staff::Supervisor(who) => return super::late::page(&ctx, &desk, who, &wanted.after).await,
        Staff::Operator(_) => return Ok(page::see_other("/desk/packs")),
    };
    let w = WORDS.say(ctx.lang);
    let store = &desk.house.ground.store;
    let filter = InboxFilter { item: some(&wanted.item) };
    let found = cases::inbox(store, &handler, &filter, some(&wanted.after).as_deref(), PAGE).await?;
    let now = desk.house.ground.clock.now();
    let lines = found.rows.iter().map(|row| line(row, &desk.house.calendar, now, w)).collect();
    let first = format!("/desk?item={}", wanted.item);
    let agency = identity::agency(store, handler.agency()).await?;
    Ok(page::render(&Inbox {
        shell: shell(&ctx, w, w.t("inbox-title")),
        w,
        who: handler.name().to_owned(),
        agency: agency.map_or_else(|| handler.agency().to_string(), |a| a.name.get(ctx.lang).to_owned()),
        items: items(&desk, ctx.lang).await?,
        newer: (!wanted.after.is_empty()).then(|| first.clone()),
        older: found.next.map(|next| format!("{first}&after={next}")),
        wanted,
        lines,
    }))
}

/// `None` for an empty query value.
pub(crate) fn some(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

async fn items(desk: &Desk, lang: Lang) -> Result<Vec<(String, String)>, kernel::Fault> {
    let filter = catalog::Filter { limit: 200, ..catalog::Filter::default() };
    let listed = catalog::list(&desk.house.ground.store, &filter).await?;
    Ok(listed.into_iter().map(|l| (l.key, l.name.get(lang).to_owned())).collect())
}

fn line(row: &InboxRow, calendar: &Calendar, now: Timestamp, w: Say) -> Line {
    Line {
        href: format!("/desk/cases/{}", row.number),
        title: row.title.get(w.lang).to_owned(),
        item: row.item_name.get(w.lang).to_owned(),
        subject: row.subject_name.clone(),
        number: row.number.to_string(),
        badge: page::badge(kind_of(&row.state), state_name(&row.state).get(w.lang)),
        waits: row.absent > 0,
        filed: format::moment(w.lang, row.filed_at),
        urgency: urgency(calendar, row.opened_at, row.due_at, now, w),
    }
}

/// The tint of a state.
pub(crate) fn kind_of(state: &str) -> &'static str {
    match state {
        "submitted" | "accepted" => "info",
        "supplement" => "wait",
        "closed" | "certified" | "delivered" | "decided" => "good",
        "not_accepted" => "bad",
        _ => "neutral",
    }
}

/// A thin bar of the office time that is left, with its words.
pub(crate) fn urgency(
    calendar: &Calendar,
    from: Timestamp,
    due: Option<Timestamp>,
    now: Timestamp,
    w: Say,
) -> Html {
    let Some(due) = due else { return Html::text(&w.t("no-term")) };
    let total = calendar.office_minutes_between(from, due);
    let left = calendar.office_minutes_between(now, due);
    let days = calendar.working_days_between(clock::legal_date(now), clock::legal_date(due));
    let text = if now > due {
        w.with("overdue", &[("date", format::date(w.lang, clock::legal_date(due)))])
    } else if days <= 0 {
        w.with("left-today", &[("time", format::time(due))])
    } else {
        w.with("left-days", &[("n", days.to_string()), ("date", format::day(w.lang, clock::legal_date(due)))])
    };
    page::parts::urgency(
        if now > due { "0".to_owned() } else { left.max(1).to_string() },
        total.to_string(),
        text,
    )
}
