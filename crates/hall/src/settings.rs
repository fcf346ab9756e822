//! The terms of the queue, of the nearest hall and of numbers on paper.

use serde::Deserialize;

/// The rules' numbers; each stands in a sentence that is shown where it bites. An operator sets those of paper; those of the queue are the
/// same everywhere, because whoever comes must be able to tell how a queue runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// So many later priority tickets at most go before an ordinary one (优先号越过普通号的次数上限).
    #[serde(skip)]
    pub overtakings: i64,
    /// A number is called so often before it counts as passed.
    #[serde(skip)]
    pub calls: u32,
    /// So many seconds after its last call it may be passed: whoever walks slowly hears it and gets there.
    #[serde(skip)]
    pub pass_seconds: i64,
    /// Whoever comes back after being passed waits behind so many.
    #[serde(skip)]
    pub behind: usize,
    /// So often one may come back.
    #[serde(skip)]
    pub returns: u32,
    /// Tickets a kiosk gives in a minute at most.
    #[serde(skip)]
    pub kiosk_minute: i64,
    /// So many minutes before a hall opens its tickets may be taken.
    #[serde(skip)]
    pub early_minutes: i64,
    /// Within so many days a second notice to the same person for the same matter counts as asking for more.
    #[serde(skip)]
    pub again_days: i64,
    /// Halls that are open now are looked for so many kilometres around, when those nearest are shut.
    pub near_km: i64,
    /// Acceptance forms in a block at most.
    pub paper_forms: i64,
    /// Slips in a block at most.
    pub paper_slips: i64,
    /// A block may be issued for a day so many days ahead at most.
    pub paper_ahead_days: i64,
    /// The papers of a block for stock may be handed out for so many days.
    pub paper_stock_days: i64,
    /// The head of a hall may allow late recording for so many days at most.
    pub paper_late_days: i64,
    /// What was accepted on paper is recorded within so many working days; after that the head of the hall has to allow it.
    #[serde(skip)]
    pub paper_record_days: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            overtakings: 2,
            calls: 2,
            pass_seconds: 20,
            behind: 3,
            returns: 2,
            kiosk_minute: 20,
            early_minutes: 30,
            again_days: 90,
            near_km: 40,
            paper_forms: 100,
            paper_slips: 200,
            paper_ahead_days: 30,
            paper_stock_days: 90,
            paper_late_days: 60,
            paper_record_days: 5,
        }
    }
}

impl Settings {
    /// What is wrong with them, for whoever starts the program; `None` when nothing is.
    pub fn wrong(&self) -> Option<String> {
        let within = [
            ("near_km", self.near_km, 1..=500, "kilometres"),
            ("paper_forms", self.paper_forms, 1..=1_000, "forms in a block"),
            ("paper_slips", self.paper_slips, 1..=2_000, "slips in a block"),
            ("paper_ahead_days", self.paper_ahead_days, 0..=366, "days ahead, 0 for today only"),
            ("paper_stock_days", self.paper_stock_days, 1..=732, "days"),
            ("paper_late_days", self.paper_late_days, 1..=366, "days"),
        ];
        let (name, value, range, what) =
            within.into_iter().find(|(_, value, range, _)| !range.contains(value))?;
        Some(format!("hall.{name} = {value}: from {} to {} {what}", range.start(), range.end()))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on may fail")]
mod tests {
    use super::Settings;

    #[test]
    fn what_is_out_of_range_is_named() {
        assert_eq!(Settings::default().wrong(), None);
        let set = |change: fn(&mut Settings)| {
            let mut settings = Settings::default();
            change(&mut settings);
            settings.wrong().unwrap()
        };
        assert_eq!(set(|s| s.near_km = 501), "hall.near_km = 501: from 1 to 500 kilometres");
        assert_eq!(set(|s| s.paper_forms = 0), "hall.paper_forms = 0: from 1 to 1000 forms in a block");
        assert_eq!(
            set(|s| s.paper_slips = 2_001),
            "hall.paper_slips = 2001: from 1 to 2000 slips in a block"
        );
        assert!(set(|s| s.paper_ahead_days = -1).contains("0 for today only"));
        assert!(set(|s| s.paper_stock_days = 0).contains("from 1 to 732 days"));
        assert!(set(|s| s.paper_late_days = 367).contains("from 1 to 366 days"));
    }
}
