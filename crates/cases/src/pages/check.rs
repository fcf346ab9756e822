//! `/drafts/{matter}/check`: everything as it will be filed, each with a way to change it, and the button that files it.

use super::draft::{facts, filed_as, filing_key, in_section, steps};
use super::{Room, from_path};
use crate::WORDS;
use crate::model::MatterId;
use crate::queries::{DraftView, draft};
use crate::verbs::{Filing, file_now};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use identity::Applicant;
use kernel::{Failure, FieldError, Lang, Refusal, RefusalKind};
use page::{Answer, Ctx, FormState, Say, Shell, Step, Submitted};

struct Part {
    title: String,
    href: String,
    rows: Vec<(String, String, String)>,
    wrong: Vec<String>,
}

#[derive(askama::Template)]
#[template(path = "check.html")]
struct CheckPage {
    shell: Shell,
    w: Say,
    steps: Vec<Step>,
    parts: Vec<Part>,
    form: FormState,
    path: String,
    subject: String,
    ready: bool,
    agency: String,
    promised: String,
    basis: String,
    /// Papers that may come later: id and what is promised.
    later: Vec<(String, String)>,
    /// What is declared instead of proven, and what follows when it is false.
    declaration: Option<(String, String)>,
}

pub(super) async fn get(
    State(room): State<Room>,
    Path(matter): Path<String>,
    ctx: Ctx,
    who: Applicant,
) -> Answer {
    let id: MatterId = from_path(&matter)?;
    if let Some(number) = filed_as(&room, &who, id).await? {
        return Ok(page::see_other(format!("/cases/{number}/filed")));
    }
    let view = draft(&room.house.ground.store, &who, id).await?;
    page_of(&room, &ctx, &who, &view, (FormState::new(), Vec::new()), StatusCode::OK).await
}

async fn page_of(
    room: &Room,
    ctx: &Ctx,
    who: &Applicant,
    view: &DraftView,
    (mut form, refused): (FormState, Vec<FieldError>),
    status: StatusCode,
) -> Answer {
    let (item, lang, w) = (&view.item.item, ctx.lang, WORDS.say(ctx.lang));
    let evaluation = item.form.evaluate(&view.answers, &facts(view, ctx.now));
    let shown = item.form.prune(&view.answers, &evaluation);
    let base = format!("/drafts/{}", view.matter);
    let part = |s: &forms::Section| {
        let href = format!("{base}/{}", s.id);
        let wrong = evaluation.errors.iter().chain(&refused).filter(|e| in_section(s, &e.field));
        Part {
            title: s.title.get(lang).to_owned(),
            rows: forms::section_rows(s, &shown, lang)
                .into_iter()
                .map(|(label, value, field)| {
                    (label, value, format!("{href}?check=1#{}", page::id_of(&field)))
                })
                .collect(),
            wrong: wrong.map(|e| e.say.get(lang).to_owned()).collect(),
            href: format!("{href}?check=1"),
        }
    };
    let names = crate::show::Names::load(&room.house.ground.store).await?;
    // What belongs to no field stands at the top; what belongs to one stands in its section, with the way there.
    let homeless = |e: &&FieldError| !item.form.sections.iter().any(|s| in_section(s, &e.field));
    let top =
        refused.iter().filter(homeless).map(|e| FieldError { field: String::new(), say: e.say.clone() });
    form.errors = top.collect();
    let page = CheckPage {
        shell: Shell::new(ctx, w.t("check-title"))
            .crumb(item.name.get(lang), format!("/apply/{}", item.key))
            .wide(),
        w,
        steps: steps(view, &evaluation, "check", w),
        parts: item.form.sections.iter().map(part).collect(),
        form,
        path: format!("{base}/check"),
        subject: who.subject_name().to_owned(),
        ready: evaluation.errors.is_empty(),
        agency: names.of(&item.agency, lang),
        promised: item.terms.promised.text().get(lang).to_owned(),
        basis: item.name.get(lang).to_owned(),
        later: later(view, lang, w),
        declaration: item
            .declaration
            .as_ref()
            .map(|d| (d.obligation.get(lang).to_owned(), d.liability.get(lang).to_owned())),
    };
    Ok(page::render_with(status, &page))
}

pub(super) async fn post(
    State(room): State<Room>,
    Path(matter): Path<String>,
    ctx: Ctx,
    who: Applicant,
    sent: Submitted,
) -> Answer {
    let id: MatterId = from_path(&matter)?;
    if let Some(number) = filed_as(&room, &who, id).await? {
        return Ok(page::see_other(format!("/cases/{number}/filed")));
    }
    let view = draft(&room.house.ground.store, &who, id).await?;
    if sent.get("declare") != "yes" {
        let say =
            kernel::Text::new("请勾选声明后再提交。", "Please tick the declaration before you hand in.");
        let errors = vec![FieldError { field: "declare".to_owned(), say }];
        let state = (FormState::of(&sent), errors);
        return page_of(&room, &ctx, &who, &view, state, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    let filing = Filing {
        key: filing_key(id),
        item: view.item.item.key.clone(),
        matter: Some(id),
        answers: view.answers.clone(),
        promises: sent.all("promise").into_iter().map(str::to_owned).collect(),
        declares: sent.get("declares") == "yes",
        paper: sent.get("paper") == "yes",
        ..Filing::default()
    };
    match file_now(&room.house, &room.sources, ctx.lang, &who, filing).await {
        Ok(filed) => Ok(page::see_other(format!("/cases/{}/filed", filed.number))),
        Err(Failure::Refused(refusal)) if refusal.kind == RefusalKind::Invalid => {
            let state = (FormState::of(&sent), errors_of(&refusal));
            page_of(&room, &ctx, &who, &view, state, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        // Handed in a moment ago from another window: then it is there.
        Err(Failure::Refused(refusal)) if refusal.kind == RefusalKind::Conflict => {
            match filed_as(&room, &who, id).await? {
                Some(number) => Ok(page::see_other(format!("/cases/{number}/filed"))),
                None => Err(refusal.into()),
            }
        }
        Err(other) => Err(other.into()),
    }
}

/// The papers that are not there yet and may come later, each with its time and what follows when it does not come.
fn later(view: &DraftView, lang: Lang, w: Say) -> Vec<(String, String)> {
    let missing = |m: &&catalog::Material| {
        let given = m.field.as_ref().and_then(|field| view.answers.get(field));
        given.is_none_or(|v| v.is_null() || v.as_array().is_some_and(Vec::is_empty))
    };
    let tolerable = view.item.item.materials.iter().filter(missing);
    let line = |m: &catalog::Material| {
        let tolerance = m.tolerable.as_ref()?;
        let told = [
            ("name", m.name.get(lang).to_owned()),
            ("term", tolerance.within.text().get(lang).to_owned()),
            ("then", tolerance.consequence.get(lang).to_owned()),
        ];
        Some((m.id.clone(), w.with("check-later-line", &told)))
    };
    tolerable.filter_map(line).collect()
}

fn errors_of(refusal: &Refusal) -> Vec<FieldError> {
    if refusal.fields.is_empty() {
        vec![FieldError { field: String::new(), say: refusal.say.clone() }]
    } else {
        refusal.fields.clone()
    }
}
