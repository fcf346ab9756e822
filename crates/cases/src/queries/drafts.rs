//! Drafts: in a list, and one opened with its one form and its plan.

use super::shelter::shelter_draft;
use crate::bundle::{Asked, Bundle, Fetched, read_about};
use crate::draft::{Draft, as_party, known_facts};
use crate::model::{Dispute, FactAnswer, MatterId};
use crate::store as rows;
use crate::things::Things;
use crate::verbs;
use crate::wallet::Wallet;
use ::store::Store;
use catalog::Published;
use catalog::planner::Plan;
use forms::Answers;
use identity::Applicant;
use kernel::{Failure, Fault, Outcome, Refusal, Text, Timestamp, clock};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// A draft in a list.
#[derive(Debug, Clone)]
pub struct MatterRow {
    /// The matter.
    pub id: MatterId,
    /// What it is about.
    pub name: Text,
    /// The key of its (first) item; empty for a theme.
    pub item_key: String,
    /// When it was saved last.
    pub saved_at: Timestamp,
}

/// A draft opened.
#[derive(Clone)]
pub struct DraftView {
    /// The matter.
    pub matter: MatterId,
    /// Its version.
    pub rev: i64,
    /// When it was saved last.
    pub saved_at: Timestamp,
    /// What was typed, by the fields of the one form.
    pub answers: Answers,
    /// What was known when it began, by data element.
    pub known: Map<String, Value>,
    /// The first item, in its current version.
    pub item: Published,
    /// All items with their one form.
    pub bundle: Bundle,
    /// What is needed, for these answers.
    pub plan: Plan,
    /// What the applicant has at hand already.
    pub wallet: Wallet,
    /// The fields of papers that a register should have proved and could not.
    pub unproven: BTreeSet<String>,
    /// What the applicant says is wrong in a register.
    pub disputes: Vec<Dispute>,
    /// Which of the parties whoever applies is.
    pub role: Option<String>,
    /// What registers answered while it was filled in, by question.
    pub(crate) asked: BTreeMap<String, FactAnswer>,
    /// The key of the one tap that began it.
    pub(crate) tap: Option<String>,
}

impl std::fmt::Debug for DraftView {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the draft {} at {}", self.matter, self.rev)
    }
}

/// The drafts of whoever applies.
///
/// # Errors
/// A fault of the store.
pub async fn my_drafts(store: &Store, who: &Applicant) -> Result<Vec<MatterRow>, Fault> {
    let lines = rows::drafts(store, who.person(), who.subject()).await?;
    let row = |line: rows::MatterLine| MatterRow {
        id: line.id,
        item_key: read_about(&line.about).1.into_iter().next().unwrap_or_default(),
        name: Text::new(line.name_zh, line.name_en),
        saved_at: line.saved_at,
    };
    Ok(lines.into_iter().map(row).collect())
}

/// A draft opened, if it is this applicant's, with its plan as of when it was saved.
///
/// # Errors
/// Not found, or `cases.draft-filed` when it is filed.
pub async fn draft(store: &Store, who: &Applicant, matter: MatterId) -> Outcome<DraftView> {
    draft_at(store, who, matter, None).await
}

/// The same, with its plan as of now.
///
/// # Errors
/// As [`draft`].
pub async fn draft_at(
    store: &Store,
    who: &Applicant,
    matter: MatterId,
    now: Option<Timestamp>,
) -> Outcome<DraftView> {
    let line = verbs::open_draft(store, who, matter).await?;
    let now = now.unwrap_or(line.saved_at);
    let mut draft = verbs::draft_of(store, &line)?;
    let bundle = bundle(store, matter, &line.about).await?;
    let about = (bundle.form(), bundle.items.as_slice());
    shelter_draft(store, &mut draft, about, who.subject(), who.person()).await?;
    let Draft { answers, known, kept, unproven, disputes, role, asked, tap } = draft;
    let known = as_party(&known, role.as_deref());
    let roles = verbs::roles_of_filer(&bundle, &answers, &known);
    let things = Things::of(&bundle, &answers, roles);
    let wallet = Wallet::load(store, who.subject(), now, kept, things).await?;
    let plan = plan(&bundle, &answers, &known, &wallet, (&unproven, &asked), now);
    let item = bundle.items.first().cloned().ok_or_else(|| Fault::new("a matter without an item"))?;
    let (rev, saved_at) = (line.rev, line.saved_at);
    Ok(DraftView {
        matter,
        rev,
        saved_at,
        answers,
        known,
        item,
        bundle,
        plan,
        wallet,
        unproven,
        disputes,
        role,
        asked,
        tap,
    })
}

/// The plan for somebody of whom this is known, asked and held.
pub(super) fn plan(
    bundle: &Bundle,
    answers: &Answers,
    known: &Map<String, Value>,
    wallet: &Wallet,
    (unproven, asked): (&BTreeSet<String>, &BTreeMap<String, FactAnswer>),
    now: Timestamp,
) -> Plan {
    let (holds, facts) = (wallet.holds(), verbs::answered(bundle, answers, known, asked, now));
    bundle.plan(&Asked { answers, known, holds: &holds, unproven, facts: &facts, now })
}

/// A draft goes on under the current versions of its items: that is what it will be filed under. An item that is no longer offered
/// stays as it was when the draft began.
async fn bundle(store: &Store, matter: MatterId, about: &str) -> Outcome<Bundle> {
    let (theme, keys) = read_about(about);
    match Bundle::load(store, theme, &keys).await {
        Ok(bundle) => return Ok(bundle),
        Err(Failure::Refused(_)) => {}
        Err(fault) => return Err(fault),
    }
    let mut items = Vec::new();
    for (key, version) in rows::items_of(store, matter).await? {
        items.push(match catalog::find(store, &key).await? {
            Some(current) => current,
            None => verbs::item_version(store, version).await?,
        });
    }
    if items.is_empty() {
        return Err(Refusal::not_found().into());
    }
    Bundle::of(store, None, items).await
}

impl DraftView {
    /// The plan for other answers than those that were saved.
    pub(crate) fn plan_for(&self, answers: &Answers, now: Timestamp) -> Plan {
        plan(&self.bundle, answers, &self.known, &self.wallet, (&self.unproven, &self.asked), now)
    }

    /// Whether the applicant says that what is known for this field is wrong.
    pub(crate) fn disputed(&self, field: &str) -> bool {
        let element = self.bundle.form().field(field).and_then(|f| f.element.as_deref());
        self.disputes.iter().any(|d| element == Some(d.path.as_str()))
    }

    /// What registers have answered for these answers, by item and alias.
    pub(crate) fn fetched(&self, answers: &Answers, now: Timestamp) -> Fetched {
        verbs::answered(&self.bundle, answers, &self.known, &self.asked, now)
    }

    /// What rules of each item may read beside the answers: what is known of whoever applies, and what registers have answered.
    pub(crate) fn facts_for(&self, answers: &Answers, now: Timestamp) -> Vec<Value> {
        facts_of(&self.bundle, &self.known, &self.fetched(answers, now), now)
    }
}

/// What rules of each item may read beside the answers.
pub(super) fn facts_of(
    bundle: &Bundle,
    known: &Map<String, Value>,
    fetched: &Fetched,
    now: Timestamp,
) -> Vec<Value> {
    let none = Map::new();
    let one = |p: &Published| {
        let mut all = known_facts(known);
        all.extend(fetched.get(&p.item.key).unwrap_or(&none).clone());
        all.insert("today".to_owned(), Value::String(clock::legal_date(now).to_string()));
        Value::Object(all)
    };
    bundle.items.iter().map(one).collect()
}
