//! `/query`: how a case stands, for whoever holds its receipt: number and code, no account. Nothing of the person is shown.

use crate::{Room, WORDS};
use axum::extract::{Query, State};
use axum::http::StatusCode;
use cases::Scope;
use cases::show::{self, Names, ReceivedLine};
use hall::model::PaperState;
use hall::verbs::paper;
use kernel::codes::{CaseNumber, PaperNumber};
use kernel::{Failure, Outcome, RefusalKind};
use page::{Answer, Ctx, FormState, Html, Say, Shell, Submitted, format};
use store::Store;

/// The characters of a code: ten of sixteen, so that it can be told on the telephone and not be guessed.
pub(crate) const CODE_LONG: usize = 10;

#[derive(Default)]
struct Found {
    cases: Vec<Standing>,
    /// What is to be said of a form on paper that is no case: whether it is void, in a word, and what to do.
    paper: Option<(bool, String, String)>,
}

struct Standing {
    item: String,
    number: String,
    badge: Html,
    holder: String,
    /// Where it was handed in, when that was in another place.
    received: Option<ReceivedLine>,
    filed: String,
    due: String,
    closed: String,
}

#[derive(askama::Template)]
#[template(path = "query.html")]
struct QueryPage {
    shell: Shell,
    w: Say,
    form: FormState,
    found: Option<Found>,
}

/// The code of a case's receipt: keyed, so that nobody can reckon it from the number.
pub(crate) fn code(store: &Store, number: &CaseNumber) -> String {
    let whole = store.sealer().blind("desk.receipt", &number.to_string()).to_uppercase();
    let short: String = whole.chars().take(CODE_LONG).collect();
    let (head, tail) = short.split_at(short.len() / 2);
    format!("{head}-{tail}")
}

/// The address at which the form is filled in already, for the picture on paper.
pub(crate) fn address(base: &str, number: &CaseNumber, code: &str) -> String {
    format!("{base}/query?number={number}&code={code}")
}

/// What the code on a form on paper fills in.
#[derive(serde::Deserialize)]
pub(super) struct Asked {
    number: Option<String>,
    code: Option<String>,
}

pub(super) async fn get(ctx: Ctx, Query(asked): Query<Asked>) -> Answer {
    let form = FormState::new()
        .with("number", asked.number.unwrap_or_default())
        .with("code", asked.code.unwrap_or_default());
    Ok(shown(&ctx, form, None, StatusCode::OK))
}

fn shown(ctx: &Ctx, form: FormState, found: Option<Found>, status: StatusCode) -> axum::response::Response {
    let w = WORDS.say(ctx.lang);
    page::render_with(status, &QueryPage { shell: Shell::new(ctx, w.t("query-title")), w, form, found })
}

pub(super) async fn post(State(room): State<Room>, ctx: Ctx, sent: Submitted) -> Answer {
    let plain =
        |text: &str| text.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_uppercase();
    let (number, typed) = (plain(sent.get("number")), plain(sent.get("code")));
    let mut form = FormState::of(&sent);
    let found = match (number.parse::<CaseNumber>(), PaperNumber::read(sent.get("number"))) {
        (Ok(number), _) if plain(&code(&room.house.ground.store, &number)) == typed => {
            standing(&room, &ctx, &number).await?.map(|one| Found { cases: vec![one], paper: None })
        }
        (_, Ok(number)) => on_paper(&room, &ctx, &number, sent.get("code")).await?,
        _ => None,
    };
    if found.is_some() {
        return Ok(shown(&ctx, form, found, StatusCode::OK));
    }
    // Whether it is the number or the code that is wrong is nobody's business who does not hold the receipt.
    form.fail(
        "code",
        "编号和查询码对不上，请照着回执上的填写。",
        "Number and code do not belong together: copy both from the receipt.",
    );
    Ok(shown(&ctx, form, None, StatusCode::UNPROCESSABLE_ENTITY))
}

/// What became of a form that was handed out while the network was away.
async fn on_paper(room: &Room, ctx: &Ctx, number: &PaperNumber, code: &str) -> Outcome<Option<Found>> {
    let Some(form) = paper::standing(&room.house.ground.store, number, code).await? else { return Ok(None) };
    let w = WORDS.say(ctx.lang);
    let hall = form.hall.get(ctx.lang).to_owned();
    let told = [("hall", hall.clone()), ("phone", form.phone)];
    let paper = match form.state {
        PaperState::Out => {
            Some((false, w.with("query-paper-out", &[("hall", hall)]), w.with("query-paper-out-text", &told)))
        }
        PaperState::Void => {
            Some((true, w.t("query-paper-void").into_owned(), w.with("query-paper-void-text", &told)))
        }
        _ => None,
    };
    let mut cases = Vec::new();
    for number in form.cases.iter().filter_map(|text| text.parse::<CaseNumber>().ok()) {
        cases.extend(standing(room, ctx, &number).await?);
    }
    Ok(Some(Found { cases, paper }))
}

async fn standing(room: &Room, ctx: &Ctx, number: &CaseNumber) -> Outcome<Option<Standing>> {
    let (store, lang) = (&room.house.ground.store, ctx.lang);
    // Whoever holds the receipt knows where it was handed in; nothing of what the case holds is shown.
    let view = match cases::view(store, number, &Scope::program()).await {
        Ok(view) => view,
        Err(Failure::Refused(no)) if no.kind == RefusalKind::NotFound => return Ok(None),
        Err(other) => return Err(other),
    };
    let (names, row) = (Names::load(store).await?, &view.row);
    let holder = match (&row.holder, row.running) {
        (Some(agency), true) => names.of(agency, lang),
        (None, true) => WORDS.say(lang).t("with-applicant").into_owned(),
        (_, false) => names.of(&row.agency, lang),
    };
    Ok(Some(Standing {
        item: row.item_name.get(lang).to_owned(),
        number: number.to_string(),
        badge: show::badge(&row.state, row.outcome.as_deref(), lang),
        holder,
        received: show::received(&view, &names, lang),
        filed: format::moment(lang, row.filed_at),
        due: row.due_at.filter(|_| row.running).map(|due| format::moment(lang, due)).unwrap_or_default(),
        closed: row.closed_at.map(|at| format::moment(lang, at)).unwrap_or_default(),
    }))
}
