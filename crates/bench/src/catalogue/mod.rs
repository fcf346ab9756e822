//! `catalogue`: planner and linter over a synthetic catalogue of a thousand items, and what sharing sheds in one of 570.

mod dice;
mod item;
mod world;

use crate::door::Trouble;
use crate::stats::Tally;
use catalog::planner::{self, How, Question};
use catalog::{Item, Pack};
use dice::Dice;
use linter::{Finding, Severity, Stock};
use serde_json::Value;
use std::collections::BTreeMap;
use std::time::Instant;
use world::World;

/// What is to be measured.
#[derive(clap::Args)]
pub struct Size {
    /// How many items.
    #[arg(long, default_value_t = 1_000)]
    items: usize,
    /// How many of them in one plan.
    #[arg(long, default_value_t = 50)]
    together: usize,
    /// How many plans.
    #[arg(long, default_value_t = 2_000)]
    plans: usize,
    /// How many lints.
    #[arg(long, default_value_t = 10)]
    lints: usize,
    /// The seed that the catalogue is drawn by.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// Items of the catalogue in which papers are shed, as many as the district had that published what it shed.
const DISTRICT: usize = 570;
/// Papers that it shed by its own account.
const PUBLISHED: usize = 1_126;
/// Catalogues that are drawn for the what-if: one alone would say little.
const DRAWS: u64 = 5;

/// Measures and prints.
///
/// # Errors
/// When the synthetic packs do not load, or are not clean.
pub fn run(size: &Size) -> Result<(), Trouble> {
    println!(
        "catalogue: {} synthetic items, seed {}; no real item, agency or paper. A plan is of {} items drawn at random.\n",
        size.items, size.seed, size.together
    );
    let begun = Instant::now();
    let pack = load(size.items, size.seed)?;
    let papers: usize = pack.items.iter().map(|i| i.materials.len()).sum();
    let fields: usize = pack.items.iter().map(|i| i.form.fields().count()).sum();
    println!(
        "{} items, {papers} papers of {} kinds, {fields} fields; read and checked in {:.1} s",
        pack.items.len(),
        pack.shared.knowledge.materials.len(),
        begun.elapsed().as_secs_f64()
    );
    plans(&pack, size);
    lints(&pack, size)?;
    shed(size.seed)
}

/// The synthetic catalogue as packs would be written, read by the loader.
///
/// # Errors
/// Everything that the loader has against it.
pub fn load(items: usize, seed: u64) -> Result<Pack, Trouble> {
    let dice = Dice::new(seed);
    let world = World::draw(&dice);
    let mut files: Vec<(String, Vec<u8>)> = Vec::with_capacity(2 * items + 3);
    let mut put = |path: String, value: &Value| -> Result<(), Trouble> {
        files.push((path, serde_json::to_vec(value)?));
        Ok(())
    };
    let mut results: Vec<(String, usize)> = Vec::new();
    for i in 0..items {
        let drawn = item::draw(&world, &results, i, &dice);
        put(format!("items/item-{i}/item.yaml"), &drawn.item)?;
        results.extend(drawn.result.map(|certificate| (certificate, drawn.department)));
    }
    put("knowledge.yaml".to_owned(), &world.knowledge(&results))?;
    put("sources.yaml".to_owned(), &world.sources())?;
    put("elements.yaml".to_owned(), &World::elements())?;
    files.extend((0..items).map(|i| (format!("items/item-{i}/permit.typ"), b"permit".to_vec())));
    catalog::pack::load_files(files).map_err(|complaints| {
        let first: Vec<String> = complaints.iter().take(20).map(ToString::to_string).collect();
        first.join("\n").into()
    })
}

/// What the linter finds in a pack.
pub fn lint(pack: &Pack) -> Vec<Finding> {
    linter::lint(&Stock {
        items: &pack.items,
        themes: &pack.themes,
        knowledge: &pack.shared.knowledge,
        registers: &pack.shared.registers,
        elements: &pack.shared.elements,
        agencies: None,
    })
}

fn plans(pack: &Pack, size: &Size) {
    let dice = Dice::new(size.seed ^ 0x5eed);
    let mut micros = Vec::with_capacity(size.plans);
    let (mut asked, mut demanded, mut inexact) = (0, 0, 0);
    let begun = Instant::now();
    for _ in 0..size.plans {
        let drawn = dice.some(size.together, pack.items.len());
        let members: Vec<&Item> = drawn.iter().filter_map(|i| pack.items.get(*i)).collect();
        demanded += members.iter().map(|m| m.materials.len()).sum::<usize>();
        let before = Instant::now();
        let plan = planner::plan(&Question::of(&members, &pack.shared.knowledge, &pack.shared.registers));
        micros.push(u64::try_from(before.elapsed().as_micros()).unwrap_or(u64::MAX));
        asked += plan.asked().count();
        inexact += usize::from(!plan.exact);
    }
    let tally = Tally::new(micros, begun.elapsed());
    let each = |n: usize| n / size.plans.max(1);
    println!(
        "plan of {} items: p50 {:.2} ms, p99 {:.2} ms, max {:.2} ms over {} plans; {} demands become {} papers to bring; {inexact} not \
         proven least",
        size.together,
        tally.percentile_ms(50),
        tally.percentile_ms(99),
        tally.percentile_ms(100),
        tally.count,
        each(demanded),
        each(asked),
    );
}

fn lints(pack: &Pack, size: &Size) -> Result<(), Trouble> {
    let mut micros = Vec::with_capacity(size.lints);
    let begun = Instant::now();
    let mut found = Vec::new();
    for _ in 0..size.lints.max(1) {
        let before = Instant::now();
        found = lint(pack);
        micros.push(u64::try_from(before.elapsed().as_micros()).unwrap_or(u64::MAX));
    }
    let tally = Tally::new(micros, begun.elapsed());
    let serious: Vec<&Finding> = found.iter().filter(|f| f.severity != Severity::Note).collect();
    println!(
        "lint of {} items: p50 {:.0} ms, max {:.0} ms over {} runs; {} notes",
        pack.items.len(),
        tally.percentile_ms(50),
        tally.percentile_ms(100),
        tally.count,
        found.len() - serious.len()
    );
    match serious.first() {
        None => Ok(()),
        Some(first) => {
            let line = first.line(kernel::Lang::En);
            Err(format!(
                "{} findings in what should be clean: {} {}: {line}",
                serious.len(),
                first.item,
                first.path
            )
            .into())
        }
    }
}

/// What sharing sheds: each item by itself, against what it asks when nobody shares anything.
fn shed(seed: u64) -> Result<(), Trouble> {
    println!(
        "\nwhat-if, {DISTRICT} items each by itself: papers demanded, and papers still to bring when registers, certificates and"
    );
    println!(
        "declarations stand for what they prove ({PUBLISHED} papers were shed in the district's own account of its {DISTRICT} items):"
    );
    for seed in seed..seed + DRAWS {
        let pack = load(DISTRICT, seed)?;
        let mut by: BTreeMap<How, usize> = BTreeMap::new();
        let demanded: usize = pack.items.iter().map(|i| i.materials.len()).sum();
        for item in &pack.items {
            let plan = planner::plan(&Question::of(&[item], &pack.shared.knowledge, &pack.shared.registers));
            for paper in plan.papers.iter().filter(|p| !p.optional) {
                *by.entry(paper.how).or_default() += paper.demands.len();
            }
        }
        let asked = by.remove(&How::Asked).unwrap_or_default();
        let ways: Vec<String> = by.iter().map(|(how, n)| format!("{} {n}", how.word())).collect();
        println!(
            "  seed {seed}: {demanded} → {asked}, shed {} ({})",
            demanded.saturating_sub(asked),
            ways.join(", ")
        );
    }
    println!(
        "The catalogue is drawn, not collected: this shows the mechanism at that size, and is no evidence about any district."
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_synthetic_catalogue_is_the_same_for_the_same_seed_and_clean() {
        let pack = load(60, 7).unwrap();
        assert_eq!(pack.items.len(), 60);
        assert_eq!(pack.items, load(60, 7).unwrap().items);
        assert_ne!(pack.items, load(60, 8).unwrap().items);
        let serious: Vec<_> = lint(&pack).into_iter().filter(|f| f.severity != Severity::Note).collect();
        assert!(serious.is_empty(), "{serious:#?}");
    }

    #[test]
    fn no_plan_asks_for_more_than_is_demanded() {
        let pack = load(60, 3).unwrap();
        let members: Vec<&Item> = pack.items.iter().collect();
        let plan = planner::plan(&Question::of(&members, &pack.shared.knowledge, &pack.shared.registers));
        let demanded: usize = members.iter().map(|m| m.materials.len()).sum();
        let met: usize = plan.papers.iter().map(|p| p.demands.len()).sum();
        assert_eq!(met, demanded, "every demand is met by one paper");
        assert!(plan.asked().count() < demanded / 3, "sixty items of one city overlap");
    }
}
