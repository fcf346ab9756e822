//! The versions of one certificate beside each other, and what an act says in words.

use crate::event::CertificateEvent;
use crate::model::{Certificate, CertificateId, State};
use crate::{WORDS, store as rows};
use ::store::Store;
use kernel::{Fault, Lang, Timestamp};
use page::{Say, format};

/// More versions than anybody reads.
const SHOWN_MAX: usize = 30;

/// One version.
pub(super) struct Line {
    pub href: String,
    pub number: String,
    pub version: String,
    pub issued: String,
    pub state: (&'static str, String),
    pub here: bool,
}

/// All versions of `of`, the newest first; none when there is only one. `base` is the address before their ids.
pub(super) async fn lines(
    store: &Store,
    of: &Certificate,
    lang: Lang,
    now: Timestamp,
    base: &str,
) -> Result<Vec<Line>, Fault> {
    let mut chain = vec![of.clone()];
    let mut newer = of.replaced_by();
    while let Some(found) = next(store, newer, chain.len()).await? {
        newer = found.replaced_by();
        chain.insert(0, found);
    }
    let mut older = of.replaces;
    while let Some(found) = next(store, older, chain.len()).await? {
        older = found.replaces;
        chain.push(found);
    }
    if chain.len() == 1 {
        return Ok(Vec::new());
    }
    Ok(chain.iter().map(|c| line(c, lang, now, base, c.id == of.id)).collect())
}

async fn next(store: &Store, id: Option<CertificateId>, so_far: usize) -> Result<Option<Certificate>, Fault> {
    match id.filter(|_| so_far < SHOWN_MAX) {
        Some(id) => rows::get(store, id).await,
        None => Ok(None),
    }
}

fn line(c: &Certificate, lang: Lang, now: Timestamp, base: &str, here: bool) -> Line {
    let w = WORDS.say(lang);
    let state = c.state(now);
    let kind = match &state {
        State::Valid => "good",
        State::Suspended { .. } => "wait",
        State::Revoked { .. } | State::Cancelled { .. } | State::Forfeited { .. } => "bad",
        State::Expired { .. } | State::Replaced { .. } | State::Transferred { .. } => "neutral",
    };
    Line {
        href: format!("{base}/{}", c.id),
        number: c.identifier.clone(),
        version: c.identifier.rsplit('.').nth(1).unwrap_or_default().to_owned(),
        issued: format::moment(lang, c.issued_at),
        state: (kind, w.t(&format!("word-{}", state.word())).into_owned()),
        here,
    }
}

/// Ground, reason and what differs.
pub(super) fn detail(w: Say, c: &Certificate, event: &CertificateEvent) -> String {
    let grounded = |ground: &Option<crate::Ground>, why: &String| match ground {
        Some(g) => format!("{} ({}) · {why}", g.say().get(w.lang), g.law().get(w.lang)),
        None => why.clone(),
    };
    match event {
        CertificateEvent::Suspended { why, ground }
        | CertificateEvent::Restored { why, ground }
        | CertificateEvent::Revoked { why, ground }
        | CertificateEvent::Forfeited { why, ground }
        | CertificateEvent::Transferred { why, ground }
        | CertificateEvent::Cancelled { why, ground } => grounded(ground, why),
        CertificateEvent::Replaced { because, why, differs, .. } => {
            let kind = because.map(|k| w.t(&format!("do-{}", k.word())).into_owned()).unwrap_or_default();
            let lines: Vec<String> = differs.iter().map(|key| label(w, c, key)).collect();
            [kind, lines.join(", "), why.clone()]
                .into_iter()
                .filter(|part| !part.is_empty())
                .collect::<Vec<_>>()
                .join(" · ")
        }
        CertificateEvent::Issued { because, .. } => {
            because.map(|k| w.t(&format!("do-{}", k.word())).into_owned()).unwrap_or_default()
        }
        CertificateEvent::Shown { keys, .. } => {
            keys.iter().map(|key| label(w, c, key)).collect::<Vec<_>>().join(", ")
        }
        CertificateEvent::Copied { last_day, .. } => {
            w.with("copy-good-until", &[("date", format::date(w.lang, *last_day))])
        }
        CertificateEvent::Reminded { days } => w.with("reminded-days", &[("days", days.to_string())]),
        CertificateEvent::Imported { .. }
        | CertificateEvent::Printed { .. }
        | CertificateEvent::Stamped { .. }
        | CertificateEvent::Taken { .. }
        | CertificateEvent::CopyWithdrawn { .. } => String::new(),
    }
}

/// What stands before a line on pages.
pub(super) fn label(w: Say, c: &Certificate, key: &str) -> String {
    match key {
        "number" => w.t("fact-number").into_owned(),
        "holder" => w.t("fact-holder").into_owned(),
        "valid_until" => w.t("fact-valid").into_owned(),
        key => {
            let line = c.fields.iter().find(|f| f.key == key);
            line.map_or_else(|| key.to_owned(), |f| f.label.get(w.lang).to_owned())
        }
    }
}
