//! The demonstration city keeps to the shapes that `packs/sources.yaml` promises to items.

use serde_json::Value;

fn fits(kind: &str, value: &Value) -> bool {
    let date = |t: &str| t.len() == 10 && t.as_bytes()[4] == b'-' && t.as_bytes()[7] == b'-';
    match kind {
        "text" => value.is_string(),
        "number" => value.is_i64(),
        "yes-no" => value.is_boolean(),
        "date" => value.as_str().is_some_and(date),
        "texts" => value.as_array().is_some_and(|all| !all.is_empty() && all.iter().all(Value::is_string)),
        other => panic!("unknown type {other}"),
    }
}

#[test]
fn records_have_the_fields_and_types_that_are_promised() {
    let sources: Vec<Value> = serde_saphyr::from_str(include_str!("../../../../packs/sources.yaml")).unwrap();
    let city: Value = serde_saphyr::from_str(include_str!("../../../../packs/demo/city.yaml")).unwrap();
    for source in sources {
        let id = source["id"].as_str().unwrap();
        if id == "housing" {
            continue; // counted over owners; its answer is tested in fetch.rs
        }
        let fields = source["fields"].as_object().unwrap();
        let records = city["registers"][id].as_array().unwrap_or_else(|| panic!("no register {id}"));
        assert!(!records.is_empty());
        for record in records {
            for (name, value) in record.as_object().unwrap() {
                let Some(field) = fields.get(name).or_else(|| source["keys"].get(name)) else {
                    panic!("{id}.{name} is not promised");
                };
                let kind = field["type"].as_str().unwrap();
                let one_key = source["keys"].get(name).is_some() && value.is_string();
                assert!(one_key || fits(kind, value), "{id}.{name}: {value} is no {kind}");
            }
            let optional = [
                "spouse_citizen_id",
                "name",
                "birth_date",
                "town",
                "spouse_name",
                "registered_on",
                "mortgagee",
                "mortgage_no",
                "discharged",
                "rural",
                "ill_on_discharge",
                "disability_grade",
                "martyr_name",
                "martyr_relation",
                "certificate_number",
            ];
            for name in fields.keys().filter(|n| !optional.contains(&n.as_str())) {
                assert!(record.get(name).is_some(), "{id}: a record without {name}");
            }
        }
    }
}
