//! Checking fees: amounts, rules, who pays.

use super::check::Found;
use crate::{APPLICANT, DECISION, Fee, FeeAmount, FeeDue, Item, Step};
use kernel::Money;
use kernel::rules::{Schema, Type};

/// Checks every fee and compiles its rules.
pub(super) fn check(item: &mut Item, schema: &Schema, found: &mut Found<'_>) {
    let Item { fees, roles, process, .. } = item;
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
        waits(fee, process, &path, found);
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

/// What waits for a fee is there, can be paid for, and does not come before its bill.
fn waits(fee: &Fee, process: &[Step], path: &str, found: &mut Found<'_>) {
    let Some(before) = &fee.before else {
        if fee.due == FeeDue::Assessment {
            found.say(
                &format!("{path}.due"),
                "核定后开单的费用要写明缴清之前不能做什么（before）。",
                "A fee that is due after its assessment says what waits for it (`before`).",
            );
        }
        return;
    };
    let step = process.iter().any(|p| p.id == *before);
    if before != DECISION && !step {
        found.unknown(&format!("{path}.before"), ("环节", "step"), before);
    } else if before == DECISION && step {
        found.say(
            &format!("{path}.before"),
            "有一个环节也叫 decision，这里指不明；请给环节改名。",
            "A step is called `decision` too; give it another id.",
        );
    }
    if fee.code.is_none() {
        found.say(
            &format!("{path}.before"),
            "没有收费目录编码（code）的费用不开单，不能要求先缴。",
            "A fee without a `code` is not billed, so nothing can wait for it.",
        );
    }
    if fee.due == FeeDue::Grant {
        found.say(
            &format!("{path}.before"),
            "准予之后才开单的费用，不能要求在准予之前缴清。",
            "What is billed with the grant cannot be paid before it.",
        );
    }
}
