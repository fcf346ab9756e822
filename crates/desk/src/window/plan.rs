//! `/desk/window/{visit}/plan`: what it takes, for the person to take home: what to bring and what not, what it costs, how long it takes
//! (一次告知的办事清单).

use super::{fill, visit};
use crate::{Room, WORDS};
use axum::extract::{Path, State};
use catalog::Original;
use catalog::planner::{How, PlannedPaper};
use identity::Clerk;
use kernel::clock;
use page::{Answer, Ctx, Say, Shell, format};

#[derive(askama::Template)]
#[template(path = "window-plan.html")]
struct PlanPage {
    shell: Shell,
    w: Say,
    what: String,
    place: String,
    date: String,
    back: String,
    /// What is done, and who decides it.
    members: Vec<(String, String)>,
    /// What to bring, with how the original is handled.
    bring: Vec<(String, String)>,
    /// What nobody has to bring, each with why.
    spared: Vec<(String, String)>,
    /// Each fee with its amount.
    fees: Vec<(String, String)>,
    bill: String,
    days: u64,
    results: Vec<String>,
    /// The guide of each item, by name and address.
    guides: Vec<(String, String)>,
}

pub(super) async fn get(State(room): State<Room>, Path(id): Path<String>, ctx: Ctx, who: Clerk) -> Answer {
    let mut visit = visit(&room, &who, &id).await?;
    if let Some(elsewhere) = super::form::elsewhere(&room, &who, &visit).await? {
        return Ok(page::see_other(elsewhere));
    }
    let view = fill::open(&room, &who, &mut visit).await?;
    let (lang, w) = (ctx.lang, WORDS.say(ctx.lang));
    let names = cases::show::Names::load(&room.house.ground.store).await?;
    let taken = view.plan.members.iter().filter(|m| m.taken);
    let bring = |p: &PlannedPaper| {
        let how = match (&p.original, p.later) {
            (_, true) => w.t("plan-later"),
            (Some(Original::Look), _) => w.t("plan-look"),
            (Some(_), _) => w.t("plan-original"),
            (None, _) => w.t("plan-copy"),
        };
        (p.name.get(lang).to_owned(), how.into_owned())
    };
    let place = format!("/desk/window/{id}");
    let page = PlanPage {
        shell: Shell::new(&ctx, w.t("plan-title"))
            .desk()
            .crumb(w.t("window-title"), "/desk/window")
            .crumb(w.t("window-choose"), place.clone()),
        w,
        what: view.bundle.name().get(lang).to_owned(),
        place: super::place_of(&room, &who, lang).await?,
        date: format::date(lang, clock::legal_date(ctx.now)),
        back: format!("{place}/form"),
        members: taken.clone().map(|m| (m.name.get(lang).to_owned(), names.of(&m.agency, lang))).collect(),
        bring: view.plan.papers.iter().filter(|p| p.how == How::Asked && !p.optional).map(bring).collect(),
        spared: fill::spared(&view, lang),
        fees: view
            .plan
            .fees
            .iter()
            .map(|f| (f.name.get(lang).to_owned(), f.says().get(lang).to_owned()))
            .collect(),
        bill: view.plan.bill().get(lang).to_owned(),
        days: view.plan.days(),
        results: view.plan.results.iter().map(|r| r.name.get(lang).to_owned()).collect(),
        guides: taken.map(|m| (m.name.get(lang).to_owned(), format!("/items/{}", m.item))).collect(),
    };
    Ok(page::render(&page))
}
