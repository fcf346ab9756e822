//! `/cases/{number}/acts/{verb}`: what a party does with a case under way, each on a page that says what follows.

use super::{Room, keep_file, number};
use crate::WORDS;
use crate::labels;
use crate::model::*;
use crate::queries::{CaseView, view};
use crate::rules::facts_of;
use crate::scope::Scope;
use crate::verbs::{ApplicantAct, ask};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use identity::Applicant;
use kernel::{Failure, FileId, Lang, Outcome, Refusal, Timestamp};
use page::{Answer, Ctx, FormState, Say, Shell, Submitted};
use serde_json::Value;

/// The longest reason or claim.
const TEXT_MAX: usize = 2_000;

/// How an act is called, and what its form asks for.
struct Kind {
    /// The word in the address, and in the names of its texts.
    verb: &'static str,
    /// Whether a text is asked for, and whether it must be given.
    text: Option<bool>,
}

const KINDS: &[Kind] = &[
    Kind { verb: "confirm", text: None },
    Kind { verb: "request-hearing", text: None },
    Kind { verb: "waive-hearing", text: None },
    Kind { verb: "want-person", text: Some(false) },
    Kind { verb: "want-paper", text: None },
    Kind { verb: "dispute", text: Some(true) },
    Kind { verb: "keep-promise", text: None },
];

/// What can be done now, as links: word and text.
pub(super) fn open(view: &CaseView, who: &Applicant, now: Timestamp, w: Say) -> Vec<(&'static str, String)> {
    let (case, me) = (&view.case, Hearing::place(who.subject()));
    let can = |verb: &str| match verb {
        "confirm" => !case.state.ended() && unconfirmed(case, who),
        "request-hearing" => case.hearing.as_ref().is_some_and(|h| h.may_ask(&me, now)),
        "waive-hearing" => case.hearing.as_ref().is_some_and(|h| h.may_waive(&me, now)),
        "want-person" => wants_person(view),
        "want-paper" => !case.state.ended() && takes_part(case, who) && !case.wants_paper(who.subject()),
        "dispute" => !case.state.ended() && !case.facts.is_empty() && case.state.decision().is_none(),
        "keep-promise" => !case.state.ended() && case.promises.iter().any(Promise::open),
        _ => false,
    };
    let all = KINDS.iter().filter(|k| can(k.verb));
    all.map(|k| (k.verb, w.t(&format!("act-{}-title", k.verb)).into_owned())).collect()
}

fn unconfirmed(case: &Case, who: &Applicant) -> bool {
    case.parties.iter().any(|p| p.subject == who.subject() && p.confirmed_at.is_none())
}

fn takes_part(case: &Case, who: &Applicant) -> bool {
    case.parties.iter().any(|p| p.subject == who.subject() && p.confirmed_at.is_some())
}

/// A rule decided, or will; nobody has to put up with a decision by the program alone (个人信息保护法第二十四条).
fn wants_person(view: &CaseView) -> bool {
    let case = &view.case;
    let by_rule = |s: &Step| matches!(s.state, StepState::Failed { by: DoneBy::Rule { .. }, .. });
    let refused = case.state.decision().is_some_and(|d| !d.approved());
    !case.wants_person && (to_come(view) || refused && case.steps.iter().any(by_rule))
}

/// Whether the program has still to do a step of a case that runs: it waits for facts, or for its turn.
fn to_come(view: &CaseView) -> bool {
    let automatic = |s: &Step| {
        let spec = view.item.item.process.iter().find(|spec| spec.id == s.id);
        spec.is_some_and(|spec| spec.by == catalog::By::Automatic)
    };
    let waits = |s: &Step| matches!(s.state, StepState::Waiting | StepState::Held { .. });
    view.case.state.works() && view.case.steps.iter().any(|s| waits(s) && automatic(s))
}

#[derive(askama::Template)]
#[template(path = "act.html")]
struct ActPage {
    shell: Shell,
    w: Say,
    form: FormState,
    action: String,
    back: String,
    lead: String,
    text: Option<(String, bool)>,
    paths: Vec<(String, String)>,
    files: Vec<(String, String)>,
    confirms: bool,
    submit: String,
}

fn page_of(
    room: &Room,
    ctx: &Ctx,
    view: &CaseView,
    kind: &Kind,
    form: FormState,
    status: StatusCode,
) -> Answer {
    let (w, lang) = (WORDS.say(ctx.lang), ctx.lang);
    let t = |part: &str| w.t(&format!("act-{}-{part}", kind.verb)).into_owned();
    let number = &view.case.number;
    let back = format!("/cases/{number}");
    let page = ActPage {
        shell: Shell::new(ctx, t("title"))
            .crumb(w.t("my-space"), "/space")
            .crumb(view.item.item.name.get(lang), back.clone()),
        w,
        form,
        action: format!("/cases/{number}/acts/{}", kind.verb),
        back,
        // Before the decision the words are others: nothing has been reached by rule yet.
        lead: t(if kind.verb == "want-person" && to_come(view) { "early" } else { "lead" }),
        text: kind.text.map(|must| (t("text"), must)),
        paths: if kind.verb == "dispute" { paths(room, view, ctx) } else { Vec::new() },
        files: files(view, kind, w, lang),
        confirms: kind.verb == "confirm",
        submit: t("do"),
    };
    Ok(page::render_with(status, &page))
}

/// The entries of registers that were relied upon, as choices: each by its name, with what the register says.
fn paths(room: &Room, view: &CaseView, ctx: &Ctx) -> Vec<(String, String)> {
    let facts = facts_of(&view.case, ctx.now);
    let mut choices = Vec::new();
    for fact in view.case.facts.iter().filter(|f| room.sources.get(&f.source).is_some()) {
        let register = room.sources.get(&fact.source).map(|s| s.name().get(ctx.lang).to_owned());
        let register = register.unwrap_or_else(|| fact.source.clone());
        choices.push((fact.alias.clone(), register.clone()));
        for (path, value) in entries(&fact.alias, facts.get(&fact.alias).unwrap_or(&Value::Null), ctx.lang) {
            let entry = labels::entry(&view.item, &path, ctx.lang);
            let told = [("register", register.clone()), ("entry", entry), ("value", value)];
            choices.push((path, WORDS.say(ctx.lang).with("dispute-choice", &told)));
        }
    }
    choices
}

/// The plain entries of a record with their paths.
fn entries(path: &str, value: &Value, lang: Lang) -> Vec<(String, String)> {
    let Value::Object(fields) = value else { return Vec::new() };
    let plain = fields.iter().filter(|(_, v)| v.is_string() || v.is_number() || v.is_boolean());
    let entry = |(key, value): (&String, &Value)| {
        let path = format!("{path}.{key}");
        let value = labels::printed(&path, value, lang);
        (path, value)
    };
    plain.map(entry).collect()
}

/// The papers that can be handed in here: name of the field, and what it is.
fn files(view: &CaseView, kind: &Kind, w: Say, lang: Lang) -> Vec<(String, String)> {
    match kind.verb {
        "dispute" => vec![("proof".to_owned(), w.t("act-dispute-proof").into_owned())],
        "keep-promise" => {
            let open = view.case.promises.iter().filter(|p| p.open());
            open.map(|p| (format!("paper.{}", p.material), p.name.get(lang).to_owned())).collect()
        }
        _ => Vec::new(),
    }
}

fn kind(verb: &str) -> Outcome<&'static Kind> {
    KINDS.iter().find(|k| k.verb == verb).ok_or_else(|| Refusal::not_found().into())
}

pub(super) async fn get(
    State(room): State<Room>,
    Path((text, verb)): Path<(String, String)>,
    ctx: Ctx,
    who: Applicant,
) -> Answer {
    let kind = kind(&verb)?;
    let view = view(&room.house.ground.store, &number(&text)?, &Scope::from(&who)).await?;
    page_of(&room, &ctx, &view, kind, FormState::new(), StatusCode::OK)
}

pub(super) async fn post(
    State(room): State<Room>,
    Path((text, verb)): Path<(String, String)>,
    ctx: Ctx,
    who: Applicant,
    sent: Submitted,
) -> Answer {
    let (kind, number) = (kind(&verb)?, number(&text)?);
    let view = view(&room.house.ground.store, &number, &Scope::from(&who)).await?;
    let mut form = FormState::of(&sent);
    let kept = match keep(&room, &ctx, &who, &sent).await {
        Ok(kept) => kept,
        Err(Failure::Refused(refusal)) => {
            form.refuse(&refusal);
            return page_of(&room, &ctx, &view, kind, form, StatusCode::UNPROCESSABLE_ENTITY);
        }
        Err(fault) => return Err(fault.into()),
    };
    missing(kind, &sent, &kept, &mut form);
    if !form.ok() {
        return page_of(&room, &ctx, &view, kind, form, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let act = act(kind, &sent, &kept);
    let done = store::command!(room.house.ground, ctx.lang, who.actor_ref(), |cx| {
        ask(&mut cx, &room.house, &who, &number, act.clone(), None).await
    });
    match done {
        Ok(_) => Ok(page::see_other(format!("/cases/{number}"))),
        Err(Failure::Refused(refusal)) => {
            form.refuse(&refusal);
            page_of(&room, &ctx, &view, kind, form, StatusCode::UNPROCESSABLE_ENTITY)
        }
        Err(fault) => Err(fault.into()),
    }
}

/// Says at its field what the act cannot do without.
fn missing(kind: &Kind, sent: &Submitted, kept: &[(String, FileId)], form: &mut FormState) {
    if kind.verb == "dispute" && sent.get("path").is_empty() {
        form.fail("path", "请选择有误的那一条信息。", "Choose the entry that is wrong.");
    }
    if kind.text == Some(true) && sent.get("text").trim().is_empty() {
        form.fail("text", "请写明实际情况。", "Say what is so.");
    }
    if kind.verb == "keep-promise" && kept.is_empty() {
        form.fail("", "请至少上传一份承诺后补的材料。", "Upload at least one of the papers you promised.");
    }
}

/// Keeps what was uploaded: field and file.
async fn keep(room: &Room, ctx: &Ctx, who: &Applicant, sent: &Submitted) -> Outcome<Vec<(String, FileId)>> {
    let mut kept = Vec::new();
    for upload in sent.files().iter().filter(|u| !u.bytes.is_empty()) {
        kept.push((upload.field.clone(), keep_file(room, ctx.lang, who, upload).await?.id));
    }
    Ok(kept)
}

fn act(kind: &Kind, sent: &Submitted, kept: &[(String, FileId)]) -> ApplicantAct {
    let text: String = sent.get("text").chars().take(TEXT_MAX).collect();
    let said = Some(text.clone()).filter(|t| !t.trim().is_empty());
    match kind.verb {
        "confirm" => ApplicantAct::Confirm { paper: sent.get("paper") == "yes" },
        "request-hearing" => ApplicantAct::RequestHearing,
        "waive-hearing" => ApplicantAct::WaiveHearing,
        "want-person" => ApplicantAct::WantPerson { reason: said },
        "want-paper" => ApplicantAct::WantPaper,
        "dispute" => {
            let proof = kept.iter().find(|(field, _)| field == "proof").map(|(_, id)| *id);
            ApplicantAct::Dispute { path: sent.get("path").to_owned(), claim: text, proof }
        }
        _ => {
            let paper = |(field, id): &(String, FileId)| {
                let demand = field.strip_prefix("paper.")?.to_owned();
                Some(Material { demand, given: Given::File(*id) })
            };
            ApplicantAct::KeepPromise { materials: kept.iter().filter_map(paper).collect() }
        }
    }
}
