//! The notices that the events of a case demand: which, to whom, and what each says. `procedure` gives number and seal.

use super::hold::{Hold, subject_of};
use crate::event::CaseEvent;
use crate::model::*;
use ::store::Cx;
use kernel::{ActorKind, Outcome, Text, Timestamp};
use procedure::wording::Granted;
use procedure::{NewNotice, NoticeContent, Recipient, Served};

mod about;
mod due;

use about::worded;
pub(crate) use due::due;

/// A notice that an event demands.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct NoticeDue {
    /// Which.
    pub kind: NoticeKind,
    /// What it says.
    pub content: NoticeContent,
    /// To whom, where it is no party: then a clerk serves it.
    pub to: Option<String>,
}

impl NoticeDue {
    /// A notice to the parties.
    fn new(kind: NoticeKind, content: NoticeContent) -> Self {
        Self { kind, content, to: None }
    }
}

/// Issues every notice that these events demand, and serves those whose service needs proof on everybody who agreed to be served
/// electronically; a missing seal refuses the whole act.
pub(super) async fn issue_all(
    hold: &Hold,
    cx: &mut Cx,
    fresh: &[(CaseEvent, Timestamp)],
) -> Outcome<Vec<(Issued, Vec<Served>)>> {
    let Some(case) = &hold.case else { return Ok(Vec::new()) };
    let granted = granted(cx, case, fresh).await?;
    let due: Vec<(NoticeDue, Timestamp)> = fresh
        .iter()
        .flat_map(|(event, at)| {
            due(event, case, &hold.item.item, fresh).into_iter().map(move |n| (event, n, *at))
        })
        .map(|(event, notice, at)| (worded(notice, event, at, (case, granted.as_ref()), &hold.item.item), at))
        .collect();
    if due.is_empty() {
        return Ok(Vec::new());
    }
    let name = identity::agency(cx.store(), &case.agency).await?.map(|a| a.name);
    let agency_name = name.unwrap_or_else(|| Text::same(case.agency.as_str()));
    // What a party does at a window is told as what they do by themselves: no seal of the clerk's is needed for it.
    let auto = by_rule(cx, case) || happens(fresh, |e| matches!(e, CaseEvent::SaidAtWindow(_)));
    let mut issued = Vec::with_capacity(due.len());
    for (notice, at) in due {
        let kind = notice.kind;
        let outside = notice.to.is_some();
        let parties = || case.addressees().join("、");
        let new = NewNotice {
            kind,
            frame: case.frame,
            subject: subject_of(case.id).to_string(),
            reference: case.number.to_string(),
            agency: case.agency.clone(),
            agency_name: agency_name.clone(),
            addressee: notice.to.unwrap_or_else(parties),
            content: notice.content,
            at,
            auto,
        };
        let to = if kind.proven() && !outside { reached(cx, case).await? } else { Vec::new() };
        let done = procedure::issue_and_serve(cx, new, to).await?;
        let issued_now = Issued { notice: done.notice, kind, number: done.number, outside, at };
        issued.push((issued_now, done.served));
    }
    Ok(issued)
}

/// The parties whom electronic service reaches: those who agreed to it.
async fn reached(cx: &Cx, case: &Case) -> Outcome<Vec<Recipient>> {
    let subject = subject_of(case.id).to_string();
    let mut all = Vec::new();
    for party in case.recipients() {
        if case.wants_paper(party.subject) || !procedure::agreed(cx, &subject, party.subject, cx.now).await? {
            continue;
        }
        let (party, name, way) = (party.subject, party.name.clone(), Service::Electronic);
        // It reaches them now, also where what it tells happened while the servers slept: their time begins when they can read it.
        all.push(Recipient { party, name, way, at: Some(cx.now), evidence: None });
    }
    Ok(all)
}

/// Whether a notice follows by itself: from the program's act, or from the opinion of somebody at another body, whose word decides
/// but who has no hand on this body's seal.
fn by_rule(cx: &Cx, case: &Case) -> bool {
    let own = |a: &kernel::AgencyCode| case.agency.contains(a) || a.contains(&case.agency);
    !matches!(cx.actor.kind, ActorKind::Clerk | ActorKind::Examiner)
        || cx.actor.agency.as_ref().is_some_and(|a| !own(a))
}

/// The decision that is taken back, by its own date and number: of its notice, else of the certificate that was the grant.
async fn granted(cx: &Cx, case: &Case, fresh: &[(CaseEvent, Timestamp)]) -> Outcome<Option<Granted>> {
    let undone = |e: &CaseEvent| {
        matches!(e, CaseEvent::Revoked { .. } | CaseEvent::RemedyEnded { changed: Some(_), .. })
    };
    if !happens(fresh, undone) {
        return Ok(None);
    }
    let told = procedure::notices(cx.store(), &subject_of(case.id).to_string()).await?;
    let decided = told.iter().rev().find_map(Granted::of_line);
    if decided.is_some() {
        return Ok(decided);
    }
    let Some(first) = case.certificates.first() else { return Ok(None) };
    let certificate = certificates::get(cx.store(), *first).await?;
    Ok(certificate.map(|c| Granted::certificate(c.issued_at, &c.identifier)))
}

fn happens(fresh: &[(CaseEvent, Timestamp)], what: impl Fn(&CaseEvent) -> bool) -> bool {
    fresh.iter().any(|(event, _)| what(event))
}
