//! What the reform brings: the plan beside what each department asked before, paper by paper, computed anew from the
//! committed list each time. The number of papers is an output.

use super::question::object;
use super::{How, Plan, PlannedPaper, critical_path};
use crate::merged::Merged;
use crate::{Before, BeforeList, BeforePaper, Item, MatterTheme, Situation, SourceGrade};
use forms::Condition;
use kernel::Text;
use kernel::rules::Verdict;
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeSet;

/// A paper that a department asked and need not be brought any more.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Fallen {
    /// The department as it was called then.
    pub department: Text,
    /// Its kind.
    pub kind: String,
    /// Whose it was.
    pub holder: String,
    /// What the department called it.
    pub name: Text,
    /// Why it fell away.
    pub why: Text,
    /// What stands for it; `None` when no member asks it any more, or not in this situation.
    pub how: Option<How>,
    /// How well it is known that it was asked.
    pub grade: Option<SourceGrade>,
}

/// A paper that is still brought.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StillAsked {
    /// The plan's paper.
    pub paper: String,
    /// Its name.
    pub name: Text,
    /// Why it is asked.
    pub why: Text,
}

/// The plan beside what was before.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Reform {
    /// Papers handed in, each counted at each department.
    pub papers_before: usize,
    /// Papers to bring.
    pub papers_after: usize,
    /// Fields filled in, each counted on each form.
    pub fields_before: usize,
    /// Fields to fill in.
    pub fields_after: usize,
    /// Forms.
    pub forms_before: usize,
    /// Forms.
    pub forms_after: usize,
    /// Visits.
    pub visits_before: u32,
    /// Visits.
    pub visits_after: u32,
    /// Working days, one department after another; `None` when the list does not say it of all.
    pub days_before: Option<u64>,
    /// Working days of today's steps one after another.
    pub days_serial: u64,
    /// Working days of the longest way.
    pub days_critical: u64,
    /// The papers that fell away, in the order of the list, each with its reason.
    pub fallen: Vec<Fallen>,
    /// The papers of the list that are still brought.
    pub left: Vec<StillAsked>,
    /// The papers that are brought now and stand on no list.
    pub new: Vec<StillAsked>,
}

/// The plan of a joint matter beside its before-list, as far as the list holds in the plan's situation. A theme without a
/// list is compared with its members each by itself.
pub fn compare(theme: &MatterTheme, plan: &Plan, merged: &Merged) -> Reform {
    let Some(before) = &theme.before else { return compare_items(&[], plan, merged) };
    let counted = Counted { plan, facts: situations(theme, plan) };
    let lists: Vec<&BeforeList> = counted.lists(before).collect();
    let mut reform = after(plan);
    reform.forms_before = lists.iter().filter(|l| l.form.is_some() || !l.fields.is_empty()).count();
    reform.visits_before = lists.iter().map(|l| u32::from(l.visits)).sum();
    reform.days_before = lists.iter().map(|l| l.days).sum();
    let fields = lists.iter().flat_map(|l| &l.fields).filter(|f| counted.holds(f.when.as_ref()));
    reform.fields_before = fields.count();
    let mut left = BTreeSet::new();
    for list in lists {
        for paper in counted.papers(list) {
            reform.papers_before += 1;
            let same = || plan.papers.iter().filter(|p| p.kind == paper.kind && p.holder == paper.holder);
            let asked = same().find(|p| p.how == How::Asked && !p.optional);
            let now = asked.or_else(|| same().next());
            if let Some(asked) = asked.filter(|p| left.insert(p.id.as_str())) {
                reform.left.push(still(asked));
                continue;
            }
            let (how, why) = fate(theme, merged, paper, now);
            reform.fallen.push(Fallen {
                department: list.department.clone(),
                kind: paper.kind.clone(),
                holder: paper.holder.clone(),
                name: paper.name.clone(),
                why,
                how,
                grade: Some(paper.grade),
            });
        }
    }
    reform.new = plan.asked().filter(|p| !left.contains(p.id.as_str())).map(still).collect();
    reform
}

/// The plan beside the same items each by itself: every demand a paper, every form filled in, one after another.
pub fn compare_items(members: &[&Item], plan: &Plan, _merged: &Merged) -> Reform {
    let mut reform = after(plan);
    let taken: Vec<_> = plan.members.iter().filter(|m| m.taken).collect();
    reform.forms_before = taken.len();
    reform.visits_before = taken.iter().map(|m| u32::from(m.visits)).sum();
    let alone = |key: &String| {
        let item = members.iter().find(|i| i.key == *key)?;
        Some(critical_path(&item.process).hours.div_ceil(super::HOURS_A_DAY))
    };
    reform.days_before = taken.iter().map(|m| alone(&m.item)).sum();
    reform.fields_before = plan.fields.iter().map(|f| f.asked_by.len()).sum();
    for paper in plan.papers.iter().filter(|p| !p.optional) {
        for (n, (item, _)) in paper.demands.iter().enumerate() {
            reform.papers_before += 1;
            if n == 0 && paper.how == How::Asked {
                reform.left.push(still(paper));
                continue;
            }
            let member = taken.iter().find(|m| m.item == *item);
            let (how, why) =
                if paper.how == How::Asked { once() } else { (Some(paper.how), paper.why.clone()) };
            reform.fallen.push(Fallen {
                department: member.map(|m| m.name.clone()).unwrap_or_default(),
                kind: paper.kind.clone(),
                holder: paper.holder.clone(),
                name: paper.name.clone(),
                why,
                how,
                grade: None,
            });
        }
    }
    reform
}

fn after(plan: &Plan) -> Reform {
    Reform {
        papers_after: plan.asked().count(),
        fields_after: plan.fields_asked().count(),
        forms_after: 1,
        visits_after: u32::from(plan.visits),
        days_serial: plan.serial_days(),
        days_critical: plan.days(),
        ..Reform::default()
    }
}

fn still(paper: &PlannedPaper) -> StillAsked {
    StillAsked { paper: paper.id.clone(), name: paper.name.clone(), why: paper.why.clone() }
}

fn once() -> (Option<How>, Text) {
    let why = Text::new(
        "同一份材料，几个部门共用，只交一次。",
        "It is one paper for all of them; it is handed in once.",
    );
    (Some(How::SameAs), why)
}

/// What became of a paper of the list.
fn fate(
    theme: &MatterTheme,
    merged: &Merged,
    paper: &BeforePaper,
    now: Option<&PlannedPaper>,
) -> (Option<How>, Text) {
    if let Some(now) = now {
        return if now.how == How::Asked && !now.optional {
            once()
        } else {
            (Some(now.how), now.why.clone())
        };
    }
    if paper.form {
        let why = Text::new(
            "各部门的申请表合成了一张，您在网上填的就是它。",
            "The departments' forms are one now: it is what you fill in here.",
        );
        return (Some(How::SameAs), why);
    }
    let of = |k: &str, h: Option<&String>| k == paper.kind && h.is_none_or(|h| *h == paper.holder);
    if let Some(said) = theme.no_longer.iter().find(|n| of(&n.kind, n.holder.as_ref())) {
        return (None, said.why.clone());
    }
    let may = merged.papers().iter().any(|id| *id == format!("{}:{}", paper.kind, paper.holder));
    let why = if may {
        Text::new("按您的情形用不着它。", "It is not needed in your situation.")
    } else {
        Text::new("现在没有哪个部门再要它。", "No department asks for it any more.")
    };
    (None, why)
}

/// The plan's answers to the theme's situations as facts.
fn situations(theme: &MatterTheme, plan: &Plan) -> Value {
    let answer = |s: &Situation| Some((s.id.clone(), s.answer(plan.situations.get(&s.id)?.split(','))?));
    object("form", theme.situations.iter().filter_map(answer).collect())
}

struct Counted<'a> {
    plan: &'a Plan,
    facts: Value,
}

impl<'a> Counted<'a> {
    /// Whether something of the list counts in the plan's situation; what cannot be told yet does.
    fn holds(&self, when: Option<&Condition>) -> bool {
        when.and_then(Condition::rule).is_none_or(|r| r.test(&self.facts) != Verdict::No)
    }

    /// Whether any of these items is part of the matter; what no member is called is not held against it.
    fn taken<'i>(&self, mut items: impl Iterator<Item = &'i String>) -> bool {
        let mut any = false;
        let taken = items.any(|key| {
            any = true;
            self.plan.members.iter().find(|m| m.item == *key).is_none_or(|m| m.taken)
        });
        taken || !any
    }

    fn lists<'b>(&'b self, before: &'b Before) -> impl Iterator<Item = &'b BeforeList> {
        let counts =
            |l: &&BeforeList| self.holds(l.when.as_ref()) && self.taken(l.item.iter().chain(&l.items));
        before.lists.iter().filter(counts)
    }

    fn papers<'b>(&'b self, list: &'b BeforeList) -> impl Iterator<Item = &'b BeforePaper> {
        list.papers.iter().filter(|p| self.holds(p.when.as_ref()) && self.taken(p.items.iter()))
    }
}
