//! What the body responsible owes beside the tasks of the steps, so that nothing waits in no list: told from the case alone.

use crate::model::*;
use kernel::Timestamp;
use procedure::TermKind;

/// Something to be done that is no step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum DutyKind {
    /// Somebody who is no party was found concerned: they are to be told of the right to be heard (第三十六条、第四十七条).
    TellInterested,
    /// A hearing was asked for: its day is to be set and announced (行政许可法第四十八条第一款第一项).
    SetHearing,
    /// The day of the hearing: its record is to be made (第四十八条第一款第五项).
    RecordHearing,
    /// A notice did not reach a party by itself: it is to be served (decisions within ten days, 第四十四条).
    Serve,
    /// What was declared is to be checked (国办发〔2020〕42号).
    CheckDeclaration,
    /// The applicant says that a register errs: somebody is to look at the proof.
    SettleDispute,
    /// A reconsideration or a suit is under way: its outcome is to be recorded.
    Remedy,
}

impl DutyKind {
    /// Every kind.
    pub const ALL: [Self; 7] = [
        Self::TellInterested,
        Self::SetHearing,
        Self::RecordHearing,
        Self::Serve,
        Self::CheckDeclaration,
        Self::SettleDispute,
        Self::Remedy,
    ];

    /// The stable word for rows, pages and the API.
    pub fn word(self) -> &'static str {
        match self {
            Self::TellInterested => "tell_interested",
            Self::SetHearing => "set_hearing",
            Self::RecordHearing => "record_hearing",
            Self::Serve => "serve",
            Self::CheckDeclaration => "check_declaration",
            Self::SettleDispute => "settle_dispute",
            Self::Remedy => "remedy",
        }
    }
}

/// A duty with since when and until when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Duty {
    /// What.
    pub kind: DutyKind,
    /// Since when.
    pub since: Timestamp,
    /// Until when; none where no law sets a term.
    pub due: Option<Timestamp>,
}

/// What is owed in this case now.
pub fn duties(case: &Case) -> Vec<Duty> {
    let mut all = Vec::new();
    let end = |kind: &TermKind| case.running(kind).and_then(|t| t.deadline());
    if let (Some(hearing), false) = (&case.hearing, case.state.ended()) {
        if let Some(since) = hearing.untold().map(|i| i.at).min() {
            all.push(Duty { kind: DutyKind::TellInterested, since, due: None });
        }
        match &hearing.stage {
            HearingStage::Requested { at } => {
                let due = end(&TermKind::HearingHold);
                all.push(Duty { kind: DutyKind::SetHearing, since: *at, due });
            }
            HearingStage::Set { at, on, .. } => {
                all.push(Duty { kind: DutyKind::RecordHearing, since: *at, due: Some(*on) });
            }
            _ => {}
        }
    }
    let waits = matches!(case.state, CaseState::Decided { .. } | CaseState::Certified { .. });
    let decided = waits.then(|| case.state.since());
    // What is told in writing and has not reached somebody, or a result without a notice that somebody wants on paper.
    if let Some(since) = case.unserved().map(|(notice, _)| notice.at).min().or(decided) {
        all.push(Duty { kind: DutyKind::Serve, since, due: end(&TermKind::Issue) });
    }
    let granted = case.state.decision().is_some_and(Decision::approved);
    let check = case.running(&TermKind::Check).filter(|_| granted);
    all.extend(check.map(|term| Duty {
        kind: DutyKind::CheckDeclaration,
        since: term.from,
        due: term.deadline(),
    }));
    let disputed = case.disputes.iter().filter(|d| d.settled.is_none()).map(|d| d.at).min();
    if let (Some(since), false) = (disputed, case.state.ended()) {
        all.push(Duty { kind: DutyKind::SettleDispute, since, due: None });
    }
    let remedy = case.remedies.iter().filter(|r| r.ended.is_none()).map(|r| r.filed_at).min();
    all.extend(remedy.map(|since| Duty { kind: DutyKind::Remedy, since, due: None }));
    all
}
