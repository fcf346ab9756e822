//! What several items are together (一件事): one form, one plan, one set of papers. A single item is a bundle of one.

use crate::model::Given;
use crate::wallet::Wallet;
use ::store::Store;
use catalog::planner::{Holding, How, Plan, PlannedPaper, Question};
use catalog::{Item, MatterTheme, Merged, Published, Shared};
use forms::{Answers, Form};
use kernel::rules::Verdict;
use kernel::{Lang, Outcome, Refusal, RefusalKind, Text, Timestamp, clock};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The items of a matter with their theme, in the theme's order, else by key.
#[derive(Clone)]
pub struct Bundle {
    /// The theme, when the items were not chosen one by one.
    pub theme: Option<Arc<MatterTheme>>,
    /// The items.
    pub items: Vec<Published>,
    /// Their one form.
    pub merged: Arc<Merged>,
    shared: Arc<Shared>,
}

/// What a plan is made for.
pub(crate) struct Asked<'a> {
    pub answers: &'a Answers,
    pub known: &'a Map<String, Value>,
    pub holds: &'a [Holding],
    /// The fields of papers that a register should have proved and could not: they are asked for after all.
    pub unproven: &'a BTreeSet<String>,
    /// What registers have answered so far, by item and alias.
    pub facts: &'a Fetched,
    pub now: Timestamp,
}

/// What registers answered, by item and alias.
pub(crate) type Fetched = BTreeMap<String, Map<String, Value>>;

impl Bundle {
    /// The bundle of a theme, or of these items, each by key or code, in their current versions.
    ///
    /// # Errors
    /// A refusal when a theme or an item is not there, or an item is named twice.
    pub async fn load(store: &Store, theme: Option<&str>, items: &[String]) -> Outcome<Self> {
        let theme = match theme {
            Some(id) => Some(catalog::find_theme(store, id).await?.ok_or_else(no_theme)?),
            None => None,
        };
        let named: Vec<String> = match &theme {
            Some(theme) => theme.members.iter().map(|m| m.item.clone()).collect(),
            None => items.to_vec(),
        };
        let mut all: Vec<Published> = Vec::with_capacity(named.len());
        for name in &named {
            let item = catalog::find(store, name).await?.ok_or_else(no_item)?;
            if all.iter().all(|known| known.item.key != item.item.key) {
                all.push(item);
            }
        }
        if all.is_empty() {
            return Err(no_item().into());
        }
        Self::of(store, theme, all).await
    }

    /// The bundle of these versions.
    pub(crate) async fn of(
        store: &Store,
        theme: Option<Arc<MatterTheme>>,
        mut items: Vec<Published>,
    ) -> Outcome<Self> {
        let place = |key: &str| {
            theme.as_ref().and_then(|t| t.members.iter().position(|m| m.item == key)).unwrap_or(usize::MAX)
        };
        items.sort_by_key(|p| (place(&p.item.key), p.item.key.clone()));
        let shared = catalog::shared(store).await?;
        let members: Vec<&Item> = items.iter().map(|p| &*p.item).collect();
        let merged = Arc::new(Merged::of(&members, theme.as_deref(), &shared.elements));
        Ok(Self { theme, items, merged, shared })
    }

    /// The items themselves.
    pub fn members(&self) -> Vec<&Item> {
        self.items.iter().map(|p| &*p.item).collect()
    }

    /// The one form.
    pub fn form(&self) -> &Form {
        self.merged.form()
    }

    /// Whether it is one item alone.
    pub fn alone(&self) -> bool {
        self.items.len() == 1
    }

    /// What the matter is called.
    pub fn name(&self) -> Text {
        if let Some(theme) = &self.theme {
            return theme.name.clone();
        }
        let names: Vec<&Text> = self.items.iter().map(|p| &p.item.name).collect();
        match names.as_slice() {
            [] => Text::default(),
            [one] => (*one).clone(),
            [one, two] => Text::new(format!("{}、{}", one.zh, two.zh), format!("{} and {}", one.en, two.en)),
            [one, ..] => Text::new(
                format!("{}等{}项", one.zh, names.len()),
                format!("{} and {} more", one.en, names.len() - 1),
            ),
        }
    }

    /// What registers have answered for fields of the one form: shown with its source, and not asked.
    pub(crate) fn fetched(&self, facts: &Fetched) -> BTreeMap<String, forms::Known> {
        self.merged.fetched(&self.shared.registers, facts)
    }

    /// The situations that registers answer, by field of the one form, with which registers did.
    pub(crate) fn situations(
        &self,
        facts: &Fetched,
        known: &Map<String, Value>,
        now: Timestamp,
    ) -> BTreeMap<String, forms::Known> {
        let (today, none, empty) = (clock::legal_date(now), Map::new(), Answers::new());
        let mut all = BTreeMap::new();
        for (member, published) in self.items.iter().enumerate() {
            let item = &published.item;
            let fetched = facts.get(&item.key).unwrap_or(&none);
            let read = catalog::facts::facts(&empty, known, fetched, today);
            for situation in &item.situations {
                let Some(value) = situation.told(&read) else { continue };
                let Some(field) = self.merged.field_of(member, &situation.id) else { continue };
                let source = self.named(item, situation);
                all.entry(field.to_owned()).or_insert(forms::Known { value, source });
            }
        }
        all
    }

    /// The registers that a situation's rule reads, by name.
    fn named(&self, item: &Item, situation: &catalog::Situation) -> Text {
        let paths = situation.known.iter().filter_map(|k| k.rule()).flat_map(|r| r.paths());
        let roots: BTreeSet<&str> = paths.filter_map(|p| p.split('.').next()).collect();
        let asked = item.sources.iter().filter(|s| roots.contains(s.id.as_str()));
        let names: Vec<&Text> = asked
            .filter_map(|s| self.shared.registers.iter().find(|r| r.id == s.source))
            .map(|r| &r.name)
            .collect();
        let joined = |lang, by: &str| names.iter().map(|n| n.get(lang)).collect::<Vec<_>>().join(by);
        Text::new(joined(Lang::ZhCn, "、"), joined(Lang::En, ", "))
    }

    /// Everybody who takes part, by role: as the theme names them, else as the items do; those whom a field names by number.
    pub(crate) fn parties(&self) -> Vec<(String, Text)> {
        let own = self.items.iter().flat_map(|p| &p.item.roles);
        let mut all: Vec<(String, Text)> = Vec::new();
        for role in self.theme.iter().flat_map(|t| &t.roles).chain(own).filter(|r| r.person.is_some()) {
            if all.iter().all(|(known, _)| *known != role.id) {
                all.push((role.id.clone(), role.name.clone()));
            }
        }
        all
    }

    /// What it is about, as drafts are found by it.
    pub(crate) fn about(&self) -> String {
        match &self.theme {
            Some(theme) => format!("theme:{}", theme.id),
            None => about(self.items.iter().map(|p| p.item.key.as_str())),
        }
    }

    /// The plan for these answers.
    pub(crate) fn plan(&self, asked: &Asked<'_>) -> Plan {
        let members = self.members();
        let mut plan = catalog::planner::plan(&Question {
            theme: self.theme.as_deref(),
            answers: asked.answers,
            known: asked.known,
            holds: asked.holds,
            fetched: asked.facts,
            today: Some(clock::legal_date(asked.now)),
            ..Question::of(&members, &self.shared.knowledge, &self.shared.registers)
        });
        for paper in &mut plan.papers {
            if paper.field.as_ref().is_some_and(|f| asked.unproven.contains(f)) && paper.how != How::Asked {
                paper.how = How::Asked;
                paper.why = Text::new(
                    "登记系统里没有查到，请您提供。",
                    "The register holds nothing on it; please provide it.",
                );
            }
        }
        self.wait_for_registers(&mut plan, asked);
        plan
    }

    /// A paper of which only a register can tell whether it is needed stops nobody from handing in: the registers are asked then,
    /// and what is really missing is told at its field.
    fn wait_for_registers(&self, plan: &mut Plan, asked: &Asked<'_>) {
        let (today, none) = (clock::legal_date(asked.now), Map::new());
        let facts: Vec<Value> = (0..self.items.len())
            .map(|m| {
                let own = self.merged.project(m, asked.answers);
                let fetched = self.items.get(m).and_then(|p| asked.facts.get(&p.item.key)).unwrap_or(&none);
                catalog::facts::facts(&own, asked.known, fetched, today)
            })
            .collect();
        let verdict = |(item, demand): &(String, String)| {
            let member = self.items.iter().position(|p| p.item.key == *item)?;
            let spec = self.items.get(member)?.item.materials.iter().find(|m| m.id == *demand)?;
            Some(spec.when.as_ref()?.rule()?.test(facts.get(member)?))
        };
        // What a register has said is not needed is not asked for, whatever the plan reckoned with before it was asked.
        let needed = |p: &PlannedPaper| p.demands.iter().any(|d| verdict(d) != Some(Verdict::No));
        plan.papers.retain(|p| p.how != How::Asked || p.demands.is_empty() || needed(p));
        for paper in plan.papers.iter_mut().filter(|p| p.how == How::Asked && !p.optional && !p.later) {
            if paper.demands.iter().all(|demand| matches!(verdict(demand), Some(Verdict::Absent(_)))) {
                paper.later = true;
                paper.why = Text::new(
                    "要不要交，提交时由登记数据决定；手边有的现在就可以上传。",
                    "The registers tell on handing in whether it is needed; upload it now if you have it at hand.",
                );
            }
        }
    }

    /// Which members the plan takes, by their place.
    pub(crate) fn taken(&self, plan: &Plan) -> Vec<usize> {
        let taken = |key: &str| plan.members.iter().find(|m| m.item == key).is_none_or(|m| m.taken);
        (0..self.items.len()).filter(|i| self.items.get(*i).is_some_and(|p| taken(&p.item.key))).collect()
    }

    /// The field of the one form where a member's own field stands.
    pub(crate) fn lifted(&self, member: usize, path: &str) -> String {
        let (root, rest) = path.split_at(path.find(['.', '[']).unwrap_or(path.len()));
        let field = self.merged.field_of(member, root);
        field.map_or_else(|| path.to_owned(), |id| format!("{id}{rest}"))
    }

    /// The dictionary of papers.
    pub(crate) fn knowledge(&self) -> &catalog::Knowledge {
        &self.shared.knowledge
    }

    /// How the material kind is kept in the dictionary.
    pub(crate) fn kind(&self, kind: &str) -> Option<&catalog::MaterialKind> {
        self.shared.knowledge.material(kind)
    }

    /// The paper of the plan that answers a member's demand.
    pub(crate) fn paper_for<'a>(&self, plan: &'a Plan, item: &str, demand: &str) -> Option<&'a PlannedPaper> {
        plan.paper_for(item, demand)
    }

    /// What stands for each demand of a member by the plan, before the registers have answered.
    pub(crate) fn ways(
        &self,
        member: &Item,
        plan: &Plan,
        answers: &Answers,
        wallet: &Wallet,
    ) -> BTreeMap<String, Way> {
        let way = |m: &catalog::Material| {
            let paper = self.paper_for(plan, &member.key, &m.id)?;
            Some((m.id.clone(), self.way(m, paper, plan, answers, wallet)))
        };
        member.materials.iter().filter_map(way).collect()
    }

    fn way(
        &self,
        spec: &catalog::Material,
        paper: &PlannedPaper,
        plan: &Plan,
        answers: &Answers,
        wallet: &Wallet,
    ) -> Way {
        let instead = |way| if spec.instead.contains(&way) { Some(Way::Instead) } else { None };
        match paper.how {
            How::Asked => Way::Ask,
            How::SameAs => {
                let id = paper.same_as.clone().unwrap_or_default();
                let other = plan.papers.iter().find(|p| p.id == id).and_then(|p| p.field.as_ref());
                let files = other.and_then(|f| answers.get(f)).map(crate::verbs::files_of_value);
                match files.unwrap_or_default() {
                    files if files.is_empty() => Way::As(vec![Given::Same { paper: id }]),
                    files => Way::As(files.into_iter().map(Given::File).collect()),
                }
            }
            How::Held => instead(catalog::Instead::Certificate).unwrap_or_else(|| {
                let kinds = [spec.certificate.as_deref(), Some(spec.kind.as_str())];
                let dictionary = self.kind(&spec.kind).and_then(|k| k.certificate.as_deref());
                let found =
                    kinds.into_iter().chain([dictionary]).flatten().find_map(|k| wallet.certificate(k));
                found.map_or(Way::Instead, |id| Way::As(vec![Given::Certificate(id)]))
            }),
            How::Kept => Way::As(wallet.given(&paper.kind, &paper.holder)),
            How::Fetched => instead(catalog::Instead::Source)
                .unwrap_or_else(|| Way::As(vec![Given::Fetched(paper.kind.clone())])),
            How::ProducedBy => {
                Way::As(vec![Given::Sibling { item: paper.produced_by.clone().unwrap_or_default() }])
            }
            How::Declared => {
                instead(catalog::Instead::Declaration).unwrap_or_else(|| Way::As(vec![Given::Declared]))
            }
        }
    }
}

/// How a demand is met, as the plan has it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Way {
    /// The applicant hands it in.
    Ask,
    /// Something stands in for it, as the item itself lists.
    Instead,
    /// It is met by this.
    As(Vec<Given>),
}

/// What a matter of these items is about.
pub(crate) fn about<'a>(keys: impl Iterator<Item = &'a str>) -> String {
    let mut keys: Vec<&str> = keys.collect();
    keys.sort_unstable();
    match keys.as_slice() {
        [one] => format!("item:{one}"),
        many => format!("items:{}", many.join("+")),
    }
}

/// The theme and the items that a draft is about.
pub(crate) fn read_about(about: &str) -> (Option<&str>, Vec<String>) {
    if let Some(theme) = about.strip_prefix("theme:") {
        return (Some(theme), Vec::new());
    }
    let keys = about.strip_prefix("items:").or_else(|| about.strip_prefix("item:")).unwrap_or(about);
    (None, keys.split('+').map(str::to_owned).collect())
}

fn no_theme() -> Refusal {
    Refusal::new(RefusalKind::NotFound, "cases.no-theme", "没有这个一件事主题。", "There is no such theme.")
        .field("theme", "请填写主题的标识。", "Give the theme's id.")
}

pub(crate) fn no_item() -> Refusal {
    Refusal::new(RefusalKind::NotFound, "cases.no-item", "没有这个事项。", "There is no such item.").field(
        "item",
        "请填写事项的编码或标识。",
        "Give the item's code or key.",
    )
}
