//! What never comes to be: steps that wait for each other, that no answer calls for, that the decision does not wait for.

use crate::index::Index;
use crate::{Report, Rule, Severity};
use catalog::{Item, MatterTheme, Situation};
use forms::{Condition, FieldType};
use kernel::Text;
use kernel::rules::Verdict;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// So many combinations of answers are tried for one condition.
const COMBINATIONS_MAX: usize = 4_096;
/// Of a question with several answers, every set of so many words is tried.
const SEVERAL_MAX: usize = 8;

/// Looks at every process and every theme.
pub(crate) fn check(index: &Index<'_>, report: &mut Report) {
    for item in index.stock.items {
        waiting(item, report);
        called(item, report);
    }
    for theme in index.stock.themes {
        members(index, theme, report);
    }
}

fn never(at: (&str, String), severity: Severity, why: Text, fix: Text, report: &mut Report) {
    report.add(Rule::UnreachableStep, severity, at, why, fix);
}

/// Steps that wait for themselves, for what is not there, or for which the decision does not wait.
fn waiting(item: &Item, report: &mut Report) {
    let ids: BTreeSet<&str> = item.process.iter().map(|s| s.id.as_str()).collect();
    let needed = before(item, &item.decision.after);
    for (s, step) in item.process.iter().enumerate() {
        let at = |word: &str| (item.key.as_str(), format!("process[{s}]{word}"));
        if let Some(gone) = step.after.iter().find(|a| !ids.contains(a.as_str())) {
            let why = Text::new(
                format!("步骤“{}”要等“{gone}”，但没有这个步骤，永远轮不到它。", step.title.zh),
                format!(
                    "The step “{}” waits for `{gone}`, which does not exist: its turn never comes.",
                    step.title.en
                ),
            );
            never(at(".after"), Severity::Error, why, correct_after(), report);
        } else if before(item, &step.after).contains(step.id.as_str()) {
            let why = Text::new(
                format!("步骤“{}”永远到不了：它要等的步骤又在等它。", step.title.zh),
                format!("The step “{}” is never reached: what it waits for waits for it.", step.title.en),
            );
            never(at(".after"), Severity::Error, why, correct_after(), report);
        } else if !needed.contains(step.id.as_str()) {
            let why = Text::new(
                format!("决定不等步骤“{}”，它做不做都一样。", step.title.zh),
                format!(
                    "The decision does not wait for the step “{}”: it might as well not be there.",
                    step.title.en
                ),
            );
            let fix =
                Text::new("请写进 decision.after，或者删去。", "Put it into `decision.after`, or drop it.");
            never(at(""), Severity::Error, why, fix, report);
        }
    }
}

fn correct_after() -> Text {
    Text::new("请改正 after。", "Correct `after`.")
}

/// The steps that must be done before what waits for `after`, directly or through others.
fn before<'a>(item: &'a Item, after: &'a [String]) -> BTreeSet<&'a str> {
    let mut before: BTreeSet<&str> = BTreeSet::new();
    let mut waiting: Vec<&str> = after.iter().map(String::as_str).collect();
    while let Some(id) = waiting.pop() {
        if before.insert(id) {
            let step = item.process.iter().find(|s| s.id == id);
            waiting.extend(step.into_iter().flat_map(|s| s.after.iter().map(String::as_str)));
        }
    }
    before
}

/// Steps and papers whose condition no answers fulfil.
fn called(item: &Item, report: &mut Report) {
    let choices = choices_of_form(item);
    let fix = || Text::new("请改正 when，或者删去。", "Correct `when`, or drop it.");
    for (s, step) in item.process.iter().enumerate() {
        if step.when.as_ref().is_some_and(|when| unfulfillable(when, &choices)) {
            let why = Text::new(
                format!("步骤“{}”的条件怎么回答都不成立。", step.title.zh),
                format!("No answers ever call for the step “{}”.", step.title.en),
            );
            never((&item.key, format!("process[{s}].when")), Severity::Error, why, fix(), report);
        }
    }
    for (m, material) in item.materials.iter().enumerate() {
        if material.when.as_ref().is_some_and(|when| unfulfillable(when, &choices)) {
            let why = Text::new(
                format!("材料“{}”的条件怎么回答都不成立。", material.name.zh),
                format!("No answers ever call for the paper “{}”.", material.name.en),
            );
            never((&item.key, format!("materials[{m}].when")), Severity::Warning, why, fix(), report);
        }
    }
}

/// Every question with few answers: `form.mortgage` → yes, no.
type Choices = BTreeMap<String, Vec<Value>>;

fn choices_of_form(item: &Item) -> Choices {
    let fields = item.form.fields().filter_map(|field| {
        let values = match field.kind() {
            FieldType::Choice => field.options.iter().map(|o| Value::from(o.value.as_str())).collect(),
            FieldType::Declaration => vec![Value::from(true), Value::from(false)],
            _ => return None,
        };
        Some((format!("form.{}", field.id), values))
    });
    fields.chain(choices_of(&item.situations)).collect()
}

/// The words whose bits are set.
fn chosen(words: &[&str], set: usize) -> Value {
    words.iter().enumerate().filter(|(bit, _)| set >> bit & 1 == 1).map(|(_, word)| *word).collect()
}

fn choices_of(situations: &[Situation]) -> impl Iterator<Item = (String, Vec<Value>)> {
    situations.iter().filter_map(|s| {
        let words: Vec<&str> = s.options.iter().map(|o| o.value.as_str()).collect();
        let values = match (s.several, words.len()) {
            (false, _) => words.into_iter().map(Value::from).collect(),
            (true, n @ 1..=SEVERAL_MAX) => (1..1_usize << n).map(|set| chosen(&words, set)).collect(),
            (true, _) => return None,
        };
        Some((format!("form.{}", s.id), values))
    })
}

/// Whether no situation of a theme fulfils all these conditions.
pub(crate) fn never_together(theme: &MatterTheme, whens: &[&Condition]) -> bool {
    let choices: Choices = choices_of(&theme.situations).collect();
    !whens.is_empty() && none_fulfil(whens, &choices)
}

fn unfulfillable(when: &Condition, choices: &Choices) -> bool {
    none_fulfil(&[when], choices)
}

/// Whether conditions over questions with few answers hold together for none of them; one over anything else may hold.
fn none_fulfil(whens: &[&Condition], choices: &Choices) -> bool {
    let rules: Vec<_> = whens.iter().filter_map(|w| w.rule()).collect();
    if rules.len() < whens.len() {
        return false;
    }
    let paths: BTreeSet<&String> = rules.iter().flat_map(|r| r.paths()).collect();
    let mut asked: Vec<(&str, &[Value])> = Vec::new();
    let mut combinations: usize = 1;
    for path in paths {
        let Some(values) = choices.get(path) else { return false };
        combinations = combinations.saturating_mul(values.len());
        asked.push((path.trim_start_matches("form."), values));
    }
    if combinations > COMBINATIONS_MAX {
        return false;
    }
    (0..combinations).all(|n| {
        let mut rest = n;
        let mut form = Map::new();
        for (id, values) in &asked {
            let value = values.get(rest % values.len().max(1)).cloned().unwrap_or_default();
            rest /= values.len().max(1);
            form.insert((*id).to_owned(), value);
        }
        let facts = serde_json::json!({ "form": form });
        rules.iter().any(|r| r.test(&facts) == Verdict::No)
    })
}

/// Members that nobody has, that no situation calls for, or that wait for each other.
fn members(index: &Index<'_>, theme: &MatterTheme, report: &mut Report) {
    let known: BTreeSet<&str> = index.stock.items.iter().map(|i| i.key.as_str()).collect();
    let choices: Choices = choices_of(&theme.situations).collect();
    for (m, member) in theme.members.iter().enumerate() {
        let at = |word: &str| (theme.id.as_str(), format!("members[{m}]{word}"));
        if !known.contains(member.item.as_str()) {
            let why = Text::new(
                format!("没有事项“{}”。", member.item),
                format!("There is no item `{}`.", member.item),
            );
            let fix = Text::new("请改正事项的键。", "Correct the item's key.");
            never(at(".item"), Severity::Error, why, fix, report);
        }
        if member.when.as_ref().is_some_and(|when| unfulfillable(when, &choices)) {
            let why = Text::new(
                format!("哪种情形都轮不到事项“{}”。", member.item),
                format!("No situation ever calls for the item `{}`.", member.item),
            );
            let fix = Text::new("请改正 when，或者删去。", "Correct `when`, or drop it.");
            never(at(".when"), Severity::Error, why, fix, report);
        }
    }
    ring(theme, report);
}

/// Members that can never begin, because what they wait for waits for them.
fn ring(theme: &MatterTheme, report: &mut Report) {
    let mut begun: BTreeSet<&str> = BTreeSet::new();
    let all: BTreeSet<&str> = theme.members.iter().map(|m| m.item.as_str()).collect();
    loop {
        let ready = |item: &str| begun.contains(item) || !all.contains(item);
        let more: Vec<&str> = theme
            .members
            .iter()
            .filter(|m| !begun.contains(m.item.as_str()) && m.after.iter().all(|a| ready(&a.item)))
            .map(|m| m.item.as_str())
            .collect();
        if more.is_empty() {
            break;
        }
        begun.extend(more);
    }
    for (m, member) in theme.members.iter().enumerate().filter(|(_, m)| !begun.contains(m.item.as_str())) {
        let why = Text::new(
            format!("事项“{}”要等的事项又在等它，谁也开不了头。", member.item),
            format!("What the item `{}` waits for waits for it: neither can begin.", member.item),
        );
        let at = (theme.id.as_str(), format!("members[{m}].after"));
        never(at, Severity::Error, why, correct_after(), report);
    }
}
