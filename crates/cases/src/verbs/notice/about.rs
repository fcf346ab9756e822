//! What the standing words of a notice are about: the dates, bodies and numbers of this case.

use super::NoticeDue;
use super::due::on_paper;
use crate::event::CaseEvent;
use crate::model::*;
use catalog::Item;
use kernel::{Text, Timestamp, clock};
use procedure::TermKind;
use procedure::wording::{Granted, Matter};

/// The standing words of the kind before what is said of this case; a sentence that names a day which is not set is left out.
pub(super) fn worded(
    mut notice: NoticeDue,
    event: &CaseEvent,
    at: Timestamp,
    (case, granted): (&Case, Option<&Granted>),
    item: &Item,
) -> NoticeDue {
    let mut matter = matter(event, at, case, item);
    matter.granted = granted.cloned();
    let standing = procedure::wording::standard(notice.kind, case.frame, &matter);
    let own = std::mem::take(&mut notice.content.paragraphs);
    let known = standing.paragraphs.into_iter().filter(|p| !p.zh.contains("……"));
    notice.content.paragraphs = known.chain(own).collect();
    notice
}

/// A day, or so many days from the service where that is still to come.
fn to_supply(matter: &mut Matter, term: &procedure::RunningTerm, paper: bool) {
    if paper { matter.term = Some(term.term) } else { matter.due = Some(term.due.date) }
}

/// What the standing words are about.
fn matter(event: &CaseEvent, at: Timestamp, case: &Case, item: &Item) -> Matter {
    let day = |at: Timestamp| Some(clock::legal_date(at));
    let mut matter = Matter { item: item.name.clone(), received: day(case.filed_at), ..Matter::default() };
    match event {
        CaseEvent::Filed(_) => {
            matter.term = item.declaration.as_ref().map(|d| d.check_within);
        }
        CaseEvent::Accepted { terms, .. } => {
            matter.due = terms.iter().find(|t| t.kind == TermKind::Statutory).map(|t| t.due.date);
            let open = case.promises.iter().filter(|p| p.open());
            if let Some(first) = open.min_by_key(|p| p.due) {
                matter.decide_by = matter.due.replace(clock::legal_date(first.due));
                matter.consequence = Some(first.then);
            }
        }
        CaseEvent::NotAccepted { right_body, .. } => matter.body = right_body.as_deref().map(Text::same),
        CaseEvent::SupplementAsked { term: Some(term), .. } => to_supply(&mut matter, term, on_paper(case)),
        CaseEvent::Suspended { kind, expected, .. } => {
            (matter.procedure, matter.received) = (Some(*kind), day(at));
            matter.term = expected.as_ref().map(|due| due.term);
        }
        CaseEvent::Resumed { terms, .. } => {
            let law = terms.iter().find(|t| t.kind == TermKind::Statutory);
            (matter.procedure, matter.at) = (case.suspensions.last().map(|s| s.kind), Some(at));
            matter.due = law.map(|t| t.due.date);
            matter.before = law.and_then(|t| t.earlier.last()).map(|due| due.date);
        }
        CaseEvent::Stopped(stopped) => {
            (matter.exit, matter.from) = (Some(stopped.why), Some(stopped.from));
        }
        CaseEvent::Reviewed(_) => matter.at = Some(at),
        CaseEvent::DeemedRenewed(new) => (matter.from, matter.due) = (Some(new.from), Some(new.to)),
        CaseEvent::Withdrawn { .. } => matter.at = Some(at),
        CaseEvent::RemedyEnded { remedy, .. } => {
            matter.at = Some(at);
            matter.remedy = case.remedies.iter().find(|r| r.remedy == *remedy).map(|r| r.kind);
        }
        CaseEvent::Extended { terms, .. } => {
            let more = case.frame.extension(case.joint);
            (matter.term, matter.body) = (more.as_ref().map(|m| m.term), more.map(|m| m.leave));
            matter.due = terms.first().map(|t| t.due.date);
            matter.before = terms.first().and_then(|t| t.earlier.last()).map(|due| due.date);
        }
        CaseEvent::HearingOffered { term, .. } if !on_paper(case) => matter.due = Some(term.due.date),
        CaseEvent::HearingOffered { .. } | CaseEvent::HearingOf(_) => {
            matter.term = case.frame.hearing().map(|h| h.request);
            matter.applicant = case.first_party().map(|p| p.name.clone());
        }
        CaseEvent::HearingSet { on, place, chair_name, .. } => {
            matter.at = Some(*on);
            (matter.place, matter.chair) = (Some(place.clone()), Some(chair_name.clone()));
        }
        CaseEvent::Decided { term, .. } => matter.due = term.as_ref().map(|t| t.due.date),
        CaseEvent::Forwarded { to, .. } => matter.body = Some(Text::same(to.as_str())),
        _ => {}
    }
    matter
}
