//! `/themes` and `/themes/{id}`: joint matters (一件事) and the guide to each; `/plan`: the same for any items one chooses.

use super::Room;
use crate::guide::view::{self, Guide, guide};
use crate::guide::{ITEMS_MAX, Matter, Mine};
use crate::view::ThemeCard;
use crate::{WORDS, shelf::Shelf};
use axum::extract::{Path, Query, State};
use identity::Applicant;
use kernel::{Outcome, clock};
use page::{Answer, Ctx, Say, Shell};

/// The pairs of an address, in their order.
pub(super) type Pairs = Query<Vec<(String, String)>>;

#[derive(askama::Template)]
#[template(path = "themes.html")]
pub(crate) struct ThemesPage {
    pub(crate) shell: Shell,
    pub(crate) w: Say,
    pub(crate) cards: Vec<ThemeCard>,
}

#[derive(askama::Template)]
#[template(path = "matter.html")]
pub(crate) struct MatterPage {
    pub(crate) shell: Shell,
    pub(crate) w: Say,
    pub(crate) what: String,
    pub(crate) who: String,
    pub(crate) reconstructed: bool,
    /// Where the questions are sent, and what goes with them.
    pub(crate) action: String,
    pub(crate) items: Vec<String>,
    /// Items that are not open here.
    pub(crate) missing: Vec<String>,
    /// Where the set of items can be changed; empty for a joint matter.
    pub(crate) choose: String,
    pub(crate) guide: Guide,
    /// Where one applies; empty for those who cannot.
    pub(crate) apply: String,
    /// What goes with the application.
    pub(crate) carried: Vec<(String, String)>,
    /// Where one signs in first; empty for those who are.
    pub(crate) sign_in: String,
}

pub(super) async fn list(State(room): State<Room>, ctx: Ctx) -> Answer {
    let w = WORDS.say(ctx.lang);
    let shelf = room.shelves.get(&room.house).await?;
    let cards = shelf.theme_cards(ctx.lang);
    Ok(page::render(&ThemesPage { shell: Shell::new(&ctx, w.t("themes-title")), w, cards }))
}

/// GET /themes/{id}?mortgage=yes…
pub(super) async fn theme(
    State(room): State<Room>,
    ctx: Ctx,
    who: Option<Applicant>,
    Path(id): Path<String>,
    Query(said): Pairs,
) -> Answer {
    let matter = Matter::of_theme(&room.house.ground.store, &id).await?;
    shown(&room, &ctx, who.as_ref(), &matter, &said).await
}

/// GET /plan?item=a&item=b&mortgage=yes…
pub(super) async fn plan(
    State(room): State<Room>,
    ctx: Ctx,
    who: Option<Applicant>,
    Query(said): Pairs,
) -> Answer {
    let keys = chosen(&said);
    if keys.is_empty() {
        // Whoever comes from the list has sent its search line along.
        let from_list = said.iter().any(|(name, _)| name == "q");
        return Ok(page::see_other(if from_list { "/plan/choose?nothing=1" } else { "/plan/choose" }));
    }
    let matter = Matter::of_items(&room.house.ground.store, &keys).await?;
    if matter.members.is_empty() {
        return Err(kernel::Refusal::not_found().into());
    }
    shown(&room, &ctx, who.as_ref(), &matter, &said).await
}

/// The items of an address, each once.
pub(super) fn chosen(said: &[(String, String)]) -> Vec<String> {
    let mut keys: Vec<String> = Vec::new();
    for (_, key) in said.iter().filter(|(name, key)| name == "item" && !key.is_empty()) {
        if !keys.contains(key) && keys.len() < ITEMS_MAX {
            keys.push(key.clone());
        }
    }
    keys
}

async fn shown(
    room: &Room,
    ctx: &Ctx,
    who: Option<&Applicant>,
    matter: &Matter,
    said: &[(String, String)],
) -> Answer {
    let shelf = room.shelves.get(&room.house).await?;
    Ok(page::render(&page_of(room, ctx, who, matter, said, &shelf).await?))
}

async fn page_of(
    room: &Room,
    ctx: &Ctx,
    who: Option<&Applicant>,
    matter: &Matter,
    said: &[(String, String)],
    shelf: &Shelf,
) -> Outcome<MatterPage> {
    let w = WORDS.say(ctx.lang);
    let answers = matter.answers(said);
    let side = matter.side(said);
    let mine = match who {
        Some(who) => Mine::of(&room.house.ground.store, who, side.as_deref(), ctx.now).await?,
        None => Mine::default(),
    };
    let plan = matter.plan(&answers, &mine, clock::legal_date(ctx.now));
    let mut guide = guide(matter, &answers, &plan, shelf, w);
    if who.is_some() {
        guide.asks.extend(view::side(matter, side.as_deref(), w));
    }
    let items: Vec<String> = match &matter.theme {
        Some(_) => Vec::new(),
        None => matter.members.iter().map(|m| m.item.key.clone()).collect(),
    };
    let mut carried: Vec<(String, String)> =
        items.iter().map(|key| ("item".to_owned(), key.clone())).collect();
    for (id, answer) in &answers {
        let words = answer.as_array().map_or(std::slice::from_ref(answer), Vec::as_slice);
        carried.extend(words.iter().filter_map(|v| Some((id.clone(), v.as_str()?.to_owned()))));
    }
    let (shell, action, apply) = match &matter.theme {
        Some(theme) => (
            Shell::new(ctx, theme.name.get(ctx.lang)).crumb(w.t("themes-title"), "/themes"),
            format!("/themes/{}", theme.id),
            format!("/apply/themes/{}", theme.id),
        ),
        None => (
            Shell::new(ctx, w.t("plan-title")).crumb(w.t("choose-title"), choose(&items)),
            "/plan".to_owned(),
            "/apply".to_owned(),
        ),
    };
    let theme = matter.theme.as_deref();
    let text = |of: fn(&catalog::MatterTheme) -> &kernel::Text| theme.map(|t| of(t).get(ctx.lang).to_owned());
    Ok(MatterPage {
        what: text(|t| &t.what).unwrap_or_else(|| w.t("plan-lead").into_owned()),
        who: text(|t| &t.who).unwrap_or_default(),
        reconstructed: theme.is_some_and(|t| t.reconstructed.is_some()),
        sign_in: if ctx.badge.is_none() { page::problem::sign_in_path(&shell.back) } else { String::new() },
        apply: if who.is_some() { apply } else { String::new() },
        choose: if theme.is_some() { String::new() } else { choose(&items) },
        missing: matter.missing.clone(),
        shell,
        w,
        action,
        items,
        guide,
        carried,
    })
}

/// Where the set of items can be changed.
pub(super) fn choose(items: &[String]) -> String {
    let pairs: Vec<String> = items.iter().map(|key| format!("item={key}")).collect();
    if pairs.is_empty() { "/plan/choose".to_owned() } else { format!("/plan/choose?{}", pairs.join("&")) }
}
