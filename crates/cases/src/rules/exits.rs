//! Every other way out: certified, served, closed; withdrawn, forwarded, void, revoked; and what is noted on the way.

use super::decide::{Run, said};
use super::party::unspoken;
use super::{Command, hearing, no, terms};
use crate::event::{CaseEvent, NoticeServed, WithdrawalSought};
use crate::model::*;
use kernel::{Refusal, SubjectId, Text, Timestamp, clock};
use procedure::{NoticeKind, RunningTerm, TermKind};

pub(super) fn command(run: &mut Run<'_>, case: &Case, command: &Command) -> Result<(), Refusal> {
    match command {
        Command::Certify { certificates } => certify(run, case, certificates),
        Command::Deliver { service, effective_at } => deliver(run, case, service, *effective_at),
        Command::Close => close(run, case),
        Command::Withdraw { reason } => withdraw(run, case, reason.as_deref()),
        Command::Forward { to, reason } => forward(run, case, to, reason),
        Command::Void { reason } => void(run, case, reason),
        Command::Revoke { ground } => revoke_by_head(run, case, ground),
        Command::Issued { issued, seal } => {
            let (notice, kind, number) = (issued.notice, issued.kind, issued.number.clone());
            let (outside, seal) = (issued.outside, seal.clone());
            run.push(CaseEvent::NoticeIssued { notice, kind, number, outside, seal });
            Ok(())
        }
        Command::Serve { notice, way, effective_at, party } => {
            if notice.is_some_and(|n| case.notices.iter().all(|i| i.notice != n)) {
                return Err(no::no_such_notice());
            }
            let (notice, way, effective_at, party) = (*notice, way.clone(), *effective_at, *party);
            let term = supply_from(run, case, (notice, party), effective_at);
            run.push(CaseEvent::Served(NoticeServed { notice, way, effective_at, party, term }));
            if let (Some(notice), Some(party)) = (notice, party) {
                hearing::served(run, case, (notice, party), effective_at);
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

/// The time to supply what was asked for begins when whoever is to supply it was told (行政许可法第三十二条: 告知): by post on the day
/// of the signature, at a window on the day it was handed over. None where it began then already, or this is a second service.
fn supply_from(
    run: &Run<'_>,
    case: &Case,
    (notice, party): (Option<NoticeId>, Option<SubjectId>),
    from: Timestamp,
) -> Option<RunningTerm> {
    let waits = |(i, p): (&Issued, &Party)| {
        i.kind == NoticeKind::Supplement && Some(i.notice) == notice && Some(p.subject) == party
    };
    let asked = case.unserved().any(waits) && (case.filer().is_none() || case.filer() == party);
    let term = case.running(&TermKind::Supplement).filter(|t| asked && t.from < from)?;
    Some(RunningTerm::start(TermKind::Supplement, from, term.term, term.law.clone(), run.calendar))
}

/// 制证 (行政许可法第三十九条).
fn certify(run: &mut Run<'_>, case: &Case, certificates: &[CertificateId]) -> Result<(), Refusal> {
    match &case.state {
        CaseState::Decided { decision, .. } if decision.approved() && !certificates.is_empty() => {
            run.push(CaseEvent::Certified { certificates: certificates.to_vec() });
            Ok(())
        }
        state => Err(no::wrong_state(state, "cases.cannot-certify", "制证", "given a certificate")),
    }
}

/// 送达: within ten working days of a grant (第四十四条); the time for remedies runs from it (行政复议法第二十条).
fn deliver(
    run: &mut Run<'_>,
    case: &Case,
    service: &Service,
    effective_at: Option<Timestamp>,
) -> Result<(), Refusal> {
    match &case.state {
        CaseState::Decided { decision, .. } if decision.approved() && run.item.certifies() => {
            Err(no::certificate_missing())
        }
        // The decision is served when it is served on everybody: each one's time begins on their own day.
        _ if case.unserved().any(|(notice, _)| notice.kind.decides()) => Err(no::not_served_on_all(case)),
        CaseState::Decided { .. } | CaseState::Certified { .. } => {
            let from = effective_at.unwrap_or(run.at);
            let kind = TermKind::Remedy;
            // Calendar days from the day of service, whatever the hour: office hours bind the body, not the person.
            let due = run.calendar.due_from_date(clock::legal_date(from), procedure::law::RECONSIDERATION);
            let law = Some(procedure::law::reconsideration(20));
            let term = RunningTerm::start(kind, from, procedure::law::RECONSIDERATION, law, run.calendar);
            let remedy = Some(RunningTerm { due, ..term });
            run.push(CaseEvent::Delivered { service: service.clone(), effective_at, remedy });
            Ok(())
        }
        state => Err(no::wrong_state(state, "cases.cannot-deliver", "送达", "served")),
    }
}

/// 办结.
fn close(run: &mut Run<'_>, case: &Case) -> Result<(), Refusal> {
    match &case.state {
        CaseState::Delivered { .. } => {
            run.push(CaseEvent::Closed);
            Ok(())
        }
        state => Err(no::wrong_state(state, "cases.cannot-close", "办结", "closed")),
    }
}

/// 撤回: the applicant may at any time before the decision (for registration: before the entry, 不动产登记暂行条例第十五条). What
/// several applied for together is taken back by all of them (实施细则第十三条: 全体申请人); before it is an application of all,
/// whoever made it may drop it.
fn withdraw(run: &mut Run<'_>, case: &Case, reason: Option<&str>) -> Result<(), Refusal> {
    if !case.state.works() && !matches!(case.state, CaseState::Supplement { .. }) {
        return Err(no::wrong_state(&case.state, "cases.cannot-withdraw", "撤回", "withdrawn"));
    }
    let reason = reason.map(str::trim).filter(|r| !r.is_empty()).map(str::to_owned);
    let Some(by) = run.by.subject.filter(|_| !unspoken(run.item, &case.parties)) else {
        run.push(CaseEvent::Withdrawn { reason });
        return Ok(());
    };
    let all = case.applicants(run.item);
    if !all.contains(&by) {
        return Err(no::applicants_withdraw());
    }
    if case.withdrawing.contains(&by) {
        return Err(no::withdrawal_sought());
    }
    if all.iter().any(|a| *a != by && !case.withdrawing.contains(a)) {
        run.push(CaseEvent::WithdrawalSought(WithdrawalSought { by, reason }));
        return Ok(());
    }
    run.push(CaseEvent::Withdrawn { reason });
    Ok(())
}

/// 转报: the lower body has reviewed it and sends it up, with all its papers (行政许可法第四十三条).
fn forward(run: &mut Run<'_>, case: &Case, to: &str, reason: &str) -> Result<(), Refusal> {
    if !case.state.works() {
        return Err(no::wrong_state(&case.state, "cases.cannot-forward", "转报", "sent on"));
    }
    special_first(case)?;
    let (to, reason) = (said(to)?, said(reason)?);
    run.push(CaseEvent::Forwarded { to, reason });
    Ok(())
}

/// A special procedure is ended before the case is (业务规范: 特别程序须先结束).
fn special_first(case: &Case) -> Result<(), Refusal> {
    if case.suspension().is_some_and(|s| s.kind.stops()) { Err(no::special_first()) } else { Ok(()) }
}

/// 作废: what should never have been a case; by the head, with the reason, before anything is decided.
fn void(run: &mut Run<'_>, case: &Case, reason: &str) -> Result<(), Refusal> {
    if !case.state.works() && !matches!(case.state, CaseState::Supplement { .. }) {
        return Err(no::wrong_state(&case.state, "cases.cannot-void", "作废", "struck out"));
    }
    if !run.by.head {
        return Err(no::head_only(&Text::new("本行政机关负责人", "the head of the agency")));
    }
    let reason = said(reason)?;
    run.push(CaseEvent::Voided { reason });
    Ok(())
}

/// 撤销: by the body that granted it or the one above it, on the law's grounds (行政许可法第六十九条).
fn revoke_by_head(run: &mut Run<'_>, case: &Case, ground: &str) -> Result<(), Refusal> {
    if case.state.decision().is_none_or(|d| !d.approved()) {
        return Err(no::wrong_state(&case.state, "cases.cannot-revoke", "撤销", "taken back"));
    }
    if !run.by.head {
        return Err(no::head_only(&Text::new("本行政机关负责人", "the head of the agency")));
    }
    revoke(run, said(ground)?)
}

pub(super) fn revoke(run: &mut Run<'_>, ground: String) -> Result<(), Refusal> {
    let Some(remedies) = run.case.as_ref().map(terms::remedies) else { return Ok(()) };
    run.push(CaseEvent::Revoked { ground, remedies });
    Ok(())
}
