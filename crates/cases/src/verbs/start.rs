//! Begin: finds the first draft of this person for this matter, or makes one with what is already known filled in.

use super::filer::Filer;
use crate::bundle::Bundle;
use crate::draft::{Draft, SEAL, known_answers};
use crate::model::MatterId;
use crate::store::{self as rows, MatterLine};
use ::store::{Cx, Sealed};
use catalog::{Item, MatterTheme, Published};
use forms::Answers;
use identity::Applicant;
use kernel::{Outcome, Refusal, Text};
use std::sync::Arc;
use trace::Purpose;

/// Where to go on.
#[derive(Debug, Clone)]
pub struct Started {
    /// The matter that holds the draft.
    pub matter: MatterId,
    /// The first section of the form.
    pub section: String,
    /// Whether there was a draft already.
    pub resumed: bool,
}

/// Begins an application for `item`: a matter of one.
///
/// # Errors
/// A refusal when the item is not for whoever applies.
pub async fn start(cx: &mut Cx, who: &Applicant, item: &Published) -> Outcome<Started> {
    start_matter(cx, who, None, std::slice::from_ref(item)).await
}

/// Begins a matter of these items, or of a theme's; starting twice finds the first draft, on any device.
///
/// # Errors
/// A refusal when an item is not for whoever applies.
pub async fn start_matter(
    cx: &mut Cx,
    who: &Applicant,
    theme: Option<&MatterTheme>,
    items: &[Published],
) -> Outcome<Started> {
    start_with(cx, who, theme, items, &Answers::new()).await
}

/// The same, with answers that were given before: what the situation guide asked.
///
/// # Errors
/// As [`start_matter`].
pub async fn start_with(
    cx: &mut Cx,
    who: &Applicant,
    theme: Option<&MatterTheme>,
    items: &[Published],
    answers: &Answers,
) -> Outcome<Started> {
    begin(cx, who, theme, items, answers, None).await
}

/// The same, begun by one tap with this key (免申即享).
pub(crate) async fn begin(
    cx: &mut Cx,
    who: &Applicant,
    theme: Option<&MatterTheme>,
    items: &[Published],
    answers: &Answers,
    tap: Option<&str>,
) -> Outcome<Started> {
    let filer = Filer::from(who);
    for item in items {
        filer.may_apply(&item.item)?;
    }
    let store = cx.store().clone();
    let bundle = Bundle::of(&store, theme.cloned().map(Arc::new), items.to_vec()).await?;
    let form = bundle.form();
    let section = form.sections.first().map_or("check", |s| s.id.as_str()).to_owned();
    let given: Answers = answers
        .iter()
        .filter(|(id, _)| form.field(id).is_some())
        .map(|(k, v)| (k.clone(), v.clone()))
        .collect();
    if let Some(line) = rows::find_draft(&store, who.person(), who.subject(), &bundle.about()).await? {
        if !given.is_empty() {
            let mut draft = super::draft_of(&store, &line)?;
            forget_other(form, &mut draft.answers, &given);
            draft.answers.extend(given);
            let sealed = Sealed::seal(store.sealer(), SEAL, &draft)?;
            rows::save_draft(&mut cx.commit, line.id, &sealed, line.rev, cx.now);
        }
        return Ok(Started { matter: line.id, section, resumed: true });
    }
    let known = identity::known_facts(cx, who.subject(), who.person(), &Purpose::new("prefill")).await?;
    let tap = tap.map(str::to_owned);
    let mut draft = Draft { known, answers: given, tap, ..Draft::default() };
    form.prefill(&mut draft.answers, &known_answers(form, &draft.known));
    let sealed = Sealed::seal(store.sealer(), SEAL, &draft)?;
    let line = new_matter(cx, &filer, (bundle.about(), bundle.name()), Some(sealed), "draft");
    let keys: Vec<_> = bundle.items.iter().map(|p| (p.item.key.clone(), p.id)).collect();
    rows::add_matter(&mut cx.commit, &line, &keys, None);
    Ok(Started { matter: line.id, section, resumed: false })
}

/// What was typed of somebody who is now named by another number (another child) is not theirs.
fn forget_other(form: &forms::Form, answers: &mut Answers, given: &Answers) {
    let whose =
        |field: &forms::Field| Some(field.element.as_deref()?.strip_suffix(".citizen_id")?.to_owned());
    let other = |(id, value): (&String, &serde_json::Value)| {
        let named = answers.get(id).is_some_and(|old| old != value);
        form.field(id).and_then(whose).filter(|_| named)
    };
    let gone: Vec<String> = given.iter().filter_map(other).collect();
    let theirs = |f: &&forms::Field| {
        let of = f.element.as_deref().and_then(|e| e.split_once('.')).map(|(of, _)| of);
        of.is_some_and(|of| gone.iter().any(|g| g == of))
    };
    let fields: Vec<String> = form.fields().filter(theirs).map(|f| f.id.clone()).collect();
    fields.iter().for_each(|id| drop(answers.shift_remove(id)));
}

/// What a matter of one item is about.
pub(crate) fn about(item: &Item) -> String {
    crate::bundle::about(std::iter::once(item.key.as_str()))
}

pub(crate) fn new_matter(
    cx: &Cx,
    filer: &Filer,
    (about, name): (String, Text),
    draft: Option<Sealed<Draft>>,
    state: &str,
) -> MatterLine {
    MatterLine {
        id: cx.new_id(),
        about,
        subject: filer.subject,
        person: filer.person,
        account: filer.account,
        name_zh: name.zh,
        name_en: name.en,
        state: state.to_owned(),
        rev: 1,
        draft,
        created_at: cx.now,
        saved_at: cx.now,
    }
}

/// Refuses when the item is not for persons, or not for firms, and says how to switch.
pub(crate) fn for_whom(who: &Applicant, item: &Item) -> Result<(), Refusal> {
    Filer::from(who).may_apply(item)
}
