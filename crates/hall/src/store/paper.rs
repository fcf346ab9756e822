//! Blocks of numbers on paper, and each number.

use crate::model::{BlockId, BlockState, HallCode, Letter, PaperKind, PaperState};
use ::store::{Commit, Store, params, row};
use kernel::{AccountId, Fault, Timestamp};

row! {
    /// A block as it stands.
    pub struct BlockRow {
        /// Its id.
        pub id: BlockId,
        /// The hall.
        pub hall: HallCode,
        /// Its day; for stock when absent.
        pub day: Option<String>,
        /// Who keeps it.
        pub keeper: AccountId,
        /// When it was issued.
        pub issued_at: Timestamp,
        /// Until when its papers may be handed out.
        pub hand_out_until: Timestamp,
        /// Until when late recording is allowed.
        pub extended_until: Option<Timestamp>,
        /// How often it was printed.
        pub printed: i64,
        /// Where it stands.
        pub state: BlockState,
        /// When its heads were last reminded.
        pub reminded: Option<String>,
    }
}

row! {
    /// A number of a block.
    pub struct PaperRow {
        /// The hall.
        pub hall: HallCode,
        /// The number.
        pub number: String,
        /// The block.
        pub block: BlockId,
        /// What it stands on.
        pub kind: PaperKind,
        /// The business of a slip.
        pub letter: Option<Letter>,
        /// Its serial in its series.
        pub serial: i64,
        /// What became of it.
        pub state: PaperState,
        /// When, as it is written on the paper.
        pub at: Option<Timestamp>,
        /// The window.
        pub window: Option<String>,
        /// Cases, or the form with which a slip ended.
        pub reference: Option<String>,
    }
}

const BLOCK: &str = "SELECT id, hall, day, keeper, issued_at, hand_out_until, extended_until, printed, state, reminded FROM hall_block";
const PAPER: &str =
    "SELECT hall, number, block, kind, letter, serial, state, at, at_window, reference FROM hall_paper";

pub(crate) async fn block(store: &Store, id: BlockId) -> Result<Option<BlockRow>, Fault> {
    store.row(&format!("{BLOCK} WHERE id = $1"), params![id]).await
}

/// The blocks of a hall, the latest first.
pub(crate) async fn blocks(store: &Store, hall: &HallCode, limit: i64) -> Result<Vec<BlockRow>, Fault> {
    let sql = format!("{BLOCK} WHERE hall = $1 ORDER BY issued_at DESC, id DESC LIMIT $2");
    store.rows(&sql, params![hall, limit]).await
}

/// Blocks that were not given back, of all halls, after the one named.
pub(crate) async fn blocks_open(store: &Store, after: &str, limit: i64) -> Result<Vec<BlockRow>, Fault> {
    let sql = format!("{BLOCK} WHERE state <> 'returned' AND id > $1 ORDER BY id LIMIT $2");
    store.rows(&sql, params![after, limit]).await
}

/// The numbers of a block: forms before slips, each in its order.
pub(crate) async fn papers(store: &Store, block: BlockId) -> Result<Vec<PaperRow>, Fault> {
    store.rows(&format!("{PAPER} WHERE block = $1 ORDER BY kind, letter, serial"), params![block]).await
}

/// A form by its number, of whatever hall.
pub(crate) async fn form(store: &Store, number: &str) -> Result<Option<PaperRow>, Fault> {
    store.row(&format!("{PAPER} WHERE number = $1 AND kind = 'form'"), params![number]).await
}

/// What was recorded of a day.
pub(crate) async fn papers_of_day(store: &Store, hall: &HallCode, day: &str) -> Result<Vec<PaperRow>, Fault> {
    let sql = format!("{PAPER} WHERE hall = $1 AND day = $2 AND day IS NOT NULL ORDER BY number");
    store.rows(&sql, params![hall, day]).await
}

row! {
    /// How many numbers of a kind are in a state, with the first and the last of them.
    pub(crate) struct Tally {
        pub(crate) block: BlockId,
        pub(crate) kind: PaperKind,
        pub(crate) state: PaperState,
        pub(crate) count: i64,
        pub(crate) first: String,
        pub(crate) last: String,
    }
}

/// The numbers of some blocks, counted.
pub(crate) async fn tallies(store: &Store, blocks: &[BlockRow]) -> Result<Vec<Tally>, Fault> {
    if blocks.is_empty() {
        return Ok(Vec::new());
    }
    let marks: Vec<String> = (1..=blocks.len()).map(|n| format!("${n}")).collect();
    let params = blocks.iter().map(|b| ::store::ToValue::to_value(&b.id)).collect();
    let sql = format!(
        "SELECT block, kind, state, COUNT(*), MIN(number), MAX(number) FROM hall_paper WHERE block IN ({})
         GROUP BY block, kind, state ORDER BY block, kind, state",
        marks.join(", ")
    );
    store.rows(&sql, params).await
}

pub(crate) fn add_block(commit: &mut Commit, b: &BlockRow) {
    commit.exec(
        "INSERT INTO hall_block (id, hall, day, keeper, issued_at, hand_out_until, printed, state)
         VALUES ($1, $2, $3, $4, $5, $6, 0, $7)",
        params![b.id, b.hall, b.day, b.keeper, b.issued_at, b.hand_out_until, b.state],
    );
}

pub(crate) fn add_paper(commit: &mut Commit, p: &PaperRow) {
    commit.exec(
        "INSERT INTO hall_paper (hall, number, block, kind, letter, serial, state)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        params![p.hall, p.number, p.block, p.kind, p.letter, p.serial, p.state],
    );
}

/// The block as it stands now; what was issued does not change.
pub(crate) fn update_block(commit: &mut Commit, b: &BlockRow) {
    commit.exec(
        "UPDATE hall_block SET extended_until = $2, printed = $3, state = $4, reminded = $5 WHERE id = $1",
        params![b.id, b.extended_until, b.printed, b.state, b.reminded],
    );
}

/// What became of a number that was in the state `was`; it conflicts when somebody else was faster.
pub(crate) fn update_paper(
    commit: &mut Commit,
    p: &PaperRow,
    was: PaperState,
    (day, now): (Option<&str>, Timestamp),
) {
    commit.exec(
        "UPDATE hall_paper SET state = $4, at = $5, day = $6, at_window = $7, reference = $8, recorded_at = $9
         WHERE hall = $1 AND number = $2 AND state = $3",
        params![p.hall, p.number, was, p.state, p.at, day, p.window, p.reference, now],
    );
}
