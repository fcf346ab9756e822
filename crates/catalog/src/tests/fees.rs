//! The bill: exact where the facts are there, in words where they are not, to the fen.

use super::packs::{item, text};
use crate::pack;
use crate::planner::{Plan, Question, plan};
use crate::{Fee, Knowledge, Owed};
use kernel::Money;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

fn object(value: Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
}

/// The bill of the house tax.
fn bill(answers: Value, registers: Option<Value>) -> Plan {
    let item = item("house-tax");
    let (members, knowledge, answers) = ([&item], Knowledge::default(), object(answers));
    let fetched: BTreeMap<_, _> =
        registers.map(|r| ("house-tax".to_owned(), object(r))).into_iter().collect();
    let today = Some(jiff::civil::date(2026, 11, 20));
    plan(&Question { answers: &answers, fetched: &fetched, today, ..Question::of(&members, &knowledge, &[]) })
}

fn fen(plan: &Plan) -> Vec<Option<i64>> {
    plan.fees.iter().map(|f| f.amount.map(Money::as_fen)).collect()
}

#[test]
fn the_taxes_of_a_house_are_reckoned_to_the_fen() {
    let sale = |more: Value| {
        let mut sale = json!({"only_home": "yes", "buyer_home": "first", "trade_price": 260_000_000_i64});
        sale.as_object_mut().unwrap().extend(object(more));
        sale
    };
    let dwelling = |area: i64, since: &str| json!({"dwelling": {"area": area, "acquired_on": since}});
    // Nothing from the registers yet: only what is free for certain is known.
    let open = bill(sale(json!({})), None);
    assert_eq!(fen(&open), [None, None, None, Some(0)]);
    assert_eq!((open.total, open.bill().zh.as_str()), (Money::ZERO, "按登记核定"));
    assert!(open.fees.iter().all(|f| f.formula.is_some() && f.grade.is_some()));
    let payers: Vec<&str> = open.fees.iter().map(|f| f.payer.as_ref().unwrap().zh.as_str()).collect();
    assert_eq!(payers, ["买受人", "出卖人", "出卖人", "出卖人"]);
    // Five years and the only home; a first home of 88 m².
    let free = bill(sale(json!({})), Some(dwelling(88, "2018-06-15")));
    assert_eq!(fen(&free), [Some(2_600_000), Some(0), Some(0), Some(0)]);
    assert_eq!(free.bill().en, "¥26,000.00");
    // Owned for a year, a large second home, 1% of the price: every tax falls due, on the price without tax.
    let more = json!({"only_home": "no", "buyer_home": "second", "trade_tax_method": "assessed"});
    let all = bill(sale(more), Some(dwelling(168, "2025-11-21")));
    assert_eq!(fen(&all), [Some(5_048_544), Some(7_572_816), Some(454_369), Some(2_524_272)]);
    // The day after it is two years old, and 20% of the gain; nothing where it was sold at a loss.
    let more = json!({"only_home": "no", "buyer_home": "more", "trade_tax_method": "actual"});
    let mut registers = dwelling(168, "2024-11-20");
    registers["earlier"] = json!({"price_yuan": 2_150_000, "deed_tax_yuan": 21_500});
    let gain = bill(sale(more.clone()), Some(registers.clone()));
    assert_eq!(fen(&gain), [Some(7_800_000), Some(0), Some(0), Some(8_570_000)]);
    registers["earlier"]["price_yuan"] = json!(2_700_000);
    assert_eq!(fen(&bill(sale(more), Some(registers)))[3], Some(0));
}

#[test]
fn a_fee_has_its_condition_and_is_checked_where_it_is_written() {
    let fee = |fee: Value| serde_json::from_value::<Fee>(fee);
    let words = json!({"zh-CN": "工本费", "en": "Card"});
    let plain = fee(json!({"name": words, "amount": "12.50", "basis": words})).unwrap();
    assert_eq!(
        (plain.fixed(), plain.owed(&json!({}))),
        (Some(Money::fen(1250)), Owed::Known(Money::fen(1250)))
    );
    let back = serde_json::to_value(&plain).unwrap();
    assert_eq!(back, json!({"name": words, "amount": "12.50", "basis": words}), "as it was always kept");
    let source = text("nanjing/charter-bus-sticker/item.yaml");
    let said = |fee: &str| {
        let yaml = source.replacen(
            "\nfees: []\n",
            &format!("\nfees:\n  - {{name: {{zh-CN: 甲, en: A}}, {fee}, basis: {{zh-CN: 某办法, en: B}}}}\n"),
            1,
        );
        assert_ne!(yaml, source);
        let files = BTreeMap::from([
            ("bus/item.yaml".to_owned(), yaml.into_bytes()),
            ("bus/sticker.typ".to_owned(), b"x".to_vec()),
        ]);
        let complaints = pack::read(&files, "").err().unwrap_or_default();
        complaints.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    let say = "say: {zh-CN: 每天十元, en: Ten a day}";
    assert_eq!(
        said(&format!("amount: {{rule: 'days_between(form.starts, form.ends) * 10', {say}}}")),
        Vec::<String>::new()
    );
    assert_eq!(said("code: x, amount: '1', due: assessment, before: decision"), Vec::<String>::new());
    for (fee, says) in [
        ("amount: many", "Write an amount"),
        ("amount: '1', payer: neighbour", "no role"),
        ("amount: '1', when: form.nowhere", "form.nowhere"),
        (&format!("amount: {{rule: form.strts, {say}}}"), "form.starts"),
        (&format!("amount: {{rule: form.starts, {say}}}"), "come to an amount"),
        ("amount: {rule: '1', say: {zh-CN: '', en: ''}}", "both languages"),
        ("amount: [1]", "does not fit"),
        ("code: x, amount: '1', before: nowhere", "no step"),
        ("amount: '1', before: decision", "not billed"),
        ("code: x, amount: '1', due: assessment", "what waits for it"),
        ("code: x, amount: '1', due: grant, before: decision", "cannot be paid before"),
    ] {
        let all = said(fee);
        assert!(all.iter().any(|s| s.contains(says)), "{fee}: {all:?}");
    }
}
