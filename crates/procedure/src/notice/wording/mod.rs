//! The standing words of every notice, in both languages: exact and short; what differs from case to case is filled in.

mod about;
mod begin;
mod end;

pub use about::{Consequence, Granted, Matter, moved};

use crate::running::day;
use crate::{Frame, Law, NoticeContent, NoticeKind, RemedyKind, SuspensionKind, law};
use jiff::civil::Date;
use kernel::{Lang, Term, Text, clock};

/// A notice's content with the standing words of its kind; facts, reasons, demands and reckoning are the caller's to add.
pub fn standard(kind: NoticeKind, frame: Frame, matter: &Matter) -> NoticeContent {
    NoticeContent {
        item: matter.item.clone(),
        paragraphs: paragraphs(kind, frame, matter),
        laws: by_law(kind, frame, matter),
        remedies: told(kind, frame, matter),
        ..NoticeContent::default()
    }
}

/// What can be done against it, sentence by sentence.
pub fn remedies(frame: Frame) -> Vec<Text> {
    lines(frame.remedies())
}

/// What can be done when the agency stays silent beyond its term, sentence by sentence; for the progress page.
pub fn against_silence(frame: Frame) -> Vec<Text> {
    lines(frame.remedies_against_silence())
}

/// What can be done against what reconsideration made of a decision, sentence by sentence.
pub fn after_reconsideration(frame: Frame) -> Vec<Text> {
    lines(frame.remedies_after_reconsideration())
}

fn lines(remedies: Vec<crate::Remedy>) -> Vec<Text> {
    let one = |r: crate::Remedy| {
        let cite = r.law.cite();
        Text::new(format!("{}（{}）", r.say.zh, cite.zh), format!("{} ({})", r.say.en, cite.en))
    };
    remedies.into_iter().map(one).collect()
}

/// Against a decision that reconsideration changed there is a suit within fifteen days; against a judgment nothing that the agency
/// could tell of.
fn told(kind: NoticeKind, frame: Frame, m: &Matter) -> Vec<Text> {
    match kind {
        NoticeKind::Changed if m.remedy == Some(RemedyKind::Reconsideration) => after_reconsideration(frame),
        _ if kind.needs_remedies() => remedies(frame),
        _ => Vec::new(),
    }
}

/// The laws of the kind; a benefit ends by the law of its reason.
fn by_law(kind: NoticeKind, frame: Frame, m: &Matter) -> Vec<Law> {
    let day = m.from.unwrap_or_default();
    match (kind, m.exit) {
        (NoticeKind::Stop, Some(exit)) => {
            frame.exit(exit, day).and_then(|rule| rule.law).into_iter().collect()
        }
        _ => laws(kind, frame),
    }
}

/// The laws that a notice of this kind rests on by its frame; the item's own come from the item.
pub fn laws(kind: NoticeKind, frame: Frame) -> Vec<Law> {
    let licence = |article| (frame == Frame::Licence).then(|| law::licensing(article));
    let law = match kind {
        NoticeKind::Receipt | NoticeKind::Acceptance => frame.acceptance().map(|(_, law)| law),
        NoticeKind::Supplement => Some(frame.supplement_law()),
        NoticeKind::NotAccepted | NoticeKind::Returned => Some(frame.not_accepted_law()),
        NoticeKind::Refusal => Some(frame.refusal_law()),
        NoticeKind::Grant => frame.grant_law(),
        NoticeKind::Extension => frame.extension(false).map(|more| more.law),
        NoticeKind::SpecialProcedure | NoticeKind::Resumption => licence(45),
        NoticeKind::Interested => frame.interested_law(),
        NoticeKind::HearingOffer => frame.hearing().map(|h| h.law),
        NoticeKind::Hearing => frame.hearing().map(|h| h.conduct),
        NoticeKind::HearingPublic => frame.public_hearing_law(),
        NoticeKind::Forwarding => frame.preliminary_review().map(|(_, law)| law),
        NoticeKind::Withdrawal => frame.withdrawal_law(),
        NoticeKind::Revocation => frame.revocation_law(),
        NoticeKind::DeemedRenewal => frame.renewal().map(|r| r.law),
        NoticeKind::Stop => frame.review().map(|r| r.law),
        NoticeKind::Lapse
        | NoticeKind::Voided
        | NoticeKind::Changed
        | NoticeKind::Conditional
        | NoticeKind::Declaration
        | NoticeKind::Service => None,
    };
    law.into_iter().collect()
}

/// A date in both languages; three dots where it is not known.
fn date(at: Option<Date>) -> Text {
    at.map_or_else(|| Text::same("……"), |d| Text::new(day(d, Lang::ZhCn), day(d, Lang::En)))
}

fn length(term: Option<Term>) -> Text {
    term.map_or_else(|| Text::same("……"), Term::text)
}

/// One paragraph with `{item}`, `{received}`, `{due}` and the others of [`Matter`] filled in.
fn fill(zh: &str, en: &str, frame: Frame, m: &Matter) -> Text {
    let procedure = m.procedure.map(SuspensionKind::name).unwrap_or_default();
    let what = super::kind::matter(frame);
    let values = [
        ("{item}", m.item.clone()),
        ("{received}", date(m.received)),
        ("{due}", date(m.due)),
        ("{before}", date(m.before)),
        ("{term}", length(m.term)),
        ("{body}", m.body.clone().unwrap_or_default()),
        ("{procedure}", procedure),
        ("{applicant}", m.applicant.as_deref().map_or_else(|| Text::same("……"), Text::same)),
        ("{at}", date(m.at.map(clock::legal_date))),
        ("{from}", date(m.from)),
        // since when the time stands still; callers that set no day of its own give the day of the act
        ("{still}", date(m.from.or(m.received))),
        ("{decide_by}", date(m.decide_by)),
        ("{remedy}", m.remedy.map_or_else(|| Text::same("……"), RemedyKind::name)),
        ("{granted_on}", date(m.granted.as_ref().map(Granted::on))),
        ("{granted_number}", m.granted.as_ref().map_or_else(|| Text::same("……"), |g| Text::same(g.number()))),
        ("{what}", Text::new(what.0, what.1)),
    ];
    let mut out = Text::new(zh, en);
    for (key, value) in values {
        out.zh = out.zh.replace(key, &value.zh);
        out.en = out.en.replace(key, &value.en);
    }
    out
}

/// The body of a notice of this kind.
fn paragraphs(kind: NoticeKind, frame: Frame, m: &Matter) -> Vec<Text> {
    use NoticeKind as K;
    match kind {
        K::Receipt | K::Acceptance | K::Supplement | K::Conditional => begin::beginning(kind, frame, m),
        K::NotAccepted | K::Returned | K::Forwarding => begin::turned(kind, frame, m),
        K::SpecialProcedure | K::Resumption | K::Extension => begin::time(kind, frame, m),
        K::Interested | K::HearingOffer | K::Hearing | K::HearingPublic => begin::hearing(kind, frame, m),
        K::Grant | K::Refusal | K::Revocation => end::decision(kind, frame, m),
        K::Changed | K::DeemedRenewal | K::Stop => end::afterwards(kind, frame, m),
        K::Lapse | K::Withdrawal | K::Voided => end::ended(kind, frame, m),
        K::Declaration => begin::declaration(frame, m),
        K::Service => Vec::new(),
    }
}
