//! `/cases/{number}/supplement`: just the fields that were asked for, with what is wrong at each.

use super::progress::label;
use super::{Room, keep_file, number, with_errors};
use crate::WORDS;
use crate::model::{CaseState, Demand, Given, Material};
use crate::queries::{CaseView, view};
use crate::rules::facts_of;
use crate::scope::Scope;
use crate::verbs::{files_of_value, prepare_supplement, supplement};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use forms::{Answers, Field, FieldType, Section};
use identity::Applicant;
use kernel::{Failure, FieldError, Lang, Outcome, Refusal, RefusalKind, Text};
use page::{Answer, Ctx, FormState, Html, Say, Shell, Submitted};
use std::collections::BTreeMap;

#[derive(askama::Template)]
#[template(path = "supplement.html")]
struct SupplementPage {
    shell: Shell,
    w: Say,
    form: FormState,
    number: String,
    back: String,
    demands: Vec<(String, String)>,
    fields: Html,
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
        id: "supplement".to_owned(),
        title: Text::default(),
        help: None,
        fields: own.chain(papers.map(place)).collect(),
    }
}

/// The field of this page where a paper without a field of its own is put.
fn place_of(paper: &str) -> String {
    format!("{PLACE}{}", paper.replace('-', "_"))
}

const PLACE: &str = "paper_of_";

/// Takes the papers out of the answers: what was put where, by demand.
fn papers(view: &CaseView, answers: &Answers) -> (Answers, Vec<Material>) {
    let (mut left, mut given) = (answers.clone(), Vec::new());
    for spec in &view.item.item.materials {
        let files = left.remove(&place_of(&spec.id)).map(|v| files_of_value(&v)).unwrap_or_default();
        given.extend(files.into_iter().map(|f| Material { demand: spec.id.clone(), given: Given::File(f) }));
    }
    (left, given)
}

fn demands(view: &CaseView) -> Outcome<Vec<Demand>> {
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

fn page_of(
    ctx: &Ctx,
    view: &CaseView,
    answers: &Answers,
    errors: Vec<FieldError>,
    status: StatusCode,
) -> Answer {
    let w = WORDS.say(ctx.lang);
    let demands = demands(view)?;
    let section = section(view, &demands);
    let form = &view.item.item.form;
    let mut evaluation = form.evaluate(answers, &facts_of(&view.case, ctx.now));
    let places = section.fields.iter().filter(|f| f.id.starts_with(PLACE));
    for place in places {
        evaluation.show.insert(place.id.clone());
        evaluation.require.insert(place.id.clone());
    }
    let html = forms::fields_html(&section, answers, &BTreeMap::new(), &evaluation, &errors, ctx.lang);
    let page = SupplementPage {
        shell: Shell::new(ctx, w.t("supplement-title"))
            .crumb(w.t("my-space"), "/space")
            .crumb(view.item.item.name.get(ctx.lang), format!("/cases/{}", view.case.number)),
        w,
        form: with_errors(errors),
        back: format!("/cases/{}", view.case.number),
        number: view.case.number.to_string(),
        demands: demands.iter().map(|d| (label(view, &d.field, ctx), d.say.clone())).collect(),
        fields: Html(html),
    };
    Ok(page::render_with(status, &page))
}

pub(super) async fn get(
    State(room): State<Room>,
    Path(text): Path<String>,
    ctx: Ctx,
    who: Applicant,
) -> Answer {
    let view = view(&room.house.ground.store, &number(&text)?, &Scope::from(&who)).await?;
    page_of(&ctx, &view, &view.case.answers.clone(), Vec::new(), StatusCode::OK)
}

pub(super) async fn post(
    State(room): State<Room>,
    Path(text): Path<String>,
    ctx: Ctx,
    who: Applicant,
    sent: Submitted,
) -> Answer {
    let number = number(&text)?;
    let view = view(&room.house.ground.store, &number, &Scope::from(&who)).await?;
    let demands = demands(&view)?;
    // A form of just these fields, so that nothing else can be changed by what is sent.
    let asked = forms::Form { sections: vec![section(&view, &demands)] };
    let mut pairs = sent.fields().to_vec();
    pairs.retain(|(name, _)| name != "_section");
    pairs.push(("_section".to_owned(), "supplement".to_owned()));
    let (mut answers, mut errors) = asked.read(&pairs, &view.case.answers);
    for upload in sent.files() {
        match keep_file(&room, ctx.lang, &who, upload).await {
            Ok(info) => {
                asked.attach(&mut answers, &upload.field, info.id, &upload.name);
            }
            Err(Failure::Refused(refusal)) => {
                let say = Text::new(refusal.sentence(Lang::ZhCn), refusal.sentence(Lang::En));
                errors.push(FieldError { field: upload.field.clone(), say });
            }
            Err(fault) => return Err(fault.into()),
        }
    }
    if !errors.is_empty() || sent.has("_add") || sent.has("_remove") {
        return page_of(&ctx, &view, &answers, errors, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let (own, given) = papers(&view, &answers);
    match hand_in(&room, &ctx, &who, &number, (&own, &given)).await {
        Ok(()) => Ok(page::see_other(format!("/cases/{number}"))),
        Err(Failure::Refused(refusal)) if refusal.kind == RefusalKind::Invalid => {
            let mut errors = refusal.fields.clone();
            for error in &mut errors {
                if let Some(paper) = error.field.strip_prefix("materials.") {
                    error.field = place_of(paper);
                }
            }
            if errors.is_empty() {
                errors.push(FieldError { field: String::new(), say: refusal.say.clone() });
            }
            page_of(&ctx, &view, &answers, errors, StatusCode::UNPROCESSABLE_ENTITY)
        }
        Err(other) => Err(other.into()),
    }
}

async fn hand_in(
    room: &Room,
    ctx: &Ctx,
    who: &Applicant,
    number: &kernel::codes::CaseNumber,
    (answers, given): (&Answers, &[Material]),
) -> Outcome<()> {
    let supplied = prepare_supplement(&room.house, &room.sources, who, number, answers, given).await?;
    store::command!(room.house.ground, ctx.lang, who.actor_ref(), |cx| {
        supplement(&mut cx, &room.house, who, number, &supplied).await
    })?;
    Ok(())
}
