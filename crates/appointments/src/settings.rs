//! The terms of appointments that an operator sets for the whole place; the head of a hall sets capacity and share there.

use serde::Deserialize;

/// The rules' numbers; each stands in a sentence that is shown where it bites. No national rule that we have seen names them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// How long a slot is, from 5 minutes to four hours.
    pub slot_minutes: u16,
    /// Persons that one window serves in a slot, where the head of the hall has said nothing else.
    pub persons: u16,
    /// The share of each slot that is kept for whoever comes without an appointment, in percent, where the head of the hall has said
    /// nothing else.
    pub walk_in: u16,
    /// So many working days ahead one may book.
    pub horizon_days: u16,
    /// The latest time to book or move into a slot: so many minutes before it begins.
    pub latest_minutes: u16,
    /// From so many minutes before the slot begins one may arrive.
    pub early_minutes: u16,
    /// Until so many minutes after it has begun one has not come late.
    pub late_minutes: u16,
    /// At this hour of the day before one is reminded.
    pub remind_hour: u8,
    /// Appointments that one person may have ahead of them.
    pub ahead: u16,
    /// So many times not come…
    pub misses: u16,
    /// … within so many days…
    pub miss_days: u16,
    /// … and for so many days nothing can be booked on line. Coming without an appointment is always possible.
    pub pause_days: u16,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            slot_minutes: 30,
            persons: 3,
            walk_in: 40,
            horizon_days: 10,
            latest_minutes: 60,
            early_minutes: 30,
            late_minutes: 15,
            remind_hour: 9,
            ahead: 5,
            misses: 3,
            miss_days: 180,
            pause_days: 30,
        }
    }
}

impl Settings {
    /// What is wrong with them, for whoever starts the program; `None` when nothing is.
    pub fn wrong(&self) -> Option<String> {
        let within = [
            ("slot_minutes", self.slot_minutes, 5..=240),
            ("persons", self.persons, 1..=60),
            ("walk_in", self.walk_in, 0..=100),
            ("horizon_days", self.horizon_days, 1..=60),
            ("latest_minutes", self.latest_minutes, 0..=10_080),
            ("early_minutes", self.early_minutes, 0..=240),
            ("late_minutes", self.late_minutes, 0..=240),
            ("remind_hour", self.remind_hour.into(), 0..=23),
            ("ahead", self.ahead, 1..=100),
            ("misses", self.misses, 1..=100),
            ("miss_days", self.miss_days, 1..=3_650),
            ("pause_days", self.pause_days, 0..=3_650),
        ];
        let (name, value, range) = within.into_iter().find(|(_, value, range)| !range.contains(value))?;
        Some(format!("appointments.{name} = {value}: from {} to {}", range.start(), range.end()))
    }
}
