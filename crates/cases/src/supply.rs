//! What was asked for and how it is handed in: just the demanded fields, as the applicant's page and the clerk's at the window show them.

use crate::model::{CaseState, Demand, Given, Material};
use crate::queries::CaseView;
use crate::rules::facts_of;
use crate::verbs::files_of_value;
use ::store::Ground;
use forms::{Answers, Field, FieldType, Form, Section};
use kernel::codes::CaseNumber;
use kernel::{AccountId, ActorRef, FieldError, FileId, Lang, Outcome, Refusal, RefusalKind, Text, Timestamp};
use page::Submitted;
use proofs::scan::{Spot, Waiting};
use serde_json::Value;
use std::collections::BTreeMap;

/// The section's id, which the page sends with what it shows.
const SECTION: &str = "supplement";
/// What the field of a paper without a field of its own begins with.
const PLACE: &str = "paper_of_";

/// What was asked for.
///
/// # Errors
/// `cases.nothing-to-supply` in any other state.
pub fn demands(view: &CaseView) -> Outcome<Vec<Demand>> {
    match &view.case.state {
        CaseState::Supplement { demands, .. } => Ok(demands.clone()),
        _ => Err(Refusal::new(
            RefusalKind::Conflict,
            "cases.nothing-to-supply",
            "该办件目前不需要补正。",
            "Nothing is to be supplied for this case.",
        )
        .next("请在办件页面查看进度。", "See its progress on its page.")
        .into()),
    }
}

/// Each demand by the name of its field or paper, with what is wrong.
pub fn lines(view: &CaseView, demands: &[Demand], lang: Lang) -> Vec<(String, String)> {
    demands.iter().map(|d| (label(view, &d.field, lang), d.say.clone())).collect()
}

/// The label of a form field, or the name of a paper that has none.
pub fn label(view: &CaseView, field: &str, lang: Lang) -> String {
    let paper = field.strip_prefix("materials.");
    if let Some(spec) = paper.and_then(|id| view.item.item.materials.iter().find(|m| m.id == id)) {
        return spec.name.get(lang).to_owned();
    }
    let found = view.item.item.form.field(field);
    found.map_or_else(|| field.to_owned(), |f| f.label.get(lang).to_owned())
}

/// The demanded fields as a section of their own; a demanded paper that has no field in the form gets a place to put it.
fn section(view: &CaseView, demands: &[Demand]) -> Section {
    let asked = |id: &str| demands.iter().any(|d| d.field == id);
    let papers = view.item.item.materials.iter().filter(|m| asked(&format!("materials.{}", m.id)));
    let place = |m: &catalog::Material| Field {
        id: place_of(&m.id),
        label: m.name.clone(),
        declared: Some(FieldType::File),
        required: true,
        ..Field::default()
    };
    let own = view.item.item.form.fields().filter(|f| asked(&f.id)).cloned();
    Section {
        id: SECTION.to_owned(),
        title: Text::default(),
        help: None,
        fields: own.chain(papers.map(place)).collect(),
    }
}

/// The field of the page where a paper without a field of its own is put.
fn place_of(paper: &str) -> String {
    format!("{PLACE}{}", paper.replace('-', "_"))
}

/// The demanded fields as HTML, filled in, with what is wrong at each.
pub fn html(
    view: &CaseView,
    demands: &[Demand],
    answers: &Answers,
    errors: &[FieldError],
    (now, lang): (Timestamp, Lang),
) -> String {
    let section = section(view, demands);
    let mut evaluation = view.item.item.form.evaluate(answers, &facts_of(&view.case, now));
    for place in section.fields.iter().filter(|f| f.id.starts_with(PLACE)) {
        evaluation.show.insert(place.id.clone());
        evaluation.require.insert(place.id.clone());
    }
    forms::fields_html(&section, answers, &BTreeMap::new(), &evaluation, errors, lang)
}

/// Reads what was sent: a form of just these fields, so that nothing else can be changed by it, the answers, and what is wrong.
pub fn read(
    view: &CaseView,
    demands: &[Demand],
    sent: &[(String, String)],
) -> (Form, Answers, Vec<FieldError>) {
    let asked = Form { sections: vec![section(view, demands)] };
    let mut pairs = sent.to_vec();
    pairs.retain(|(name, _)| name != "_section");
    pairs.push(("_section".to_owned(), SECTION.to_owned()));
    let (answers, errors) = asked.read(&pairs, &view.case.answers);
    (asked, answers, errors)
}

/// Opens the form of what was asked for over what waits for it (taken with a camera, or sent with a form that was not taken), as if
/// that had just been uploaded.
///
/// # Errors
/// As [`demands`]; a fault of the store.
pub async fn open(ground: &Ground, view: &mut CaseView, account: AccountId) -> Outcome<Opened> {
    let demands = demands(view)?;
    let asked = Form { sections: vec![section(view, &demands)] };
    let held = view.case.answers.values().flat_map(files_of_value).collect();
    let place = place(&view.case.number);
    let aside = proofs::scan::waiting(ground, account, &place).await?;
    for (field, (file, name)) in &aside.files {
        asked.attach(&mut view.case.answers, field, *file, name);
    }
    Ok(Opened { demands, asked, place, held, typed: aside.typed })
}

/// Where the papers of a case's supplement wait.
pub fn place(number: &CaseNumber) -> String {
    format!("case:{number}")
}

/// The form of what was asked for, opened for somebody.
pub struct Opened {
    /// What was asked for.
    pub demands: Vec<Demand>,
    asked: Form,
    /// Where its papers wait.
    pub place: String,
    held: Vec<FileId>,
    /// What was typed when it was left for the camera; empty when it was not.
    pub typed: Vec<(String, String)>,
}

impl Opened {
    /// A field of it that takes files.
    pub fn takes(&self, field: &str) -> Option<&Field> {
        self.asked.field(field).filter(|f| f.kind() == FieldType::File)
    }

    /// The files of each of its file fields that the case does not hold: what is to wait when the form is not handed in now.
    pub fn fresh(&self, answers: &Answers) -> Vec<(String, Vec<Waiting>)> {
        let named = |entry: &Value| {
            let file = entry.get("file")?.as_str()?.parse().ok()?;
            let name = entry.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
            (!self.held.contains(&file)).then_some((file, name))
        };
        let files = |f: &Field| {
            let all = answers.get(&f.id).and_then(Value::as_array);
            (f.id.clone(), all.into_iter().flatten().filter_map(named).collect())
        };
        self.asked.fields().filter(|f| f.kind() == FieldType::File).map(files).collect()
    }

    /// Lets them wait, and keeps what was typed when the form is left for the camera.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn wait(
        &self,
        ground: &Ground,
        (account, actor): (AccountId, ActorRef),
        answers: &Answers,
        sent: &Submitted,
    ) -> Outcome<()> {
        fn spot<'a>(open: &Opened, account: AccountId, actor: &ActorRef, field: &'a str) -> Spot<'a> {
            Spot::unseen(account, actor.clone(), open.place.clone(), field)
        }
        for (field, files) in self.fresh(answers) {
            proofs::scan::keep_waiting(ground, &spot(self, account, &actor, &field), &files).await?;
        }
        if sent.has(SCAN) {
            let typed = sent.fields().iter().filter(|(name, _)| name != SCAN).cloned().collect::<Vec<_>>();
            proofs::scan::lay_aside(ground, &spot(self, account, &actor, ""), &typed).await?;
        }
        Ok(())
    }
}

/// The button beside a file field that leads to the camera.
pub const SCAN: &str = "_scan";

/// Takes the papers out of the answers: what was put where, by demand.
pub fn papers(view: &CaseView, answers: &Answers) -> (Answers, Vec<Material>) {
    let (mut left, mut given) = (answers.clone(), Vec::new());
    for spec in &view.item.item.materials {
        let files = left.remove(&place_of(&spec.id)).map(|v| files_of_value(&v)).unwrap_or_default();
        given.extend(files.into_iter().map(|f| Material { demand: spec.id.clone(), given: Given::File(f) }));
    }
    (left, given)
}

/// What is wrong with what was handed in, at the fields of the page.
pub fn wrong(refusal: &Refusal) -> Vec<FieldError> {
    let mut errors = refusal.fields.clone();
    for error in &mut errors {
        if let Some(paper) = error.field.strip_prefix("materials.") {
            error.field = place_of(paper);
        }
    }
    if errors.is_empty() {
        errors.push(FieldError { field: String::new(), say: refusal.say.clone() });
    }
    errors
}

/// A file that could not be kept, at its field.
pub fn unkept(field: &str, refusal: &Refusal) -> FieldError {
    let say = Text::new(refusal.sentence(Lang::ZhCn), refusal.sentence(Lang::En));
    FieldError { field: field.to_owned(), say }
}
