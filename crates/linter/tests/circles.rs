//! Circular proofs: whatever circles are planted are found whole, and nothing else is called one.
#![allow(clippy::unwrap_used, reason = "tests only")]

mod yard;

use linter::{Finding, Rule, Severity};
use serde_json::json;
use std::collections::BTreeSet;
use yard::{Dice, Yard, material, serious};

const ITEMS: usize = 40;

fn circles(found: &[Finding]) -> Vec<&Finding> {
    found.iter().filter(|f| f.rule == Rule::CircularProof).collect()
}

/// The circle turned so that it begins with its smallest item, closed again.
fn closed(way: &[usize]) -> Vec<String> {
    let keys: Vec<String> = way.iter().map(|i| format!("item-{i}")).collect();
    let first = keys.iter().enumerate().min_by_key(|(_, key)| (*key).clone()).map_or(0, |(n, _)| n);
    let turned: Vec<String> = keys[first..].iter().chain(&keys[..first]).cloned().collect();
    turned.iter().chain(turned.first()).cloned().collect()
}

#[test]
fn planted_circles_are_found_whole_whatever_stands_around_them() {
    for seed in 0..60 {
        let dice = Dice::new(seed);
        let mut yard = Yard::new(ITEMS);
        let order = dice.shuffled(ITEMS);
        // Some items stand below and need nobody in a circle, some stand above and need anybody.
        let (below, rest) = order.split_at(10);
        let (above, inside) = rest.split_at(10);
        let mut planted = BTreeSet::new();
        let mut left = inside;
        while !left.is_empty() {
            let length = (1 + dice.below(6)).min(left.len());
            let (way, more) = left.split_at(length);
            left = more;
            if dice.below(3) == 0 {
                continue;
            }
            for (n, from) in way.iter().enumerate() {
                yard.need(*from, way[(n + 1) % way.len()]);
                yard.need(*from, below[dice.below(below.len())]);
            }
            planted.insert(closed(way));
        }
        for (n, from) in below.iter().enumerate().skip(1) {
            yard.need(*from, below[dice.below(n)]);
        }
        for (n, from) in above.iter().enumerate() {
            yard.need(*from, inside[dice.below(inside.len())]);
            yard.need(*from, below[dice.below(below.len())]);
            if n > 0 {
                yard.need(*from, above[dice.below(n)]);
            }
        }
        let found = yard.lint();
        let shown: Vec<Vec<String>> = circles(&found).iter().map(|f| f.circle.clone()).collect();
        assert_eq!(shown.len(), planted.len(), "seed {seed}: {shown:?}");
        assert_eq!(shown.into_iter().collect::<BTreeSet<_>>(), planted, "seed {seed}");
        assert_eq!(serious(found).len(), planted.len(), "seed {seed}: nothing else is wrong");
    }
}

#[test]
fn in_a_knot_every_item_is_shown_in_a_circle() {
    let mut yard = Yard::new(6);
    for (from, to) in [(0, 1), (1, 2), (2, 0), (2, 3), (3, 1), (4, 0), (3, 5)] {
        yard.need(from, to);
    }
    let found = yard.lint();
    let shown: BTreeSet<String> = circles(&found).iter().flat_map(|f| f.circle.clone()).collect();
    assert_eq!(shown.into_iter().collect::<Vec<_>>(), ["item-0", "item-1", "item-2", "item-3"]);
    for circle in circles(&found) {
        assert_eq!((circle.severity, circle.circle.first()), (Severity::Error, circle.circle.last()));
        assert!(circle.path.starts_with("materials["), "{}", circle.path);
    }
}

#[test]
fn another_way_to_the_paper_breaks_the_circle() {
    let ring = || {
        let mut yard = Yard::new(3);
        yard.need(0, 1);
        yard.need(1, 0);
        yard
    };
    assert_eq!(circles(&ring().lint()).len(), 1);
    let last = |yard: &mut Yard, change: fn(&mut catalog::Material)| {
        change(yard.item(1).materials.last_mut().unwrap());
        circles(&yard.lint()).len()
    };
    assert_eq!(
        last(&mut ring(), |m| m.instead.push(catalog::Instead::Source)),
        0,
        "a register answers for it"
    );
    assert_eq!(
        last(&mut ring(), |m| m.instead.push(catalog::Instead::Declaration)),
        0,
        "a declaration stands for it"
    );
    assert_eq!(last(&mut ring(), |m| m.need = catalog::Need::Optional), 0, "it need not come");
    assert_eq!(last(&mut ring(), |m| m.need = catalog::Need::Later), 1, "later is no way out");
    // A third item issues the same certificate and can be had.
    let mut yard = ring();
    let mut other = yard.item(0).results[0].clone();
    other.certificate = "permit-0".to_owned();
    yard.item(2).results.push(other);
    assert_eq!(circles(&yard.lint()).len(), 0);
    // In some situations only: still worth a warning.
    let mut yard = ring();
    yard.item(1).materials.last_mut().unwrap().when = Some(forms::Condition::new("form.way == 'a'"));
    let found = yard.lint();
    assert_eq!(circles(&found).iter().map(|f| f.severity).collect::<Vec<_>>(), [Severity::Warning]);
}

#[test]
fn what_is_given_back_for_the_result_is_no_circle() {
    let own = |change: serde_json::Value| {
        let mut yard = Yard::new(2);
        let mut paper = json!({"id": "old", "kind": "permit-0", "name": {"zh-CN": "证0", "en": "Permit 0"}, "need": "required",
            "field": "plan_file", "instead": ["certificate"], "certificate": "permit-0"});
        paper.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        yard.item(0).materials.push(material(paper));
        yard.need(1, 0);
        circles(&yard.lint()).len()
    };
    assert_eq!(own(json!({})), 1, "one's own result before one has it");
    assert_eq!(own(json!({"original": "take-back"})), 0, "the old one is taken back");
    assert_eq!(own(json!({"when": "form.way == 'b'"})), 0, "a renewal");
    assert_eq!(own(json!({"holder": "seller"})), 0, "the seller's, for the buyer's");
}
