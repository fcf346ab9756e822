//! What stands above the inbox to choose from: every item and every step of which something waits, however long the list is, and the
//! parts (科室) of the agency.

use crate::asked::{Asked, Col, LENGTHS};
use crate::{Room, WORDS};
use cases::{Handler, InboxChoice};
use kernel::{AgencyCode, Lang, Outcome};
use std::collections::BTreeMap;

/// What is sent, and what it is called.
pub(crate) type Options = Vec<(String, String)>;

/// So many names of one step stand side by side; items call the same step differently.
const NAMES_MAX: usize = 3;

/// What may be chosen above the list.
pub(crate) struct Choices {
    /// The parts of the agency; empty where it has none.
    pub units: Options,
    pub items: Options,
    pub steps: Options,
    pub states: Options,
    pub cols: Vec<(Col, String)>,
    pub lengths: Vec<(i64, bool)>,
}

impl Choices {
    /// Reads what waits; a unit that is no part of the agency (any more) is taken out of what is asked for.
    pub async fn load(room: &Room, handler: &Handler, asked: &mut Asked, lang: Lang) -> Outcome<Self> {
        let (store, w) = (&room.house.ground.store, WORDS.say(lang));
        let units = units(room, handler, asked, lang).await?;
        let unit = asked.unit();
        let waits = cases::inbox_choices(store, handler, unit.as_ref()).await?;
        let mut items: BTreeMap<String, String> =
            waits.iter().map(|c| (c.item_key.clone(), c.item_name.get(lang).to_owned())).collect();
        let mut steps = steps(&waits, &asked.item, lang);
        // What is chosen stays on offer when nothing waits of it any more.
        let gone = |chosen: &str, known: bool| !chosen.is_empty() && !known;
        let (no_item, no_step) = (
            gone(&asked.item, items.contains_key(&asked.item)),
            gone(&asked.step, steps.contains_key(&asked.step)),
        );
        if no_item || no_step {
            let published = catalog::find(store, &asked.item).await?.map(|p| p.item);
            let item = published.as_ref().map(|i| i.name.get(lang).to_owned());
            let step = published.iter().flat_map(|i| i.process.iter()).find(|s| s.id == asked.step);
            let step = step.map_or_else(|| asked.step.clone(), |s| s.title.get(lang).to_owned());
            if no_item {
                items.insert(asked.item.clone(), item.unwrap_or_else(|| asked.item.clone()));
            }
            if no_step {
                steps.insert(asked.step.clone(), step);
            }
        }
        Ok(Self {
            units,
            items: named(items),
            steps: named(steps),
            states: ["submitted", "accepted", "suspended"]
                .map(|s| (s.to_owned(), cases::state_name(s).get(lang).to_owned()))
                .into(),
            cols: Col::ALL.map(|c| (c, w.t(&format!("col-{}", c.word())).into_owned())).into(),
            lengths: LENGTHS.map(|n| (n, n == asked.lines())).into(),
        })
    }
}

/// By name, as people look for it.
fn named(all: BTreeMap<String, String>) -> Options {
    let mut all: Options = all.into_iter().collect();
    all.sort_by(|a, b| a.1.cmp(&b.1));
    all
}

/// The steps with what they are called: in the chosen item, or in all of them.
fn steps(waits: &[InboxChoice], item: &str, lang: Lang) -> BTreeMap<String, String> {
    let mut names: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for choice in waits.iter().filter(|c| item.is_empty() || c.item_key == item) {
        let (all, name) = (names.entry(&choice.step).or_default(), choice.title.get(lang));
        if !all.contains(&name) {
            all.push(name);
        }
    }
    let joined = |all: Vec<&str>| {
        let more = if all.len() > NAMES_MAX { " / …" } else { "" };
        format!("{}{more}", all.iter().take(NAMES_MAX).copied().collect::<Vec<_>>().join(" / "))
    };
    names.into_iter().map(|(step, all)| (step.to_owned(), joined(all))).collect()
}

/// The parts of the handler's agency, by code; what is asked for keeps only one of these.
async fn units(room: &Room, handler: &Handler, asked: &mut Asked, lang: Lang) -> Outcome<Options> {
    let own = handler.agency();
    let directory = identity::directory(&room.house.ground.store).await?;
    let below = |code: &AgencyCode| own != code && own.contains(code);
    let units: Options = directory
        .agencies()
        .filter(|a| below(&a.code) && directory.succession(&a.code).is_none())
        .map(|a| (a.code.to_string(), a.name.get(lang).to_owned()))
        .collect();
    if !units.iter().any(|(code, _)| *code == asked.unit) {
        asked.unit.clear();
    }
    Ok(units)
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::Text;

    #[test]
    fn one_step_of_many_names_has_them_all() {
        let waits = [("a", "审批"), ("b", "审核"), ("c", "审批"), ("d", "复核"), ("e", "会签")];
        let waits = waits.map(|(item, title)| InboxChoice {
            item_key: item.to_owned(),
            item_name: Text::same(item),
            step: "approve".to_owned(),
            title: Text::same(title),
        });
        assert_eq!(steps(&waits, "", Lang::ZhCn)["approve"], "审批 / 审核 / 复核 / …");
        assert_eq!(steps(&waits, "b", Lang::ZhCn)["approve"], "审核");
        assert!(steps(&waits, "x", Lang::ZhCn).is_empty());
    }
}
