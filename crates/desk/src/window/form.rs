//! `/desk/window/{visit}/form`: everything on one page — what is asked, kept papers to tick, originals compared — and the button that hands
//! it in. What is wrong stands at its field, and what was typed stays.

use super::fill::{self, Tick};
use super::{paper, save, visit};
use crate::store::{self as rows, Visit};
use crate::{Room, WORDS};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use cases::{DraftView, FiledMatter, MatterFiling, Scope};
use catalog::planner::How;
use identity::Clerk;
use kernel::{Failure, FieldError, Lang, Outcome, Refusal, RefusalKind, Text};
use page::{Answer, Ctx, FormState, Html, Say, Shell, Submitted, format};
use proofs::Compared;
use serde_json::json;

struct Part {
    title: String,
    help: Option<String>,
    fields: Html,
}

#[derive(askama::Template)]
#[template(path = "window-form.html")]
struct FormPage {
    shell: Shell,
    w: Say,
    form: FormState,
    path: String,
    rev: i64,
    what: String,
    name: String,
    changed: bool,
    /// The form on which it was accepted while the network was away.
    paper_form: String,
    parts: Vec<Part>,
    originals: Vec<Tick>,
    /// Whether all originals have to be compared here, and whether that was said.
    compares: Option<bool>,
    offers: Vec<Tick>,
    spared: Vec<(String, String)>,
    later: Vec<Tick>,
    declarations: Vec<(String, String)>,
    declares: bool,
    paper: bool,
    /// Who else may confirm here: the field, and the role's name.
    others: Vec<(String, String)>,
    back: String,
}

pub(super) async fn get(State(room): State<Room>, Path(id): Path<String>, ctx: Ctx, who: Clerk) -> Answer {
    let mut visit = visit(&room, &who, &id).await?;
    if let Some(elsewhere) = elsewhere(&visit) {
        return Ok(page::see_other(elsewhere));
    }
    let view = fill::open(&room, &who, &mut visit).await?;
    page_of(&ctx, &visit, &view, (Vec::new(), false), StatusCode::OK)
}

/// Where one belongs when there is no form to fill in: nothing was chosen yet, or it is handed in.
pub(super) fn elsewhere(visit: &Visit) -> Option<String> {
    let said = &visit.said;
    if !said.filed.is_empty() {
        return Some(format!("/desk/window/{}/receipt", visit.id));
    }
    (said.theme.is_none() && said.items.is_empty()).then(|| format!("/desk/window/{}", visit.id))
}

fn page_of(
    ctx: &Ctx,
    visit: &Visit,
    view: &DraftView,
    (errors, changed): (Vec<FieldError>, bool),
    status: StatusCode,
) -> Answer {
    let (lang, w, said) = (ctx.lang, WORDS.say(ctx.lang), &visit.said);
    let evaluation = cases::window_evaluation(view, ctx.now);
    let known = fill::known(view, lang);
    let part = |s: &forms::Section| Part {
        title: s.title.get(lang).to_owned(),
        help: s.help.as_ref().map(|h| h.get(lang).to_owned()),
        fields: Html(forms::fields_html(s, &view.answers, &known, &evaluation, &errors, lang)),
    };
    let asks = |s: &&forms::Section| s.fields.iter().any(|f| evaluation.show.contains(&f.id));
    let what = view.bundle.name().get(lang).to_owned();
    let mut form = FormState::new()
        .with("present_ground", said.present_ground.as_str())
        .with("present_paper", said.present_paper.as_str())
        .with("late_at", said.late_at.as_str())
        .with("late_reason", said.late_reason.as_str())
        .with("late_evidence", said.late_evidence.as_str());
    let others = cases::window_others(view).into_iter();
    let others: Vec<_> =
        others.map(|(role, name)| (format!("present.{role}"), name.get(lang).to_owned())).collect();
    for (role, number) in &said.present {
        form = form.with(format!("present.{role}"), number.as_str());
    }
    let place = format!("/desk/window/{}", visit.id);
    let page = FormPage {
        shell: Shell::new(ctx, what.clone())
            .desk()
            .crumb(w.t("window-title"), "/desk/window")
            .crumb(w.t("window-choose"), place.clone()),
        w,
        path: format!("{place}/form"),
        rev: visit.rev,
        what,
        name: said.name.clone(),
        paper_form: said.paper_form.clone(),
        changed,
        parts: view.bundle.form().sections.iter().filter(asks).map(part).collect(),
        originals: if said.compares_all { Vec::new() } else { fill::originals(view, said, lang) },
        compares: said.compares.then_some(said.compared),
        offers: fill::offers(view, lang, w),
        spared: fill::spared(view, lang),
        later: fill::later(view, said, lang, w),
        declarations: fill::declarations(view, lang),
        declares: said.declares,
        paper: said.paper,
        others,
        back: place,
        form: {
            form.errors = errors;
            form
        },
    };
    Ok(page::render_with(status, &page))
}

/// What was sent, read and kept; whether the visit was written meanwhile by another page.
async fn taken(
    room: &Room,
    who: &Clerk,
    visit: &mut Visit,
    sent: &Submitted,
) -> Outcome<(Vec<FieldError>, bool)> {
    let before = fill::open(room, who, visit).await?;
    let form = before.bundle.form();
    let (mut answers, mut errors) = fill::read(form, sent, &visit.said.answers);
    errors.extend(fill::attach(room, who, form, sent, &mut answers).await?);
    let changed = sent.get("rev").parse() != Ok(visit.rev);
    visit.said.answers = answers;
    fill::beside(sent, &mut visit.said);
    visit.rev = save(room, who, visit).await?;
    Ok((errors, changed))
}

pub(super) async fn post(
    State(room): State<Room>,
    Path(id): Path<String>,
    ctx: Ctx,
    who: Clerk,
    sent: Submitted,
) -> Answer {
    let mut visit = visit(&room, &who, &id).await?;
    if let Some(elsewhere) = elsewhere(&visit) {
        return Ok(page::see_other(elsewhere));
    }
    let opened = visit.rev;
    let (mut errors, changed) = taken(&room, &who, &mut visit, &sent).await?;
    if sent.has("_scan") && errors.iter().all(|e| sent.files().iter().all(|f| f.field != e.field)) {
        return Ok(page::see_other(format!("/desk/window/{id}/scan/{}", sent.get("_scan"))));
    }
    // The rows of a group, a file taken away, or a page that another one has overtaken: shown again, nothing is handed in.
    let view = fill::open(&room, &who, &mut visit).await?;
    if ["_add", "_remove", "_scan"].iter().any(|name| sent.has(name)) {
        return page_of(&ctx, &visit, &view, (errors, false), StatusCode::OK);
    }
    if changed && opened > 1 && sent.has("rev") {
        return page_of(&ctx, &visit, &view, (errors, true), StatusCode::CONFLICT);
    }
    let (late, wrong) = fill::late(&visit.said);
    errors.extend(wrong);
    errors.extend(paper::missing(&visit.said, late.as_ref()));
    for error in cases::window_evaluation(&view, ctx.now).errors {
        let promised = promised(&view, &visit, &error.field);
        if !promised && errors.iter().all(|e| e.field != error.field) {
            errors.push(error);
        }
    }
    if !errors.is_empty() {
        return page_of(&ctx, &visit, &view, (errors, false), StatusCode::UNPROCESSABLE_ENTITY);
    }
    let late = paper::proven(&visit.said, late);
    match hand_in(&room, &ctx, &who, &visit, &view, late).await {
        Ok(filed) => {
            receive(&room, &who, &mut visit, &view, &filed).await?;
            Ok(page::see_other(format!("/desk/window/{id}/receipt")))
        }
        Err(Failure::Refused(no)) if is_told(&no) => {
            let view = ask_for(&room, &who, &mut visit, view, &no).await?;
            page_of(&ctx, &visit, &view, (told(&no), false), StatusCode::UNPROCESSABLE_ENTITY)
        }
        Err(other) => Err(other.into()),
    }
}

/// Whether a refusal is told on the form: what is typed can be put right, or the form on paper was recorded by somebody else.
fn is_told(no: &Refusal) -> bool {
    matches!(no.kind, RefusalKind::Invalid | RefusalKind::Forbidden) || no.code.starts_with("hall.paper-")
}

/// Whether the paper of this field is promised for later.
fn promised(view: &DraftView, visit: &Visit, field: &str) -> bool {
    let papers = view.plan.papers.iter().filter(|p| p.field.as_deref() == Some(field));
    let mut ids = papers.flat_map(|p| p.demands.iter().map(|(_, demand)| demand).chain([&p.id]));
    ids.any(|id| visit.said.promises.contains(id))
}

fn told(no: &Refusal) -> Vec<FieldError> {
    if no.fields.is_empty() {
        let say = Text::new(no.sentence(Lang::ZhCn), no.sentence(Lang::En));
        return vec![FieldError { field: String::new(), say }];
    }
    // A word that was not taken: the number stands at its party, ground and paper are those of all.
    let place = |field: &str| match field.strip_prefix("present.").and_then(|rest| rest.rsplit_once('.')) {
        Some((_, "ground")) => "present_ground".to_owned(),
        Some((_, "paper")) => "present_paper".to_owned(),
        Some((role, _)) => format!("present.{role}"),
        None => field.to_owned(),
    };
    no.fields.iter().map(|e| FieldError { field: place(&e.field), say: e.say.clone() }).collect()
}

/// A register that should have proved something holds nothing on it: its paper is asked for from now on.
async fn ask_for(
    room: &Room,
    who: &Clerk,
    visit: &mut Visit,
    view: DraftView,
    no: &Refusal,
) -> Outcome<DraftView> {
    let hidden = |field: &String| {
        view.plan.papers.iter().any(|p| p.field.as_ref() == Some(field) && p.how != How::Asked)
    };
    let more: Vec<String> = no.fields.iter().map(|e| e.field.clone()).filter(hidden).collect();
    if more.is_empty() {
        return Ok(view);
    }
    visit.said.unproven.extend(more);
    visit.rev = save(room, who, visit).await?;
    fill::open(room, who, visit).await
}

/// One key a visit: handing in twice is handing in once.
async fn hand_in(
    room: &Room,
    ctx: &Ctx,
    who: &Clerk,
    visit: &Visit,
    view: &DraftView,
    late: Option<(kernel::Timestamp, cases::Late)>,
) -> Outcome<FiledMatter> {
    let said = &visit.said;
    let (occurred_at, late) = late.map_or((None, None), |(at, late)| (Some(at), Some(late)));
    let filing = MatterFiling {
        key: format!("window:{}", visit.id),
        theme: said.theme.clone(),
        items: said.items.clone(),
        answers: view.answers.clone(),
        proofs: view.wallet.used.iter().copied().collect(),
        promises: said.promises.iter().cloned().collect(),
        declares: said.declares,
        paper: said.paper,
        occurred_at,
        present: fill::present(said),
        compared: said.compares && said.compared,
        ..MatterFiling::default()
    };
    let number = &said.citizen_id;
    let prepared = cases::prepare_at_window(&room.house, &room.sources, who, number, filing, late).await?;
    ::store::command!(room.house.ground, ctx.lang, who.actor_ref(), |cx| {
        paper::file(&mut cx, room, who, &prepared, (said, occurred_at)).await
    })
}

/// Writes the receipt down, and that the clerk has compared originals: those uploads are believed from now on (B). Done again, it
/// changes nothing.
async fn receive(
    room: &Room,
    who: &Clerk,
    visit: &mut Visit,
    view: &DraftView,
    filed: &FiledMatter,
) -> Outcome<()> {
    let store = &room.house.ground.store;
    if visit.said.compares_all {
        // One word for all of them: nothing was filed without it.
        visit.said.seen =
            fill::originals(view, &visit.said, Lang::default()).into_iter().map(|o| o.0).collect();
    }
    let given = |field: &String| view.answers.get(field).is_some_and(|v| !v.is_null());
    let papers =
        view.plan.papers.iter().filter(|p| p.how == How::Asked && p.field.as_ref().is_some_and(given));
    visit.said.papers = papers.map(|p| (p.name.clone(), visit.said.seen.contains(&p.id))).collect();
    visit.said.filed = filed.cases.iter().map(|case| case.number.to_string()).collect();
    let mut compared: Vec<(String, Vec<&str>)> = Vec::new();
    for case in &filed.cases {
        let row = cases::progress(store, &case.number, &Scope::program()).await?;
        let seen = view.plan.papers.iter().filter(|p| visit.said.seen.contains(&p.id));
        let own = seen.flat_map(|p| &p.demands).filter(|(item, _)| *item == row.item_key);
        compared.push((case.number.to_string(), own.map(|(_, demand)| demand.as_str()).collect()));
    }
    let first = compared.iter().find(|(_, demands)| !demands.is_empty());
    ::store::command!(room.house.ground, Lang::default(), who.actor_ref(), |cx| {
        receive_in(&mut cx, who, visit, first).await
    })?;
    // The cases of a matter share a paper; what only a later one asks for is compared for that one.
    let rest = compared.iter().filter(|(_, demands)| !demands.is_empty()).skip(1);
    for (case, demands) in rest {
        ::store::command!(room.house.ground, Lang::default(), who.actor_ref(), |cx| {
            proofs::compared(&mut cx, case, demands, Compared::Original, who.agency()).await.map(|_| ())
        })?;
    }
    Ok(())
}

async fn receive_in(
    cx: &mut ::store::Cx,
    who: &Clerk,
    visit: &Visit,
    first: Option<&(String, Vec<&str>)>,
) -> Outcome<()> {
    let sealer = cx.store().sealer().clone();
    rows::save_visit(&mut cx.commit, &sealer, visit)?;
    if let Some((case, demands)) = first {
        proofs::compared(cx, case, demands, Compared::Original, who.agency()).await?;
    }
    Ok(())
}

/// What the page's script is told, as with a draft of an applicant.
pub(super) async fn autosave(
    State(room): State<Room>,
    Path(id): Path<String>,
    ctx: Ctx,
    who: Clerk,
    sent: Submitted,
) -> Result<Response, page::Problem> {
    let mut visit = visit(&room, &who, &id).await?;
    if elsewhere(&visit).is_some() {
        return Err(Refusal::not_found().into());
    }
    let (mut errors, _) = taken(&room, &who, &mut visit, &sent).await?;
    let view = fill::open(&room, &who, &mut visit).await?;
    let evaluation = cases::window_evaluation(&view, ctx.now);
    errors.extend(evaluation.wrong().cloned());
    let said = |e: &FieldError| json!({"field": e.field, "say": e.say.get(ctx.lang)});
    let at = format::time(ctx.now);
    Ok(axum::Json(json!({
        "show": evaluation.show,
        "require": evaluation.require,
        "errors": errors.iter().map(said).collect::<Vec<_>>(),
        "saved": WORDS.say(ctx.lang).with("window-saved", &[("at", at)]),
        "rev": visit.rev,
    }))
    .into_response())
}
