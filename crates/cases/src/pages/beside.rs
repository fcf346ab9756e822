//! What stands beside the plain way of a case, told to the applicant in plain words: hearing, stopped clock, promises, disputes.

use super::progress::Beside;
use crate::model::*;
use crate::queries::CaseView;
use crate::{WORDS, labels, show};
use catalog::Published;
use kernel::{Calendar, Lang, SubjectId, Timestamp, clock};
use page::{Say, format};
use std::time::Duration;

/// Who looks, and when.
pub(super) struct Looking<'a> {
    pub who: SubjectId,
    pub now: Timestamp,
    pub calendar: &'a Calendar,
}

/// Everything that matters now.
pub(super) fn all(view: &CaseView, by: &Looking<'_>, lang: Lang, w: Say) -> Vec<Beside> {
    let (case, item) = (&view.case, &view.item);
    let mut all = Vec::new();
    all.extend(paying(view, by.who, lang, false));
    all.extend(silent(case, by, lang, w));
    all.extend(unspoken(case, lang, w));
    all.extend(case.hearing.as_ref().and_then(|h| hearing(h, by, lang, w)));
    all.extend(stopped(case, lang, w));
    all.extend(promises(case, lang, w));
    all.extend(disputes(case, item, lang, w));
    all.extend(unhappy(case, lang, w));
    all.extend(remedies(case, by, lang, w));
    all
}

/// The agency has let a term of the law pass: which, and what one can do (行政复议法第二十三条).
fn silent(case: &Case, by: &Looking<'_>, lang: Lang, w: Say) -> Option<Beside> {
    if !case.state.works() {
        return None;
    }
    let silence = procedure::silence(case.frame, &case.terms, by.now, by.calendar)?;
    Some(tell("bad", w.t("silence-title"), silence.explain(lang)))
}

/// Until when whoever looks may seek a remedy: everybody's own time runs from their own service.
fn remedies(case: &Case, by: &Looking<'_>, lang: Lang, w: Say) -> Option<Beside> {
    // What was annulled and is examined anew is gone against no more.
    if case.state.works() {
        return None;
    }
    let against = |n: NoticeId| case.notices.iter().any(|i| i.notice == n && against(i.kind));
    let own = case.served.iter().rev().find(|s| s.party == by.who && against(s.notice))?;
    let served = w.with("remedy-served", &[("at", format::date(lang, clock::legal_date(own.from)))]);
    let until = |(kind, last): (RemedyKind, Timestamp)| {
        let end = format::date(lang, clock::legal_date(last));
        w.with("remedy-until", &[("what", kind.name().get(lang).to_owned()), ("end", end)])
    };
    let times = procedure::remedy::last_moments(own.from, by.calendar).map(until);
    Some(tell("info", w.t("remedy-title"), std::iter::once(served).chain(times).collect()))
}

/// Whether somebody may go against what the notice tells.
fn against(kind: NoticeKind) -> bool {
    kind.decides() || kind.needs_remedies()
}

fn tell(kind: &'static str, title: impl Into<String>, text: Vec<String>) -> Beside {
    Beside { kind, title: title.into(), text, link: None }
}

/// What is to be paid, and by whom; one's own bill with its amount and the way to it. `named`: beside other cases, by the item's name.
pub(super) fn paying(view: &CaseView, who: SubjectId, lang: Lang, named: bool) -> Option<Beside> {
    let (lines, w) = (show::payments(view, lang), WORDS.say(lang));
    if lines.is_empty() || view.case.state.ended() {
        return None;
    }
    let mut text = Vec::new();
    let others: Vec<String> = lines.iter().filter(|l| l.payer != who).map(|l| l.role.clone()).collect();
    let mine = lines.iter().find(|l| l.payer == who);
    match mine.map(|l| (l, l.owed)) {
        Some((_, Some(owed))) => text.push(w.with("pay-own", &[("amount", owed.to_string())])),
        Some((_, None)) => text.push(w.t("pay-soon").into_owned()),
        None => {}
    }
    if !others.is_empty() {
        text.push(w.with("pay-others", &[("roles", others.join(&w.t("list-between")))]));
    }
    if view.case.unpaid.is_some() {
        text.push(w.t("pay-waits").into_owned());
    }
    if lines.iter().any(|l| l.overdue) {
        text.push(w.t("pay-overdue").into_owned());
    }
    let title = match named {
        true => w.with("pay-title-of", &[("name", view.item.item.name.get(lang).to_owned())]),
        false => w.t("pay-title").into_owned(),
    };
    let page = mine.map(|l| l.page.clone()).filter(|page| !page.is_empty());
    Some(Beside { kind: "wait", title, text, link: page.map(|page| (page, w.t("pay-go").into_owned())) })
}

/// One side has applied and the others have not yet: until when they may, and what follows.
fn unspoken(case: &Case, lang: Lang, w: Say) -> Option<Beside> {
    let term = case.running(&procedure::TermKind::Confirmation)?;
    let open = case.parties.iter().filter(|p| p.confirmed_at.is_none());
    let names: Vec<String> = open.map(|p| format::mask_name(&p.name)).collect();
    let told = [("names", names.join(&w.t("list-between"))), ("end", format::date(lang, term.due.date))];
    Some(tell("wait", w.t("unspoken-title"), vec![w.with("unspoken-text", &told)]))
}

fn hearing(hearing: &Hearing, by: &Looking<'_>, lang: Lang, w: Say) -> Option<Beside> {
    match &hearing.stage {
        HearingStage::Offered => {
            let me = Hearing::place(by.who);
            let own = hearing.round.told.iter().find(|t| t.who == me);
            if let Some(own) = own.filter(|_| hearing.may_ask(&me, by.now)) {
                let end = format::date(lang, own.term.due.date);
                let text = vec![hearing.reason.clone(), w.with("hearing-until", &[("end", end)])];
                return Some(tell("wait", w.t("hearing-offered"), text));
            }
            // Whoever has given it up waits for the others, and is told so.
            own?;
            let text = vec![w.t("hearing-forgone").into_owned(), w.t("hearing-others").into_owned()];
            Some(tell("info", w.t("act-waive-hearing-title"), text))
        }
        HearingStage::Requested { .. } => {
            Some(tell("info", w.t("hearing-requested"), vec![w.t("hearing-comes").into_owned()]))
        }
        HearingStage::Set { on, place, chair_name, .. } => {
            let told =
                [("at", format::moment(lang, *on)), ("place", place.clone()), ("chair", chair_name.clone())];
            Some(tell("info", w.t("hearing-set"), vec![w.with("hearing-set-text", &told)]))
        }
        HearingStage::Held { .. } | HearingStage::Waived { .. } => None,
    }
}

fn stopped(case: &Case, lang: Lang, w: Say) -> Option<Beside> {
    let current = case.suspension()?;
    let mut text = vec![format!("{} · {}", current.kind.name().get(lang), current.reason)];
    if let Some(expected) = current.expected {
        text.push(w.with("stopped-until", &[("end", format::moment(lang, expected))]));
    }
    let counts = if current.kind.stops() { "stopped-clock" } else { "stopped-runs" };
    text.push(w.t(counts).into_owned());
    Some(tell("wait", w.t("stopped-title"), text))
}

fn promises(case: &Case, lang: Lang, w: Say) -> Option<Beside> {
    let open = case.promises.iter().filter(|p| p.open());
    let line = |p: &Promise| {
        let end = format::moment(lang, p.due);
        let told = [
            ("name", p.name.get(lang).to_owned()),
            ("end", end),
            ("then", p.consequence.get(lang).to_owned()),
        ];
        w.with("promise-line", &told)
    };
    let lines: Vec<String> = open.map(line).collect();
    let waits = !lines.is_empty() && !case.state.ended();
    waits.then(|| tell("wait", w.t("promise-title"), lines))
}

fn disputes(case: &Case, item: &Published, lang: Lang, w: Say) -> Option<Beside> {
    let line = |d: &Dispute| {
        let told = [("entry", labels::entry(item, &d.path, lang)), ("claim", d.claim.clone())];
        w.with("dispute-line", &told)
    };
    let open: Vec<String> = case.disputes.iter().filter(|d| d.settled.is_none()).map(line).collect();
    let waits = !open.is_empty() && !case.state.ended();
    waits.then(|| tell("info", w.t("dispute-title"), open))
}

/// Ends that are neither a grant nor a refusal: why, and what one can do.
fn unhappy(case: &Case, lang: Lang, w: Say) -> Option<Beside> {
    match &case.state {
        CaseState::Returned { reason, .. } => {
            Some(tell("bad", w.t("returned-title"), vec![reason.clone(), w.t("returned-text").into_owned()]))
        }
        CaseState::NotAccepted { reason, right_body, .. } => {
            let mut text = vec![reason.clone()];
            text.extend(
                right_body.as_ref().map(|body| w.with("not-accepted-body", &[("body", body.clone())])),
            );
            Some(tell("bad", w.t("not-accepted-title"), text))
        }
        CaseState::Lapsed { reason, .. } => {
            Some(tell("bad", w.t("lapsed-title"), vec![reason.get(lang).to_owned()]))
        }
        CaseState::Forwarded { to, reason, .. } => {
            Some(tell("info", w.with("forwarded-title", &[("to", to.clone())]), vec![reason.clone()]))
        }
        CaseState::Revoked { ground, .. } => Some(tell("bad", w.t("revoked-title"), vec![ground.clone()])),
        _ => None,
    }
}

/// A length of time in words: days from one day on, otherwise hours or minutes.
pub(super) fn span(length: Duration, w: Say) -> String {
    let minutes = length.as_secs().div_ceil(60).max(1);
    let (key, n) = match minutes {
        0..=90 => ("span-minutes", minutes),
        91..=2_160 => ("span-hours", minutes.div_ceil(60)),
        _ => ("span-days", minutes.div_ceil(1_440)),
    };
    w.with(key, &[("n", n.to_string())])
}
