//! The notices that the events of a case demand: which, to whom, and what each says. `procedure` gives number and seal.

use super::hold::{Hold, subject_of};
use crate::event::CaseEvent;
use crate::model::*;
use ::store::Cx;
use catalog::Item;
use kernel::{ActorKind, Lang, Outcome, Text, Timestamp, clock};
use procedure::wording::{Granted, Matter};
use procedure::{Frame, NewNotice, NoticeContent, RunningTerm, TermKind};

/// A notice that an event demands.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct NoticeDue {
    /// Which.
    pub kind: NoticeKind,
    /// What it says.
    pub content: NoticeContent,
}

/// Issues every notice that these events demand; a missing seal refuses the whole act.
pub(super) async fn issue_all(
    hold: &Hold,
    cx: &mut Cx,
    fresh: &[(CaseEvent, Timestamp)],
) -> Outcome<Vec<Issued>> {
    let Some(case) = &hold.case else { return Ok(Vec::new()) };
    let granted = granted(cx, case, fresh).await?;
    let due: Vec<(NoticeDue, Timestamp)> = fresh
        .iter()
        .filter_map(|(event, at)| {
            let notice = due(event, case, &hold.item.item, fresh)?;
            Some((worded(notice, event, *at, (case, granted.as_ref()), &hold.item.item), *at))
        })
        .collect();
    if due.is_empty() {
        return Ok(Vec::new());
    }
    let name = identity::agency(cx.store(), &case.agency).await?.map(|a| a.name);
    let agency_name = name.unwrap_or_else(|| Text::same(case.agency.as_str()));
    let auto = by_rule(cx, case);
    let mut issued = Vec::with_capacity(due.len());
    for (notice, at) in due {
        let kind = notice.kind;
        let new = NewNotice {
            kind,
            frame: case.frame,
            subject: subject_of(case.id).to_string(),
            reference: case.number.to_string(),
            agency: case.agency.clone(),
            agency_name: agency_name.clone(),
            addressee: case.first_party().map(|p| p.name.clone()).unwrap_or_default(),
            content: notice.content,
            at,
            auto,
        };
        let notice = procedure::issue_notice(cx, new).await?;
        issued.push(Issued { notice, kind, number: String::new(), at });
    }
    Ok(issued)
}

/// Whether a notice follows by itself: from the program's act, or from the opinion of somebody at another body, whose word decides
/// but who has no hand on this body's seal.
fn by_rule(cx: &Cx, case: &Case) -> bool {
    let own = |a: &kernel::AgencyCode| case.agency.contains(a) || a.contains(&case.agency);
    !matches!(cx.actor.kind, ActorKind::Clerk | ActorKind::Examiner)
        || cx.actor.agency.as_ref().is_some_and(|a| !own(a))
}

/// The notice that an event demands, if one: pure, so that it can be read as a table.
pub(crate) fn due(
    event: &CaseEvent,
    case: &Case,
    item: &Item,
    fresh: &[(CaseEvent, Timestamp)],
) -> Option<NoticeDue> {
    let mut content = NoticeContent { item: item.name.clone(), ..NoticeContent::default() };
    let kind = match event {
        CaseEvent::Filed(filed) => return received(filed, case, fresh, content),
        CaseEvent::Accepted { how, terms, .. } => {
            let in_writing = *how == Acceptance::ByPerson || case.frame.acceptance().is_some();
            // What is accepted and decided in one breath gets the decision only.
            if !in_writing
                || *how == Acceptance::Ordered
                || happens(fresh, |e| matches!(e, CaseEvent::Decided { .. }))
            {
                return None;
            }
            content.reckoning = reckoning(terms.iter().filter(|t| t.kind == TermKind::Statutory));
            NoticeKind::Acceptance
        }
        CaseEvent::NotAccepted { reason, right_body, remedies } => {
            content.reasons = vec![Text::same(reason.as_str())];
            let body = right_body
                .as_ref()
                .map(|b| (Text::new("应当向其申请的机关", "The body to apply to"), b.clone()));
            content.facts.extend(body);
            content.remedies.clone_from(remedies);
            NoticeKind::NotAccepted
        }
        CaseEvent::Returned { reason } => {
            content.reasons = vec![Text::same(reason.as_str())];
            NoticeKind::Returned
        }
        CaseEvent::SupplementAsked { demands, term } => {
            content.demands = demands.iter().map(|d| (label(item, &d.field), d.say.clone())).collect();
            content.reckoning = reckoning(term.iter());
            NoticeKind::Supplement
        }
        _ => return later(event, case, content),
    };
    Some(NoticeDue { kind, content })
}

fn later(event: &CaseEvent, case: &Case, mut content: NoticeContent) -> Option<NoticeDue> {
    let kind = match event {
        CaseEvent::Suspended { kind, reason, law, expected } if kind.stops() => {
            content.reasons = vec![Text::same(reason.as_str())];
            content.facts.push((Text::new("特别程序", "Procedure"), kind.name().zh));
            content.laws.extend(law.iter().cloned());
            content.reckoning = expected
                .iter()
                .flat_map(|due| lines(&due.explain(Lang::ZhCn), &due.explain(Lang::En)))
                .collect();
            NoticeKind::SpecialProcedure
        }
        CaseEvent::Extended { reason, leave, terms } => {
            content.reasons = vec![Text::same(reason.as_str())];
            content.facts.extend(leave.as_ref().map(|l| (Text::new("批准", "Leave"), l.said().zh)));
            content.reckoning = reckoning(terms.iter());
            NoticeKind::Extension
        }
        CaseEvent::HearingOffered { reason, term } => {
            content.reasons = vec![Text::same(reason.as_str())];
            content.reckoning = reckoning(std::iter::once(term));
            NoticeKind::HearingOffer
        }
        CaseEvent::HearingSet { on, place, chair_name, .. } => {
            content.facts = vec![
                (Text::new("听证时间", "Time"), page::format::moment(Lang::ZhCn, *on)),
                (Text::new("听证地点", "Place"), place.clone()),
                (Text::new("主持人", "Presiding"), chair_name.clone()),
            ];
            NoticeKind::Hearing
        }
        CaseEvent::Decided { decision, .. } => return decided(decision, case, content),
        CaseEvent::Lapsed { reason, remedies } => {
            content.reasons = vec![reason.clone()];
            content.remedies.clone_from(remedies);
            NoticeKind::Lapse
        }
        CaseEvent::Forwarded { to, reason } => {
            content.reasons = vec![Text::same(reason.as_str())];
            content.facts.push((Text::new("转报机关", "Sent to"), to.clone()));
            NoticeKind::Forwarding
        }
        CaseEvent::Revoked { ground, remedies } => {
            content.reasons = vec![Text::same(ground.as_str())];
            content.remedies.clone_from(remedies);
            NoticeKind::Revocation
        }
        _ => return None,
    };
    Some(NoticeDue { kind, content })
}

/// 收件凭证, 容缺受理告知书 or 告知承诺书; what is done on the spot needs no receipt.
fn received(
    filed: &crate::event::Filed,
    case: &Case,
    fresh: &[(CaseEvent, Timestamp)],
    mut content: NoticeContent,
) -> Option<NoticeDue> {
    if let Some(declared) = &filed.declared {
        content.paragraphs = vec![declared.obligation.clone(), declared.liability.clone()];
        return Some(NoticeDue { kind: NoticeKind::Declaration, content });
    }
    if !filed.promises.is_empty() {
        let promise = |p: &Promise| {
            (
                p.name.zh.clone(),
                format!("{}（{}）", page::format::moment(Lang::ZhCn, p.due), p.consequence.zh),
            )
        };
        content.demands = filed.promises.iter().map(promise).collect();
        content.reckoning = reckoning(case.terms.iter().filter(|t| matches!(t.kind, TermKind::Promise(_))));
        return Some(NoticeDue { kind: NoticeKind::Conditional, content });
    }
    if happens(fresh, |e| matches!(e, CaseEvent::Decided { .. })) {
        return None;
    }
    content.facts.push((Text::new("收件时间", "Received"), page::format::moment(Lang::ZhCn, case.filed_at)));
    content.reckoning = reckoning(filed.terms.iter());
    Some(NoticeDue { kind: NoticeKind::Receipt, content })
}

/// 准予 or 不予; a service that ends with a certificate says so by the certificate.
fn decided(decision: &Decision, case: &Case, mut content: NoticeContent) -> Option<NoticeDue> {
    match decision {
        Decision::Approved { reason } => {
            if matches!(case.frame, Frame::PublicService | Frame::Filing) {
                return None;
            }
            content.paragraphs.extend(reason.iter().cloned());
            Some(NoticeDue { kind: NoticeKind::Grant, content })
        }
        Decision::Refused { reason, remedies } => {
            content.reasons = vec![reason.clone()];
            content.remedies.clone_from(remedies);
            content.laws = vec![case.frame.refusal_law()];
            Some(NoticeDue { kind: NoticeKind::Refusal, content })
        }
    }
}

/// The decision that is taken back, by its own date and number: of its notice, else of the certificate that was the grant.
async fn granted(cx: &Cx, case: &Case, fresh: &[(CaseEvent, Timestamp)]) -> Outcome<Option<Granted>> {
    if !happens(fresh, |e| matches!(e, CaseEvent::Revoked { .. })) {
        return Ok(None);
    }
    let told = procedure::notices(cx.store(), &subject_of(case.id).to_string()).await?;
    let decided = told.iter().rev().filter(|line| line.kind == NoticeKind::Grant).find_map(Granted::of_line);
    if decided.is_some() {
        return Ok(decided);
    }
    let Some(first) = case.certificates.first() else { return Ok(None) };
    let certificate = certificates::get(cx.store(), *first).await?;
    Ok(certificate.map(|c| Granted::certificate(c.issued_at, &c.identifier)))
}

/// The standing words of the kind before what is said of this case; a sentence that names a day which is not set is left out.
fn worded(
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

/// What the standing words are about.
fn matter(event: &CaseEvent, at: Timestamp, case: &Case, item: &Item) -> Matter {
    let day = |at: Timestamp| Some(clock::legal_date(at));
    let mut matter = Matter { item: item.name.clone(), received: day(case.filed_at), ..Matter::default() };
    match event {
        CaseEvent::Filed(filed) => {
            matter.due = filed.promises.iter().map(|p| clock::legal_date(p.due)).min();
            matter.term = item.declaration.as_ref().map(|d| d.check_within);
        }
        CaseEvent::Accepted { terms, .. } => {
            matter.due = terms.iter().find(|t| t.kind == TermKind::Statutory).map(|t| t.due.date);
        }
        CaseEvent::NotAccepted { right_body, .. } => matter.body = right_body.as_deref().map(Text::same),
        CaseEvent::SupplementAsked { term, .. } => matter.due = term.as_ref().map(|t| t.due.date),
        CaseEvent::Suspended { kind, expected, .. } => {
            (matter.procedure, matter.received) = (Some(*kind), day(at));
            matter.term = expected.as_ref().map(|due| due.term);
        }
        CaseEvent::Extended { terms, .. } => {
            let more = case.frame.extension(case.joint);
            (matter.term, matter.body) = (more.as_ref().map(|m| m.term), more.map(|m| m.leave));
            matter.due = terms.first().map(|t| t.due.date);
            matter.before = terms.first().and_then(|t| t.earlier.last()).map(|due| due.date);
        }
        CaseEvent::HearingOffered { term, .. } => matter.due = Some(term.due.date),
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

fn happens(fresh: &[(CaseEvent, Timestamp)], what: impl Fn(&CaseEvent) -> bool) -> bool {
    fresh.iter().any(|(event, _)| what(event))
}

fn reckoning<'a>(terms: impl Iterator<Item = &'a RunningTerm>) -> Vec<Text> {
    terms.flat_map(|t| lines(&t.explain(Lang::ZhCn), &t.explain(Lang::En))).collect()
}

fn lines(zh: &[String], en: &[String]) -> Vec<Text> {
    zh.iter().zip(en).map(|(zh, en)| Text::new(zh.clone(), en.clone())).collect()
}

fn label(item: &Item, field: &str) -> String {
    let paper = field.strip_prefix("materials.").and_then(|id| item.materials.iter().find(|m| m.id == id));
    let own = paper.map(|m| m.name.zh.clone());
    own.or_else(|| item.form.field(field).map(|f| f.label.zh.clone())).unwrap_or_else(|| field.to_owned())
}
