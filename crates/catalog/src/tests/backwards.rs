//! Backwards: what somebody is entitled to without having applied, and what must still be known.

use super::packs::real;
use crate::{Sure, entitled};
use serde_json::json;
use std::collections::BTreeMap;

#[test]
fn whoever_is_eighty_is_told_and_whoever_is_not_is_left_alone() {
    let pack = real();
    let items: Vec<&crate::Item> = pack.items.iter().filter(|i| i.key == "elderly-allowance").collect();
    let today = jiff::civil::date(2026, 11, 20);
    let known = json!({"person.citizen_id": "999999194306101151"}).as_object().unwrap().clone();
    let with = |record: serde_json::Value| {
        let alias = items.first().unwrap().sources.first().unwrap().id.clone();
        let record = json!({ alias: record }).as_object().unwrap().clone();
        let fetched = BTreeMap::from([("elderly-allowance".to_owned(), record)]);
        entitled(&items, &pack.shared, &known, &fetched, today)
    };
    let old = with(json!({"birth_date": "1943-06-10", "division": "440604"}));
    assert_eq!(
        old.iter().map(|e| (e.item.as_str(), e.sure)).collect::<Vec<_>>(),
        [("elderly-allowance", Sure::Yes)]
    );
    assert!(old.iter().all(|e| e.missing.is_empty() && !e.why.zh.is_empty() && !e.why.en.is_empty()));
    assert_eq!(with(json!({"birth_date": "1990-06-10", "division": "440604"})), []);
    let unknown = with(json!({}));
    assert_eq!(unknown.iter().map(|e| e.sure).collect::<Vec<_>>(), [Sure::Maybe]);
    let missing = &unknown.first().unwrap().missing;
    assert!(
        missing.iter().any(|m| m.zh.contains("出生日期") && m.en.contains("Date of birth")),
        "{missing:?}"
    );
}
