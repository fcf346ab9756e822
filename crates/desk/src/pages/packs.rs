//! `/desk/packs`: what is published, and publishing a zip of packs; every complaint names file, line and column.

use super::{Desk, shell};
use crate::WORDS;
use axum::extract::State;
use axum::http::StatusCode;
use catalog::{Complaint, Filter, pack};
use identity::Operator;
use page::{Answer, Ctx, FormState, Say, Shell, Submitted};
use store::command;

const LIST_MAX: usize = 200;

#[derive(askama::Template)]
#[template(path = "packs.html")]
struct Packs {
    shell: Shell,
    w: Say,
    form: FormState,
    items: Vec<Line>,
    complaints: Vec<Wrong>,
    published: Option<usize>,
}

struct Line {
    key: String,
    name: String,
    code: String,
    agency: String,
}

struct Wrong {
    place: String,
    say: String,
}

pub(crate) async fn get(ctx: Ctx, State(desk): State<Desk>, _operator: Operator) -> Answer {
    let page = page(&ctx, &desk, FormState::new(), &[], None).await?;
    Ok(page::render(&page))
}

pub(crate) async fn post(ctx: Ctx, State(desk): State<Desk>, operator: Operator, sent: Submitted) -> Answer {
    let mut form = FormState::of(&sent);
    let Some(zip) = sent.files().iter().find(|f| f.field == "zip" && !f.bytes.is_empty()) else {
        form.fail("zip", "请选择一个 zip 文件。", "Choose a zip file.");
        return Ok(page::render_with(
            StatusCode::UNPROCESSABLE_ENTITY,
            &page(&ctx, &desk, form, &[], None).await?,
        ));
    };
    let pack = match pack::load_zip(&zip.bytes) {
        Ok(pack) => pack,
        Err(complaints) => {
            form.fail(
                "zip",
                format!("没有发布:有{}处问题,见下表。", complaints.len()),
                format!("Nothing was published: {} complaints, listed below.", complaints.len()),
            );
            let page = page(&ctx, &desk, form, &complaints, None).await?;
            return Ok(page::render_with(StatusCode::UNPROCESSABLE_ENTITY, &page));
        }
    };
    let actor = operator.actor_ref();
    let versions = command!(desk.house.ground, ctx.lang, actor, |cx| catalog::publish(&mut cx, &pack).await)?;
    Ok(page::render(&page(&ctx, &desk, form, &[], Some(versions.len())).await?))
}

async fn page(
    ctx: &Ctx,
    desk: &Desk,
    form: FormState,
    complaints: &[Complaint],
    published: Option<usize>,
) -> Result<Packs, page::Problem> {
    let w = WORDS.say(ctx.lang);
    let filter = Filter { limit: LIST_MAX, ..Filter::default() };
    let items = catalog::list(&desk.house.ground.store, &filter).await?.into_iter().map(|listed| Line {
        key: listed.key,
        name: listed.name.get(ctx.lang).to_owned(),
        code: listed.code,
        agency: listed.agency.to_string(),
    });
    let wrong = complaints.iter().map(|c| Wrong {
        place: format!("{}:{}:{}", c.file, c.line, c.column),
        say: c.say.get(ctx.lang).to_owned(),
    });
    Ok(Packs {
        shell: shell(ctx, w, w.t("packs-title")),
        w,
        form,
        items: items.collect(),
        complaints: wrong.collect(),
        published,
    })
}
