//! One synthetic item.

use super::dice::Dice;
use super::world::{self, World};
use serde_json::{Map, Value, json};

/// An item with what later items may ask of it.
pub struct Drawn {
    /// The item as its pack would be written.
    pub item: Value,
    /// Its department.
    pub department: usize,
    /// The certificate that it issues, when it issues one.
    pub result: Option<String>,
}

/// A paper with the field where it is handed in.
struct Paper {
    material: Value,
    field: Value,
    registers: Vec<usize>,
}

/// The i-th item. Only certificates of items `before` it are asked for, so that nothing runs in a circle.
pub fn draw(world: &World, before: &[(String, usize)], i: usize, dice: &Dice) -> Drawn {
    let d = dice.popular(world::DEPARTMENTS);
    let person = dice.percent(60);
    let situations = situations(dice);
    let papers = papers(world, before, &situations, dice);
    let mut registers: Vec<usize> = papers.iter().flat_map(|p| p.registers.clone()).collect();
    registers.sort_unstable();
    registers.dedup();
    let key = if person { "person.citizen_id" } else { "organisation.credit_code" };
    let sources: Vec<Value> = registers
        .iter()
        .map(|r| json!({"id": format!("r{r}"), "source": format!("register-{r}"), "keys": {"subject": key}}))
        .collect();
    let (process, days) = process(d, dice);
    let mut item = json!({
        "code": format!("{}300{:02}{:05}000", world.codes.get(d).map_or("", String::as_str), 7, i),
        "name": world::name("事项", &i.to_string()),
        "what": {"zh-CN": "合成事项，仅供测量，并非真实事项。", "en": "Synthetic, for measurements only; no real item."},
        "who": {"zh-CN": "无人。", "en": "Nobody."},
        "agency": world::department(d), "type": "confirmation", "audience": [if person { "person" } else { "organisation" }],
        "themes": ["business"], "handling": "promised",
        "terms": {"statutory": "30wd", "promised": format!("{}wd", days.max(1))}, "visits": usize::from(dice.percent(30)),
        "basis": [{"law": {"zh-CN": "合成依据", "en": "Synthetic basis"}, "article": "1", "text": {"zh-CN": "合成。", "en": "Synthetic."}}],
        "situations": situations, "form": form(person, &papers, dice), "sources": sources,
        "materials": papers.iter().map(|p| p.material.clone()).collect::<Vec<_>>(),
        "process": process.0, "decision": {"after": process.1},
        "openness": {"attribute": "on-request", "ground": {"zh-CN": "合成。", "en": "Synthetic."}},
        "complain": {"zh-CN": "无人受理。", "en": "Nobody is there."}
    });
    // Seven in ten items end with a certificate.
    let result = (i % 10 < 7).then(|| format!("permit-{i}"));
    if let Some(object) = item.as_object_mut() {
        let code = format!("{}{:03}", world.codes.get(d).map_or("", String::as_str), i % 1_000);
        extras(object, result.as_deref(), &code, dice);
    }
    Drawn { item, department: d, result }
}

/// A result and a fee, where there are such.
fn extras(item: &mut Map<String, Value>, result: Option<&str>, type_code: &str, dice: &Dice) {
    if let Some(certificate) = result {
        let result = json!({"certificate": certificate, "name": world::name("批件", certificate), "type_code": type_code,
                            "template": "permit.typ", "valid": {"days": 365}, "fields": []});
        item.insert("results".to_owned(), json!([result]));
    }
    if dice.percent(12) {
        let amount = format!("{}.00", dice.between(5, 300));
        let basis = json!({"zh-CN": "合成收费目录清单", "en": "Synthetic list of fees"});
        item.insert(
            "fees".to_owned(),
            json!([{"name": world::name("收费", ""), "amount": amount, "basis": basis}]),
        );
    }
}

fn situations(dice: &Dice) -> Vec<Value> {
    let mut out: Vec<Value> = Vec::new();
    for _ in 0..dice.below(4) {
        let situation = world::situation(dice);
        if !out.iter().any(|s| s["id"] == situation["id"]) {
            out.push(situation);
        }
    }
    out
}

/// Three to eight papers, now and then a result of an earlier item, some only in a situation.
fn papers(world: &World, before: &[(String, usize)], situations: &[Value], dice: &Dice) -> Vec<Paper> {
    let mut kinds: Vec<usize> = Vec::new();
    for _ in 0..dice.between(3, 8) {
        let k = dice.popular(world.kinds.len());
        if !kinds.contains(&k) {
            kinds.push(k);
        }
    }
    let mut papers: Vec<Paper> = kinds.into_iter().filter_map(|k| of_kind(world, k)).collect();
    if !before.is_empty()
        && dice.percent(25)
        && let Some((certificate, _)) = before.get(dice.below(before.len()))
    {
        papers.push(of_result(certificate));
    }
    for paper in &mut papers {
        let situation = situations.get(dice.below(situations.len().max(1) * 4));
        if let (Some(id), Some(material)) =
            (situation.and_then(|s| s["id"].as_str()), paper.material.as_object_mut())
        {
            material.insert("when".to_owned(), format!("form.{id} == 'yes'").into());
        }
    }
    papers
}

fn of_kind(world: &World, k: usize) -> Option<Paper> {
    let kind = world.kinds.get(k)?;
    let id = kind.id.replace('-', "_");
    let mut material = json!({"id": id, "kind": kind.id, "name": world::name("材料", &kind.id), "need": "required",
                              "field": format!("file_{id}")});
    let object = material.as_object_mut()?;
    if let Some(register) = kind.registers.first() {
        object.insert("instead".to_owned(), json!(["source"]));
        object.insert("source".to_owned(), format!("r{register}").into());
    } else if kind.certificate {
        object.insert("instead".to_owned(), json!(["certificate"]));
        object.insert("certificate".to_owned(), kind.id.clone().into());
    }
    Some(Paper { field: file(&id, &kind.id), material, registers: kind.registers.clone() })
}

fn of_result(certificate: &str) -> Paper {
    let id = certificate.replace('-', "_");
    let material = json!({"id": id, "kind": certificate, "name": world::name("批件", certificate), "need": "required",
                          "field": format!("file_{id}"), "instead": ["certificate"], "certificate": certificate});
    Paper { material, field: file(&id, certificate), registers: Vec::new() }
}

fn file(id: &str, what: &str) -> Value {
    json!({"id": format!("file_{id}"), "label": world::name("上传", what), "type": "file", "max": 3})
}

/// Who applies, six to eighteen data of which most are shared with other items, and the papers.
fn form(person: bool, papers: &[Paper], dice: &Dice) -> Value {
    let own = if person {
        ["person.name", "person.citizen_id", "person.phone"]
    } else {
        ["organisation.name", "organisation.credit_code", "person.phone"]
    };
    let applicant: Vec<Value> = own.iter().map(|e| json!({"element": e, "required": true})).collect();
    let mut data: Vec<Value> = Vec::new();
    for f in 0..dice.between(6, 18) {
        let field = if dice.percent(70) {
            json!({"element": world::popular_datum(dice), "required": true})
        } else {
            json!({"id": format!("own_{f}"), "label": world::name("本项问题", &f.to_string()), "type": "text", "required": dice.percent(70)})
        };
        if field["element"].is_null() || !data.contains(&field) {
            data.push(field);
        }
    }
    let title = |zh: &str, en: &str| json!({"zh-CN": zh, "en": en});
    let files: Vec<Value> = papers.iter().map(|p| p.field.clone()).collect();
    json!([
        {"id": "applicant", "title": title("申请人", "Applicant"), "fields": applicant},
        {"id": "data", "title": title("申请内容", "What is applied for"), "fields": data},
        {"id": "papers", "title": title("材料", "Papers"), "fields": files}
    ])
}

/// Steps one after another or side by side, and the working days of the longest way.
fn process(d: usize, dice: &Dice) -> ((Vec<Value>, Vec<String>), usize) {
    let serial = dice.percent(50);
    let count = dice.between(1, 4);
    let (mut steps, mut days, mut longest) = (Vec::new(), 0, 0);
    for s in 0..count {
        let term = dice.between(1, 5);
        let by = if dice.percent(75) { d } else { dice.below(world::DEPARTMENTS) };
        let mut step = json!({"id": format!("step_{s}"), "title": world::name("步骤", &s.to_string()), "by": world::department(by),
                              "term": format!("{term}wd")});
        if let (true, Some(step)) = (serial && s > 0, step.as_object_mut()) {
            step.insert("after".to_owned(), json!([format!("step_{}", s - 1)]));
        }
        days += term;
        longest = longest.max(term);
        steps.push(step);
    }
    let after = if serial {
        vec![format!("step_{}", count - 1)]
    } else {
        (0..count).map(|s| format!("step_{s}")).collect()
    };
    ((steps, after), if serial { days } else { longest })
}
