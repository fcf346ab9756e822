//! 免申即享: what one tap would hand in for somebody, and what it still lacks. Nothing is kept, nobody is asked.

use super::drafts::{facts_of, plan};
use super::{my_cases, view};
use crate::bundle::Bundle;
use crate::draft::known_answers;
use crate::model::FactAnswer;
use crate::scope::Scope;
use crate::store as rows;
use crate::things::Things;
use crate::verbs;
use crate::wallet::Wallet;
use ::store::Store;
use catalog::Published;
use catalog::planner::{How, Plan, PlannedPaper};
use forms::{Answers, Evaluation, FieldType, Form};
use identity::Applicant;
use kernel::codes::CaseNumber;
use kernel::{Lang, Outcome, Text, Timestamp};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// So many of the last matters are looked through for what was answered before.
const MATTERS: i64 = 5;
/// A declaration may make another one show; no form goes on for longer than this.
const ROUNDS: usize = 4;

/// What one tap would do.
#[derive(Debug, Clone, Default)]
pub struct Foreseen {
    /// What would be handed in: label and value, as the check page shows it.
    pub rows: Vec<(String, String)>,
    /// What is declared by it; to be read beside the button.
    pub declared: Vec<Text>,
    /// What is still to be said or brought; nothing when one tap is enough.
    pub missing: Vec<Text>,
    /// Whether there is a draft already: then it is gone on with, and nothing is handed in unseen.
    pub begun: bool,
    /// The case of this item that is there already: it runs, or it was granted.
    pub there: Option<CaseNumber>,
}

impl Foreseen {
    /// Whether one tap is enough.
    pub fn ready(&self) -> bool {
        self.missing.is_empty() && !self.begun && self.there.is_none()
    }
}

/// What somebody has said before, and where they stand: read once for everything that is foreseen.
#[derive(Debug, Clone, Default)]
pub struct Before {
    /// By data element, with the type of the field it was said in; the latest counts.
    said: BTreeMap<String, (FieldType, Value)>,
    /// Cases that run or were granted, by item; the latest.
    there: BTreeMap<String, CaseNumber>,
}

/// What this person has said when they applied for the same subject lately. Only what describes somebody (a telephone, an
/// account, a place): what was said of a case, chosen or declared, is said anew each time.
///
/// # Errors
/// A fault of the store.
pub async fn said_before(store: &Store, who: &Applicant) -> Outcome<Before> {
    let scope = Scope::from(who);
    let mut said = BTreeMap::new();
    for matter in rows::filed_by(store, who.person(), who.subject(), MATTERS).await? {
        for line in rows::of_matter(store, matter, &scope).await? {
            let case = view(store, &verbs::number_of(&line.number)?, &scope).await?;
            for field in case.item.item.form.fields() {
                let value = case.case.answers.get(&field.id).filter(|_| describes(field.kind()));
                if let (Some(element), Some(value)) = (&field.element, value) {
                    said.entry(element.clone()).or_insert((field.kind(), value.clone()));
                }
            }
        }
    }
    let cases = my_cases(store, who, None, 100).await?.rows;
    let mut there = BTreeMap::new();
    for case in cases.into_iter().filter(|c| c.running || c.outcome.as_deref() == Some("approved")) {
        there.entry(case.item_key).or_insert(case.number);
    }
    Ok(Before { said, there })
}

fn describes(kind: FieldType) -> bool {
    matches!(kind, FieldType::Text | FieldType::LongText | FieldType::Phone | FieldType::Division)
}

impl Before {
    /// The case of this item that runs already, or was granted.
    pub(crate) fn there(&self, item: &str) -> Option<&CaseNumber> {
        self.there.get(item)
    }

    /// Fills what is empty with what was said before.
    pub(crate) fn fill(&self, form: &Form, answers: &mut Answers) {
        for field in form.fields().filter(|f| !answers.contains_key(&f.id)).cloned().collect::<Vec<_>>() {
            let said = field.element.as_ref().and_then(|e| self.said.get(e));
            if let Some((_, value)) = said.filter(|(kind, _)| *kind == field.kind()) {
                answers.insert(field.id, value.clone());
            }
        }
    }
}

/// What one tap on this item would do for `who`: `given` are answers that go with the entitlement (a child's number), `known` is
/// what identity knows, `asked` what registers have answered, by question.
///
/// # Errors
/// A fault of the store.
pub async fn foresee(
    store: &Store,
    who: &Applicant,
    item: &Published,
    before: &Before,
    given: &Answers,
    (known, asked): (&Map<String, Value>, &BTreeMap<String, FactAnswer>),
    (now, lang): (Timestamp, Lang),
) -> Outcome<Foreseen> {
    let bundle = Bundle::of(store, None, vec![item.clone()]).await?;
    let begun = rows::find_draft(store, who.person(), who.subject(), &bundle.about()).await?.is_some();
    let mut answers = given.clone();
    bundle.form().prefill(&mut answers, &known_answers(bundle.form(), known));
    let roles = verbs::roles_of_filer(&bundle, &answers, known);
    let things = Things::of(&bundle, &answers, roles);
    let wallet = Wallet::load(store, who.subject(), now, BTreeSet::new(), things).await?;
    let seen = Seen { bundle: &bundle, known, asked, wallet: &wallet, unproven: &BTreeSet::new() };
    let tapped = seen.tap(answers, before, now);
    let form = bundle.form();
    let shown = form.prune(&tapped.answers, &tapped.evaluation);
    let rows = form.sections.iter().flat_map(|s| forms::section_rows(s, &shown, lang));
    // The child of another tap is another matter.
    let there = before.there(&item.item.key).filter(|_| given.is_empty()).cloned();
    Ok(Foreseen {
        rows: rows.map(|(label, value, _)| (label, value)).collect(),
        missing: tapped.missing.into_iter().map(|(_, name)| name).collect(),
        declared: tapped.declared,
        begun,
        there,
    })
}

/// What is known of a matter that one tap may hand in.
pub(crate) struct Seen<'a> {
    pub bundle: &'a Bundle,
    pub known: &'a Map<String, Value>,
    pub asked: &'a BTreeMap<String, FactAnswer>,
    pub wallet: &'a Wallet,
    pub unproven: &'a BTreeSet<String>,
}

/// What a tap comes to.
pub(crate) struct Tapped {
    /// The answers, with what was said before and what is declared.
    pub answers: Answers,
    /// What is declared.
    pub declared: Vec<Text>,
    /// What is missing or wrong: the field, and what it is called.
    pub missing: Vec<(String, Text)>,
    pub evaluation: Evaluation,
}

impl Seen<'_> {
    /// Fills in what registers and earlier matters say, declares what stands beside the button, and tells what is left.
    pub fn tap(&self, mut answers: Answers, before: &Before, now: Timestamp) -> Tapped {
        let form = self.bundle.form();
        let mut declared = Vec::new();
        let (mut plan, mut evaluation) = self.look(&mut answers, before, now);
        for _ in 0..ROUNDS {
            let open = |f: &&forms::Field| evaluation.missing.contains(&f.id) && self.declares(f);
            let open: Vec<&forms::Field> = form.fields().filter(open).collect();
            if open.is_empty() {
                break;
            }
            for field in open {
                answers.insert(field.id.clone(), Value::Bool(true));
                declared.push(field.label.clone());
            }
            (plan, evaluation) = self.look(&mut answers, before, now);
        }
        let name = |path: &String| {
            let root = path.split(['.', '[']).next().unwrap_or(path);
            form.field(root).map_or_else(|| Text::same(path), |f| f.label.clone())
        };
        let mut missing: Vec<(String, Text)> =
            evaluation.errors.iter().map(|e| (e.field.clone(), name(&e.field))).collect();
        // A paper without a place in the form cannot be handed in here.
        let homeless = |p: &&PlannedPaper| p.how == How::Asked && !p.optional && p.field.is_none();
        missing.extend(plan.papers.iter().filter(homeless).map(|p| (p.id.clone(), p.name.clone())));
        Tapped { answers, declared, missing, evaluation }
    }

    /// The state of the form with all that can be filled in.
    fn look(&self, answers: &mut Answers, before: &Before, now: Timestamp) -> (Plan, Evaluation) {
        let form = self.bundle.form();
        let fetched = verbs::answered(self.bundle, answers, self.known, self.asked, now);
        form.prefill(answers, &self.bundle.fetched(&fetched));
        before.fill(form, answers);
        let plan = plan(self.bundle, answers, self.known, self.wallet, (self.unproven, self.asked), now);
        let facts = facts_of(self.bundle, self.known, &fetched, now);
        let evaluation = self.bundle.merged.evaluate(answers, &facts, &plan);
        (plan, evaluation)
    }

    /// Whether a field is a statement that stands for no paper: what stands for one is chosen, not taken for granted.
    fn declares(&self, field: &forms::Field) -> bool {
        let papers = self.bundle.items.iter().flat_map(|p| &p.item.materials);
        field.kind() == FieldType::Declaration
            && !papers.filter_map(|m| m.field.as_ref()).any(|f| *f == field.id)
    }
}
