//! A party cannot act any more: what they have still to do stands still, what they did stands (中止). No law on licences or
//! registrations says more; nothing that is the party's to do is taken from whoever comes after them.

use super::advance::advance;
use super::decide::{Run, said};
use super::{Command, Doer, no, terms};
use crate::event::{CaseEvent, HaltEnded};
use crate::model::*;
use kernel::{Refusal, SubjectId, Text};
use procedure::{RunningTerm, TermKind};

pub(super) fn command(run: &mut Run<'_>, case: &Case, command: &Command) -> Result<(), Refusal> {
    match command {
        Command::HaltParty { subject, cause, text } => begin(run, case, *subject, *cause, text),
        Command::EndHalt { subject, how, text } => end(run, case, *subject, how, text),
        _ => Ok(()),
    }
}

/// Refuses what is done in the name of a party who cannot act, also by whoever acted for them (民法典第一百七十三条).
pub(super) fn check(case: &Case, by: &Doer, command: &Command) -> Result<(), Refusal> {
    let speaks = match command {
        Command::SayAtWindow { found, .. } | Command::ConfirmAtWindow { found, .. } => *found,
        Command::Confirm { subject, .. } => Some(*subject),
        _ => by.subject,
    };
    match case.halts.iter().find(|h| Some(h.subject) == speaks) {
        Some(halt) => Err(no::halted(halt.cause)),
        None => Ok(()),
    }
}

fn begin(
    run: &mut Run<'_>,
    case: &Case,
    subject: SubjectId,
    cause: HaltCause,
    text: &str,
) -> Result<(), Refusal> {
    if !case.state.works() && !matches!(case.state, CaseState::Supplement { .. }) {
        return Err(no::wrong_state(&case.state, "cases.cannot-halt", "中止", "halted"));
    }
    let party = case.parties.iter().find(|p| p.subject == subject).ok_or_else(no::no_such_party)?;
    if case.halts.iter().any(|h| h.subject == subject) {
        return Err(no::halted_before(&party.name));
    }
    let ends = cause == HaltCause::Dissolved;
    if ends != matches!(subject, SubjectId::Organisation(_)) {
        return Err(no::not_of_this_kind());
    }
    let text = said(text)?;
    run.push(CaseEvent::PartyHalted(Halt { subject, cause, text, at: run.at }));
    Ok(())
}

/// The new guardian acts, somebody takes the place, or it ends without a decision.
fn end(
    run: &mut Run<'_>,
    case: &Case,
    subject: SubjectId,
    how: &HaltOutcome,
    text: &str,
) -> Result<(), Refusal> {
    let halt = case.halts.iter().find(|h| h.subject == subject).ok_or_else(no::not_halted)?;
    let text = said(text)?;
    let (how, terms) = match how {
        HaltOutcome::Ends => (HaltOutcome::Ends, Vec::new()),
        HaltOutcome::GoesOn => (HaltOutcome::GoesOn, anew(run, case)),
        HaltOutcome::TakenOver { party } => {
            if case.parties.iter().any(|p| p.subject == party.subject) {
                return Err(no::party_already(&party.name));
            }
            let old = case.parties.iter().find(|p| p.subject == subject).ok_or_else(no::no_such_party)?;
            // Where the item needs everybody's own word, it needs theirs.
            let confirmed_at = (!run.item.needs_word(&old.role)).then_some(run.at);
            let (role, share) = (old.role.clone(), old.share.clone());
            let party = Box::new(Party { role, share, confirmed_at, ..(**party).clone() });
            (HaltOutcome::TakenOver { party }, anew(run, case))
        }
    };
    let (cause, ends) = (halt.cause.name(), how == HaltOutcome::Ends);
    run.push(CaseEvent::HaltEnded(HaltEnded { subject, how, text: text.clone(), terms }));
    if ends {
        let reason = Text::new(
            format!("{}，终止办理：{text}", cause.zh),
            format!("Ended, because {}: {text}", cause.en),
        );
        run.push(CaseEvent::Lapsed { reason, remedies: terms::remedies(case) });
        return Ok(());
    }
    advance(run);
    Ok(())
}

/// What does not run out while a party is halted: the times of the applicants to do something.
pub(super) fn stands(kind: &TermKind) -> bool {
    use TermKind as K;
    matches!(kind, K::Confirmation | K::Supplement | K::Promise(_) | K::HearingRequest)
}

/// Those times from their beginning, for whoever acts now.
fn anew(run: &Run<'_>, case: &Case) -> Vec<RunningTerm> {
    let still = case.terms.iter().filter(|t| t.runs() && stands(&t.kind));
    let start =
        |t: &RunningTerm| RunningTerm::start(t.kind.clone(), run.at, t.term, t.law.clone(), run.calendar);
    still.map(start).collect()
}
