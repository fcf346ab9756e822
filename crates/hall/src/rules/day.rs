//! A hall's day in figures: who came when, how long they waited and were served, by business and by window.

use crate::model::{Letter, TicketId, TicketState};
use crate::store::TicketRow;
use kernel::clock;
use std::collections::{BTreeMap, HashMap};

/// Times of one kind, in seconds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Times(Vec<i64>);

impl Times {
    /// How many.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// Adds a time, if there is one.
    pub fn extend(&mut self, time: Option<i64>) {
        self.0.extend(time);
    }

    /// The value below which `tenths` of ten lie (nearest rank); `None` without any.
    pub fn quantile(&self, tenths: usize) -> Option<i64> {
        let mut sorted = self.0.clone();
        sorted.sort_unstable();
        let rank = (sorted.len() * tenths).div_ceil(10).max(1);
        sorted.get(rank - 1).copied()
    }
}

/// What is known of a business or a window.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Figures {
    /// From the taking to the last call.
    pub waits: Times,
    /// From the beginning of the service to its end.
    pub services: Times,
}

/// The day.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Day {
    /// Tickets taken in each hour of the day.
    pub hours: BTreeMap<i8, usize>,
    /// Each business.
    pub businesses: BTreeMap<Letter, Figures>,
    /// Each window.
    pub windows: BTreeMap<String, Figures>,
    /// All tickets.
    pub taken: usize,
    /// Those that ended with an outcome.
    pub ended: usize,
    /// Those that were passed and have not come back, or whose day ended.
    pub lost: usize,
}

/// Counts those who were served by item; `""` where it is not known.
pub fn by_item(tickets: &[TicketRow], items: &HashMap<TicketId, String>) -> BTreeMap<String, Figures> {
    let mut figures: BTreeMap<String, Figures> = BTreeMap::new();
    for t in tickets.iter().filter(|t| t.state == TicketState::Ended) {
        let own = figures.entry(items.get(&t.id).cloned().unwrap_or_default()).or_default();
        own.waits.extend(t.called_at.map(|at| at.as_second() - t.taken_at.as_second()));
        let service = t.started_at.zip(t.ended_at).map(|(from, to)| to.as_second() - from.as_second());
        own.services.extend(service);
    }
    figures
}

/// Counts the tickets of a day.
pub fn figures(tickets: &[TicketRow]) -> Day {
    let mut day = Day { taken: tickets.len(), ..Day::default() };
    for t in tickets {
        let hour = t.taken_at.to_zoned(clock::legal_zone()).hour();
        *day.hours.entry(hour).or_default() += 1;
        day.ended += usize::from(t.state == TicketState::Ended);
        day.lost += usize::from(matches!(t.state, TicketState::Passed | TicketState::Lapsed));
        let wait = t.called_at.map(|at| at.as_second() - t.taken_at.as_second());
        let service = t.started_at.zip(t.ended_at).map(|(from, to)| to.as_second() - from.as_second());
        let business = day.businesses.entry(t.letter).or_default();
        business.waits.0.extend(wait);
        business.services.0.extend(service);
        if let Some(window) = &t.window {
            let window = day.windows.entry(window.clone()).or_default();
            window.waits.0.extend(wait);
            window.services.0.extend(service);
        }
    }
    day
}
