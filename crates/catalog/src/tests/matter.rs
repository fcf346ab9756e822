//! What must hold of every plan and of every one form, whatever the world.

use super::world::{Dice, World, by_key, no_facts, world};
use crate::merged::paper_of;
use crate::planner::{FieldHow, How, Plan, Question, plan};
use crate::{Item, Merged, Need};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

fn planned(world: &World, members: &[&Item]) -> Plan {
    let holds = &world.holds;
    plan(&Question { holds, ..Question::of(members, &world.knowledge, &world.registers) })
}

fn members(world: &World) -> Vec<&Item> {
    world.items.iter().collect()
}

fn asked(plan: &Plan) -> BTreeSet<&str> {
    plan.asked().map(|p| p.id.as_str()).collect()
}

/// The claims of a paper: of its kind, or itself.
fn claims(world: &World, kind: &str, holder: &str) -> BTreeSet<String> {
    let known = world.knowledge.material(kind).map(|k| k.proves.clone()).unwrap_or_default();
    let own = if known.is_empty() { vec![format!("={kind}")] } else { known };
    own.into_iter().map(|c| format!("{c}@{holder}")).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn neither_order_nor_repetition_matters(seed: u64) {
        let mut world = world(seed);
        let once = planned(&world, &members(&world));
        let form = Merged::of(&members(&world), None, &world.elements).form().clone();
        let mut dice = Dice::new(seed ^ 1);
        let again = dice.below(world.items.len());
        let again = world.items[again].clone();
        world.items.push(again);
        dice.shuffle(&mut world.items);
        dice.shuffle(&mut world.registers);
        dice.shuffle(&mut world.holds);
        prop_assert_eq!(&planned(&world, &members(&world)), &once);
        let merged = Merged::of(&members(&world), None, &world.elements);
        prop_assert_eq!(merged.form(), &form);
    }

    #[test]
    fn no_demand_is_left_unproven(seed: u64) {
        let world = world(seed);
        let plan = planned(&world, &members(&world));
        prop_assert!(plan.exact);
        let brought: BTreeSet<String> =
            plan.papers.iter().filter(|p| p.how == How::Asked).flat_map(|p| claims(&world, &p.kind, &p.holder)).collect();
        let free: BTreeSet<String> = plan.papers.iter()
            .filter(|p| matches!(p.how, How::Held | How::Kept | How::Fetched))
            .flat_map(|p| claims(&world, &p.kind, &p.holder)).chain(held(&world)).collect();
        for item in &world.items {
            for (n, material) in item.materials.iter().enumerate() {
                let paper = plan.paper_for(&item.key, &material.id).unwrap();
                prop_assert!(!paper.why.zh.is_empty() && !paper.why.en.is_empty());
                let kept = matches!(material.original, Some(crate::Original::Keep | crate::Original::TakeBack));
                let kept = kept && material.need != Need::Optional;
                prop_assert!(!(kept && paper.how == How::SameAs && !world.knowledge.material(&paper.kind).unwrap().form));
                if paper.how == How::SameAs && !world.knowledge.material(&paper.kind).unwrap().form {
                    let other = paper.same_as.as_ref().unwrap();
                    prop_assert!(plan.papers.iter().any(|p| p.id == *other && p.how == How::Asked && !p.optional));
                    // A second paper of a kind proves about another than the first.
                    if paper_of(item, n).unwrap().2 == 0 {
                        let proven = |c: &String| brought.contains(c) || free.contains(c) || proven_by_register(&world, c);
                        prop_assert!(claims(&world, &paper.kind, &paper.holder).iter().all(proven), "{paper:?}");
                    }
                }
                if paper.how == How::Declared {
                    prop_assert!(plan.papers.iter().all(|p| p.id != paper.id || p.how == How::Declared));
                }
                if material.need == Need::Required {
                    prop_assert!(!paper.optional, "{:?}", paper);
                }
            }
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
        let merged = Merged::of(&members(&world), None, &world.elements);
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
        prop_assert!(after.fields_asked().count() <= fields);
    }

    #[test]
    fn answers_go_there_and_back(seed: u64) {
        let world = world(seed);
        let merged = Merged::of(&members(&world), None, &world.elements);
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
        let world = world(seed);
        let plan = planned(&world, &members(&world));
        let merged = Merged::of(&members(&world), None, &world.elements);
        let state = merged.evaluate(&forms::Answers::new(), &no_facts(&world), &plan);
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
    }

    #[test]
    fn members_wait_for_each_other_without_a_ring(seed: u64) {
        let world = world(seed);
        let plan = planned(&world, &members(&world));
        let items = by_key(&world);
        let steps: usize = items.values().map(|i| i.process.len()).sum();
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

fn sorted(answers: &forms::Answers) -> BTreeMap<String, Value> {
    answers.iter().map(|(k, v)| (k.clone(), v.clone())).collect()
}

/// The claims that holdings prove.
fn held(world: &World) -> Vec<String> {
    let kinds = |h: &crate::Holding| {
        let fits = |k: &&crate::MaterialKind| k.kind == h.kind || k.certificate.as_ref() == Some(&h.kind);
        let all = world.knowledge.materials.iter().filter(fits);
        all.flat_map(|k| claims(world, &k.kind, &h.holder)).collect::<Vec<_>>()
    };
    world.holds.iter().flat_map(kinds).collect()
}

/// Whether any register that any item asks about anybody proves it.
fn proven_by_register(world: &World, claim: &str) -> bool {
    let (claim, holder) = claim.split_once('@').unwrap();
    world.items.iter().any(|item| {
        item.sources.iter().any(|s| {
            let proves =
                world.registers.iter().any(|r| r.id == s.source && r.proves.iter().any(|c| c == claim));
            proves && crate::merged::holders(item, s).contains(holder)
        })
    })
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
        let world = world(seed);
        let plan = planned(&world, &members(&world));
        let merged = Merged::of(&members(&world), None, &world.elements);
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
