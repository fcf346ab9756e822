//! `/cases/{number}`: where it stands, who holds it, until when and why; papers, certificates and every act of its trace.

use super::beside::Looking;
use super::{Room, from_path, number};
use crate::event::CaseEvent;
use crate::model::*;
use crate::queries::{CaseView, trace_of, view};
use crate::scope::Scope;
use crate::show::{self, ActLine, Names, PaperLine, PartyLine, ReceivedLine, TermLine};
use crate::{WORDS, verbs};
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use identity::Applicant;
use kernel::{Fault, FileId, Lang, Outcome, Refusal};
use page::{Answer, Ctx, Html, Problem, Say, Shell, TimelineEntry, format};

/// The part of the page that changes while one looks at it; also sent by `live`.
#[derive(askama::Template)]
#[template(path = "progress-live.html")]
pub(super) struct LivePart {
    w: Say,
    badge: Html,
    holder: Option<String>,
    absent: bool,
    supplement: Option<Supplement>,
    refused: Option<(String, Vec<String>)>,
    timeline: Vec<TimelineEntry>,
    terms: Vec<TermLine>,
    certificates: Vec<CertificateId>,
    beside: Vec<Beside>,
}

/// Something beside the plain way that the applicant should know now.
pub(super) struct Beside {
    pub kind: &'static str,
    pub title: String,
    pub text: Vec<String>,
    /// What to do about it: address and words.
    pub link: Option<(String, String)>,
}

struct Supplement {
    href: String,
    demands: Vec<(String, String)>,
}

#[derive(askama::Template)]
#[template(path = "progress.html")]
struct ProgressPage {
    shell: Shell,
    w: Say,
    number: String,
    item_name: String,
    item_key: String,
    /// The matter, when it has more cases than this.
    matter: Option<String>,
    filed_at: String,
    /// Where it was handed in, when that was in another place.
    received: Option<ReceivedLine>,
    parties: Vec<PartyLine>,
    /// What was confirmed at a window: by whom, how, and the signed paper.
    witnessed: Vec<(String, String, Option<FileId>)>,
    live: LivePart,
    running: bool,
    can_withdraw: bool,
    answers: Vec<(String, String)>,
    papers: Vec<PaperLine>,
    acts: Vec<ActLine>,
    notices: Vec<(String, String)>,
    deeds: Vec<(&'static str, String)>,
    took: Option<String>,
    unread: usize,
}

/// The changing part of a case's page.
pub(super) fn live_part(ctx: &Ctx, view: &CaseView, names: &Names, by: &Looking<'_>) -> LivePart {
    let (lang, w, case) = (ctx.lang, WORDS.say(ctx.lang), &view.case);
    let supplement = match &case.state {
        CaseState::Supplement { demands, .. } => Some(Supplement {
            href: format!("/cases/{}/supplement", case.number),
            demands: crate::supply::lines(view, demands, ctx.lang),
        }),
        _ => None,
    };
    let refused = match case.state.decision() {
        Some(Decision::Refused { reason, remedies }) => {
            Some((reason.get(lang).to_owned(), remedies.iter().map(|r| r.get(lang).to_owned()).collect()))
        }
        _ => None,
    };
    LivePart {
        w,
        badge: show::badge(&view.row.state, view.row.outcome.as_deref(), lang),
        holder: view.row.holder.as_ref().map(|a| names.of(a, lang)),
        absent: case.unanswered() && view.row.running,
        supplement,
        refused,
        timeline: show::timeline(view, names, lang),
        terms: show::terms(view, ctx.now, lang),
        certificates: case.certificates.clone(),
        beside: super::beside::all(view, by, lang, w),
    }
}

pub(super) async fn get(
    State(room): State<Room>,
    Path(text): Path<String>,
    ctx: Ctx,
    who: Applicant,
) -> Answer {
    let store = &room.house.ground.store;
    let view = view(store, &number(&text)?, &Scope::from(&who)).await?;
    let names = Names::load(store).await?;
    let (lang, w, case) = (ctx.lang, WORDS.say(ctx.lang), &view.case);
    let rows = forms::summary_rows(&view.item.item.form, &case.answers, lang);
    let item_name = view.item.item.name.get(lang).to_owned();
    let by = Looking { who: who.subject(), now: ctx.now, calendar: &room.house.calendar };
    let page = ProgressPage {
        shell: Shell::new(&ctx, item_name.clone()).crumb(w.t("my-space"), "/space"),
        w,
        number: case.number.to_string(),
        item_name,
        item_key: case.item_key.clone(),
        matter: matter(store, &who, case).await?,
        filed_at: format::moment(lang, case.filed_at),
        received: show::received(&view, &names, lang),
        parties: show::parties(&view, &who, lang),
        witnessed: witnessed(&view, &names, &who, lang),
        live: live_part(&ctx, &view, &names, &by),
        running: view.row.running,
        can_withdraw: case.state.works() || matches!(case.state, CaseState::Supplement { .. }),
        answers: rows.into_iter().map(|(label, value, _)| (label, value)).collect(),
        papers: show::papers(&view, lang),
        acts: show::acts(&view, &names, lang),
        notices: notices(store, case, lang).await?,
        deeds: super::acts::open(&view, &who, ctx.now, w),
        took: took(store, &view, &ctx).await?,
        unread: unread(store, &who, case).await?,
    };
    Ok(page::render(&page))
}

/// What parties confirmed at a window.
fn witnessed(
    view: &CaseView,
    names: &Names,
    who: &Applicant,
    lang: Lang,
) -> Vec<(String, String, Option<FileId>)> {
    let line = |line: show::WitnessLine| {
        let party = view.case.parties.iter().find(|p| p.subject == line.subject)?;
        Some((show::party(view, party, who, lang).1, line.text, line.paper))
    };
    show::witnessed(view, names, lang).into_iter().filter_map(line).collect()
}

/// The address of the matter, when the case is one of several.
async fn matter(store: &store::Store, who: &Applicant, case: &Case) -> Result<Option<String>, Fault> {
    let cases = crate::store::of_matter(store, case.matter, &Scope::from(who)).await?;
    Ok((cases.len() > 1).then(|| format!("/matters/{}", case.matter)))
}

/// The notices of the case: address and name with number and date.
async fn notices(store: &store::Store, case: &Case, lang: Lang) -> Result<Vec<(String, String)>, Fault> {
    let all = procedure::notices(store, &verbs::subject_of(case.id).to_string()).await?;
    let line = |n: procedure::NoticeLine| {
        let name = format!("{} {} · {}", n.name.get(lang), n.number, format::moment(lang, n.at));
        (format!("/cases/{}/notices/{}", case.number, n.id), name)
    };
    Ok(all.into_iter().map(line).collect())
}

/// How long others like it took, while this one runs.
async fn took(store: &store::Store, view: &CaseView, ctx: &Ctx) -> Result<Option<String>, Fault> {
    if !view.row.running {
        return Ok(None);
    }
    let w = WORDS.say(ctx.lang);
    let took = crate::queries::took(store, &view.case.item_key, ctx.now).await?;
    Ok(took.and_then(|t| {
        let (half, most) = (super::beside::span(t.median?, w), super::beside::span(t.p90?, w));
        Some(w.with("took", &[("half", half), ("most", most), ("n", t.decided.to_string())]))
    }))
}

/// How many messages of staff the applicant has not read.
async fn unread(store: &store::Store, who: &Applicant, case: &Case) -> Outcome<usize> {
    let said = verbs::talk(store, who, &case.number, 0).await?;
    Ok(said.iter().filter(|row| row.staff && !row.read).count())
}

/// The trace as JSON lines, to be checked by anybody with `yimen verify`.
pub(super) async fn trace(
    State(room): State<Room>,
    Path(text): Path<String>,
    who: Applicant,
) -> Result<Response, Problem> {
    let store = &room.house.ground.store;
    let number = number(&text)?;
    let lines = trace_of(store, &number, &Scope::from(&who)).await?;
    let name = format!("attachment; filename=\"{}.trace.jsonl\"", number);
    let headers = [
        (header::CONTENT_TYPE, "application/x-ndjson; charset=utf-8"),
        (header::CONTENT_DISPOSITION, name.as_str()),
    ];
    Ok((headers, lines).into_response())
}

/// One's own upload again.
pub(super) async fn file(
    State(room): State<Room>,
    Path((text, file)): Path<(String, String)>,
    who: Applicant,
) -> Result<Response, Problem> {
    let file: FileId = from_path(&file)?;
    let view = view(&room.house.ground.store, &number(&text)?, &Scope::from(&who)).await?;
    Ok(send_file(&room.house.ground.store, &view, file).await?)
}

/// A file of the case for showing; a file that is not of this case is not there.
///
/// # Errors
/// Not found, or a fault when the file cannot be read.
pub async fn send_file(store: &store::Store, view: &CaseView, file: FileId) -> Outcome<Response> {
    let signed = |e: &CaseEvent| e.witness().is_some_and(|w| w.paper == Some(file));
    let given = view.case.materials.iter().any(|m| m.given.file() == Some(file))
        || view.events.iter().any(|e| signed(&e.event));
    let proof = view.case.parties.iter().any(|p| p.proof == Some(file));
    if !given && !proof && !verbs::files_in(&view.case.answers).contains(&file) {
        return Err(Refusal::not_found().into());
    }
    let (info, bytes) = store::files::read(store, file).await?;
    let name = format!("inline; filename=\"{file}.{}\"", info.kind.extension());
    let headers = [
        (header::CONTENT_TYPE, info.kind.mime()),
        (header::CONTENT_DISPOSITION, name.as_str()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CACHE_CONTROL, "private, no-store"),
    ];
    Ok((headers, bytes).into_response())
}
