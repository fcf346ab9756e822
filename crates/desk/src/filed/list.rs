//! The list of what was filed here, the last first, and the way to one by its number or by the code on its receipt.

use super::code;
use crate::{Room, WORDS};
use ::store::Store;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use cases::show::{self, Names};
use cases::{CaseRow, FiledHere, Scope};
use identity::Clerk;
use kernel::codes::CaseNumber;
use kernel::{Failure, Lang, Outcome, RefusalKind};
use page::{Answer, Ctx, FormState, Html, Say, Shell, format};

const LINES: i64 = 30;
/// A code is looked for among so many of the last cases: it is keyed by the number and says nothing by itself.
const CODES: usize = 3_000;
const CODES_AT_ONCE: i64 = 500;

struct Line {
    item: String,
    number: String,
    href: String,
    badge: Html,
    agency: String,
    filed: String,
    due: String,
}

#[derive(askama::Template)]
#[template(path = "filed.html")]
struct FiledPage {
    shell: Shell,
    w: Say,
    form: FormState,
    lines: Vec<Line>,
    newest: Option<String>,
    older: Option<String>,
}

/// What is looked for, and where the list goes on.
#[derive(serde::Deserialize, Default)]
#[serde(default)]
pub(super) struct Asked {
    q: String,
    after: String,
}

pub(super) async fn get(
    State(room): State<Room>,
    Query(asked): Query<Asked>,
    ctx: Ctx,
    clerk: Clerk,
) -> Answer {
    let (store, w, who) = (&room.house.ground.store, WORDS.say(ctx.lang), FiledHere::from(&clerk));
    let mut form = FormState::new().with("q", asked.q.as_str());
    let mut status = StatusCode::OK;
    if !asked.q.trim().is_empty() {
        if let Some(number) = found(store, &who, &asked.q).await? {
            return Ok(page::see_other(format!("/desk/filed/{number}")));
        }
        form.fail(
            "q",
            "在本单位窗口收的件里没有找到，请照着回执核对办件编号或查询码。",
            "Nothing filed at these windows has it: compare number or code with the receipt.",
        );
        status = StatusCode::NOT_FOUND;
    }
    let after = Some(asked.after.as_str()).filter(|after| !after.is_empty());
    let page = cases::filed_here(store, &who, after, LINES).await?;
    let names = Names::load(store).await?;
    Ok(page::render_with(
        status,
        &FiledPage {
            shell: Shell::new(&ctx, w.t("filed-title")).desk(),
            w,
            form,
            lines: page.rows.iter().map(|row| line(row, &names, ctx.lang)).collect(),
            newest: after.map(|_| "/desk/filed".to_owned()),
            older: page.next.map(|next| format!("/desk/filed?after={next}")),
        },
    ))
}

fn line(row: &CaseRow, names: &Names, lang: Lang) -> Line {
    Line {
        item: row.item_name.get(lang).to_owned(),
        number: row.number.to_string(),
        href: format!("/desk/filed/{}", row.number),
        badge: show::badge(&row.state, row.outcome.as_deref(), lang),
        agency: names.of(&row.agency, lang),
        filed: format::moment(lang, row.filed_at),
        due: row.due_at.filter(|_| row.running).map(|due| format::moment(lang, due)).unwrap_or_default(),
    }
}

/// The case with this number, or the one whose receipt bears this code, if it was filed here.
async fn found(store: &Store, who: &FiledHere, typed: &str) -> Outcome<Option<CaseNumber>> {
    let plain: String = typed.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_uppercase();
    if let Ok(number) = plain.parse::<CaseNumber>() {
        return match cases::progress(store, &number, &Scope::from(who)).await {
            Ok(row) => Ok(Some(row.number)),
            Err(Failure::Refused(no)) if no.kind == RefusalKind::NotFound => Ok(None),
            Err(other) => Err(other),
        };
    }
    if plain.len() != super::LONG {
        return Ok(None);
    }
    let (mut after, mut seen) = (None, 0);
    loop {
        let page = cases::filed_here(store, who, after.as_deref(), CODES_AT_ONCE).await?;
        if let Some(row) = page.rows.iter().find(|row| code(store, &row.number) == plain) {
            return Ok(Some(row.number.clone()));
        }
        seen += page.rows.len();
        after = page.next;
        if after.is_none() || seen >= CODES {
            return Ok(None);
        }
    }
}
