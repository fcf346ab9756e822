//! `/space/outstanding`: everything that waits for the reader in all of their cases, the first due at the top.

use super::Room;
use super::lists::{From, WholeList};
use crate::WORDS;
use crate::view::Line;
use axum::extract::{Query, State};
use cases::OutstandingRow;
use cases::rules::OutstandingKind;
use identity::Applicant;
use page::{Answer, Ctx, Say, Shell, format};

/// How many lines a page has.
const LINES: i64 = 20;

/// One thing that waits, as a line that leads to its case.
pub(super) fn line(row: &OutstandingRow, w: Say) -> Line {
    let item = row.case.item_name.get(w.lang).to_owned();
    let (word, title, action) = match row.kind {
        OutstandingKind::Supplement => {
            (cases::state_name("supplement").get(w.lang).to_owned(), item, "case-supplement")
        }
        OutstandingKind::Promise => {
            let words = [("name", row.name.get(w.lang).to_owned()), ("item", item)];
            (w.t("promise-word").into_owned(), w.with("promise-of", &words), "promise-do")
        }
        OutstandingKind::Confirmation => (w.t("matter-confirm").into_owned(), item, "matter-confirm-do"),
    };
    let number = row.case.number.to_string();
    let mut notes = vec![w.with("promise-case", &[("number", number.clone())])];
    notes.extend(row.due_at.map(|at| w.with("promise-until", &[("at", format::moment(w.lang, at))])));
    // Where the others stand and what they apply for stands on the matter's page; there the word is given too.
    let href = match row.kind {
        OutstandingKind::Confirmation => format!("/matters/{}", row.case.matter),
        OutstandingKind::Supplement | OutstandingKind::Promise => format!("/cases/{number}"),
    };
    Line { href, title, notes, kind: "wait", word, action: w.t(action).into_owned(), mine: true }
}

pub(super) async fn get(
    State(room): State<Room>,
    ctx: Ctx,
    who: Applicant,
    Query(from): Query<From>,
) -> Answer {
    let w = WORDS.say(ctx.lang);
    let after = from.before.as_deref().filter(|b| !b.is_empty());
    let page = cases::outstanding(&room.house.ground.store, &who, after, LINES).await?;
    Ok(page::render(&WholeList {
        shell: Shell::new(&ctx, w.t("space-waiting")).crumb(w.t("space-title"), "/space"),
        w,
        name: who.subject_name().to_owned(),
        lines: page.rows.iter().map(|row| line(row, w)).collect(),
        none: (w.t("space-waiting-none").into_owned(), String::new()),
        by_time: false,
        newest: after.map(|_| "/space/outstanding".to_owned()),
        older: page.next.map(|next| format!("/space/outstanding?before={next}")),
    }))
}
