//! A rating in the reader's words.

use crate::WORDS;
use crate::model::{Level, Served, State};
use crate::queries::Given;
use cases::show::Names;
use kernel::{AgencyCode, Lang, Timestamp, clock};
use page::{Html, Say, badge, format};

/// The word of a level.
pub(super) fn level(level: Level, w: Say) -> String {
    w.t(&format!("level-{}", level.code())).into_owned()
}

/// A level as a badge: good ones green, bad ones red.
pub(super) fn level_badge(of: Level, w: Say) -> Html {
    let kind = match of {
        Level::VeryGood | Level::Good => "good",
        Level::Fair => "neutral",
        Level::Poor | Level::VeryPoor => "bad",
    };
    badge(kind, &level(of, w))
}

/// Where a rating stands; what is due longer than it may be says so.
pub(super) fn state(state: State, due: Option<Timestamp>, now: Timestamp, w: Say) -> Option<Html> {
    let late = due.is_some_and(|due| due < now);
    let (kind, key) = match (state, late) {
        (State::Kept, _) => return None,
        (State::Open, true) => ("bad", "state-late"),
        (State::Open, false) => ("wait", "state-open"),
        (State::Answered, _) => ("good", "state-answered"),
    };
    Some(badge(kind, &w.t(key)))
}

/// The name of an agency by its code.
pub(super) fn agency(code: &str, names: &Names, lang: Lang) -> String {
    AgencyCode::parse(code).map_or_else(|| code.to_owned(), |code| names.of(&code, lang))
}

/// A rating with everything on it.
pub(super) struct Shown {
    pub item: String,
    pub agency: String,
    pub level: Html,
    pub state: Option<Html>,
    pub reasons: Vec<String>,
    pub text: String,
    pub named: bool,
    pub at: String,
    pub due: String,
    pub why: Vec<String>,
    pub answer: String,
    pub answered_at: String,
    /// Window and clerk of a visit; empty for a case.
    pub served: String,
}

/// Everything that is shown of a rating, to whoever gave it and to the agency.
pub(super) fn shown(given: &Given, names: &Names, now: Timestamp, lang: Lang) -> Shown {
    let (w, said) = (WORDS.say(lang), &given.rating.said);
    let due = said.due.as_ref().filter(|_| given.rating.state() == State::Open);
    let (answer, answered_at) = match &given.rating.answer {
        Some((text, at)) => (text.clone(), format::moment(lang, *at)),
        None => (String::new(), String::new()),
    };
    Shown {
        item: given.row.item().get(lang).to_owned(),
        agency: agency(&given.row.agency, names, lang),
        level: level_badge(said.level, w),
        state: state(given.rating.state(), given.row.due_at, now, w),
        reasons: said.reasons.iter().map(|r| w.t(&format!("reason-{}", r.word())).into_owned()).collect(),
        text: said.text.clone(),
        named: said.named,
        at: format::moment(lang, given.rating.at),
        due: due.map(|due| format::date(lang, due.date)).unwrap_or_default(),
        why: due.map(|due| due.explain(lang)).unwrap_or_default(),
        answer,
        answered_at,
        served: said.served.as_ref().map(|at| served(at, w)).unwrap_or_default(),
    }
}

/// Which window, and the number of whoever served there: never a name.
fn served(served: &Served, w: Say) -> String {
    let clerk = identity::staff_number(served.clerk);
    w.with("served-at", &[("window", served.window.clone()), ("clerk", clerk)])
}

/// The day of a moment.
pub(super) fn day(lang: Lang, at: Timestamp) -> String {
    format::date(lang, clock::legal_date(at))
}
