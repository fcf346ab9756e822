//! A joint matter as one line of my space: its cases together, and what it wants of the reader.

use crate::WORDS;
use crate::shelf::Shelf;
use crate::view::Line;
use cases::{CaseRow, CaseView, MatterView, Scope};
use identity::Applicant;
use kernel::{Outcome, clock};
use page::{Ctx, Say, format};
use store::Store;

/// So many matters are opened for a page, running ones first, to see what they are called and whether the reader has to
/// confirm; the others are told by their rows.
const OPENED_MAX: usize = 3;

/// The rows of a page, those of one matter together, in the order of the first of each.
pub(super) fn grouped(rows: Vec<CaseRow>) -> Vec<Vec<CaseRow>> {
    let mut groups: Vec<Vec<CaseRow>> = Vec::new();
    for row in rows {
        match groups.iter_mut().find(|g| g.first().is_some_and(|r| r.matter == row.matter)) {
            Some(group) => group.push(row),
            None => groups.push(vec![row]),
        }
    }
    groups
}

/// Opens the matters of several cases, a few at most.
pub(super) async fn opened(
    store: &Store,
    who: &Applicant,
    groups: &[Vec<CaseRow>],
) -> Outcome<Vec<MatterView>> {
    let mut joint: Vec<&Vec<CaseRow>> = groups.iter().filter(|g| g.len() > 1).collect();
    joint.sort_by_key(|g| !g.iter().any(|r| r.running));
    let mut views = Vec::new();
    for matter in joint.into_iter().filter_map(|g| g.first()).map(|r| r.matter).take(OPENED_MAX) {
        views.push(cases::matter_view(store, matter, &Scope::from(who)).await?);
    }
    Ok(views)
}

/// Whether a case waits for the reader's word that they take part.
fn unconfirmed(view: &CaseView, who: &Applicant) -> bool {
    let mut own = view.case.parties.iter().filter(|p| p.subject == who.subject());
    view.row.running && own.any(|p| p.confirmed_at.is_none())
}

/// The line of a matter of several cases, and whether it still runs.
pub(super) fn line(
    rows: &[CaseRow],
    view: Option<&MatterView>,
    who: &Applicant,
    shelf: &Shelf,
    ctx: &Ctx,
) -> (Line, bool) {
    let w = WORDS.say(ctx.lang);
    let running = rows.iter().any(|r| r.running);
    let confirm = view.is_some_and(|v| v.cases.iter().any(|c| unconfirmed(c, who)));
    let supplement = rows.iter().any(|r| r.state == "supplement");
    let (kind, word, action) = match (confirm, supplement, running) {
        (true, ..) => ("wait", "matter-confirm", "matter-confirm-do"),
        (_, true, _) => ("wait", "matter-supplement", "case-supplement"),
        (_, _, true) => ("info", "matter-running", "case-look"),
        _ => ("good", "matter-ended", "case-look"),
    };
    let matter = rows.first().map(|r| r.matter.to_string()).unwrap_or_default();
    let line = Line {
        href: format!("/matters/{matter}"),
        title: view.map_or_else(|| named(rows, w), |v| v.name.get(ctx.lang).to_owned()),
        notes: notes(rows, shelf, w),
        kind,
        word: w.t(word).into_owned(),
        action: w.t(action).into_owned(),
        mine: confirm || supplement,
    };
    (line, running)
}

fn named(rows: &[CaseRow], w: Say) -> String {
    let first = rows.first().map(|r| r.item_name.get(w.lang).to_owned()).unwrap_or_default();
    w.with("matter-named", &[("item", first), ("n", rows.len().to_string())])
}

fn notes(rows: &[CaseRow], shelf: &Shelf, w: Say) -> Vec<String> {
    let mut notes = Vec::new();
    if let Some(first) = rows.first() {
        let day = format::date(w.lang, clock::legal_date(first.filed_at));
        let over = rows.iter().filter(|r| !r.running).count().to_string();
        notes.push(w.with("matter-cases", &[("day", day), ("n", rows.len().to_string()), ("over", over)]));
    }
    let mut holders: Vec<String> = Vec::new();
    for holder in rows.iter().filter(|r| r.running).filter_map(|r| r.holder.as_ref()) {
        let name = shelf.agency(holder, w.lang);
        if !holders.contains(&name) {
            holders.push(name);
        }
    }
    if !holders.is_empty() {
        notes.push(w.with("case-held", &[("holder", holders.join(&w.t("list-between")))]));
    }
    notes
}
