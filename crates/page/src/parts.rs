//! The data behind the shared parts of pages: steps, time lines, state badges.

use crate::icons::svg;

/// HTML that is already escaped and may stand in a template as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Html(pub String);

impl std::fmt::Display for Html {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl askama::filters::HtmlSafe for Html {}

impl Html {
    /// Plain text, escaped.
    pub fn text(text: &str) -> Self {
        Self(escape(text))
    }
}

/// `text` with the five characters of HTML escaped.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}

/// A state in one word, with icon and tint. Kinds: `neutral`, `info` (running), `good` (done, valid), `wait` (somebody
/// must act, soon due), `bad` (overdue, refused, revoked).
pub fn badge(kind: &str, word: &str) -> Html {
    let (kind, icon) = match kind {
        "info" => ("info", "clock"),
        "good" => ("good", "check-circle"),
        "wait" => ("wait", "alert"),
        "bad" => ("bad", "x-circle"),
        _ => ("neutral", "dot"),
    };
    Html(format!(r#"<span class="state state-{kind}">{}{}</span>"#, svg(icon), escape(word)))
}

/// A thin bar of the time that is left of a term, with its words; over when nothing is left. Any unit, whole numbers.
pub fn urgency(left: String, total: String, text: String) -> Html {
    let (left, total) = (left.parse::<i64>().unwrap_or(0), total.parse::<i64>().unwrap_or(0).max(1));
    let (low, high, over) = (total / 4, total / 2, if left <= 0 { " urgency-over" } else { "" });
    let (shown, text) = (left.clamp(0, total), escape(&text));
    Html(format!(
        r#"<span class="urgency{over}"><meter min="0" max="{total}" low="{low}" high="{high}" optimum="{total}" value="{shown}" aria-label="{text}">{text}</meter><span>{text}</span></span>"#
    ))
}

/// One entry of a time line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TimelineEntry {
    /// `done`, `now`, `next` or `stop`.
    pub kind: &'static str,
    /// When, printed; may be empty.
    pub at: String,
    /// What.
    pub title: String,
    /// Who; may be empty.
    pub who: String,
    /// More; may be empty.
    pub detail: String,
}

/// One step of a way through several pages.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Step {
    /// `done`, `now` or `next`.
    pub kind: &'static str,
    /// Its name.
    pub title: String,
    /// Where it is, when one may go there.
    pub href: Option<String>,
}
