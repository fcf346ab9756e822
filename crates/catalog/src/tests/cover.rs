//! The cover beside all subsets: small instances are solved by trying everything.

use super::world::Dice;
use crate::planner::{Candidate, NODES_MAX, cover};
use proptest::prelude::*;
use std::collections::BTreeSet;

fn instance(seed: u64) -> (BTreeSet<usize>, Vec<Candidate>) {
    let mut dice = Dice::new(seed);
    let claims = 1 + dice.below(9);
    let papers = 1 + dice.below(10);
    let mut all: Vec<Candidate> = (0..papers)
        .map(|p| Candidate {
            claims: (0..claims).filter(|_| dice.below(3) == 0).collect(),
            effort: 1 + u32::try_from(dice.below(3)).unwrap(),
            name: format!("p{:02}", (p * 7) % 13),
        })
        .collect();
    // Everything can be proven.
    all.first_mut().unwrap().claims.extend((0..claims).filter(|c| c % 2 == 0));
    all.last_mut().unwrap().claims.extend((0..claims).filter(|c| c % 2 == 1));
    ((0..claims).collect(), all)
}

/// The least by number, cost and names, by trying all.
fn brute(claims: &BTreeSet<usize>, papers: &[Candidate]) -> (usize, u32, Vec<String>) {
    let subsets = 0..(1u32 << papers.len());
    let fits = subsets.filter_map(|bits| {
        let chosen: Vec<&Candidate> =
            papers.iter().enumerate().filter(|(p, _)| bits & (1 << p) != 0).map(|(_, c)| c).collect();
        let proven: BTreeSet<usize> = chosen.iter().flat_map(|c| &c.claims).copied().collect();
        let mut names: Vec<String> = chosen.iter().map(|c| c.name.clone()).collect();
        names.sort();
        claims.is_subset(&proven).then(|| (chosen.len(), chosen.iter().map(|c| c.effort).sum(), names))
    });
    fits.min().unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn the_cover_is_the_least(seed: u64) {
        let (claims, papers) = instance(seed);
        let found = cover(&claims, &papers, NODES_MAX);
        prop_assert!(found.exact);
        let names: Vec<String> = found.chosen.iter().map(|p| papers[*p].name.clone()).collect();
        let cost: u32 = found.chosen.iter().map(|p| papers[*p].effort).sum();
        prop_assert_eq!((names.len(), cost, names), brute(&claims, &papers));
    }

    #[test]
    fn beyond_its_bound_it_still_covers_and_says_so(seed: u64) {
        let (claims, papers) = instance(seed);
        let found = cover(&claims, &papers, 0);
        let proven: BTreeSet<usize> = found.chosen.iter().flat_map(|p| papers[*p].claims.clone()).collect();
        prop_assert!(claims.is_subset(&proven));
        if found.exact {
            let least = brute(&claims, &papers);
            prop_assert_eq!(found.chosen.len(), least.0);
        }
    }
}

#[test]
fn one_large_paper_beats_two_small_ones_whatever_they_cost() {
    let paper = |name: &str, claims: &[usize], effort| Candidate {
        claims: claims.to_vec(),
        effort,
        name: name.to_owned(),
    };
    let papers = [paper("a", &[0], 1), paper("b", &[1], 1), paper("c", &[0, 1], 5), paper("d", &[0, 1], 5)];
    let found = cover(&BTreeSet::from([0, 1]), &papers, NODES_MAX);
    assert_eq!((found.chosen, found.exact), (vec![2], true));
    assert_eq!(cover(&BTreeSet::new(), &papers, NODES_MAX).chosen, Vec::<usize>::new());
}
