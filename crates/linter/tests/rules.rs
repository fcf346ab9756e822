//! Every rule: what is planted is found at its place, and nothing is found in a clean stock.
#![allow(clippy::unwrap_used, reason = "tests only")]

mod yard;

use forms::{Condition, FieldType};
use kernel::Text;
use kernel::rules::{Schema, Type};
use linter::{Finding, Rule, Severity};
use serde_json::json;
use std::collections::BTreeSet;
use yard::{Dice, Yard, paper, serious};

type Plant = fn(&mut Yard, usize);

fn compiled(source: &str) -> Condition {
    let words = Type::Choice(vec!["a".to_owned(), "b".to_owned()]);
    let schema = Schema::new()
        .with("form.way", words)
        .with("own.town", Type::Text)
        .with("organisation.name", Type::Text);
    let mut condition = Condition::new(source);
    condition.compile(&schema).unwrap();
    condition
}

/// What can be planted into an item, under which rule it is to be found, and where.
const PLANTS: &[(Rule, &str, Plant)] = &[
    (Rule::OddProofNobody, "materials[2]", |y, i| y.item(i).materials.push(paper("alive", "在世证明"))),
    (Rule::OddProofNobody, "materials[1].issuer", |y, i| {
        y.item(i).materials[1].issuer = Some("city.nowhere".parse_agency());
    }),
    (Rule::OddProofHeld, "materials[2]", |y, i| {
        let item = y.item(i);
        item.sources.clear();
        item.materials[0].instead.clear();
        item.materials[0] = paper("plan", "方案");
        item.materials.push(paper("household-register", "户口簿"));
    }),
    (Rule::SamePaperTwoNames, "materials[2].kind", |y, i| {
        y.item(i).materials.push(paper("plan", "身份证（复印件）"));
    }),
    (Rule::TermBeyondLaw, "terms.statutory", |y, i| {
        let item = y.item(i);
        item.kind = catalog::ItemKind::Permit;
        item.terms.statutory = "21wd".parse().unwrap();
    }),
    (Rule::TermBeyondLaw, "terms.promised", |y, i| y.item(i).terms.promised = "11wd".parse().unwrap()),
    (Rule::TermBeyondLaw, "process[1].term", |y, i| {
        y.item(i).process[0].term = Some("10wd".parse().unwrap());
    }),
    (Rule::UnreachableStep, "process[0].after", |y, i| y.item(i).process[0].after.push("gone".to_owned())),
    (Rule::UnreachableStep, "process[1]", |y, i| y.item(i).decision.after = vec!["look".to_owned()]),
    (Rule::UnreachableStep, "process[1].when", |y, i| {
        y.item(i).process[1].when = Some(compiled("form.way == 'a' && form.way == 'b'"));
    }),
    (Rule::UnreachableStep, "materials[1].when", |y, i| {
        y.item(i).materials[1].when = Some(compiled("form.way != 'a' && form.way != 'b'"));
    }),
    (Rule::RuleUnevaluable, "process[1].when", |y, i| {
        y.item(i).process[1].when = Some(Condition::new("form.nowhere == 'x'"));
    }),
    (Rule::RuleUnevaluable, "process[0].rule", |y, i| {
        y.item(i).process[0].rule = Some(compiled("organisation.name == own.town"));
    }),
    (Rule::FeeWithoutBasis, "fees[0].basis", |y, i| y.item(i).fees[0].basis = Text::new(" ", "")),
    (Rule::FeeWithoutBasis, "fees[0].basis", |y, i| {
        y.item(i).fees[0].basis = Text::new("一直这样收", "As always")
    }),
    (Rule::CertificateNobodyIssues, "materials[1].produced_by", |y, i| {
        y.item(i).materials[1].produced_by = Some("ghost".to_owned());
    }),
    (Rule::CertificateNobodyIssues, "materials[1].certificate", |y, i| {
        y.item(i).materials[1].certificate = Some("ghost".to_owned());
    }),
    (Rule::ElementAskedDifferently, "form[FIRST].fields[0]", |y, i| {
        first(y, i).declared = Some(FieldType::LongText);
    }),
    (Rule::UnknownKind, "materials[2].kind", |y, i| {
        y.item(i).materials.push(paper("never-heard-of", "闻所未闻"))
    }),
    (Rule::NeedlessField, "form[FIRST].fields[0]", |y, i| first(y, i).element = None),
    (Rule::SituationDiffers, "situations[0]", |y, i| y.item(i).situations[0].options.truncate(1)),
    (Rule::FeeBeforeAcceptance, "fees[0].before", |y, i| held(y, i, "look")),
];

/// A licence whose fee is due on acceptance and stands before this step.
fn held(yard: &mut Yard, i: usize, step: &str) {
    let item = yard.item(i);
    item.kind = catalog::ItemKind::Permit;
    (item.fees[0].code, item.fees[0].before) = (Some("card".to_owned()), Some(step.to_owned()));
}

#[test]
fn a_fee_may_stand_before_a_step_where_somebody_accepts_all_the_same() {
    let mut yard = Yard::new(6);
    held(&mut yard, 0, "more");
    held(&mut yard, 1, "decision");
    held(&mut yard, 2, "look");
    yard.item(2).precheck = Some("1wd".parse().unwrap());
    held(&mut yard, 3, "look");
    yard.item(3).fees[0].due = catalog::FeeDue::Assessment;
    held(&mut yard, 4, "look");
    yard.item(4).kind = catalog::ItemKind::Confirmation;
    // A step beside it accepts.
    held(&mut yard, 5, "look");
    yard.item(5).process[1].after.clear();
    yard.item(5).decision.after.push("look".to_owned());
    assert_eq!(yard.lint(), []);
}

trait ParseAgency {
    fn parse_agency(&self) -> kernel::AgencyCode;
}

impl ParseAgency for str {
    fn parse_agency(&self) -> kernel::AgencyCode {
        kernel::AgencyCode::parse(self).unwrap()
    }
}

/// Items with situations have a section for them before the form's own.
fn section(item: &catalog::Item) -> usize {
    item.form.sections.iter().position(|s| s.id == "one").unwrap()
}

fn first(yard: &mut Yard, i: usize) -> &mut forms::Field {
    let item = yard.item(i);
    let at = section(item);
    &mut item.form.sections[at].fields[0]
}

fn places(found: &[Finding]) -> BTreeSet<(Rule, String, String)> {
    found.iter().map(|f| (f.rule, f.item.clone(), f.path.clone())).collect()
}

#[test]
fn nothing_is_found_in_a_clean_stock() {
    assert_eq!(Yard::new(30).lint(), []);
    let mut yard = Yard::new(30);
    yard.agencies = None;
    assert_eq!(yard.lint(), []);
}

#[test]
fn whatever_is_planted_is_found_at_its_place_and_nothing_else() {
    const ITEMS: usize = 60;
    for seed in 0..40 {
        let dice = Dice::new(seed);
        let mut yard = Yard::new(ITEMS);
        let mut planted = BTreeSet::new();
        // Only items with an even number have situations.
        let even = dice.shuffled(ITEMS / 2).into_iter().map(|i| i * 2);
        for (i, (rule, path, plant)) in even.zip(PLANTS) {
            if dice.below(3) == 0 {
                continue;
            }
            plant(&mut yard, i);
            let at = section(yard.item(i)).to_string();
            planted.insert((*rule, format!("item-{i}"), path.replace("FIRST", &at)));
        }
        let found = serious(yard.lint());
        assert_eq!(places(&found), planted, "seed {seed}");
        assert_eq!(found.len(), planted.len(), "seed {seed}: each once");
        assert_eq!(found, serious(yard.lint()), "the same stock gives the same list");
    }
}

#[test]
fn the_dictionary_itself_is_looked_at() {
    let mut yard = Yard::new(2);
    let mut materials = yard.knowledge.materials.clone();
    materials[0].proves.push("no-such-claim".to_owned());
    let mut twin = materials[2].clone();
    (twin.kind, twin.name) = ("scheme".to_owned(), Text::new("规划", "Scheme"));
    let mut alias = twin.clone();
    (alias.kind, alias.name) = ("id".to_owned(), Text::new("身份证", "ID"));
    alias.proves.clear();
    let mut ghost = alias.clone();
    (ghost.kind, ghost.name) = ("ghost".to_owned(), Text::new("幽灵证", "Ghost"));
    (ghost.certificate, ghost.issuer) = (Some("ghost".to_owned()), "nobody".to_owned());
    materials.extend([twin, alias, ghost]);
    yard.knowledge = catalog::Knowledge::new(yard.knowledge.claims.clone(), materials);
    yard.registers[0].proves.push("typo".to_owned());
    yard.item(0).materials.push(paper("scheme", "规划"));
    let last = yard.knowledge.materials.len();
    let expected = [
        (Rule::UnknownClaim, "knowledge", "materials[0].proves[1]".to_owned()),
        (Rule::UnknownClaim, "sources", "[0].proves[2]".to_owned()),
        (Rule::SamePaperTwoNames, "knowledge", format!("materials[{}]", last - 3)),
        (Rule::SamePaperTwoNames, "knowledge", format!("materials[{}]", last - 2)),
        (Rule::CertificateNobodyIssues, "knowledge", format!("materials[{}].certificate", last - 1)),
    ];
    let expected = expected.into_iter().map(|(rule, item, path)| (rule, item.to_owned(), path)).collect();
    assert_eq!(places(&serious(yard.lint())), expected);
}

#[test]
fn themes_are_looked_at() {
    let mut yard = Yard::new(4);
    let text = |zh: &str| json!({"zh-CN": zh, "en": zh});
    let after = |item: &str| json!([{"item": item, "basis": text("依据")}]);
    let theme = json!({"id": "house", "name": text("一件事"), "what": text("测试"), "who": text("测试"), "audience": ["person"],
        "situations": [{"id": "mortgage", "ask": text("有没有抵押？"), "options": [
            {"value": "yes", "label": text("有")}, {"value": "no", "label": text("没有")}]}],
        "members": [{"item": "item-0", "after": after("item-2")}, {"item": "item-2", "after": after("item-0")}, {"item": "gone"},
                    {"item": "item-1", "when": "form.mortgage == 'yes' && form.mortgage == 'no'"}]});
    let mut theme: catalog::MatterTheme = serde_json::from_value(theme).unwrap();
    let schema = Schema::new().with("form.mortgage", Type::Choice(vec!["yes".to_owned(), "no".to_owned()]));
    theme.members[3].when.as_mut().unwrap().compile(&schema).unwrap();
    yard.themes.push(theme);
    let found = yard.lint();
    let paths: Vec<&str> = found.iter().map(|f| f.path.as_str()).collect();
    assert_eq!(paths, ["members[0].after", "members[1].after", "members[2].item", "members[3].when"]);
    assert!(found.iter().all(|f| f.rule == Rule::UnreachableStep && f.item == "house"));
}

/// One of each, as its author reads it.
#[test]
fn findings_as_they_are_read() {
    let mut yard = Yard::new(50);
    for (n, (_, _, plant)) in PLANTS.iter().enumerate() {
        plant(&mut yard, n * 2);
    }
    yard.need(1, 3);
    yard.need(3, 1);
    yard.need(5, 5);
    let mut table = String::new();
    for finding in yard.lint() {
        table.push_str(&format!("{} {}\n", finding.item, finding.path));
        for lang in [kernel::Lang::ZhCn, kernel::Lang::En] {
            table.push_str(&format!("  {}\n", finding.line(lang)));
        }
        if !finding.circle.is_empty() {
            table.push_str(&format!("  {}\n", finding.circle.join(" → ")));
        }
    }
    insta::assert_snapshot!(table);
}

#[test]
fn every_rule_has_a_word_of_its_own() {
    let words: BTreeSet<&str> = Rule::ALL.iter().map(|r| r.word()).collect();
    assert_eq!(words.len(), Rule::ALL.len());
    for rule in Rule::ALL {
        assert_eq!(serde_json::to_value(rule).unwrap(), json!(rule.word()));
    }
    assert!(Severity::Error < Severity::Warning && Severity::Warning < Severity::Note);
}

#[test]
fn a_dependency_that_nothing_waits_by_is_found() {
    let mut yard = Yard::new(6);
    let text = |zh: &str| json!({"zh-CN": zh, "en": zh});
    let waits =
        |item: &str, on: &str| json!({"item": item, "on": on, "then": "waits", "say": text("等一等")});
    let answers = json!([{"value": "yes", "label": text("有")}, {"value": "no", "label": text("没有")}]);
    let theme = json!({"id": "house", "name": text("一件事"), "what": text("测试"), "who": text("测试"), "audience": ["person"],
        "situations": [{"id": "mortgage", "ask": text("有没有抵押？"), "options": answers}],
        "members": [{"item": "item-0"}, {"item": "item-1"}, {"item": "item-2", "when": "form.mortgage == 'yes'"},
                    {"item": "item-3", "when": "form.mortgage == 'no'"}, {"item": "item-4"}],
        // Fine; each for the other; two that never meet; one whose steps are all automatic; the same with a step named.
        "depends": [waits("item-0", "item-1"), waits("item-1", "item-0"), waits("item-2", "item-3"), waits("item-4", "item-1")]});
    let mut theme: catalog::MatterTheme = serde_json::from_value(theme).unwrap();
    let schema = Schema::new().with("form.mortgage", Type::Choice(vec!["yes".to_owned(), "no".to_owned()]));
    for member in &mut theme.members {
        let _ = member.when.as_mut().map(|w| w.compile(&schema).unwrap());
    }
    for step in &mut yard.item(4).process {
        step.by = catalog::By::Automatic;
        step.rule = Some(compiled("today == today"));
    }
    yard.themes.push(theme);
    let found = |yard: &Yard| -> Vec<String> {
        let of = yard.lint().into_iter().filter(|f| f.rule == Rule::DependencyWithoutEffect);
        of.map(|f| f.path).collect()
    };
    assert_eq!(found(&yard), ["depends[0]", "depends[1]", "depends[2]", "depends[3]"]);
    yard.themes[0].depends.remove(1);
    yard.themes[0].depends[2].at = Some(yard.items[4].process[0].id.clone());
    assert_eq!(found(&yard), ["depends[1]"]);
}

#[test]
fn what_no_step_looks_at_is_asked_for_nothing() {
    let mut yard = Yard::new(3);
    let needs = |fields: &[&str]| {
        Some(catalog::Needs {
            fields: fields.iter().map(ToString::to_string).collect(),
            ..Default::default()
        })
    };
    yard.item(1).process[0].needs = needs(&["person_name", "person_citizen_id"]);
    // One step sees everything: nothing can be told.
    assert_eq!(yard.lint(), []);
    yard.item(1).process[1].needs = needs(&["person_name"]);
    let found = yard.lint();
    let at = section(yard.item(1));
    // The number is the register's key, the way is read by a condition, files and declarations have their own reasons.
    assert_eq!(places(&found), BTreeSet::new(), "{found:?}");
    yard.item(1).process[1].needs = needs(&["person_citizen_id"]);
    yard.item(1).process[0].needs = needs(&["person_citizen_id"]);
    let expected = (Rule::NeedlessField, "item-1".to_owned(), format!("form[{at}].fields[0]"));
    assert_eq!(places(&yard.lint()), BTreeSet::from([expected]));
}
