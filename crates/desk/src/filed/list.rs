//! The list of what was filed here, the last first, and the way to one by its number or by the code on its receipt.

use crate::window::{CODE_LONG, query_code};
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
/// A code is looked for among so many cases at a time: it is keyed by the number and says nothing by itself.
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
    /// Where the search for a code goes on, when it stopped before the end.
    further: Option<String>,
}

/// What is looked for, and where the list goes on.
#[derive(serde::Deserialize, Default)]
#[serde(default)]
pub(super) struct Asked {
    q: String,
    after: String,
    /// From where on a code is looked for.
    from: String,
}

pub(super) async fn get(
    State(room): State<Room>,
    Query(asked): Query<Asked>,
    ctx: Ctx,
    clerk: Clerk,
) -> Answer {
    let (store, w, who) = (&room.house.ground.store, WORDS.say(ctx.lang), FiledHere::from(&clerk));
    let mut form = FormState::new().with("q", asked.q.as_str());
    let (mut status, mut further) = (StatusCode::OK, None);
    if !asked.q.trim().is_empty() {
        match found(store, &who, &asked.q, &asked.from).await? {
            Sought::Found(number) => return Ok(page::see_other(format!("/desk/filed/{number}"))),
            Sought::Nowhere => {
                form.fail(
                    "q",
                    "在本单位窗口收的件里没有找到，请照着回执核对办件编号或查询码。",
                    "Nothing filed at these windows has it: compare number or code with the receipt.",
                );
                status = StatusCode::NOT_FOUND;
            }
            Sought::Older(from) => {
                form.fail(
                    "q",
                    format!("在{CODES}件里还没有找到这个查询码，更早的还没有查。请填写办件编号，或者往前再查。"),
                    format!("{CODES} cases do not have this code; older ones were not looked at. Give the number of the case, or look further."),
                );
                further = Some(format!("/desk/filed?q={}&from={from}", plain(&asked.q)));
            }
        }
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
            further,
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

/// What a search came to.
#[derive(Debug, PartialEq, Eq)]
enum Sought<T> {
    /// It is this one.
    Found(T),
    /// Everything was looked through.
    Nowhere,
    /// So many were looked through; the rest begins here.
    Older(String),
}

/// The case with this number, or the one whose receipt bears this code, if it was filed here; codes are looked for from `after` on.
async fn found(store: &Store, who: &FiledHere, typed: &str, after: &str) -> Outcome<Sought<CaseNumber>> {
    let plain = plain(typed);
    if let Ok(number) = plain.parse::<CaseNumber>() {
        return match cases::progress(store, &number, &Scope::from(who)).await {
            Ok(row) => Ok(Sought::Found(row.number)),
            Err(Failure::Refused(no)) if no.kind == RefusalKind::NotFound => Ok(Sought::Nowhere),
            Err(other) => Err(other),
        };
    }
    if plain.len() != CODE_LONG {
        return Ok(Sought::Nowhere);
    }
    let mut search = Search { after: Some(after.to_owned()).filter(|a| !a.is_empty()), seen: 0 };
    loop {
        let page = cases::filed_here(store, who, search.after.as_deref(), CODES_AT_ONCE).await?;
        let fits = |row: &&CaseRow| self::plain(&query_code(store, &row.number)) == plain;
        let hit = page.rows.iter().find(fits).map(|row| row.number.clone());
        if let Some(sought) = search.turn(hit, page.rows.len(), page.next) {
            return Ok(sought);
        }
    }
}

fn plain(typed: &str) -> String {
    typed.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_uppercase()
}

/// How far a search has come.
struct Search {
    after: Option<String>,
    seen: usize,
}

impl Search {
    /// After one page with so many cases: what the search came to, if it ends here.
    fn turn<T>(&mut self, hit: Option<T>, rows: usize, next: Option<String>) -> Option<Sought<T>> {
        if let Some(hit) = hit {
            return Some(Sought::Found(hit));
        }
        self.seen += rows;
        let Some(next) = next else { return Some(Sought::Nowhere) };
        if self.seen >= CODES {
            return Some(Sought::Older(next));
        }
        self.after = Some(next);
        None
    }
}

#[cfg(test)]
mod tests {
    use super::{CODES, Search, Sought};

    #[test]
    fn a_search_that_stopped_says_where_and_not_that_there_is_nothing() {
        let next = || Some("there".to_owned());
        let begun = || Search { after: None, seen: 0 };
        assert_eq!(begun().turn(Some(7), CODES, next()), Some(Sought::Found(7)));
        assert_eq!(begun().turn(None::<u8>, CODES, None), Some(Sought::Nowhere), "all were looked through");
        let mut search = begun();
        assert_eq!(search.turn(None::<u8>, CODES - 1, next()), None);
        assert_eq!(search.after.as_deref(), Some("there"));
        assert_eq!(search.turn(None::<u8>, 1, Some("on".to_owned())), Some(Sought::Older("on".to_owned())));
    }
}
