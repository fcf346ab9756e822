//! `/space/messages`: notices and what staff wrote, of all cases, the latest first.

use super::Room;
use super::lists::{From, WholeList};
use crate::WORDS;
use crate::shelf::Shelf;
use crate::view::Line;
use axum::extract::{Query, State};
use cases::{MessageOf, MessageRow};
use identity::Applicant;
use page::{Answer, Ctx, Say, Shell, format};

/// How many lines a page has.
const LINES: i64 = 20;

fn line(row: &MessageRow, shelf: &Shelf, w: Say) -> Line {
    let item = row.case.item_name.get(w.lang).to_owned();
    let (href, title) = match &row.of {
        MessageOf::Notice(id) => {
            let words = [("title", row.title.get(w.lang).to_owned()), ("item", item)];
            (format!("/cases/{}/notices/{id}", row.case.number), w.with("messages-notice", &words))
        }
        MessageOf::Talk => {
            (format!("/cases/{}/messages", row.case.number), w.with("messages-talk", &[("item", item)]))
        }
    };
    let (kind, word) =
        if row.read_at.is_none() { ("wait", "messages-new") } else { ("neutral", "messages-read") };
    let from = [("agency", shelf.agency(&row.agency, w.lang)), ("at", format::moment(w.lang, row.at))];
    let number = w.with("promise-case", &[("number", row.case.number.to_string())]);
    Line {
        href,
        title,
        notes: vec![w.with("messages-from", &from), number],
        kind,
        word: w.t(word).into_owned(),
        action: w.t("messages-open").into_owned(),
        mine: row.read_at.is_none(),
    }
}

pub(super) async fn get(
    State(room): State<Room>,
    ctx: Ctx,
    who: Applicant,
    Query(from): Query<From>,
) -> Answer {
    let w = WORDS.say(ctx.lang);
    let before = from.before.as_deref().filter(|b| !b.is_empty());
    let page = cases::messages(&room.house.ground.store, &who, before, LINES).await?;
    let shelf = room.shelves.get(&room.house).await?;
    Ok(page::render(&WholeList {
        shell: Shell::new(&ctx, w.t("messages-title")).crumb(w.t("space-title"), "/space"),
        w,
        name: who.subject_name().to_owned(),
        lines: page.rows.iter().map(|row| line(row, &shelf, w)).collect(),
        none: (w.t("messages-none").into_owned(), w.t("messages-none-text").into_owned()),
        by_time: true,
        newest: before.map(|_| "/space/messages".to_owned()),
        older: page.next.map(|next| format!("/space/messages?before={next}")),
    }))
}
