//! The steps of all members as one process: a member waits for another only where the law or a paper that the other makes
//! says so; the longest way is what it takes.

use super::demand::{Demands, Free};
use super::path::{self, Net};
use super::{How, Matter, PlannedPaper, PlannedStep};
use crate::{By, Item, Step, Then};
use kernel::Text;
use std::collections::{BTreeMap, BTreeSet};

/// The planned process.
pub(super) struct Process {
    pub steps: Vec<PlannedStep>,
    pub hours: u64,
    pub serial_hours: u64,
    pub holds_up: Option<(String, String)>,
}

/// A step with its member, its place there, and whether it is taken.
struct Node<'a> {
    member: usize,
    item: &'a Item,
    step: &'a Step,
    taken: bool,
}

struct Whole<'a> {
    nodes: Vec<Node<'a>>,
    /// By member, where its steps begin in `nodes`.
    begins: BTreeMap<usize, usize>,
    net: Net,
    /// By node, why it waits for another member.
    waits: BTreeMap<usize, Vec<Text>>,
}

pub(super) fn steps(matter: &Matter<'_>, demands: &Demands<'_>, papers: &[PlannedPaper]) -> Process {
    let mut whole = whole(matter);
    by_law(matter, &mut whole);
    by_papers(matter, demands, papers, &mut whole);
    by_theme(matter, &mut whole);
    let times = whole.net.times();
    let critical: BTreeSet<usize> = times.longest.iter().copied().collect();
    let hours = |n: usize| whole.net.hours.get(n).copied().unwrap_or(0);
    let mut steps = Vec::new();
    for (n, node) in whole.nodes.iter().enumerate().filter(|(_, node)| node.taken) {
        let after = whole.before(n).into_iter().filter_map(|b| whole.name(b)).collect();
        steps.push(PlannedStep {
            item: node.item.key.clone(),
            id: node.step.id.clone(),
            title: node.step.title.clone(),
            term: node.step.term.or(node.step.publicity),
            rank: times.rank.get(n).copied().flatten().unwrap_or(0),
            after,
            waits: whole.waits.get(&n).cloned().unwrap_or_default(),
            begins: times.begins.get(n).copied().unwrap_or(0),
            hours: hours(n),
            critical: critical.contains(&n),
        });
    }
    steps.sort_by_key(|s| s.rank);
    let slowest = times.longest.iter().rev().filter(|n| hours(**n) > 0).max_by_key(|n| hours(**n));
    Process {
        steps,
        hours: times.hours,
        serial_hours: whole.net.hours.iter().sum(),
        holds_up: slowest.and_then(|n| whole.name(*n)),
    }
}

fn whole<'a>(matter: &Matter<'a>) -> Whole<'a> {
    let mut whole = Whole {
        nodes: Vec::new(),
        begins: BTreeMap::new(),
        net: Net { after: Vec::new(), hours: Vec::new() },
        waits: BTreeMap::new(),
    };
    for (member, item) in matter.each() {
        let first = whole.nodes.len();
        whole.begins.insert(member, first);
        for (step, after) in item.process.iter().zip(path::waits(&item.process)) {
            let taken = matter.may(member, step.when.as_ref());
            whole.nodes.push(Node { member, item, step, taken });
            whole.net.after.push(after.into_iter().map(|a| a + first).collect());
            // A step that is not taken takes no time but still hands on what it waits for.
            whole.net.hours.push(if taken { path::length(step) } else { 0 });
        }
    }
    whole
}

impl Whole<'_> {
    fn name(&self, n: usize) -> Option<(String, String)> {
        self.nodes.get(n).map(|node| (node.item.key.clone(), node.step.id.clone()))
    }

    /// The steps of a member.
    fn of(&self, member: usize) -> impl Iterator<Item = (usize, &Node<'_>)> {
        self.nodes.iter().enumerate().filter(move |(_, n)| n.member == member)
    }

    /// The steps after which a member is decided.
    fn ends(&self, member: usize) -> Vec<usize> {
        let decided = self.of(member).filter(|(_, n)| n.item.decision.after.contains(&n.step.id));
        decided.map(|(n, _)| n).collect()
    }

    /// The steps that a member begins with.
    fn roots(&self, member: usize) -> Vec<usize> {
        self.of(member).filter(|(_, n)| n.step.after.is_empty()).map(|(n, _)| n).collect()
    }

    /// Lets a step wait for the decision of another member.
    fn wait(&mut self, step: usize, member: usize, why: Text) {
        let ends = self.ends(member);
        if let Some(after) = self.net.after.get_mut(step) {
            after.extend(ends);
            after.sort_unstable();
            after.dedup();
        }
        let whys = self.waits.entry(step).or_default();
        if !whys.contains(&why) {
            whys.push(why);
        }
    }

    /// Whether a member waits for another already.
    fn tied(&self, member: usize, before: usize) -> bool {
        let ends = self.ends(before);
        let mut after = self.of(member).flat_map(|(n, _)| self.net.after.get(n).into_iter().flatten());
        after.any(|a| ends.contains(a))
    }

    /// Whether `step` comes to `first` by what it waits for.
    fn behind(&self, step: usize, first: usize) -> bool {
        let mut seen = BTreeSet::new();
        let mut open = vec![step];
        while let Some(n) = open.pop() {
            if n == first {
                return true;
            }
            if seen.insert(n) {
                open.extend(self.net.after.get(n).into_iter().flatten().copied());
            }
        }
        false
    }

    /// The taken steps that a step waits for, through those that are not taken.
    fn before(&self, step: usize) -> BTreeSet<usize> {
        let mut out = BTreeSet::new();
        let mut seen = BTreeSet::new();
        let mut open: Vec<usize> = self.net.after.get(step).cloned().unwrap_or_default();
        while let Some(n) = open.pop() {
            if !seen.insert(n) {
                continue;
            }
            match self.nodes.get(n) {
                Some(node) if node.taken => {
                    out.insert(n);
                }
                _ => open.extend(self.net.after.get(n).into_iter().flatten().copied()),
            }
        }
        out
    }

    /// The step at which a paper is needed: as its item says, else the first one that a person takes.
    fn needs(&self, member: usize, at: Option<&str>) -> Option<usize> {
        if let Some((n, _)) = self.of(member).find(|(_, node)| at == Some(node.step.id.as_str())) {
            return Some(n);
        }
        let item = self.of(member).next()?.1.item;
        let ranks = path::ranks(&item.process);
        let rank = |node: &Node<'_>| ranks.get(node.step.id.as_str()).copied().unwrap_or(usize::MAX);
        let person = self.of(member).filter(|(_, n)| n.taken && n.step.by != By::Automatic);
        let first = person.min_by_key(|(n, node)| (rank(node), *n));
        first.map(|(n, _)| n).or_else(|| self.roots(member).first().copied())
    }
}

/// What the theme says must be decided before.
fn by_law(matter: &Matter<'_>, whole: &mut Whole<'_>) {
    for (member, item) in matter.each() {
        let said = matter.q.theme.and_then(|t| t.member(&item.key));
        for after in said.iter().flat_map(|t| &t.after) {
            let Some((before, name)) = matter.each().find(|(_, i)| i.key == after.item) else { continue };
            let why = Text::new(
                format!("等“{}”办好（{}）。", name.name.zh, after.basis.zh),
                format!("It waits for “{}” ({}).", name.name.en, after.basis.en),
            );
            for root in whole.roots(member) {
                whole.wait(root, before, why.clone());
            }
        }
    }
}

/// A step that needs a paper waits for the member that makes it.
fn by_papers(matter: &Matter<'_>, demands: &Demands<'_>, papers: &[PlannedPaper], whole: &mut Whole<'_>) {
    let mut made = BTreeMap::new();
    for paper in papers.iter().filter(|p| p.how == How::ProducedBy) {
        made.extend(paper.demands.iter().map(|(item, id)| ((item.as_str(), id.as_str()), paper)));
    }
    for demand in &demands.all {
        let Some(Free::Produced(maker)) = demand.free else { continue };
        let Some(item) = matter.items.get(demand.member) else { continue };
        let Some(paper) = made.get(&(item.key.as_str(), demand.material.id.as_str())) else { continue };
        let Some(step) = whole.needs(demand.member, demand.material.at.as_deref()) else { continue };
        let name = matter.name(maker);
        let why = Text::new(
            format!("等“{}”出具“{}”。", name.zh, paper.name.zh),
            format!("It waits for “{}”, which “{}” makes.", paper.name.en, name.en),
        );
        whole.wait(step, maker, why);
    }
}

/// What the theme lets wait though no paper passes between the two: at the step it names, else the last one that people
/// take. What would wait for itself that way does not wait.
fn by_theme(matter: &Matter<'_>, whole: &mut Whole<'_>) {
    let depends = matter.q.theme.iter().flat_map(|t| &t.depends);
    for edge in depends.filter(|d| d.then == Then::Waits) {
        let member = |key: &str| matter.each().find(|(_, i)| i.key == key);
        let (Some((waits, item)), Some((before, name))) = (member(&edge.item), member(&edge.on)) else {
            continue;
        };
        let last = path::last_by_people(&item.process).map(|s| s.id.as_str());
        let at = edge.at.as_deref().or(last);
        let Some((step, _)) = whole.of(waits).find(|(_, n)| at == Some(n.step.id.as_str())) else { continue };
        if whole.tied(waits, before) || whole.ends(before).iter().any(|end| whole.behind(*end, step)) {
            continue;
        }
        let why = Text::new(
            format!("等“{}”办好。{}", name.name.zh, edge.say.zh),
            format!("It waits for “{}”. {}", name.name.en, edge.say.en),
        );
        whole.wait(step, before, why);
    }
}
