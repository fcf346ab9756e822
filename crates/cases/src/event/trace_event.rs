//! How events stand in the trace: their words, and how those of earlier versions are read.

use super::CaseEvent;
use kernel::Fault;
use serde_json::{Value, json};

impl CaseEvent {
    /// Whether it ends a case otherwise than by closing it.
    pub(crate) fn ends_otherwise(&self) -> bool {
        matches!(
            self,
            Self::NotAccepted { .. }
                | Self::Returned { .. }
                | Self::Withdrawn { .. }
                | Self::Lapsed { .. }
                | Self::Forwarded { .. }
                | Self::Voided { .. }
                | Self::Revoked { .. }
        )
    }

    /// The words of what comes from other cases and other bodies, and of what is told.
    fn told_elsewhere(&self) -> &'static str {
        match self {
            Self::SiblingGranted { .. } => "sibling_granted",
            Self::SiblingOwes { .. } => "sibling_owes",
            Self::SiblingEnded(_) => "sibling_ended",
            Self::SaidAtWindow(_) => "said_at_window",
            Self::RemedyOpened { .. } => "remedy_opened",
            Self::RemedyEnded { .. } => "remedy_ended",
            Self::Reopened(_) => "reopened",
            Self::Served(_) => "served",
            Self::DeemedRenewed(_) => "deemed_renewed",
            Self::SentUp => "sent_up",
            Self::SeatRecalled(_) => "seat_recalled",
            Self::TakenBack(_) => "taken_back",
            Self::HearingOrdered(_) => "hearing_ordered",
            Self::Reviewed(_) => "reviewed",
            Self::Stopped(_) => "stopped",
            Self::PartyHalted(_) => "party_halted",
            Self::HaltEnded(_) => "halt_ended",
            Self::WithdrawalSought(_) => "withdrawal_sought",
            Self::ReliedChanged(_) => "relied_changed",
            Self::PaperWanted(_) => "paper_wanted",
            Self::FeesOwed(_) => "fees_owed",
            Self::PaymentAwaited(wait) if wait.waits => "payment_awaited",
            Self::PaymentAwaited(_) => "payment_came",
            Self::FeesTold(told) if told.cancelled => "fees_called_off",
            Self::FeesTold(told) if told.settled => "fees_settled",
            Self::FeesTold(told) if told.overdue => "fees_overdue",
            Self::FeesTold(_) => "fees_billed",
            _ => "notice_issued",
        }
    }

    /// The stable word for the trace.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Filed(_) => "filed",
            Self::Imported(_) => "imported",
            Self::ImportedAct(_) => "imported_act",
            Self::RecordedLate { .. } => "recorded_late",
            Self::FactsSeen { .. } => "facts_seen",
            Self::Accepted { .. } => "accepted",
            Self::NotAccepted { .. } => "not_accepted",
            Self::Returned { .. } => "returned",
            Self::StepHeld { .. } => "step_held",
            Self::StepOpened { .. } => "step_opened",
            Self::StepPassed { .. } => "step_passed",
            Self::StepFailed { .. } => "step_failed",
            Self::SeatSigned(_) => "seat_signed",
            Self::TaskClaimed { .. } => "task_claimed",
            Self::TaskReleased { .. } => "task_released",
            Self::TaskHandedOver { .. } => "task_handed_over",
            Self::StepRecalled { .. } => "step_recalled",
            Self::SentBack(_) => "sent_back",
            Self::Visited { .. } => "visited",
            Self::StepSkipped { .. } => "step_skipped",
            Self::SupplementAsked { .. } => "supplement_asked",
            Self::Supplemented { .. } => "supplemented",
            Self::Suspended { .. } => "suspended",
            Self::Resumed { .. } => "resumed",
            Self::Extended { .. } => "extended",
            Self::HearingOffered { .. } => "hearing_offered",
            Self::HearingRequested { .. } => "hearing_requested",
            Self::HearingWaived { .. } => "hearing_waived",
            Self::HearingOf(of) => of.heard.word(),
            Self::HearingSet { .. } => "hearing_set",
            Self::HearingHeld { .. } => "hearing_held",
            Self::PartyConfirmed { .. } => "party_confirmed",
            Self::AllConfirmed { .. } => "all_confirmed",
            Self::PromiseKept { .. } => "promise_kept",
            Self::PromiseBroken { .. } => "promise_broken",
            Self::DeclarationChecked { .. } => "declaration_checked",
            Self::Disputed { .. } => "disputed",
            Self::DisputeSettled { .. } => "dispute_settled",
            Self::PaperSeen { .. } => "paper_seen",
            Self::Objected { .. } => "objected",
            Self::PersonWanted(_) => "person_wanted",
            Self::TermPassed { .. } => "term_passed",
            Self::Lapsed { .. } => "lapsed",
            Self::Forwarded { .. } => "forwarded",
            Self::Voided { .. } => "voided",
            Self::Revoked { .. } => "revoked",
            Self::MovedOn(_) => "moved_on",
            Self::Decided { .. } => "decided",
            Self::Certified { .. } => "certified",
            Self::Delivered { .. } => "delivered",
            Self::Closed => "closed",
            Self::Withdrawn { .. } => "withdrawn",
            other => other.told_elsewhere(),
        }
    }
}

impl trace::Event for CaseEvent {
    const VERSION: i64 = 2;

    fn kind(&self) -> &'static str {
        self.word()
    }

    /// Version 1 knew one task for each step, and service as a bare word.
    fn upgrade(v: i64, mut body: Value) -> Result<Value, Fault> {
        match v {
            2 => Ok(body),
            1 => {
                if body["event"] == "step_opened" {
                    let seat = json!({"task": body["task"], "agency": body["agency"]});
                    body["seats"] = json!([seat]);
                }
                if body["event"] == "delivered" && body["service"] == "electronic" {
                    body["service"] = serde_json::to_value(procedure::Way::Electronic)
                        .map_err(|e| Fault::from("reading an old event", e))?;
                }
                Ok(body)
            }
            _ => Err(Fault::new(format!("event version {v} cannot be read"))),
        }
    }
}

impl CaseEvent {
    /// Who wrote it down at a window, where a party stood there.
    pub fn witness(&self) -> Option<&crate::model::Witness> {
        match self {
            Self::PartyConfirmed { witness, .. } => witness.as_ref(),
            Self::SaidAtWindow(said) => Some(&said.witness),
            _ => None,
        }
    }
}
