//! The fewest papers that prove everything: an exact minimum set cover.
//!
//! Least is decided in this order: the number of papers, what they cost to bring, their names (so that the answer is one).
//! Reductions first, until nothing changes: a claim that only one paper proves takes that paper; a claim is dropped when
//! every paper that proves some other claim proves it too; a paper is dropped when another one proves all that it does and is
//! no worse by cost and name. What is left falls into parts without a common paper, each solved by branch and bound: branch on
//! the claim with the fewest papers, bounded by how many of the remaining claims the largest paper proves. Each part looks
//! at [`NODES_MAX`] nodes at most; beyond that its best cover so far (never worse than the greedy one it began with) is
//! taken and [`Cover::exact`] is `false`, as it is for a part of more than 128 claims. What matters ask stays far below:
//! the reductions alone decide nearly all of it.

use std::collections::{BTreeMap, BTreeSet};

/// So many nodes are looked at in each part.
pub const NODES_MAX: usize = 20_000;
/// A part of more claims than this is covered greedily.
const CLAIMS_MAX: usize = 128;

/// A paper that may be chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The claims it proves, by number.
    pub claims: Vec<usize>,
    /// What it costs to bring.
    pub effort: u32,
    /// Its name, for choosing among equals; no two are the same.
    pub name: String,
}

/// What was chosen.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Cover {
    /// The papers, by number, in the order of their names.
    pub chosen: Vec<usize>,
    /// Whether it is proven to be the least.
    pub exact: bool,
}

type Set = BTreeSet<usize>;

/// The least cover of `claims` by `papers`; claims that no paper proves are left out.
pub fn cover(claims: &BTreeSet<usize>, papers: &[Candidate], nodes_max: usize) -> Cover {
    let mut order: Vec<usize> = (0..papers.len()).collect();
    order.sort_by(|a, b| name(papers, *a).cmp(name(papers, *b)));
    // From here papers are numbered by name, so that comparing numbers compares names.
    let sets = order.iter().map(|p| papers.get(*p).map(|c| wanted(c, claims)).unwrap_or_default()).collect();
    let efforts = order.iter().map(|p| papers.get(*p).map_or(0, |c| c.effort)).collect();
    let mut work = Work { sets, efforts, chosen: Set::new() };
    let mut left: Set = work.sets.iter().flatten().copied().collect();
    work.reduce(&mut left);
    let mut exact = true;
    for part in work.parts(&left) {
        let (best, proven) = work.solve(part, nodes_max);
        exact &= proven;
        work.chosen.extend(best);
    }
    let chosen = work.chosen.iter().filter_map(|p| order.get(*p).copied()).collect();
    Cover { chosen, exact }
}

fn name(papers: &[Candidate], p: usize) -> &str {
    papers.get(p).map_or("", |c| c.name.as_str())
}

fn wanted(candidate: &Candidate, claims: &Set) -> Set {
    candidate.claims.iter().copied().filter(|c| claims.contains(c)).collect()
}

struct Work {
    /// By paper, the claims it still proves.
    sets: Vec<Set>,
    efforts: Vec<u32>,
    chosen: Set,
}

/// A cover in the making: number of papers, cost, papers.
type Found = (usize, u32, Vec<usize>);

impl Work {
    fn set(&self, p: usize) -> &Set {
        static EMPTY: Set = Set::new();
        self.sets.get(p).unwrap_or(&EMPTY)
    }

    fn effort(&self, p: usize) -> u32 {
        self.efforts.get(p).copied().unwrap_or(0)
    }

    /// The papers that prove `claim`.
    fn provers(&self, claim: usize) -> Set {
        let proves = |(_, set): &(usize, &Set)| set.contains(&claim);
        self.sets.iter().enumerate().filter(proves).map(|(p, _)| p).collect()
    }

    fn take(&mut self, paper: usize, left: &mut Set) {
        let proven = std::mem::take(self.sets.get_mut(paper).unwrap_or(&mut Set::new()));
        self.chosen.insert(paper);
        self.forget(&proven, left);
    }

    fn forget(&mut self, claims: &Set, left: &mut Set) {
        left.retain(|c| !claims.contains(c));
        for set in &mut self.sets {
            set.retain(|c| !claims.contains(c));
        }
    }

    /// Takes what must be taken and drops what cannot help, until nothing changes.
    fn reduce(&mut self, left: &mut Set) {
        while self.units(left) || self.dominated_claims(left) || self.dominated_papers() {}
    }

    /// Takes the papers that alone prove some claim.
    fn units(&mut self, left: &mut Set) -> bool {
        let mut provers: BTreeMap<usize, (usize, usize)> = BTreeMap::new();
        for (paper, set) in self.sets.iter().enumerate() {
            for claim in set {
                provers.entry(*claim).or_insert((0, paper)).0 += 1;
            }
        }
        let only: Set = provers.into_values().filter(|(n, _)| *n == 1).map(|(_, paper)| paper).collect();
        for paper in &only {
            self.take(*paper, left);
        }
        !only.is_empty()
    }

    /// A claim is dropped when whatever proves some other claim proves it as well.
    fn dominated_claims(&mut self, left: &mut Set) -> bool {
        let all: Vec<(usize, Set)> = left.iter().map(|c| (*c, self.provers(*c))).collect();
        let mut dropped = Set::new();
        for (c, provers) in &all {
            let implied = |(d, others): &(usize, Set)| {
                let fewer = others.is_subset(provers) && (others.len() < provers.len() || d < c);
                d != c && fewer && !dropped.contains(d)
            };
            if all.iter().any(implied) {
                dropped.insert(*c);
            }
        }
        self.forget(&dropped, left);
        !dropped.is_empty()
    }

    /// A paper is dropped when another one proves all that it does and is no worse by cost and name.
    fn dominated_papers(&mut self) -> bool {
        let mut changed = false;
        for p in 0..self.sets.len() {
            let (mine, cost) = (self.set(p), (self.effort(p), p));
            if mine.is_empty() {
                continue;
            }
            let better =
                |(q, set): (usize, &Set)| q != p && (self.effort(q), q) < cost && mine.is_subset(set);
            if self.sets.iter().enumerate().any(better)
                && let Some(set) = self.sets.get_mut(p)
            {
                set.clear();
                changed = true;
            }
        }
        changed
    }

    /// The claims in parts that have no paper in common.
    fn parts(&self, left: &Set) -> Vec<Set> {
        let mut rest = left.clone();
        let mut parts = Vec::new();
        while let Some(first) = rest.pop_first() {
            let mut part = Set::from([first]);
            let mut waiting = vec![first];
            while let Some(claim) = waiting.pop() {
                for set in self.sets.iter().filter(|s| s.contains(&claim)) {
                    for other in set {
                        if rest.remove(other) {
                            part.insert(*other);
                            waiting.push(*other);
                        }
                    }
                }
            }
            parts.push(part);
        }
        parts
    }

    /// The least cover of a part, and whether that is proven.
    fn solve(&self, part: Set, nodes_max: usize) -> (Vec<usize>, bool) {
        let best = self.greedy(&part);
        let bits: Vec<usize> = part.iter().copied().collect();
        if bits.len() > CLAIMS_MAX {
            return (best.2, false);
        }
        let mask = |set: &Set| {
            bits.iter().enumerate().filter(|(_, c)| set.contains(c)).fold(0u128, |m, (bit, _)| m | 1 << bit)
        };
        let papers: Vec<Paper> = (0..self.sets.len())
            .map(|p| Paper { id: p, proves: mask(self.set(p)), effort: self.effort(p) })
            .filter(|p| p.proves != 0)
            .collect();
        let all = mask(&part);
        let mut search = Search { papers, claims: bits.len(), best, nodes: 0, nodes_max };
        search.branch(all, &mut Vec::new(), 0);
        let proven = search.nodes <= nodes_max;
        (search.best.2, proven)
    }

    /// The paper that proves most of what is left, again and again.
    fn greedy(&self, part: &Set) -> Found {
        let mut left = part.clone();
        let mut chosen = Vec::new();
        while !left.is_empty() {
            let gain = |p: usize| self.set(p).intersection(&left).count();
            let best = (0..self.sets.len())
                .max_by_key(|p| (gain(*p), std::cmp::Reverse((self.effort(*p), *p))))
                .filter(|p| gain(*p) > 0);
            let Some(best) = best else { break };
            left.retain(|c| !self.set(best).contains(c));
            chosen.push(best);
        }
        chosen.sort_unstable();
        (chosen.len(), chosen.iter().map(|p| self.effort(*p)).sum(), chosen)
    }
}

/// A paper of a part: what it proves, one bit for each claim.
struct Paper {
    id: usize,
    proves: u128,
    effort: u32,
}

struct Search {
    papers: Vec<Paper>,
    claims: usize,
    best: Found,
    nodes: usize,
    nodes_max: usize,
}

impl Search {
    fn branch(&mut self, left: u128, chosen: &mut Vec<usize>, cost: u32) {
        self.nodes += 1;
        if self.nodes > self.nodes_max {
            return;
        }
        if left == 0 {
            let mut sorted = chosen.clone();
            sorted.sort_unstable();
            let found = (sorted.len(), cost, sorted);
            if found < self.best {
                self.best = found;
            }
            return;
        }
        let (least, cheapest) = self.bound(left);
        if (chosen.len() + least, cost + cheapest) > (self.best.0, self.best.1) {
            return;
        }
        let ways = (0..self.claims)
            .map(|c| 1u128 << c)
            .filter(|claim| left & claim != 0)
            .min_by_key(|claim| self.papers.iter().filter(|p| p.proves & claim != 0).count());
        let Some(claim) = ways else { return };
        let mut ways: Vec<(usize, u128, u32)> = self
            .papers
            .iter()
            .filter(|p| p.proves & claim != 0)
            .map(|p| (p.id, p.proves, p.effort))
            .collect();
        ways.sort_by_key(|(id, proves, effort)| {
            (std::cmp::Reverse((proves & left).count_ones()), *effort, *id)
        });
        for (id, proves, effort) in ways {
            chosen.push(id);
            self.branch(left & !proves, chosen, cost + effort);
            chosen.pop();
        }
    }

    /// How many papers are needed at least, and what they cost at least.
    fn bound(&self, left: u128) -> (usize, u32) {
        let (mut most, mut cheapest) = (1, u32::MAX);
        for paper in &self.papers {
            let gain = (paper.proves & left).count_ones();
            if gain > 0 {
                most = most.max(gain);
                cheapest = cheapest.min(paper.effort);
            }
        }
        let least = left.count_ones().div_ceil(most);
        (usize::try_from(least).unwrap_or(usize::MAX), least.saturating_mul(cheapest))
    }
}
