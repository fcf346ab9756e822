//! What an applicant asks beside the plain way: papers later, declaring instead of proving, hearings, what stops the
//! clock, how long one may take to supply, renewal.

use super::Pair;
use crate::Item;
use kernel::{Lang, Term};
use page::Say;

/// All of it; what an item does not have is empty.
pub(super) struct Extra {
    /// Papers that may come later: which, by when, what follows.
    pub later: Vec<Pair>,
    /// Declaring instead of proving: what is declared, what follows, when it is checked.
    pub declaration: Vec<Pair>,
    /// Why it is never decided on a declaration; empty when it is, or nothing is said.
    pub no_declaration: String,
    /// Hearing and special procedures.
    pub special: Vec<Pair>,
    /// Terms of the applicant and of the look before receipt.
    pub terms: Vec<Pair>,
    /// Who else takes part.
    pub parties: Vec<String>,
    /// How it is kept and whether it is published.
    pub about: Vec<Pair>,
}

/// What an item has of it.
pub(super) fn extra(item: &Item, lang: Lang, w: Say) -> Extra {
    let term = |term: Term| term.text().get(lang).to_owned();
    let pair = |head: &str, text: String| Pair { head: w.t(head).into_owned(), text };
    let later = item.materials.iter().filter_map(|m| {
        let tolerance = m.tolerable.as_ref()?;
        let text = w.with(
            "later-how",
            &[("term", term(tolerance.within)), ("consequence", tolerance.consequence.get(lang).to_owned())],
        );
        Some(Pair { head: m.name.get(lang).to_owned(), text })
    });
    let declaration = item.declaration.iter().flat_map(|d| {
        [
            pair("declare-what", d.obligation.get(lang).to_owned()),
            pair("declare-liability", d.liability.get(lang).to_owned()),
            pair("declare-check", w.with("declare-within", &[("term", term(d.check_within))])),
        ]
    });
    let hearing = item.hearing.iter().map(|h| pair("hearing", h.why.get(lang).to_owned()));
    let suspensions = item.suspensions.iter().filter(|s| s.kind != "hearing").map(|s| {
        let why = s.why.get(lang).to_owned();
        let text = match s.max {
            Some(max) => w.with("suspension-most", &[("why", why), ("term", term(max))]),
            None => why,
        };
        Pair { head: w.t(&format!("suspension-{}", s.kind)).into_owned(), text }
    });
    let renewals = item.results.iter().filter_map(|r| {
        let days = r.renew_before?;
        Some(pair(
            "renewal",
            w.with("renew-before", &[("days", days.to_string()), ("name", r.name.get(lang).to_owned())]),
        ))
    });
    let terms = item
        .precheck
        .map(|t| pair("precheck", w.with("precheck-within", &[("term", term(t))])))
        .into_iter()
        .chain(
            item.supplement_within
                .map(|t| pair("supplement", w.with("supplement-within", &[("term", term(t))]))),
        );
    Extra {
        later: later.collect(),
        declaration: declaration.collect(),
        no_declaration: if item.high_risk { w.t("declare-never").into_owned() } else { String::new() },
        special: hearing.chain(suspensions).collect(),
        terms: terms.chain(renewals).collect(),
        parties: item
            .roles
            .iter()
            .map(|r| {
                let name = r.name.get(lang).to_owned();
                if r.confirm { w.with("party-confirms", &[("name", name)]) } else { name }
            })
            .collect(),
        about: about(item, lang, w),
    }
}

fn about(item: &Item, lang: Lang, w: Say) -> Vec<Pair> {
    let openness = item.openness.as_ref().map(|o| {
        let word = o.attribute.name();
        let text = w.with(
            "ground",
            &[("what", word.get(lang).to_owned()), ("ground", o.ground.get(lang).to_owned())],
        );
        Pair { head: w.t("openness").into_owned(), text }
    });
    let retention = item.retention.as_ref().map(|r| {
        let years = match r.years {
            Some(years) => w.with("kept-years", &[("n", years.to_string())]),
            None => w.t("kept-for-ever").into_owned(),
        };
        let text = w.with("ground", &[("what", years), ("ground", r.basis.get(lang).to_owned())]);
        Pair { head: w.t("retention").into_owned(), text }
    });
    openness.into_iter().chain(retention).collect()
}
