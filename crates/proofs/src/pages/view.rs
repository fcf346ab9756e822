//! What the pages show of a paper, in the reader's words.

use crate::model::{Grade, Proof, State};
use jiff::civil::Date;
use page::{Say, format};

/// A line of the drawer.
pub(super) struct Line {
    pub(super) href: String,
    pub(super) title: String,
    pub(super) notes: Vec<String>,
    pub(super) kind: &'static str,
    pub(super) word: String,
}

/// The paper's name, with whose it is when it is not one's own.
pub(super) fn title(proof: &Proof, w: Say) -> String {
    let name = proof.name.get(w.lang);
    if proof.holder == "applicant" {
        return name.to_owned();
    }
    let key = format!("holder-{}", proof.holder);
    let holder = if w.has(&key) { w.t(&key).into_owned() } else { proof.holder.clone() };
    w.with("title-of", &[("name", name.to_owned()), ("holder", holder)])
}

/// The state on `today`: the kind of its badge and its word.
pub(super) fn state(proof: &Proof, today: Date, w: Say) -> (&'static str, String) {
    let (kind, key) = match proof.state {
        State::Withdrawn => ("neutral", "state-withdrawn"),
        State::Replaced => ("neutral", "state-replaced"),
        State::Kept if proof.expired(today) => ("neutral", "state-expired"),
        State::Kept => match proof.grade {
            Grade::Issued => ("good", "grade-issued"),
            Grade::Checked => ("good", "grade-checked"),
            Grade::Uploaded => ("info", "grade-uploaded"),
            Grade::Declared => ("info", "grade-declared"),
        },
    };
    (kind, w.t(key).into_owned())
}

/// Until when it may be used again, and from which day that is counted.
pub(super) fn until(proof: &Proof, w: Say) -> String {
    if !proof.has_pages() {
        return w.t("until-record").into_owned();
    }
    match proof.valid_until {
        None => w.t("until-open").into_owned(),
        Some(last) => {
            let (key, since) = match proof.issued {
                Some(day) => ("until-issued", day),
                None => ("until-day", proof.since()),
            };
            w.with(key, &[("day", format::date(w.lang, last)), ("since", format::date(w.lang, since))])
        }
    }
}

/// The line of `proof`.
pub(super) fn line(proof: &Proof, today: Date, w: Say) -> Line {
    let (kind, word) = state(proof, today, w);
    let handed = [
        ("day", format::date(w.lang, kernel::clock::legal_date(proof.at))),
        ("item", proof.item.get(w.lang).to_owned()),
    ];
    Line {
        href: format!("/space/papers/{}", proof.id),
        title: title(proof, w),
        notes: vec![w.with("handed-in", &handed), until(proof, w)],
        kind,
        word,
    }
}
