//! `/desk/hall/paper/{block}/print`: the papers of a block, for the printer: control sheet, acceptance forms in two copies, slips.

use super::paper::{keeper, staff_of, title};
use super::paper_block::reached;
use super::{Room, view};
use crate::WORDS;
use crate::model::PaperKind;
use crate::store::{self as rows, PaperRow};
use crate::verbs::paper::form_code;
use axum::extract::{Path, State};
use identity::Staff;
use kernel::Fault;
use kernel::codes::PaperNumber;
use page::{Answer, Ctx, Html, Say, Shell, format};

/// Lines for papers on a form.
const PAPERS: usize = 5;

struct Form {
    number: String,
    printed: String,
    code: String,
    picture: Html,
}

struct Slip {
    number: String,
    business: String,
}

#[derive(askama::Template)]
#[template(path = "paper_print.html")]
struct PrintPage {
    shell: Shell,
    w: Say,
    back: String,
    hall: String,
    phone: String,
    address: String,
    title: String,
    keeper: String,
    issued: String,
    until: String,
    /// Which print it is, when it is not the first.
    again: String,
    query: String,
    record_days: String,
    forms: Vec<Form>,
    slips: Vec<Slip>,
    sheet: Vec<String>,
    lines: Vec<usize>,
}

pub(super) async fn get(State(room): State<Room>, Path(id): Path<String>, ctx: Ctx, who: Staff) -> Answer {
    let (right, block) = reached(&room, &who, &id).await?;
    let back = format!("/desk/hall/paper/{}", block.id);
    if block.printed == 0 {
        return Ok(page::see_other(back));
    }
    let (store, w, hall) = (room.store(), WORDS.say(ctx.lang), right.hall());
    let papers = rows::papers(store, block.id).await?;
    let letters = rows::businesses(store, &hall.code).await?;
    let query = format!("{}/query", ctx.site.base_url);
    let slip = |p: &PaperRow| Slip {
        number: p.number.clone(),
        business: letters
            .iter()
            .find(|b| Some(b.letter) == p.letter)
            .map(|b| view::business(b, ctx.lang))
            .unwrap_or_default(),
    };
    let forms = papers.iter().filter(|p| p.kind == PaperKind::Form).map(|p| form(store, p, &query));
    let title = title(&block, ctx.lang, w);
    Ok(page::render(&PrintPage {
        shell: Shell::new(&ctx, w.with("print-title", &[("title", title.clone())]))
            .desk()
            .crumb(w.t("papers-title"), format!("/desk/hall/paper?hall={}", hall.code))
            .crumb(title.clone(), back.clone()),
        w,
        back,
        hall: hall.name.get(ctx.lang).to_owned(),
        phone: hall.phone.clone(),
        address: hall.address.get(ctx.lang).to_owned(),
        title,
        keeper: keeper(&staff_of(store, &hall.agency).await?, block.keeper),
        issued: format::moment(ctx.lang, block.issued_at),
        until: format::moment(ctx.lang, block.hand_out_until),
        again: if block.printed > 1 { block.printed.to_string() } else { String::new() },
        forms: forms.collect::<Result<_, Fault>>()?,
        slips: papers.iter().filter(|p| p.kind == PaperKind::Slip).map(slip).collect(),
        sheet: papers.iter().map(|p| p.number.clone()).collect(),
        query,
        record_days: room.terms.paper_record_days.to_string(),
        lines: (1..=PAPERS).collect(),
    }))
}

fn form(store: &::store::Store, paper: &PaperRow, query: &str) -> Result<Form, Fault> {
    let number: PaperNumber =
        paper.number.parse().map_err(|e| Fault::new(format!("the number of a form: {e:?}")))?;
    let code = form_code(store, &number);
    let picture = page::qr(&format!("{query}?number={number}&code={code}"))?;
    Ok(Form { printed: number.printed(), number: number.to_string(), code, picture })
}
