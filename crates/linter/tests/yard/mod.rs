//! A clean stock of any size, loaded as packs are, and ways to plant what is wrong.
#![allow(dead_code, clippy::unwrap_used, clippy::panic, reason = "tests only; not every test uses all of it")]

use catalog::{Item, Knowledge, Material, MatterTheme, Register};
use forms::Elements;
use kernel::{AgencyCode, Rng, SeededRng};
use linter::{Finding, Severity, Stock, lint};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Mutex;

/// What a [`Stock`] borrows.
#[derive(Clone)]
pub struct Yard {
    pub items: Vec<Item>,
    pub themes: Vec<MatterTheme>,
    pub knowledge: Knowledge,
    pub registers: Vec<Register>,
    pub elements: Elements,
    pub agencies: Option<Vec<(AgencyCode, Option<String>)>>,
}

fn both(zh: &str, en: &str) -> Value {
    json!({"zh-CN": zh, "en": en})
}

fn item(i: usize) -> Value {
    let situation = json!({"id": "mortgage", "ask": both("有没有抵押？", "Is there a mortgage?"), "options": [
        {"value": "yes", "label": both("有", "Yes")}, {"value": "no", "label": both("没有", "No")}]});
    json!({
        "code": format!("1199999900000102XU34420{i:05}000"), "name": both(&format!("事项{i}"), &format!("Item {i}")),
        "what": both("测试用。", "For tests."), "who": both("无人。", "Nobody."), "agency": "city.market", "type": "confirmation",
        "audience": ["person"], "handling": "promised", "terms": {"statutory": "10wd", "promised": "5wd"}, "visits": 0,
        "basis": [{"law": both("测试", "Test"), "article": "1", "text": both("测试。", "Test.")}],
        "situations": if i.is_multiple_of(2) { json!([situation]) } else { json!([]) },
        "form": [{"id": "one", "title": both("申请", "Application"), "fields": [
            {"element": "person.name", "required": true}, {"element": "person.citizen_id", "required": true},
            {"id": "way", "label": both("方式", "Way"), "type": "choice", "required": true, "options": [
                {"value": "a", "label": both("甲", "A")}, {"value": "b", "label": both("乙", "B")}]},
            {"id": "plan_file", "label": both("上传方案", "Upload the plan"), "type": "file", "max": 3},
            {"id": "promise", "label": both("属实。", "It is true."), "type": "declaration", "required": true}]}],
        "sources": [{"id": "own", "source": "household", "keys": {"citizen_id": "person.citizen_id"}}],
        "materials": [
            {"id": "identity", "kind": "citizen-card", "name": both("居民身份证", "Citizen card"), "need": "required",
             "instead": ["source"], "source": "own"},
            {"id": "plan", "kind": "plan", "name": both("方案", "Plan"), "need": "required", "field": "plan_file"}],
        "process": [
            {"id": "look", "title": both("审查", "Examination"), "by": "city.market", "term": "2wd"},
            {"id": "more", "title": both("复核", "Review"), "by": "city.police", "after": ["look"], "when": "form.way == 'a'", "term": "1wd"}],
        "decision": {"after": ["more"]},
        "openness": {"attribute": "on-request", "ground": both("测试", "Test")},
        "results": [{"certificate": format!("permit-{i}"), "name": both(&format!("证{i}"), &format!("Permit {i}")),
                     "type_code": "1199999900000102XU001", "template": "permit.typ", "valid": {"days": 365}, "fields": []}],
        "fees": [{"name": both("工本费", "Cost of the card"), "amount": "5.00", "basis": both("《收费目录清单》第3项", "List of fees, no. 3")}],
        "complain": both("测试。", "Test.")
    })
}

fn knowledge(count: usize) -> Value {
    let mut claims =
        vec!["identity".to_owned(), "household".to_owned(), "intent".to_owned(), "alive".to_owned()];
    let kind = |kind: &str, zh: &str, proves: &[&str], issuer: &str| json!({"kind": kind, "name": both(zh, kind), "aliases": [], "proves": proves, "issuer": issuer, "effort": 1});
    let mut kinds = vec![
        json!({"kind": "citizen-card", "name": both("居民身份证", "Citizen card"), "aliases": ["身份证"], "proves": ["identity"],
               "issuer": "police", "effort": 1}),
        kind("household-register", "户口簿", &["identity", "household"], "police"),
        kind("plan", "方案", &["intent"], "applicant"),
        kind("alive", "在世证明", &["alive"], "nobody"),
    ];
    for i in 0..count {
        claims.push(format!("permit-{i}"));
        kinds.push(json!({"kind": format!("permit-{i}"), "name": both(&format!("证{i}"), &format!("Permit {i}")),
                          "proves": [format!("permit-{i}")], "issuer": "market", "certificate": format!("permit-{i}"), "effort": 3}));
    }
    let claims: Vec<Value> = claims.iter().map(|id| json!({"id": id, "name": both(id, id)})).collect();
    json!({"claims": claims, "materials": kinds})
}

impl Yard {
    /// So many items without any fault; each size is loaded once.
    pub fn new(count: usize) -> Self {
        static LOADED: Mutex<BTreeMap<usize, Yard>> = Mutex::new(BTreeMap::new());
        LOADED.lock().unwrap().entry(count).or_insert_with(|| Self::load(count)).clone()
    }

    fn load(count: usize) -> Self {
        let bytes = |value: &Value| serde_json::to_vec(value).unwrap();
        let text = |zh: &str, en: &str| json!({"type": "text", "name": both(zh, en)});
        let element = |id: &str, zh: &str, kind: &str| json!({"id": id, "name": both(zh, id), "type": kind, "agency": "city.police", "sharing": "conditional"});
        let sources = json!([{"id": "household", "name": both("户籍登记", "Household register"), "agency": "city.police",
            "sharing": "conditional", "personal": true, "proves": ["identity", "household"],
            "keys": {"citizen_id": text("公民身份号码", "Number")}, "fields": {"town": text("户籍地", "Town")}}]);
        let elements = json!([
            element("person.name", "姓名", "text"),
            element("person.citizen_id", "公民身份号码", "citizen-id")
        ]);
        let mut files = vec![
            ("knowledge.yaml".to_owned(), bytes(&knowledge(count))),
            ("sources.yaml".to_owned(), bytes(&sources)),
            ("elements.yaml".to_owned(), bytes(&elements)),
        ];
        for i in 0..count {
            files.push((format!("item-{i}/item.yaml"), bytes(&item(i))));
            files.push((format!("item-{i}/permit.typ"), b"permit".to_vec()));
        }
        let pack = catalog::pack::load_files(files).unwrap_or_else(|complaints| panic!("{complaints:#?}"));
        let agencies = [("city.market", "market"), ("city.police", "police")];
        let agencies = agencies.map(|(code, f)| (AgencyCode::parse(code).unwrap(), Some(f.to_owned())));
        Self {
            items: pack.items,
            themes: pack.themes,
            knowledge: Knowledge::clone(&pack.shared.knowledge),
            registers: pack.shared.registers,
            elements: pack.shared.elements,
            agencies: Some(agencies.to_vec()),
        }
    }

    /// What the linter finds.
    pub fn lint(&self) -> Vec<Finding> {
        lint(&Stock {
            items: &self.items,
            themes: &self.themes,
            knowledge: &self.knowledge,
            registers: &self.registers,
            elements: &self.elements,
            agencies: self.agencies.as_deref(),
        })
    }

    /// The item with this number; the stock is sorted by key.
    pub fn item(&mut self, i: usize) -> &mut Item {
        let key = format!("item-{i}");
        self.items.iter_mut().find(|item| item.key == key).unwrap()
    }

    /// Item `from` needs the result of item `to`.
    pub fn need(&mut self, from: usize, to: usize) {
        let id = format!("permit_{to}");
        let paper = json!({"id": id, "kind": format!("permit-{to}"), "name": both(&format!("证{to}"), &format!("Permit {to}")),
            "need": "required", "field": "plan_file", "instead": ["certificate"], "certificate": format!("permit-{to}")});
        self.item(from).materials.push(material(paper));
    }
}

/// A material as a pack would write it.
pub fn material(value: Value) -> Material {
    serde_json::from_value(value).unwrap()
}

/// A paper of this kind under this name, handed in as a file.
pub fn paper(kind: &str, zh: &str) -> Material {
    material(
        json!({"id": "planted", "kind": kind, "name": both(zh, kind), "need": "required", "field": "plan_file"}),
    )
}

/// What must be mended.
pub fn serious(found: Vec<Finding>) -> Vec<Finding> {
    found.into_iter().filter(|f| f.severity != Severity::Note).collect()
}

/// Seeded chance.
pub struct Dice(SeededRng);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(SeededRng::new(seed))
    }

    pub fn below(&self, n: usize) -> usize {
        usize::try_from(self.0.next_u64() % u64::try_from(n.max(1)).unwrap()).unwrap()
    }

    /// All of 0 … n-1 in any order.
    pub fn shuffled(&self, n: usize) -> Vec<usize> {
        let mut all: Vec<usize> = (0..n).collect();
        for i in (1..n).rev() {
            all.swap(i, self.below(i + 1));
        }
        all
    }
}
