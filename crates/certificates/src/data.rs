//! The certificate's data for machines, as it lies inside the PDF (an associated file, ISO 19005-3), and how it compares with the
//! register. Pure.

use crate::model::Certificate;
use crate::status::{Place, list_url};
use kernel::{Text, clock};
use serde_json::{Value, json};

/// Names the shape of the data; another shape gets another number.
const FORMAT: &str = "yimen.certificate/1";

/// What is put after a template so that the data is attached; the job hands it over as a file.
pub(crate) const ATTACH: &str = "\n#pdf.attach(\"certificate.json\", relationship: \"data\", mime-type: \"application/json\", \
     description: \"电子证照数据 / the data of this certificate\")\n";

/// The data of `c`: the same as is printed. `place` is where its status stands.
pub(crate) fn of(c: &Certificate, place: Option<Place>, base_url: &str, verify_url: &str) -> Value {
    let fields: Vec<Value> =
        c.fields.iter().map(|f| json!({"key": f.key, "label": f.label, "value": f.value})).collect();
    json!({
        "format": FORMAT,
        "identifier": c.identifier,
        "kind": c.kind,
        "name": c.name,
        "holder": {"name": c.holder_name, "number_masked": c.holder_number_masked},
        "issuer": {"name": c.issuer_name, "code": c.issuer_code},
        "valid": {"from": c.valid_from.to_string(), "until": c.valid_until.map(|d| d.to_string())},
        "issued": clock::legal_date(c.issued_at).to_string(),
        "case": c.case_number,
        "fields": fields,
        "verify_url": verify_url,
        "status": place.map(|p| json!({"uri": list_url(base_url, p.list), "index": p.index})),
    })
}

/// Where the data says that the status stands: the list's address and the index in it.
pub fn status_place(data: &Value) -> Option<(&str, u64)> {
    Some((data["status"]["uri"].as_str()?, data["status"]["index"].as_u64()?))
}

/// What the data says otherwise than the register, in words; empty when they agree.
pub(crate) fn differences(data: &Value, c: &Certificate) -> Vec<Text> {
    let own = of(c, None, "", "");
    let parts = [
        ("/format", "数据格式", "Format"),
        ("/identifier", "证照编号", "Number"),
        ("/kind", "证照类型", "Kind"),
        ("/name", "证照名称", "Certificate"),
        ("/holder/name", "持证人", "Holder"),
        ("/holder/number_masked", "持证人证件号码", "Holder’s number"),
        ("/issuer", "签发机关", "Issued by"),
        ("/valid/from", "有效期起", "Valid from"),
        ("/valid/until", "有效期止", "Valid until"),
        ("/issued", "签发日期", "Issued on"),
        ("/case", "来自办件", "Case"),
    ];
    let mut out: Vec<Text> = parts
        .iter()
        .filter(|(at, ..)| data.pointer(at) != own.pointer(at))
        .map(|(_, zh, en)| Text::new(*zh, *en))
        .collect();
    let said: Vec<&Value> = data["fields"].as_array().into_iter().flatten().collect();
    let mut lines = 0;
    for field in &c.fields {
        let found = said.iter().find(|f| f["key"] == field.key.as_str());
        lines += usize::from(found.is_some());
        if found.is_none_or(|f| f["value"] != field.value.as_str()) {
            out.push(field.label.clone());
        }
    }
    if said.len() > lines {
        out.push(Text::new("登记中没有的内容", "lines that the register does not have"));
    }
    out
}
