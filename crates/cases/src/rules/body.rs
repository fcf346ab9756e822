//! Whose act it is: what concerns the whole case is for the body that is responsible for it, or that accepts it for that body;
//! whoever only gives an opinion has a say about their own step (行政许可法第二十三、二十四、三十二条).

use super::Command;
use super::no;
use crate::model::*;
use catalog::Item;
use kernel::{AgencyCode, Refusal};

/// Who may do something with a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Whose {
    /// Whoever has the task, or no staff at all: checked elsewhere.
    Other,
    /// The body responsible, or the one that accepts for it.
    Acceptor,
    /// Those, or whoever has an open task in the case.
    Seated,
    /// Those, or whoever takes the step that is public.
    Publisher,
    /// The body responsible, the one that accepts for it, or the windows where it was filed.
    Taker,
    /// The body responsible alone.
    Body,
}

fn whose(command: &Command) -> Whose {
    use Command as C;
    match command {
        C::Precheck { .. } | C::Accept | C::NotAccept { .. } | C::Return { .. } | C::AskSupplement { .. } => {
            Whose::Acceptor
        }
        // One word counts in the whole matter: in the other cases it is passed on by the program.
        C::ConfirmAtWindow { witness, .. } if witness.through.is_none() => Whose::Acceptor,
        C::SayAtWindow { does, .. } if takes_in(does) => Whose::Taker,
        C::SayAtWindow { .. } => Whose::Acceptor,
        C::SeePaper { .. } | C::SettleDispute { .. } => Whose::Seated,
        C::Object { .. } => Whose::Publisher,
        C::Suspend { .. }
        | C::Resume { .. }
        | C::Extend { .. }
        | C::OfferHearing { .. }
        | C::FindInterested { .. }
        | C::TellInterested { .. }
        | C::AnswerOfInterested { .. }
        | C::SetHearing { .. }
        | C::RecordHearing { .. }
        | C::CheckDeclaration { .. }
        | C::TakeBack { .. }
        | C::OrderHearing { .. }
        | C::Review { .. }
        | C::StopBenefit { .. }
        | C::HaltParty { .. }
        | C::EndHalt { .. }
        | C::Deliver { .. }
        | C::Serve { .. }
        | C::Forward { .. }
        | C::Void { .. }
        | C::Revoke { .. }
        | C::OpenRemedy { .. }
        | C::EndRemedy { .. } => Whose::Body,
        _ => Whose::Other,
    }
}

/// What the windows where a case was filed take in from whoever stands there: what was asked for, and the wish for paper.
fn takes_in(does: &Command) -> bool {
    matches!(does, Command::Supplement { .. } | Command::WantPaper { .. })
}

/// Refuses what is another body's to do; acts of the program and of applicants have no body.
pub(super) fn check(
    case: &Case,
    item: &Item,
    agency: Option<&AgencyCode>,
    command: &Command,
) -> Result<(), Refusal> {
    let Some(agency) = agency else { return Ok(()) };
    let may = match whose(command) {
        Whose::Other => true,
        Whose::Body => responsible(case, agency),
        Whose::Acceptor => responsible(case, agency) || accepts(case, item, agency),
        Whose::Taker => {
            responsible(case, agency) || accepts(case, item, agency) || case.window.as_ref() == Some(agency)
        }
        Whose::Publisher => {
            let Command::Object { step, .. } = command else { return Err(no::not_responsible()) };
            responsible(case, agency) || accepts(case, item, agency) || takes(case, item, agency, step)
        }
        Whose::Seated => responsible(case, agency) || accepts(case, item, agency) || seated(case, agency),
    };
    if may { Ok(()) } else { Err(no::not_responsible()) }
}

/// Whether this body, a part of it or the body it is part of is responsible for the case.
pub fn responsible(case: &Case, agency: &AgencyCode) -> bool {
    related(&case.agency, agency)
}

/// Whether this body accepts for the one responsible: the process begins with one step, and it is theirs (镇受理、县审查).
pub fn accepts(case: &Case, item: &Item, agency: &AgencyCode) -> bool {
    let mut first = item.process.iter().filter(|s| s.after.is_empty());
    let (Some(step), None) = (first.next(), first.next()) else { return false };
    let resolved = case.agencies.get(&step.id).into_iter().flatten();
    let named = step.by.each().iter().filter_map(|by| match by {
        catalog::By::Agency(agency) => Some(agency),
        _ => None,
    });
    resolved.chain(named).any(|a| related(a, agency))
}

/// Whether this step is this body's, as it was resolved when the case was filed; a step that is public has no seat.
pub fn takes(case: &Case, item: &Item, agency: &AgencyCode, step: &str) -> bool {
    let own = item.process.iter().find(|s| s.id == step);
    let named = own.into_iter().flat_map(|s| s.by.each()).filter_map(|by| match by {
        catalog::By::Agency(agency) => Some(agency),
        _ => None,
    });
    case.agencies.get(step).into_iter().flatten().chain(named).any(|a| related(a, agency))
}

fn seated(case: &Case, agency: &AgencyCode) -> bool {
    case.open_seats().any(|(_, seat)| related(&seat.agency, agency))
}

fn related(a: &AgencyCode, b: &AgencyCode) -> bool {
    a.contains(b) || b.contains(a)
}
