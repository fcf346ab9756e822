//! The history of a case as acts that may leave: who as agencies, never as persons.

use crate::model::{APPLICANT, AUTOMATIC, ActRecord, Transition};
use crate::words;
use cases::model::DoneBy;
use cases::{ActElsewhere, CaseEvent};
use catalog::Item;
use kernel::{ActorKind, ActorRef, Text, Timestamp};
use std::collections::BTreeMap;
use trace::Recorded;

/// The acts of a case, in order.
pub(crate) fn acts(events: &[Recorded<CaseEvent>], item: &Item) -> Vec<ActRecord> {
    let mut reading = Reading { item, acts: Vec::new(), seats: BTreeMap::new() };
    let told = Told::of(events);
    events.iter().filter(|event| !told.covers(event)).for_each(|event| reading.read(event));
    // What was recorded late (补录) stands where it happened; acts of one moment stay in the order of the log.
    reading.acts.sort_by_key(|act| act.at);
    reading.acts
}

/// What another system told of an imported case. Where it told acts, they go before those that were only concluded from
/// the case's state when it came in.
#[derive(Default)]
struct Told {
    at: Option<Timestamp>,
    acts: bool,
    filed: bool,
}

impl Told {
    fn of(events: &[Recorded<CaseEvent>]) -> Self {
        let mut told = Self::default();
        for recorded in events {
            match &recorded.event {
                CaseEvent::Imported(_) => told.at = Some(recorded.recorded_at),
                CaseEvent::ImportedAct(ActElsewhere { name, .. }) => {
                    told.acts = true;
                    told.filed |= name == "filed";
                }
                event => told.acts |= told.past(recorded) && a_step(event),
            }
        }
        told
    }

    /// Whether it came in with the case, and lies before that moment.
    fn past(&self, recorded: &Recorded<CaseEvent>) -> bool {
        self.at == Some(recorded.recorded_at) && recorded.occurred_at < recorded.recorded_at
    }

    fn covers(&self, recorded: &Recorded<CaseEvent>) -> bool {
        match &recorded.event {
            CaseEvent::Imported(_) => self.filed,
            CaseEvent::ImportedAct(_) => false,
            event => self.acts && self.past(recorded) && !a_step(event),
        }
    }
}

fn a_step(event: &CaseEvent) -> bool {
    use CaseEvent as E;
    matches!(event, E::StepOpened { .. } | E::SeatSigned(_) | E::StepPassed { .. } | E::StepFailed { .. })
}

struct Reading<'a> {
    item: &'a Item,
    acts: Vec<ActRecord>,
    /// The steps whose task was opened, with how many have still to sign.
    seats: BTreeMap<String, usize>,
}

impl Reading<'_> {
    fn read(&mut self, recorded: &Recorded<CaseEvent>) {
        let (complete, actor) = (Transition::Complete, who(&recorded.actor));
        match &recorded.event {
            CaseEvent::StepOpened { step, seats, .. } => {
                self.seats.insert(step.clone(), seats.len());
                for seat in seats {
                    self.add(recorded, step, seat.agency.to_string(), Transition::Start);
                }
            }
            CaseEvent::SeatSigned(cases::event::SeatSigned { step, .. }) => {
                if let Some(open) = self.seats.get_mut(step) {
                    *open = open.saturating_sub(1);
                }
                self.add(recorded, step, actor, complete);
            }
            CaseEvent::StepPassed { step, by, .. } | CaseEvent::StepFailed { step, by, .. } => {
                // Whoever signed last has ended the step; that is one act, not two.
                let unsigned = self.seats.remove(step);
                if unsigned != Some(0) {
                    self.add(recorded, step, by_whom(by), complete);
                }
            }
            CaseEvent::Imported(_) => self.add(recorded, "filed", APPLICANT.to_owned(), complete),
            CaseEvent::ImportedAct(ActElsewhere { name, agency, start }) => {
                let own = || if words::by_applicant(name) { APPLICANT } else { AUTOMATIC }.to_owned();
                let who = agency.as_ref().map_or_else(own, ToString::to_string);
                self.add(recorded, name, who, if *start { Transition::Start } else { complete });
            }
            other if words::is_act(other.word()) => self.add(recorded, other.word(), actor, complete),
            _ => {}
        }
    }

    fn add(&mut self, recorded: &Recorded<CaseEvent>, name: &str, who: String, transition: Transition) {
        let step = self.item.process.iter().find(|s| s.id == name).map(|s| s.title.clone());
        let label: Text = step.unwrap_or_else(|| words::name(name));
        let at = recorded.occurred_at;
        self.acts.push(ActRecord { name: name.to_owned(), label, at, resource: who, transition });
    }
}

/// Whoever acted, as far as it may leave: the agency, the applicant, or the program.
fn who(actor: &ActorRef) -> String {
    match (actor.kind, &actor.agency) {
        (ActorKind::Applicant | ActorKind::Visitor, _) => APPLICANT.to_owned(),
        (_, Some(agency)) => agency.to_string(),
        (_, None) => AUTOMATIC.to_owned(),
    }
}

fn by_whom(by: &DoneBy) -> String {
    match by {
        DoneBy::Person { agency, .. } => agency.to_string(),
        _ => AUTOMATIC.to_owned(),
    }
}
