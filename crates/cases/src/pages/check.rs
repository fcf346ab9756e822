//! `/drafts/{matter}/check`: everything as it will be filed, each with a way to change it, and the button that files it.

use super::draft::{filed_at, filing_key, home, in_section, steps};
use super::fields::{self, Spared, evaluation};
use super::preview::{self, Picture};
use super::{Room, capacity, from_path};
use crate::WORDS;
use crate::bundle::read_about;
use crate::model::MatterId;
use crate::queries::{DraftView, draft_at};
use crate::verbs::{Change, MatterFiling, file_matter_now, save_with};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use catalog::planner::How;
use identity::Applicant;
use kernel::{Failure, FieldError, Lang, Outcome, Refusal, RefusalKind};
use page::{Answer, Ctx, FormState, Say, Shell, Step, Submitted};
use std::collections::BTreeSet;

struct Part {
    title: String,
    href: String,
    rows: Vec<(String, String, String)>,
    wrong: Vec<String>,
    /// What was uploaded, to be looked at once more.
    pictures: Vec<Picture>,
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
    /// What is declared instead of proven, and what follows when it is false; each member's own.
    declarations: Vec<(String, String)>,
    /// Who decides what, when there are several: item, agency, promised term.
    members: Vec<(String, String, String)>,
    /// Papers that need not be brought, with the reason.
    spared: Vec<Spared>,
    /// In what capacity somebody may apply who does not do so for themselves.
    capacities: Vec<(String, String)>,
    /// The proof of it that an earlier try has kept.
    proof: Option<(String, String)>,
}

pub(super) async fn get(
    State(room): State<Room>,
    Path(matter): Path<String>,
    ctx: Ctx,
    who: Applicant,
) -> Answer {
    let id: MatterId = from_path(&matter)?;
    if let Some(address) = filed_at(&room, &who, id).await? {
        return Ok(page::see_other(address));
    }
    let view = draft_at(&room.house.ground.store, &who, id, Some(ctx.now)).await?;
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
    let (form_of, lang, w) = (view.bundle.form(), ctx.lang, WORDS.say(ctx.lang));
    let evaluation = evaluation(view, &view.answers, &view.plan, ctx.now);
    let shown = form_of.prune(&view.answers, &evaluation);
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
            pictures: Vec::new(),
        }
    };
    let mut parts = Vec::new();
    for section in &form_of.sections {
        let store = &room.house.ground.store;
        let pictures = preview::pictures(store, view.matter, section, &shown, w).await?;
        parts.push(Part { pictures, ..part(section) });
    }
    parts.retain(|p| !p.rows.is_empty() || !p.wrong.is_empty());
    let names = crate::show::Names::load(&room.house.ground.store).await?;
    form.errors = told(form_of, &refused);
    let form_proof = form.value(capacity::KEPT).to_owned();
    let (name, item) = (view.bundle.name(), &view.item.item);
    let page = CheckPage {
        shell: Shell::new(ctx, w.t("check-title")).crumb(name.get(lang), home(view)).wide(),
        w,
        steps: steps(view, &evaluation, "check", w),
        parts,
        form,
        path: format!("{base}/check"),
        subject: who.subject_name().to_owned(),
        ready: evaluation.errors.is_empty(),
        agency: names.of(&item.agency, lang),
        promised: item.terms.promised.text().get(lang).to_owned(),
        basis: name.get(lang).to_owned(),
        later: later(view, lang, w),
        declarations: declarations(view, lang),
        members: members(view, &names, lang),
        spared: spared(view, lang),
        capacities: capacity::offered(who, w),
        proof: capacity::kept(&room.house.ground.store, who, form_proof.as_str()).await?,
    };
    Ok(page::render_with(status, &page))
}

/// What belongs to no section of the form: what stands in this page's own fields at them, everything else at the top. What belongs to a
/// section stands there, with the way to it.
fn told(form: &forms::Form, refused: &[FieldError]) -> Vec<FieldError> {
    let homeless = |e: &&FieldError| !form.sections.iter().any(|s| in_section(s, &e.field));
    let placed = |e: &FieldError| {
        let field = if capacity::field(&e.field) { e.field.clone() } else { String::new() };
        FieldError { field, say: e.say.clone() }
    };
    refused.iter().filter(homeless).map(placed).collect()
}

pub(super) async fn post(
    State(room): State<Room>,
    Path(matter): Path<String>,
    ctx: Ctx,
    who: Applicant,
    sent: Submitted,
) -> Answer {
    let id: MatterId = from_path(&matter)?;
    if let Some(address) = filed_at(&room, &who, id).await? {
        return Ok(page::see_other(address));
    }
    let view = draft_at(&room.house.ground.store, &who, id, Some(ctx.now)).await?;
    if sent.get("declare") != "yes" {
        let say =
            kernel::Text::new("请勾选声明后再提交。", "Please tick the declaration before you hand in.");
        let errors = vec![FieldError { field: "declare".to_owned(), say }];
        let state = (FormState::of(&sent), errors);
        return page_of(&room, &ctx, &who, &view, state, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    let proof = match capacity::proof(&room, &ctx, &who, &sent).await {
        Ok(proof) => proof,
        Err(Failure::Refused(refusal)) => {
            let say = kernel::Text::new(refusal.sentence(Lang::ZhCn), refusal.sentence(Lang::En));
            let errors = vec![FieldError { field: capacity::PROOF.to_owned(), say }];
            let state = (FormState::of(&sent), errors);
            return page_of(&room, &ctx, &who, &view, state, StatusCode::UNPROCESSABLE_ENTITY).await;
        }
        Err(fault) => return Err(fault.into()),
    };
    let filing = MatterFiling { parties: capacity::party(&view, &sent, proof), ..filing(&view, &sent) };
    let typed = || {
        let kept = proof.map(|file| file.to_string()).unwrap_or_default();
        FormState::of(&sent).with(capacity::KEPT, kept)
    };
    match file_matter_now(&room.house, &room.sources, ctx.lang, &who, filing).await {
        Ok(filed) => match filed.cases.as_slice() {
            [one] => Ok(page::see_other(format!("/cases/{}/filed", one.number))),
            _ => Ok(page::see_other(format!("/matters/{}?filed=1", filed.matter))),
        },
        Err(Failure::Refused(refusal)) if refusal.kind == RefusalKind::Invalid => {
            let view = ask_for(&room, &ctx, &who, view, &refusal).await?;
            let state = (typed(), errors_of(&refusal));
            page_of(&room, &ctx, &who, &view, state, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        // Handed in a moment ago from another window: then it is there.
        Err(Failure::Refused(refusal)) if refusal.kind == RefusalKind::Conflict => {
            match filed_at(&room, &who, id).await? {
                Some(address) => Ok(page::see_other(address)),
                None => Err(refusal.into()),
            }
        }
        Err(other) => Err(other.into()),
    }
}

fn filing(view: &DraftView, sent: &Submitted) -> MatterFiling {
    let about = view.bundle.about();
    let (theme, items) = read_about(&about);
    MatterFiling {
        key: filing_key(view.matter),
        theme: theme.map(str::to_owned),
        items,
        matter: Some(view.matter),
        answers: view.answers.clone(),
        proofs: view.wallet.used.iter().copied().collect(),
        disputes: view.disputes.clone(),
        promises: sent.all("promise").into_iter().map(str::to_owned).collect(),
        declares: sent.get("declares") == "yes",
        role: view.role.clone(),
        paper: sent.get("paper") == "yes",
        ..MatterFiling::default()
    }
}

/// A register that should have proved something holds nothing on it: its paper is asked for from now on, so that the applicant has
/// a place where to put it.
async fn ask_for(
    room: &Room,
    ctx: &Ctx,
    who: &Applicant,
    view: DraftView,
    refusal: &Refusal,
) -> Outcome<DraftView> {
    let hidden = |field: &&String| {
        view.plan.papers.iter().any(|p| p.field.as_ref() == Some(*field) && p.how != How::Asked)
    };
    let unproven: BTreeSet<String> =
        refusal.fields.iter().map(|e| &e.field).filter(hidden).cloned().collect();
    if unproven.is_empty() {
        return Ok(view);
    }
    let (id, rev) = (view.matter, view.rev);
    store::command!(room.house.ground, ctx.lang, who.actor_ref(), |cx| {
        let change =
            Change { answers: view.answers.clone(), unproven: unproven.clone(), ..Change::default() };
        save_with(&mut cx, who, id, change, rev).await
    })?;
    draft_at(&room.house.ground.store, who, id, Some(ctx.now)).await
}

fn declarations(view: &DraftView, lang: Lang) -> Vec<(String, String)> {
    let taken = view.bundle.items.iter().filter(|p| view.plan.takes(&p.item.key));
    let declared = taken.filter_map(|p| p.item.declaration.as_ref());
    declared.map(|d| (d.obligation.get(lang).to_owned(), d.liability.get(lang).to_owned())).collect()
}

/// The papers of the matter that nobody has to bring, each with its reason.
fn spared(view: &DraftView, lang: Lang) -> Vec<Spared> {
    let stands = |p: &&catalog::planner::PlannedPaper| !matches!(p.how, How::Asked | How::Declared);
    view.plan.papers.iter().filter(stands).map(|p| fields::line(p, lang)).collect()
}

/// Who decides what, when there are several.
fn members(view: &DraftView, names: &crate::show::Names, lang: Lang) -> Vec<(String, String, String)> {
    if view.bundle.alone() {
        return Vec::new();
    }
    let line = |p: &catalog::Published| {
        let promised = p.item.terms.promised.text().get(lang).to_owned();
        (p.item.name.get(lang).to_owned(), names.of(&p.item.agency, lang), promised)
    };
    view.bundle.items.iter().filter(|p| view.plan.takes(&p.item.key)).map(line).collect()
}

/// The papers that are not there yet and may come later, each once, with its time and what follows when it does not come.
fn later(view: &DraftView, lang: Lang, w: Say) -> Vec<(String, String)> {
    let missing = |field: Option<&String>| {
        let given = field.and_then(|field| view.answers.get(field));
        given.is_none_or(|v| v.is_null() || v.as_array().is_some_and(Vec::is_empty))
    };
    let mut lines: Vec<(String, String)> = Vec::new();
    for published in view.bundle.items.iter().filter(|p| view.plan.takes(&p.item.key)) {
        let item = &published.item;
        for m in &item.materials {
            let Some(tolerance) = &m.tolerable else { continue };
            let paper = view.plan.paper_for(&item.key, &m.id);
            let asked = paper.is_none_or(|p| p.how == How::Asked);
            if !asked || !missing(paper.map_or(m.field.as_ref(), |p| p.field.as_ref())) {
                continue;
            }
            let told = [
                ("name", m.name.get(lang).to_owned()),
                ("term", tolerance.within.text().get(lang).to_owned()),
                ("then", tolerance.consequence.get(lang).to_owned()),
            ];
            let id = match paper {
                Some(paper) if !view.bundle.alone() => paper.id.clone(),
                _ => m.id.clone(),
            };
            if lines.iter().all(|(known, _)| *known != id) {
                lines.push((id, w.with("check-later-line", &told)));
            }
        }
    }
    lines
}

fn errors_of(refusal: &Refusal) -> Vec<FieldError> {
    if refusal.fields.is_empty() {
        vec![FieldError { field: String::new(), say: refusal.say.clone() }]
    } else {
        refusal.fields.clone()
    }
}
