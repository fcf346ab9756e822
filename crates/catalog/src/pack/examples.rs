//! Checking examples: every name in them is one of the item's.

use super::check::Found;
use crate::{By, Do, Example, Item, Shared};
use kernel::Money;
use std::collections::BTreeSet;

/// Checks every example.
pub fn check(item: &Item, shared: &Shared, found: &mut Found<'_>) {
    for (e, example) in item.examples.iter().enumerate() {
        let path = format!("examples[{e}]");
        given(item, shared, example, &path, found);
        for (d, act) in example.given.acts.iter().enumerate() {
            self::act(item, act, &format!("{path}.given.do[{d}]"), found);
        }
        expect(item, example, &path, found);
    }
}

fn is_step(item: &Item, id: &str) -> bool {
    item.process.iter().any(|s| s.id == id)
}

fn given(item: &Item, shared: &Shared, example: &Example, path: &str, found: &mut Found<'_>) {
    let given = &example.given;
    for id in given.answers.keys().filter(|id| item.form.field(id).is_none()) {
        found.unknown(&format!("{path}.given.answers.{id}"), ("表单字段", "form field"), id);
    }
    for id in given.known.keys().filter(|id| shared.elements.get(id).is_none()) {
        found.unknown(&format!("{path}.given.known"), ("数据元", "data element"), id);
    }
    for id in given.sources.keys().filter(|id| !item.sources.iter().any(|s| s.id == **id)) {
        found.unknown(&format!("{path}.given.sources.{id}"), ("数据来源", "source"), id);
    }
    for id in given.decide.keys().filter(|id| !is_step(item, id)) {
        found.unknown(&format!("{path}.given.decide.{id}"), ("步骤", "step"), id);
    }
    let tolerable = |id: &String| item.materials.iter().any(|m| m.id == *id && m.tolerable.is_some());
    for id in given.promised.iter().filter(|id| !tolerable(id)) {
        found.unknown(&format!("{path}.given.promised"), ("可后补的材料", "paper that may come later"), id);
    }
    if given.declares && item.declaration.is_none() {
        found.say(
            &format!("{path}.given.declares"),
            "这个事项没有告知承诺。",
            "This item has no `declaration`.",
        );
    }
}

fn act(item: &Item, act: &Do, path: &str, found: &mut Found<'_>) {
    match act {
        Do::Step { step, amount, .. } => {
            if !is_step(item, step) {
                found.unknown(&format!("{path}.step"), ("步骤", "step"), step);
            }
            if let Some(Err(error)) = amount.as_ref().map(|a| a.parse::<Money>()) {
                found.text(&format!("{path}.amount"), error.say);
            }
        }
        Do::Line { line, .. } => {
            if !item.process.iter().any(|s| matches!(&s.by, By::External(system) if system == line)) {
                found.unknown(&format!("{path}.line"), ("业务系统的步骤", "step of the line system"), line);
            }
        }
        Do::Suspend { suspend, .. } => {
            if !item.suspensions.iter().any(|s| s.kind == *suspend) {
                found.unknown(&format!("{path}.suspend"), ("特别程序", "special procedure"), suspend);
            }
        }
        Do::Object { object, .. } => {
            if !item.process.iter().any(|s| s.id == *object && s.publicity.is_some()) {
                found.unknown(&format!("{path}.object"), ("公示步骤", "step with publicity"), object);
            }
        }
        Do::Keep { keep } => {
            for id in keep.iter().filter(|id| !item.materials.iter().any(|m| m.id == **id)) {
                found.unknown(&format!("{path}.keep"), ("材料", "paper"), id);
            }
        }
        Do::Confirm { confirm } => {
            if !item.roles.iter().any(|r| r.id == *confirm) {
                found.unknown(&format!("{path}.confirm"), ("当事人角色", "role"), confirm);
            }
        }
        Do::Pay { pay } => {
            if pay != crate::APPLICANT && !item.roles.iter().any(|r| r.id == *pay) {
                found.unknown(&format!("{path}.pay"), ("当事人角色", "role"), pay);
            }
        }
        Do::Hearing { .. } if item.hearing.is_none() => {
            found.say(path, "这个事项没有听证。", "This item has no `hearing`.");
        }
        Do::Hearing { .. }
        | Do::Wait { .. }
        | Do::Accept { .. }
        | Do::Resume { .. }
        | Do::Extend { .. }
        | Do::Withdraw { .. } => {}
    }
}

fn expect(item: &Item, example: &Example, path: &str, found: &mut Found<'_>) {
    let reasons: BTreeSet<&str> =
        item.process.iter().flat_map(|s| &s.checks).map(|c| c.id.as_str()).collect();
    let expect = &example.expect;
    let plain = |id: &String| id.split(['[', '.']).next().unwrap_or_default().to_owned();
    for id in expect.errors.iter().filter(|id| item.form.field(&plain(id)).is_none()) {
        found.unknown(&format!("{path}.expect.errors"), ("表单字段", "form field"), id);
    }
    for id in expect.reasons.iter().filter(|id| !reasons.contains(id.as_str())) {
        found.unknown(&format!("{path}.expect.reasons"), ("理由", "reason"), id);
    }
    for id in expect.degraded.iter().filter(|id| !item.sources.iter().any(|s| s.id == **id)) {
        found.unknown(&format!("{path}.expect.degraded"), ("数据来源", "source"), id);
    }
    for id in expect
        .terms
        .keys()
        .filter(|id| !["statutory", "promised"].contains(&id.as_str()) && !is_step(item, id))
    {
        found.unknown(&format!("{path}.expect.terms.{id}"), ("期限或步骤", "term or step"), id);
    }
    for (step, band) in &expect.bands {
        let standard = item.process.iter().find(|s| s.id == *step).and_then(|s| s.standard.as_ref());
        if !standard.is_some_and(|s| s.bands.iter().any(|b| b.id == *band)) {
            found.unknown(&format!("{path}.expect.bands.{step}"), ("裁量档次", "band"), band);
        }
    }
    for id in expect.open.iter().chain(expect.agencies.keys()).filter(|id| !is_step(item, id)) {
        found.unknown(&format!("{path}.expect"), ("步骤", "step"), id);
    }
}
