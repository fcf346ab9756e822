//! `/desk/window/{visit}/receipt`: what was handed in, for printing: numbers, dates, papers, and the code under which anybody who holds the
//! sheet sees how it stands.

use super::query::code;
use super::visit;
use crate::{Room, WORDS};
use axum::extract::{Path, Query, State};
use cases::Scope;
use cases::show::{self, Names, ReceivedLine};
use identity::Clerk;
use kernel::SubjectId;
use kernel::codes::CaseNumber;
use page::{Answer, Ctx, Html, Say, Shell, format};

struct Line {
    item: String,
    number: String,
    code: String,
    /// The page on which it stands, with number and code filled in.
    picture: Html,
    badge: Html,
    agency: String,
    /// That it was accepted here for the body of another place, and under what.
    agent: Option<ReceivedLine>,
    filed: String,
    due: String,
    /// Whether it is decided already: what came out is printed here and now.
    done: bool,
}

#[derive(askama::Template)]
#[template(path = "window-receipt.html")]
struct ReceiptPage {
    shell: Shell,
    w: Say,
    what: String,
    name: String,
    number: String,
    lines: Vec<Line>,
    papers: Vec<(String, bool)>,
    place: String,
    at: String,
    query: String,
    /// Whether nothing on line reaches them: then it is said how they are told.
    unreached: bool,
    /// The form on which it was accepted while the network was away.
    paper_form: String,
    /// The ticket in hand, which ends with this.
    ticket: Option<String>,
    end: String,
    /// Whether it is printed by itself.
    print: bool,
}

pub(super) async fn get(
    State(room): State<Room>,
    Path(id): Path<String>,
    Query(asked): Query<super::Printing>,
    ctx: Ctx,
    who: Clerk,
) -> Answer {
    let visit = visit(&room, &who, &id).await?;
    if visit.said.filed.is_empty() {
        return Ok(page::see_other(format!("/desk/window/{id}")));
    }
    let (store, lang, w) = (&room.house.ground.store, ctx.lang, WORDS.say(ctx.lang));
    let names = Names::load(store).await?;
    let (mut lines, mut unreached) = (Vec::new(), false);
    for text in &visit.said.filed {
        let Ok(number) = text.parse::<CaseNumber>() else { continue };
        // It was handed in at this window; a row is no look at what it holds.
        let view = cases::view(store, &number, &Scope::program()).await?;
        let row = &view.row;
        unreached |= view.case.paper;
        let code = code(store, &number);
        lines.push(Line {
            item: row.item_name.get(lang).to_owned(),
            picture: page::qr(&super::query::address(&ctx.site.base_url, &number, &code))?,
            code,
            number: number.to_string(),
            badge: show::badge(&row.state, row.outcome.as_deref(), lang),
            agency: names.of(&row.agency, lang),
            agent: show::received(&view, &names, lang),
            filed: format::moment(lang, row.filed_at),
            done: row.outcome.is_some(),
            due: row.due_at.map(|due| format::moment(lang, due)).unwrap_or_default(),
        });
    }
    let person = identity::profile(store, SubjectId::Person(visit.person)).await?;
    let page = ReceiptPage {
        shell: Shell::new(&ctx, w.t("receipt-title")).desk().crumb(w.t("window-title"), "/desk/window"),
        w,
        what: visit.said.what.get(lang).to_owned(),
        name: visit.said.name.clone(),
        number: person.map(|p| p.number_masked).unwrap_or_default(),
        lines,
        papers: visit.said.papers.iter().map(|(name, seen)| (name.get(lang).to_owned(), *seen)).collect(),
        place: super::place_of(&room, &who, lang).await?,
        ticket: super::ticket::in_hand(&room, &who, &visit.said).await?.map(|hand| hand.number),
        end: format!("/desk/window/{id}/end"),
        print: asked.print.is_some(),
        at: format::moment(lang, ctx.now),
        query: format!("{}/query", ctx.site.base_url),
        unreached,
        paper_form: visit.said.paper_form.clone(),
    };
    Ok(page::render(&page))
}
