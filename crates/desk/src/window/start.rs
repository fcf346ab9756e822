//! `/desk/window`: who stands there, by identity number; and whom this clerk has served today.

use super::{Said, VisitId, paper, purpose};
use crate::{Room, WORDS, store as rows};
use axum::extract::{Query, State};
use axum::http::StatusCode;
use cases::show::Names;
use identity::Clerk;
use kernel::codes::CitizenId;
use kernel::{Failure, PersonId, SubjectId};
use page::{Answer, Ctx, FormState, Say, Shell, Submitted, format};
use rows::Visit;
use trace::Look;

/// So many visits are listed.
const VISITS: i64 = 20;

struct Line {
    href: String,
    name: String,
    what: String,
    at: String,
    filed: bool,
}

#[derive(askama::Template)]
#[template(path = "window.html")]
struct StartPage {
    shell: Shell,
    w: Say,
    form: FormState,
    who: String,
    lines: Vec<Line>,
}

/// Which form on paper is to be recorded.
#[derive(serde::Deserialize)]
pub(super) struct Asked {
    paper: Option<String>,
}

pub(super) async fn get(
    State(room): State<Room>,
    ctx: Ctx,
    who: Clerk,
    Query(asked): Query<Asked>,
) -> Answer {
    let form = FormState::new().with("paper_form", asked.paper.unwrap_or_default());
    page_of(&room, &ctx, &who, form, StatusCode::OK).await
}

async fn page_of(room: &Room, ctx: &Ctx, who: &Clerk, form: FormState, status: StatusCode) -> Answer {
    let (store, lang, w) = (&room.house.ground.store, ctx.lang, WORDS.say(ctx.lang));
    let names = Names::load(store).await?;
    let visits = rows::visits(store, who.account(), VISITS).await?;
    let line = |v: Visit| {
        let filed = !v.said.filed.is_empty();
        let page = match (filed, v.said.what.zh.is_empty()) {
            (true, _) => "/receipt",
            (false, true) => "",
            (false, false) => "/form",
        };
        Line {
            href: format!("/desk/window/{}{page}", v.id),
            name: v.said.name,
            what: v.said.what.get(lang).to_owned(),
            at: format::moment(lang, v.at),
            filed,
        }
    };
    let mut place = format!("{} · {}", names.of(who.agency(), lang), who.name());
    if let Some(window) = who.window() {
        place = w.with("window-place", &[("place", place), ("window", window.to_owned())]);
    }
    let shell = Shell::new(ctx, w.t("window-title")).desk();
    let lines = visits.into_iter().map(line).collect();
    Ok(page::render_with(status, &StartPage { shell, w, form, who: place, lines }))
}

pub(super) async fn post(State(room): State<Room>, ctx: Ctx, who: Clerk, sent: Submitted) -> Answer {
    let typed: String = sent.get("citizen_id").split_whitespace().collect::<String>().to_uppercase();
    let mut form = FormState::of(&sent);
    if typed.is_empty() {
        form.fail("citizen_id", "请输入公民身份号码。", "Type the citizen identity number.");
        return page_of(&room, &ctx, &who, form, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    let Some(person) = identity::person_by_citizen_id(&room.house.ground.store, &typed).await? else {
        // What looks like a slip of the finger is called one.
        let (zh, en) = match typed.parse::<CitizenId>() {
            Err(_) => (
                "号码有误：位数或校验码不对，请对照证件重新输入。",
                "The number is wrong: its length or its check character. Compare it with the card.",
            ),
            Ok(_) => (
                "平台上没有这个人。请核对号码；本人还没有实名登记的，请先登记。",
                "Nobody here has this number. Check it; whoever has not registered yet registers first.",
            ),
        };
        form.fail("citizen_id", zh, en);
        return page_of(&room, &ctx, &who, form, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let on_paper = paper::named(&room, &who, &sent, &mut form).await?;
    if !form.ok() {
        return page_of(&room, &ctx, &who, form, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    let id = begin(&room, &ctx, &who, (person, typed), on_paper.as_ref()).await?;
    Ok(page::see_other(format!("/desk/window/{id}")))
}

/// The visit begins with the look: if it cannot be recorded, nobody is shown.
async fn begin(
    room: &Room,
    ctx: &Ctx,
    who: &Clerk,
    (person, citizen_id): (PersonId, String),
    on_paper: Option<&paper::OnPaper>,
) -> Result<VisitId, Failure> {
    let store = &room.house.ground.store;
    let profile = identity::profile(store, SubjectId::Person(person)).await?;
    let name = profile.map(|p| p.name_masked).unwrap_or_default();
    let mut said = Said { citizen_id, name, ..Said::default() };
    paper::begin(&mut said, on_paper, ctx.lang);
    ::store::command!(room.house.ground, ctx.lang, who.actor_ref(), |cx| {
        let visit = Visit { id: cx.new_id(), person, at: cx.now, rev: 1, said: said.clone() };
        let sealer = cx.store().sealer().clone();
        let look = Look { person, fields: vec!["name".to_owned(), "case".to_owned()], purpose: purpose() };
        trace::look(&mut cx, &look).map_err(Failure::from).and_then(|()| {
            rows::add_visit(&mut cx.commit, &sealer, who.account(), &visit)?;
            Ok(visit.id)
        })
    })
}
