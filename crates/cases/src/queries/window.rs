//! What a clerk at a window sees of whoever stands there: their running cases, and the one form of what they want, with what is known
//! and what they have at hand.

use super::{CaseRow, DraftView, Paged, paged};
use crate::bundle::{Asked, Bundle};
use crate::draft::{as_party, known_answers};
use crate::store as rows;
use crate::things::Things;
use crate::verbs;
use crate::wallet::Wallet;
use ::store::{Cx, Store};
use forms::{Answers, Evaluation, Known};
use identity::{AtWindow, Clerk};
use kernel::{Fault, Outcome, SubjectId, Text, Timestamp};
use proofs::ProofId;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use trace::Purpose;

/// What somebody at the window wants, as far as it is said.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// A theme, whose members the answers choose.
    pub theme: Option<String>,
    /// Items by key, when it is no theme.
    pub items: Vec<String>,
    /// What was typed, by the fields of the one form.
    pub answers: Answers,
    /// The kept papers that are used again.
    pub kept: BTreeSet<ProofId>,
    /// The fields of papers that a register should have proved and could not: they are asked for after all.
    pub unproven: BTreeSet<String>,
    /// Which of the parties whoever stands there is.
    pub role: Option<String>,
    /// What registers answered before.
    pub learned: verbs::Learned,
    /// What they put into the form before, by field: as long as it stands there unchanged it is theirs, and goes when they say otherwise.
    pub told: Answers,
    /// What is known of whoever stands there, when it was opened before.
    pub known: Option<Map<String, Value>>,
}

/// The cases of somebody who stands at a window, or of whom they act for, the last filed first. Whoever asks records the look.
///
/// # Errors
/// A fault of the store.
pub async fn window_cases(
    store: &Store,
    _right: &Clerk,
    subject: SubjectId,
    limit: i64,
) -> Result<Paged<CaseRow>, Fault> {
    let lines = rows::mine(store, subject, None, (i64::MAX, String::new()), limit + 1).await?;
    paged(lines, limit, |l| rows::place(l.filed_at.as_microsecond(), l.id), CaseRow::of)
}

/// The one form with its plan for whoever a person stands for at the window. What is known of them is opened unless it was before, and that look is
/// part of the commit. The view is of no draft: its matter names nothing.
///
/// # Errors
/// Not found when there is no such theme, item or person.
pub async fn window_form(
    cx: &mut Cx,
    _right: &Clerk,
    there: &AtWindow,
    wanted: Wanted,
) -> Outcome<DraftView> {
    let (store, now, subject) = (cx.store().clone(), cx.now, there.subject());
    let bundle = Bundle::load(&store, wanted.theme.as_deref(), &wanted.items).await?;
    let known = match wanted.known {
        Some(known) => known,
        None => identity::known_facts(cx, subject, there.person(), &Purpose::new("accept")).await?,
    };
    let known = as_party(&known, wanted.role.as_deref());
    let mut answers = wanted.answers;
    answers.retain(|field, value| wanted.told.get(field) != Some(value));
    bundle.form().prefill(&mut answers, &known_answers(bundle.form(), &known));
    let roles = verbs::roles_of_filer(&bundle, &answers, &known);
    // An agent with some matters has a right to what is filed, not to what else lies in the drawer.
    let wallet = match there.sees_all() {
        true => Wallet::load(&store, subject, now, wanted.kept, Things::of(&bundle, &answers, roles)).await?,
        false => Wallet::default(),
    };
    let (holds, unproven, asked) = (wallet.holds(), wanted.unproven, wanted.learned.0);
    let facts = verbs::answered(&bundle, &answers, &known, &asked, now);
    let mut told = bundle.fetched(&facts);
    told.extend(bundle.situations(&facts, &known, now));
    bundle.form().prefill(&mut answers, &told);
    let question =
        Asked { answers: &answers, known: &known, holds: &holds, unproven: &unproven, facts: &facts, now };
    let plan = bundle.plan(&question);
    let item = bundle.items.first().cloned().ok_or_else(|| Fault::new("a matter without an item"))?;
    let (matter, rev, disputes) = (cx.new_id(), 0, Vec::new());
    Ok(DraftView {
        matter,
        rev,
        saved_at: now,
        answers,
        known,
        item,
        bundle,
        plan,
        wallet,
        unproven,
        disputes,
        role: wanted.role,
        asked,
        tap: None,
    })
}

/// What is shown, must be answered and is wrong.
pub fn window_evaluation(view: &DraftView, now: Timestamp) -> Evaluation {
    view.bundle.merged.evaluate(&view.answers, &view.facts_for(&view.answers, now), &view.plan)
}

/// Who else must give their word in what is filed, by role: they may stand at the window too.
pub fn window_others(view: &DraftView) -> Vec<(String, Text)> {
    let mine = verbs::roles_of_filer(&view.bundle, &view.answers, &view.known);
    let taken = view.bundle.items.iter().filter(|p| view.plan.takes(&p.item.key));
    let roles = taken.flat_map(|p| &p.item.roles).filter(|r| r.confirm && !mine.contains(&r.id));
    let mut all: Vec<(String, Text)> = Vec::new();
    for role in roles {
        if all.iter().all(|(id, _)| *id != role.id) {
            all.push((role.id.clone(), role.name.clone()));
        }
    }
    all
}

/// What registers have answered, by field, where it stands in the form as they say, with which registers did.
pub fn window_told(view: &DraftView, now: Timestamp) -> BTreeMap<String, Known> {
    let facts = verbs::answered(&view.bundle, &view.answers, &view.known, &view.asked, now);
    let mut told = view.bundle.fetched(&facts);
    told.extend(view.bundle.situations(&facts, &view.known, now));
    told.retain(|field, known| view.answers.get(field) == Some(&known.value));
    told
}

/// What is known, by the fields of the one form.
pub fn window_known(view: &DraftView) -> BTreeMap<String, Known> {
    known_answers(view.bundle.form(), &view.known)
}
