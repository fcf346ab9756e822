//! `/desk/sources`: which registers answer, and the failure switch of the demonstration.

use crate::{Room, WORDS};
use axum::extract::{Path, State};
use exchange::SharingClass;
use identity::Operator;
use kernel::{Failure, Refusal};
use page::{Answer, Ctx, Html, Say, Shell, Submitted, format};

struct Line {
    id: String,
    name: String,
    agency: String,
    sharing: String,
    badge: Html,
    why: String,
    off: bool,
}

#[derive(askama::Template)]
#[template(path = "sources.html")]
struct SourcesPage {
    shell: Shell,
    w: Say,
    lines: Vec<Line>,
    demo: bool,
}

pub(super) async fn get(State(room): State<Room>, ctx: Ctx, _: Operator) -> Answer {
    let store = &room.house.ground.store;
    let states = exchange::states(store, &room.sources).await?;
    let names = cases::show::Names::load(store).await?;
    let (lang, w) = (ctx.lang, WORDS.say(ctx.lang));
    let line = |s: exchange::SourceState| {
        let (kind, word) = match (s.switched_off, &s.down) {
            (true, _) => ("bad", "source-off"),
            (false, Some(_)) => ("wait", "source-down"),
            (false, None) => ("good", "source-up"),
        };
        let sharing = match s.sharing {
            SharingClass::Free => "sharing-free",
            SharingClass::Conditional => "sharing-conditional",
            SharingClass::Never => "sharing-never",
        };
        Line {
            name: s.name.get(lang).to_owned(),
            agency: names.of(&s.agency, lang),
            sharing: w.t(sharing).into_owned(),
            badge: page::badge(kind, &w.t(word)),
            why: s.down.map(|(at, why)| format!("{} {why}", format::moment(lang, at))).unwrap_or_default(),
            off: s.switched_off,
            id: s.id,
        }
    };
    let lines = states.into_iter().map(line).collect();
    let shell = Shell::new(&ctx, w.t("sources-title")).desk();
    Ok(page::render(&SourcesPage { shell, w, lines, demo: ctx.site.demo }))
}

pub(super) async fn post(
    State(room): State<Room>,
    Path(id): Path<String>,
    ctx: Ctx,
    who: Operator,
    sent: Submitted,
) -> Answer {
    if !ctx.site.demo || room.sources.get(&id).is_none() {
        return Err(Refusal::not_found().into());
    }
    let down = sent.get("down") == "yes";
    let done: Result<(), Failure> = ::store::command!(room.house.ground, ctx.lang, who.actor_ref(), |cx| {
        exchange::set_down(&mut cx, &id, down)
    });
    done?;
    Ok(page::see_other("/desk/sources"))
}
