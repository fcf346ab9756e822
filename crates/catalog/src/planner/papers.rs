//! Choosing the papers: what nothing else proves is covered by the fewest of those that some member's list names. Nobody is
//! asked for a paper that no list names, and no demand is left unproven.

use super::demand::{Claim, Demand, Demands, Free};
use super::{Candidate, HeldAs, How, Matter, NODES_MAX, PlannedPaper, cover, why};
use crate::Original;
use crate::merged::{Weave, Woven, paper_id};
use forms::FieldType;
use kernel::Text;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// One paper: the demands of the same kind and holder.
pub(super) struct Group<'d, 'a> {
    pub id: String,
    pub demands: Vec<&'d Demand<'a>>,
    /// All claims of its demands.
    pub claims: BTreeSet<usize>,
    pub effort: u8,
    /// Whether a sibling makes it.
    pub produced: bool,
}

/// What was found about a paper.
#[derive(Clone)]
pub(super) enum Fate<'a> {
    /// It is brought.
    Asked,
    /// It may be brought; nobody needs it.
    Optional,
    /// These papers prove the same.
    SameAs(Vec<usize>),
    /// It needs not be brought, by these.
    Free(Vec<(Option<usize>, Free<'a>)>),
    /// It is declared.
    Declared,
}

/// The papers of the plan, and whether their number is proven to be the least.
pub(super) fn papers(
    matter: &Matter<'_>,
    weave: &Weave<'_>,
    demands: &Demands<'_>,
) -> (Vec<PlannedPaper>, bool) {
    let groups = groups(demands);
    let needed = needed(demands);
    let candidates: Vec<(usize, Candidate)> = groups
        .iter()
        .enumerate()
        // What only a sibling makes, nobody can bring.
        .filter(|(_, g)| !g.produced)
        .map(|(n, g)| {
            let claims = g.claims.iter().copied().collect();
            (n, Candidate { claims, effort: u32::from(g.effort), name: g.id.clone() })
        })
        .collect();
    let sets: Vec<Candidate> = candidates.iter().map(|(_, c)| c.clone()).collect();
    let found = cover(&needed, &sets, NODES_MAX);
    let chosen: Vec<usize> =
        found.chosen.iter().filter_map(|c| candidates.get(*c).map(|(g, _)| *g)).collect();
    let choice = Choice { matter, demands, groups: &groups, chosen: &chosen };
    let papers = (0..groups.len()).filter_map(|n| choice.paper(n, weave)).collect();
    (papers, found.exact)
}

fn groups<'d, 'a>(demands: &'d Demands<'a>) -> Vec<Group<'d, 'a>> {
    let mut groups: Vec<Group<'d, 'a>> = Vec::new();
    let mut known: HashMap<((&str, &str, usize), bool), usize> = HashMap::new();
    let brought: HashSet<(&str, &str, usize)> =
        demands.all.iter().filter(|d| !d.produced()).map(|d| d.paper).collect();
    for demand in &demands.all {
        let produced = demand.produced();
        let place = *known.entry((demand.paper, produced)).or_insert_with(|| {
            // Beside an old one that is brought, the new one has a name of its own.
            let new = if produced && brought.contains(&demand.paper) { "+new" } else { "" };
            groups.push(Group {
                id: format!("{}{new}", paper_id(demand.paper)),
                produced,
                demands: Vec::new(),
                claims: BTreeSet::new(),
                effort: demand.kind.map_or(1, |k| k.effort),
            });
            groups.len() - 1
        });
        if let Some(group) = groups.get_mut(place) {
            group.demands.push(demand);
            group.claims.extend(&demand.claims);
        }
    }
    groups
}

/// The claims that must be proven by papers.
fn needed(demands: &Demands<'_>) -> BTreeSet<usize> {
    let open = demands.all.iter().filter(|d| d.must() && d.free.is_none() && !d.declarable);
    let claims = open.flat_map(|d| &d.claims).copied();
    claims.filter(|c| demands.proven.get(*c).is_some_and(Option::is_none)).collect()
}

pub(super) struct Choice<'c, 'd, 'a> {
    pub matter: &'c Matter<'a>,
    pub demands: &'c Demands<'a>,
    pub groups: &'c [Group<'d, 'a>],
    pub chosen: &'c [usize],
}

impl<'a> Choice<'_, '_, 'a> {
    fn proven(&self, claim: usize) -> Option<Free<'a>> {
        self.demands.proven.get(claim).copied().flatten()
    }

    /// The chosen papers that prove a claim.
    fn provers(&self, claim: usize) -> impl Iterator<Item = usize> + '_ {
        self.chosen
            .iter()
            .copied()
            .filter(move |c| self.groups.get(*c).is_some_and(|g| g.claims.contains(&claim)))
    }

    fn is_covered(&self, demand: &Demand<'_>) -> bool {
        demand.claims.iter().all(|c| self.proven(*c).is_some() || self.provers(*c).next().is_some())
    }

    fn fate(&self, n: usize, group: &Group<'_, 'a>) -> Fate<'a> {
        if self.chosen.contains(&n) {
            return Fate::Asked;
        }
        // What nobody needs asks for nothing more where somebody's need is met already.
        let needed = group.demands.iter().any(|d| d.must());
        let open = group.demands.iter().filter(|d| d.must() || !needed);
        let open: Vec<&&Demand<'a>> =
            open.filter(|d| d.free.is_none() && !self.demands.is_proven(d)).collect();
        let covered = open.iter().all(|d| self.is_covered(d));
        if open.is_empty() {
            return Fate::Free(self.free(group));
        }
        if covered {
            let open: BTreeSet<usize> =
                open.iter().flat_map(|d| &d.claims).copied().filter(|c| self.proven(*c).is_none()).collect();
            let by: BTreeSet<usize> = open.iter().flat_map(|c| self.provers(*c).next()).collect();
            return Fate::SameAs(by.into_iter().collect());
        }
        if open.iter().any(|d| d.must()) { Fate::Declared } else { Fate::Optional }
    }

    /// What stands for the paper: what its items say, else what proves each of its claims.
    fn free(&self, group: &Group<'_, 'a>) -> Vec<(Option<usize>, Free<'a>)> {
        // A result that is only implied is waited for when nothing else is there.
        let rank = |(d, f): &(&Demand<'_>, Free<'_>)| match f {
            Free::Form => 0,
            Free::Produced(_) if d.material.produced_by.is_some() => 1,
            Free::Held(_) => 2,
            Free::Fetched(_) => 3,
            Free::Produced(_) => 4,
        };
        let said = group.demands.iter().filter_map(|d| Some((*d, d.free?))).min_by_key(rank);
        let proven = group.claims.iter().all(|c| self.proven(*c).is_some());
        if let Some(said) = said.filter(|s| rank(s) < 4 || !proven) {
            return vec![(None, said.1)];
        }
        group.claims.iter().filter_map(|c| Some((Some(*c), self.proven(*c)?))).collect()
    }

    fn paper(&self, n: usize, weave: &Weave<'_>) -> Option<PlannedPaper> {
        let group = self.groups.get(n)?;
        let first = group.demands.first()?;
        let fate = self.fate(n, group);
        let how = how(&fate);
        let item = |m: usize| self.matter.items.get(m).map(|i| i.key.clone());
        let field = field_of(group, &fate, weave);
        let frees = if let Fate::Free(frees) = &fate { frees.as_slice() } else { &[] };
        let held = frees
            .iter()
            .find_map(|(_, f)| if let Free::Held(h) = f { Some(h.reference.clone()) } else { None });
        let registers: BTreeSet<String> = frees
            .iter()
            .filter_map(|(_, f)| if let Free::Fetched(r) = f { Some((*r).to_owned()) } else { None })
            .collect();
        Some(PlannedPaper {
            id: group.id.clone(),
            kind: first.paper.0.to_owned(),
            holder: first.paper.1.to_owned(),
            name: self.name(n),
            how,
            why: why::paper(self, group, &fate),
            optional: match fate {
                Fate::Optional => true,
                Fate::Asked => false,
                _ => group.demands.iter().all(|d| !d.must()),
            },
            later: group.demands.iter().filter(|d| d.must()).all(|d| d.later()),
            original: group.demands.iter().filter_map(|d| d.material.original).max_by_key(|o| handling(*o)),
            effort: group.effort,
            demands: group
                .demands
                .iter()
                .filter_map(|d| Some((item(d.member)?, d.material.id.clone())))
                .collect(),
            field,
            produced_by: frees
                .iter()
                .find_map(|(_, f)| if let Free::Produced(m) = f { item(*m) } else { None }),
            same_as: match &fate {
                Fate::SameAs(by) => by.first().and_then(|b| self.groups.get(*b)).map(|g| g.id.clone()),
                _ => None,
            },
            reference: held,
            registers: registers.into_iter().collect(),
        })
    }

    /// What a paper is called: as its items call it when they agree, else as the dictionary does, with whose it is.
    pub fn name(&self, n: usize) -> Text {
        let Some(group) = self.groups.get(n) else { return Text::default() };
        let Some(first) = group.demands.first() else { return Text::default() };
        let names: BTreeSet<&str> = group.demands.iter().map(|d| d.material.name.zh.as_str()).collect();
        let known = first.kind.filter(|_| names.len() > 1);
        let Some(kind) = known else { return first.material.name.clone() };
        match why::holder(self.matter, first.paper.1) {
            Some(whose) => Text::new(
                format!("{}（{}）", kind.name.zh, whose.zh),
                format!("{} ({})", kind.name.en, whose.en),
            ),
            None => kind.name.clone(),
        }
    }

    /// What a claim is called, in words.
    pub fn claim(&self, claim: usize) -> Option<Text> {
        match self.demands.claims.get(claim)? {
            Claim::Of(id, _, _) => Some(self.matter.q.knowledge.claim_name(id)),
            Claim::Paper(..) | Claim::Original(..) => None,
        }
    }
}

/// The field at which a paper is given: an upload where it is brought, a tick where it is declared, whoever of its members has one;
/// else whatever field there is.
fn field_of(group: &Group<'_, '_>, fate: &Fate<'_>, weave: &Weave<'_>) -> Option<String> {
    let declared = matches!(fate, Fate::Declared);
    let own = |d: &&Demand<'_>| weave.woven(d.member, d.material.field.as_deref()?);
    let fits = |w: &&Woven<'_>| w.asked.iter().all(|(_, f)| (f.kind() == FieldType::Declaration) == declared);
    let (liked, all) = (group.demands.iter().filter(|d| d.declarable == declared), group.demands.iter());
    let first = liked.chain(all.clone()).filter_map(own).find(fits);
    first.or_else(|| all.filter_map(own).next()).map(|woven| woven.id.clone())
}

fn how(fate: &Fate<'_>) -> How {
    match fate {
        Fate::Asked | Fate::Optional => How::Asked,
        Fate::SameAs(_) => How::SameAs,
        Fate::Declared => How::Declared,
        Fate::Free(frees) => {
            let ways: BTreeMap<usize, How> = frees
                .iter()
                .map(|(_, f)| match f {
                    Free::Produced(_) => (0, How::ProducedBy),
                    Free::Held(h) if h.by == HeldAs::Certificate => (1, How::Held),
                    Free::Held(_) => (2, How::Kept),
                    Free::Fetched(_) => (3, How::Fetched),
                    Free::Form => (4, How::SameAs),
                })
                .collect();
            ways.into_values().next().unwrap_or(How::SameAs)
        }
    }
}

/// Which handling of an original asks for more.
fn handling(original: Original) -> u8 {
    match original {
        Original::Look => 0,
        Original::Keep => 1,
        Original::TakeBack => 2,
    }
}
