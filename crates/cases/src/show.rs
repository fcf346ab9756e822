//! A case told to people: its time line, its terms with their reckoning, its acts, and who holds it; used by the applicant's
//! pages and by the desk.

mod later;
mod party;
mod payment;
mod received;
mod witness;

pub use later::certificate_state;
pub use party::{PartyLine, parties, parties_for_staff, party, role};
pub use payment::{PayLine, payments};
pub use received::{ReceivedLine, received};
pub use witness::{WitnessLine, witnessed};

use crate::WORDS;
use crate::event::{CaseEvent, Heard, HearingOf};
use crate::model::*;
use crate::queries::CaseView;
use ::store::Store;
use kernel::{ActorKind, ActorRef, AgencyCode, Fault, Lang, SubjectId, Timestamp};
use page::{Html, TimelineEntry, format};
use procedure::{RunningTerm, TermKind, TermState};
use std::sync::Arc;

/// The names of agencies.
#[derive(Clone)]
pub struct Names(Arc<identity::Directory>);

impl Names {
    /// Reads the directory, which is kept until it changes.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn load(store: &Store) -> Result<Self, Fault> {
        Ok(Self(identity::directory(store).await?))
    }

    /// The name, with that of the body it succeeded where it did; the code of an agency that is not known.
    pub fn of(&self, code: &AgencyCode, lang: Lang) -> String {
        self.0.name(code, lang)
    }
}

/// A term as the page tells it.
#[derive(Debug, Clone)]
pub struct TermLine {
    /// What it is for.
    pub name: String,
    /// How long and until when: `5个工作日，至11月27日`.
    pub text: String,
    /// What it was told to be before it stood still or was extended; empty when it never moved.
    pub was: String,
    /// What became of it, as a badge.
    pub badge: Html,
    /// Whether it runs.
    pub runs: bool,
    /// By which law; empty when it is a promise.
    pub law: String,
    /// The reckoning, line by line.
    pub why: Vec<String>,
}

/// Every term of the case, those that run first.
pub fn terms(view: &CaseView, now: Timestamp, lang: Lang) -> Vec<TermLine> {
    let mut lines: Vec<TermLine> = view.case.terms.iter().map(|t| term(view, t, now, lang)).collect();
    lines.sort_by_key(|t| !t.runs);
    lines
}

/// One term.
pub fn term(view: &CaseView, t: &RunningTerm, now: Timestamp, lang: Lang) -> TermLine {
    let w = WORDS.say(lang);
    let (kind, word) = match t.state {
        TermState::Running if t.paused().is_some() => ("wait", w.t("term-paused").into_owned()),
        TermState::Running if t.passed(now) => ("bad", w.t("term-passed").into_owned()),
        TermState::Running => ("info", w.t("term-running").into_owned()),
        TermState::Met(_) => ("good", w.t("term-met").into_owned()),
        TermState::MetLate(_) => ("bad", w.t("term-met-late").into_owned()),
        TermState::Stopped(_) => ("neutral", w.t("term-stopped").into_owned()),
    };
    let mut text = until(t, lang);
    if t.due.provisional {
        text.push_str(&w.t("term-provisional"));
    }
    TermLine {
        name: term_name(view, &t.kind, lang),
        text,
        was: t.earlier.last().map(|due| format::date(lang, due.date)).unwrap_or_default(),
        badge: page::badge(kind, &word),
        runs: t.runs(),
        law: t.law.as_ref().map(|l| l.cite().get(lang).to_owned()).unwrap_or_default(),
        why: t.explain(lang),
    }
}

/// What a term is for; the step it belongs to stands before.
fn term_name(view: &CaseView, kind: &TermKind, lang: Lang) -> String {
    let name = kind.name().get(lang).to_owned();
    match kind {
        TermKind::Step(step) | TermKind::Publicity(step) => {
            format!("{} · {name}", step_title(view, step, lang))
        }
        _ => name,
    }
}

/// `5个工作日，至11月27日`; office hours name the time of day.
pub fn until(t: &RunningTerm, lang: Lang) -> String {
    let w = WORDS.say(lang);
    let hours = t.term.unit == kernel::TermUnit::OfficeHours;
    let end = if hours { format::moment(lang, t.due.at) } else { format::date(lang, t.due.date) };
    w.with("term-until", &[("term", t.term.text().get(lang).to_owned()), ("end", end)])
}

/// A state as a badge.
pub fn badge(state: &str, outcome: Option<&str>, lang: Lang) -> Html {
    let kind = match (state, outcome) {
        ("supplement", _) => "wait",
        ("not_accepted" | "revoked" | "lapsed" | "returned", _) | (_, Some("refused")) => "bad",
        ("suspended", _) => "wait",
        ("closed" | "delivered" | "certified" | "decided", _) => "good",
        ("withdrawn" | "forwarded" | "void", _) => "neutral",
        _ => "info",
    };
    let word = match (state, outcome) {
        ("closed", Some("refused")) => WORDS.say(lang).t("state-closed-refused").into_owned(),
        ("closed", Some("approved")) => WORDS.say(lang).t("state-closed-approved").into_owned(),
        _ => crate::state_name(state).get(lang).to_owned(),
    };
    page::badge(kind, &word)
}

/// The way so far, what is going on, and what comes.
pub fn timeline(view: &CaseView, names: &Names, lang: Lang) -> Vec<TimelineEntry> {
    let mut entries: Vec<TimelineEntry> =
        view.events.iter().filter_map(|e| past(view, &e.event, e.occurred_at, names, lang)).collect();
    entries.extend(present(view, names, lang));
    entries
}

fn step_title(view: &CaseView, id: &str, lang: Lang) -> String {
    if id == PRECHECK {
        return kernel::Text::new("预审", "Pre-check").get(lang).to_owned();
    }
    let step = view.item.item.process.iter().find(|s| s.id == id);
    step.map_or_else(|| id.to_owned(), |s| s.title.get(lang).to_owned())
}

fn past(
    view: &CaseView,
    event: &CaseEvent,
    at: Timestamp,
    names: &Names,
    lang: Lang,
) -> Option<TimelineEntry> {
    let w = WORDS.say(lang);
    let (mut kind, mut detail, mut who) = ("done", String::new(), String::new());
    let mut title = w.t(&format!("event-{}", event.word().replace('_', "-"))).into_owned();
    match event {
        CaseEvent::Filed(filed) => who = filed.parties.first().map(public_name)?,
        CaseEvent::Accepted { how, .. } => {
            if *how == Acceptance::ByPerson {
                who = names.of(&view.case.agency, lang);
            }
            if *how == Acceptance::Deemed {
                title = w.t("event-accepted-deemed").into_owned();
                detail = w.t("event-accepted-deemed-why").into_owned();
            }
        }
        CaseEvent::StepPassed { step, by, reason, .. } => {
            title = w.with("event-step-passed-title", &[("step", step_title(view, step, lang))]);
            who = done_by(by, names, lang);
            detail = reason.as_ref().map(|r| r.get(lang).to_owned()).unwrap_or_default();
        }
        CaseEvent::StepFailed { step, by, reason, .. } => {
            kind = "stop";
            title = w.with("event-step-failed-title", &[("step", step_title(view, step, lang))]);
            who = done_by(by, names, lang);
            detail = reason.get(lang).to_owned();
        }
        CaseEvent::SupplementAsked { demands, .. } => {
            detail = demands.iter().map(|d| d.say.as_str()).collect::<Vec<_>>().join(" · ");
        }
        CaseEvent::NotAccepted { reason, right_body, .. } => {
            kind = "stop";
            detail = right_body.as_ref().map_or_else(
                || reason.clone(),
                |body| w.with("right-body", &[("reason", reason.clone()), ("body", body.clone())]),
            );
        }
        CaseEvent::Decided { decision, .. } => (kind, title, detail) = decided(decision, lang),
        CaseEvent::Withdrawn { reason } => {
            kind = "stop";
            detail = reason.clone().unwrap_or_default();
        }
        quiet if inner(quiet) => return None,
        other => (kind, detail) = beside(view, other, lang).unwrap_or((kind, detail)),
    }
    if let Some(said) = event.witness() {
        (who, detail) = (names.of(&said.agency, lang), witness::at_window(said, lang));
    }
    Some(TimelineEntry { kind, at: format::moment(lang, at), title, who, detail })
}

/// What was decided: how it looks, what it is called, and the reason or the amount.
fn decided(decision: &Decision, lang: Lang) -> (&'static str, String, String) {
    let w = WORDS.say(lang);
    match decision {
        Decision::Refused { reason, .. } => {
            ("stop", w.t("event-decided-refused").into_owned(), reason.get(lang).to_owned())
        }
        Decision::Approved { .. } => {
            let amount = amount(decision, lang).unwrap_or_default();
            ("done", w.t("event-decided-approved").into_owned(), amount)
        }
    }
}

/// What is of no interest to whoever reads the time line: how the work is shared, and what follows from something shown.
fn inner(event: &CaseEvent) -> bool {
    matches!(
        event,
        CaseEvent::FactsSeen { .. }
            | CaseEvent::StepHeld { .. }
            | CaseEvent::StepOpened { .. }
            | CaseEvent::StepSkipped { .. }
            | CaseEvent::TaskClaimed { .. }
            | CaseEvent::TaskReleased { .. }
            | CaseEvent::TaskHandedOver { .. }
            | CaseEvent::NoticeIssued { .. }
            | CaseEvent::MovedOn(_)
            | CaseEvent::FeesOwed(_)
            | CaseEvent::SiblingOwes { .. }
            | CaseEvent::PaymentAwaited(_)
            | CaseEvent::SeatRecalled(_)
            | CaseEvent::RecordedLate { .. }
    )
}

/// What stands beside the plain way, in the time line: how it looks, and in a few words why.
fn beside(view: &CaseView, event: &CaseEvent, lang: Lang) -> Option<(&'static str, String)> {
    Some(match event {
        CaseEvent::Returned { reason } | CaseEvent::Voided { reason } => ("stop", reason.clone()),
        CaseEvent::Forwarded { to, reason } => ("stop", format!("{to} · {reason}")),
        CaseEvent::Lapsed { reason, .. } => ("stop", reason.get(lang).to_owned()),
        CaseEvent::Revoked { ground, .. } => ("stop", ground.clone()),
        CaseEvent::Suspended { kind, reason, .. } => {
            ("done", format!("{} · {reason}", kind.name().get(lang)))
        }
        CaseEvent::Extended { reason, leave, terms } => {
            let leave = leave.as_ref().map(|l| l.said().get(lang).to_owned());
            let dates = terms.iter().map(|t| until(t, lang)).collect::<Vec<String>>().join(" ");
            let all: Vec<String> = [Some(reason.clone()), leave, Some(dates)].into_iter().flatten().collect();
            ("done", all.join(" · "))
        }
        CaseEvent::HearingOffered { reason, .. } => ("done", reason.clone()),
        CaseEvent::HearingOf(of) => ("done", concerned(view, of)),
        CaseEvent::HearingSet { on, place, .. } => {
            ("done", format!("{} · {place}", format::moment(lang, *on)))
        }
        CaseEvent::SentBack(crate::event::SentBack { to, reason, .. }) => {
            ("done", format!("{} · {reason}", step_title(view, to, lang)))
        }
        CaseEvent::Visited { step, .. } | CaseEvent::StepRecalled { step, .. } => {
            ("done", step_title(view, step, lang))
        }
        CaseEvent::TermPassed { kind, .. } => ("done", kind.name().get(lang).to_owned()),
        CaseEvent::RemedyOpened { remedy, .. } => {
            ("done", format!("{} · {}", remedy.kind.name().get(lang), remedy.body))
        }
        CaseEvent::RemedyEnded { outcome, text, changed, .. } => {
            let amount = changed.as_ref().and_then(|d| amount(d, lang));
            let all = [Some(outcome.name().get(lang).to_owned()), amount, Some(text.clone())];
            ("done", all.into_iter().flatten().collect::<Vec<_>>().join(" · "))
        }
        CaseEvent::Served(told) => ("done", served(view, (told.notice, told.party), &told.way, lang)),
        CaseEvent::Delivered { service, .. } => ("done", service.name().get(lang).to_owned()),
        CaseEvent::ImportedAct(act) => ("done", act.name.clone()),
        CaseEvent::SiblingGranted { item, .. } => {
            let found = view.case.awaits.iter().find(|a| a.item == *item);
            ("done", found.map(|a| a.name.get(lang).to_owned()).unwrap_or_default())
        }
        CaseEvent::SiblingEnded(end) => ("done", end.why.get(lang).to_owned()),
        CaseEvent::Disputed { dispute } => ("done", dispute.claim.clone()),
        CaseEvent::DisputeSettled { text, .. } | CaseEvent::DeclarationChecked { text, .. } => {
            ("done", text.clone())
        }
        other => return later::later(view, other, lang),
    })
}

/// How much was granted, where an amount was set.
pub fn amount(decision: &Decision, lang: Lang) -> Option<String> {
    decision.amount().map(|amount| granted(amount, lang))
}

fn granted(amount: kernel::Money, lang: Lang) -> String {
    WORDS.say(lang).with("amount-granted", &[("amount", amount.to_string())])
}

/// Whom of those concerned it is about, and what was said.
fn concerned(view: &CaseView, of: &HearingOf) -> String {
    let case = &view.case;
    let party = || case.parties.iter().find(|p| Hearing::place(p.subject) == of.who);
    let other = case.hearing.as_ref().and_then(|h| h.name_of(&of.who)).map(format::mask_name);
    let name = other.or_else(|| party().map(public_name)).unwrap_or_default();
    match &of.heard {
        Heard::Found { interest, .. } => format!("{name} · {interest}"),
        _ => name,
    }
}

/// What was served on whom, and how.
fn served(
    view: &CaseView,
    (notice, party): (Option<NoticeId>, Option<SubjectId>),
    way: &Service,
    lang: Lang,
) -> String {
    let case = &view.case;
    let told = notice.and_then(|n| case.notices.iter().find(|i| i.notice == n));
    let name = told.map(|i| i.kind.name(case.frame).get(lang).to_owned());
    let whom = party.and_then(|s| case.parties.iter().find(|p| p.subject == s)).map(public_name);
    let all = [name, whom, Some(way.name().get(lang).to_owned())];
    all.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// A person's name masked, an organisation's in full.
fn public_name(party: &Party) -> String {
    match party.subject {
        SubjectId::Person(_) => format::mask_name(&party.name),
        SubjectId::Organisation(_) => party.name.clone(),
    }
}

/// Who did a step.
pub fn done_by(by: &DoneBy, names: &Names, lang: Lang) -> String {
    match by {
        DoneBy::Rule { .. } => WORDS.say(lang).t("by-rule").into_owned(),
        DoneBy::Person { agency, .. } => names.of(agency, lang),
        DoneBy::System { .. } => WORDS.say(lang).t("by-system").into_owned(),
        DoneBy::Declaration => WORDS.say(lang).t("by-declaration").into_owned(),
        DoneBy::Publicity => WORDS.say(lang).t("by-publicity").into_owned(),
    }
}

/// What is going on now, and the steps still to come.
fn present(view: &CaseView, names: &Names, lang: Lang) -> Vec<TimelineEntry> {
    let w = WORDS.say(lang);
    let mut entries = Vec::new();
    if view.case.state.ended() {
        return entries;
    }
    if let CaseState::Supplement { .. } = view.case.state {
        let title = w.t("now-supplement").into_owned();
        entries.push(TimelineEntry { kind: "now", title, ..TimelineEntry::default() });
        return entries;
    }
    for step in &view.case.steps {
        let title = step_title(view, &step.id, lang);
        match &step.state {
            StepState::Open { seats, since, .. } => {
                let own = |t: &&RunningTerm| t.runs() && t.kind == TermKind::Step(step.id.clone());
                let term = view.case.terms.iter().find(own).or_else(|| view.case.term());
                entries.push(TimelineEntry {
                    kind: "now",
                    at: w.with("since", &[("at", format::moment(lang, *since))]),
                    title,
                    who: signers(seats, names, lang),
                    detail: term.map(|t| until(t, lang)).unwrap_or_default(),
                });
            }
            StepState::Held { .. } => {
                let detail = w.t("held-detail").into_owned();
                entries.push(TimelineEntry { kind: "now", title, detail, ..TimelineEntry::default() });
            }
            StepState::Waiting => {
                let detail = awaited(&view.case, &step.id, lang);
                let kind = if detail.is_empty() { "next" } else { "now" };
                entries.push(TimelineEntry { kind, title, detail, ..TimelineEntry::default() });
            }
            _ => {}
        }
    }
    if view.case.unpaid.is_some() {
        let (title, detail) = (w.t("now-payment").into_owned(), payment::payers(view, lang));
        entries.push(TimelineEntry { kind: "now", title, detail, ..TimelineEntry::default() });
    }
    let title = w.t("next-decision").into_owned();
    entries.push(TimelineEntry { kind: "next", title, ..TimelineEntry::default() });
    entries
}

/// What a step waits for from other cases of the matter.
fn awaited(case: &Case, step: &str, lang: Lang) -> String {
    let open = case.awaits.iter().filter(|a| a.open() && a.step.as_deref() == Some(step));
    open.map(|a| a.say.get(lang)).collect::<Vec<_>>().join(" ")
}

/// Who signs a step, each agency once; nobody while it is public.
pub fn signers(seats: &[Seat], names: &Names, lang: Lang) -> String {
    let mut all: Vec<String> = Vec::new();
    for seat in seats {
        let name = names.of(&seat.agency, lang);
        if !all.contains(&name) {
            all.push(name);
        }
    }
    all.join(if lang == Lang::ZhCn { "、" } else { ", " })
}

/// An act of the trace, as people read it.
#[derive(Debug, Clone)]
pub struct ActLine {
    /// Its place in the chain.
    pub seq: i64,
    /// When it happened in law.
    pub at: String,
    /// When it was recorded, when that is another time.
    pub recorded: Option<String>,
    /// Who.
    pub who: String,
    /// What.
    pub what: String,
}

/// Every act of the trace.
pub fn acts(view: &CaseView, names: &Names, lang: Lang) -> Vec<ActLine> {
    let w = WORDS.say(lang);
    let line = |e: &trace::Recorded<CaseEvent>| ActLine {
        seq: e.seq,
        at: format::moment(lang, e.occurred_at),
        recorded: (e.recorded_at != e.occurred_at).then(|| format::moment(lang, e.recorded_at)),
        who: actor(&e.actor, names, lang),
        what: w.t(&format!("event-{}", e.event.word().replace('_', "-"))).into_owned(),
    };
    view.events.iter().map(line).collect()
}

/// Who acted, without a name: the capacity and the agency.
pub fn actor(actor: &ActorRef, names: &Names, lang: Lang) -> String {
    let w = WORDS.say(lang);
    let kind = match actor.kind {
        ActorKind::Applicant => "actor-applicant",
        ActorKind::Clerk => "actor-clerk",
        ActorKind::Examiner => "actor-examiner",
        ActorKind::Supervisor => "actor-supervisor",
        ActorKind::Operator => "actor-operator",
        ActorKind::System => "actor-system",
        ActorKind::Visitor => "actor-visitor",
    };
    match &actor.agency {
        Some(agency) => format!("{} · {}", names.of(agency, lang), w.t(kind)),
        None => w.t(kind).into_owned(),
    }
}

/// A paper of the case.
#[derive(Debug, Clone)]
pub struct PaperLine {
    /// Its name.
    pub name: String,
    /// How it was met.
    pub how: String,
    /// The file, when there is one.
    pub file: Option<kernel::FileId>,
    /// The certificate, when there is one.
    pub certificate: Option<CertificateId>,
}

/// The papers as handed in.
pub fn papers(view: &CaseView, lang: Lang) -> Vec<PaperLine> {
    let w = WORDS.say(lang);
    let name = |demand: &str| {
        let spec = view.item.item.materials.iter().find(|m| m.id == demand);
        spec.map_or_else(|| demand.to_owned(), |m| m.name.get(lang).to_owned())
    };
    let line = |m: &Material| {
        let (how, file, certificate) = match &m.given {
            Given::File(file) => ("paper-file", Some(*file), None),
            Given::Certificate(id) => ("paper-certificate", None, Some(*id)),
            Given::Fetched(_) => ("paper-fetched", None, None),
            Given::Declared => ("paper-declared", None, None),
            Given::Sibling { .. } => ("paper-sibling", None, None),
            Given::Kept { file, .. } => ("paper-kept", *file, None),
            Given::Same { .. } => ("paper-same", None, None),
        };
        PaperLine { name: name(&m.demand), how: w.t(how).into_owned(), file, certificate }
    };
    view.case.materials.iter().map(line).collect()
}
