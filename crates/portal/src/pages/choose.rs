//! `/plan/choose`: which items make one's matter: those chosen stay ticked, others are found by words.

use super::Room;
use super::themes::{Pairs, chosen};
use crate::WORDS;
use crate::guide::ITEMS_MAX;
use crate::shelf::{Shelf, Shown};
use axum::extract::{Query, State};
use kernel::Outcome;
use page::{Answer, Ctx, Say, Shell};

/// How many items stand below the search line.
const FOUND: usize = 30;
const WORDS_MAX: usize = 100;

/// An item that may be ticked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Choice {
    pub(crate) key: String,
    pub(crate) name: String,
    pub(crate) agency: String,
    pub(crate) ticked: bool,
}

#[derive(askama::Template)]
#[template(path = "choose.html")]
pub(crate) struct ChoosePage {
    pub(crate) shell: Shell,
    pub(crate) w: Say,
    pub(crate) q: String,
    pub(crate) chosen: Vec<Choice>,
    pub(crate) found: Vec<Choice>,
    pub(crate) most: String,
    /// That there are more than are listed.
    pub(crate) more: String,
    /// Whether one went on with nothing ticked.
    pub(crate) nothing: bool,
}

/// GET /plan/choose?q=…&item=a
pub(super) async fn get(State(room): State<Room>, ctx: Ctx, Query(said): Pairs) -> Answer {
    let w = WORDS.say(ctx.lang);
    let shelf = room.shelves.get(&room.house).await?;
    let q: String = said
        .iter()
        .find(|(name, _)| name == "q")
        .map_or("", |(_, v)| v.trim())
        .chars()
        .take(WORDS_MAX)
        .collect();
    let keys = chosen(&said);
    let choice = |item: &Shown, ticked: bool| Choice {
        key: item.key.clone(),
        name: item.name.get(ctx.lang).to_owned(),
        agency: shelf.agency(&item.agency, ctx.lang),
        ticked,
    };
    let on_shelf = |key: &String| shelf.items.iter().find(|i| i.key == *key);
    let found = found(&room, &shelf, &q).await?;
    let open = found.iter().filter(|key| !keys.contains(key)).filter_map(on_shelf);
    let more = open.clone().count() > FOUND;
    Ok(page::render(&ChoosePage {
        shell: Shell::new(&ctx, w.t("choose-title")),
        chosen: keys.iter().filter_map(on_shelf).map(|item| choice(item, true)).collect(),
        found: open.take(FOUND).map(|item| choice(item, false)).collect(),
        most: w.with("choose-most", &[("n", ITEMS_MAX.to_string())]),
        more: if more { w.with("choose-more", &[("n", FOUND.to_string())]) } else { String::new() },
        nothing: said.iter().any(|(name, _)| name == "nothing"),
        w,
        q,
    }))
}

/// The keys of the items that the words find; without words all, in the order of the shelf.
async fn found(room: &Room, shelf: &Shelf, q: &str) -> Outcome<Vec<String>> {
    if q.is_empty() {
        return Ok(shelf.items.iter().map(|i| i.key.clone()).collect());
    }
    let found = catalog::search(&room.house.ground.store, q, FOUND + ITEMS_MAX).await?;
    Ok(found.into_iter().map(|listed| listed.key).collect())
}
