//! Who takes each step of a case: agencies by function and level, resolved before the rules, which stay pure.

use ::store::Store;
use catalog::{By, Item};
use forms::Answers;
use kernel::{AgencyCode, Outcome, Refusal, RefusalKind};
use std::collections::BTreeMap;

/// For every step that names a function at a level, its agencies, one for each seat: those of the place the form names, else of
/// the division of the item's own agency.
pub(crate) async fn agencies(
    store: &Store,
    item: &Item,
    answers: &Answers,
    division: &str,
) -> Outcome<BTreeMap<String, Vec<AgencyCode>>> {
    let named =
        item.place.as_deref().and_then(|path| answers.get(path.strip_prefix("form.").unwrap_or(path)));
    let place = named.and_then(serde_json::Value::as_str).unwrap_or(division);
    let mut found = BTreeMap::new();
    for step in &item.process {
        if !step.by.each().iter().any(|by| matches!(by, By::Level { .. })) {
            continue;
        }
        let mut seats = Vec::new();
        for by in step.by.each() {
            seats.push(match by {
                By::Level { function, level } => {
                    let level = level_of(*level);
                    let agency = identity::agency_for(store, function, level, place).await?;
                    agency.ok_or_else(|| nobody(&step.title.zh, &step.title.en))?
                }
                By::Agency(agency) => agency.clone(),
                _ => item.agency.clone(),
            });
        }
        found.insert(step.id.clone(), seats);
    }
    Ok(found)
}

fn level_of(level: catalog::Level) -> identity::Level {
    match level {
        catalog::Level::Town => identity::Level::Town,
        catalog::Level::County => identity::Level::County,
        catalog::Level::City => identity::Level::City,
        catalog::Level::Province => identity::Level::Province,
    }
}

fn nobody(zh: &str, en: &str) -> Refusal {
    Refusal::new(
        RefusalKind::Invalid,
        "cases.no-agency-there",
        format!("所填地区没有办理“{zh}”的单位。"),
        format!("Nobody does “{en}” for the place named."),
    )
    .next("请核对所属地区，或到就近的办事大厅咨询。", "Check the place, or ask at the nearest hall.")
}
