//! `/desk/records`: which cases, which columns, which form; and what this account took out lately.

use super::{Room, may_take, reaches};
use crate::csv::{Column, Csv};
use crate::{WORDS, store};
use axum::extract::{Query, State};
use axum::http::StatusCode;
use catalog::Filter;
use identity::Staff;
use kernel::{Lang, Refusal};
use page::{Answer, Ctx, FormState, Say, Shell, format};

struct Taken {
    at: String,
    format: String,
    selection: String,
}

#[derive(askama::Template)]
#[template(path = "choose.html")]
struct Choose {
    shell: Shell,
    w: Say,
    form: FormState,
    who: String,
    items: Vec<(String, String)>,
    agencies: Vec<(String, String)>,
    states: Vec<(String, String)>,
    formats: Vec<(String, String)>,
    columns: Vec<(String, String)>,
    taken: Vec<Taken>,
    year: i16,
}

#[derive(askama::Template)]
#[template(path = "office.html")]
struct Office {
    shell: Shell,
    w: Say,
}

pub(super) async fn get(
    State(room): State<Room>,
    Query(query): Query<Vec<(String, String)>>,
    ctx: Ctx,
    who: Staff,
) -> Answer {
    if let Staff::Operator(_) = who {
        let w = WORDS.say(ctx.lang);
        return Ok(page::render(&Office { shell: Shell::new(&ctx, w.t("title")).desk(), w }));
    }
    may_take(&who)?;
    let mut form = FormState::new().with("format", "csv").with("excel", "yes");
    for column in Csv::usual(ctx.lang).columns {
        form = form.with_also("columns", column.word());
    }
    for (name, value) in query {
        form = form.with(name, value);
    }
    show(&room, &ctx, &who, form, StatusCode::OK).await
}

/// The form as it was sent, with what is wrong in it.
pub(super) async fn again(
    room: &Room,
    ctx: &Ctx,
    who: &Staff,
    query: &[(String, String)],
    refusal: &Refusal,
) -> Answer {
    let mut form = FormState::new();
    for (name, value) in query {
        form = form.with_also(name.clone(), value.clone());
    }
    form.refuse(refusal);
    show(room, ctx, who, form, StatusCode::UNPROCESSABLE_ENTITY).await
}

/// So many files that were taken out are listed.
const TAKEN: i64 = 10;

async fn show(room: &Room, ctx: &Ctx, who: &Staff, form: FormState, status: StatusCode) -> Answer {
    let db = &room.house.ground.store;
    let (lang, w) = (ctx.lang, WORDS.say(ctx.lang));
    let agencies = identity::agencies(db).await?;
    let own = agencies.iter().find(|a| a.code == *who.agency()).map(|a| a.name.get(lang).to_owned());
    let agencies: Vec<(String, String)> = agencies
        .iter()
        .filter(|a| reaches(who, a))
        .map(|a| (a.code.to_string(), a.name.get(lang).to_owned()))
        .collect();
    let items = catalog::list(db, &Filter { limit: 500, ..Filter::default() }).await?;
    let states = room.holdings.intake().states();
    let taken = store::leavings(db, who.account(), TAKEN).await?;
    let page = Choose {
        who: format!("{} · {}", own.unwrap_or_else(|| who.agency().to_string()), who.name()),
        items: items.into_iter().map(|i| (i.key, i.name.get(lang).to_owned())).collect(),
        agencies,
        states: states
            .iter()
            .map(|(word, _)| ((*word).to_owned(), room.holdings.state_name(word).get(lang).to_owned()))
            .collect(),
        formats: ["csv", "xes"].map(|f| (f.to_owned(), w.t(&format!("format-{f}")).into_owned())).to_vec(),
        columns: columns(lang),
        year: kernel::clock::legal_date(ctx.now).year(),
        taken: taken
            .into_iter()
            .map(|t| Taken {
                at: format::moment(lang, t.at),
                format: w.t(&format!("format-{}", t.format)).into_owned(),
                selection: t.selection,
            })
            .collect(),
        shell: Shell::new(ctx, w.t("title")).desk(),
        w,
        form,
    };
    Ok(page::render_with(status, &page))
}

fn columns(lang: Lang) -> Vec<(String, String)> {
    Column::ALL.iter().map(|c| (c.word().to_owned(), c.heading(lang).to_owned())).collect()
}
