//! `/`: what can I do here, and what waits for me.

use super::{Room, space};
use crate::WORDS;
use crate::view::{ItemCard, Panel, Space, ThemeCard, ThemeLink};
use axum::extract::State;
use identity::Applicant;
use page::{Answer, Ctx, Say, Shell};

/// How many services stand at the top.
const USED: usize = 6;

#[derive(askama::Template)]
#[template(path = "home.html")]
pub(crate) struct Home {
    pub(crate) shell: Shell,
    pub(crate) w: Say,
    pub(crate) hints: Vec<ItemCard>,
    pub(crate) used: Vec<ItemCard>,
    pub(crate) joint: Vec<ThemeCard>,
    pub(crate) people: Vec<ThemeLink>,
    pub(crate) firms: Vec<ThemeLink>,
    pub(crate) news: Vec<(ItemCard, String)>,
    pub(crate) panel: Option<Panel>,
}

#[derive(askama::Template)]
#[template(path = "home_big.html")]
pub(crate) struct HomeBig {
    pub(crate) shell: Shell,
    pub(crate) w: Say,
    pub(crate) used: Vec<ItemCard>,
    pub(crate) joint: Vec<ThemeCard>,
    pub(crate) waiting: String,
}

pub(super) async fn get(State(room): State<Room>, ctx: Ctx, who: Option<Applicant>) -> Answer {
    let say = WORDS.say(ctx.lang);
    let shelf = room.shelves.get(&room.house).await?;
    let used: Vec<ItemCard> = shelf.most_used(USED).into_iter().map(|item| shelf.card(item, say)).collect();
    let shell = Shell::new(&ctx, room.house.site.name.get(ctx.lang)).bare();
    let mine = match &who {
        Some(who) => Some(space::gather(&room, who, &ctx, 0).await?),
        None => None,
    };
    if ctx.big {
        let waiting = mine.as_ref().map_or_else(|| say.t("big-where-note").into_owned(), |s| summary(s, say));
        return Ok(page::render(&HomeBig {
            joint: shelf.theme_cards(ctx.lang),
            shell,
            w: say,
            used,
            waiting,
        }));
    }
    Ok(page::render(&Home {
        shell,
        w: say,
        joint: shelf.theme_cards(ctx.lang),
        hints: hints(&shelf.theme_cards(ctx.lang), &used),
        people: shelf.themes("person", ctx.lang),
        firms: shelf.themes("organisation", ctx.lang),
        news: shelf.news(say, 5),
        panel: mine.map(|space| panel(space, say)),
        used,
    }))
}

/// What the search line suggests: two joint matters, then services asked for most.
fn hints(joint: &[ThemeCard], used: &[ItemCard]) -> Vec<ItemCard> {
    let joint = joint.iter().take(2).map(|t| ItemCard {
        href: t.href.clone(),
        name: t.name.clone(),
        ..ItemCard::default()
    });
    joint.chain(used.iter().take(3).cloned()).take(4).collect()
}

/// The three lines that matter most, and one sentence about everything.
pub(crate) fn panel(space: Space, say: Say) -> Panel {
    let summary = summary(&space, say);
    let expiring = space.certificates.into_iter().filter(|c| c.kind == "wait");
    let lines = space.waiting.into_iter().chain(expiring).chain(space.running).take(3).collect();
    Panel { lines, summary }
}

fn summary(space: &Space, say: Say) -> String {
    let expiring = space.certificates.iter().filter(|c| c.kind == "wait").count();
    let counts = [
        ("panel-waiting", space.waiting.len()),
        ("panel-running", space.running.len()),
        ("panel-expiring", expiring),
    ];
    let parts: Vec<String> = counts
        .iter()
        .filter(|(_, n)| *n > 0)
        .map(|(key, n)| say.with(key, &[("n", n.to_string())]))
        .collect();
    if parts.is_empty() { say.t("panel-nothing").into_owned() } else { parts.join(&say.t("panel-between")) }
}
