//! An oracle beside the planner: what stands for a paper, worked out anew from what items, registers, holdings and sharing
//! say, and never from the plan's own word.

use super::world::World;
use crate::merged::{holders, paper_of};
use crate::planner::{HeldAs, How, Plan};
use crate::{Holding, Instead, Item, Material, MaterialKind, Need, Original};
use kernel::rules::Verdict;
use serde_json::json;
use std::collections::BTreeSet;

pub struct Oracle<'w> {
    world: &'w World,
    plan: &'w Plan,
    /// What is proven without asking: claim and holder.
    free: BTreeSet<(String, String)>,
}

impl<'w> Oracle<'w> {
    pub fn new(world: &'w World, plan: &'w Plan) -> Self {
        let mut oracle = Self { world, plan, free: BTreeSet::new() };
        let mut free = BTreeSet::new();
        for item in oracle.taken() {
            for source in item.sources.iter().filter(|s| oracle.shares(&s.source)) {
                let proves = world.registers.iter().filter(|r| r.id == source.source).flat_map(|r| &r.proves);
                let whose = holders(item, source);
                free.extend(proves.flat_map(|c| whose.iter().map(move |h| (c.clone(), h.clone()))));
            }
            for material in &item.materials {
                if oracle.may(item, material) && oracle.met_by_itself(item, material) {
                    free.extend(oracle.claims(&material.kind, &material.holder));
                }
            }
        }
        for holding in &world.holds {
            let equal = world.knowledge.equal_to(&holding.kind);
            for kind in world.knowledge.material(&holding.kind).into_iter().chain(equal) {
                if oracle.counts(holding, Some(kind)) {
                    free.extend(oracle.claims(&kind.kind, &holding.holder));
                }
            }
        }
        oracle.free = free;
        oracle
    }

    /// The members that the theme's conditions leave in, by the answers.
    pub fn taken(&self) -> impl Iterator<Item = &'w Item> + use<'w> {
        let world = self.world;
        let facts = json!({"form": world.situations()});
        world.items.iter().filter(move |item| {
            let member = world.theme.as_ref().and_then(|t| t.member(&item.key));
            let rule = member.and_then(|m| m.when.as_ref()).and_then(|w| w.rule());
            rule.is_none_or(|r| r.test(&facts) != Verdict::No)
        })
    }

    /// Whether a paper may be needed, by the item's own answers.
    pub fn may(&self, item: &Item, material: &Material) -> bool {
        let facts =
            json!({"form": self.world.said.get(&item.key).map_or_else(|| json!({}), |v| json!({"note": v}))});
        material.when.as_ref().and_then(|w| w.rule()).is_none_or(|r| r.test(&facts) != Verdict::No)
    }

    fn shares(&self, register: &str) -> bool {
        let open =
            self.world.registers.iter().all(|r| r.id != register || r.sharing != forms::Sharing::Never);
        open && self.world.sharing.as_ref().is_none_or(|s| s.sources.has(register))
    }

    fn claims(&self, kind: &str, holder: &str) -> Vec<(String, String)> {
        let known = self.world.knowledge.material(kind).map(|k| k.proves.clone()).unwrap_or_default();
        let own = if known.is_empty() { vec![format!("={kind}")] } else { known };
        own.into_iter().map(|c| (c, holder.to_owned())).collect()
    }

    fn counts(&self, holding: &Holding, kind: Option<&MaterialKind>) -> bool {
        if self.world.sharing.as_ref().is_some_and(|s| !s.certificates) {
            return false;
        }
        let days = kind.and_then(|k| k.valid_days).filter(|_| holding.by != HeldAs::Certificate);
        let (Some(days), Some(since), Some(today)) = (days, holding.since, self.world.today) else {
            return true;
        };
        (today - since).get_days() <= i32::try_from(days).unwrap()
    }

    /// Whether the item itself says what stands for it, and that is there.
    fn met_by_itself(&self, item: &Item, material: &Material) -> bool {
        material.instead.iter().any(|way| match way {
            Instead::Source => {
                let source = item.sources.iter().find(|s| Some(&s.id) == material.source.as_ref());
                source.is_some_and(|s| self.shares(&s.source))
            }
            Instead::Certificate => self.world.holds.iter().any(|h| {
                let fits = Some(&h.kind) == material.certificate.as_ref() && h.holder == material.holder;
                fits && h.by == HeldAs::Certificate && self.counts(h, None)
            }),
            Instead::Declaration => false,
        })
    }

    /// Whether another member that is part of the matter makes this certificate.
    fn made(&self, item: &Item, material: &Material) -> bool {
        let kind = self.world.knowledge.material(&material.kind);
        let known = kind.and_then(|k| k.certificate.as_ref());
        let words: Vec<&String> =
            material.produced_by.iter().chain(&material.certificate).chain(known).collect();
        let others = self.taken().filter(|o| o.key != item.key);
        others.flat_map(|o| &o.results).any(|r| words.contains(&&r.certificate))
    }

    /// What is wrong with how a demand of a taken member is met; nothing when it is met.
    pub fn wrong(&self, item: &Item, n: usize) -> Option<String> {
        let material = &item.materials[n];
        if material.need == Need::Optional || !self.may(item, material) {
            return None;
        }
        let kind = self.world.knowledge.material(&material.kind);
        let Some(paper) = self.plan.paper_for(&item.key, &material.id) else {
            return Some(format!("{}/{} is in no paper", item.key, material.id));
        };
        let said = || Some(format!("{}/{} {:?} {paper:#?}", item.key, material.id, self.free));
        let form = kind.is_some_and(|k| k.form);
        let declares = material.instead.contains(&Instead::Declaration)
            && self.world.sharing.as_ref().is_none_or(|s| s.declarations);
        let met = match paper.how {
            How::Asked => !paper.optional,
            How::ProducedBy => self.made(item, material) || self.proven(item, n, false),
            How::SameAs if form => true,
            _ => self.met_by_itself(item, material) || declares || self.proven(item, n, true),
        };
        if met || form { None } else { said() }
    }

    /// Whether all that a paper proves is proven by what is brought, registers, holdings and what other demands are met by.
    fn proven(&self, item: &Item, n: usize, original: bool) -> bool {
        let material = &item.materials[n];
        // A second paper of a kind is about another: it is brought by itself.
        if paper_of(item, n).unwrap().2 > 0 {
            return true;
        }
        let kept = matches!(material.original, Some(Original::Keep | Original::TakeBack));
        let brought: BTreeSet<(String, String)> = self
            .plan
            .papers
            .iter()
            .filter(|p| p.how == How::Asked)
            .flat_map(|p| self.claims(&p.kind, &p.holder))
            .collect();
        let proven = |c: &(String, String)| brought.contains(c) || self.free.contains(c);
        !(kept && original) && self.claims(&material.kind, &material.holder).iter().all(proven)
    }
}
