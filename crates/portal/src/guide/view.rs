//! The guide in the reader's words: how many papers, how long, how much; then each with its reason.

use super::{Matter, SIDE};
use crate::shelf::Shelf;
use catalog::Original;
use catalog::planner::{FieldHow, HOURS_A_DAY, How, Plan, PlannedMember, PlannedPaper, PlannedStep, Reform};
use forms::Answers;
use page::Say;
use serde_json::Value;

/// So many services that need not be read at once are folded away.
const FOLDED_FROM: usize = 5;

/// A question about the reader's situation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Ask {
    pub(crate) id: String,
    pub(crate) ask: String,
    /// Value, words, chosen.
    pub(crate) options: Vec<(String, String, bool)>,
    /// Whether several may be chosen.
    pub(crate) several: bool,
}

/// A paper with how it comes in and why.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Paper {
    pub(crate) name: String,
    pub(crate) kind: &'static str,
    pub(crate) how: String,
    pub(crate) why: String,
    /// Who asks for it.
    pub(crate) for_whom: String,
    /// That it need not be, may come later, or what becomes of its original.
    pub(crate) notes: Vec<String>,
}

/// An item of the matter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Member {
    pub(crate) name: String,
    pub(crate) href: String,
    pub(crate) agency: String,
    /// The kind of its badge and its word: needed, not needed, or to be told by an answer.
    pub(crate) state: (&'static str, String),
    pub(crate) why: String,
}

/// A step in the order of its beginning.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Step {
    pub(crate) title: String,
    pub(crate) when: String,
    pub(crate) critical: bool,
    pub(crate) waits: Vec<String>,
}

/// The steps of one item.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Steps {
    pub(crate) name: String,
    pub(crate) agency: String,
    pub(crate) done: String,
    /// Whether it holds everything up.
    pub(crate) holds: bool,
    pub(crate) steps: Vec<Step>,
}

/// One line of before and now.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Change {
    pub(crate) what: String,
    pub(crate) before: String,
    pub(crate) now: String,
}

/// A line of the bill.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Fee {
    pub(crate) name: String,
    pub(crate) amount: String,
    /// Who pays, how it is worked out, by what law.
    pub(crate) notes: Vec<String>,
}

/// The guide as it is shown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Guide {
    /// “9 papers, 3 to bring, 4 working days”.
    pub(crate) count: String,
    /// That it is the most, as long as questions are open.
    pub(crate) open: String,
    pub(crate) asks: Vec<Ask>,
    pub(crate) members: Vec<Member>,
    /// Those that one need not read at once, under the sentence that counts them.
    pub(crate) folded: Vec<(String, Vec<Member>)>,
    pub(crate) bring: Vec<Paper>,
    pub(crate) spared: Vec<Paper>,
    /// How many of them there are, in a sentence.
    pub(crate) spared_count: String,
    pub(crate) fields: String,
    pub(crate) steps: Vec<Steps>,
    pub(crate) holds_up: String,
    pub(crate) time: String,
    pub(crate) glance: Vec<(String, String)>,
    pub(crate) fees: Vec<Fee>,
    pub(crate) results: Vec<(String, String)>,
    pub(crate) parcels: String,
    pub(crate) changes: Vec<Change>,
    /// What fell away: department, paper, why.
    pub(crate) fallen: Vec<(String, String, String)>,
    /// Whether the papers are proven to be the fewest.
    pub(crate) exact: bool,
}

/// Draws the guide of `matter` as planned.
pub(crate) fn guide(matter: &Matter, answers: &Answers, plan: &Plan, shelf: &Shelf, w: Say) -> Guide {
    let bring = plan.asked().count();
    let (needed, spared): (Vec<_>, Vec<_>) = plan.papers.iter().partition(|p| p.how == How::Asked);
    // What is shown below adds up to what is counted above.
    let total = bring + spared.len();
    let open = matter.questions().iter().filter(|q| !answers.contains_key(&q.id)).count();
    let days = days(plan.days(), w);
    let counts = [("papers", total.to_string()), ("bring", bring.to_string()), ("days", days)];
    let reform = matter.reform(plan);
    let (members, folded) = folded(members(matter, answers, plan, shelf, w), w);
    Guide {
        count: w.with("guide-count", &counts),
        open: if open > 0 { w.with("guide-open", &[("n", open.to_string())]) } else { String::new() },
        asks: asks(matter, answers, w),
        members,
        folded,
        spared_count: w.with("guide-spared-count", &[("n", spared.len().to_string())]),
        bring: needed.into_iter().map(|p| paper(plan, p, w)).collect(),
        spared: spared.into_iter().map(|p| paper(plan, p, w)).collect(),
        fields: fields(plan, w),
        steps: steps(plan, shelf, w),
        holds_up: holds_up(plan, w),
        time: time(plan, w),
        glance: glance(plan, total, bring, w),
        fees: plan.fees.iter().map(|f| fee(f, w)).collect(),
        results: plan
            .results
            .iter()
            .map(|r| (r.name.get(w.lang).to_owned(), name(plan, &r.item, w)))
            .collect(),
        parcels: if plan.results.len() > 1 {
            w.with("guide-parcels", &[("n", plan.parcels.to_string())])
        } else {
            String::new()
        },
        changes: reform.as_ref().map(|r| changes(r, w)).unwrap_or_default(),
        fallen: reform
            .iter()
            .flat_map(|r| &r.fallen)
            .map(|f| {
                (
                    f.department.get(w.lang).to_owned(),
                    f.name.get(w.lang).to_owned(),
                    f.why.get(w.lang).to_owned(),
                )
            })
            .collect(),
        exact: plan.exact,
    }
}

/// How long, and how long one after another where that differs.
fn time(plan: &Plan, w: Say) -> String {
    let key =
        if plan.days() > 0 && plan.days() == plan.serial_days() { "guide-time-same" } else { "guide-time" };
    w.with(key, &[("days", plan.days().to_string()), ("serial", plan.serial_days().to_string())])
}

fn days(n: u64, w: Say) -> String {
    if n == 0 { w.t("guide-at-once").into_owned() } else { w.with("guide-days", &[("n", n.to_string())]) }
}

fn asks(matter: &Matter, answers: &Answers, w: Say) -> Vec<Ask> {
    let ask = |q: &catalog::Situation| {
        let said = answers.get(&q.id);
        let chosen = |word: &str| match said {
            Some(Value::Array(many)) => many.iter().any(|v| v == word),
            Some(one) => one == word,
            None => false,
        };
        let option = |o: &forms::Choice| (o.value.clone(), o.label.get(w.lang).to_owned(), chosen(&o.value));
        Ask {
            id: q.id.clone(),
            ask: q.ask.get(w.lang).to_owned(),
            options: q.options.iter().map(option).collect(),
            several: q.several,
        }
    };
    matter.questions().into_iter().map(ask).collect()
}

/// On which side whoever reads is; nothing where there are no sides.
pub(crate) fn side(matter: &Matter, said: Option<&str>, w: Say) -> Option<Ask> {
    let sides = matter.sides();
    let option =
        |r: &&catalog::PartyRole| (r.id.clone(), r.name.get(w.lang).to_owned(), said == Some(r.id.as_str()));
    (!sides.is_empty()).then(|| Ask {
        id: SIDE.to_owned(),
        ask: w.t("guide-side").into_owned(),
        options: sides.iter().map(option).collect(),
        several: false,
    })
}

fn members(matter: &Matter, answers: &Answers, plan: &Plan, shelf: &Shelf, w: Say) -> Vec<Member> {
    let state = |m: &PlannedMember| match m.taken {
        true if matter.depends(&m.item, answers) => ("wait", w.t("member-open").into_owned()),
        true => ("info", w.t("member-taken").into_owned()),
        false => ("neutral", w.t("member-left").into_owned()),
    };
    let member = |m: &PlannedMember| Member {
        name: m.name.get(w.lang).to_owned(),
        href: format!("/items/{}", m.item),
        agency: shelf.agency(&m.agency, w.lang),
        state: state(m),
        why: m.why.get(w.lang).to_owned(),
    };
    plan.members.iter().map(member).collect()
}

/// Those to be done, and the others folded away where they are many.
fn folded(all: Vec<Member>, w: Say) -> (Vec<Member>, Vec<(String, Vec<Member>)>) {
    let mut shown = all;
    let mut folded = Vec::new();
    for (kind, key) in [("wait", "members-open"), ("neutral", "members-left")] {
        if shown.iter().filter(|m| m.state.0 == kind).count() < FOLDED_FROM {
            continue;
        }
        let (away, rest): (Vec<_>, Vec<_>) = shown.into_iter().partition(|m| m.state.0 == kind);
        folded.push((w.with(key, &[("n", away.len().to_string())]), away));
        shown = rest;
    }
    (shown, folded)
}

fn fee(f: &catalog::planner::PlannedFee, w: Say) -> Fee {
    Fee {
        name: f.name.get(w.lang).to_owned(),
        amount: f.says().get(w.lang).to_owned(),
        notes: f.notes().iter().map(|n| n.get(w.lang).to_owned()).collect(),
    }
}

fn name(plan: &Plan, item: &str, w: Say) -> String {
    let found = plan.members.iter().find(|m| m.item == item);
    found.map_or_else(|| item.to_owned(), |m| m.name.get(w.lang).to_owned())
}

fn paper(plan: &Plan, p: &PlannedPaper, w: Say) -> Paper {
    let (kind, how) = match p.how {
        How::Asked if p.optional => ("neutral", "how-maybe"),
        How::Asked => ("wait", "how-asked"),
        How::SameAs => ("good", "how-same-as"),
        How::Held => ("good", "how-held"),
        How::Kept => ("good", "how-kept"),
        How::Fetched => ("good", "how-fetched"),
        How::ProducedBy => ("good", "how-produced-by"),
        How::Declared => ("info", "how-declared"),
    };
    let mut askers: Vec<String> = Vec::new();
    for (item, _) in &p.demands {
        let name = name(plan, item, w);
        if !askers.contains(&name) {
            askers.push(name);
        }
    }
    let alone = plan.members.len() < 2;
    let mut notes = Vec::new();
    let mut note = |holds: bool, key: &str| {
        if holds {
            notes.push(w.t(key).into_owned());
        }
    };
    note(p.optional, "paper-optional");
    note(p.later, "paper-later");
    note(p.original == Some(Original::Look), "original-look");
    note(p.original == Some(Original::Keep), "original-keep");
    note(p.original == Some(Original::TakeBack), "original-take-back");
    let joined = askers.join(&w.t("list-between"));
    Paper {
        name: p.name.get(w.lang).to_owned(),
        kind,
        how: w.t(how).into_owned(),
        why: p.why.get(w.lang).to_owned(),
        for_whom: if alone { String::new() } else { w.with("paper-for", &[("items", joined)]) },
        notes,
    }
}

fn fields(plan: &Plan, w: Say) -> String {
    let (all, asked) = (plan.fields.len(), plan.fields_asked().count());
    let known = plan.fields.iter().filter(|f| f.how != FieldHow::Asked).count();
    let counts = [("all", all.to_string()), ("asked", asked.to_string()), ("known", known.to_string())];
    w.with("guide-fields", &counts)
}

fn steps(plan: &Plan, shelf: &Shelf, w: Say) -> Vec<Steps> {
    let of = |m: &PlannedMember| {
        let mut own: Vec<&PlannedStep> = plan.steps.iter().filter(|s| s.item == m.item).collect();
        own.sort_by_key(|s| (s.begins, s.rank));
        let ends = own.iter().map(|s| s.begins + s.hours).max().unwrap_or(0).div_ceil(HOURS_A_DAY);
        Steps {
            name: m.name.get(w.lang).to_owned(),
            agency: shelf.agency(&m.agency, w.lang),
            done: match ends {
                0 => w.t("guide-at-once").into_owned(),
                day => w.with("steps-done", &[("day", day.to_string())]),
            },
            holds: plan.holds_up.as_ref().is_some_and(|(item, _)| *item == m.item),
            steps: own.into_iter().map(|s| step(s, w)).collect(),
        }
    };
    plan.members.iter().filter(|m| m.taken).map(of).collect()
}

fn step(s: &PlannedStep, w: Say) -> Step {
    let day = s.begins / HOURS_A_DAY + 1;
    let term = s.term.map_or_else(String::new, |t| t.text().get(w.lang).to_owned());
    Step {
        title: s.title.get(w.lang).to_owned(),
        when: match s.hours {
            0 => w.t("step-at-once").into_owned(),
            _ => w.with("step-when", &[("day", day.to_string()), ("term", term)]),
        },
        critical: s.critical && s.hours > 0,
        waits: s.waits.iter().map(|t| t.get(w.lang).to_owned()).collect(),
    }
}

fn holds_up(plan: &Plan, w: Say) -> String {
    let Some((item, step)) = &plan.holds_up else { return String::new() };
    let found = plan.steps.iter().find(|s| s.item == *item && s.id == *step);
    let title = found.map_or_else(|| step.clone(), |s| s.title.get(w.lang).to_owned());
    w.with("guide-holds-up", &[("step", title), ("item", name(plan, item, w))])
}

fn glance(plan: &Plan, total: usize, bring: usize, w: Say) -> Vec<(String, String)> {
    let one = |key: &str, value: String| (w.t(key).into_owned(), value);
    let count = [("papers", total.to_string()), ("bring", bring.to_string())];
    vec![
        one("glance-papers", w.with("glance-papers-value", &count)),
        one("glance-days", days(plan.days(), w)),
        one("glance-visits", w.with("glance-visits-value", &[("n", plan.visits.to_string())])),
        one(
            "glance-fee",
            if plan.fees.is_empty() {
                w.t("glance-free").into_owned()
            } else {
                plan.bill().get(w.lang).to_owned()
            },
        ),
    ]
}

fn changes(r: &Reform, w: Say) -> Vec<Change> {
    let line = |key: &str, before: String, now: String| Change { what: w.t(key).into_owned(), before, now };
    let mut lines = vec![
        line("change-papers", r.papers_before.to_string(), r.papers_after.to_string()),
        line("change-forms", r.forms_before.to_string(), r.forms_after.to_string()),
        line("change-fields", r.fields_before.to_string(), r.fields_after.to_string()),
        line("change-visits", r.visits_before.to_string(), r.visits_after.to_string()),
    ];
    if let Some(before) = r.days_before {
        lines.push(line("change-days", before.to_string(), r.days_critical.to_string()));
    }
    lines
}
