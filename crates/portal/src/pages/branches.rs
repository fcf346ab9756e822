//! `/space/branches`: the firm's branches, what waits in each, what ends soon, and the way in.

use super::Room;
use super::lists::From;
use super::soon::DAYS;
use crate::WORDS;
use axum::extract::{Query, State};
use identity::{Applicant, Branch};
use jiff::ToSpan as _;
use kernel::{OrganisationId, Outcome, clock};
use page::{Answer, Ctx, Say, Shell};

/// How many branches a page has; each asks a few bounded questions.
const LINES: usize = 10;
/// So many things are counted, no more.
const COUNTED: i64 = 20;

/// A branch with what stands out in it.
#[derive(Debug, Clone, Default)]
pub(crate) struct BranchLine {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) code: String,
    pub(crate) notes: Vec<String>,
    /// Whether something waits for it.
    pub(crate) waits: bool,
}

#[derive(askama::Template)]
#[template(path = "branches.html")]
pub(crate) struct BranchesPage {
    pub(crate) shell: Shell,
    pub(crate) w: Say,
    /// The head office.
    pub(crate) name: String,
    pub(crate) branches: Vec<BranchLine>,
    pub(crate) first: Option<String>,
    pub(crate) next: Option<String>,
}

pub(super) async fn get(
    State(room): State<Room>,
    ctx: Ctx,
    who: Applicant,
    Query(from): Query<From>,
) -> Answer {
    let w = WORDS.say(ctx.lang);
    let after = from.before.as_deref().and_then(|id| id.parse::<OrganisationId>().ok());
    let most = i64::try_from(LINES).unwrap_or(0);
    let mut found = identity::branches(&room.house.ground.store, &who, after, most + 1).await?;
    let more = found.len() > LINES;
    found.truncate(LINES);
    let mut branches = Vec::with_capacity(found.len());
    for branch in &found {
        branches.push(line(&room, &who, branch, &ctx).await?);
    }
    let next = found.last().filter(|_| more).map(|b| format!("/space/branches?before={}", b.id()));
    Ok(page::render(&BranchesPage {
        shell: Shell::new(&ctx, w.t("branches-title")).crumb(w.t("space-title"), "/space"),
        w,
        name: who.subject_name().to_owned(),
        branches,
        first: after.map(|_| "/space/branches".to_owned()),
        next,
    }))
}

async fn line(room: &Room, who: &Applicant, branch: &Branch, ctx: &Ctx) -> Outcome<BranchLine> {
    let (store, w, own) = (&room.house.ground.store, WORDS.say(ctx.lang), who.in_branch(branch));
    let waiting = cases::outstanding(store, &own, None, COUNTED).await?;
    let today = clock::legal_date(ctx.now);
    let until = today.saturating_add(DAYS.days());
    let ending = certificates::ending(store, own.subject(), (today, until), COUNTED + 1).await?;
    let latest = cases::my_cases(store, &own, None, 1).await?;
    let waits = !waiting.rows.is_empty();
    let mut notes = vec![
        counted(["branches-waits", "branches-waits-many"], waiting.rows.len(), waiting.next.is_some(), w),
        counted(
            ["branches-ends", "branches-ends-many"],
            ending.len(),
            i64::try_from(ending.len()).is_ok_and(|n| n > COUNTED),
            w,
        ),
    ];
    notes.extend(latest.rows.first().map(|case| {
        let item = case.item_name.get(w.lang).to_owned();
        w.with(
            "branches-latest",
            &[("item", item), ("state", cases::state_name(&case.state).get(w.lang).to_owned())],
        )
    }));
    let (name, code) = (branch.name().to_owned(), branch.code_masked().to_owned());
    Ok(BranchLine { id: branch.id().to_string(), name, code, notes, waits })
}

/// How many there are, or that there are more than were counted.
fn counted([key, many]: [&str; 2], n: usize, more: bool, w: Say) -> String {
    let days = ("days", DAYS.to_string());
    if more {
        w.with(many, &[("n", COUNTED.to_string()), days])
    } else {
        w.with(key, &[("n", n.to_string()), days])
    }
}
