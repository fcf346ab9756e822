//! The one decision: from every state, every command has its events or a clear refusal.

use super::{
    Act, Command, Doer, accept, apply, benefit, body, examine, exits, fees, file, halt, hearing, move_on, no,
    party, relied, remedy, sibling, suspend, sweep, tasks,
};
use crate::event::CaseEvent;
use crate::model::*;
use catalog::Item;
use kernel::{Calendar, Refusal, Timestamp};

/// How much earlier than now something may have happened without counting as late.
const LATE_AFTER_SECONDS: i64 = 600;

/// The events that `act` brings about in `case` (none yet: an application), or why not.
///
/// # Errors
/// A refusal that says what is wrong and what to do.
pub fn decide(
    case: Option<&Case>,
    act: &Act,
    now: Timestamp,
    calendar: &Calendar,
    item: &Item,
) -> Result<Vec<CaseEvent>, Refusal> {
    check_time(case, act, now)?;
    let by = &act.by;
    let mut run = Run { case: case.cloned(), events: Vec::new(), at: act.at, calendar, item, by };
    match (case, &act.command) {
        (None, Command::File(application)) => file::file(&mut run, application, act)?,
        (None, _) => return Err(no::not_filed()),
        (Some(_), Command::File(_)) => return Err(no::already_filed()),
        (Some(case), command) => {
            body::check(case, item, by.agency.as_ref(), command)?;
            halt::check(case, by, command)?;
            if let Some(late) = &act.late {
                run.push(CaseEvent::RecordedLate { late: late.clone() });
            }
            match command {
                Command::SayAtWindow { found, act, witness, does } => {
                    party::say_at_window(&mut run, case, (*found, act), witness)?;
                    // From here on it is the party who acts.
                    let own = Doer { account: by.account, subject: *found, ..Doer::default() };
                    let mut theirs = Run { by: &own, ..run };
                    let case = theirs.case.clone().unwrap_or_else(|| case.clone());
                    party::theirs(does)?;
                    known(&mut theirs, &case, does)?;
                    return Ok(theirs.events);
                }
                command => known(&mut run, case, command)?,
            }
        }
    }
    Ok(run.events)
}

/// A decision under way: the case as it stands after the events so far.
pub(super) struct Run<'a> {
    pub case: Option<Case>,
    pub events: Vec<CaseEvent>,
    pub at: Timestamp,
    pub calendar: &'a Calendar,
    pub item: &'a Item,
    pub by: &'a Doer,
}

impl Run<'_> {
    /// Adds an event and moves the case on; an event that does not fit the history is a mistake of these rules and is
    /// left out by the fold in the same way, so the two never differ.
    pub fn push(&mut self, event: CaseEvent) {
        if let Ok(case) = apply(self.case.take(), &event, self.at) {
            self.case = Some(case);
            self.events.push(event);
        }
    }

    /// The step as the item describes it.
    pub fn spec(&self, id: &str) -> Option<&catalog::Step> {
        self.item.process.iter().find(|s| s.id == id)
    }
}

fn check_time(case: Option<&Case>, act: &Act, now: Timestamp) -> Result<(), Refusal> {
    if act.at > now {
        return Err(no::in_future());
    }
    let earlier = now.as_microsecond() - act.at.as_microsecond();
    let dated_itself = matches!(act.command, Command::Pass);
    if earlier > LATE_AFTER_SECONDS * 1_000_000 && act.late.is_none() && !dated_itself {
        return Err(no::late_needs_reason());
    }
    match case {
        Some(case) if act.at < case.filed_at => Err(no::before_filing()),
        _ => Ok(()),
    }
}

/// A reason that must be given, without the blanks around it.
pub(super) fn said(reason: &str) -> Result<String, Refusal> {
    let reason = reason.trim();
    if reason.is_empty() { Err(no::reason_missing()) } else { Ok(reason.to_owned()) }
}

fn known(run: &mut Run<'_>, case: &Case, command: &Command) -> Result<(), Refusal> {
    use Command as C;
    match command {
        C::File(_) => Err(no::already_filed()),
        C::SayAtWindow { .. } => Err(no::not_so_at_window()),
        C::Learn { facts } => file::learn(run, case, facts),
        C::Precheck { .. }
        | C::Accept
        | C::NotAccept { .. }
        | C::Return { .. }
        | C::AskSupplement { .. }
        | C::Supplement { .. } => accept::command(run, case, command),
        C::Approve { .. } | C::Refuse { .. } | C::Report { .. } | C::Visit { .. } => {
            examine::command(run, case, command)
        }
        C::Claim { .. }
        | C::Release { .. }
        | C::HandOver { .. }
        | C::Recall { .. }
        | C::SendBack { .. }
        | C::TakeBack { .. } => tasks::command(run, case, command),
        C::Suspend { .. } | C::Resume { .. } | C::Extend { .. } => suspend::command(run, case, command),
        C::OfferHearing { .. }
        | C::OrderHearing { .. }
        | C::FindInterested { .. }
        | C::TellInterested { .. }
        | C::AnswerOfInterested { .. }
        | C::RequestHearing
        | C::WaiveHearing
        | C::SetHearing { .. }
        | C::RecordHearing { .. } => hearing::command(run, case, command),
        C::Confirm { .. }
        | C::ConfirmAtWindow { .. }
        | C::KeepPromise { .. }
        | C::CheckDeclaration { .. }
        | C::Dispute { .. }
        | C::SettleDispute { .. }
        | C::SeePaper { .. }
        | C::Object { .. }
        | C::WantPaper { .. }
        | C::WantPerson { .. } => party::command(run, case, command),
        C::OpenRemedy { .. } | C::EndRemedy { .. } => remedy::command(run, case, command),
        C::Sibling { .. } => sibling::command(run, case, command),
        C::Pass => sweep::pass(run, case),
        C::MoveOn { to, from, agencies } => move_on::move_on(run, case, (*to, *from), agencies),
        C::Review { .. } | C::StopBenefit { .. } => benefit::command(run, case, command),
        C::HaltParty { .. } | C::EndHalt { .. } => halt::command(run, case, command),
        C::ReliedChanged { .. } => relied::changed(run, case, command),
        C::FeesTold(told) => {
            fees::told(run, case, told);
            Ok(())
        }
        _ => exits::command(run, case, command),
    }
}
