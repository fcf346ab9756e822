//! 循环证明: items that can only be had with each other's papers.
//!
//! An item can be had when each of its papers can: from outside, from a register or a declaration, or as the result of an
//! item that can be had. What is left after that (a least fixed point) depends on a circle; the strongly connected parts of
//! what is left are the circles themselves, and not the items that merely need one of them.

use crate::index::{self, Index};
use crate::{Finding, Report, Rule, Severity};
use catalog::{APPLICANT, Item, Material, Original};
use kernel::Text;
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// A paper that an item needs and that only other items issue.
struct Demand {
    material: usize,
    issuers: BTreeSet<usize>,
}

/// Who leads to whom, by which of its materials.
type Edges = Vec<BTreeMap<usize, usize>>;

/// Finds every circle.
pub(crate) fn check(index: &Index<'_>, report: &mut Report) {
    let items = index.stock.items;
    let demands: Vec<Vec<Demand>> = (0..items.len()).map(|i| demands(index, i)).collect();
    let edges = stuck(&demands);
    for part in parts(&edges) {
        let mut shown: BTreeSet<usize> = BTreeSet::new();
        let mut order: Vec<usize> = part.iter().copied().collect();
        order.sort_by(|a, b| key(items, *a).cmp(key(items, *b)));
        for start in order {
            if shown.contains(&start) {
                continue;
            }
            let Some(way) = round(&edges, &part, start) else { continue };
            shown.extend(&way);
            report.circle(finding(index, &edges, &way));
        }
    }
}

fn key(items: &[Item], i: usize) -> &str {
    items.get(i).map_or("", |item| item.key.as_str())
}

/// What this item needs that only items of the stock issue.
fn demands(index: &Index<'_>, i: usize) -> Vec<Demand> {
    let Some(item) = index.stock.items.get(i) else { return Vec::new() };
    let asked = index.asked(item);
    let other_way = |m: &Material| {
        let kind = index.kind(&m.kind);
        let proven = kind.is_some_and(|k| {
            !k.proves.is_empty() && !index::physical(m) && k.proves.iter().all(|c| asked.contains(c.as_str()))
        });
        index::replaced(m) || proven || kind.is_some_and(|k| k.declaration.is_some())
    };
    let mut out = Vec::new();
    for (m, material) in item.materials.iter().enumerate() {
        if !index::demanded(material) || other_way(material) {
            continue;
        }
        let issuers = index.issuers_of(material);
        if issuers.contains(&i) && exchanged(index, i, material) {
            continue;
        }
        let origins: BTreeSet<usize> =
            issuers.into_iter().filter(|j| *j == i || !exchanges(index, *j, material)).collect();
        if !origins.is_empty() {
            out.push(Demand { material: m, issuers: origins });
        }
    }
    out
}

/// Whether the paper that item `j` both needs and issues is an earlier one, whose place the result takes: taken back, needed in
/// some situations only (renewal, change), or somebody else's where the pack does not say whose the result is (transfer).
fn exchanged(index: &Index<'_>, j: usize, material: &Material) -> bool {
    let results = index.stock.items.get(j).into_iter().flat_map(|item| &item.results);
    let anybodys = results.filter(|r| r.certificate == material.kind).all(|r| r.holder.is_none());
    material.original == Some(Original::TakeBack)
        || material.when.is_some()
        || (material.holder != APPLICANT && anybodys)
}

/// Whether item `j` issues this paper only in exchange for an earlier one, so that its origin lies elsewhere.
fn exchanges(index: &Index<'_>, j: usize, wanted: &Material) -> bool {
    let Some(item) = index.stock.items.get(j) else { return false };
    let same = |m: &&Material| m.kind == wanted.kind && index.issuers_of(m).contains(&j);
    item.materials.iter().filter(same).any(|m| exchanged(index, j, m))
}

/// The edges among the items that cannot be had: from each to the issuers of those papers that nobody who can be had issues.
fn stuck(demands: &[Vec<Demand>]) -> Edges {
    let mut had = vec![false; demands.len()];
    let gives = |had: &[bool], d: &Demand| d.issuers.iter().any(|j| had.get(*j) == Some(&true));
    loop {
        let more: Vec<usize> = (0..demands.len())
            .filter(|i| had.get(*i) == Some(&false))
            .filter(|i| demands.get(*i).is_some_and(|all| all.iter().all(|d| gives(&had, d))))
            .collect();
        if more.is_empty() {
            break;
        }
        for i in more {
            if let Some(had) = had.get_mut(i) {
                *had = true;
            }
        }
    }
    let mut edges: Edges = vec![BTreeMap::new(); demands.len()];
    for ((all, from), had_it) in demands.iter().zip(&mut edges).zip(&had) {
        for demand in all.iter().filter(|d| !had_it && !gives(&had, d)) {
            for issuer in &demand.issuers {
                from.entry(*issuer).or_insert(demand.material);
            }
        }
    }
    edges
}

/// The strongly connected parts that hold a circle (Kosaraju's algorithm, without recursion).
fn parts(edges: &Edges) -> Vec<BTreeSet<usize>> {
    let next = |i: usize| edges.get(i).into_iter().flat_map(|to| to.keys().copied());
    let mut back: Vec<Vec<usize>> = vec![Vec::new(); edges.len()];
    for from in 0..edges.len() {
        for to in next(from) {
            if let Some(list) = back.get_mut(to) {
                list.push(from);
            }
        }
    }
    let mut seen = BTreeSet::new();
    let mut finished = Vec::new();
    for start in 0..edges.len() {
        let mut stack = vec![(start, false)];
        while let Some((node, done)) = stack.pop() {
            if done {
                finished.push(node);
            } else if seen.insert(node) {
                stack.push((node, true));
                stack.extend(next(node).filter(|n| !seen.contains(n)).map(|n| (n, false)));
            }
        }
    }
    let mut placed = BTreeSet::new();
    let mut out = Vec::new();
    for start in finished.into_iter().rev() {
        let mut part = BTreeSet::new();
        let mut stack = vec![start];
        while let Some(node) = stack.pop() {
            if placed.insert(node) {
                part.insert(node);
                stack.extend(back.get(node).into_iter().flatten().copied());
            }
        }
        let alone = part.len() == 1 && part.iter().all(|n| !next(*n).any(|to| to == *n));
        if !part.is_empty() && !alone {
            out.push(part);
        }
    }
    out
}

/// The shortest way from `start` back to itself inside its part.
fn round(edges: &Edges, part: &BTreeSet<usize>, start: usize) -> Option<Vec<usize>> {
    let mut before: BTreeMap<usize, usize> = BTreeMap::new();
    let mut waiting = VecDeque::from([start]);
    while let Some(node) = waiting.pop_front() {
        for to in edges.get(node)?.keys().copied().filter(|to| part.contains(to)) {
            if to == start {
                let mut way = vec![node];
                let mut here = node;
                while let Some(earlier) = before.get(&here) {
                    way.push(*earlier);
                    here = *earlier;
                }
                way.reverse();
                return Some(way);
            }
            if let Entry::Vacant(unseen) = before.entry(to) {
                unseen.insert(node);
                waiting.push_back(to);
            }
        }
    }
    None
}

/// The whole circle, in words.
fn finding(index: &Index<'_>, edges: &Edges, way: &[usize]) -> Finding {
    let items = index.stock.items;
    let mut says = (Vec::new(), Vec::new());
    let (mut path, mut always) = (String::new(), true);
    for (n, from) in way.iter().enumerate() {
        let to = way.get((n + 1) % way.len()).unwrap_or(from);
        let material = edges.get(*from).and_then(|e| e.get(to)).copied().unwrap_or_default();
        let (Some(here), Some(there)) = (items.get(*from), items.get(*to)) else { continue };
        let Some(paper) = here.materials.get(material) else { continue };
        if n == 0 {
            path = format!("materials[{material}]");
        }
        always &= paper.when.is_none();
        says.0.push(format!("“{}”要交“{}”，它由“{}”核发", here.name.zh, paper.name.zh, there.name.zh));
        says.1
            .push(format!("`{}` needs “{}”, which `{}` issues", here.name.en, paper.name.en, there.name.en));
    }
    let keys = way.iter().chain(way.first()).map(|i| key(items, *i).to_owned());
    let sometimes = if always { ("", "") } else { ("（在某些情形下）", " (in some situations)") };
    Finding {
        rule: Rule::CircularProof,
        severity: if always { Severity::Error } else { Severity::Warning },
        item: way.first().map(|i| key(items, *i)).unwrap_or_default().to_owned(),
        path,
        why: Text::new(
            format!("循环证明{}：{}，谁也开不了头。", sometimes.0, says.0.join("；")),
            format!("These proofs need each other{}: {}; nobody can begin.", sometimes.1, says.1.join("; ")),
        ),
        fix: Text::new(
            "请去掉其中一份材料，或者改由登记数据（instead: [source]）、书面承诺（instead: [declaration]）代替。",
            "Drop one of these papers, or let a register (`instead: [source]`) or a declaration (`instead: [declaration]`) \
             stand for it.",
        ),
        circle: keys.collect(),
    }
}
