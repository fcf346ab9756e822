//! Which terms begin with an act, by the frame's law and by the agency's promise.

use super::fold::pauses;
use crate::model::{Case, Suspension};
use catalog::Item;
use jiff::ToSpan as _;
use kernel::{Calendar, Term, Text, Timestamp, clock};
use procedure::{Exclusion, Extension, Frame, RunningTerm, TermKind};

/// The other parties' time to confirm where an item does not say another: no law sets one.
const CONFIRM_WITHIN: Term = Term::working_days(10);

/// What runs from receipt: the time to say whether it is accepted (行政许可法第三十二条).
pub(super) fn from_receipt(frame: Frame, at: Timestamp, calendar: &Calendar) -> Vec<RunningTerm> {
    let start = |(term, law)| RunningTerm::start(TermKind::Acceptance, at, term, Some(law), calendar);
    frame.acceptance().map(start).into_iter().collect()
}

/// What runs from acceptance: the law's term (第四十二条; joint handling, 第二十六条, has a longer one) and the promise beside it.
pub(super) fn from_acceptance(
    frame: Frame,
    item: &Item,
    at: Timestamp,
    calendar: &Calendar,
) -> Vec<RunningTerm> {
    let law = frame.decision(item.joint).map(|(_, law)| law);
    let own = [
        RunningTerm::start(TermKind::Statutory, at, item.terms.statutory, law, calendar),
        RunningTerm::start(TermKind::Promised, at, item.terms.promised, None, calendar),
    ];
    // 第四十三条: where a lower body reviews first, its time runs from its acceptance.
    let below = !item.preliminary.is_empty();
    let review = below.then(|| frame.start_preliminary_review(at, calendar)).flatten();
    own.into_iter().chain(review).collect()
}

/// What runs from a grant: the time to issue and deliver (第四十四条).
pub(super) fn from_grant(frame: Frame, at: Timestamp, calendar: &Calendar) -> Option<RunningTerm> {
    frame.issue().map(|(term, law)| RunningTerm::start(TermKind::Issue, at, term, Some(law), calendar))
}

/// What runs from a grant that rests on a declaration: the time to check it (国办发〔2020〕42号).
pub(super) fn to_check(
    case: &Case,
    item: &Item,
    granted: bool,
    at: Timestamp,
    calendar: &Calendar,
) -> Option<RunningTerm> {
    case.declared.as_ref().filter(|d| granted && d.checked.is_none())?;
    let within = item.declaration.as_ref()?.check_within;
    Some(RunningTerm::start(TermKind::Check, at, within, None, calendar))
}

/// Until when a benefit runs without another look (社会救助暂行办法第十三条: 定期核查).
pub(super) fn to_review(
    (frame, item): (Frame, &Item),
    at: Timestamp,
    calendar: &Calendar,
) -> Option<RunningTerm> {
    if !item.reviewed || !frame.pays() {
        return None;
    }
    // A benefit that rests on its own rules is looked at as often as the place looks at the others.
    let law = frame.review().map(|review| review.law);
    let months = i32::from(procedure::law::practice().review_months);
    let last = clock::legal_date(at);
    let next = last.checked_add(months.months()).ok()?;
    let term = Term::days(u32::try_from(last.until(next).ok()?.get_days()).ok()?);
    Some(RunningTerm::start(TermKind::Review, at, term, law, calendar))
}

/// The time of the other parties to confirm: an application of several is one only when all have applied (不动产登记暂行条例第十四条).
pub(super) fn to_confirm(item: &Item, at: Timestamp, calendar: &Calendar) -> RunningTerm {
    let within = item.confirm_within.unwrap_or(CONFIRM_WITHIN);
    RunningTerm::start(TermKind::Confirmation, at, within, None, calendar)
}

/// The applicant's time to supply what was asked for.
pub(super) fn to_supply(item: &Item, at: Timestamp, calendar: &Calendar) -> Option<RunningTerm> {
    let within = item.supplement_within?;
    Some(RunningTerm::start(TermKind::Supplement, at, within, None, calendar))
}

/// Every term that stands still, as it runs from now on.
pub(super) fn resumed(case: &Case, at: Timestamp, calendar: &Calendar) -> Vec<RunningTerm> {
    let still = |t: &&RunningTerm| t.runs() && pauses(&t.kind) && t.excluded.iter().any(|e| e.to.is_none());
    let go_on = |t: &RunningTerm| {
        let mut term = t.clone();
        term.resume(at, calendar);
        term
    };
    case.terms.iter().filter(still).map(go_on).collect()
}

/// The law's term with more time.
pub(super) fn extended(term: &RunningTerm, extension: Extension, calendar: &Calendar) -> RunningTerm {
    let mut term = term.clone();
    term.extend(extension, calendar);
    term
}

/// A term that begins while the case is suspended stands still from its first moment.
pub(super) fn pause_from(term: &mut RunningTerm, case: &Case, lasting: &Suspension, at: Timestamp) {
    let (kind, reason) = (lasting.kind, lasting.reason.clone());
    term.pause(Exclusion { kind, from: at, to: None, reason, law: case.frame.exclusion(kind) });
}

/// The remedies that every negative decision states, with their law.
pub(crate) fn remedies(case: &Case) -> Vec<Text> {
    let line = |r: procedure::Remedy| {
        let law = r.law.cite();
        Text::new(format!("{}（{}）。", r.say.zh, law.zh), format!("{} ({}).", r.say.en, law.en))
    };
    case.frame.remedies().into_iter().map(line).collect()
}
