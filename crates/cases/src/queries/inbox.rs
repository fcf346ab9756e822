//! The desk's inbox: open tasks by urgency, filtered within the agency, each filter over an index.

use super::{Paged, due, paged, place};
use crate::model::{CaseId, MatterId, TaskId};
use crate::scope::Handler;
use crate::store::{self as rows, InboxLine, Wanted};
use crate::verbs;
use ::store::Store;
use kernel::codes::CaseNumber;
use kernel::{AccountId, AgencyCode, Fault, Outcome, Refusal, Text, Timestamp, clock};

/// A line of an inbox.
#[derive(Debug, Clone)]
pub struct InboxRow {
    /// The task.
    pub task: TaskId,
    /// The case.
    pub case: CaseId,
    /// The agency responsible for the whole of it.
    pub agency: AgencyCode,
    /// Its number.
    pub number: CaseNumber,
    /// What is to be done.
    pub title: Text,
    /// The item.
    pub item_key: String,
    /// Its name.
    pub item_name: Text,
    /// Whose it is.
    pub subject_name: String,
    /// The case's state.
    pub state: String,
    /// How many sources have not answered yet.
    pub absent: i64,
    /// When the case was filed.
    pub filed_at: Timestamp,
    /// Since when the task lies here.
    pub opened_at: Timestamp,
    /// Until when it must be done.
    pub due_at: Option<Timestamp>,
    /// The step.
    pub step: String,
    /// Who has taken it into their own hands.
    pub holder: Option<AccountId>,
    /// The line system it was handed to.
    pub external: Option<String>,
    /// The administrative division the case belongs to.
    pub division: String,
    /// The version of the case, for acts on many at once.
    pub rev: i64,
    /// Its matter.
    pub matter: MatterId,
    /// How many cases the matter has; one is alone.
    pub members: i64,
    /// Whose window received it for this place, when it came from another one.
    pub received: Option<AgencyCode>,
}

impl InboxRow {
    fn of(line: InboxLine) -> Result<Self, Fault> {
        Ok(Self {
            task: line.task,
            case: line.case_id,
            agency: rows::agency(&line.agency)?,
            number: verbs::number_of(&line.number)?,
            title: Text::new(line.title_zh, line.title_en),
            item_key: line.item_key,
            item_name: Text::new(line.item_zh, line.item_en),
            subject_name: line.subject_name,
            state: line.state,
            absent: line.absent,
            filed_at: line.filed_at,
            opened_at: line.opened_at,
            due_at: due(line.due_at),
            step: line.step,
            holder: line.holder.parse().ok(),
            external: Some(line.external).filter(|e| !e.is_empty()),
            division: line.division,
            rev: line.rev,
            matter: line.matter,
            members: line.members,
            received: (!line.received.is_empty()).then(|| rows::agency(&line.received)).transpose()?,
        })
    }
}

/// Who has a task in hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Claimed {
    /// Whoever.
    #[default]
    Any,
    /// Whoever asks.
    Me,
    /// Nobody yet.
    Nobody,
}

/// How urgent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Urgency {
    /// However.
    #[default]
    Any,
    /// Its end has passed.
    Overdue,
    /// Its end comes within a day, or has passed.
    Soon,
}

/// What of an inbox is wanted.
#[derive(Debug, Clone, Default)]
pub struct InboxFilter {
    /// Of one item only.
    pub item: Option<String>,
    /// Of one step only.
    pub step: Option<String>,
    /// Of cases in one state only.
    pub state: Option<String>,
    /// How urgent.
    pub urgency: Urgency,
    /// Who has it in hand.
    pub claimed: Claimed,
    /// The beginning of a case number or of a name.
    pub text: Option<String>,
    /// What lies with this part (科室) of the handler's agency, to be read; what lies with the agency itself without one.
    pub unit: Option<AgencyCode>,
}

/// What counts as soon.
const SOON_SECONDS: i64 = 86_400;
/// Counts go no further.
const COUNT_MAX: i64 = 1_000;
/// So many pairs of item and step are looked for; an agency has some dozens.
const CHOICES_MAX: i64 = 500;

/// The open tasks of the handler's agency, the most urgent first; `now` decides what is urgent.
///
/// # Errors
/// A refusal when the cursor is none; not found for a unit that is no part of the handler's agency.
pub async fn inbox(
    store: &Store,
    who: &Handler,
    filter: &InboxFilter,
    cursor: Option<&str>,
    limit: i64,
) -> Outcome<Paged<InboxRow>> {
    inbox_at(store, who, filter, None, cursor, limit).await
}

/// As [`inbox`], with the moment that decides what is urgent.
///
/// # Errors
/// As [`inbox`].
pub async fn inbox_at(
    store: &Store,
    who: &Handler,
    filter: &InboxFilter,
    now: Option<Timestamp>,
    cursor: Option<&str>,
    limit: i64,
) -> Outcome<Paged<InboxRow>> {
    let after = place(cursor, (i64::MIN, String::new()))?;
    let text = filter.text.as_deref().map(str::trim).filter(|t| !t.is_empty());
    let number = text
        .filter(|t| t.bytes().all(|b| b.is_ascii_alphanumeric()) && t.bytes().any(|b| b.is_ascii_digit()));
    let due_before = match (filter.urgency, now) {
        (Urgency::Any, _) | (_, None) => None,
        (Urgency::Overdue, Some(now)) => Some(now),
        (Urgency::Soon, Some(now)) => Some(later(now, SOON_SECONDS)),
    };
    let wanted = Wanted {
        item: filter.item.as_deref(),
        step: filter.step.as_deref(),
        state: filter.state.as_deref(),
        holder: match filter.claimed {
            Claimed::Any => None,
            Claimed::Me => Some(me(who)),
            Claimed::Nobody => Some(String::new()),
        },
        due_before,
        number,
        name: text.filter(|_| number.is_none()),
    };
    let whose = whose(who, filter.unit.as_ref())?;
    let lines = rows::inbox(store, whose.as_str(), &wanted, after, limit + 1).await?;
    Ok(paged(lines, limit, |l| format!("{}.{}", l.due_at, l.task), InboxRow::of)?)
}

/// Whose tasks are meant: the agency's own, or those of one of its parts, which its scope covers.
fn whose<'a>(who: &'a Handler, unit: Option<&'a AgencyCode>) -> Result<&'a AgencyCode, Refusal> {
    match unit {
        None => Ok(who.agency()),
        Some(unit) if who.agency().contains(unit) => Ok(unit),
        Some(_) => Err(Refusal::not_found()),
    }
}

/// An item at a step of which something waits in an inbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InboxChoice {
    /// The item.
    pub item_key: String,
    /// Its name.
    pub item_name: Text,
    /// The step.
    pub step: String,
    /// What it is called there.
    pub title: Text,
}

/// What an inbox can be filtered by: every item and every step with an open task there, however many tasks there are.
///
/// # Errors
/// Not found for a unit that is no part of the handler's agency.
pub async fn inbox_choices(
    store: &Store,
    who: &Handler,
    unit: Option<&AgencyCode>,
) -> Outcome<Vec<InboxChoice>> {
    let lines = rows::choices(store, whose(who, unit)?.as_str(), CHOICES_MAX).await?;
    let choice = |l: rows::ChoiceLine| InboxChoice {
        item_key: l.item_key,
        item_name: Text::new(l.item_zh, l.item_en),
        step: l.step,
        title: Text::new(l.title_zh, l.title_en),
    };
    Ok(lines.into_iter().map(choice).collect())
}

fn me(who: &Handler) -> String {
    who.account().map(|a| a.to_string()).unwrap_or_default()
}

fn later(at: Timestamp, seconds: i64) -> Timestamp {
    clock::from_micros(at.as_microsecond().saturating_add(seconds * 1_000_000))
}

/// How many open tasks there are; a thousand means a thousand or more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// All.
    pub all: i64,
    /// Whose end has passed.
    pub overdue: i64,
    /// Whose end comes within a day.
    pub soon: i64,
    /// In the hands of whoever asks.
    pub mine: i64,
    /// In nobody's.
    pub free: i64,
}

/// Counts of the inbox.
///
/// # Errors
/// Not found for a unit that is no part of the handler's agency.
pub async fn inbox_counts(
    store: &Store,
    who: &Handler,
    unit: Option<&AgencyCode>,
    now: Timestamp,
) -> Outcome<Counts> {
    let soon = later(now, SOON_SECONDS);
    let c = rows::counts(store, whose(who, unit)?.as_str(), &me(who), now, soon, COUNT_MAX).await?;
    Ok(Counts { all: c.all, overdue: c.overdue, soon: c.soon, mine: c.mine, free: c.free })
}
