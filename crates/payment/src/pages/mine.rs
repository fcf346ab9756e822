//! `/space/payments`: one's bills, the newest first.

use crate::model::BillState;
use crate::room::Payments;
use crate::store::BillRow;
use crate::{WORDS, store as rows};
use axum::extract::{Query, State};
use identity::Applicant;
use kernel::{Lang, clock};
use page::{Answer, Ctx, Html, Say, Shell, badge, format};

const LINES: i64 = 30;

/// The open bills of one matter on this page with the one act that pays them; or bills that are paid alone.
struct Group {
    /// Heading and address of the one act, where more than one bill is open.
    together: Option<(String, String)>,
    lines: Vec<Line>,
}

/// A bill in a list.
pub(super) struct Line {
    pub href: String,
    pub title: String,
    pub notes: Vec<String>,
    pub amount: String,
    pub state: Html,
}

#[derive(askama::Template)]
#[template(path = "mine.html")]
struct MinePage {
    shell: Shell,
    w: Say,
    groups: Vec<Group>,
    newest: Option<String>,
    older: Option<String>,
}

/// Where the list goes on.
#[derive(serde::Deserialize)]
pub(super) struct From {
    before: Option<String>,
}

pub(super) async fn get(
    State(room): State<Payments>,
    ctx: Ctx,
    who: Applicant,
    Query(from): Query<From>,
) -> Answer {
    who.must_see_all()?;
    let w = WORDS.say(ctx.lang);
    let before = crate::verbs::place(from.before.as_deref())?;
    let mut found = rows::bills_of(&room.house.ground.store, who.subject(), before, LINES + 1).await?;
    let most = usize::try_from(LINES).unwrap_or(0);
    let more = found.len() > most;
    found.truncate(most);
    let last = found.last().map(|r| format!("/space/payments?before={}.{}", r.at.as_microsecond(), r.id));
    let open = rows::matters_open(&room.house.ground.store, who.subject()).await?;
    Ok(page::render(&MinePage {
        shell: Shell::new(&ctx, w.t("mine-title")).crumb(w.t("space"), "/space"),
        w,
        groups: groups(&found, &open, w),
        newest: from.before.map(|_| "/space/payments".to_owned()),
        older: last.filter(|_| more),
    }))
}

/// Open bills of one matter stand together, at the place of the newest of them; the others stand in their order.
fn groups(found: &[BillRow], open: &[(String, i64, i64)], w: Say) -> Vec<Group> {
    let mut groups: Vec<(&str, Group)> = Vec::new();
    for row in found {
        let several = |(matter, count, _): &&(String, i64, i64)| *matter == row.matter && *count > 1;
        let several = open.iter().filter(|_| row.state == BillState::Open).find(several);
        let key = several.map_or("", |(matter, ..)| matter.as_str());
        let place = match key {
            "" => groups.last_mut().filter(|(last, _)| last.is_empty()),
            _ => groups.iter_mut().find(|(matter, _)| *matter == key),
        };
        if let Some((_, group)) = place {
            group.lines.push(line(row, w));
            continue;
        }
        let together = several.map(|(_, count, fen)| {
            let words = [("count", count.to_string()), ("amount", format::money(*fen))];
            (w.with("others-title", &words), format!("/payments/{}/matter", row.id))
        });
        groups.push((key, Group { together, lines: vec![line(row, w)] }));
    }
    groups.into_iter().map(|(_, group)| group).collect()
}

pub(super) fn line(row: &BillRow, w: Say) -> Line {
    let (kind, key) = match (row.state, row.overdue) {
        (BillState::Settled, _) => ("good", "bill-settled"),
        (BillState::Cancelled, _) => ("neutral", "bill-cancelled"),
        (BillState::Open, true) => ("bad", "bill-overdue"),
        (BillState::Open, false) => ("wait", "bill-open"),
    };
    let title = if w.lang == Lang::ZhCn { &row.title_zh } else { &row.title_en };
    let due = format::date(w.lang, clock::legal_date(row.due_at));
    let mut notes = vec![row.number.clone()];
    if row.state == BillState::Open {
        notes.push(w.with("due-until", &[("day", due)]));
    }
    let open = row.state == BillState::Open;
    let amount = format::money(if open { row.owed } else { row.total });
    Line {
        href: format!("/payments/{}", row.id),
        title: title.clone(),
        notes,
        amount,
        state: badge(kind, &w.t(key)),
    }
}
