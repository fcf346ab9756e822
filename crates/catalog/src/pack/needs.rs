//! Checking who sees what: what a step's examiner needs, and what a line system is told.

use super::check::Found;
use crate::{By, Item, Needs, Step};
use forms::{Condition, Field, FieldType};
use std::collections::BTreeSet;

/// Checks every step; its rules are compiled.
pub(super) fn check(item: &Item, found: &mut Found<'_>) {
    for (s, step) in item.process.iter().enumerate() {
        let path = format!("process[{s}]");
        if let Some(needs) = &step.needs {
            self::needs(item, step, needs, &format!("{path}.needs"), found);
        }
        tells(item, step, &path, found);
    }
}

fn needs(item: &Item, step: &Step, needs: &Needs, path: &str, found: &mut Found<'_>) {
    if matches!(step.by, By::External(_)) {
        found.say(
            path,
            "业务系统的步骤没有人在这里审查，不写 needs；告诉它什么用 tells 写。",
            "Nobody examines a line system's step here, so it has no `needs`; what it is told stands in `tells`.",
        );
    }
    if *needs == Needs::default() {
        found.say(
            path,
            "needs 里什么也没有：请写明要看的内容，都要看的就不写 needs。",
            "`needs` names nothing: say what is looked at, or leave it out where all of it is.",
        );
    }
    let field = |id: &str| item.form.field(id).is_some();
    let paper = |id: &str| item.materials.iter().any(|m| m.id == id);
    let fact = |id: &str| item.sources.iter().any(|s| s.id == id);
    names(&needs.fields, &format!("{path}.fields"), ("表单字段", "form field"), field, found);
    names(&needs.papers, &format!("{path}.papers"), ("材料", "paper"), paper, found);
    names(&needs.facts, &format!("{path}.facts"), ("数据来源", "source"), fact, found);
    let read = rules(step).filter_map(Condition::rule).flat_map(|r| r.paths().iter().map(String::as_str));
    let read: BTreeSet<&str> = read.collect();
    for read in read {
        let (root, leaf) = read.split_once('.').unwrap_or((read, ""));
        let leaf = leaf.split(['.', '[']).next().unwrap_or_default();
        let (word, id, named) = match root {
            "form" => ("fields", leaf, needs.fields.iter().any(|f| f == leaf)),
            alias if fact(alias) => ("facts", alias, needs.facts.iter().any(|f| f == alias)),
            _ => continue,
        };
        if !named {
            found.say(
                path,
                format!("这个步骤的规则要读“{read}”，审查的人却看不到：请把“{id}”写进 needs.{word}。"),
                format!("A rule of this step reads `{read}`, which its examiner would not see: put `{id}` into needs.{word}."),
            );
        }
    }
}

/// The rules whose outcome is put before whoever examines a step.
fn rules(step: &Step) -> impl Iterator<Item = &Condition> {
    let bands = step.standard.iter().flat_map(|s| &s.bands).map(|b| &b.when);
    step.rule.iter().chain(step.checks.iter().map(|c| &c.rule)).chain(bands)
}

fn names(
    ids: &[String],
    path: &str,
    what: (&str, &str),
    known: impl Fn(&str) -> bool,
    found: &mut Found<'_>,
) {
    let mut seen = BTreeSet::new();
    for (n, id) in ids.iter().enumerate() {
        let path = format!("{path}[{n}]");
        if !known(id) {
            found.unknown(&path, what, id);
        }
        if !seen.insert(id) {
            found.say(&path, format!("“{id}”写了两次。"), format!("`{id}` is there twice."));
        }
    }
}

fn tells(item: &Item, step: &Step, path: &str, found: &mut Found<'_>) {
    let path = format!("{path}.tells");
    if !step.tells.is_empty() && !matches!(step.by, By::External(_)) {
        found.say(
            &path,
            "tells 只用于业务系统的步骤（by: external:…）。",
            "`tells` is for steps of line systems (`by: external:…`).",
        );
    }
    let known = |id: &str| item.form.field(id).is_some();
    names(&step.tells, &path, ("表单字段", "form field"), known, found);
    for (t, id) in step.tells.iter().enumerate() {
        let Some(field) = item.form.field(id) else { continue };
        if closed(field) {
            found.say(
                &format!("{path}[{t}]"),
                format!("“{id}”是保密的内容或者文件，不能告诉业务系统。"),
                format!("`{id}` is secret or a file: a line system is not told it."),
            );
        }
    }
}

/// What never leaves for a line system: secrets, personal numbers, files, and groups that hold any.
fn closed(field: &Field) -> bool {
    let kind = matches!(field.kind(), FieldType::CitizenId | FieldType::File);
    field.secret || kind || field.fields.iter().any(closed)
}
