//! `/desk/duties`: what the agency owes in its cases that is no task of a step — hearings to set and to record, decisions to serve,
//! declarations to check, disputes, remedies — the most urgent first.

use crate::asked::escape;
use crate::{Room, WORDS, who};
use axum::extract::{Query, State};
use cases::DutyRow;
use cases::show::Names;
use identity::Staff;
use kernel::{Lang, Timestamp};
use page::{Answer, Ctx, Html, Say, Shell, format};

/// How many lines a page has.
const LINES: i64 = 50;

struct Line {
    href: String,
    what: String,
    item: String,
    number: String,
    subject: String,
    since: String,
    due: Html,
}

#[derive(askama::Template)]
#[template(path = "duties.html")]
struct DutiesPage {
    shell: Shell,
    w: Say,
    who: String,
    lines: Vec<Line>,
    older: Option<String>,
    newer: Option<String>,
}

/// Where the list goes on.
#[derive(serde::Deserialize)]
pub(super) struct Asked {
    after: Option<String>,
}

pub(super) async fn get(
    State(room): State<Room>,
    Query(asked): Query<Asked>,
    ctx: Ctx,
    staff: Staff,
) -> Answer {
    let (store, lang, w) = (&room.house.ground.store, ctx.lang, WORDS.say(ctx.lang));
    let handles = who::must_handle(&room, &staff, ctx.now).await?;
    let after = asked.after.as_deref().filter(|a| !a.is_empty());
    let page = cases::owed(store, &handles.handler, after, LINES).await?;
    let names = Names::load(store).await?;
    Ok(page::render(&DutiesPage {
        shell: Shell::new(&ctx, w.t("duties-title")).desk(),
        w,
        who: format!("{} · {}", names.of(handles.handler.agency(), lang), handles.handler.name()),
        lines: page.rows.iter().map(|row| line(row, lang, w, ctx.now)).collect(),
        older: page.next.map(|next| format!("/desk/duties?after={}", escape(&next))),
        newer: after.map(|_| "/desk/duties".to_owned()),
    }))
}

fn line(row: &DutyRow, lang: Lang, w: Say, now: Timestamp) -> Line {
    let due = match row.due_at {
        None => Html(String::new()),
        Some(at) if at < now => page::badge("bad", &w.with("duty-late", &[("at", format::moment(lang, at))])),
        Some(at) => page::badge("wait", &format::moment(lang, at)),
    };
    Line {
        href: format!("/desk/cases/{}", row.case.number),
        what: w.t(&format!("duty-{}", row.kind.word().replace('_', "-"))).into_owned(),
        item: row.case.item_name.get(lang).to_owned(),
        number: row.case.number.to_string(),
        subject: row.case.subject_name.clone(),
        since: format::moment(lang, row.since),
        due,
    }
}
