//! Which notice an event demands, and what it says: pure, so that it can be read as a table.

use super::{NoticeDue, happens};
use crate::event::{CaseEvent, Heard, HearingOf};
use crate::model::*;
use catalog::Item;
use kernel::{Lang, Text, Timestamp};
use procedure::wording::moved;
use procedure::{Frame, NoticeContent, RunningTerm, TermKind};

/// The notices that an event demands: one to the parties, if any, and when a hearing is set one to each neighbour who asked for it
/// (第四十八条第一款第一项).
pub(crate) fn due(
    event: &CaseEvent,
    case: &Case,
    item: &Item,
    fresh: &[(CaseEvent, Timestamp)],
) -> Vec<NoticeDue> {
    let Some(notice) = to_parties(event, case, item, fresh) else { return Vec::new() };
    let hearing = case.hearing.as_ref().filter(|_| matches!(event, CaseEvent::HearingSet { .. }));
    let asked = hearing.into_iter().flat_map(|h| {
        let asks = |i: &&Interested| h.round.asked().any(|(who, _)| who == i.who);
        h.interested.iter().filter(asks)
    });
    let each = asked.map(|i| NoticeDue {
        kind: notice.kind,
        content: notice.content.clone(),
        to: Some(i.name.clone()),
    });
    let mut others: Vec<NoticeDue> = each.collect();
    if hearing.is_some_and(|h| h.public) {
        let (kind, content) = (NoticeKind::HearingPublic, notice.content.clone());
        others.push(NoticeDue { kind, content, to: Some("社会公众".to_owned()) });
    }
    std::iter::once(notice).chain(others).collect()
}

fn to_parties(
    event: &CaseEvent,
    case: &Case,
    item: &Item,
    fresh: &[(CaseEvent, Timestamp)],
) -> Option<NoticeDue> {
    let mut content = NoticeContent { item: item.name.clone(), ..NoticeContent::default() };
    let kind = match event {
        CaseEvent::Filed(filed) => return received(filed, case, fresh, content),
        CaseEvent::Accepted { how, terms, .. } => {
            let waits = case.promises.iter().any(Promise::open);
            let in_writing = *how == Acceptance::ByPerson || case.frame.acceptance().is_some() || waits;
            // What is accepted and decided in one breath gets the decision only.
            if !in_writing
                || *how == Acceptance::Ordered
                || happens(fresh, |e| matches!(e, CaseEvent::Decided { .. }))
            {
                return None;
            }
            content.reckoning = reckoning(terms.iter().filter(|t| t.kind == TermKind::Statutory));
            if promised(case, &mut content) {
                return Some(NoticeDue::new(NoticeKind::Conditional, content));
            }
            NoticeKind::Acceptance
        }
        CaseEvent::NotAccepted { reason, right_body, remedies, .. } => {
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
            if !on_paper(case) {
                content.reckoning = reckoning(term.iter());
            }
            NoticeKind::Supplement
        }
        CaseEvent::Suspended { .. }
        | CaseEvent::Resumed { .. }
        | CaseEvent::Extended { .. }
        | CaseEvent::HearingOffered { .. }
        | CaseEvent::HearingOf(_)
        | CaseEvent::HearingSet { .. } => return meanwhile(event, case, content),
        _ => return ended(event, (case, item), fresh, content),
    };
    Some(NoticeDue::new(kind, content))
}

/// What is told while it is examined: time that stands still or is longer, and the hearing.
fn meanwhile(event: &CaseEvent, case: &Case, mut content: NoticeContent) -> Option<NoticeDue> {
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
        // An ordinary suspension stopped nothing, so nothing goes on either.
        CaseEvent::Resumed { result, terms } if stopped(case) => {
            content.facts = moved(terms);
            content.paragraphs.extend(result.as_deref().map(Text::same));
            content.reckoning = reckoning(terms.iter());
            NoticeKind::Resumption
        }
        CaseEvent::Extended { reason, leave, terms } => {
            content.reasons = vec![Text::same(reason.as_str())];
            content.facts.extend(leave.as_ref().map(|l| (Text::new("批准", "Leave"), l.said().zh)));
            content.reckoning = reckoning(terms.iter());
            NoticeKind::Extension
        }
        CaseEvent::HearingOffered { reason, term } => {
            content.reasons = vec![Text::same(reason.as_str())];
            if !on_paper(case) {
                content.reckoning = reckoning(std::iter::once(term));
            }
            NoticeKind::HearingOffer
        }
        CaseEvent::HearingOf(HearingOf { heard: Heard::Found { name, interest, .. }, .. }) => {
            content.reasons = vec![Text::same(interest.as_str())];
            let to = Some(name.clone());
            return Some(NoticeDue { kind: NoticeKind::Interested, content, to });
        }
        CaseEvent::HearingSet { on, place, chair_name, .. } => {
            content.facts = vec![
                (Text::new("听证时间", "Time"), page::format::moment(Lang::ZhCn, *on)),
                (Text::new("听证地点", "Place"), place.clone()),
                (Text::new("主持人", "Presiding"), chair_name.clone()),
            ];
            NoticeKind::Hearing
        }
        _ => return None,
    };
    Some(NoticeDue::new(kind, content))
}

/// Whether somebody gets papers by hand: then the times in them begin on a day that is still to come.
pub(super) fn on_paper(case: &Case) -> bool {
    case.recipients().iter().any(|p| case.wants_paper(p.subject))
}

/// What is told when it is decided, ends otherwise, or is changed afterwards.
fn ended(
    event: &CaseEvent,
    (case, item): (&Case, &Item),
    fresh: &[(CaseEvent, Timestamp)],
    mut content: NoticeContent,
) -> Option<NoticeDue> {
    let kind = match event {
        // What counts as renewed is told as that.
        CaseEvent::Decided { .. } if happens(fresh, |e| matches!(e, CaseEvent::DeemedRenewed(_))) => {
            return None;
        }
        CaseEvent::Decided { decision, .. } => return decided(decision, (case, item), content),
        CaseEvent::Lapsed { reason, remedies } => {
            content.reasons = vec![reason.clone()];
            content.remedies.clone_from(remedies);
            NoticeKind::Lapse
        }
        CaseEvent::DeemedRenewed(_) => NoticeKind::DeemedRenewal,
        CaseEvent::Withdrawn { reason } => {
            content.reasons = reason.as_deref().map(Text::same).into_iter().collect();
            NoticeKind::Withdrawal
        }
        CaseEvent::Voided { reason } => {
            content.reasons = vec![Text::same(reason.as_str())];
            NoticeKind::Voided
        }
        CaseEvent::RemedyEnded { text, changed: Some(decision), .. } => {
            content.reasons = vec![Text::same(text.as_str())];
            content.facts.push((Text::new("变更为", "Changed to"), changed_to(decision)));
            content.facts.extend(amount(decision, case, item));
            NoticeKind::Changed
        }
        CaseEvent::Forwarded { to, reason } => {
            content.reasons = vec![Text::same(reason.as_str())];
            content.facts.push((Text::new("转报机关", "Sent to"), to.clone()));
            NoticeKind::Forwarding
        }
        CaseEvent::Stopped(_) | CaseEvent::Reviewed(_) => return benefit(event, content),
        CaseEvent::Revoked { ground, remedies } => {
            content.reasons = vec![Text::same(ground.as_str())];
            content.remedies.clone_from(remedies);
            NoticeKind::Revocation
        }
        _ => return None,
    };
    Some(NoticeDue::new(kind, content))
}

/// What is told of a benefit after its grant: that another amount is paid, or nothing any more. The dead are told nothing.
fn benefit(event: &CaseEvent, mut content: NoticeContent) -> Option<NoticeDue> {
    let kind = match event {
        CaseEvent::Stopped(stopped) if stopped.why != Exit::Death => {
            content.facts.push((Text::new("停发原因", "Ground"), stopped.why.name().zh));
            content.reasons = vec![Text::same(stopped.text.as_str())];
            content.remedies.clone_from(&stopped.remedies);
            NoticeKind::Stop
        }
        CaseEvent::Reviewed(Reviewed { text, amount: Some(amount), .. }) => {
            content.reasons = vec![Text::same(text.as_str())];
            content.facts.push((Text::new("核定金额", "Amount granted"), format!("{amount}元")));
            NoticeKind::Changed
        }
        _ => return None,
    };
    Some(NoticeDue::new(kind, content))
}

/// Whether the suspension that has just ended stopped the clock.
fn stopped(case: &Case) -> bool {
    case.suspensions.last().is_some_and(|s| s.kind.stops())
}

fn changed_to(decision: &Decision) -> String {
    match decision {
        Decision::Approved { .. } => "准予".to_owned(),
        Decision::Refused { reason, .. } => format!("不予（{}）", reason.zh),
    }
}

/// 收件凭证 or 告知承诺书; what is done on the spot needs no receipt.
fn received(
    filed: &crate::event::Filed,
    case: &Case,
    fresh: &[(CaseEvent, Timestamp)],
    mut content: NoticeContent,
) -> Option<NoticeDue> {
    if let Some(declared) = &filed.declared {
        content.paragraphs = vec![declared.obligation.clone(), declared.liability.clone()];
        return Some(NoticeDue::new(NoticeKind::Declaration, content));
    }
    if happens(fresh, |e| matches!(e, CaseEvent::Decided { .. })) {
        return None;
    }
    content.facts.push((Text::new("收件时间", "Received"), page::format::moment(Lang::ZhCn, case.filed_at)));
    content.reckoning = reckoning(filed.terms.iter());
    Some(NoticeDue::new(NoticeKind::Receipt, content))
}

/// 容缺受理: what is still to come, by when, and what follows; whether anything is.
fn promised(case: &Case, content: &mut NoticeContent) -> bool {
    let promise = |p: &Promise| {
        (p.name.zh.clone(), format!("{}（{}）", page::format::moment(Lang::ZhCn, p.due), p.consequence.zh))
    };
    content.demands = case.promises.iter().filter(|p| p.open()).map(promise).collect();
    let terms = case.terms.iter().filter(|t| matches!(t.kind, TermKind::Promise(_)));
    content.reckoning.extend(reckoning(terms));
    !content.demands.is_empty()
}

/// 准予 or 不予; a service that ends with a certificate says so by the certificate.
fn decided(
    decision: &Decision,
    (case, item): (&Case, &Item),
    mut content: NoticeContent,
) -> Option<NoticeDue> {
    match decision {
        Decision::Approved { reason, .. } => {
            // A service says that it is granted by its certificate, or on the case's page; whoever reads no page is told on paper.
            let shown = item.certifies() || !on_paper(case);
            if matches!(case.frame, Frame::PublicService | Frame::Filing) && shown {
                return None;
            }
            content.paragraphs.extend(reason.iter().cloned());
            content.facts.extend(amount(decision, case, item));
            Some(NoticeDue::new(NoticeKind::Grant, content))
        }
        Decision::Refused { reason, remedies } => {
            content.reasons = vec![reason.clone()];
            content.remedies.clone_from(remedies);
            content.laws = vec![case.frame.refusal_law()];
            Some(NoticeDue::new(NoticeKind::Refusal, content))
        }
    }
}

/// How much is granted, and by which line of the standard where it keeps to one.
fn amount(decision: &Decision, case: &Case, item: &Item) -> Vec<(Text, String)> {
    let Some(amount) = decision.amount() else { return Vec::new() };
    let mut facts = vec![(Text::new("核定金额", "Amount granted"), format!("{amount}元"))];
    let kept = |s: &&Step| s.discretion.amount == Some(amount) && s.discretion.deviation.is_none();
    let step = case.steps.iter().rev().filter(|s| s.passed()).find(kept);
    let line = step.and_then(|s| {
        let spec = item.process.iter().find(|spec| spec.id == s.id)?;
        spec.standard.as_ref()?.bands.iter().find(|band| s.discretion.band.as_ref() == Some(&band.id))
    });
    facts.extend(line.map(|band| (Text::new("执行标准", "Standard"), band.say.zh.clone())));
    facts
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
