//! Rules that cannot be evaluated: that do not fit the facts, or ask for facts that can never be there.

use crate::index::Index;
use crate::{Report, Rule, Severity};
use catalog::{Audience, FeeAmount, Item};
use forms::{Condition, Field, Sharing};
use kernel::Text;
use kernel::rules::Schema;

/// Whether a rule gives yes or no, or a value of any type.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Gives {
    Truth,
    Value,
}

/// Looks at every rule of every item.
pub(crate) fn check(index: &Index<'_>, report: &mut Report) {
    for item in index.stock.items {
        let mut schema: Option<Schema> = None;
        each(item, &mut |path, condition, gives, group| {
            if condition.rule().is_none() {
                let schema = schema.get_or_insert_with(|| readable(index, item));
                uncompiled(item, &path, condition, gives, &with_row(schema, group), report);
            } else {
                absent(index, item, &path, condition, report);
            }
        });
    }
}

/// All paths that rules of this item may read.
fn readable(index: &Index<'_>, item: &Item) -> Schema {
    let mut schema = index.stock.elements.schema();
    schema.merge(&item.form.schema());
    for source in &item.sources {
        for (name, field) in index.register(&source.source).into_iter().flat_map(|r| &r.fields) {
            schema.insert(&format!("{}.{name}", source.id), field.kind.rule_type());
        }
    }
    schema
}

/// Inside a group, rules also read the row.
fn with_row(schema: &Schema, group: Option<&Field>) -> Schema {
    let rows = group.into_iter().flat_map(|g| &g.fields);
    rows.fold(schema.clone(), |schema, f| schema.with(&format!("row.{}", f.id), f.kind().rule_type()))
}

fn uncompiled(
    item: &Item,
    path: &str,
    condition: &Condition,
    gives: Gives,
    schema: &Schema,
    report: &mut Report,
) {
    let mut trial = condition.clone();
    let outcome = match gives {
        Gives::Truth => trial.compile(schema),
        Gives::Value => trial.compile_value(schema),
    };
    let Some(error) = outcome.err().and_then(|errors| errors.into_iter().next()) else { return };
    report.add(
        Rule::RuleUnevaluable,
        Severity::Error,
        (&item.key, path.to_owned()),
        Text::new(
            format!("规则“{}”无法计算：{}", condition.source, error.say.zh),
            format!("The rule `{}` cannot be evaluated: {}", condition.source, error.say.en),
        ),
        Text::new(
            "请改正规则，或补上它读取的字段、登记。",
            "Correct the rule, or add the field or register that it reads.",
        ),
    );
}

/// Facts that can never be there: of a register that is never shared, of a firm where only persons apply.
fn absent(index: &Index<'_>, item: &Item, path: &str, condition: &Condition, report: &mut Report) {
    let persons_only = item.audience.as_slice() == [Audience::Person];
    for read in condition.rule().into_iter().flat_map(|r| r.paths()) {
        let root = read.split('.').next().unwrap_or(read);
        let source = item.sources.iter().find(|s| s.id == root);
        let closed = source.and_then(|s| index.register(&s.source)).filter(|r| r.sharing == Sharing::Never);
        let why = if let Some(register) = closed {
            Text::new(
                format!("规则要读“{read}”，但“{}”不予共享，永远读不到。", register.name.zh),
                format!("The rule reads `{read}`, but “{}” is never shared.", register.name.en),
            )
        } else if root == "organisation" && persons_only {
            Text::new(
                format!("规则要读“{read}”，但这个事项只由个人申请，永远没有单位。"),
                format!(
                    "The rule reads `{read}`, but only persons apply for this item: there is never a firm."
                ),
            )
        } else {
            continue;
        };
        let fix = Text::new(
            "请改用读得到的内容，或者由人审查（by: 部门）。",
            "Read what can be had, or let a person judge (`by:` an agency).",
        );
        report.add(Rule::RuleUnevaluable, Severity::Error, (&item.key, path.to_owned()), why, fix);
        return;
    }
}

pub(crate) type Visit<'v> = dyn FnMut(String, &Condition, Gives, Option<&Field>) + 'v;

/// Every rule of an item, with its path.
pub(crate) fn each(item: &Item, visit: &mut Visit<'_>) {
    for (s, section) in item.form.sections.iter().enumerate() {
        for (f, field) in section.fields.iter().enumerate() {
            of_field(&format!("form[{s}].fields[{f}]"), field, None, visit);
        }
    }
    for (s, source) in item.sources.iter().enumerate() {
        for (key, rule) in &source.keys {
            visit(format!("sources[{s}].keys.{key}"), rule, Gives::Value, None);
        }
        whether(format!("sources[{s}].when"), source.when.as_ref(), visit);
    }
    for (m, material) in item.materials.iter().enumerate() {
        whether(format!("materials[{m}].when"), material.when.as_ref(), visit);
    }
    of_process(item, visit);
    whether("hearing.when".to_owned(), item.hearing.as_ref().and_then(|h| h.when.as_ref()), visit);
    let not_when = item.declaration.as_ref().and_then(|d| d.not_when.as_ref());
    whether("declaration.not_when".to_owned(), not_when, visit);
    whether("entitlement.when".to_owned(), item.entitlement.as_ref().map(|e| &e.when), visit);
    if let Some(child) = item.entitlement.as_ref().and_then(|e| e.child.as_ref()) {
        visit("entitlement.child.among".to_owned(), &child.among, Gives::Value, None);
    }
    for (f, fee) in item.fees.iter().enumerate() {
        whether(format!("fees[{f}].when"), fee.when.as_ref(), visit);
        if let FeeAmount::Rule(by) = &fee.amount {
            visit(format!("fees[{f}].amount.rule"), &by.rule, Gives::Value, None);
        }
    }
    for (r, result) in item.results.iter().enumerate() {
        for (word, rule) in [("from", &result.valid.from), ("to", &result.valid.to)] {
            if let Some(rule) = rule {
                visit(format!("results[{r}].valid.{word}"), rule, Gives::Value, None);
            }
        }
        for (f, field) in result.fields.iter().enumerate() {
            visit(format!("results[{r}].fields[{f}].value"), &field.value, Gives::Value, None);
        }
    }
}

fn whether(path: String, rule: Option<&Condition>, visit: &mut Visit<'_>) {
    if let Some(rule) = rule {
        visit(path, rule, Gives::Truth, None);
    }
}

fn of_field(path: &str, field: &Field, group: Option<&Field>, visit: &mut Visit<'_>) {
    for (word, rule) in [("show", &field.show), ("require", &field.require)] {
        if let Some(rule) = rule {
            visit(format!("{path}.{word}"), rule, Gives::Truth, group);
        }
    }
    for (c, check) in field.checks.iter().enumerate() {
        visit(format!("{path}.checks[{c}].rule"), &check.rule, Gives::Truth, group);
    }
    for (f, child) in field.fields.iter().enumerate() {
        of_field(&format!("{path}.fields[{f}]"), child, Some(field), visit);
    }
}

fn of_process(item: &Item, visit: &mut Visit<'_>) {
    for (s, step) in item.process.iter().enumerate() {
        whether(format!("process[{s}].when"), step.when.as_ref(), visit);
        whether(format!("process[{s}].rule"), step.rule.as_ref(), visit);
        for (c, check) in step.checks.iter().enumerate() {
            visit(format!("process[{s}].checks[{c}].rule"), &check.rule, Gives::Truth, None);
        }
        for (b, band) in step.standard.iter().flat_map(|s| s.bands.iter().enumerate()) {
            visit(format!("process[{s}].standard.bands[{b}].when"), &band.when, Gives::Truth, None);
        }
    }
}
