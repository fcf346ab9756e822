//! Notices in rows: what is searched by lies open, what they say is sealed.

use super::seals::agency_code;
use crate::seal::Imprint;
use crate::{Frame, Notice, NoticeContent, NoticeId, NoticeKind, NoticeLine};
use ::store::{Commit, FromRow, Row, Sealed, Sealer, Statement, Store, Value, params};
use kernel::{Fault, FileId, Lang, Text, Timestamp};
use serde::{Deserialize, Serialize};

/// How much of an id's text is its moment in milliseconds (UUIDv7: 48 bits, and the hyphen between).
const MOMENT_OF_ID: usize = 13;

const BODY: &str = "procedure_notice.body";

/// The sealed part of a notice.
#[derive(Serialize, Deserialize)]
struct Body {
    addressee: String,
    content: NoticeContent,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    imprint: Option<Imprint>,
}

/// A row before its sealed part is opened.
struct Stored {
    notice: Notice,
    file_en: Option<FileId>,
    body: Sealed<Body>,
}

impl FromRow for Stored {
    fn from_row(mut row: Row) -> Result<Self, Fault> {
        let notice = Notice {
            id: row.take(0)?,
            subject: row.take(1)?,
            reference: row.take(2)?,
            kind: row.take(3)?,
            frame: row.take(4)?,
            number: row.take(5)?,
            agency: agency_code(row.take(6)?)?,
            agency_name: Text::new(row.take::<String>(7)?, row.take::<String>(8)?),
            at: row.take(9)?,
            recorded_at: row.take(10)?,
            auto: row.take::<i64>(11)? == 1,
            file: row.take(12)?,
            addressee: String::new(),
            content: NoticeContent::default(),
            seal: None,
        };
        Ok(Self { notice, file_en: row.take(13)?, body: row.take(14)? })
    }
}

/// A notice with where its second edition lies.
pub(crate) struct Kept {
    pub(crate) notice: Notice,
    pub(crate) file_en: Option<FileId>,
}

pub(crate) async fn get(store: &Store, id: NoticeId) -> Result<Option<Kept>, Fault> {
    let sql = "SELECT id, subject, reference, kind, frame, number, agency, agency_zh, agency_en, at, recorded_at, auto, \
         file, file_en, body FROM procedure_notice WHERE id = $1";
    let found: Option<Stored> = store.row(sql, params![id]).await?;
    found
        .map(|row| {
            let body = row.body.open(store.sealer(), BODY)?;
            let notice =
                Notice { addressee: body.addressee, content: body.content, seal: body.imprint, ..row.notice };
            Ok(Kept { notice, file_en: row.file_en })
        })
        .transpose()
}

pub(crate) fn insert(commit: &mut Commit, sealer: &Sealer, n: &Notice) -> Result<(), Fault> {
    let body = Body { addressee: n.addressee.clone(), content: n.content.clone(), imprint: n.seal.clone() };
    commit.exec(
        "INSERT INTO procedure_notice (id, subject, reference, kind, frame, number, agency, agency_zh, agency_en, at, \
         recorded_at, seal_name, auto, body) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        params![
            n.id,
            n.subject,
            n.reference,
            n.kind,
            n.frame,
            n.number,
            n.agency.as_str(),
            n.agency_name.zh,
            n.agency_name.en,
            n.at,
            n.recorded_at,
            n.seal.as_ref().map(|s| s.name.clone()),
            i64::from(n.auto),
            Sealed::seal(sealer, BODY, &body)?,
        ],
    );
    Ok(())
}

::store::row! {
    struct Line {
        id: NoticeId,
        kind: NoticeKind,
        frame: Frame,
        number: String,
        at: Timestamp,
        seal: Option<String>,
    }
}

/// The notices of a subject, in the order of their making.
pub(crate) async fn of(store: &Store, subject: &str) -> Result<Vec<NoticeLine>, Fault> {
    let sql =
        "SELECT id, kind, frame, number, at, seal_name FROM procedure_notice WHERE subject = $1 ORDER BY id";
    let rows: Vec<Line> = store.rows(sql, params![subject]).await?;
    let one = |l: Line| NoticeLine {
        id: l.id,
        kind: l.kind,
        number: l.number,
        at: l.at,
        seal: l.seal,
        name: l.kind.name(l.frame),
    };
    let mut lines: Vec<NoticeLine> = rows.into_iter().map(one).collect();
    // Ids tell the millisecond; what left within one stands in the order of a procedure.
    lines.sort_by_key(|l| (l.id.to_string().get(..MOMENT_OF_ID).map(str::to_owned), l.kind));
    Ok(lines)
}

/// How many notices of a kind a subject has.
pub(crate) async fn count(store: &Store, subject: &str, kind: NoticeKind) -> Result<i64, Fault> {
    let sql = "SELECT count(*) FROM procedure_notice WHERE subject = $1 AND kind = $2";
    Ok(store.row::<(i64,)>(sql, params![subject, kind]).await?.map_or(0, |(n,)| n))
}

/// How many of them are about to be added by this very commit.
pub(crate) fn pending(commit: &Commit, subject: &str, kind: NoticeKind) -> usize {
    let is =
        |s: &Statement, at: usize, text: &str| matches!(s.params.get(at), Some(Value::Text(t)) if t == text);
    let added = commit.statements.iter().filter(|s| s.sql.starts_with("INSERT INTO procedure_notice "));
    added.filter(|s| is(s, 1, subject) && is(s, 3, kind.word())).count()
}

/// Keeps where the laid-out notice lies, unless another server was faster.
pub(crate) fn set_file(commit: &mut Commit, id: NoticeId, lang: Lang, file: FileId) {
    let sql = match lang {
        Lang::ZhCn => "UPDATE procedure_notice SET file = $1 WHERE id = $2 AND file IS NULL",
        Lang::En => "UPDATE procedure_notice SET file_en = $1 WHERE id = $2 AND file_en IS NULL",
    };
    commit.exec(sql, params![file, id]);
}
