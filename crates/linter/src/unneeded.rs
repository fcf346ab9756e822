//! What is asked and nobody looks at: once every step says what its examiner needs, a field that no step, rule, result or line
//! system reads is one too many (最小必要).

use crate::index::Index;
use crate::rules::each;
use crate::{Report, Rule, Severity};
use catalog::{By, Item, Otherwise, Step};
use forms::FieldType;
use kernel::Text;
use std::collections::BTreeSet;

/// Looks at every item whose steps all say what they need.
pub(crate) fn check(index: &Index<'_>, report: &mut Report) {
    for item in index.stock.items.iter().filter(|i| told(i)) {
        let read = read(item);
        for (s, section) in item.form.sections.iter().enumerate() {
            for (f, field) in section.fields.iter().enumerate() {
                // Files belong to papers, declarations bind whoever makes them, and a telephone is how they are reached.
                let other =
                    matches!(field.kind(), FieldType::File | FieldType::Declaration | FieldType::Phone);
                if other || read.contains(&field.id) {
                    continue;
                }
                let why = Text::new(
                    format!("“{}”要填，但没有一个步骤、规则或证照用得着它。", field.label.zh),
                    format!("“{}” is asked, but no step, rule or certificate reads it.", field.label.en),
                );
                let fix = Text::new(
                    "请删去；审查的人要看的，写进那个步骤的 needs.fields。",
                    "Drop it; where an examiner looks at it, put it into that step's needs.fields.",
                );
                let at = (item.key.as_str(), format!("form[{s}].fields[{f}]"));
                report.add(Rule::NeedlessField, Severity::Warning, at, why, fix);
            }
        }
    }
}

/// Whether an item says of every step what its examiner needs.
fn told(item: &Item) -> bool {
    item.process.iter().any(|s| s.needs.is_some()) && item.process.iter().all(says)
}

/// Whether a step says what it needs, or nobody examines it.
fn says(step: &Step) -> bool {
    let decided = step.by == By::Automatic && step.otherwise == Some(Otherwise::Refuse);
    step.needs.is_some() || decided || matches!(step.by, By::External(_))
}

/// The fields that anything reads.
fn read(item: &Item) -> BTreeSet<String> {
    let mut read: BTreeSet<String> = BTreeSet::new();
    let mut path = |path: &str| {
        let field = path.strip_prefix("form.").and_then(|rest| rest.split(['.', '[']).next());
        read.extend(field.map(str::to_owned));
    };
    each(item, &mut |_, condition, _, _| {
        condition.rule().into_iter().flat_map(|r| r.paths()).for_each(|p| path(p));
    });
    item.roles.iter().filter_map(|r| r.person.as_deref()).chain(item.place.as_deref()).for_each(&mut path);
    for step in &item.process {
        read.extend(step.needs.iter().flat_map(|n| &n.fields).chain(&step.tells).cloned());
    }
    read.extend(item.situations.iter().map(|s| s.id.clone()));
    read
}
