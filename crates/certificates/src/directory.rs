//! The entry of a certificate in a directory (GB/T 36902-2018), by the standard's own names. Pure: what is not known here is left out, and
//! nothing is guessed.

use crate::model::Certificate;
use kernel::{CaseNumber, CertificateIdentifier, SubjectId, Timestamp, clock};
use serde_json::{Map, Value, json};

/// The identity card as a kind of document (GA/T 2000.156).
const CITIZEN_CARD: &str = "111";

/// The entry of `c` as it stands at `now`.
pub fn directory(c: &Certificate, now: Timestamp) -> Value {
    let identifier = CertificateIdentifier::import(&c.identifier).ok().map(|(read, _)| read);
    let state = c.state(now);
    let (holder_code, holder_kind, holder_kind_code) = holder(c);
    let mut out = Map::new();
    let mut put = |name: &str, value: Option<Value>| {
        out.extend(value.map(|value| (name.to_owned(), value)));
    };
    put("证照标识", Some(json!(c.identifier)));
    put("证照名称", Some(json!(c.name.zh)));
    put("证照类型名称", Some(json!(c.name.zh)));
    put("证照类型代码", identifier.as_ref().map(|i| json!(i.kind())));
    put("证照编号", identifier.as_ref().map(|i| json!(i.serial())));
    put("证照颁发机构", Some(json!(c.issuer_name.zh)));
    put("证照颁发机构代码", Some(json!(c.issuer_code)));
    put("证照颁发日期", Some(json!(clock::legal_date(c.issued_at).to_string())));
    put("证照有效期起始日期", Some(json!(c.valid_from.to_string())));
    put("证照有效期截止日期", c.valid_until.map(|d| json!(d.to_string())));
    put("持证主体", Some(json!(c.holder_name)));
    put("持证主体代码", holder_code);
    put("持证主体代码类型", Some(json!(holder_kind)));
    put("持证主体代码类型代码", holder_kind_code.map(|code| json!(code)));
    put("证照所属管辖属地编码", division(&c.issuer_code).map(|code| json!(code)));
    // the type code begins with the credit code of the body that defined the type; its name stands nowhere here
    put("证照定义机构代码", identifier.as_ref().and_then(|i| i.kind().get(..18)).map(|code| json!(code)));
    put("关联事项代码", item(&c.case_number).map(|code| json!(code)));
    put("证照版本号", identifier.as_ref().map(|i| json!(format!("{:03}", i.version()))));
    put("证照状态", Some(json!({"代码": state.code(), "名称": state.word()})));
    put("扩展信息", Some(json!({"等级": c.grade.word()})));
    Value::Object(out)
}

/// The holder's number as it is kept (masked), and which kind of number it is.
fn holder(c: &Certificate) -> (Option<Value>, &'static str, Option<&'static str>) {
    let number = (!c.holder_number_masked.is_empty()).then(|| json!(c.holder_number_masked));
    match c.holder {
        SubjectId::Person(_) => (number, "公民身份号码", Some(CITIZEN_CARD)),
        SubjectId::Organisation(_) => (number, "统一社会信用代码", None),
    }
}

/// The division whose authority registered the issuing body: characters 3 to 8 of its credit code (GB 32100).
fn division(credit_code: &str) -> Option<&str> {
    credit_code.get(2..8).filter(|code| code.bytes().all(|b| b.is_ascii_digit()))
}

/// The implementation code of the service item, which a case number begins with.
fn item(case_number: &str) -> Option<String> {
    CaseNumber::import(case_number).ok().map(|(number, _)| number.implementation().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Grade, State};
    use jiff::civil::date;
    use kernel::{AgencyCode, Text};

    fn sticker() -> Certificate {
        Certificate {
            id: "019aa000-0000-7000-8000-000000000000".parse().unwrap(),
            identifier: "1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.U".into(),
            kind: "charter-bus-sticker".into(),
            name: Text::new("旅游包车标贴", "Charter-bus sticker"),
            holder: "organisation:019aa000-0000-7000-8000-000000000001".parse().unwrap(),
            holder_masked: "金陵旅运".into(),
            holder_name: "金陵旅运".into(),
            holder_number_masked: "91320100MA1XXXXX0Y".into(),
            issuer: AgencyCode::parse("nanjing.transport").unwrap(),
            issuer_name: Text::new("南京市交通运输局", "Nanjing Transport Bureau"),
            issuer_code: "11430000006122244L".into(),
            valid_from: date(2026, 11, 22),
            valid_until: Some(date(2026, 11, 28)),
            stored: State::Valid,
            fields: Vec::new(),
            template: String::new(),
            case_number: "CASE-1".into(),
            issued_at: "2026-11-21T18:00:00Z".parse().unwrap(),
            grade: Grade::Issued,
            replaces: None,
            token: String::new(),
            file: None,
            rev: 1,
        }
    }

    #[test]
    fn an_entry_has_what_the_standard_names_and_what_is_known() {
        let entry = directory(&sticker(), "2026-11-29T02:00:00Z".parse().unwrap());
        for (name, value) in [
            ("证照类型代码", "11100000000013338W011"),
            ("证照编号", "20230000403"),
            ("证照颁发日期", "2026-11-22"),
            ("证照有效期截止日期", "2026-11-28"),
            ("持证主体代码类型", "统一社会信用代码"),
            ("证照所属管辖属地编码", "430000"),
            ("证照定义机构代码", "11100000000013338W"),
            ("证照版本号", "001"),
        ] {
            assert_eq!(entry[name], value, "{name}");
        }
        assert_eq!(entry["证照状态"], json!({"代码": "05", "名称": "expired"}), "by the day it is asked for");
        assert_eq!(entry["扩展信息"]["等级"], "issued");
        for unknown in ["关联事项代码", "持证主体代码类型代码"] {
            assert!(entry.get(unknown).is_none(), "{unknown} is not known of this one");
        }
    }

    #[test]
    fn a_persons_number_stays_masked_and_a_case_names_its_item() {
        let mut c = sticker();
        c.holder = "person:019aa000-0000-7000-8000-000000000001".parse().unwrap();
        c.holder_number_masked = "320***********1234".into();
        c.case_number = "11320100012947123A3200018001000202611220001".into();
        c.valid_until = None;
        let entry = directory(&c, "2026-11-29T02:00:00Z".parse().unwrap());
        assert_eq!(
            (&entry["持证主体代码"], &entry["持证主体代码类型代码"]),
            (&json!("320***********1234"), &json!("111"))
        );
        assert_eq!(entry["关联事项代码"], "11320100012947123A3200018001000");
        assert!(entry.get("证照有效期截止日期").is_none() && entry["证照状态"]["代码"] == "01");
    }

    #[test]
    fn an_odd_number_of_an_old_register_makes_no_entry_of_its_parts() {
        let mut c = sticker();
        c.identifier = "OLD-1".into();
        c.issuer_code = "x".into();
        let entry = directory(&c, "2026-11-22T02:00:00Z".parse().unwrap());
        assert_eq!(entry["证照标识"], "OLD-1");
        for part in ["证照类型代码", "证照编号", "证照版本号", "证照所属管辖属地编码", "证照定义机构代码"]
        {
            assert!(entry.get(part).is_none(), "{part}");
        }
    }
}
