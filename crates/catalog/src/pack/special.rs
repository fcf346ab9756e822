//! Checking what an item asks for beside the plain way: joint handling, hearing, suspension, declaration, papers later,
//! parties, keeping, migration.

use super::check::Found;
use super::check::is_slug;
use crate::{By, Item, Material, Need, SUSPENSIONS, Shared, Step};
use forms::FieldType;
use kernel::Text;
use kernel::rules::{Schema, Type};
use std::collections::BTreeSet;

/// Checks all of it.
pub fn check(item: &mut Item, schema: &Schema, found: &mut Found<'_>) {
    joint(item, found);
    found.ids("roles", item.roles.iter().map(|r| r.id.as_str()));
    if let Some(i) = item.roles.iter().position(|r| r.id == "applicant") {
        found.say(
            &format!("roles[{i}].id"),
            "applicant 就是申请人本人，不用写。",
            "`applicant` is whoever files and need not be listed.",
        );
    }
    persons(item, found);
    if let Some(hearing) = &mut item.hearing {
        if let Some(when) = &mut hearing.when {
            found.rule("hearing.when", when.compile(schema));
        }
        both(&hearing.why, "hearing.why", found);
    }
    suspensions(item, found);
    declaration(item, schema, found);
    keeping(item, found);
    renews(item, found);
    preliminary(item, found);
    migration(item, found);
    reviewed(item, found);
    if item.supplement_within.is_some_and(|t| t.count == 0) {
        found.say("supplement_within", "补正期限要长于零。", "The time to supply is longer than nothing.");
    }
}

fn both(text: &Text, path: &str, found: &mut Found<'_>) {
    if text.zh.trim().is_empty() || text.en.trim().is_empty() {
        found.say(path, "中文和英文都要写。", "Write it in both languages.");
    }
}

/// Joint handling needs several agencies (Licensing Law, article 26).
fn joint(item: &Item, found: &mut Found<'_>) {
    let takers: BTreeSet<String> = item
        .process
        .iter()
        .flat_map(|s| s.by.each())
        .filter(|by| !matches!(by, By::Automatic | By::Clerk))
        .map(ToString::to_string)
        .collect();
    if item.joint && takers.len() < 2 {
        found.say(
            "joint",
            "联合办理要有两个以上部门的步骤（行政许可法第二十六条）。",
            "Joint handling needs steps of two agencies at least (Licensing Law, article 26).",
        );
    }
}

fn suspensions(item: &Item, found: &mut Found<'_>) {
    let mut seen = BTreeSet::new();
    for (s, suspension) in item.suspensions.iter().enumerate() {
        let path = format!("suspensions[{s}]");
        let kind = suspension.kind.as_str();
        if !SUSPENSIONS.contains(&kind) {
            found.say(
                &format!("{path}.kind"),
                format!("没有特别程序“{kind}”（行政许可法第四十五条）：请写 {}。", SUSPENSIONS.join("、")),
                format!(
                    "There is no special procedure `{kind}` (Licensing Law, article 45): write one of {}.",
                    SUSPENSIONS.join(", ")
                ),
            );
        }
        if !seen.insert(kind) {
            found.say(&path, format!("“{kind}”写了两次。"), format!("`{kind}` is there twice."));
        }
        if kind == "hearing" && item.hearing.is_none() {
            found.say(&path, "没有写 hearing，就没有听证。", "There is no hearing without `hearing`.");
        }
        if suspension.max.is_some_and(|t| t.count == 0) {
            found.say(&format!("{path}.max"), "时限要长于零。", "The term is longer than nothing.");
        }
        both(&suspension.why, &format!("{path}.why"), found);
    }
}

/// 国办发〔2020〕42号: what touches security, public safety, health, life or property is not decided on a declaration.
fn declaration(item: &mut Item, schema: &Schema, found: &mut Found<'_>) {
    let ids: BTreeSet<&str> = item.process.iter().map(|s| s.id.as_str()).collect();
    let Some(declaration) = &mut item.declaration else { return };
    if item.high_risk {
        found.say(
            "declaration",
            "高风险事项（high_risk）不适用告知承诺。",
            "What is high-risk (`high_risk`) is not decided on a declaration.",
        );
    }
    if declaration.steps.is_empty() {
        found.say("declaration.steps", "请写明承诺代替哪些步骤。", "Name the steps that it replaces.");
    }
    for (s, step) in declaration.steps.iter().enumerate().filter(|(_, s)| !ids.contains(s.as_str())) {
        found.unknown(&format!("declaration.steps[{s}]"), ("步骤", "step"), step);
    }
    if declaration.check_within.count == 0 {
        found.say(
            "declaration.check_within",
            "核查期限要长于零。",
            "The time to check is longer than nothing.",
        );
    }
    if let Some(when) = &mut declaration.not_when {
        found.rule("declaration.not_when", when.compile(schema));
    }
    both(&declaration.obligation, "declaration.obligation", found);
    both(&declaration.liability, "declaration.liability", found);
}

fn keeping(item: &Item, found: &mut Found<'_>) {
    if let Some(retention) = &item.retention {
        if retention.years.is_some_and(|y| !(1..=100).contains(&y)) {
            found.say(
                "retention.years",
                "保管年限在1到100年之间；永久保管的不写 years。",
                "Kept 1 to 100 years; leave `years` out when kept for ever.",
            );
        }
        both(&retention.basis, "retention.basis", found);
    }
    match &item.openness {
        Some(openness) => both(&openness.ground, "openness.ground", found),
        None => found.say(
            "openness",
            "请写明决定的公开属性和理由：open（主动公开）、on-request（依申请公开）或 closed（不予公开）（政府信息公开条例）。",
            "Say whether its decisions are open to the public and on what ground: open, on-request or closed.",
        ),
    }
}

/// 延续 (行政许可法第五十条): one held certificate goes on; nothing is made anew.
fn renews(item: &Item, found: &mut Found<'_>) {
    let Some(renews) = &item.renews else { return };
    if !is_slug(&renews.certificate) {
        found.say(
            "renews.certificate",
            "请写证照种类，例如 food-permit。",
            "Write the kind of certificate, such as food-permit.",
        );
    }
    if !(1..=30).contains(&renews.years) {
        found.say("renews.years", "延续1到30年。", "It is prolonged by 1 to 30 years.");
    }
    if !item.results.is_empty() {
        found.say(
            "results",
            "延续不另发新证，不写 results。",
            "What prolongs a certificate makes no new one; leave `results` out.",
        );
    }
    if item.materials.iter().all(|m| m.kind != renews.certificate) {
        found.say(
            "renews.certificate",
            "材料里没有这张证照，不知道延续哪一张。",
            "None of the papers is this certificate, so nobody knows which one goes on.",
        );
    }
}

/// 下级初审 (行政许可法第四十三条): its steps are the item's, and the body above has one of its own.
fn preliminary(item: &Item, found: &mut Found<'_>) {
    for (p, step) in item.preliminary.iter().enumerate() {
        if item.process.iter().all(|s| s.id != *step) {
            found.unknown(&format!("preliminary[{p}]"), ("步骤", "step"), step);
        }
    }
    if !item.preliminary.is_empty() && item.process.iter().all(|s| item.preliminary.contains(&s.id)) {
        found.say("preliminary", "上级机关也要有自己的步骤。", "The body above needs a step of its own.");
    }
}

/// Only what is paid is looked at again.
fn reviewed(item: &Item, found: &mut Found<'_>) {
    if item.reviewed && item.kind != crate::ItemKind::Benefit {
        found.say("reviewed", "定期核查只用于给付事项。", "Only a benefit is looked at again.");
    }
}

fn migration(item: &Item, found: &mut Found<'_>) {
    let Some(migration) = &item.migration else { return };
    let versions: BTreeSet<i64> = migration.from.iter().copied().collect();
    if versions.is_empty()
        || versions.len() != migration.from.len()
        || versions.first().is_some_and(|v| *v < 1)
    {
        found.say(
            "migration.from",
            "请写明接续哪些版本（1、2…），每个一次。",
            "Name the versions whose cases move over (1, 2 …), each once.",
        );
    }
    for (old, new) in &migration.steps {
        if !item.process.iter().any(|s| s.id == *new) {
            found.unknown(&format!("migration.steps.{old}"), ("步骤", "step"), new);
        }
    }
    for (old, new) in &migration.fields {
        if item.form.field(new).is_none() {
            found.unknown(&format!("migration.fields.{old}"), ("表单字段", "form field"), new);
        }
    }
    for (old, new) in &migration.materials {
        if !item.materials.iter().any(|m| m.id == *new) {
            found.unknown(&format!("migration.materials.{old}"), ("材料", "paper"), new);
        }
    }
}

/// A paper that may come later (容缺受理).
pub fn tolerance(material: &Material, path: &str, found: &mut Found<'_>) {
    let Some(tolerance) = &material.tolerable else { return };
    if material.need == Need::Optional {
        found.say(
            &format!("{path}.tolerable"),
            "非必要的材料本来就可以不交。",
            "A paper that is not necessary need not come at all.",
        );
    }
    if tolerance.within.count == 0 {
        found.say(
            &format!("{path}.tolerable.within"),
            "补交期限要长于零。",
            "The time to hand it in is longer than nothing.",
        );
    }
    if material.field.is_none() {
        found.say(
            &format!("{path}.tolerable"),
            "可以后补的材料要有 field，补交时用。",
            "A paper that may come later needs a `field` where it is handed in.",
        );
    }
    both(&tolerance.consequence, &format!("{path}.tolerable.consequence"), found);
}

/// Whose a paper is, at which step it is needed, and what stands for it.
pub fn whose(material: &Material, process: &[Step], path: &str, found: &mut Found<'_>) {
    for (word, value) in [("holder", Some(&material.holder)), ("produced_by", material.produced_by.as_ref())]
    {
        if value.is_some_and(|v| !is_slug(v)) {
            found.say(
                &format!("{path}.{word}"),
                "请用小写字母、数字和连字符，例如 seller。",
                "Use lower-case letters, digits and hyphens, such as seller.",
            );
        }
    }
    if material.rare && material.when.is_none() {
        found.say(
            &format!("{path}.rare"),
            "rare 的材料要写明 when：什么时候才要。",
            "What is `rare` has a `when` that says when it is needed.",
        );
    }
    if let Some(at) = material.at.as_ref().filter(|at| !process.iter().any(|s| s.id == **at)) {
        found.unknown(&format!("{path}.at"), ("步骤", "step"), at);
    }
}

/// The fields that name the parties.
fn persons(item: &Item, found: &mut Found<'_>) {
    for (r, role) in item.roles.iter().enumerate() {
        let Some(path) = &role.person else { continue };
        let field = path.strip_prefix("form.").and_then(|id| item.form.field(id)).map(forms::Field::kind);
        if !matches!(field, Some(FieldType::CitizenId | FieldType::CreditCode)) {
            found.say(
                &format!("roles[{r}].person"),
                format!("“{path}”不是表单中的 citizen-id 或 credit-code 字段，请写 form.字段名。"),
                format!("`{path}` is no citizen-id or credit-code field of the form; write form.FIELD."),
            );
        }
    }
}

/// Who is entitled without applying: a rule over what is known and what registers say.
pub fn entitlement(item: &mut Item, known: &Schema, shared: &Shared, found: &mut Found<'_>) {
    let mut schema = known.clone();
    for source in &item.sources {
        shared.put(&mut schema, &source.id, &source.source);
    }
    let Some(entitlement) = &mut item.entitlement else { return };
    if let Some(child) = &mut entitlement.child {
        let path = "entitlement.child";
        found.rule(&format!("{path}.among"), child.among.compile_value(&schema));
        let list = Type::List(Box::new(Type::Text));
        if child.among.rule().is_some_and(|r| *r.ty() != list) {
            found.say(
                &format!("{path}.among"),
                "这里应得出一列公民身份号码，例如 household.members。",
                "This must come to a list of identity numbers, such as household.members.",
            );
        }
        let field = child.field.strip_prefix("form.").and_then(|id| item.form.field(id));
        if field.is_none_or(|f| f.kind() != FieldType::CitizenId) {
            found.say(
                &format!("{path}.field"),
                format!("“{}”不是表单中的 citizen-id 字段，请写 form.字段名。", child.field),
                format!("`{}` is no citizen-id field of the form; write form.FIELD.", child.field),
            );
        }
    }
    found.rule("entitlement.when", entitlement.when.compile(&schema));
    both(&entitlement.why, "entitlement.why", found);
}
