//! Papers of which only a register could tell whether they are needed, what has come to be needed since the case was filed, and what
//! no register holds though the certificate says it.

use crate::model::*;
use catalog::{Instead, Item, Material as Demanded, Need};
use kernel::rules::Verdict;
use kernel::{Lang, Text, Timestamp, clock};
use serde_json::Value;

/// The required papers that a register says are needed, and that are not there: it was down, or a party had not spoken yet, when the
/// case was filed, so that nobody could be asked for them.
pub(super) fn owed<'a>(case: &Case, item: &'a Item, facts: &Value) -> Vec<&'a Demanded> {
    let told = |m: &Demanded| {
        let rule = m.when.as_ref().and_then(|w| w.rule());
        rule.is_some_and(|rule| {
            let root = |path: &String| path.split(['.', '[']).next().unwrap_or_default().to_owned();
            let by_register = rule.paths().iter().map(root).any(|r| item.sources.iter().any(|s| s.id == r));
            by_register && rule.test(facts) == Verdict::Yes
        })
    };
    let found = |alias: &String| {
        case.facts.iter().any(|f| f.alias == *alias && matches!(f.answer, FactAnswer::Found(_)))
    };
    let there = |m: &Demanded| {
        let by_register = m.instead.contains(&Instead::Source) && m.source.as_ref().is_some_and(found);
        // Pages in the form's field, or a declaration ticked there.
        let answer = m.field.as_ref().and_then(|field| case.answers.get(field));
        let in_form = match answer {
            Some(Value::Array(pages)) => !pages.is_empty(),
            Some(Value::Bool(ticked)) => *ticked,
            _ => false,
        };
        by_register
            || in_form
            || case.materials.iter().any(|given| given.demand == m.id)
            || case.promises.iter().any(|promise| promise.material == m.id)
    };
    item.materials.iter().filter(|m| m.need == Need::Required && told(m) && !there(m)).collect()
}

/// The entries that the certificates of a grant say and no register holds, though each was asked: without them nothing can be granted,
/// and an examiner states them from a paper.
pub fn lacking(case: &Case, item: &Item, at: Timestamp) -> Vec<String> {
    // A renewed certificate says what it said.
    if case.renews.is_some() {
        return Vec::new();
    }
    let (facts, today) = (super::facts_of(case, at), clock::legal_date(at));
    let answered = |path: &String| {
        let root = path.split(['.', '[']).next().unwrap_or_default();
        let mut known = case.facts.iter().filter(|f| f.alias == root);
        known.any(|f| matches!(f.answer, FactAnswer::Found(_) | FactAnswer::NotFound))
    };
    let missing = item.results.iter().filter_map(|spec| spec.print(item, &facts, today, Lang::ZhCn).err());
    let mut all: Vec<String> = missing.flatten().filter(answered).collect();
    all.sort();
    all.dedup();
    all
}

/// Why a person looks at a case to which a paper has come to belong.
pub(super) fn wanting(papers: &[&Demanded]) -> Text {
    let (zh, en): (Vec<&str>, Vec<&str>) =
        papers.iter().map(|m| (m.name.zh.as_str(), m.name.en.as_str())).unzip();
    Text::new(
        format!("提交时登记系统没有应答；现在查明还需要“{}”，请通知申请人补交。", zh.join("”“")),
        format!(
            "When it was handed in, the register could not tell; it says now that this is needed as well: {}. Ask the applicant for it.",
            en.join(", ")
        ),
    )
}
