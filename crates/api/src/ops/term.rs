//! A running term as callers see it: until when, and why then.

use kernel::Lang;
use procedure::RunningTerm;
use serde::Serialize;

/// A term and its reckoning.
#[derive(Serialize, utoipa::ToSchema)]
pub(crate) struct TermView {
    /// What it is for.
    name: String,
    /// The same as a word: `statutory`, `promised`, `step`, `publicity` … with the step or paper it is about as `of`.
    #[serde(flatten)]
    #[schema(value_type = Object)]
    kind: serde_json::Value,
    /// Its length: `5wd` working days, `4wh` office hours, `30d` days.
    #[schema(example = "5wd")]
    length: String,
    /// Since when it runs, RFC 3339.
    from: String,
    /// The last day.
    due: String,
    /// The last moment, RFC 3339.
    due_at: String,
    /// Whether the day lies beyond the published calendar and may still move.
    provisional: bool,
    /// Whether it stands still at present.
    paused: bool,
    /// The last days that were told before, the oldest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    earlier: Vec<String>,
    /// The reckoning, sentence by sentence: days counted and skipped, what stood still, what was added, by which law.
    why: Vec<String>,
    /// The law it rests on.
    #[serde(skip_serializing_if = "Option::is_none")]
    law: Option<String>,
    /// `running`, `met`, `passed` … with the moment.
    #[schema(value_type = Object)]
    state: serde_json::Value,
}

impl TermView {
    /// The view of `term` in `lang`.
    pub fn of(term: &RunningTerm, lang: Lang) -> Self {
        Self {
            name: term.kind.name().get(lang).to_owned(),
            kind: serde_json::to_value(&term.kind).unwrap_or(serde_json::Value::Null),
            length: term.term.to_string(),
            from: term.from.to_string(),
            due: term.due.date.to_string(),
            due_at: term.due.at.to_string(),
            provisional: term.due.provisional,
            paused: term.paused().is_some(),
            earlier: term.earlier.iter().map(|due| due.date.to_string()).collect(),
            why: term.explain(lang),
            law: term.law.as_ref().map(|law| law.cite().get(lang).to_owned()),
            state: serde_json::to_value(term.state).unwrap_or(serde_json::Value::Null),
        }
    }
}
