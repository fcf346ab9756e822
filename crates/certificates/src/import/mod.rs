//! Taking over an old register: rows of a CSV file become certificates, many in one commit; what cannot be taken is named with its line.

mod csv;
mod listed;
mod row;

pub use listed::{Issuing, issue_list};
pub use row::Problem;

use crate::event::{CertificateEvent, subject};
use crate::issue::{self, hex};
use crate::model::{Certificate, CertificateId, Grade};
use crate::{status, store as rows};
use ::store::{Cx, Ground, Store, command};
use csv::Records;
use kernel::{ActorRef, AgencyCode, Fault, Lang, Outcome, Refusal, RefusalKind, SubjectId, Text};
use row::{ALLOWED, Columns, Holder, NEEDED, Row, Wrong};
use sha2::{Digest as _, Sha256};
use std::collections::{BTreeMap, HashSet};
use std::io::BufRead;

/// How many rows go into one commit.
const BATCH: usize = 200;
/// How many problems are named; the rest is counted.
const NAMED_MAX: usize = 100;

/// What all rows of one file share.
#[derive(Debug, Clone)]
pub struct Register {
    /// The kind, the pack's word.
    pub kind: String,
    /// The name on top.
    pub name: Text,
    /// Who issued them.
    pub issuer: AgencyCode,
    /// The issuer's name as printed.
    pub issuer_name: Text,
    /// The typst source that lays them out when they are asked for.
    pub template: String,
    /// The keys of the lines that anybody who verifies may see.
    pub public: Vec<String>,
}

/// What came of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Rows read, the heading not among them.
    pub rows: u64,
    /// Taken, or to be taken when it was a rehearsal.
    pub taken: u64,
    /// There already: a file that was cut off is simply read again.
    pub known: u64,
    /// Refused.
    pub refused: u64,
    /// How often each problem came up, by its word.
    pub counts: BTreeMap<&'static str, u64>,
    /// The first problems with their lines.
    pub problems: Vec<Problem>,
}

impl Report {
    fn tell(&mut self, line: u64, word: &'static str, say: Text, warning: bool) {
        *self.counts.entry(word).or_default() += 1;
        if self.problems.len() < NAMED_MAX {
            self.problems.push(Problem { line, word, say, warning });
        }
    }

    fn refuse(&mut self, line: u64, word: &'static str, say: Text) {
        self.refused += 1;
        self.tell(line, word, say, false);
    }

    /// The report for people.
    pub fn text(&self, lang: Lang) -> String {
        let (rows, taken, known, refused) = (self.rows, self.taken, self.known, self.refused);
        let mut out = match lang {
            Lang::ZhCn => format!("共{rows}行：可接收{taken}，已有{known}，不能接收{refused}\n"),
            Lang::En => format!("{rows} rows: {taken} taken, {known} there already, {refused} refused\n"),
        };
        for (word, times) in &self.counts {
            out.push_str(&format!("  {word}: {times}\n"));
        }
        for p in &self.problems {
            let mark = if p.warning { "?" } else { "!" };
            out.push_str(&format!("{mark} {}: {} {}\n", p.line, p.word, p.say.get(lang)));
        }
        out
    }
}

/// Reads an old register from `text`. With `rehearse` nothing is written, and the report says what would be. Nothing is printed: the PDF
/// is made when somebody asks for it.
///
/// # Errors
/// `certificates.import-heading`, or a fault of the file or the database; what was committed until then stays, and is known next time.
pub async fn import(
    ground: &Ground,
    register: &Register,
    text: impl BufRead,
    rehearse: bool,
) -> Outcome<Report> {
    let mut records = Records::new(text);
    let reading = |e| Fault::from("reading the register", e);
    let heading = records.next().map_err(reading)?;
    let columns = Columns::read(&heading.map(|h| h.cells).unwrap_or_default(), &NEEDED, &ALLOWED)
        .map_err(|say| Refusal::new(RefusalKind::Invalid, "certificates.import-heading", say.zh, say.en))?;
    let mut report = Report::default();
    let mut seen = HashSet::new();
    let mut batch = Vec::with_capacity(BATCH);
    while let Some(record) = records.next().map_err(reading)? {
        report.rows += 1;
        match row::read(&columns, register, &record.cells) {
            Err((word, say)) => report.refuse(record.line, word, say),
            Ok(row) => {
                let known = find(ground, &row, record.line, &mut seen, &mut report).await?;
                batch.extend(known.map(|holder| (row, holder)));
            }
        }
        if batch.len() == BATCH {
            keep(ground, register, &mut batch, rehearse).await?;
        }
    }
    keep(ground, register, &mut batch, rehearse).await?;
    Ok(report)
}

/// Whose it is; none when it cannot or need not be taken, which is told.
async fn find(
    ground: &Ground,
    row: &Row,
    line: u64,
    seen: &mut HashSet<String>,
    report: &mut Report,
) -> Result<Option<SubjectId>, Fault> {
    let store = &ground.store;
    let identifier = row.identifier.to_string();
    if !seen.insert(identifier.clone()) {
        let say = Text::new("文件里前面已有同一个编号。", "The same number stands in the file before.");
        report.refuse(line, "twice", say);
        return Ok(None);
    }
    if rows::find(store, &identifier).await?.is_some() {
        report.known += 1;
        return Ok(None);
    }
    let holder = known(store, &row.holder).await?;
    match holder {
        None => {
            let (word, say) = holder_unknown();
            report.refuse(line, word, say);
        }
        Some(_) => {
            report.taken += 1;
            for say in &row.warnings {
                report.tell(line, "check-character", say.clone(), true);
            }
        }
    }
    Ok(holder)
}

/// Who has this number.
async fn known(store: &Store, holder: &Holder) -> Result<Option<SubjectId>, Fault> {
    Ok(match holder {
        Holder::Person(number) => identity::person_by_citizen_id(store, number).await?.map(SubjectId::Person),
        Holder::Organisation(code) => {
            identity::organisation_by_code(store, code).await?.map(SubjectId::Organisation)
        }
    })
}

fn holder_unknown() -> Wrong {
    let say = Text::new(
        "平台里没有这个持证人，请先接收人员或单位。",
        "The holder is not known here; take over persons and organisations first.",
    );
    ("holder-unknown", say)
}

async fn keep(
    ground: &Ground,
    register: &Register,
    batch: &mut Vec<(Row, SubjectId)>,
    rehearse: bool,
) -> Outcome<()> {
    if !rehearse && !batch.is_empty() {
        let actor = ActorRef::system();
        command!(ground, Lang::ZhCn, actor, |cx| take(&mut cx, register, batch).await)?;
    }
    batch.clear();
    Ok(())
}

async fn take(cx: &mut Cx, register: &Register, batch: &[(Row, SubjectId)]) -> Outcome<()> {
    let digest = hex(&Sha256::digest(register.template.as_bytes()));
    rows::keep_template(&mut cx.commit, &digest, &register.template);
    let sealer = cx.ground.store.sealer().clone();
    for (row, holder) in batch {
        let id: CertificateId = cx.new_id();
        let issued_at = row::start(row.issued_on).unwrap_or(cx.now);
        let certificate = Certificate {
            id,
            identifier: row.identifier.to_string(),
            token: issue::token(cx),
            kind: register.kind.clone(),
            name: register.name.clone(),
            holder: *holder,
            holder_masked: issue::masked(*holder, &row.holder_name),
            holder_name: row.holder_name.clone(),
            holder_number_masked: row.number_masked.clone(),
            issuer: register.issuer.clone(),
            issuer_name: register.issuer_name.clone(),
            issuer_code: row.identifier.issuer().to_owned(),
            valid_from: row.valid_from,
            valid_until: row.valid_until,
            stored: row.state.state(cx.now, row.reason.clone()),
            fields: row.fields.clone(),
            template: digest.clone(),
            case_number: row.case.clone(),
            issued_at,
            grade: if row.warnings.is_empty() { Grade::Imported } else { Grade::ImportedOdd },
            replaces: None,
            file: None,
            rev: 1,
        };
        rows::insert(&mut cx.commit, &sealer, &certificate)?;
        status::give(cx, &certificate, status::Of::Document).await?;
        let event = CertificateEvent::Imported {
            identifier: certificate.identifier.clone(),
            kind: certificate.kind.clone(),
            holder: *holder,
            state: certificate.stored.code().to_owned(),
        };
        trace::record(cx, &mut trace::Head::start(), &subject(id), &event, issued_at)?;
    }
    Ok(())
}
