//! The supervisor's first page: running cases of the division, the one due first at the top; nothing can be done here.

use super::inbox::{kind_of, some, urgency};
use super::{Desk, shell};
use crate::WORDS;
use cases::{CaseRow, state_name};
use identity::Supervisor;
use kernel::{Calendar, Timestamp};
use page::{Answer, Ctx, Html, Say, Shell, format};

const PAGE: i64 = 50;

#[derive(askama::Template)]
#[template(path = "late.html")]
struct Late {
    shell: Shell,
    w: Say,
    lines: Vec<Line>,
    newer: Option<String>,
    older: Option<String>,
}

struct Line {
    href: String,
    item: String,
    number: String,
    holder: String,
    badge: Html,
    filed: String,
    urgency: Html,
}

pub(crate) async fn page(ctx: &Ctx, desk: &Desk, who: &Supervisor, after: &str) -> Answer {
    let w = WORDS.say(ctx.lang);
    let found = cases::late(&desk.house.ground.store, who, some(after).as_deref(), PAGE).await?;
    let now = desk.house.ground.clock.now();
    Ok(page::render(&Late {
        shell: shell(ctx, w, w.t("late-title")),
        w,
        lines: found.rows.iter().map(|row| line(row, &desk.house.calendar, now, w)).collect(),
        newer: (!after.is_empty()).then(|| "/desk".to_owned()),
        older: found.next.map(|next| format!("/desk?after={next}")),
    }))
}

fn line(row: &CaseRow, calendar: &Calendar, now: Timestamp, w: Say) -> Line {
    Line {
        href: format!("/desk/cases/{}", row.number),
        item: row.item_name.get(w.lang).to_owned(),
        number: row.number.to_string(),
        holder: row.holder.as_ref().map_or_else(|| w.t("late-applicant").into_owned(), ToString::to_string),
        badge: page::badge(kind_of(&row.state), state_name(&row.state).get(w.lang)),
        filed: format::moment(w.lang, row.filed_at),
        urgency: urgency(calendar, row.filed_at, row.due_at, now, w),
    }
}
