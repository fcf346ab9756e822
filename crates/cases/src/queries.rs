//! Questions about cases; every one takes the right of whoever asks, and the right is part of the SQL.

use crate::event::CaseEvent;
use crate::model::*;
use crate::projection::{NO_DUE, project};
use crate::scope::{Handler, Reach, Scope};
use crate::store::{self as rows, CaseLine, TaskLine};

mod concerned;
mod correction;
mod drafts;
mod duty;
mod export;
mod fields;
mod filed_here;
mod foresee;
mod inbox;
mod matter;
mod messages;
mod needs;
mod outstanding;
mod plan;
mod received;
mod redact;
mod shelter;
mod took;
mod trace_of;
mod watch;
mod window;

pub use concerned::concerned;
pub use correction::{Correction, correction};
pub use drafts::{DraftView, MatterRow, draft, draft_at, my_drafts};
pub(crate) use duty::public_step;
pub use duty::{DutyRow, PublicRow, owed, public_now};
pub use export::{Exported, export_from, export_rows};
pub use fields::{Answered, FIELDS_MAX, answered, fields_offered};
pub use filed_here::filed_here;
pub(crate) use foresee::Seen;
pub use foresee::{Before, Foreseen, foresee, said_before};
pub use inbox::{
    Claimed, Counts, InboxChoice, InboxFilter, InboxRow, Urgency, inbox, inbox_at, inbox_choices,
    inbox_counts,
};
pub use matter::{MatterMember, MatterView, matter_of, matter_view, siblings};
pub use messages::{MessageOf, MessageRow, UNREAD_MAX, messages, unread};
pub use needs::needs_of;
pub use outstanding::{OutstandingRow, outstanding};
pub use plan::{Bar, bars};
pub use received::received_here;
pub(crate) use redact::sees_all;
pub use took::{Took, most_filed, took};
pub use trace_of::trace_of;
pub(crate) use watch::{SEAL as WATCH_SEAL, WatchBody};
pub use watch::{Watch, WatchFilter, WatchRow, watch_list};
pub use window::{
    Wanted, window_cases, window_evaluation, window_form, window_known, window_others, window_told,
};

use crate::verbs;
use ::store::Store;
use catalog::Published;
use identity::{Applicant, Supervisor};
use kernel::codes::CaseNumber;
use kernel::{AccountId, AgencyCode, Fault, Outcome, Refusal, RefusalKind, Text, Timestamp, clock};
use trace::Recorded;

/// One page of a list.
#[derive(Debug, Clone)]
pub struct Paged<T> {
    /// The rows.
    pub rows: Vec<T>,
    /// Where the next page begins; none on the last one.
    pub next: Option<String>,
}

/// A case in a list.
#[derive(Debug, Clone)]
pub struct CaseRow {
    /// Its id.
    pub id: CaseId,
    /// Its number.
    pub number: CaseNumber,
    /// Its matter.
    pub matter: MatterId,
    /// The item.
    pub item_key: String,
    /// The item's name.
    pub item_name: Text,
    /// The agency responsible.
    pub agency: AgencyCode,
    /// The state's word.
    pub state: String,
    /// Whether it still runs.
    pub running: bool,
    /// The first party's name.
    pub subject_name: String,
    /// Whether the first party is a natural person, whose name lists of supervision mask.
    pub natural: bool,
    /// Who holds it now; nobody when it waits for the applicant or is over.
    pub holder: Option<AgencyCode>,
    /// How many sources have not answered yet.
    pub absent: i64,
    /// When it was filed.
    pub filed_at: Timestamp,
    /// Until when it must be decided.
    pub due_at: Option<Timestamp>,
    /// When it ended.
    pub closed_at: Option<Timestamp>,
    /// What came of it.
    pub outcome: Option<String>,
    /// Its version.
    pub rev: i64,
    /// The administrative division it belongs to (GB/T 2260).
    pub division: String,
}

impl CaseRow {
    pub(crate) fn of(line: CaseLine) -> Result<Self, Fault> {
        Ok(Self {
            id: line.id,
            number: verbs::number_of(&line.number)?,
            matter: line.matter,
            item_key: line.item_key,
            item_name: Text::new(line.item_zh, line.item_en),
            agency: rows::agency(&line.agency)?,
            state: line.state,
            running: line.running,
            subject_name: line.subject_name,
            // Only what is known to be an organisation is shown as one.
            natural: line.first_subject.is_none_or(|s| !s.starts_with("organisation:")),
            holder: line.holder.as_deref().map(rows::agency).transpose()?,
            absent: line.absent,
            filed_at: line.filed_at,
            due_at: due(line.due_at),
            closed_at: line.closed_at,
            outcome: line.outcome,
            rev: line.rev,
            division: line.division,
        })
    }
}

pub(crate) fn due(micros: i64) -> Option<Timestamp> {
    (micros != NO_DUE).then(|| clock::from_micros(micros))
}

/// A task of a case.
#[derive(Debug, Clone)]
pub struct TaskView {
    /// The task.
    pub id: TaskId,
    /// The case's number.
    pub number: CaseNumber,
    /// The step.
    pub step: String,
    /// With whom it lies or lay.
    pub agency: AgencyCode,
    /// `open`, `done` or `dropped`.
    pub state: String,
    /// Since when.
    pub opened_at: Timestamp,
    /// Until when it must be done.
    pub due_at: Option<Timestamp>,
    /// When it ended.
    pub done_at: Option<Timestamp>,
    /// Who has taken it into their own hands.
    pub holder: Option<AccountId>,
    /// The line system it was handed to.
    pub external: Option<String>,
}

impl TaskView {
    fn of(line: TaskLine) -> Result<Self, Fault> {
        Ok(Self {
            id: line.id,
            number: verbs::number_of(&line.number)?,
            step: line.step,
            agency: rows::agency(&line.agency)?,
            state: line.state,
            opened_at: line.opened_at,
            due_at: due(line.due_at),
            done_at: line.done_at,
            holder: line.holder.parse().ok(),
            external: Some(line.external).filter(|e| !e.is_empty()),
        })
    }
}

/// A case with everything about it.
#[derive(Debug, Clone)]
pub struct CaseView {
    /// Its row.
    pub row: CaseRow,
    /// The case folded from its events.
    pub case: Case,
    /// Its version, for forms made on it.
    pub rev: i64,
    /// Its events.
    pub events: Vec<Recorded<CaseEvent>>,
    /// The item version it was filed under.
    pub item: Published,
    /// Its tasks.
    pub tasks: Vec<TaskView>,
}

impl CaseView {
    /// Whether the decision is open to the public, once there is one; a decision that is older than the attribute has its item's.
    pub fn openness(&self) -> Option<&catalog::Openness> {
        self.case.state.decision()?;
        self.case.openness.as_ref().or(self.item.item.openness.as_ref())
    }
}

/// The case with everything about it, if it lies within the scope.
///
/// # Errors
/// Not found, whether it does not exist or is not for these eyes; a fault when row and events disagree.
pub async fn view(store: &Store, number: &CaseNumber, scope: &Scope) -> Outcome<CaseView> {
    let line = rows::the_case(store, &number.to_string(), scope).await?.ok_or_else(Refusal::not_found)?;
    let item = verbs::item_version(store, line.item_version).await?;
    let (head, mut events) = trace::history::<CaseEvent>(store, &verbs::subject_of(line.id)).await?;
    let history: Vec<_> = events.iter().map(|e| (e.event.clone(), e.occurred_at)).collect();
    let (mut case, _) = project(&history, &item.item)?;
    match &scope.0 {
        Reach::Party(subject, eyes, _) => {
            redact::redact(&mut case, &mut events, &item, *subject);
            shelter::shelter(store, (&mut case, &mut events), &item, *eyes).await?;
        }
        Reach::Agency(agency) => needs::cut(&mut case, &mut events, &item.item, agency),
        Reach::Window(_) => filed_here::cut(&mut case, &mut events),
        Reach::Division(_) | Reach::All | Reach::Nothing => {}
    }
    let tasks = rows::tasks_of(store, line.id).await?;
    Ok(CaseView {
        rev: head.seq,
        case,
        events,
        item,
        tasks: tasks.into_iter().map(TaskView::of).collect::<Result<_, _>>()?,
        row: CaseRow::of(line)?,
    })
}

/// The row of a case alone: cheap, nothing is opened.
///
/// # Errors
/// Not found, as [`view`].
pub async fn progress(store: &Store, number: &CaseNumber, scope: &Scope) -> Outcome<CaseRow> {
    let line = rows::the_case(store, &number.to_string(), scope).await?.ok_or_else(Refusal::not_found)?;
    Ok(CaseRow::of(line)?)
}

/// The task, if it lies with the handler's agency.
///
/// # Errors
/// Not found otherwise.
pub async fn task(store: &Store, who: &Handler, id: TaskId) -> Outcome<TaskView> {
    let line = rows::the_task(store, id, who.agency().as_str()).await?.ok_or_else(Refusal::not_found)?;
    Ok(TaskView::of(line)?)
}

/// The cases of whoever applies, the last filed first.
///
/// # Errors
/// A refusal when the cursor is none.
pub async fn my_cases(
    store: &Store,
    who: &Applicant,
    cursor: Option<&str>,
    limit: i64,
) -> Outcome<Paged<CaseRow>> {
    let before = place(cursor, (i64::MAX, String::new()))?;
    let Reach::Party(subject, _, agent) = Scope::from(who).0 else {
        return Ok(Paged { rows: Vec::new(), next: None });
    };
    let lines = rows::mine(store, subject, agent.as_ref(), before, limit + 1).await?;
    Ok(paged(lines, limit, |l| rows::place(l.filed_at.as_microsecond(), l.id), CaseRow::of)?)
}

/// Running cases within a supervisor's scope, the one due first at the top.
///
/// # Errors
/// A refusal when the cursor is none.
pub async fn late(
    store: &Store,
    who: &Supervisor,
    cursor: Option<&str>,
    limit: i64,
) -> Outcome<Paged<CaseRow>> {
    let after = place(cursor, (i64::MIN, String::new()))?;
    let lines = rows::late(store, &Scope::from(who), after, limit + 1).await?;
    Ok(paged(lines, limit, |l| rows::place(l.due_at, l.id), CaseRow::of)?)
}

pub(crate) fn place(cursor: Option<&str>, start: (i64, String)) -> Result<(i64, String), Refusal> {
    let Some(cursor) = cursor else { return Ok(start) };
    let parsed = cursor.split_once('.').and_then(|(key, id)| Some((key.parse().ok()?, id.to_owned())));
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

pub(crate) fn paged<L, T>(
    mut lines: Vec<L>,
    limit: i64,
    place: impl Fn(&L) -> String,
    read: impl Fn(L) -> Result<T, Fault>,
) -> Result<Paged<T>, Fault> {
    let limit = usize::try_from(limit).unwrap_or(0).max(1);
    let more = lines.len() > limit;
    lines.truncate(limit);
    let next = if more { lines.last().map(place) } else { None };
    Ok(Paged { rows: lines.into_iter().map(read).collect::<Result<_, _>>()?, next })
}
