//! What is said about a case: messages between applicant and staff, and notes that staff keep among themselves. A subject of its
//! own, so that a word never moves the version of a case that somebody is reading.

use crate::model::{Case, CaseId};
use crate::scope::{Handler, Scope};
use crate::store::{self as rows, TalkLine};
use ::store::{Cx, Sealed, Store};
use identity::Applicant;
use identity::mandate::{self, Act};
use kernel::codes::CaseNumber;
use kernel::{AgencyCode, Fault, Outcome, Refusal, RefusalKind, SubjectId, Text, Timestamp};
use procedure::NoticeId;
use serde::{Deserialize, Serialize};
use trace::Subject;

/// The context under which what is said is sealed.
const SEAL: &str = "cases_talk.body";
/// The longest message, in characters.
const LONG: usize = 4_000;

/// Whether the applicant reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TalkKind {
    /// Between applicant and staff.
    Message,
    /// Among staff.
    Note,
}

/// In the trace: that something was said, and the digest of what.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "event")]
pub enum Said {
    /// Something was said.
    Said {
        /// To whom.
        kind: TalkKind,
        /// SHA-256 of the text, in hexadecimal.
        digest: String,
    },
}

impl trace::Event for Said {
    const VERSION: i64 = 1;

    fn kind(&self) -> &'static str {
        "said"
    }
}

/// A line of the conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TalkRow {
    /// Its place, from 1.
    pub seq: i64,
    /// Whether the applicant reads it.
    pub kind: TalkKind,
    /// Whether staff said it.
    pub staff: bool,
    /// The agency of the staff who said it.
    pub agency: Option<AgencyCode>,
    /// When.
    pub at: Timestamp,
    /// What.
    pub text: String,
    /// Whether whoever reads has seen it before.
    pub read: bool,
    /// Whether the other side has read it: staff see that the applicant did, the applicant that staff did.
    pub seen: bool,
}

/// An applicant writes to the body.
///
/// # Errors
/// Not found for somebody else's case; `cases.nothing-said`.
pub async fn say_to_staff(cx: &mut Cx, who: &Applicant, number: &CaseNumber, text: &str) -> Outcome<i64> {
    mandate::rely(cx, who, Act::Write, &[], &number.to_string()).await?;
    let line = Line { kind: TalkKind::Message, side: "applicant", agency: None };
    let seq = add(cx, number, &Scope::from(who), line, text).await?;
    Ok(seq)
}

/// Staff write to the applicant.
///
/// # Errors
/// As [`say_to_staff`].
pub async fn say(cx: &mut Cx, who: &Handler, number: &CaseNumber, text: &str) -> Outcome<i64> {
    let line = Line { kind: TalkKind::Message, side: "staff", agency: Some(who.agency().to_string()) };
    add(cx, number, &who.scope(), line, text).await
}

/// The agency that keeps a register writes to the applicant of a case that it does not handle, with its answer.
pub(super) async fn tell(cx: &mut Cx, who: &Handler, number: &CaseNumber, text: &str) -> Outcome<i64> {
    let line = Line { kind: TalkKind::Message, side: "staff", agency: Some(who.agency().to_string()) };
    add(cx, number, &Scope::program(), line, text).await
}

/// Staff keep a note among themselves; the applicant never reads it here (but it is part of the file).
///
/// # Errors
/// As [`say_to_staff`].
pub async fn note(cx: &mut Cx, who: &Handler, number: &CaseNumber, text: &str) -> Outcome<i64> {
    let line = Line { kind: TalkKind::Note, side: "staff", agency: Some(who.agency().to_string()) };
    add(cx, number, &who.scope(), line, text).await
}

/// The conversation as the applicant reads it, after `after`.
///
/// # Errors
/// Not found for somebody else's case.
pub async fn talk(store: &Store, who: &Applicant, number: &CaseNumber, after: i64) -> Outcome<Vec<TalkRow>> {
    let case = case_of(store, number, &Scope::from(who)).await?;
    Ok(read(store, case, &who.subject().to_string(), false, after).await?)
}

/// The conversation and the notes as staff read them, after `after`.
///
/// # Errors
/// Not found for a case elsewhere.
pub async fn talk_for_staff(
    store: &Store,
    who: &Handler,
    number: &CaseNumber,
    after: i64,
) -> Outcome<Vec<TalkRow>> {
    let case = case_of(store, number, &who.scope()).await?;
    Ok(read(store, case, &format!("agency:{}", who.agency()), true, after).await?)
}

/// All that was said in a case, notes too: for its archive package. Needs no right: the caller is the program.
///
/// # Errors
/// A fault of the store.
pub async fn whole_talk(store: &Store, case: CaseId) -> Result<Vec<TalkRow>, Fault> {
    let mut all = Vec::new();
    loop {
        let after = all.last().map_or(0, |row: &TalkRow| row.seq);
        let more = read(store, case, "", true, after).await?;
        if more.is_empty() {
            return Ok(all);
        }
        all.extend(more);
    }
}

/// Remembers how far an applicant has read.
///
/// # Errors
/// Not found for somebody else's case.
pub async fn read_talk(cx: &mut Cx, who: &Applicant, number: &CaseNumber, seq: i64) -> Outcome<()> {
    let store = cx.store().clone();
    let case = case_of(&store, number, &Scope::from(who)).await?;
    rows::mark_read(&mut cx.commit, case, &who.subject().to_string(), seq);
    let now = cx.now;
    rows::talk_message_read(&mut cx.commit, case, who.subject(), now);
    Ok(())
}

/// Remembers that a notice was opened by the party, or for it.
///
/// # Errors
/// Not found for somebody else's case.
pub async fn read_notice(cx: &mut Cx, who: &Applicant, number: &CaseNumber, notice: NoticeId) -> Outcome<()> {
    let store = cx.store().clone();
    let (case, now) = (case_of(&store, number, &Scope::from(who)).await?, cx.now);
    rows::notice_read(&mut cx.commit, case, who.subject(), &notice.to_string(), now);
    Ok(())
}

/// Remembers how far the body has read.
///
/// # Errors
/// Not found for a case elsewhere.
pub async fn read_talk_for_staff(cx: &mut Cx, who: &Handler, number: &CaseNumber, seq: i64) -> Outcome<()> {
    let store = cx.store().clone();
    let case = case_of(&store, number, &who.scope()).await?;
    rows::mark_read(&mut cx.commit, case, &format!("agency:{}", who.agency()), seq);
    Ok(())
}

struct Line {
    kind: TalkKind,
    side: &'static str,
    agency: Option<String>,
}

async fn add(cx: &mut Cx, number: &CaseNumber, scope: &Scope, line: Line, text: &str) -> Outcome<i64> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > LONG {
        return Err(unsaid().into());
    }
    let store = cx.store().clone();
    let case = case_of(&store, number, scope).await?;
    let subject = Subject::new("talk", case);
    let mut head = trace::head(&store, &subject).await?;
    let digest = hex::encode(trace::Algorithm::Sha256.digest(text.as_bytes()));
    trace::record(cx, &mut head, &subject, &Said::Said { kind: line.kind, digest }, cx.now)?;
    let kind = if line.kind == TalkKind::Note { "note" } else { "message" };
    let row = TalkLine {
        seq: head.seq,
        kind: kind.to_owned(),
        side: line.side.to_owned(),
        agency: line.agency.clone(),
        account: cx.actor.account,
        at: cx.now,
        body: Sealed::seal(store.sealer(), SEAL, &text.to_owned())?,
    };
    rows::add_line(&mut cx.commit, case, &row);
    if let (TalkKind::Message, Some(agency)) = (line.kind, &line.agency) {
        tell_parties(cx, number, case, (agency, row.seq)).await?;
    }
    let reader = line.agency.map_or_else(
        || {
            cx.actor
                .organisation
                .map_or_else(|| cx.actor.person.map(|p| p.to_string()), |o| Some(o.to_string()))
        },
        |a| Some(format!("agency:{a}")),
    );
    if let Some(reader) = reader {
        rows::mark_read(&mut cx.commit, case, &reader, row.seq);
    }
    Ok(row.seq)
}

/// Puts a notice among what reached each party that takes part, or the first one before anybody does.
pub(super) fn notice_reached(cx: &mut Cx, case: &Case, (notice, title): (NoticeId, Text), at: Timestamp) {
    let to: Vec<SubjectId> = match &case.recipients()[..] {
        [] => case.first_party().map(|p| p.subject).into_iter().collect(),
        all => all.iter().map(|p| p.subject).collect(),
    };
    let (place, agency) = (notice.to_string(), case.agency.as_str());
    let message = rows::Message { source: "notice", place, title, agency, at };
    for party in to {
        rows::add_message(&mut cx.commit, case.id, party, &message);
    }
}

/// Puts what staff wrote among what reached each party.
async fn tell_parties(
    cx: &mut Cx,
    number: &CaseNumber,
    case: CaseId,
    (agency, seq): (&str, i64),
) -> Outcome<()> {
    let parties = rows::parties(cx.store(), &[number.to_string()]).await?;
    let mut told: Vec<SubjectId> = parties.into_iter().map(|(_, subject)| subject).collect();
    told.sort();
    told.dedup();
    let (source, place, title, at) = ("talk", seq.to_string(), Text::default(), cx.now);
    let message = rows::Message { source, place, title, agency, at };
    for party in told {
        rows::add_message(&mut cx.commit, case, party, &message);
    }
    Ok(())
}

async fn case_of(store: &Store, number: &CaseNumber, scope: &Scope) -> Outcome<CaseId> {
    let line = rows::the_case(store, &number.to_string(), scope).await?;
    Ok(line.ok_or_else(Refusal::not_found)?.id)
}

async fn read(
    store: &Store,
    case: CaseId,
    reader: &str,
    notes: bool,
    after: i64,
) -> Result<Vec<TalkRow>, Fault> {
    let until = rows::read_until(store, case, reader).await?;
    let others = rows::others_read_until(store, case, notes).await?;
    let lines = rows::talk_of(store, case, notes, after, 500).await?;
    let open = |line: TalkLine| {
        Ok(TalkRow {
            kind: if line.kind == "note" { TalkKind::Note } else { TalkKind::Message },
            staff: line.side == "staff",
            agency: line.agency.as_deref().and_then(AgencyCode::parse),
            at: line.at,
            text: line.body.open(store.sealer(), SEAL)?,
            read: line.seq <= until,
            seen: line.seq <= others && (line.side == "staff") == notes,
            seq: line.seq,
        })
    };
    lines.into_iter().map(open).collect()
}

fn unsaid() -> Refusal {
    Refusal::new(
        RefusalKind::Invalid,
        "cases.nothing-said",
        "请填写内容，不超过4000字。",
        "Write something, in 4000 characters at most.",
    )
    .field("text", "请填写内容，不超过4000字。", "Write something, in 4000 characters at most.")
}
