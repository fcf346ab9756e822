//! The terms of the queue that a place may set.

/// The rules' numbers; each stands in a sentence that is shown where it bites.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// So many later priority tickets at most go before an ordinary one (优先号越过普通号的次数上限).
    pub overtakings: i64,
    /// A number is called so often before it counts as passed.
    pub calls: u32,
    /// Whoever comes back after being passed waits behind so many.
    pub behind: usize,
    /// So often one may come back.
    pub returns: u32,
    /// Tickets a kiosk gives in a minute at most.
    pub kiosk_minute: i64,
    /// So many minutes before a hall opens its tickets may be taken.
    pub early_minutes: i64,
    /// Within so many days a second notice to the same person for the same matter counts as asking for more.
    pub again_days: i64,
    /// Acceptance forms in a block at most.
    pub paper_forms: i64,
    /// Slips in a block at most.
    pub paper_slips: i64,
    /// A block may be issued for a day so many days ahead at most.
    pub paper_ahead_days: i64,
    /// The papers of a block for stock may be handed out for so many days.
    pub paper_stock_days: i64,
    /// What was accepted on paper is recorded within so many working days; after that the head of the hall has to allow it.
    pub paper_record_days: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            overtakings: 2,
            calls: 2,
            behind: 3,
            returns: 2,
            kiosk_minute: 20,
            early_minutes: 30,
            again_days: 90,
            paper_forms: 100,
            paper_slips: 200,
            paper_ahead_days: 30,
            paper_stock_days: 90,
            paper_record_days: 5,
        }
    }
}
