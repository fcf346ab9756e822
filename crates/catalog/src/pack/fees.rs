//! Checking fees: amounts, rules, who pays.

use super::check::Found;
use crate::{APPLICANT, FeeAmount, Item};
use kernel::Money;
use kernel::rules::{Schema, Type};

/// Checks every fee and compiles its rules.
pub(super) fn check(item: &mut Item, schema: &Schema, found: &mut Found<'_>) {
    let Item { fees, roles, .. } = item;
    for (f, fee) in fees.iter_mut().enumerate() {
        let path = format!("fees[{f}]");
        if let Some(when) = &mut fee.when {
            found.rule(&format!("{path}.when"), when.compile(schema));
        }
        if let Some(payer) =
            fee.payer.as_ref().filter(|p| *p != APPLICANT && !roles.iter().any(|r| r.id == **p))
        {
            found.unknown(&format!("{path}.payer"), ("当事人角色（见 roles）", "role (see `roles`)"), payer);
        }
        match &mut fee.amount {
            FeeAmount::Fixed(text) => {
                if let Err(error) = text.parse::<Money>() {
                    found.text(&format!("{path}.amount"), error.say);
                }
            }
            FeeAmount::Rule(by) => {
                let path = format!("{path}.amount");
                found.rule(&format!("{path}.rule"), by.rule.compile_value(schema));
                let ty = by.rule.rule().map(kernel::rules::Rule::ty);
                if ty.is_some_and(|ty| !matches!(ty, Type::Money | Type::Decimal | Type::Number)) {
                    found.say(
                        &format!("{path}.rule"),
                        "这里应得出金额，或者以元为单位的数。",
                        "This must come to an amount, or to a number of yuan.",
                    );
                }
                if by.say.zh.trim().is_empty() || by.say.en.trim().is_empty() {
                    found.say(&format!("{path}.say"), "中文和英文都要写。", "Write it in both languages.");
                }
            }
        }
    }
}
