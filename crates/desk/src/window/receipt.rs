//! `/desk/window/{visit}/receipt`: what was handed in, for printing: numbers, dates, papers, and the code under which anybody who holds the
//! sheet sees how it stands.

use super::query::code;
use super::visit;
use crate::store::Visit;
use crate::{Room, WORDS};
use axum::extract::{Path, Query, State};
use cases::Scope;
use cases::show::{self, Names, ReceivedLine};
use identity::Clerk;
use kernel::codes::CaseNumber;
use kernel::{Outcome, SubjectId};
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
    /// Who stood there for them, masked; empty when they came themselves.
    agent: String,
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
    let (subject, agent) = whose(store, &visit).await?;
    let page = ReceiptPage {
        shell: Shell::new(&ctx, w.t("receipt-title")).desk().crumb(w.t("window-title"), "/desk/window"),
        w,
        what: visit.said.what.get(lang).to_owned(),
        name: subject.as_ref().map_or_else(|| visit.said.name.clone(), |s| s.name_masked.clone()),
        number: subject.map(|s| s.number_masked).unwrap_or_default(),
        agent,
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

/// For whom it was handed in, as the case says, and who stood there for them: an ended mandate takes no receipt back.
async fn whose(store: &store::Store, visit: &Visit) -> Outcome<(Option<identity::Profile>, String)> {
    let first = visit.said.filed.first().and_then(|number| number.parse::<CaseNumber>().ok());
    let person = SubjectId::Person(visit.person);
    let Some(number) = first else { return Ok((identity::profile(store, person).await?, String::new())) };
    let case = cases::view(store, &number, &Scope::program()).await?.case;
    let agent = case.agent.as_ref().map(|agent| format::mask_name(&agent.name)).unwrap_or_default();
    Ok((identity::profile(store, case.by.unwrap_or(person)).await?, agent))
}
