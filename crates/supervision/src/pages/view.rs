//! A request in the reader's words: its time line, its term with the reckoning, its answer with the remedies.

use crate::WORDS;
use crate::model::{Kind, LookSaid, Request, RequestEvent, State, Whose};
use crate::plain::{self, Agents, LookLine, Names};
use crate::rules;
use crate::store::RequestRow;
use ::store::Store;
use kernel::{ActorKind, Lang, Outcome, PersonId};
use page::{Html, Say, TimelineEntry, badge, format};
use trace::{LookRow, Purpose, Recorded};

/// A request opened.
pub(super) struct Opened {
    pub request: Request,
    pub events: Vec<Recorded<RequestEvent>>,
}

/// Reads the events of a row.
pub(super) async fn open(store: &Store, row: &RequestRow) -> Outcome<Opened> {
    let (_, events) = trace::history::<RequestEvent>(store, &row.kind.subject(row.id)).await?;
    Ok(Opened { request: rules::fold(&events)?, events })
}

/// What stands on both sides' pages.
pub(super) struct Shown {
    pub title: String,
    pub badge: Html,
    pub look: Option<LookLine>,
    pub what: String,
    pub text: String,
    pub papers: Vec<String>,
    pub asked: String,
    pub due: String,
    pub why: Vec<String>,
    pub timeline: Vec<TimelineEntry>,
    pub answer: Option<Answered>,
}

/// The answer, with what can be done about it.
pub(super) struct Answered {
    pub upheld: bool,
    pub reason: String,
    pub measures: String,
    pub remedies: Vec<String>,
}

/// The kind and the word of a state's badge; late ones say so.
pub(super) fn state(state: State, late: bool, w: Say) -> Html {
    let (kind, key) = match (state, late) {
        (State::Open, true) => ("bad", "state-late"),
        (State::Open, false) => ("info", "state-open"),
        (State::Upheld, _) => ("good", "state-upheld"),
        (State::Refused, _) => ("neutral", "state-refused"),
        (State::Withdrawn, _) => ("neutral", "state-withdrawn"),
    };
    badge(kind, &w.t(key))
}

/// What is asked, in a word.
pub(super) fn kind(kind: Kind, w: Say) -> String {
    w.t(&format!("kind-{kind}")).into_owned()
}

fn look_line(said: &LookSaid, person: PersonId, names: Names<'_>, lang: Lang) -> LookLine {
    let row = LookRow {
        id: said.id,
        person,
        at: said.at,
        actor: said.actor.clone(),
        fields: said.fields.clone(),
        purpose: Purpose { ground: said.ground.clone(), case: said.case.clone() },
        stray: said.case.is_none(),
        sealed_until: None,
    };
    plain::line(&row, person, &Agents::default(), names, lang)
}

/// Everything that is shown of a request.
pub(super) fn shown(opened: &Opened, names: Names<'_>, lang: Lang) -> Shown {
    let (w, request) = (WORDS.say(lang), &opened.request);
    let raised = &request.raised;
    let asked = raised.asked.as_ref().map(|a| names.agency(a, lang)).unwrap_or_default();
    let what = match raised.kind {
        Kind::Correct if raised.what.is_empty() => w.t("what-account").into_owned(),
        Kind::Correct => names.field(&raised.what, lang),
        Kind::Delete => raised.what.clone(),
        Kind::Objection | Kind::Copy => String::new(),
    };
    Shown {
        title: kind(raised.kind, w),
        badge: state(request.state(), request.late, w),
        look: raised.look.as_ref().map(|look| look_line(look, raised.person, names, lang)),
        what,
        text: raised.text.clone(),
        papers: Vec::new(),
        asked,
        due: format::date(lang, raised.due.date),
        why: raised.due.explain(lang),
        timeline: opened.events.iter().filter_map(|e| entry(e, request, names, w)).collect(),
        answer: request.answer.as_ref().filter(|_| raised.kind != Kind::Copy).map(|answer| Answered {
            upheld: answer.upheld,
            reason: answer.reason.clone(),
            measures: answer.measures.clone(),
            remedies: remedies(answer, w),
        }),
    }
}

fn remedies(answer: &crate::model::Answer, w: Say) -> Vec<String> {
    let Some(until) = answer.remedy_until else { return Vec::new() };
    vec![
        w.with("remedy-reconsideration", &[("until", format::date(w.lang, until))]),
        w.t("remedy-suit").into_owned(),
        w.t("remedy-complaint").into_owned(),
    ]
}

fn entry(
    event: &Recorded<RequestEvent>,
    request: &Request,
    names: Names<'_>,
    w: Say,
) -> Option<TimelineEntry> {
    let agency = |code: &Option<kernel::AgencyCode>| {
        code.as_ref().map(|a| names.agency(a, w.lang)).unwrap_or_default()
    };
    let by = match event.actor.kind {
        ActorKind::Applicant => w.t("by-person").into_owned(),
        ActorKind::System => w.t("by-program").into_owned(),
        _ => agency(&event.actor.agency),
    };
    let (kind, title, detail) = match &event.event {
        RequestEvent::Raised(_) => ("done", "event-raised", String::new()),
        RequestEvent::GroundGiven { text, .. } => ("done", "event-ground", text.clone()),
        RequestEvent::TermPassed { whose: Whose::Agency } => {
            ("stop", "event-agency-late", agency(&request.raised.asked))
        }
        RequestEvent::TermPassed { whose: Whose::Decider } => ("stop", "event-late", String::new()),
        RequestEvent::Answered { .. } if request.raised.kind == Kind::Copy => return None,
        RequestEvent::Answered { upheld: true, reason, .. } => ("done", "event-upheld", reason.clone()),
        RequestEvent::Answered { upheld: false, reason, .. } => ("stop", "event-refused", reason.clone()),
        RequestEvent::Withdrawn {} => ("done", "event-withdrawn", String::new()),
    };
    let at = format::moment(w.lang, event.recorded_at);
    Some(TimelineEntry { kind, at, title: w.t(title).into_owned(), who: by, detail })
}
