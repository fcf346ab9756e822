//! What reached the parties: a row for each, without the text, which stands where it was written.

use super::case::{COLUMNS, CaseLine, only};
use crate::model::CaseId;
use crate::scope::Limited;
use kernel::{Fault, SubjectId, Text, Timestamp};
use store::{Commit, FromRow, Row, Store, params};

/// Something that reached a party.
pub(crate) struct Message<'a> {
    /// `notice` or `talk`.
    pub source: &'static str,
    /// The notice, or the line of the conversation.
    pub place: String,
    /// The notice's name; empty for what staff wrote.
    pub title: Text,
    /// Who sent it.
    pub agency: &'a str,
    pub at: Timestamp,
}

/// A message with its case.
pub(crate) struct MessageLine {
    pub source: String,
    pub place: String,
    pub title: Text,
    pub agency: String,
    pub at: Timestamp,
    pub read_at: Option<Timestamp>,
    pub case: CaseLine,
}

impl FromRow for MessageLine {
    fn from_row(mut row: Row) -> Result<Self, Fault> {
        let title = Text::new(row.take::<String>(2)?, row.take::<String>(3)?);
        let (source, place, agency) = (row.take(0)?, row.take(1)?, row.take(4)?);
        let (at, read_at) = (row.take(5)?, row.take(6)?);
        Ok(Self { source, place, title, agency, at, read_at, case: CaseLine::from_row(row.skip(7))? })
    }
}

/// Adds a message for a party.
pub(crate) fn add_message(commit: &mut Commit, case: CaseId, to: SubjectId, m: &Message<'_>) {
    commit.exec(
        "INSERT INTO cases_message (case_id, subject, source, place, title_zh, title_en, agency, at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        params![case, to, m.source, m.place, m.title.zh, m.title.en, m.agency, m.at],
    );
}

/// The party has read a notice.
pub(crate) fn notice_read(commit: &mut Commit, case: CaseId, by: SubjectId, notice: &str, at: Timestamp) {
    commit.exec_any(
        "UPDATE cases_message SET read_at = $1
         WHERE case_id = $2 AND subject = $3 AND source = 'notice' AND place = $4 AND read_at IS NULL",
        params![at, case, by, notice],
    );
}

/// The party has read what staff wrote until now.
pub(crate) fn talk_message_read(commit: &mut Commit, case: CaseId, by: SubjectId, at: Timestamp) {
    commit.exec_any(
        "UPDATE cases_message SET read_at = $1
         WHERE case_id = $2 AND subject = $3 AND source = 'talk' AND at <= $1 AND read_at IS NULL",
        params![at, case, by],
    );
}

/// What reached `subject`, the latest first, before (`at`, `case`, `source`, `place`).
pub(crate) async fn messages(
    store: &Store,
    subject: SubjectId,
    agent: Option<&Limited>,
    before: (i64, String, String, String),
    limit: i64,
) -> Result<Vec<MessageLine>, Fault> {
    let (only, mut more) = only(agent, 7);
    let sql = format!(
        "SELECT m.source, m.place, m.title_zh, m.title_en, m.agency, m.at, m.read_at, {COLUMNS}
         FROM cases_message m JOIN cases_case c ON c.id = m.case_id
         WHERE m.subject = $1 AND (m.at, m.case_id, m.source, m.place) < ($2, $3, $4, $5){only}
         ORDER BY m.at DESC, m.case_id DESC, m.source DESC, m.place DESC LIMIT $6"
    );
    let mut params = params![subject, before.0, before.1, before.2, before.3, limit];
    params.append(&mut more);
    store.rows(&sql, params).await
}

/// How much of it is unread, counted no further than `most`.
pub(crate) async fn unread(
    store: &Store,
    subject: SubjectId,
    agent: Option<&Limited>,
    most: i64,
) -> Result<i64, Fault> {
    let (only, mut more) = only(agent, 3);
    let sql = format!(
        "SELECT COUNT(*) FROM (SELECT 1 FROM cases_message m JOIN cases_case c ON c.id = m.case_id
         WHERE m.subject = $1 AND m.read_at IS NULL{only} LIMIT $2) x"
    );
    let mut params = params![subject, most];
    params.append(&mut more);
    let row: Option<(i64,)> = store.row(&sql, params).await?;
    Ok(row.map_or(0, |r| r.0))
}
