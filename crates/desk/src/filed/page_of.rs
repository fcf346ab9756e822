//! One case as the windows where it was filed see it: how it stands, whose turn it is, what was told and how it was served, what is still
//! asked for, its results and its parcels; and what can be done here with whoever stands there.

use crate::window::query_code;
use crate::{Room, WORDS, supplement::At};
use ::store::Store;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use cases::model::{CaseState, Issued, PRECHECK, StepState};
use cases::show::{self, Names};
use cases::{CaseView, supply};
use identity::Clerk;
use kernel::{Lang, Outcome, SubjectId, Text};
use page::{Answer, Ctx, FormState, Html, Say, Shell, format};
use procedure::{NoticeKind, TermKind};

/// A step: what it is called, with whom it lies, and where it stands.
struct StepLine {
    title: String,
    agency: String,
    state: Html,
    at: String,
}

/// A notice, and what became of its service.
struct NoticeShown {
    name: String,
    number: String,
    href: String,
    at: String,
    served: Vec<String>,
}

/// A certificate or a parcel.
struct ThingLine {
    title: String,
    href: String,
    notes: Vec<String>,
    state: Html,
}

#[derive(askama::Template)]
#[template(path = "filed-case.html")]
pub(super) struct CasePage {
    shell: Shell,
    w: Say,
    form: FormState,
    at: String,
    number: String,
    code: String,
    badge: Html,
    parties: String,
    agency: String,
    holder: String,
    filed: String,
    due: String,
    /// What is asked for, and until when.
    demands: Vec<(String, String)>,
    demanded_until: String,
    steps: Vec<StepLine>,
    notices: Vec<NoticeShown>,
    /// What may be handed over, by the notice's id.
    hand: Vec<(String, String)>,
    certificates: Vec<ThingLine>,
    /// Those that can be printed, by id.
    print: Vec<(String, String)>,
    parcels: Vec<ThingLine>,
    /// Whether something waits to be collected.
    collects: bool,
    done: String,
}

pub(super) async fn get(
    State(room): State<Room>,
    Path(number): Path<String>,
    ctx: Ctx,
    clerk: Clerk,
) -> Answer {
    shown(&room, &ctx, &clerk, &number, (FormState::new(), StatusCode::OK)).await
}

/// The page, with what was typed and what was wrong with it.
pub(super) async fn shown(
    room: &Room,
    ctx: &Ctx,
    clerk: &Clerk,
    number: &str,
    (form, status): (FormState, StatusCode),
) -> Answer {
    let view = super::opened(room, clerk, number, ("accept", "case")).await?;
    let page = page_of(room, ctx, clerk, &view, form).await?;
    Ok(page::render_with(status, &page))
}

async fn page_of(
    room: &Room,
    ctx: &Ctx,
    clerk: &Clerk,
    view: &CaseView,
    form: FormState,
) -> Outcome<CasePage> {
    let (store, lang, w, row) = (&room.house.ground.store, ctx.lang, WORDS.say(ctx.lang), &view.row);
    let names = Names::load(store).await?;
    let number = row.number.to_string();
    let parcels = delivery::verbs::of_matter(store, clerk, &row.matter.to_string()).await?;
    let made = certificates::for_case(store, &number).await?;
    let valid = |c: &&certificates::Certificate| c.state(ctx.now) == certificates::State::Valid;
    let holder = match (&row.holder, row.running) {
        (Some(agency), true) => names.of(agency, lang),
        (None, true) => w.t("with-applicant").into_owned(),
        (_, false) => String::new(),
    };
    Ok(CasePage {
        shell: Shell::new(ctx, row.item_name.get(lang)).desk().crumb(w.t("filed-title"), "/desk/filed"),
        at: At::Filed.page(&row.number),
        code: query_code(store, &row.number),
        badge: show::badge(&row.state, row.outcome.as_deref(), lang),
        parties: parties(view, lang),
        agency: names.of(&row.agency, lang),
        holder,
        filed: format::moment(lang, row.filed_at),
        due: row.due_at.filter(|_| row.running).map(|due| format::moment(lang, due)).unwrap_or_default(),
        demands: demands(view, lang),
        demanded_until: demanded_until(view, w),
        steps: steps(view, &names, w),
        notices: notices(store, view, w).await?,
        hand: to_hand_over(view, lang),
        certificates: made.iter().map(|c| certificate(c, ctx)).collect(),
        print: made
            .iter()
            .filter(valid)
            .map(|c| (c.id.to_string(), named(&c.name, &c.identifier, lang)))
            .collect(),
        collects: parcels.iter().any(|p| waits(p.state)),
        parcels: parcels.iter().map(|p| parcel(p, w)).collect(),
        done: done(&ctx.query, w),
        number,
        w,
        form,
    })
}

fn waits(state: delivery::State) -> bool {
    matches!(state, delivery::State::Collectable | delivery::State::Lapsed)
}

/// What was just done, in a word above the page.
fn done(query: &str, w: Say) -> String {
    let done = query.split('&').find_map(|pair| pair.strip_prefix("done=")).unwrap_or_default();
    match done {
        "for_party" => w.t("filed-done-supplied").into_owned(),
        "handed" => w.t("filed-done-handed").into_owned(),
        _ => String::new(),
    }
}

fn parties(view: &CaseView, lang: Lang) -> String {
    let name = |p: &cases::Party| match p.subject {
        SubjectId::Person(_) => format::mask_name(&p.name),
        SubjectId::Organisation(_) => p.name.clone(),
    };
    let all: Vec<String> = view.case.parties.iter().map(name).collect();
    all.join(if lang == Lang::ZhCn { "、" } else { ", " })
}

fn demands(view: &CaseView, lang: Lang) -> Vec<(String, String)> {
    match &view.case.state {
        CaseState::Supplement { demands, .. } => supply::lines(view, demands, lang),
        _ => Vec::new(),
    }
}

/// Until when it is to be supplied; while the notice is on its way, that the time begins with it.
fn demanded_until(view: &CaseView, w: Say) -> String {
    let Some(term) = view.case.running(&TermKind::Supplement) else { return String::new() };
    if view.case.unserved().any(|(i, _)| i.kind == NoticeKind::Supplement) {
        return w.with("filed-until-served", &[("term", term.term.text().get(w.lang).to_owned())]);
    }
    w.with("filed-until", &[("until", show::until(term, w.lang))])
}

fn steps(view: &CaseView, names: &Names, w: Say) -> Vec<StepLine> {
    let title = |id: &str| {
        let spec = view.item.item.process.iter().find(|s| s.id == id);
        let named = spec.map(|s| s.title.clone());
        let precheck = || (id == PRECHECK).then(|| Text::new("预审", "Pre-check"));
        named.or_else(precheck).unwrap_or_else(|| Text::same(id)).get(w.lang).to_owned()
    };
    let mut lines = Vec::new();
    for step in view.case.steps.iter().filter(|s| s.state != StepState::Skipped) {
        let mut agencies: Vec<String> = step.seats().iter().map(|s| names.of(&s.agency, w.lang)).collect();
        agencies.dedup();
        let (kind, word, at) = match &step.state {
            StepState::Open { since, .. } => ("info", w.t("filed-step-open"), Some(*since)),
            StepState::Passed { at, .. } => ("good", w.t("filed-step-done"), Some(*at)),
            StepState::Failed { at, .. } => ("neutral", w.t("filed-step-done"), Some(*at)),
            _ => ("neutral", w.t("filed-step-waits"), None),
        };
        lines.push(StepLine {
            title: title(&step.id),
            agency: agencies.join(" · "),
            state: page::badge(kind, &word),
            at: at.map(|at| format::moment(w.lang, at)).unwrap_or_default(),
        });
    }
    lines
}

/// Every notice to the parties, the first first, each with how it was served; proofs of service are printed with what they prove.
async fn notices(store: &Store, view: &CaseView, w: Say) -> Outcome<Vec<NoticeShown>> {
    let subject = format!("case:{}", view.row.id);
    let services = procedure::services(store, &subject).await?;
    let mut all = Vec::new();
    for line in procedure::notices(store, &subject).await? {
        if line.kind == NoticeKind::Service || !super::own(view, line.id) {
            continue;
        }
        let of_it = services.iter().filter(|s| s.notice == line.id);
        let said = |s: &procedure::Service| {
            let (name, at) = (format::mask_name(&s.recipient_name), format::moment(w.lang, s.effective_at));
            w.with(
                "filed-served",
                &[("way", s.way.name().get(w.lang).to_owned()), ("name", name), ("at", at)],
            )
        };
        let served: Vec<String> = of_it.map(said).collect();
        let waits = view.case.recipients().into_iter().any(|p| to_bring(view, p.subject, line.id));
        let still = waits.then(|| w.t("filed-unserved").into_owned());
        all.push(NoticeShown {
            name: line.name.get(w.lang).to_owned(),
            number: line.number.clone(),
            href: format!("/desk/filed/{}/notices/{}", view.row.number, line.id),
            at: format::moment(w.lang, line.at),
            served: served.into_iter().chain(still).collect(),
        });
    }
    Ok(all)
}

/// Whether a notice is still to be brought to a party.
fn to_bring(view: &CaseView, party: SubjectId, notice: procedure::NoticeId) -> bool {
    let unserved = view.case.unserved().any(|(i, p)| i.notice == notice && p.subject == party);
    unserved || view.case.to_post(party).iter().any(|i| i.notice == notice)
}

fn named(name: &Text, number: &str, lang: Lang) -> String {
    format!("{} · {number}", name.get(lang))
}

/// What may be handed over here: every notice that waits to be brought to somebody.
fn to_hand_over(view: &CaseView, lang: Lang) -> Vec<(String, String)> {
    let waits = |i: &&Issued| view.case.recipients().iter().any(|p| to_bring(view, p.subject, i.notice));
    let all = view.case.notices.iter().filter(waits);
    all.map(|i| (i.notice.to_string(), named(&i.kind.name(view.case.frame), &i.number, lang))).collect()
}

fn certificate(made: &certificates::Certificate, ctx: &Ctx) -> ThingLine {
    let state = made.state(ctx.now);
    // The case's words tell what became of a certificate that was relied on: there, valid is valid once more.
    let (kind, word) = match state {
        certificates::State::Valid => ("good", WORDS.say(ctx.lang).t("filed-in-force").into_owned()),
        other => ("neutral", cases::show::certificate_state(other.word()).get(ctx.lang).to_owned()),
    };
    ThingLine {
        title: made.name.get(ctx.lang).to_owned(),
        href: String::new(),
        notes: vec![made.identifier.clone()],
        state: page::badge(kind, &word),
    }
}

fn parcel(row: &delivery::ParcelRow, w: Say) -> ThingLine {
    let title = w.t(if row.letter { "filed-letter" } else { "filed-parcel" }).into_owned();
    let since = w.with("filed-since", &[("at", format::moment(w.lang, row.since))]);
    ThingLine {
        title,
        href: format!("/desk/parcels/{}", row.id),
        notes: vec![row.number.clone(), format::mask_name(&row.recipient_name), since],
        state: delivery::state_badge(row.state, w.lang),
    }
}
