//! Small worlds made by dice: items that demand papers of a few holders, registers and kinds that prove a few claims.

use crate::planner::{HeldAs, Holding, ProofGrade};
use crate::{Claim, Item, Knowledge, MaterialKind, MatterTheme, Merged, Register};
use forms::{Answers, Condition, Elements, Sharing};
use jiff::civil::Date;
use kernel::rules::Schema;
use kernel::{AgencyCode, Text};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Splitmix64: the same seed, the same world.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((z ^ (z >> 31)) % u64::try_from(n).unwrap()).unwrap()
    }

    pub fn one<'t, T>(&mut self, of: &'t [T]) -> &'t T {
        &of[self.below(of.len())]
    }

    pub fn shuffle<T>(&mut self, all: &mut [T]) {
        for n in (1..all.len()).rev() {
            all.swap(n, self.below(n + 1));
        }
    }
}

pub const HOLDERS: [&str; 3] = ["applicant", "buyer", "seller"];
const CLAIMS: usize = 6;
const KINDS: usize = 8;
const REGISTERS: usize = 4;

pub struct World {
    pub items: Vec<Item>,
    pub knowledge: Knowledge,
    pub registers: Vec<Register>,
    pub elements: Elements,
    pub holds: Vec<Holding>,
    /// What may be there besides: a joint matter, answers by item, what is shared, a day.
    pub theme: Option<MatterTheme>,
    pub said: BTreeMap<String, String>,
    pub sharing: Option<crate::Sharing>,
    pub today: Option<Date>,
}

impl World {
    /// The answer to the theme's one question, in half of the worlds.
    pub fn situations(&self) -> Answers {
        let asked = self.theme.iter().flat_map(|t| &t.situations);
        let said =
            asked.filter(|_| self.said.contains_key("t")).map(|s| (s.id.clone(), json!(self.said["t"])));
        said.collect()
    }

    /// All answers, by the fields of the one form of these members.
    pub fn answers(&self, members: &[&Item]) -> Answers {
        let merged = Merged::of(members, self.theme.as_ref(), &self.elements);
        let mut all = self.situations();
        for (m, item) in members.iter().enumerate() {
            if let Some(note) = self.said.get(&item.key) {
                all.extend(merged.lift(m, &Answers::from_iter([("note".to_owned(), json!(note))])));
            }
        }
        all
    }
}

fn text(id: &str) -> Value {
    json!({"zh-CN": format!("名{id}"), "en": format!("Name {id}")})
}

pub fn world(seed: u64) -> World {
    let mut dice = Dice::new(seed);
    let some = |dice: &mut Dice, one_in: usize| -> Vec<String> {
        (0..CLAIMS).filter(|_| dice.below(one_in) == 0).map(|c| format!("c{c}")).collect()
    };
    let claims = (0..CLAIMS).map(|c| Claim { id: format!("c{c}"), name: Text::same(format!("claim {c}")) });
    let kinds = (0..KINDS).map(|k| MaterialKind {
        kind: format!("k{k}"),
        name: Text::same(format!("kind {k}")),
        aliases: Vec::new(),
        proves: some(&mut dice, 3),
        issuer: (*dice.one(&["police", "applicant", ""])).to_owned(),
        certificate: (k < 3).then(|| format!("e{k}")),
        declaration: None,
        form: k == 7,
        effort: 1 + u8::try_from(dice.below(3)).unwrap(),
        valid_days: None,
    });
    let kinds: Vec<MaterialKind> = kinds.collect();
    let knowledge = Knowledge::new(claims.collect(), kinds);
    let registers = (0..REGISTERS).map(|r| register(r, some(&mut dice, 3))).collect();
    let elements = elements();
    let items = (0..1 + dice.below(5)).map(|n| item(n, &mut dice, &elements)).collect();
    let holds = (0..dice.below(3)).map(|n| holding(n, &mut dice)).collect();
    let mut world = World {
        items,
        knowledge,
        registers,
        elements,
        holds,
        theme: None,
        said: BTreeMap::new(),
        sharing: None,
        today: None,
    };
    if dice.below(3) > 0 {
        more(&mut world, &mut dice);
    }
    world
}

/// Conditions, answers, a joint matter, limits to what is shared, and dates.
fn more(world: &mut World, dice: &mut Dice) {
    for item in &mut world.items {
        let mut schema = world.elements.schema();
        schema.merge(&item.form.schema());
        for material in item.materials.iter_mut().filter(|_| dice.below(3) == 0) {
            let mut when = Condition::new("form.note == 'x'");
            when.compile(&schema).unwrap();
            material.when = Some(when);
        }
        if dice.below(3) > 0 {
            world.said.insert(item.key.clone(), (*dice.one(&["x", "y"])).to_owned());
        }
    }
    world.theme = (dice.below(3) > 0).then(|| theme(&world.items, dice));
    if dice.below(2) == 0 {
        world.said.insert("t".to_owned(), (*dice.one(&["yes", "no"])).to_owned());
    }
    if dice.below(2) == 0 {
        let some: Vec<String> =
            (0..REGISTERS).filter(|_| dice.below(2) == 0).map(|r| format!("r{r}")).collect();
        let (certificates, declarations) = (dice.below(2) == 0, dice.below(2) == 0);
        let sharing = json!({"id": "s", "name": text("s"), "sources": some, "certificates": certificates,
            "declarations": declarations});
        world.sharing = Some(serde_json::from_value(sharing).unwrap());
    }
    if dice.below(4) == 0 {
        let closed = dice.below(world.registers.len());
        world.registers[closed].sharing = Sharing::Never;
    }
    let today = jiff::civil::date(2026, 11, 20);
    world.today = Some(today);
    let mut kinds = world.knowledge.materials.clone();
    for kind in kinds.iter_mut().filter(|_| dice.below(2) == 0) {
        kind.valid_days = Some(30);
    }
    world.knowledge = Knowledge::new(world.knowledge.claims.clone(), kinds);
    for holding in &mut world.holds {
        holding.since =
            today.checked_sub(jiff::Span::new().days(i64::try_from(dice.below(60)).unwrap())).ok();
    }
}

/// A joint matter of all items: the first one always, others by the answer; by law or by the theme they wait for each other.
fn theme(items: &[Item], dice: &mut Dice) -> MatterTheme {
    let mut keys: Vec<&str> = items.iter().map(|i| i.key.as_str()).collect();
    dice.shuffle(&mut keys);
    let mut members = Vec::new();
    for (n, key) in keys.iter().enumerate() {
        let mut member = json!({"item": key});
        if n > 0 && dice.below(3) == 0 {
            member["when"] = json!(format!("form.t == '{}'", dice.one(&["yes", "no"])));
        }
        if n > 0 && dice.below(3) == 0 {
            member["after"] = json!([{"item": keys[dice.below(n)], "basis": text("law")}]);
        }
        members.push(member);
    }
    let mut depends = Vec::new();
    for (n, item) in keys.iter().enumerate() {
        let on = keys[dice.below(keys.len())];
        if on != *item && n % 2 == 0 {
            depends.push(json!({"item": item, "on": on, "then": "waits", "say": text("wait")}));
        }
    }
    let option = |value: &str| json!({"value": value, "label": text(value)});
    let mut theme: MatterTheme = serde_json::from_value(json!({
        "id": "theme", "name": text("theme"), "what": text("what"), "who": text("who"), "audience": ["person"],
        "situations": [{"id": "t", "ask": text("t"), "options": [option("yes"), option("no")]}],
        "members": members, "depends": depends,
    }))
    .unwrap();
    crate::pack::recompile_theme(&mut theme);
    theme
}

fn holding(n: usize, dice: &mut Dice) -> Holding {
    let certificate = dice.below(2) == 0;
    Holding {
        kind: if certificate { format!("e{}", dice.below(3)) } else { format!("k{}", dice.below(KINDS)) },
        holder: (*dice.one(&HOLDERS)).to_owned(),
        by: if certificate { HeldAs::Certificate } else { HeldAs::Proof(ProofGrade::Checked) },
        since: None,
        reference: format!("h{n}"),
    }
}

fn register(r: usize, proves: Vec<String>) -> Register {
    let field = json!({"type": "text", "name": text("register")});
    Register {
        id: format!("r{r}"),
        name: Text::same(format!("register {r}")),
        agency: AgencyCode::parse("nanjing.police").unwrap(),
        sharing: Sharing::Free,
        personal: true,
        keys: serde_json::from_value(json!({"citizen_id": field})).unwrap(),
        fields: serde_json::from_value(json!({"citizen_id": field, "name": field})).unwrap(),
        proves,
    }
}

fn elements() -> Elements {
    let one = |holder: &str, what: &str, kind: &str| {
        serde_json::from_value(json!({
            "id": format!("{holder}.{what}"), "name": text(what), "type": kind, "agency": "nanjing.police", "sharing": "free",
        }))
        .unwrap()
    };
    let mut all = Vec::new();
    for holder in ["person", "buyer", "seller"] {
        all.push(one(holder, "name", "text"));
        all.push(one(holder, "citizen_id", "citizen-id"));
        all.push(one(holder, "children", "group"));
    }
    Elements::new(all)
}

fn root(holder: &str) -> &str {
    if holder == "applicant" { "person" } else { holder }
}

/// An item with a few papers; its registers are asked about somebody.
fn item(n: usize, dice: &mut Dice, elements: &Elements) -> Item {
    let (mut fields, mut materials) = (Vec::new(), Vec::new());
    for holder in HOLDERS {
        let root = root(holder);
        fields.push(json!({"element": format!("{root}.citizen_id"), "required": true}));
        if dice.below(2) == 0 {
            fields.push(json!({"element": format!("{root}.name"), "max": 20 + n}));
        }
        if dice.below(3) == 0 {
            let column = *dice.one(&["text", "number"]);
            fields.push(json!({"element": format!("{root}.children"), "fields": [
                {"id": "name", "type": "text", "label": text("child")},
                {"id": if n.is_multiple_of(2) { "age" } else { "school" }, "type": column, "label": text("column")},
            ]}));
        }
    }
    fields.push(json!({"id": "note", "type": "text", "label": text("note")}));
    let mut sources = Vec::new();
    for r in 0..REGISTERS {
        if dice.below(3) == 0 {
            sources.push(source(r, dice));
        }
    }
    for m in 0..1 + dice.below(4) {
        let material = material(m, dice, &sources, &mut fields);
        materials.push(material);
    }
    let results: Vec<Value> = if dice.below(2) == 0 { vec![result(dice.below(3))] } else { Vec::new() };
    let mut item: Item = serde_json::from_value(json!({
        "key": format!("item-{n}"), "code": format!("{n}"), "name": text(&n.to_string()), "what": text("what"), "who": text("who"),
        "agency": "nanjing.police", "type": "filing", "audience": ["person"], "handling": "promised",
        "terms": {"statutory": "20wd", "promised": "10wd"}, "visits": 0, "basis": [],
        "form": [{"id": "all", "title": text("all"), "fields": fields}],
        "sources": sources, "materials": materials, "results": results,
        "process": [
            {"id": "look", "title": text("look"), "by": "nanjing.police", "term": format!("{}wd", 1 + n)},
            {"id": "end", "title": text("end"), "by": "nanjing.police", "after": ["look"], "term": "2wd"},
        ],
        "decision": {"after": ["end"]}, "complain": text("complain"),
    }))
    .unwrap();
    item.form.compile(elements, &elements.schema()).unwrap();
    let mut schema = elements.schema();
    schema.merge(&item.form.schema());
    compile(&mut item, &schema);
    item
}

fn compile(item: &mut Item, schema: &Schema) {
    for key in item.sources.iter_mut().flat_map(|s| s.keys.values_mut()) {
        key.compile_value(schema).unwrap();
    }
}

fn source(r: usize, dice: &mut Dice) -> Value {
    let holder = dice.one::<&str>(&HOLDERS);
    let root = root(holder);
    json!({"id": format!("s{r}"), "source": format!("r{r}"), "keys": {"citizen_id": format!("form.{root}_citizen_id")}})
}

fn material(m: usize, dice: &mut Dice, sources: &[Value], fields: &mut Vec<Value>) -> Value {
    let mut material = json!({
        "id": format!("m{m}"), "kind": format!("k{}", dice.below(KINDS)), "holder": dice.one(&HOLDERS),
        "name": text(&format!("m{m}")), "need": dice.one(&["required", "required", "required", "optional", "later"]),
        "field": format!("f{m}"),
    });
    let mut kind = "file";
    let mut more = |key: &str, value: Value| material.as_object_mut().unwrap().insert(key.to_owned(), value);
    match dice.below(8) {
        0 if !sources.is_empty() => {
            more("instead", json!(["source"]));
            more("source", dice.one(sources)["id"].clone());
        }
        1 => {
            more("instead", json!(["certificate"]));
            more("certificate", json!(format!("e{}", dice.below(3))));
        }
        2 => {
            kind = "declaration";
            more("instead", json!(["declaration"]));
        }
        3 => {
            more("original", json!(dice.one(&["look", "keep", "take-back"])));
        }
        4 => {
            more("produced_by", json!(format!("e{}", dice.below(3))));
        }
        _ => {}
    }
    fields.push(json!({"id": format!("f{m}"), "type": kind, "label": text("file")}));
    material
}

fn result(e: usize) -> Value {
    json!({
        "certificate": format!("e{e}"), "name": text("result"), "type_code": "x", "template": "x.typ", "valid": {},
        "fields": [],
    })
}

/// The facts of nobody, once for each member.
pub fn no_facts(world: &World) -> Vec<Value> {
    vec![json!({"today": "2026-11-20"}); world.items.len()]
}

/// The items of the world by key.
pub fn by_key(world: &World) -> BTreeMap<&str, &Item> {
    world.items.iter().map(|i| (i.key.as_str(), i)).collect()
}
