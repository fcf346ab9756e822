//! What the synthetic items share: departments, kinds of papers, registers, data elements, situations.
//!
//! Nothing here is any city's: it is drawn by a seed, with a few papers that nearly everybody asks for and many that are
//! rare, so that planner and linter meet the overlap that real catalogues have.

use super::dice::Dice;
use kernel::codes::CreditCode;
use serde_json::{Value, json};

/// How many departments there are.
pub const DEPARTMENTS: usize = 40;
/// How many kinds of papers there are beside the results of items.
pub const KINDS: usize = 160;
/// How many registers there are.
const REGISTERS: usize = 30;
/// How many data elements there are beside those of every person and firm.
const DATA: usize = 90;
/// How many situations there are.
const SITUATIONS: usize = 24;

/// Functions that the catalogue knows by name; departments take them in turn.
const FUNCTIONS: [&str; 12] = [
    "civil-affairs",
    "education",
    "fire",
    "health",
    "housing",
    "market",
    "natural-resources",
    "police",
    "social-security",
    "tax",
    "transport",
    "urban-management",
];

/// A kind of paper.
pub struct Kind {
    pub id: String,
    pub issuer: &'static str,
    pub proves: Vec<String>,
    pub certificate: bool,
    pub declaration: bool,
    /// The registers that prove all of it, when there are such.
    pub registers: Vec<usize>,
}

/// All that items are made of.
pub struct World {
    pub kinds: Vec<Kind>,
    pub codes: Vec<String>,
    registers: Vec<Vec<String>>,
}

impl World {
    /// Draws it.
    pub fn draw(dice: &Dice) -> Self {
        let mut registers: Vec<Vec<String>> = vec![Vec::new(); REGISTERS];
        let mut kinds: Vec<Kind> = Vec::with_capacity(KINDS);
        for k in 0..KINDS {
            // Three in five come from an agency; of those, seven in ten stand in a register that may be asked.
            let agency = dice.percent(60);
            let issuer = if agency {
                pick(&FUNCTIONS, dice)
            } else {
                pick(&["applicant", "bank", "hospital", "notary"], dice)
            };
            let mut proves = vec![format!("claim-{k}")];
            let mut from = Vec::new();
            if agency && dice.percent(70) {
                let register = dice.below(REGISTERS);
                if let Some(claims) = registers.get_mut(register) {
                    claims.push(format!("claim-{k}"));
                }
                from.push(register);
            }
            // A richer paper also proves what a commoner one does: a household register, an identity.
            if k > 0 && dice.percent(30) {
                let other = dice.popular(k);
                let own = kinds.get(other).map(|o| (o.proves.first().cloned(), o.registers.clone()));
                if let Some((Some(claim), registers)) = own {
                    proves.push(claim);
                    from = if from.is_empty() || registers.is_empty() {
                        Vec::new()
                    } else {
                        [from, registers].concat()
                    };
                }
            }
            from.sort_unstable();
            from.dedup();
            let certificate = agency && dice.percent(30);
            kinds.push(Kind {
                id: format!("paper-{k}"),
                issuer,
                proves,
                certificate,
                declaration: !agency && dice.percent(20),
                registers: from,
            });
        }
        Self { kinds, codes: (0..DEPARTMENTS).map(credit_code).collect(), registers }
    }

    /// `knowledge.yaml`; `results` are the certificates of items, with their departments.
    pub fn knowledge(&self, results: &[(String, usize)]) -> Value {
        let mut claims: Vec<Value> = (0..KINDS).map(|k| claim(&format!("claim-{k}"))).collect();
        claims.extend(results.iter().map(|(certificate, _)| claim(certificate)));
        let mut materials: Vec<Value> = self.kinds.iter().map(material).collect();
        materials.extend(results.iter().map(|(certificate, department)| {
            json!({"kind": certificate, "name": name("批件", certificate), "proves": [certificate], "issuer": function(*department),
                   "certificate": certificate, "effort": 3})
        }));
        json!({"claims": claims, "materials": materials})
    }

    /// `sources.yaml`.
    pub fn sources(&self) -> Value {
        let field = |zh: &str, en: &str| json!({"type": "text", "name": {"zh-CN": zh, "en": en}});
        let register = |(r, proves): (usize, &Vec<String>)| {
            json!({"id": format!("register-{r}"), "name": name("登记", &r.to_string()), "agency": department(r),
                   "sharing": "conditional", "personal": true, "proves": proves,
                   "keys": {"subject": field("主体号码", "Subject's number")},
                   "fields": {"state": field("登记状态", "State of the record")}})
        };
        self.registers.iter().enumerate().map(register).collect()
    }

    /// `elements.yaml`: those of every person and firm, and the synthetic ones.
    pub fn elements() -> Value {
        let own = [
            ("person.name", "姓名", "text"),
            ("person.citizen_id", "公民身份号码", "citizen-id"),
            ("person.phone", "手机号码", "phone"),
            ("person.address", "联系地址", "text"),
            ("organisation.name", "单位名称", "text"),
            ("organisation.credit_code", "统一社会信用代码", "credit-code"),
        ];
        let known = own.iter().map(|(id, zh, kind)| element(id, json!({"zh-CN": zh, "en": id}), kind));
        let kinds = ["text", "number", "date", "text", "money"];
        let drawn = (0..DATA).map(|d| {
            let kind = kinds.get(d % kinds.len()).copied().unwrap_or("text");
            element(&datum(d), name("数据", &d.to_string()), kind)
        });
        known.chain(drawn).collect()
    }
}

/// The element of the d-th datum.
fn datum(d: usize) -> String {
    format!("subject.datum_{d}")
}

/// A datum that many items ask for, or a rare one.
pub fn popular_datum(dice: &Dice) -> String {
    datum(dice.popular(DATA))
}

/// A situation, the same question wherever it stands.
pub fn situation(dice: &Dice) -> Value {
    let n = dice.popular(SITUATIONS);
    let option = |value: &str, zh: &str| json!({"value": value, "label": {"zh-CN": zh, "en": value}});
    json!({"id": format!("case_{n}"), "ask": {"zh-CN": format!("是否属于情形{n}？"), "en": format!("Does situation {n} apply?")},
           "options": [option("yes", "是"), option("no", "否")]})
}

/// The code of the d-th department.
pub fn department(d: usize) -> String {
    format!("synthetic.d{:02}", d % DEPARTMENTS)
}

/// What it does.
pub fn function(d: usize) -> &'static str {
    FUNCTIONS.get(d % FUNCTIONS.len()).copied().unwrap_or("market")
}

/// A name that says what it is: nobody takes it for a real one.
pub fn name(zh: &str, what: &str) -> Value {
    json!({"zh-CN": format!("合成{zh}{what}"), "en": format!("Synthetic {what}")})
}

fn claim(id: &str) -> Value {
    json!({"id": id, "name": name("事实", id)})
}

fn material(kind: &Kind) -> Value {
    let mut out = json!({"kind": kind.id, "name": name("材料", &kind.id), "aliases": [], "proves": kind.proves, "issuer": kind.issuer,
                         "effort": if kind.issuer == "notary" { 5 } else { 2 }});
    if let Some(object) = out.as_object_mut() {
        if kind.certificate {
            object.insert("certificate".to_owned(), kind.id.clone().into());
        }
        if kind.declaration {
            object.insert(
                "declaration".to_owned(),
                json!({"basis": {"zh-CN": "合成依据", "en": "Synthetic basis"}}),
            );
        }
    }
    out
}

fn element(id: &str, name: Value, kind: &str) -> Value {
    json!({"id": id, "name": name, "type": kind, "agency": department(0), "sharing": "conditional"})
}

fn pick(of: &[&'static str], dice: &Dice) -> &'static str {
    of.get(dice.below(of.len())).copied().unwrap_or("applicant")
}

/// An invented credit code with the right check characters.
fn credit_code(n: usize) -> String {
    let signs = || ('0'..='9').chain('A'..='Z');
    let all = signs().flat_map(|a| signs().map(move |b| format!("119999990002{n:04}{a}{b}")));
    all.into_iter().find(|code| code.parse::<CreditCode>().is_ok()).unwrap_or_default()
}
