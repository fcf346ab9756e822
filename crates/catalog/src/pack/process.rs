//! Checking the steps: who takes them, what they wait for, their rules and standards.

use super::check::Found;
use crate::{BandOutcome, By, Item, Level, Standard, Step};
use forms::{Condition, DivisionLevel, FieldType};
use kernel::Money;
use kernel::rules::{Rule, Schema, Verdict};
use std::collections::BTreeSet;

/// Checks every step and what the decision waits for.
pub fn check(item: &mut Item, schema: &Schema, found: &mut Found<'_>) {
    found.ids("process", item.process.iter().map(|s| s.id.as_str()));
    if item.process.is_empty() {
        found.say("process", "至少要有一个步骤。", "There is at least one step.");
    }
    let ids: BTreeSet<String> = item.process.iter().map(|s| s.id.clone()).collect();
    let roles: BTreeSet<String> = item.roles.iter().map(|r| r.id.clone()).collect();
    let depth = place(item, found);
    for (s, step) in item.process.iter_mut().enumerate() {
        let path = format!("process[{s}]");
        for (a, after) in step.after.iter().enumerate().filter(|(_, a)| !ids.contains(*a)) {
            found.unknown(&format!("{path}.after[{a}]"), ("步骤", "step"), after);
        }
        for (c, role) in step.confirm.iter().enumerate().filter(|(_, r)| !roles.contains(*r)) {
            found.unknown(
                &format!("{path}.confirm[{c}]"),
                ("当事人角色（见 roles）", "role (see `roles`)"),
                role,
            );
        }
        who(step, &path, depth, found);
        rules(step, &path, schema, found);
        if let (Some(_), By::Joint(_)) = (&step.standard, &step.by) {
            found.say(
                &format!("{path}.standard"),
                "会签环节不能设裁量基准：偏离的理由只能由一个单位说明。请放在会签之前或者之后的环节。",
                "A joint step has no standard: who keeps away from it, and why, is one agency's to say. Put it on a step before or after.",
            );
        }
        if let Some(standard) = &mut step.standard {
            self::standard(standard, &format!("{path}.standard"), schema, found);
        }
    }
    for (a, after) in item.decision.after.iter().enumerate().filter(|(_, a)| !ids.contains(*a)) {
        found.unknown(&format!("decision.after[{a}]"), ("步骤", "step"), after);
    }
    super::needs::check(item, found);
}

/// How deep the place of the case is known; `None` = as deep as the item's agency stands, which no pack says.
fn place(item: &Item, found: &mut Found<'_>) -> Option<DivisionLevel> {
    let path = item.place.as_deref()?;
    let field = path.strip_prefix("form.").and_then(|id| item.form.field(id));
    match field.filter(|f| f.kind() == FieldType::Division) {
        Some(field) => Some(field.level.unwrap_or(DivisionLevel::Province)),
        None => {
            found.say(
                "place",
                format!("“{path}”不是表单中的 division 字段，请写 form.字段名。"),
                format!("`{path}` is no division field of the form; write form.FIELD."),
            );
            Some(DivisionLevel::Town)
        }
    }
}

/// Who takes a step, and what only some of them can do.
fn who(step: &Step, path: &str, depth: Option<DivisionLevel>, found: &mut Found<'_>) {
    if let By::Joint(members) = &step.by {
        let path = format!("{path}.by");
        if members.len() < 2 {
            found.say(&path, "联合审查至少要有两个部门。", "A joint review has two agencies at least.");
        }
        let names: BTreeSet<String> = members.iter().map(ToString::to_string).collect();
        let plain = members.iter().all(|m| matches!(m, By::Agency(_) | By::Level { .. }));
        if !plain || names.len() != members.len() {
            found.say(
                &path,
                "联合审查的成员是部门，每个一次；不能是 automatic、clerk 或 external。",
                "The members of a joint review are agencies, each once; not automatic, clerk or external.",
            );
        }
    }
    for member in step.by.each() {
        let By::Level { level, .. } = member else { continue };
        let needs = match level {
            Level::Town => DivisionLevel::Town,
            Level::County => DivisionLevel::County,
            Level::City => DivisionLevel::City,
            Level::Province => DivisionLevel::Province,
        };
        let known = depth.map_or(*level != Level::Town, |d| d >= needs);
        if !known {
            found.say(
                &format!("{path}.by"),
                format!("找不到“{member}”：请用 place 写明一个够深的 division 字段（level: {}）。", level.word()),
                format!("`{member}` cannot be found: name a division field that is deep enough in `place` (level: {}).", level.word()),
            );
        }
    }
    let examined = step.by.examined();
    let only = [
        ("standard", step.standard.is_some()),
        ("publicity", step.publicity.is_some()),
        ("site_visit", step.site_visit),
        ("confirm", !step.confirm.is_empty() && matches!(step.by, By::External(_))),
    ];
    for (word, _) in only.iter().filter(|(_, there)| *there && !examined) {
        found.say(
            &format!("{path}.{word}"),
            format!("{word} 只用于由部门办理的步骤。"),
            format!("`{word}` is for steps that an agency takes."),
        );
    }
    if let Some(publicity) = step.publicity.filter(|p| p.count == 0 || step.term.is_some()) {
        found.say(
            &format!("{path}.publicity"),
            format!("公示期（{publicity}）要长于零；公示步骤不另写 term。"),
            format!(
                "The time of publication ({publicity}) is longer than nothing, and such a step has no `term`."
            ),
        );
    }
}

fn rules(step: &mut Step, path: &str, schema: &Schema, found: &mut Found<'_>) {
    let ruled = step.rule.is_some() || !step.checks.is_empty();
    if (step.by == By::Automatic) != ruled {
        found.say(
            path,
            "自动步骤必须有 rule 或 checks，其他步骤不能有。",
            "An automatic step needs a `rule` or `checks`, and no other step has them.",
        );
    }
    if step.otherwise.is_some() && step.by != By::Automatic {
        found.say(
            &format!("{path}.otherwise"),
            "只有自动步骤有 otherwise。",
            "Only an automatic step has `otherwise`.",
        );
    }
    for (word, rule) in [("when", &mut step.when), ("rule", &mut step.rule)] {
        if let Some(rule) = rule {
            found.rule(&format!("{path}.{word}"), rule.compile(schema));
        }
    }
    if step.when.as_ref().and_then(Condition::rule).is_some_and(|r| fixed(r, &Verdict::No)) {
        found.say(&format!("{path}.when"), "这个步骤永远不会发生。", "This step is never taken.");
    }
    found.ids(&format!("{path}.checks"), step.checks.iter().map(|c| c.id.as_str()));
    for (c, check) in step.checks.iter_mut().enumerate() {
        found.rule(&format!("{path}.checks[{c}].rule"), check.rule.compile(schema));
    }
}

/// Whether a rule that reads nothing always comes to `verdict`.
fn fixed(rule: &Rule, verdict: &Verdict) -> bool {
    rule.paths().is_empty() && rule.test(&serde_json::json!({})) == *verdict
}

fn standard(standard: &mut Standard, path: &str, schema: &Schema, found: &mut Found<'_>) {
    if standard.bands.is_empty() {
        found.say(path, "裁量基准至少要有一档。", "A standard has one band at least.");
    }
    found.ids(&format!("{path}.bands"), standard.bands.iter().map(|b| b.id.as_str()));
    let mut closed = false;
    for (b, band) in standard.bands.iter_mut().enumerate() {
        let path = format!("{path}.bands[{b}]");
        found.rule(&format!("{path}.when"), band.when.compile(schema));
        let rule = band.when.rule();
        if closed || rule.is_some_and(|r| fixed(r, &Verdict::No)) {
            found.say(
                &format!("{path}.when"),
                "这一档永远用不到：从上往下，第一个符合的档次适用。",
                "This band never applies: the first one that holds, from the top, is the one.",
            );
        }
        closed |= rule.is_some_and(|r| fixed(r, &Verdict::Yes));
        let Some(amount) = &band.amount else { continue };
        let mut read = |word: &str, text: &str| match text.parse::<Money>() {
            Ok(money) => Some(money),
            Err(error) => {
                found.text(&format!("{path}.amount.{word}"), error.say);
                None
            }
        };
        let ends = (read("min", &amount.min), read("max", &amount.max));
        if matches!(ends, (Some(min), Some(max)) if min > max || min < Money::ZERO) {
            found.say(
                &format!("{path}.amount"),
                "金额的下限不能大于上限，也不能小于零。",
                "The least amount is not above the most, and not below zero.",
            );
        }
        if band.outcome == BandOutcome::Fail {
            found.say(&format!("{path}.amount"), "不予的档次没有金额。", "A band that fails has no amount.");
        }
    }
}
