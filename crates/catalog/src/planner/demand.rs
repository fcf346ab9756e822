//! What the members demand: each paper as the claims it is to prove, and what proves them without asking the applicant.

use super::{HeldAs, Holding, Matter, ProofGrade};
use crate::merged::{holders, paper_of};
use crate::{Instead, Item, ItemSource, Material, MaterialKind, Need, Original};
use forms::FieldType;
use jiff::civil::Date;
use std::collections::{BTreeMap, HashMap, HashSet};

/// What is to be proven: the claim, whose, and the how-manieth paper of a kind and holder it stands on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Claim<'a> {
    /// A claim of the dictionary.
    Of(&'a str, &'a str, usize),
    /// The paper itself: its kind proves nothing the dictionary knows.
    Paper(&'a str, &'a str, usize),
    /// The original, to be kept or taken back.
    Original(&'a str, &'a str, usize),
}

/// What proves a claim, or meets a demand, without asking.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Free<'a> {
    /// A certificate or a kept proof.
    Held(&'a Holding),
    /// A register.
    Fetched(&'a str),
    /// The result of the member at this place.
    Produced(usize),
    /// The form that is filled in is this paper.
    Form,
}

/// One demand of one member.
pub(super) struct Demand<'a> {
    /// The member.
    pub member: usize,
    pub material: &'a Material,
    /// Kind, holder, and the how-manieth of both in its item.
    pub paper: (&'a str, &'a str, usize),
    /// Its kind in the dictionary.
    pub kind: Option<&'a MaterialKind>,
    /// The claims, by number.
    pub claims: Vec<usize>,
    /// What meets it by what its item says.
    pub free: Option<Free<'a>>,
    /// Whether a declaration may stand for it.
    pub declarable: bool,
    /// Whether it is rarely needed, and cannot be told yet.
    pub open: bool,
}

impl Demand<'_> {
    /// Whether it must be met.
    pub fn must(&self) -> bool {
        self.material.need != Need::Optional && !self.open
    }

    /// Whether what it asks for is a sibling's result: nobody has that paper yet, so that it is another than one of the
    /// same kind that somebody could bring.
    pub fn produced(&self) -> bool {
        matches!(self.free, Some(Free::Produced(_)))
    }

    pub fn later(&self) -> bool {
        self.material.need == Need::Later || self.material.tolerable.is_some()
    }
}

/// All demands, the claims they come to, and what proves these.
#[derive(Default)]
pub(super) struct Demands<'a> {
    pub all: Vec<Demand<'a>>,
    pub claims: Vec<Claim<'a>>,
    numbers: HashMap<Claim<'a>, usize>,
    /// By claim, what proves it.
    pub proven: Vec<Option<Free<'a>>>,
}

impl<'a> Demands<'a> {
    fn number(&mut self, claim: Claim<'a>) -> usize {
        let next = self.claims.len();
        let number = *self.numbers.entry(claim).or_insert(next);
        if number == next {
            self.claims.push(claim);
            self.proven.push(None);
        }
        number
    }

    /// The number of a claim of the dictionary, when somebody demands it.
    fn known(&self, claim: &str, holder: &str) -> Option<usize> {
        let numbers: &HashMap<Claim<'_>, usize> = &self.numbers;
        numbers.get(&Claim::Of(claim, holder, 0)).copied()
    }

    fn prove(&mut self, claim: usize, by: Free<'a>) {
        if let Some(proven) = self.proven.get_mut(claim).filter(|p| p.is_none()) {
            *proven = Some(by);
        }
    }

    /// Whether nothing of a demand is left to prove.
    pub fn is_proven(&self, demand: &Demand<'_>) -> bool {
        demand.claims.iter().all(|c| self.proven.get(*c).is_some_and(Option::is_some))
    }
}

/// Collects the demands of the members that are part of the matter.
pub(super) fn demands<'a>(matter: &Matter<'a>) -> Demands<'a> {
    let edges = edges(matter);
    let mut out = Demands::default();
    for (member, item) in matter.each() {
        for (n, material) in item.materials.iter().enumerate() {
            let Some(paper) = paper_of(item, n) else { continue };
            if matter.may(member, material.when.as_ref()) {
                let demand = demand(matter, &edges, &mut out, (member, item), (material, paper));
                out.all.push(demand);
            }
        }
    }
    hold(matter, &mut out);
    ask(matter, &mut out);
    // What one demand's item lets a register or certificate stand for is proven for all.
    for n in 0..out.all.len() {
        let Some(demand) = out.all.get(n) else { continue };
        if let Some(free @ (Free::Held(_) | Free::Fetched(_))) = demand.free {
            let claims = demand.claims.clone();
            claims.into_iter().for_each(|c| out.prove(c, free));
        }
    }
    out
}

fn demand<'a>(
    matter: &Matter<'a>,
    edges: &HashMap<(usize, &'a str, &'a str, usize), usize>,
    out: &mut Demands<'a>,
    (member, item): (usize, &'a Item),
    (material, paper): (&'a Material, (&'a str, &'a str, usize)),
) -> Demand<'a> {
    let (word, holder, nth) = paper;
    let kind = matter.q.knowledge.material(word);
    let proves = kind.map_or(&[][..], |k| k.proves.as_slice());
    let mut claims: Vec<usize> = proves.iter().map(|c| out.number(Claim::Of(c, holder, nth))).collect();
    if claims.is_empty() {
        claims.push(out.number(Claim::Paper(word, holder, nth)));
    }
    if matches!(material.original, Some(Original::Keep | Original::TakeBack)) {
        claims.push(out.number(Claim::Original(word, holder, nth)));
    }
    claims.sort_unstable();
    claims.dedup();
    let sibling = edges.get(&(member, word, holder, nth)).copied();
    let declares = material.field.as_deref().and_then(|f| item.form.field(f));
    let declares = declares.is_some_and(|f| f.kind() == FieldType::Declaration);
    let may_declare = matter.q.sharing.is_none_or(|s| s.declarations);
    let free = if kind.is_some_and(|k| k.form) {
        Some(Free::Form)
    } else {
        free(matter, (member, item), material, sibling)
    };
    Demand {
        member,
        material,
        paper,
        kind,
        claims,
        free,
        declarable: declares && may_declare && material.instead.contains(&Instead::Declaration),
        open: material.rare && matter.untold(member, material.when.as_ref()),
    }
}

/// What meets a demand by what its item says, best first.
fn free<'a>(
    matter: &Matter<'a>,
    (member, item): (usize, &'a Item),
    material: &'a Material,
    sibling: Option<usize>,
) -> Option<Free<'a>> {
    if let Some(sibling) = sibling.filter(|_| material.produced_by.is_some()) {
        return Some(Free::Produced(sibling));
    }
    let way = |instead: &Instead| match instead {
        Instead::Certificate => {
            let kind = material.certificate.as_deref()?;
            let holds = matter.holds.iter().copied().filter(|h| h.kind == kind && counts(matter, h, None));
            let mut mine = holds.filter(|h| h.holder.is_empty() || h.holder == material.holder);
            let held = mine.find(|h| h.by == HeldAs::Certificate).map(Free::Held);
            held.or_else(|| sibling.map(Free::Produced))
        }
        Instead::Source => {
            let alias = material.source.as_deref()?;
            let source = item.sources.iter().find(|s| s.id == alias)?;
            // What cannot be brought is proven by its register, whatever the case.
            let asked = material.field.is_none() || matter.may(member, source.when.as_ref());
            (asked && matter.shares(&source.source)).then_some(Free::Fetched(&source.source))
        }
        Instead::Declaration => None,
    };
    material.instead.iter().find_map(way).or_else(|| sibling.map(Free::Produced))
}

/// Whether a holding may be used: under the sharing, still valid for a paper of this kind, and proven well enough.
fn counts(matter: &Matter<'_>, holding: &Holding, kind: Option<&MaterialKind>) -> bool {
    let shared = matter.q.sharing.is_none_or(|s| s.certificates);
    let proven = holding.by != HeldAs::Proof(ProofGrade::Declared);
    let days = kind.and_then(|k| k.valid_days).filter(|_| holding.by != HeldAs::Certificate);
    shared && proven && days.is_none_or(|days| !expired(holding.since, days, matter.q.today))
}

/// Whether more than so many days have gone by.
pub(super) fn expired(since: Option<Date>, days: u32, today: Option<Date>) -> bool {
    let (Some(since), Some(today)) = (since, today) else { return false };
    let last = jiff::Span::new().try_days(i64::from(days)).ok().and_then(|d| since.checked_add(d).ok());
    last.is_some_and(|last| today > last)
}

/// What is held proves its claims for whoever needs them.
fn hold<'a>(matter: &Matter<'a>, out: &mut Demands<'a>) {
    let knowledge = matter.q.knowledge;
    for holding in matter.holds.iter().copied() {
        let own = knowledge.material(&holding.kind).into_iter();
        let equal = knowledge.equal_to(&holding.kind).filter(|k| k.kind != holding.kind);
        for kind in own.chain(equal).filter(|k| counts(matter, holding, Some(k))) {
            let holder = |h: &str| holding.holder.is_empty() || h == holding.holder;
            for n in 0..out.claims.len() {
                let proves = match out.claims.get(n) {
                    // A second paper of a kind is another's: nobody knows whose the held one would be.
                    Some(Claim::Of(claim, h, 0)) => holder(h) && kind.proves.iter().any(|c| c == claim),
                    Some(Claim::Paper(word, h, 0)) => holder(h) && kind.kind == *word,
                    _ => false,
                };
                if proves && !(looked_at(out, n) && holding.by == HeldAs::Proof(ProofGrade::Uploaded)) {
                    out.prove(n, Free::Held(holding));
                }
            }
        }
        if knowledge.material(&holding.kind).is_none() && counts(matter, holding, None) {
            unknown(holding, out);
        }
    }
}

/// A kept paper of a kind that the dictionary does not know proves itself.
fn unknown<'a>(holding: &'a Holding, out: &mut Demands<'a>) {
    for n in 0..out.claims.len() {
        if let Some(Claim::Paper(word, h, 0)) = out.claims.get(n)
            && *word == holding.kind
            && (holding.holder.is_empty() || *h == holding.holder)
        {
            out.prove(n, Free::Held(holding));
        }
    }
}

/// Whether somebody wants to see the original of a paper with this claim: an upload that nobody checked is none.
fn looked_at(out: &Demands<'_>, claim: usize) -> bool {
    let look = |d: &Demand<'_>| d.material.original == Some(Original::Look) && d.claims.contains(&claim);
    out.all.iter().any(look)
}

/// What registers that any member asks prove about whom they are asked.
fn ask<'a>(matter: &Matter<'a>, out: &mut Demands<'a>) {
    for (member, item) in matter.each() {
        let may = |s: &&'a ItemSource| matter.shares(&s.source) && matter.may(member, s.when.as_ref());
        for source in item.sources.iter().filter(may) {
            let Some(register) = matter.register(&source.source) else { continue };
            if register.proves.is_empty() {
                continue;
            }
            for holder in holders(item, source) {
                for claim in &register.proves {
                    // Only what is demanded: nothing is made up.
                    let known = out.known(claim, &holder);
                    if let Some(known) = known {
                        out.prove(known, Free::Fetched(&register.id));
                    }
                }
            }
        }
    }
}

/// Which member's result stands for which demand, so that no two members wait for each other: by what the items say alone,
/// in the order of the matter, whatever is held or fetched (or else a new register could add a paper elsewhere).
fn edges<'a>(matter: &Matter<'a>) -> HashMap<(usize, &'a str, &'a str, usize), usize> {
    let mut waits: Waits = BTreeMap::new();
    for (m, item) in matter.each() {
        let after = matter.q.theme.and_then(|t| t.member(&item.key)).into_iter().flat_map(|t| &t.after);
        for before in after {
            if let Some((b, _)) = matter.each().find(|(_, i)| i.key == before.item) {
                waits.entry(m).or_default().insert(b);
            }
        }
    }
    let makers = makers(matter);
    let mut out = HashMap::new();
    // What an item says in so many words goes before what is only implied.
    for said in [true, false] {
        for (m, item) in matter.each() {
            for (n, material) in item.materials.iter().enumerate() {
                let Some((kind, holder, nth)) = paper_of(item, n) else { continue };
                let key = (m, kind, holder, nth);
                if material.produced_by.is_some() != said || out.contains_key(&key) {
                    continue;
                }
                let by = producer(matter, &makers, m, material).filter(|by| !reaches(&waits, *by, m));
                if let Some(by) = by.filter(|_| matter.may(m, material.when.as_ref())) {
                    waits.entry(m).or_default().insert(by);
                    out.insert(key, by);
                }
            }
        }
    }
    out
}

type Waits = BTreeMap<usize, HashSet<usize>>;

/// Whether `from` waits for `to`, directly or not.
fn reaches(waits: &Waits, from: usize, to: usize) -> bool {
    let mut seen = HashSet::new();
    let mut open = vec![from];
    while let Some(here) = open.pop() {
        if here == to {
            return true;
        }
        if seen.insert(here) {
            open.extend(waits.get(&here).into_iter().flatten().copied());
        }
    }
    false
}

/// By certificate, the members that issue it and whose it then is.
type Makers<'a> = HashMap<&'a str, Vec<(usize, Option<&'a str>)>>;

fn makers<'a>(matter: &Matter<'a>) -> Makers<'a> {
    let mut makers = Makers::new();
    for (m, item) in matter.each() {
        for result in &item.results {
            makers.entry(&result.certificate).or_default().push((m, result.holder.as_deref()));
        }
    }
    makers
}

/// The first other member whose result stands for a paper: as the item says, by its certificate, or by the dictionary.
fn producer(matter: &Matter<'_>, makers: &Makers<'_>, m: usize, material: &Material) -> Option<usize> {
    let taken_back = matches!(material.original, Some(Original::Keep | Original::TakeBack));
    let known = matter.q.knowledge.material(&material.kind).and_then(|k| k.certificate.as_deref());
    let said = material.produced_by.as_deref();
    let words = match said {
        Some(_) => [said, None],
        // The old paper that is handed over is not the new one.
        None if taken_back => [None, None],
        None => [material.certificate.as_deref(), known],
    };
    let whose = |holder: &Option<&str>| said.is_some() || holder.is_none_or(|h| h == material.holder);
    let makers = words.iter().flatten().filter_map(|word| makers.get(word)).flatten();
    makers.filter(|(b, holder)| *b != m && whose(holder)).map(|(b, _)| *b).min()
}
