//! `/desk/packs`: the items that are published, and a form that publishes a pack from a folder or a zip.

use crate::upload::Sent;
use crate::{Room, WORDS};
use axum::extract::State;
use axum::http::StatusCode;
use catalog::Filter;
use catalog::pack::Complaint;
use identity::Operator;
use kernel::Failure;
use page::{Answer, Ctx, FormState, Say, Shell, Submitted};

struct Line {
    key: String,
    code: String,
    name: String,
    agency: String,
}

#[derive(askama::Template)]
#[template(path = "packs.html")]
struct Packs {
    shell: Shell,
    w: Say,
    form: FormState,
    lines: Vec<Line>,
    complaints: Vec<(String, String)>,
}

pub(super) async fn get(State(room): State<Room>, ctx: Ctx, _: Operator) -> Answer {
    page_of(&room, &ctx, FormState::new(), Vec::new(), StatusCode::OK).await
}

async fn page_of(
    room: &Room,
    ctx: &Ctx,
    form: FormState,
    complaints: Vec<(String, String)>,
    status: StatusCode,
) -> Answer {
    let store = &room.house.ground.store;
    let filter = Filter { limit: 500, ..Filter::default() };
    let listed = catalog::list(store, &filter).await?;
    let names = cases::show::Names::load(store).await?;
    let (lang, w) = (ctx.lang, WORDS.say(ctx.lang));
    let line = |l: catalog::Listed| Line {
        name: l.name.get(lang).to_owned(),
        agency: names.of(&l.agency, lang),
        key: l.key,
        code: l.code,
    };
    let lines = listed.into_iter().map(line).collect();
    let shell = Shell::new(ctx, w.t("packs-title")).desk();
    Ok(page::render_with(status, &Packs { shell, w, form, lines, complaints }))
}

pub(super) async fn post(State(room): State<Room>, ctx: Ctx, who: Operator, sent: Submitted) -> Answer {
    let read = match Sent::of(&sent) {
        Ok(pack) => pack.read().await?,
        Err(refusal) => {
            let mut form = FormState::of(&sent);
            form.refuse(&refusal);
            return page_of(&room, &ctx, form, Vec::new(), StatusCode::UNPROCESSABLE_ENTITY).await;
        }
    };
    let pack = match read {
        Ok(pack) => pack,
        Err(complaints) => {
            let lines = complaints.iter().map(|c| (place(c), c.say.get(ctx.lang).to_owned())).collect();
            return page_of(&room, &ctx, FormState::of(&sent), lines, StatusCode::UNPROCESSABLE_ENTITY).await;
        }
    };
    let failing: Vec<(String, String)> = cases::examples::run(&pack)
        .into_iter()
        .filter(|r| !r.differences.is_empty())
        .map(|r| (format!("{}: {}", r.item, r.name), r.differences.join("; ")))
        .collect();
    if !failing.is_empty() {
        return page_of(&room, &ctx, FormState::of(&sent), failing, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    let done: Result<_, Failure> = ::store::command!(room.house.ground, ctx.lang, who.actor_ref(), |cx| {
        cases::publish(&mut cx, &pack).await
    });
    match done {
        Ok(_) => Ok(page::see_other("/desk/packs")),
        Err(Failure::Refused(refusal)) => {
            let mut form = FormState::of(&sent);
            form.refuse(&refusal);
            page_of(&room, &ctx, form, Vec::new(), StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(fault) => Err(fault.into()),
    }
}

/// `sticker/item.yaml:12:5`; only the file when the complaint is about the whole of it.
fn place(complaint: &Complaint) -> String {
    match complaint.line {
        0 => complaint.file.clone(),
        line => format!("{}:{line}:{}", complaint.file, complaint.column),
    }
}
