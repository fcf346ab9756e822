//! What supervision reads of cases: who kept away from a standard and why, what was recorded late and on what evidence, and which
//! entries of registers are disputed — the last also for the agency that keeps the register, as a request to correct it.

use super::Paged;
use crate::scope::Scope;
use crate::store::{self as rows, WatchFound, WatchWanted};
use crate::verbs;
use ::store::Store;
use kernel::codes::CaseNumber;
use kernel::{AgencyCode, Fault, Outcome, Refusal, RefusalKind, Text, Timestamp};
use serde::{Deserialize, Serialize};

/// The context under which these rows are sealed.
pub(crate) const SEAL: &str = "cases_watch.body";

/// Which list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Watch {
    /// Somebody kept away from what a standard says (裁量偏离).
    Deviations,
    /// Something was recorded later than it happened (补录).
    Late,
    /// Somebody says that a register errs.
    Disputes,
}

impl Watch {
    /// Every list.
    pub const ALL: [Self; 3] = [Self::Deviations, Self::Late, Self::Disputes];

    /// The stable word, for addresses and rows.
    pub fn word(self) -> &'static str {
        match self {
            Self::Deviations => "deviation",
            Self::Late => "late",
            Self::Disputes => "dispute",
        }
    }

    /// The list that this word names.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|w| w.word() == word)
    }
}

/// What of a list is wanted.
#[derive(Debug, Clone, Default)]
pub struct WatchFilter {
    /// Of one agency only.
    pub agency: Option<AgencyCode>,
    /// Of one item only.
    pub item: Option<String>,
    /// From this moment on.
    pub from: Option<Timestamp>,
    /// Before this moment.
    pub until: Option<Timestamp>,
    /// Disputes: only those not settled yet, or only those that are.
    pub open: Option<bool>,
}

/// A line of a list.
#[derive(Debug, Clone)]
pub struct WatchRow {
    /// The case.
    pub number: CaseNumber,
    /// The item.
    pub item_key: String,
    /// Its name.
    pub item_name: Text,
    /// Who did it; for a dispute, who keeps the register.
    pub agency: AgencyCode,
    /// When it happened in law.
    pub at: Timestamp,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// The step.
    pub step: Option<Text>,
    /// The act, or the entry.
    pub what: Text,
    /// Why.
    pub reason: String,
    /// The proof of it.
    pub evidence: Option<String>,
    /// What came of it.
    pub outcome: Option<Text>,
    /// Its place in the case.
    pub seq: i64,
    /// A dispute: the entry as rules read it.
    pub path: String,
    /// A dispute: whether it waits for an answer.
    pub open: bool,
}

/// What is sealed of a line.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(crate) struct WatchBody {
    pub step: Option<Text>,
    pub what: Text,
    pub reason: String,
    pub evidence: Option<String>,
    pub outcome: Option<Text>,
}

/// The lines of a list within a scope, the newest first.
///
/// # Errors
/// A refusal when the cursor is none.
pub async fn watch_list(
    store: &Store,
    scope: &Scope,
    kind: Watch,
    filter: &WatchFilter,
    after: Option<&str>,
    limit: i64,
) -> Outcome<Paged<WatchRow>> {
    let wanted = WatchWanted {
        kind: kind.word(),
        agency: filter.agency.as_ref().map(AgencyCode::as_str),
        item: filter.item.as_deref(),
        from: filter.from,
        until: filter.until,
        open: filter.open.filter(|_| kind == Watch::Disputes),
    };
    let lines = rows::watch(store, scope, &wanted, place(after)?, limit + 1).await?;
    let cursor = |w: &WatchFound| format!("{}.{}.{}", w.at.as_microsecond(), w.case, w.seq);
    Ok(super::paged(lines, limit, cursor, |line| read(store, line))?)
}

pub(super) fn read(store: &Store, line: WatchFound) -> Result<WatchRow, Fault> {
    let body = line.body.open(store.sealer(), SEAL)?;
    Ok(WatchRow {
        number: verbs::number_of(&line.number)?,
        item_key: line.item_key,
        item_name: Text::new(line.item_zh, line.item_en),
        agency: rows::agency(&line.agency)?,
        at: line.at,
        recorded_at: line.recorded_at,
        step: body.step,
        what: body.what,
        reason: body.reason,
        evidence: body.evidence,
        outcome: body.outcome,
        seq: line.seq,
        path: line.path,
        open: line.open,
    })
}

fn place(cursor: Option<&str>) -> Result<(i64, String, i64), Refusal> {
    let Some(cursor) = cursor else { return Ok((i64::MAX, String::new(), 0)) };
    let mut parts = cursor.split('.');
    let mut part = || parts.next();
    let parsed = (|| Some((part()?.parse().ok()?, part()?.to_owned(), part()?.parse().ok()?)))();
    parsed.ok_or_else(|| {
        Refusal::new(
            RefusalKind::Invalid,
            "cases.bad-cursor",
            "翻页位置不对。",
            "That is no place in this list.",
        )
        .next("请从第一页重新开始。", "Start again from the first page.")
    })
}
