//! The matter as the planner plans it from the packs, with who takes each step.

use catalog::planner::{self, PlannedStep, Question};
use catalog::{By, Item, MatterTheme, Pack, Step};
use kernel::{Fault, Text};

/// A matter with its steps in the plan's order: none before one that it waits for.
#[derive(Debug, Clone, PartialEq)]
pub struct Planned {
    /// Its name.
    pub name: Text,
    /// Its steps.
    pub steps: Vec<PlannedStep>,
    /// Who takes each of them.
    pub takers: Vec<Taker>,
}

/// Who takes a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Taker {
    /// The program, at once.
    Program,
    /// Nobody: it is published for its whole term.
    Published,
    /// One unit, or several that sign one opinion, as the pack writes `by`.
    Units(Vec<String>),
}

/// Whether these packs have the theme, or all the items.
pub fn installed(pack: &Pack, names: &[String]) -> bool {
    pack.members(names).is_ok()
}

/// Plans a theme or some items by today's sharing, with no situation answered: the upper bound.
///
/// # Errors
/// A [`Fault`] that names what there is instead.
pub fn planned(pack: &Pack, names: &[String]) -> Result<Planned, Fault> {
    let (theme, members) = pack.members(names)?;
    let question = Question {
        theme,
        sharing: theme.and_then(|t| t.sharing.last()),
        ..Question::of(&members, &pack.shared.knowledge, &pack.shared.registers)
    };
    let steps = planner::plan(&question).steps;
    let takers = steps.iter().map(|step| taker(&members, step)).collect();
    Ok(Planned { name: name(theme, &members), steps, takers })
}

fn name(theme: Option<&MatterTheme>, members: &[&Item]) -> Text {
    let joined = |of: fn(&Text) -> &str, between: &str| {
        members.iter().map(|i| of(&i.name)).collect::<Vec<_>>().join(between)
    };
    theme.map_or_else(|| Text::new(joined(|n| &n.zh, "、"), joined(|n| &n.en, ", ")), |t| t.name.clone())
}

fn taker(members: &[&Item], planned: &PlannedStep) -> Taker {
    let item = members.iter().find(|i| i.key == planned.item);
    let step: Option<&Step> = item.and_then(|i| i.process.iter().find(|s| s.id == planned.id));
    match step {
        Some(Step { publicity: Some(_), .. }) => Taker::Published,
        Some(step) if step.by != By::Automatic => {
            Taker::Units(step.by.each().iter().map(ToString::to_string).collect())
        }
        _ => Taker::Program,
    }
}
