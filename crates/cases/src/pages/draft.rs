//! `/drafts/{matter}/{section}`: one section of the form at a time, saved as one types.

use super::fields::{self, Me, Offer, Spared, evaluation, known};
use super::preview::{self, Picture};
use super::{Room, from_path, keep_file, with_errors};
use crate::draft::{as_party, known_answers};
use crate::model::MatterId;
use crate::queries::{DraftView, draft_at};
use crate::supply::SCAN;
use crate::verbs::{Change, Saved, save_with};
use crate::{WORDS, verbs};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use forms::{Answers, Evaluation, Section};
use identity::Applicant;
use kernel::{Failure, FieldError, Lang, Outcome, Refusal};
use page::{Answer, Ctx, FormState, Html, Say, Shell, Step, Submitted, format};
use proofs::ProofId;
use serde_json::{Value, json};
use std::collections::BTreeSet;

#[derive(askama::Template)]
#[template(path = "draft.html")]
struct DraftPage {
    shell: Shell,
    w: Say,
    steps: Vec<Step>,
    form: FormState,
    path: String,
    title: String,
    help: Option<String>,
    rev: i64,
    saved: String,
    fields: Html,
    /// What was uploaded here, to be looked at.
    pictures: Vec<Picture>,
    back: Option<String>,
    item_name: String,
    subject: String,
    spared: Vec<Spared>,
    offers: Vec<Offer>,
    me: Vec<Me>,
    known: bool,
    dispute: String,
}

#[derive(askama::Template)]
#[template(path = "draft-stale.html")]
struct StalePage {
    shell: Shell,
    w: Say,
    path: String,
    rev: i64,
    mine: Vec<(String, String)>,
    theirs: Vec<(String, String)>,
    pairs: Vec<(String, String)>,
    saved: String,
}

/// The sections as a list of steps; `here` is the section shown, or `check`.
pub(super) fn steps(view: &DraftView, evaluation: &Evaluation, here: &str, w: Say) -> Vec<Step> {
    let base = format!("/drafts/{}", view.matter);
    let wrong = |s: &Section| evaluation.errors.iter().any(|e| in_section(s, &e.field));
    let mut steps: Vec<Step> = walked(view, evaluation, here)
        .into_iter()
        .map(|s| Step {
            kind: if s.id == here {
                "now"
            } else if wrong(s) {
                "next"
            } else {
                "done"
            },
            title: s.title.get(w.lang).to_owned(),
            href: Some(format!("{base}/{}", s.id)),
        })
        .collect();
    steps.push(Step {
        kind: if here == "check" { "now" } else { "next" },
        title: w.t("check-title").into_owned(),
        href: (here == "check" || evaluation.errors.is_empty()).then(|| format!("{base}/check")),
    });
    steps
}

/// The sections with something to fill in under these answers, in order; and the one that is shown, whatever is in it.
fn walked<'a>(view: &'a DraftView, evaluation: &Evaluation, here: &str) -> Vec<&'a Section> {
    let asks = |s: &&Section| s.id == here || s.fields.iter().any(|f| evaluation.show.contains(&f.id));
    view.bundle.form().sections.iter().filter(asks).collect()
}

/// Whether a field's path lies in this section.
pub(super) fn in_section(section: &Section, path: &str) -> bool {
    let root = path.split(['.', '[']).next().unwrap_or(path);
    section.fields.iter().any(|f| f.id == root)
}

pub(super) async fn begin(
    State(room): State<Room>,
    Path(matter): Path<String>,
    ctx: Ctx,
    who: Applicant,
) -> Answer {
    let view = draft_at(&room.house.ground.store, &who, from_path(&matter)?, Some(ctx.now)).await?;
    let evaluation = evaluation(&view, &view.answers, &view.plan, ctx.now);
    let section = walked(&view, &evaluation, "").first().map_or("check", |s| s.id.as_str());
    Ok(page::see_other(format!("/drafts/{matter}/{section}")))
}

pub(super) async fn get(
    State(room): State<Room>,
    Path((matter, section)): Path<(String, String)>,
    ctx: Ctx,
    who: Applicant,
) -> Answer {
    let view = draft_at(&room.house.ground.store, &who, from_path(&matter)?, Some(ctx.now)).await?;
    // Coming from the check page, what is wrong there is shown here.
    let show = ctx.query.split('&').any(|q| q == "check=1");
    let errors = if show { section_errors(&view, &section, ctx.now) } else { Vec::new() };
    page_of(&room, &ctx, &who, &view, (&section, errors), StatusCode::OK).await
}

fn section_errors(view: &DraftView, section: &str, now: kernel::Timestamp) -> Vec<FieldError> {
    let Some(section) = view.bundle.form().section(section) else { return Vec::new() };
    let evaluation = evaluation(view, &view.answers, &view.plan, now);
    evaluation.errors.into_iter().filter(|e| in_section(section, &e.field)).collect()
}

async fn page_of(
    room: &Room,
    ctx: &Ctx,
    who: &Applicant,
    view: &DraftView,
    (section, errors): (&str, Vec<FieldError>),
    status: StatusCode,
) -> Answer {
    let (form, lang, w) = (view.bundle.form(), ctx.lang, WORDS.say(ctx.lang));
    let here = form.section(section).ok_or_else(Refusal::not_found)?;
    let evaluation = evaluation(view, &view.answers, &view.plan, ctx.now);
    let known = known(view, ctx.now);
    let html = forms::fields_html(here, &view.answers, &known, &evaluation, &errors, lang);
    let way = walked(view, &evaluation, section);
    let at = way.iter().position(|s| s.id == section).unwrap_or(0);
    let back = at.checked_sub(1).and_then(|i| way.get(i));
    let name = view.bundle.name();
    let title = here.title.get(lang).to_owned();
    let page = DraftPage {
        shell: Shell::new(ctx, title.clone()).crumb(name.get(lang), home(view)).wide(),
        w,
        steps: steps(view, &evaluation, section, w),
        form: with_errors(errors),
        path: format!("/drafts/{}/{section}", view.matter),
        title,
        help: here.help.as_ref().map(|h| h.get(lang).to_owned()),
        rev: view.rev,
        saved: saved(w, view.saved_at),
        fields: Html(html),
        pictures: preview::pictures(&room.house.ground.store, view.matter, here, &view.answers, w).await?,
        back: back.map(|s| format!("/drafts/{}/{}", view.matter, s.id)),
        item_name: name.get(lang).to_owned(),
        subject: who.subject_name().to_owned(),
        spared: fields::spared(&view.plan, here, lang),
        offers: fields::offers(view, here, lang),
        me: fields::me(view, here, lang),
        known: here.fields.iter().any(|f| known.contains_key(&f.id)),
        dispute: format!("/drafts/{}/dispute", view.matter),
    };
    Ok(page::render_with(status, &page))
}

/// Where the matter is described and begun.
pub(super) fn home(view: &DraftView) -> String {
    match &view.bundle.theme {
        Some(theme) => format!("/themes/{}", theme.id),
        None => format!("/apply/{}", view.item.item.key),
    }
}

fn saved(w: Say, at: kernel::Timestamp) -> String {
    w.with("draft-saved", &[("at", format::time(at))])
}

/// What was sent, read over the draft as it stands.
struct Typed {
    view: DraftView,
    answers: Answers,
    errors: Vec<FieldError>,
    rev: i64,
    kept: Option<BTreeSet<ProofId>>,
    role: Option<Option<String>>,
}

impl Typed {
    /// Whoever applies says which of the parties they are, or that they are not: their own data come into that party's fields, or
    /// leave them.
    fn say_who(&mut self, role: &str) {
        let form = self.view.bundle.form();
        let role = Some(role).filter(|r| self.view.bundle.parties().iter().any(|(known, _)| known == r));
        let before = self.view.role.as_deref();
        let theirs = |f: &&forms::Field| {
            let of = f.element.as_deref().and_then(|e| e.split_once('.')).map(|(of, _)| of);
            before.is_some() && of == before
        };
        let left: Vec<String> = form.fields().filter(theirs).map(|f| f.id.clone()).collect();
        left.iter().for_each(|id| drop(self.answers.remove(id)));
        let mut known = self.view.known.clone();
        known.retain(|element, _| before.is_none() || element.split_once('.').map(|(of, _)| of) != before);
        let known = as_party(&known, role);
        form.prefill(&mut self.answers, &known_answers(form, &known));
        self.role = Some(role.map(str::to_owned));
    }
}

/// The kept papers that are ticked, when the page that was sent had any to tick.
fn kept(view: &DraftView, sent: &Submitted) -> Option<BTreeSet<ProofId>> {
    let shown = sent.all("_keep_shown");
    if shown.is_empty() {
        return None;
    }
    let mut kept = view.wallet.used.clone();
    kept.retain(|id| !shown.contains(&id.to_string().as_str()));
    kept.extend(sent.all("keep").iter().filter_map(|id| id.parse::<ProofId>().ok()));
    Some(kept)
}

async fn typed(
    room: &Room,
    who: &Applicant,
    matter: MatterId,
    section: &str,
    sent: &Submitted,
) -> Outcome<Typed> {
    let now = room.house.ground.clock.now();
    let view = draft_at(&room.house.ground.store, who, matter, Some(now)).await?;
    view.bundle.form().section(section).ok_or_else(Refusal::not_found)?;
    let mut pairs: Vec<(String, String)> = sent.fields().to_vec();
    if !pairs.iter().any(|(name, _)| name == "_section") {
        pairs.push(("_section".to_owned(), section.to_owned()));
    }
    let (answers, errors) = view.bundle.form().read(&pairs, &view.answers);
    let rev = sent.get("rev").parse().unwrap_or(view.rev);
    let mut typed = Typed { view, answers, errors, rev, kept: None, role: None };
    typed.kept = kept(&typed.view, sent);
    if let Some(kept) = &typed.kept {
        typed.view.wallet.used.clone_from(kept);
    }
    Ok(typed)
}

/// Keeps the uploaded files and puts them into their fields; each is refused by itself.
async fn keep_files(
    room: &Room,
    who: &Applicant,
    lang: Lang,
    form: &forms::Form,
    sent: &Submitted,
    answers: &mut Answers,
) -> Outcome<Vec<FieldError>> {
    let mut errors = Vec::new();
    for upload in sent.files() {
        match keep_file(room, lang, who, upload).await {
            Ok(info) => {
                if !form.attach(answers, &upload.field, info.id, &upload.name) {
                    errors.push(too_many(&upload.field));
                }
            }
            Err(Failure::Refused(refusal)) => errors.push(FieldError {
                field: upload.field.clone(),
                say: kernel::Text::new(refusal.sentence(Lang::ZhCn), refusal.sentence(Lang::En)),
            }),
            Err(fault) => return Err(fault),
        }
    }
    Ok(errors)
}

pub(super) fn too_many(field: &str) -> FieldError {
    let say = kernel::Text::new("这一栏不能再添加文件了。", "This field takes no more files.");
    FieldError { field: field.to_owned(), say }
}

pub(super) async fn post(
    State(room): State<Room>,
    Path((matter, section)): Path<(String, String)>,
    ctx: Ctx,
    who: Applicant,
    sent: Submitted,
) -> Answer {
    let id: MatterId = from_path(&matter)?;
    let mut typed = typed(&room, &who, id, &section, &sent).await?;
    let bundle = typed.view.bundle.clone();
    let form = bundle.form();
    let mut errors = keep_files(&room, &who, ctx.lang, form, &sent, &mut typed.answers).await?;
    if sent.has("_role") {
        typed.say_who(sent.get("_role"));
    }
    match store_draft(&room, &who, ctx.lang, id, &typed).await {
        Err(Failure::Refused(refusal)) if refusal.code == "cases.draft-stale" => {
            return stale(&ctx, &typed, &section, &sent);
        }
        other => other?,
    };
    let changes_rows = sent.has("_add") || sent.has("_remove") || sent.has("_role") || sent.has(SCAN);
    typed.view = draft_at(&room.house.ground.store, &who, id, Some(ctx.now)).await?;
    if sent.has(SCAN) && errors.is_empty() {
        return Ok(page::see_other(format!("/drafts/{matter}/scan/{}", sent.get(SCAN))));
    }
    if changes_rows {
        return page_of(&room, &ctx, &who, &typed.view, (&section, errors), StatusCode::OK).await;
    }
    if sent.get("go") == "leave" {
        return Ok(page::see_other("/space"));
    }
    errors.extend(typed.errors.iter().cloned());
    for error in section_errors(&typed.view, &section, ctx.now) {
        if !errors.iter().any(|e| e.field == error.field) {
            errors.push(error);
        }
    }
    if !errors.is_empty() {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return page_of(&room, &ctx, &who, &typed.view, (&section, errors), status).await;
    }
    if verbs::look_up(&room.house, &room.sources, ctx.lang, &who, &typed.view).await? {
        typed.view = draft_at(&room.house.ground.store, &who, id, Some(ctx.now)).await?;
    }
    let evaluation = evaluation(&typed.view, &typed.view.answers, &typed.view.plan, ctx.now);
    let way = walked(&typed.view, &evaluation, &section);
    let at = way.iter().position(|s| s.id == section).unwrap_or(0);
    let mut rest = way.iter().skip(at + 1);
    // Who came here by one tap is only asked what is missing.
    let lacks = |s: &&&Section| evaluation.errors.iter().any(|e| in_section(s, &e.field));
    let next = if typed.view.tap.is_some() { rest.find(lacks) } else { rest.next() };
    let next = next.map_or("check", |s| s.id.as_str());
    Ok(page::see_other(format!("/drafts/{matter}/{next}")))
}

async fn store_draft(
    room: &Room,
    who: &Applicant,
    lang: Lang,
    id: MatterId,
    typed: &Typed,
) -> Outcome<Saved> {
    store::command!(room.house.ground, lang, who.actor_ref(), |cx| {
        let (answers, kept, role) = (typed.answers.clone(), typed.kept.clone(), typed.role.clone());
        let change = Change { answers, kept, role, ..Change::default() };
        save_with(&mut cx, who, id, change, typed.rev).await
    })
}

/// Both texts, and the choice which to keep; nothing is overwritten by itself.
fn stale(ctx: &Ctx, typed: &Typed, section: &str, sent: &Submitted) -> Answer {
    let w = WORDS.say(ctx.lang);
    let here = typed.view.bundle.form().section(section).ok_or_else(Refusal::not_found)?;
    let rows = |answers: &Answers| {
        let rows = forms::section_rows(here, answers, ctx.lang);
        rows.into_iter().map(|(label, value, _)| (label, value)).collect()
    };
    let own = |(name, _): &&(String, String)| name != "_csrf" && name != "rev";
    let page = StalePage {
        shell: Shell::new(ctx, w.t("stale-title"))
            .crumb(typed.view.bundle.name().get(ctx.lang), home(&typed.view)),
        w,
        path: format!("/drafts/{}/{section}", typed.view.matter),
        rev: typed.view.rev,
        mine: rows(&typed.answers),
        theirs: rows(&typed.view.answers),
        pairs: sent.fields().iter().filter(own).cloned().collect(),
        saved: format::moment(ctx.lang, typed.view.saved_at),
    };
    Ok(page::render_with(StatusCode::CONFLICT, &page))
}

/// What the page's script is told: which fields show and must be answered, what is wrong, and that it is saved.
pub(super) async fn autosave(
    State(room): State<Room>,
    Path((matter, section)): Path<(String, String)>,
    ctx: Ctx,
    who: Applicant,
    sent: Submitted,
) -> Result<Response, page::Problem> {
    let id: MatterId = from_path(&matter)?;
    let typed = typed(&room, &who, id, &section, &sent).await?;
    let done = store_draft(&room, &who, ctx.lang, id, &typed).await?;
    let plan = typed.view.plan_for(&typed.answers, ctx.now);
    let evaluation = evaluation(&typed.view, &typed.answers, &plan, ctx.now);
    let here = typed.view.bundle.form().section(&section).ok_or_else(Refusal::not_found)?;
    let said = |e: &FieldError| json!({"field": e.field, "say": e.say.get(ctx.lang)});
    let errors: Vec<Value> = typed
        .errors
        .iter()
        .chain(evaluation.wrong().filter(|e| in_section(here, &e.field)))
        .map(said)
        .collect();
    let reply = json!({
        "show": evaluation.show,
        "require": evaluation.require,
        "errors": errors,
        "saved": saved(WORDS.say(ctx.lang), done.saved_at),
        "rev": done.rev,
    });
    Ok(axum::Json(reply).into_response())
}

/// The key under which a draft is filed: handing in twice is handing in once.
pub(super) fn filing_key(matter: MatterId) -> String {
    format!("matter:{matter}")
}

/// Where to look at what a draft has become, if it has been filed: the one case, or the matter.
pub(super) async fn filed_at(room: &Room, who: &Applicant, matter: MatterId) -> Outcome<Option<String>> {
    verbs::where_filed(&room.house, who, matter).await
}
