//! `/desk/received`: what this window accepted for the bodies of other places: how each case stands and where its originals are, and no
//! more of it.

use crate::{Room, WORDS};
use ::store::Store;
use axum::extract::{Query, State};
use cases::show::{self, Names};
use cases::{CaseRow, CaseView, Received, Scope};
use catalog::agreement::Across;
use delivery::bag::{self, BagState, Whereabouts};
use identity::Clerk;
use kernel::{Lang, Outcome};
use page::{Answer, Ctx, Html, Say, Shell, format};

const LINES: i64 = 30;
/// More papers than one line of an address holds.
const LISTED: usize = 20;

struct Line {
    item: String,
    number: String,
    badge: Html,
    agency: String,
    filed: String,
    due: String,
    originals: Vec<String>,
    /// Where the originals are put on a bag's list; empty when none travel, or all do already.
    list: String,
}

#[derive(askama::Template)]
#[template(path = "received.html")]
struct ReceivedPage {
    shell: Shell,
    w: Say,
    lines: Vec<Line>,
    newest: Option<String>,
    older: Option<String>,
}

/// Where the list goes on.
#[derive(serde::Deserialize, Default)]
#[serde(default)]
pub(super) struct From {
    after: String,
}

pub(super) async fn get(State(room): State<Room>, Query(from): Query<From>, ctx: Ctx, who: Clerk) -> Answer {
    let (store, w) = (&room.house.ground.store, WORDS.say(ctx.lang));
    let after = Some(from.after.as_str()).filter(|after| !after.is_empty());
    let found = cases::received_here(store, &who, after, LINES).await?;
    let names = Names::load(store).await?;
    let mut lines = Vec::new();
    for row in &found.rows {
        lines.push(line(store, row, (&names, ctx.lang)).await?);
    }
    Ok(page::render(&ReceivedPage {
        shell: Shell::new(&ctx, w.t("received-title")).desk(),
        w,
        lines,
        newest: after.map(|_| "/desk/received".to_owned()),
        older: found.next.map(|next| format!("/desk/received?after={next}")),
    }))
}

async fn line(store: &Store, row: &CaseRow, (names, lang): (&Names, Lang)) -> Outcome<Line> {
    // Which papers there are is known to whoever received them; nothing else of the case is told.
    let view = cases::view(store, &row.number, &Scope::program()).await?;
    let received = view.case.received.as_ref();
    let sends = received.is_some_and(|r| r.mode.sends_papers());
    let travel = bag::of_case(store, &row.number.to_string()).await?;
    let left = received.is_some_and(|r| travel.iter().any(|paper| paper.sender == r.agency));
    Ok(Line {
        item: row.item_name.get(lang).to_owned(),
        number: row.number.to_string(),
        badge: show::badge(&row.state, row.outcome.as_deref(), lang),
        agency: names.of(&row.agency, lang),
        filed: format::moment(lang, row.filed_at),
        due: row.due_at.filter(|_| row.running).map(|due| format::moment(lang, due)).unwrap_or_default(),
        list: if sends && !left && row.running { list(&view) } else { String::new() },
        originals: received.map(|r| originals(&view, r, &travel, (names, lang))).unwrap_or_default(),
    })
}

/// The papers that were handed in, by their names on the list.
fn handed_in(view: &CaseView) -> Vec<String> {
    let papers = show::papers(view, Lang::ZhCn).into_iter().filter(|p| p.file.is_some());
    let mut names: Vec<String> = papers.map(|p| p.name).take(LISTED).collect();
    names.dedup();
    names
}

/// The address of a new list with this case's papers on it; empty where none was handed in.
fn list(view: &CaseView) -> String {
    let names = handed_in(view);
    if names.is_empty() {
        return String::new();
    }
    let text: String = names.iter().map(|name| format!("{}，{name}\n", view.row.number)).collect();
    let escaped = |text: &str| text.bytes().map(escape).collect::<String>();
    format!("/desk/bags?receiver={}&papers={}#seal", view.row.agency, escaped(&text))
}

fn escape(byte: u8) -> String {
    if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") }
}

/// Where the originals are, and what comes back, a line for each paper.
fn originals(
    view: &CaseView,
    received: &Received,
    travel: &[Whereabouts],
    (names, lang): (&Names, Lang),
) -> Vec<String> {
    let w = WORDS.say(lang);
    let left = travel.iter().any(|paper| paper.sender == received.agency);
    let key = match (received.mode.sends_papers(), received.compared) {
        (true, _) if left => None,
        (true, _) if handed_in(view).is_empty() => Some("originals-none-given"),
        (true, _) => Some("originals-here"),
        (false, true) => Some("received-compared"),
        (false, false) => Some("originals-none"),
    };
    let one = |paper: &Whereabouts| {
        let key = match (paper.state, paper.there) {
            (BagState::Sealed, _) => "originals-sealed",
            (BagState::Sent, _) => "originals-sent",
            (_, Some(true)) => "originals-there",
            _ => "originals-missing",
        };
        let told = [
            ("what", paper.what.clone()),
            ("seal", paper.seal.clone()),
            ("from", names.of(&paper.sender, lang)),
            ("to", names.of(&paper.receiver, lang)),
        ];
        w.with(key, &told)
    };
    key.map(|key| w.t(key).into_owned()).into_iter().chain(travel.iter().map(one)).collect()
}

/// For whoever decides a case: where it was received, under what and how, and where its originals are; nothing when it was not in another
/// place.
pub(crate) async fn at(
    store: &Store,
    view: &CaseView,
    (names, lang): (&Names, Lang),
) -> Outcome<Option<(String, Vec<String>)>> {
    let Some(received) = &view.case.received else { return Ok(None) };
    let w = WORDS.say(lang);
    let mode = w.t(match received.mode {
        Across::Agent => "received-mode-agent",
        Across::Online => "received-mode-online",
        Across::Joint => "received-mode-joint",
    });
    let place = w.with("received-at", &[("agency", names.of(&received.agency, lang))]);
    let travel = bag::of_case(store, &view.row.number.to_string()).await?;
    let mut notes = show::received(view, names, lang).map(|told| told.notes).unwrap_or_default();
    if !(received.compared && travel.is_empty()) {
        notes.extend(originals(view, received, &travel, (names, lang)));
    }
    Ok(Some((format!("{place} · {mode}"), notes)))
}
