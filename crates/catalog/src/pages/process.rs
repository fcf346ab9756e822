//! Who decides in which order: the steps in stages, those of one stage side by side, with the way that sets the time.

use crate::planner::{Plan, PlannedStep};
use crate::{Band, By, Item};
use kernel::{AgencyCode, Lang};
use page::Say;
use std::collections::BTreeSet;

/// The map of the process.
pub(super) struct Map {
    /// What stands side by side, one after another.
    pub stages: Vec<Stage>,
    /// How long the longest way takes beside one after another; empty when there is but one way.
    pub time: String,
}

/// Steps that run side by side.
pub(super) struct Stage {
    /// Why they stand together; empty for a single step.
    pub title: String,
    /// The steps.
    pub steps: Vec<StepView>,
}

/// One step of the map.
pub(super) struct StepView {
    pub title: String,
    pub who: String,
    pub term: String,
    pub after: String,
    /// What else one would ask: a visit, a publication, only in some cases.
    pub notes: Vec<String>,
    /// Whether it sets the whole time, where others run beside it.
    pub critical: bool,
    /// Its standard.
    pub basis: String,
    pub bands: Vec<String>,
}

/// The map of an item's process.
pub(super) fn map(
    item: &Item,
    plan: &Plan,
    lang: Lang,
    w: Say,
    name_of: &impl Fn(&AgencyCode) -> String,
) -> Map {
    let side_by_side = plan.hours < plan.serial_hours;
    let view = |step: &PlannedStep| view(item, step, side_by_side, lang, w, name_of);
    let ranks: BTreeSet<usize> = plan.steps.iter().map(|s| s.rank).collect();
    let stage = |rank: usize| {
        let steps: Vec<StepView> = plan.steps.iter().filter(|s| s.rank == rank).filter_map(&view).collect();
        let title = match steps.len() {
            0 | 1 => String::new(),
            n => w.with("side-by-side", &[("n", n.to_string())]),
        };
        Stage { title, steps }
    };
    let time = if side_by_side {
        let numbers = [("days", plan.days().to_string()), ("serial", plan.serial_days().to_string())];
        w.with("critical-time", &numbers)
    } else {
        String::new()
    };
    Map { stages: ranks.into_iter().map(stage).collect(), time }
}

fn view(
    item: &Item,
    planned: &PlannedStep,
    side_by_side: bool,
    lang: Lang,
    w: Say,
    name_of: &impl Fn(&AgencyCode) -> String,
) -> Option<StepView> {
    let step = item.process.iter().find(|s| s.id == planned.id)?;
    let title = |id: &String| item.process.iter().find(|s| s.id == *id).map(|s| s.title.get(lang));
    let before: Vec<&str> = step.after.iter().filter_map(title).collect();
    let separator = w.t("and");
    let after = match before.len() {
        0 => String::new(),
        _ => w.with("after", &[("steps", before.join(separator.as_ref()))]),
    };
    let mut notes = Vec::new();
    if step.when.is_some() {
        notes.push(w.t("only-sometimes").into_owned());
    }
    if step.site_visit {
        notes.push(w.t("site-visit").into_owned());
    }
    if step.publicity.is_some() {
        notes.push(w.t("publicity").into_owned());
    }
    let standard = step.standard.as_ref();
    Some(StepView {
        title: step.title.get(lang).to_owned(),
        who: who(&step.by, lang, w, name_of),
        term: planned.term.map(|t| t.text().get(lang).to_owned()).unwrap_or_default(),
        after,
        notes,
        critical: side_by_side && planned.critical && planned.hours > 0,
        basis: standard.map(|s| s.basis.get(lang).to_owned()).unwrap_or_default(),
        bands: standard.map(|s| s.bands.iter().map(|b| band(b, lang)).collect()).unwrap_or_default(),
    })
}

fn band(band: &Band, lang: Lang) -> String {
    band.say.get(lang).to_owned()
}

/// Who takes a step, in words.
fn who(by: &By, lang: Lang, w: Say, name_of: &impl Fn(&AgencyCode) -> String) -> String {
    match by {
        By::Automatic => w.t("by-program").into_owned(),
        By::Clerk => w.t("by-window").into_owned(),
        By::Agency(code) => name_of(code),
        By::Level { function, level } => crate::level_name(function, *level).get(lang).to_owned(),
        By::External(_) => w.t("by-line").into_owned(),
        By::Joint(members) => {
            let names: Vec<String> = members.iter().map(|m| who(m, lang, w, name_of)).collect();
            w.with("by-joint", &[("names", names.join(w.t("and").as_ref()))])
        }
    }
}
