//! The one big word, and the facts under it.

use crate::copy::{AnnotatedCopy, CopyState};
use crate::model::{Certificate, State};
use kernel::{Lang, Timestamp, clock};
use page::{Say, format};

/// The one big word and what it means.
pub(crate) struct Verdict {
    pub(crate) word: String,
    pub(crate) explain: String,
    pub(crate) next: String,
    /// `good`, `bad` or `neutral`.
    pub(crate) kind: &'static str,
    pub(crate) icon: &'static str,
}

impl Verdict {
    /// The word for `certificate` at `now`.
    pub(crate) fn of(w: Say, certificate: &Certificate, now: Timestamp) -> Self {
        let state = certificate.state(now);
        let today = clock::legal_date(now);
        if state == State::Valid && today < certificate.valid_from {
            let date = format::date(w.lang, certificate.valid_from);
            return Self::new(w, "early", w.with("explain-early", &[("date", date)]), "neutral", "clock");
        }
        match &state {
            State::Valid => {
                let moment = format::moment(w.lang, now);
                Self::new(w, "valid", w.with("explain-valid", &[("moment", moment)]), "good", "check-circle")
            }
            State::Suspended { .. } => {
                Self::new(w, "suspended", w.t("explain-suspended").into_owned(), "bad", "alert")
            }
            State::Revoked { .. } => {
                Self::new(w, "revoked", w.t("explain-revoked").into_owned(), "bad", "x-circle")
            }
            State::Cancelled { .. } => {
                Self::new(w, "cancelled", w.t("explain-cancelled").into_owned(), "bad", "x-circle")
            }
            State::Forfeited { .. } => {
                Self::new(w, "forfeited", w.t("explain-forfeited").into_owned(), "bad", "x-circle")
            }
            State::Transferred { .. } => {
                Self::new(w, "transferred", w.t("explain-transferred").into_owned(), "neutral", "refresh")
            }
            State::Expired { on } => {
                let date = format::date(w.lang, *on);
                Self::new(w, "expired", w.with("explain-expired", &[("date", date)]), "neutral", "hourglass")
            }
            State::Replaced { .. } => {
                Self::new(w, "replaced", w.t("explain-replaced").into_owned(), "neutral", "refresh")
            }
        }
    }

    /// The word for an annotated copy: its own end counts before the certificate's state.
    pub(crate) fn of_copy(w: Say, copy: &AnnotatedCopy, certificate: &Certificate, now: Timestamp) -> Self {
        match copy.state(now) {
            CopyState::Withdrawn => {
                let at = copy.withdrawn_at.unwrap_or(now);
                let text = w.with("explain-copy-withdrawn", &[("moment", format::moment(w.lang, at))]);
                Self::new(w, "copy-withdrawn", text, "bad", "x-circle")
            }
            CopyState::Ended => {
                let date = format::date(w.lang, copy.last_day);
                let text = w.with("explain-copy-ended", &[("date", date)]);
                Self::new(w, "copy-ended", text, "neutral", "hourglass")
            }
            CopyState::Good => {
                let verdict = Self::of(w, certificate, now);
                Self { next: w.t("copy-only-for").into_owned(), ..verdict }
            }
        }
    }

    /// 查无此证.
    pub(crate) fn unknown(w: Say) -> Self {
        let verdict = Self::new(w, "unknown", w.t("explain-unknown").into_owned(), "bad", "x-circle");
        Self { next: w.t("explain-unknown-next").into_owned(), ..verdict }
    }

    /// A file that is not whole or not ours.
    pub(crate) fn doubt(w: Say, why: &str) -> Self {
        Self::new(w, "doubt", why.to_owned(), "bad", "x-circle")
    }

    fn new(w: Say, word: &str, explain: String, kind: &'static str, icon: &'static str) -> Self {
        let word = w.t(&format!("word-{word}")).into_owned();
        Self { word, explain, next: String::new(), kind, icon }
    }
}

/// One line under the word.
#[derive(Clone)]
pub(crate) struct Fact {
    pub(crate) label: String,
    pub(crate) value: String,
    pub(crate) number: bool,
    pub(crate) public: bool,
}

impl Fact {
    fn new(label: impl Into<String>, value: impl Into<String>) -> Self {
        Self { label: label.into(), value: value.into(), number: false, public: false }
    }
}

/// How much a reader may see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reader {
    /// Somebody who knows the number: numbers can be guessed, so nothing of the holder.
    Number,
    /// Somebody who has the certificate before them: the masked holder and the public lines.
    Bearer,
    /// The holder.
    Holder,
}

/// The facts of `certificate` for `reader`.
pub(crate) fn facts(w: Say, certificate: &Certificate, reader: Reader) -> Vec<Fact> {
    let c = certificate;
    let mut out = vec![
        Fact::new(w.t("fact-name"), c.name.get(w.lang)),
        Fact { number: true, ..Fact::new(w.t("fact-number"), &c.identifier) },
    ];
    match reader {
        Reader::Number => {}
        Reader::Bearer => out.push(Fact::new(w.t("fact-holder"), &c.holder_masked)),
        Reader::Holder => {
            let both = [c.holder_name.as_str(), c.holder_number_masked.as_str()];
            out.push(Fact::new(w.t("fact-holder"), both.join(" ").trim()));
        }
    }
    out.push(Fact::new(w.t("fact-issuer"), c.issuer_name.get(w.lang)));
    out.push(Fact::new(w.t("fact-issued"), format::date(w.lang, clock::legal_date(c.issued_at))));
    out.push(Fact::new(w.t("fact-valid"), validity(w, c)));
    let shown = |public: bool| reader == Reader::Holder || (reader == Reader::Bearer && public);
    out.extend(c.fields.iter().filter(|f| shown(f.public)).map(|f| Fact {
        public: f.public && reader == Reader::Holder,
        ..Fact::new(f.label.get(w.lang), &f.value)
    }));
    if reader == Reader::Holder {
        out.push(Fact { number: true, ..Fact::new(w.t("fact-case"), &c.case_number) });
        out.push(Fact::new(w.t("fact-grade"), w.t(&format!("grade-{}", c.grade.word()))));
    }
    out
}

/// What stands on an annotated copy, and how the certificate stands that it was made of.
pub(crate) fn copy_facts(w: Say, copy: &AnnotatedCopy, c: &Certificate, now: Timestamp) -> Vec<Fact> {
    let state = w.t(&format!("word-{}", c.state(now).word()));
    vec![
        Fact::new(w.t("copy-kind"), w.t("copy-kind-text")),
        Fact::new(w.t("copy-whom"), &copy.annotation.whom),
        Fact::new(w.t("copy-purpose"), &copy.annotation.purpose),
        Fact::new(w.t("copy-until"), format::date(w.lang, copy.last_day)),
        Fact::new(w.t("copy-made"), format::moment(w.lang, copy.made_at)),
        Fact::new(w.t("copy-of"), state),
    ]
}

/// What the holder chose to show, after what anybody must know to believe it.
pub(crate) fn chosen_facts(w: Say, c: &Certificate, keys: &[String]) -> Vec<Fact> {
    let chosen = |key: &str| keys.iter().any(|k| k == key);
    let mut out = vec![Fact::new(w.t("fact-name"), c.name.get(w.lang))];
    if chosen("number") {
        out.push(Fact { number: true, ..Fact::new(w.t("fact-number"), &c.identifier) });
    }
    if chosen("holder") {
        out.push(Fact::new(w.t("fact-holder"), &c.holder_name));
    }
    out.push(Fact::new(w.t("fact-issuer"), c.issuer_name.get(w.lang)));
    out.push(Fact::new(w.t("fact-valid"), validity(w, c)));
    let lines = c.fields.iter().filter(|f| chosen(&f.key));
    out.extend(lines.map(|f| Fact::new(f.label.get(w.lang), &f.value)));
    out
}

fn validity(w: Say, c: &Certificate) -> String {
    let from = format::date(w.lang, c.valid_from);
    match c.valid_until {
        None => w.with("valid-open", &[("from", from)]),
        Some(last) => {
            let until = format::date(w.lang, last);
            w.with("valid-range", &[("from", from), ("until", until)])
        }
    }
}

/// How to be sure that the page is genuine.
pub(crate) fn genuine(w: Say, base_url: &str, phone: &str) -> Vec<String> {
    vec![
        w.with("genuine-address", &[("url", format!("{base_url}/"))]),
        w.t("genuine-compare").into_owned(),
        w.with("genuine-phone", &[("phone", phone.to_owned())]),
    ]
}

/// The reason of a state that ended a certificate, for its holder.
pub(crate) fn why(state: &State, lang: Lang) -> String {
    match state {
        State::Suspended { at, why, ground }
        | State::Revoked { at, why, ground }
        | State::Forfeited { at, why, ground }
        | State::Transferred { at, why, ground }
        | State::Cancelled { at, why, ground } => {
            let moment = format::moment(lang, *at);
            match ground {
                Some(g) => format!("{moment} · {} ({}) · {why}", g.say().get(lang), g.law().get(lang)),
                None => format!("{moment} · {why}"),
            }
        }
        State::Valid | State::Expired { .. } | State::Replaced { .. } => String::new(),
    }
}
