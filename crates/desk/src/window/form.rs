//! `/desk/window/{visit}/form`: everything on one page — what is asked, kept papers to tick, originals compared — and the button that hands
//! it in. What is wrong stands at its field, and what was typed stays.

use super::fill::{self, Tick};
use super::{attach, behalf, cards, hand_in, missing, save, ticket, visit};
use crate::store::Visit;
use crate::{Room, WORDS};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use cases::DraftView;
use hall::verbs::Noticed;
use identity::Clerk;
use kernel::{Failure, FieldError, Lang, Outcome, Refusal, Text};
use page::{Answer, Ctx, FormState, Html, Say, Shell, Submitted, format};
use serde_json::json;
use std::collections::BTreeMap;

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
    /// For whom it is, and who came for them; empty when they came themselves.
    name: String,
    agent: String,
    whom: String,
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
    others: Vec<Other>,
    /// Whether several papers are still missing: they may be chosen at once.
    several: bool,
    /// The situations that registers answered: the question, and which registers.
    told: Vec<(String, String)>,
    /// From when on a card on the reader is this page's, in microseconds; `None` without a reader.
    reads: Option<i64>,
    /// The ticket in hand.
    ticket: Option<String>,
    /// The notice they got for the same before, and when.
    before: Option<(String, String)>,
    back: String,
}

/// Who else may confirm here.
struct Other {
    role: String,
    field: String,
    name: String,
    /// The name on the card that the reader told.
    read: String,
}

pub(super) async fn get(State(room): State<Room>, Path(id): Path<String>, ctx: Ctx, who: Clerk) -> Answer {
    let mut visit = visit(&room, &who, &id).await?;
    if let Some(elsewhere) = elsewhere(&room, &who, &visit).await? {
        return Ok(page::see_other(elsewhere));
    }
    let view = fill::open(&room, &who, &mut visit).await?;
    let page = Page { room: &room, ctx: &ctx, who: &who };
    page.of(&visit, &view, (Vec::new(), false), StatusCode::OK).await
}

/// Where one belongs when there is no form to fill in: nothing was chosen yet, it is handed in, or they may not act for whom it was.
pub(super) async fn elsewhere(room: &Room, who: &Clerk, visit: &Visit) -> Outcome<Option<String>> {
    let said = &visit.said;
    if !said.filed.is_empty() {
        return Ok(Some(format!("/desk/window/{}/receipt", visit.id)));
    }
    let nothing = said.theme.is_none() && said.items.is_empty();
    let nothing = nothing || behalf::ended(room, who, visit).await?;
    Ok(nothing.then(|| format!("/desk/window/{}", visit.id)))
}

fn page_of(
    ctx: &Ctx,
    visit: &Visit,
    view: &DraftView,
    (errors, changed): (Vec<FieldError>, bool),
    beside: Beside,
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
    let others = others(view, said, lang);
    let mut form = beside_form(said);
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
        name: said.for_whom().to_owned(),
        agent: if said.behalf.is_empty() { String::new() } else { said.name.clone() },
        whom: behalf::word(said.whom),
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
        several: attach::missing(view) > 1,
        told: answered(view, ctx.now, lang),
        reads: beside.reads,
        ticket: beside.ticket,
        before: beside.before.map(|n| (n.number, format::moment(lang, n.at))),
        back: place,
        form: {
            form.errors = errors;
            form
        },
    };
    Ok(page::render_with(status, &page))
}

/// What stands beside the form, as it was typed.
fn beside_form(said: &super::Said) -> FormState {
    let form = FormState::new()
        .with("present_ground", said.present_ground.as_str())
        .with("present_paper", said.present_paper.as_str())
        .with("late_at", said.late_at.as_str())
        .with("late_reason", said.late_reason.as_str())
        .with("late_evidence", said.late_evidence.as_str());
    said.present
        .iter()
        .fold(form, |form, (role, number)| form.with(format!("present.{role}"), number.as_str()))
}

/// Who else may confirm here, with whose card was read.
fn others(view: &DraftView, said: &super::Said, lang: Lang) -> Vec<Other> {
    let one = |(role, name): (String, Text)| Other {
        field: format!("present.{role}"),
        name: name.get(lang).to_owned(),
        read: said.name_on_card(&role).unwrap_or_default().to_owned(),
        role,
    };
    cases::window_others(view).into_iter().map(one).collect()
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
    // What was answered just now decides which papers several files are for.
    visit.said.answers = answers.clone();
    let view = if sent.files().is_empty() { before } else { fill::open(room, who, visit).await? };
    errors.extend(attach::attach(room, who, &view, sent, &mut answers).await?);
    let changed = sent.get("rev").parse() != Ok(visit.rev);
    visit.said.answers = answers;
    fill::beside(sent, &mut visit.said);
    visit.rev = save(room, who, visit).await?;
    Ok((errors, changed))
}

/// What a sent form asks for besides handing in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wish {
    /// The rows of a group, a file taken away, a picture: shown again.
    Stay,
    /// The sheet that is printed and signed before it is handed in.
    Sheet,
    HandIn,
}

fn wish(sent: &Submitted) -> Wish {
    if ["_add", "_remove", "_scan", "_card"].iter().any(|name| sent.has(name)) {
        Wish::Stay
    } else if sent.has("_sheet") {
        Wish::Sheet
    } else {
        Wish::HandIn
    }
}

pub(super) async fn post(
    State(room): State<Room>,
    Path(id): Path<String>,
    ctx: Ctx,
    who: Clerk,
    sent: Submitted,
) -> Answer {
    let mut visit = visit(&room, &who, &id).await?;
    if let Some(elsewhere) = elsewhere(&room, &who, &visit).await? {
        return Ok(page::see_other(elsewhere));
    }
    // A page that was opened for somebody else: what stands there is theirs.
    if !behalf::same(&visit, &sent) {
        return Ok(page::see_other(format!("/desk/window/{id}/form")));
    }
    let opened = visit.rev;
    let (mut errors, changed) = taken(&room, &who, &mut visit, &sent).await?;
    if sent.has("_card") {
        errors.extend(cards::another(&room, &who, &mut visit, &sent, ctx.lang).await?);
    }
    if sent.has("_scan") && errors.iter().all(|e| sent.files().iter().all(|f| f.field != e.field)) {
        return Ok(page::see_other(format!("/desk/window/{id}/scan/{}", sent.get("_scan"))));
    }
    let wish = wish(&sent);
    let view = fill::learn(&room, &who, &mut visit).await?;
    let page = Page { room: &room, ctx: &ctx, who: &who };
    if wish == Wish::Stay {
        return page.of(&visit, &view, (errors, false), StatusCode::OK).await;
    }
    // A page that another one has overtaken: nothing is handed in.
    if changed && opened > 1 && sent.has("rev") {
        return page.of(&visit, &view, (errors, true), StatusCode::CONFLICT).await;
    }
    hand_in::wrong(&ctx, &visit, &view, wish == Wish::Sheet, &mut errors);
    if !errors.is_empty() {
        return page.of(&visit, &view, (errors, false), StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    if wish == Wish::Sheet {
        return Ok(page::see_other(format!("/desk/window/{id}/sheet?print")));
    }
    page.hand_in(visit, view).await
}

/// Who asks for the page, in which language.
pub(super) struct Page<'a> {
    pub(super) room: &'a Room,
    pub(super) ctx: &'a Ctx,
    pub(super) who: &'a Clerk,
}

impl Page<'_> {
    /// Hands in what the visit says; what is refused is told on the form.
    pub(super) async fn hand_in(&self, mut visit: Visit, view: DraftView) -> Answer {
        let (room, who, id) = (self.room, self.who, visit.id);
        match hand_in::hand_in(room, self.ctx, who, &visit, &view).await {
            Ok(filed) => {
                hand_in::receive(room, who, &mut visit, &view, &filed).await?;
                Ok(page::see_other(format!("/desk/window/{id}/receipt?print")))
            }
            Err(Failure::Refused(no)) if hand_in::is_told(&no) => {
                let view = hand_in::ask_for(room, who, &mut visit, view, &no).await?;
                let errors = hand_in::told(&no);
                self.of(&visit, &view, (errors, false), StatusCode::UNPROCESSABLE_ENTITY).await
            }
            Err(other) => Err(other.into()),
        }
    }

    /// Hands in what was signed on the sheet; what is still wrong stands on the form.
    pub(super) async fn signed(&self, visit: Visit, view: DraftView) -> Answer {
        let mut errors = Vec::new();
        hand_in::wrong(self.ctx, &visit, &view, false, &mut errors);
        if errors.is_empty() {
            return self.hand_in(visit, view).await;
        }
        self.of(&visit, &view, (errors, false), StatusCode::UNPROCESSABLE_ENTITY).await
    }

    async fn of(
        &self,
        visit: &Visit,
        view: &DraftView,
        what: (Vec<FieldError>, bool),
        status: StatusCode,
    ) -> Answer {
        let beside = Beside {
            reads: super::reads(self.room, self.ctx, self.who).await?,
            ticket: ticket::in_hand(self.room, self.who, &visit.said).await?.map(|hand| hand.number),
            before: missing::before(self.room, self.ctx, self.who, visit).await?,
        };
        page_of(self.ctx, visit, view, what, beside, status)
    }
}

/// What the hall knows of a visit.
struct Beside {
    /// From when on a card on the reader is this page's.
    reads: Option<i64>,
    /// The ticket in hand.
    ticket: Option<String>,
    /// The notice they got for the same before.
    before: Option<Noticed>,
}

/// What registers and the register of persons answered that the page does not show yet.
fn told(view: &DraftView, sent: &Submitted) -> BTreeMap<String, String> {
    let choice = |f: &&forms::Field| f.kind() == forms::FieldType::Choice;
    let text =
        |f: &forms::Field| view.answers.get(&f.id).and_then(|v| v.as_str()).unwrap_or_default().to_owned();
    let fields = view.bundle.form().fields().filter(|f| !f.secret);
    // A choice may have changed or gone with what the registers were asked about; of what is typed, only what is empty is filled.
    let fresh = fields.filter(|f| {
        let (now, before) = (text(f), sent.get(&f.id));
        now != before && (before.is_empty() || choice(f))
    });
    fresh.map(|f| (f.id.clone(), text(f))).collect()
}

/// The situations that registers answered: the question, and which registers.
fn answered(view: &DraftView, now: kernel::Timestamp, lang: Lang) -> Vec<(String, String)> {
    let told = cases::window_told(view, now);
    let asked = view.plan.situations.keys().filter_map(|id| view.bundle.form().field(id));
    let line =
        |f: &forms::Field| Some((f.label.get(lang).to_owned(), told.get(&f.id)?.source.get(lang).to_owned()));
    asked.filter_map(line).collect()
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
    if elsewhere(&room, &who, &visit).await?.is_some() || !behalf::same(&visit, &sent) {
        return Err(Refusal::not_found().into());
    }
    let (mut errors, _) = taken(&room, &who, &mut visit, &sent).await?;
    let view = fill::learn(&room, &who, &mut visit).await?;
    let evaluation = cases::window_evaluation(&view, ctx.now);
    errors.extend(evaluation.wrong().cloned());
    let said = |e: &FieldError| json!({"field": e.field, "say": e.say.get(ctx.lang)});
    let at = format::time(ctx.now);
    Ok(axum::Json(json!({
        "show": evaluation.show,
        "require": evaluation.require,
        "fill": told(&view, &sent),
        "errors": errors.iter().map(said).collect::<Vec<_>>(),
        "saved": WORDS.say(ctx.lang).with("window-saved", &[("at", at)]),
        "rev": visit.rev,
    }))
    .into_response())
}
