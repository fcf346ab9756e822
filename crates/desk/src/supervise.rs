//! The supervisor's desk: what is late, what runs, and what lies stuck on its way to a line system. Read only.

use crate::asked::escape;
use crate::inbox::urgency;
use crate::{Room, WORDS, lines};
use cases::show::Names;
use cases::{CaseRow, Scope};
use identity::Supervisor;
use page::{Answer, Ctx, Html, Say, Shell, format};

/// How many lines a page has.
const LINES: i64 = 50;

pub(super) struct Line {
    href: String,
    item: String,
    number: String,
    holder: String,
    subject: String,
    filed: String,
    urgency: Html,
    state: Html,
}

#[derive(askama::Template)]
#[template(path = "supervise.html")]
struct Page {
    shell: Shell,
    w: Say,
    who: String,
    tabs: Vec<(&'static str, String, bool)>,
    list: &'static str,
    lines: Vec<Line>,
    stuck: Vec<lines::Line>,
    older: Option<String>,
    newer: Option<String>,
}

pub(super) async fn get(room: &Room, ctx: &Ctx, who: &Supervisor, query: &[(String, String)]) -> Answer {
    let store = &room.house.ground.store;
    let get = |name: &str| query.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str());
    let after = get("after").filter(|a| !a.is_empty());
    let list = match get("list") {
        Some("late") => "late",
        Some("stuck") => "stuck",
        _ => "running",
    };
    let names = Names::load(store).await?;
    let (lang, w) = (ctx.lang, WORDS.say(ctx.lang));
    let (mut shown, mut stuck) = (Vec::new(), Vec::new());
    let next;
    if list == "stuck" {
        (stuck, next) = lines::stuck(room, Some(&Scope::from(who)), after, lang, w).await?;
    } else {
        let mut page = cases::late(store, who, after, LINES).await?;
        if list == "late" {
            // The list is ordered by the term's end: from the first that is not late, none is.
            let late = |row: &CaseRow| row.due_at.is_some_and(|due| due < ctx.now);
            let all = page.rows.len();
            page.rows.retain(late);
            if page.rows.len() < all {
                page.next = None;
            }
        }
        shown = page.rows.iter().map(|row| line(row, ctx, &names, w)).collect();
        next = page.next;
    }
    let tabs = [("running", "list-running"), ("late", "list-late"), ("stuck", "list-stuck")];
    Ok(page::render(&Page {
        shell: Shell::new(ctx, w.t("supervise-title")).desk(),
        w,
        who: format!("{} · {}", names.of(who.agency(), lang), who.name()),
        tabs: tabs.into_iter().map(|(id, key)| (id, w.t(key).into_owned(), id == list)).collect(),
        list,
        lines: shown,
        stuck,
        older: next.map(|next| format!("/desk?list={list}&after={}", escape(&next))),
        newer: after.map(|_| format!("/desk?list={list}")),
    }))
}

fn line(row: &CaseRow, ctx: &Ctx, names: &Names, w: Say) -> Line {
    let lang = ctx.lang;
    Line {
        href: format!("/desk/cases/{}", row.number),
        holder: row.holder.as_ref().map_or_else(|| w.t("with-applicant").into_owned(), |a| names.of(a, lang)),
        number: row.number.to_string(),
        item: row.item_name.get(lang).to_owned(),
        subject: if row.natural { format::mask_name(&row.subject_name) } else { row.subject_name.clone() },
        filed: format::moment(lang, row.filed_at),
        urgency: urgency(row.filed_at, row.due_at, ctx.now, w),
        state: cases::show::badge(&row.state, row.outcome.as_deref(), lang),
    }
}
