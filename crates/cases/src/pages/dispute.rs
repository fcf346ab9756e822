//! `/drafts/{matter}/dispute`: what is known and wrong is said there and then (现场纠错); the application goes on with what is said, a
//! person looks at it, and whoever keeps the register is asked to correct it.

use super::draft::home;
use super::fields::own;
use super::{Room, from_path, keep_file};
use crate::WORDS;
use crate::model::{Dispute, MatterId};
use crate::queries::{DraftView, draft_at};
use crate::verbs::{Change, save_with};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use identity::Applicant;
use kernel::Failure;
use page::{Answer, Ctx, FormState, Say, Shell, Submitted};

/// The longest claim.
const CLAIM_MAX: usize = 2_000;

#[derive(askama::Template)]
#[template(path = "dispute.html")]
struct DisputePage {
    shell: Shell,
    w: Say,
    form: FormState,
    action: String,
    back: String,
    /// Whether something was said a moment ago.
    done: bool,
    paths: Vec<(String, String)>,
    /// What was said before: the entry, its name, and what is so.
    said: Vec<(String, String, String)>,
}

/// What was said so far, each entry by its name.
fn said(view: &DraftView, ctx: &Ctx) -> Vec<(String, String, String)> {
    let name = |d: &Dispute| {
        let field = view.bundle.form().fields().find(|f| f.element.as_deref() == Some(d.path.as_str()));
        field.map_or_else(
            || crate::labels::entry(&view.item, &d.path, ctx.lang),
            |f| f.label.get(ctx.lang).to_owned(),
        )
    };
    view.disputes.iter().map(|d| (d.path.clone(), name(d), d.claim.clone())).collect()
}

/// What is known, as choices: the element, and what the register says.
fn paths(view: &DraftView, ctx: &Ctx) -> Vec<(String, String)> {
    let known = own(view);
    let mut paths: Vec<(String, String)> = Vec::new();
    for field in view.bundle.form().fields() {
        let (Some(element), Some(value)) = (&field.element, known.get(&field.id)) else { continue };
        let shown = forms::print_masked(field, &value.value, ctx.lang);
        if paths.iter().all(|(path, _)| path != element) {
            let told = [("entry", field.label.get(ctx.lang).to_owned()), ("claim", shown)];
            paths.push((element.clone(), WORDS.say(ctx.lang).with("dispute-line", &told)));
        }
    }
    paths
}

fn page_of(ctx: &Ctx, view: &DraftView, form: FormState, status: StatusCode) -> Answer {
    let w = WORDS.say(ctx.lang);
    let page = DisputePage {
        shell: Shell::new(ctx, w.t("dispute-title-draft"))
            .crumb(view.bundle.name().get(ctx.lang), home(view)),
        w,
        form,
        action: format!("/drafts/{}/dispute", view.matter),
        back: format!("/drafts/{}", view.matter),
        done: ctx.query.split('&').any(|q| q == "said=1"),
        paths: paths(view, ctx),
        said: said(view, ctx),
    };
    Ok(page::render_with(status, &page))
}

pub(super) async fn get(
    State(room): State<Room>,
    Path(matter): Path<String>,
    ctx: Ctx,
    who: Applicant,
) -> Answer {
    let view = draft_at(&room.house.ground.store, &who, from_path(&matter)?, Some(ctx.now)).await?;
    page_of(&ctx, &view, FormState::new(), StatusCode::OK)
}

pub(super) async fn post(
    State(room): State<Room>,
    Path(matter): Path<String>,
    ctx: Ctx,
    who: Applicant,
    sent: Submitted,
) -> Answer {
    let id: MatterId = from_path(&matter)?;
    let view = draft_at(&room.house.ground.store, &who, id, Some(ctx.now)).await?;
    if sent.has("undo") {
        return take_back(&room, &ctx, &who, &view, sent.get("undo")).await;
    }
    let mut form = FormState::of(&sent);
    let (path, claim) = (sent.get("path").to_owned(), sent.get("claim").trim().to_owned());
    if paths(&view, &ctx).iter().all(|(known, _)| *known != path) {
        form.fail("path", "请选择有误的那一条信息。", "Choose the entry that is wrong.");
    }
    if claim.is_empty() || claim.chars().count() > CLAIM_MAX {
        form.fail("claim", "请写明实际情况。", "Say what is so.");
    }
    if !form.errors.is_empty() {
        return page_of(&ctx, &view, form, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let mut proof = None;
    if let Some(upload) = sent.files().iter().find(|u| !u.bytes.is_empty()) {
        proof = Some(keep_file(&room, ctx.lang, &who, upload).await?.id);
    }
    let mut answers = view.answers.clone();
    // What is so takes the place of what was known, as far as the field can hold it.
    for field in view.bundle.form().fields().filter(|f| f.element.as_deref() == Some(path.as_str())) {
        match forms::value::parse(field, &claim) {
            Ok(Some(value)) => answers.insert(field.id.clone(), value),
            _ => answers.shift_remove(&field.id),
        };
    }
    let dispute = Dispute { path, claim, proof, at: ctx.now, settled: None };
    let change = Change { answers, dispute: Some(dispute), ..Change::default() };
    let done: Result<_, Failure> = store::command!(room.house.ground, ctx.lang, who.actor_ref(), |cx| {
        save_with(&mut cx, &who, id, change.clone(), view.rev).await
    });
    done?;
    Ok(page::see_other(format!("/drafts/{matter}/dispute?said=1")))
}

/// What was said about an entry is taken back: what the register says stands in its place again.
async fn take_back(room: &Room, ctx: &Ctx, who: &Applicant, view: &DraftView, path: &str) -> Answer {
    let mut answers = view.answers.clone();
    for field in view.bundle.form().fields().filter(|f| f.element.as_deref() == Some(path)) {
        match view.known.get(path) {
            Some(known) => answers.insert(field.id.clone(), known.clone()),
            None => answers.shift_remove(&field.id),
        };
    }
    let change = Change { answers, undisputed: Some(path.to_owned()), ..Change::default() };
    let (id, rev) = (view.matter, view.rev);
    let done: Result<_, Failure> = store::command!(room.house.ground, ctx.lang, who.actor_ref(), |cx| {
        save_with(&mut cx, who, id, change.clone(), rev).await
    });
    done?;
    Ok(page::see_other(format!("/drafts/{id}/dispute")))
}
