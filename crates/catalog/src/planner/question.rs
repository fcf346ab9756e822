//! What is asked of the planner, and the matter it is asked about: its members in their order, each once, with the facts
//! that its rules read.

use super::PlannedMember;
use crate::merged::Weave;
use crate::model::words;
use crate::{Item, Knowledge, MatterTheme, Register, Sharing};
use forms::{Answers, Condition, Sharing as SharingClass};
use jiff::civil::Date;
use kernel::Text;
use kernel::rules::Verdict;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

/// How well a kept proof is proven.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProofGrade {
    /// A: issued by an agency here.
    Issued,
    /// B: its original was looked at by an official.
    Checked,
    /// C: uploaded, to be checked.
    Uploaded,
    /// D: only declared.
    Declared,
}

impl ProofGrade {
    /// Its name.
    pub fn name(self) -> Text {
        match self {
            Self::Issued => Text::new("部门签发", "issued by an agency"),
            Self::Checked => Text::new("窗口核过原件", "original seen by an official"),
            Self::Uploaded => Text::new("您上传的，待核对", "uploaded by you, to be checked"),
            Self::Declared => Text::new("您声明的", "declared by you"),
        }
    }
}

/// How something is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HeldAs {
    /// As an electronic certificate.
    Certificate,
    /// As a proof that was kept.
    Proof(ProofGrade),
}

/// What the applicant or another party holds here.
#[derive(Debug, Clone, PartialEq)]
pub struct Holding {
    /// The kind of the certificate or paper.
    pub kind: String,
    /// Whose it is, by the words of `materials[].holder`; empty = whoever's is asked.
    pub holder: String,
    /// How it is held.
    pub by: HeldAs,
    /// Since when: the day of issue, or on which it was handed in.
    pub since: Option<Date>,
    /// By which it is found again.
    pub reference: String,
}

impl Holding {
    /// The best comes first: certificates, then what is proven better, then the latest.
    fn rank(&self) -> impl Ord + '_ {
        let grade = match self.by {
            HeldAs::Certificate => None,
            HeldAs::Proof(grade) => Some(grade),
        };
        (grade, std::cmp::Reverse(self.since), &self.kind, &self.holder, &self.reference)
    }
}

/// What is asked of the planner.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// The items; all of the matter, also those that its situation leaves out.
    pub members: &'a [&'a Item],
    /// The joint matter, when it is one that a pack describes.
    pub theme: Option<&'a MatterTheme>,
    /// The dictionary of papers.
    pub knowledge: &'a Knowledge,
    /// The registers there are.
    pub registers: &'a [Register],
    /// The answers so far, by the fields of the one form.
    pub answers: &'a Answers,
    /// What is known, by element.
    pub known: &'a Map<String, Value>,
    /// What registers answered, by item and by the register's alias there, as far as whoever reads the plan may see it.
    pub fetched: &'a BTreeMap<String, Map<String, Value>>,
    /// What is held.
    pub holds: &'a [Holding],
    /// What the agencies share; everything that the items allow when none.
    pub sharing: Option<&'a Sharing>,
    /// The registers that do not answer at the moment.
    pub down: &'a BTreeSet<String>,
    /// Today, where rules and validities may read it.
    pub today: Option<Date>,
}

static NOTHING: LazyLock<Map<String, Value>> = LazyLock::new(Map::new);
static NONE_DOWN: BTreeSet<String> = BTreeSet::new();
static NONE_FETCHED: BTreeMap<String, Map<String, Value>> = BTreeMap::new();

impl<'a> Question<'a> {
    /// The question about these items of somebody of whom nothing is known and who has answered nothing yet.
    pub fn of(members: &'a [&'a Item], knowledge: &'a Knowledge, registers: &'a [Register]) -> Self {
        Self {
            members,
            theme: None,
            knowledge,
            registers,
            answers: &NOTHING,
            known: &NOTHING,
            fetched: &NONE_FETCHED,
            holds: &[],
            sharing: None,
            down: &NONE_DOWN,
            today: None,
        }
    }
}

/// The members in the order of the matter, each once: the theme's, then by key.
pub(crate) fn in_order<'a>(members: &[&'a Item], theme: Option<&MatterTheme>) -> Vec<&'a Item> {
    let place = |item: &Item| theme.and_then(|t| t.place(&item.key)).unwrap_or(usize::MAX);
    let mut items = members.to_vec();
    items.sort_by(|a, b| (place(a), &a.key).cmp(&(place(b), &b.key)));
    items.dedup_by(|a, b| a.key == b.key);
    items
}

/// The matter that is planned.
pub(crate) struct Matter<'a> {
    pub q: &'a Question<'a>,
    /// The members in order.
    pub items: Vec<&'a Item>,
    /// Whether each is part of the matter, and why.
    taken: Vec<(bool, Text)>,
    /// What each one's rules read.
    facts: Vec<Value>,
    /// What is held, the best first, in an order that is not the caller's.
    pub holds: Vec<&'a Holding>,
    registers: BTreeMap<&'a str, &'a Register>,
}

impl<'a> Matter<'a> {
    pub fn of(q: &'a Question<'a>) -> Self {
        let items = in_order(q.members, q.theme);
        let situations = object("form", q.answers.clone());
        let taken = items.iter().map(|i| taken(i, q.theme, &situations)).collect();
        let registers = q.registers.iter().map(|r| (r.id.as_str(), r)).collect();
        let mut holds: Vec<&Holding> = q.holds.iter().collect();
        holds.sort_by(|a, b| a.rank().cmp(&b.rank()));
        Self { q, items, taken, facts: Vec::new(), holds, registers }
    }

    /// Looks up what each member's own rules read: its answers out of the one form, what is known, what registers answered,
    /// today.
    pub fn with_facts(mut self, weave: &Weave<'a>) -> Self {
        let mut base = crate::facts::facts(&Answers::new(), self.q.known, &Map::new(), Date::ZERO);
        if let Some(base) = base.as_object_mut() {
            match self.q.today {
                Some(today) => base.insert("today".to_owned(), Value::String(today.to_string())),
                None => base.shift_remove("today"),
            };
        }
        let facts = |m: usize| {
            let mut facts = base.clone();
            if let Some(facts) = facts.as_object_mut() {
                let answered = self.items.get(m).and_then(|i| self.q.fetched.get(&i.key));
                facts.extend(answered.into_iter().flatten().map(|(alias, v)| (alias.clone(), v.clone())));
                let own = weave.project(m, self.q.answers);
                facts.insert("form".to_owned(), Value::Object(own));
            }
            facts
        };
        self.facts = (0..self.items.len()).map(facts).collect();
        self
    }

    /// The members that are part of the matter.
    pub fn taken(&self) -> impl Iterator<Item = &'a Item> + '_ {
        self.each().map(|(_, item)| item)
    }

    /// As [`Matter::taken`], with each one's place.
    pub fn each(&self) -> impl Iterator<Item = (usize, &'a Item)> + '_ {
        self.items.iter().copied().enumerate().filter(|(m, _)| self.takes(*m))
    }

    /// Whether the member at `m` is part of the matter.
    pub fn takes(&self, m: usize) -> bool {
        self.taken.get(m).is_some_and(|(taken, _)| *taken)
    }

    /// Whether a rule of the member at `m` may hold: it does, or that cannot be told yet.
    pub fn may(&self, m: usize, rule: Option<&Condition>) -> bool {
        let Some(facts) = self.facts.get(m) else { return true };
        rule.and_then(Condition::rule).is_none_or(|r| r.test(facts) != Verdict::No)
    }

    /// Whether it cannot be told yet whether a rule of the member at `m` holds.
    pub fn untold(&self, m: usize, rule: Option<&Condition>) -> bool {
        rule.and_then(Condition::rule).is_some_and(|r| matches!(r.test(self.facts(m)), Verdict::Absent(_)))
    }

    /// What the rules of the member at `m` read.
    pub fn facts(&self, m: usize) -> &Value {
        self.facts.get(m).unwrap_or(&Value::Null)
    }

    /// The register with this id.
    pub fn register(&self, id: &str) -> Option<&'a Register> {
        self.registers.get(id).copied()
    }

    /// Whether this register may be asked: under the sharing, and not when it is never shared (不予共享).
    pub fn shares(&self, register: &str) -> bool {
        let closed = self.register(register).is_some_and(|r| r.sharing == SharingClass::Never);
        !closed && self.q.sharing.is_none_or(|s| s.sources.has(register))
    }

    /// What a member is called.
    pub fn name(&self, m: usize) -> Text {
        self.items.get(m).map(|i| i.name.clone()).unwrap_or_default()
    }

    pub fn members(&self) -> Vec<PlannedMember> {
        let member = |(item, (taken, why)): (&&Item, &(bool, Text))| PlannedMember {
            item: item.key.clone(),
            name: item.name.clone(),
            agency: item.agency.clone(),
            taken: *taken,
            why: why.clone(),
            visits: item.visits,
        };
        self.items.iter().zip(&self.taken).map(member).collect()
    }

    /// The situations that are answered; several words with commas between them.
    pub fn situations(&self) -> BTreeMap<String, String> {
        let own = self.q.theme.iter().flat_map(|t| &t.situations);
        let all = own.chain(self.items.iter().flat_map(|i| &i.situations));
        let answered = all.filter_map(|s| Some((s.id.clone(), words(self.q.answers.get(&s.id)?).join(","))));
        answered.filter(|(_, words)| !words.is_empty()).collect()
    }
}

/// `{name: map}` as facts.
pub(crate) fn object(name: &str, map: Answers) -> Value {
    Value::Object(Map::from_iter([(name.to_owned(), Value::Object(map))]))
}

/// Whether an item is part of the matter in its situation, and why.
fn taken(item: &Item, theme: Option<&MatterTheme>, situations: &Value) -> (bool, Text) {
    let Some((theme, member)) = theme.and_then(|t| Some((t, t.member(&item.key)?))) else {
        return (true, Text::new("这是您要办的事项。", "This is what you apply for."));
    };
    let rule = member.when.as_ref().and_then(Condition::rule);
    let Some(rule) = rule else {
        let why = Text::new(
            format!("办“{}”都要办这一项。", theme.name.zh),
            format!("It is part of “{}” in every situation.", theme.name.en),
        );
        return (true, why);
    };
    let said = rule.paths().iter().filter_map(|path| answered(theme, path, situations));
    let (zh, en): (Vec<String>, Vec<String>) = said.map(|t| (t.zh, t.en)).unzip();
    let (zh, en) = (zh.join("；"), en.join("; "));
    match rule.test(situations) {
        Verdict::Yes => (true, Text::new(format!("要办，因为：{zh}。"), format!("It is needed: {en}."))),
        Verdict::No => {
            (false, Text::new(format!("不用办，因为：{zh}。"), format!("It is not needed: {en}.")))
        }
        Verdict::Absent(_) => {
            let why = Text::new(
                "要不要办，看您怎么回答上面的问题；先算在内。",
                "Whether it is needed depends on your answers; it is counted until then.",
            );
            (true, why)
        }
    }
}

/// A question with its answer, in words: 房子有抵押吗？——没有.
fn answered(theme: &MatterTheme, path: &str, situations: &Value) -> Option<Text> {
    let id = path.strip_prefix("form.")?;
    let situation = theme.situations.iter().find(|s| s.id == id)?;
    let said = words(situations.get("form")?.get(id)?);
    let labels = situation.options.iter().filter(|o| said.contains(&o.value.as_str())).map(|o| &o.label);
    let (zh, en): (Vec<&str>, Vec<&str>) = labels.map(|l| (l.zh.as_str(), l.en.as_str())).unzip();
    let ask = &situation.ask;
    let said = Text::new(format!("{}——{}", ask.zh, zh.join("、")), format!("{} — {}", ask.en, en.join(", ")));
    (!zh.is_empty()).then_some(said)
}
