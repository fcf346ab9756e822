//! What must hold of every plan and of every one form, whatever the world.

use super::oracle::Oracle;
use super::world::{Dice, World, by_key, no_facts, world};
use crate::planner::{FieldHow, How, Plan, Question, plan};
use crate::{Item, Merged, Need};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

fn planned(world: &World, members: &[&Item]) -> Plan {
    plan(&Question {
        holds: &world.holds,
        theme: world.theme.as_ref(),
        answers: &world.answers(members),
        sharing: world.sharing.as_ref(),
        today: world.today,
        ..Question::of(members, &world.knowledge, &world.registers)
    })
}

fn members(world: &World) -> Vec<&Item> {
    world.items.iter().collect()
}

fn asked(plan: &Plan) -> BTreeSet<&str> {
    plan.asked().map(|p| p.id.as_str()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn neither_order_nor_repetition_matters(seed: u64) {
        let mut world = world(seed);
        let once = planned(&world, &members(&world));
        let form = Merged::of(&members(&world), world.theme.as_ref(), &world.elements).form().clone();
        let mut dice = Dice::new(seed ^ 1);
        let again = dice.below(world.items.len());
        let again = world.items[again].clone();
        world.items.push(again);
        dice.shuffle(&mut world.items);
        dice.shuffle(&mut world.registers);
        dice.shuffle(&mut world.holds);
        prop_assert_eq!(&planned(&world, &members(&world)), &once);
        let merged = Merged::of(&members(&world), world.theme.as_ref(), &world.elements);
        prop_assert_eq!(merged.form(), &form);
    }

    #[test]
    fn no_demand_is_left_unproven(seed: u64) {
        let world = world(seed);
        let plan = planned(&world, &members(&world));
        prop_assert!(plan.exact);
        let oracle = Oracle::new(&world, &plan);
        for item in oracle.taken() {
            for (n, material) in item.materials.iter().enumerate() {
                prop_assert_eq!(oracle.wrong(item, n), None);
                let Some(paper) = plan.paper_for(&item.key, &material.id) else { continue };
                prop_assert!(!paper.why.zh.is_empty() && !paper.why.en.is_empty());
                if paper.how == How::SameAs && !world.knowledge.material(&paper.kind).unwrap().form {
                    let other = paper.same_as.as_ref().unwrap();
                    prop_assert!(plan.papers.iter().any(|p| p.id == *other && p.how == How::Asked && !p.optional));
                }
                if material.need == Need::Required {
                    prop_assert!(!paper.optional, "{:?}", paper);
                }
            }
        }
        // Nobody who is left out asks for anything, and what no condition calls for is in no paper.
        for (item, id) in plan.papers.iter().flat_map(|p| &p.demands) {
            let item = oracle.taken().find(|i| i.key == *item).unwrap();
            let material = item.materials.iter().find(|m| m.id == *id).unwrap();
            prop_assert!(oracle.may(item, material));
        }
    }

    #[test]
    fn nothing_is_asked_twice(seed: u64) {
        let world = world(seed);
        let plan = planned(&world, &members(&world));
        let ids: BTreeSet<&str> = plan.papers.iter().map(|p| p.id.as_str()).collect();
        prop_assert_eq!(ids.len(), plan.papers.len());
        let fields: BTreeSet<&str> = plan.fields.iter().map(|f| f.id.as_str()).collect();
        prop_assert_eq!(fields.len(), plan.fields.len());
        let merged = Merged::of(&members(&world), world.theme.as_ref(), &world.elements);
        let ids: BTreeSet<&str> = merged.form().fields().map(|f| f.id.as_str()).collect();
        prop_assert_eq!(ids.len(), merged.form().fields().count());
        prop_assert!(plan.fields.iter().all(|f| ids.contains(f.id.as_str())));
        prop_assert!(plan.papers.iter().filter_map(|p| p.field.as_ref()).all(|f| ids.contains(f.as_str())));
        for element in ["person.citizen_id", "buyer.name", "seller.name"] {
            let asking = merged.form().fields().filter(|f| f.element.as_deref() == Some(element)).count();
            prop_assert!(asking <= 1, "{element}");
        }
    }

    #[test]
    fn a_source_more_never_adds_a_paper(seed: u64) {
        let mut world = world(seed);
        let before = planned(&world, &members(&world));
        let (were, fields) = (before.asked().count(), before.fields_asked().count());
        let mut dice = Dice::new(seed ^ 2);
        match dice.below(3) {
            0 => {
                let n = dice.below(world.registers.len());
                world.registers[n].proves = (0..6).map(|c| format!("c{c}")).collect();
            }
            1 => {
                let n = dice.below(world.items.len());
                let from = world.items[dice.below(world.items.len())].sources.clone();
                let own = &mut world.items[n].sources;
                own.extend(from.into_iter().map(|s| crate::ItemSource { id: format!("more_{}", s.id), ..s }));
            }
            _ => {
                let n = dice.below(world.items.len());
                let item = &mut world.items[n];
                if let Some(source) = item.sources.first().map(|s| s.id.clone()) {
                    let m = dice.below(item.materials.len());
                    let material = &mut item.materials[m];
                    // In place of another register it would be one less for whoever that one was asked about.
                    if material.source.is_none() {
                        material.instead.insert(0, crate::Instead::Source);
                        material.source = Some(source);
                    }
                }
            }
        }
        let after = planned(&world, &members(&world));
        prop_assert!(after.asked().count() <= were, "{:?} -> {:?}\n{before:#?}\n{after:#?}", asked(&before), asked(&after));
        // A declaration that now stands for a paper is a field to tick: one paper less, one field more.
        prop_assert!(after.asked().count() + after.fields_asked().count() <= were + fields);
    }

    #[test]
    fn answers_go_there_and_back(seed: u64) {
        let world = world(seed);
        let merged = Merged::of(&members(&world), world.theme.as_ref(), &world.elements);
        for (m, item) in world.items.iter().enumerate() {
            let mut own = forms::Answers::new();
            for field in item.form.fields() {
                let value = match field.kind() {
                    forms::FieldType::Group => json!([field.fields.iter().map(|f| (f.id.clone(), json!("x"))).collect::<serde_json::Map<_, _>>()]),
                    _ => json!(field.id),
                };
                own.insert(field.id.clone(), value);
            }
            own.insert(forms::RAW.to_owned(), json!({"note": "?"}));
            let lifted = merged.lift(m, &own);
            let back = merged.project(m, &lifted);
            prop_assert_eq!(sorted(&back), sorted(&own));
        }
    }

    #[test]
    fn the_form_asks_for_the_files_of_the_plan_and_no_others(seed: u64) {
        files_of_the_plan(seed)?;
    }

    #[test]
    fn members_wait_for_each_other_without_a_ring(seed: u64) {
        let world = world(seed);
        let plan = planned(&world, &members(&world));
        let items = by_key(&world);
        let steps: usize = items.values().filter(|i| plan.takes(&i.key)).map(|i| i.process.len()).sum();
        prop_assert_eq!(plan.steps.len(), steps);
        let ends: BTreeMap<(&str, &str), u64> =
            plan.steps.iter().map(|s| ((s.item.as_str(), s.id.as_str()), s.begins + s.hours)).collect();
        for step in &plan.steps {
            for (item, id) in &step.after {
                prop_assert!(ends[&(item.as_str(), id.as_str())] <= step.begins);
            }
        }
        prop_assert_eq!(plan.hours, ends.values().copied().max().unwrap());
        prop_assert!(plan.hours <= plan.serial_hours);
        let (item, id) = plan.holds_up.clone().unwrap();
        prop_assert!(plan.steps.iter().any(|s| s.item == item && s.id == id && s.critical));
    }
}

fn files_of_the_plan(seed: u64) -> Result<(), TestCaseError> {
    let world = world(seed);
    let plan = planned(&world, &members(&world));
    let merged = Merged::of(&members(&world), world.theme.as_ref(), &world.elements);
    let state = merged.evaluate(&world.answers(&members(&world)), &no_facts(&world), &plan);
    let file = |id: &str| merged.form().field(id).is_some_and(|f| f.kind() == forms::FieldType::File);
    for field in plan.papers.iter().filter_map(|p| p.field.as_ref()).filter(|f| file(f)) {
        // An old paper and the new one that a sibling makes of it have one place.
        let mut asked = plan.papers.iter().filter(|p| p.field.as_ref() == Some(field) && p.how == How::Asked);
        let must = asked.clone().any(|p| !p.optional && !p.later);
        prop_assert_eq!(state.show.contains(field), asked.next().is_some(), "{}", field);
        prop_assert_eq!(state.missing.contains(field), must, "{}", field);
    }
    prop_assert_eq!(state.errors.len(), state.missing.len());
    let says: BTreeSet<&str> = state.errors.iter().map(|e| e.field.as_str()).collect();
    prop_assert_eq!(says.len(), state.errors.len());
    Ok(())
}

#[test]
fn a_paper_that_is_brought_is_named_by_the_upload_though_another_item_has_a_tick_for_it() {
    files_of_the_plan(15_872_742_601_929_833_848).unwrap();
}

fn sorted(answers: &forms::Answers) -> BTreeMap<String, Value> {
    answers.iter().map(|(k, v)| (k.clone(), v.clone())).collect()
}

#[test]
fn one_item_keeps_its_own_form() {
    let item = super::packs::item("charter-bus-sticker");
    let merged = Merged::of(&[&item], None, &forms::Elements::default());
    assert_eq!(merged.form(), &item.form);
    assert_eq!(merged.asked_by("plate"), [(0, "plate".to_owned())]);
}

#[test]
fn what_registers_know_is_shown_with_its_source() {
    let mut found = 0;
    for seed in 0..200 {
        let mut world = world(seed);
        // What may not be asked is not among what was asked.
        (world.sharing, world.theme) = (None, None);
        world.registers.iter_mut().for_each(|r| r.sharing = forms::Sharing::Free);
        let plan = planned(&world, &members(&world));
        let merged = Merged::of(&members(&world), world.theme.as_ref(), &world.elements);
        let record = json!({"citizen_id": "x", "name": "王芳"});
        let record = |item: &Item| {
            let all = item.sources.iter().map(|s| (s.id.clone(), record.clone())).collect();
            (item.key.clone(), all)
        };
        let fetched = world.items.iter().map(record).collect();
        let known = merged.fetched(&world.registers, &fetched);
        let said: BTreeSet<&str> = known.keys().map(String::as_str).collect();
        let planned: BTreeSet<&str> =
            plan.fields.iter().filter(|f| f.how == FieldHow::Fetched).map(|f| f.id.as_str()).collect();
        assert_eq!(said, planned, "{seed}");
        found += known.len();
    }
    assert!(found > 50, "{found}");
}
