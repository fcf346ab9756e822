//! All SQL of the room.

mod case;
mod concerned;
mod duty;
mod list;
mod matter;
mod message;
mod outstanding;
mod talk;
mod took;
mod watch;

pub(crate) use case::{
    CaseLine, KeyRow, TaskLine, add_case, add_key, cases_after, change_case, due_before, key_row, most_filed,
    of_matter, of_version, running_of, running_with, set_next, tasks_of, the_case, the_task,
};
pub(crate) use concerned::parties;
pub(crate) use duty::{Owed, PublicLine, of_case as duties_of, owed, public, public_step};
pub(crate) use list::{
    ChoiceLine, InboxLine, Wanted, choices, counts, filed_at_window, inbox, late, mine, place, received,
};
pub(crate) use matter::{
    MatterLine, add_matter, any_matter, drafts, file_matter, filed_by, find_draft, items_of, matter, plan_of,
    save_draft,
};
pub(crate) use message::{
    Message, MessageLine, add_message, messages, notice_read, talk_message_read, unread,
};
pub(crate) use outstanding::{OutstandingLine, outstanding, outstanding_in, relying_on};
pub(crate) use talk::{TalkLine, add_line, mark_read, others_read_until, read_until, talk_of};
pub(crate) use took::{closed_spans, running_spans};
pub(crate) use watch::{WatchFound, WatchLine, WatchWanted, add_watch, dispute, settle_watch, watch};

use kernel::{AgencyCode, Fault};

/// A column that holds an agency code.
pub(crate) fn agency(code: &str) -> Result<AgencyCode, Fault> {
    AgencyCode::parse(code).ok_or_else(|| Fault::new(format!("{code:?} is no agency code")))
}
