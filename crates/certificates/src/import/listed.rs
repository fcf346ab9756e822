//! Many certificates of one kind are issued from a list: one row a certificate, 200 in one commit, and a report line by line.

use super::csv::Records;
use super::row::{self, Columns, Holder, Wrong, wrong};
use super::{BATCH, Report};
use crate::issue::{hex, issue_with};
use crate::model::{CertField, CertificateId, NewCertificate};
use crate::store as rows;
use ::store::{Cx, Ground, command};
use jiff::civil::Date;
use kernel::{ActorRef, AgencyCode, Fault, Lang, Outcome, Refusal, RefusalKind, SubjectId, Text, clock};
use sha2::{Digest as _, Sha256};
use std::collections::HashSet;
use std::io::BufRead;

/// The columns that every list has. The reference is the number of the decision, unique in its kind: a row with one that is there
/// already is left alone, so that a list which was cut off is simply read again.
const NEEDED: [&str; 3] = ["reference", "holder_number", "valid_from"];
/// The columns that it may have. A name is compared with the register's, which is printed.
const ALLOWED: [&str; 2] = ["valid_until", "holder_name"];
/// The longest reference, in characters.
const REFERENCE_MAX: usize = 80;

/// What all certificates of one list share.
#[derive(Debug, Clone)]
pub struct Issuing {
    /// The kind, the pack's word.
    pub kind: String,
    /// The type code of GB/T 36904: credit code of the defining body (18) and a serial (3).
    pub type_code: String,
    /// The name on top.
    pub name: Text,
    /// Who issues them.
    pub issuer: AgencyCode,
    /// The issuer's name as printed.
    pub issuer_name: Text,
    /// The issuer's unified social credit code.
    pub issuer_code: String,
    /// The typst source that lays them out.
    pub template: String,
    /// The keys of the lines that anybody who verifies may see.
    pub public: Vec<String>,
}

/// What a row says.
struct Said {
    reference: String,
    holder: Holder,
    /// Empty when the list names nobody.
    holder_name: String,
    valid_from: Date,
    valid_until: Option<Date>,
    fields: Vec<CertField>,
}

/// A row that can be issued.
struct Listed {
    said: Said,
    holder: SubjectId,
    holder_name: String,
    number_masked: String,
}

/// Issues what stands in `text`. With `rehearse` nothing is written, and the report says what would be.
///
/// # Errors
/// `certificates.import-heading`, or a fault of the file or the database; what was committed until then stays, and is known next time.
pub async fn issue_list(
    ground: &Ground,
    issuing: &Issuing,
    text: impl BufRead,
    rehearse: bool,
) -> Outcome<Report> {
    let mut records = Records::new(text);
    let reading = |e| Fault::from("reading the list", e);
    let heading = records.next().map_err(reading)?;
    let columns = Columns::read(&heading.map(|h| h.cells).unwrap_or_default(), &NEEDED, &ALLOWED)
        .map_err(|say| Refusal::new(RefusalKind::Invalid, "certificates.import-heading", say.zh, say.en))?;
    let (mut report, mut seen) = (Report::default(), HashSet::new());
    let mut batch = Vec::with_capacity(BATCH);
    while let Some(record) = records.next().map_err(reading)? {
        report.rows += 1;
        match read(ground, &columns, issuing, &record.cells, &mut seen).await? {
            Err((word, say)) => report.refuse(record.line, word, say),
            Ok(listed) => batch.push(listed),
        }
        if batch.len() == BATCH {
            keep(ground, issuing, &mut batch, &mut report, rehearse).await?;
        }
    }
    keep(ground, issuing, &mut batch, &mut report, rehearse).await?;
    Ok(report)
}

/// Reads a row and looks its holder up.
async fn read(
    ground: &Ground,
    columns: &Columns,
    issuing: &Issuing,
    cells: &[String],
    seen: &mut HashSet<String>,
) -> Result<Result<Listed, Wrong>, Fault> {
    let today = clock::legal_date(ground.clock.now());
    let said = match checked(columns, issuing, cells, today) {
        Ok(said) => said,
        Err(wrong) => return Ok(Err(wrong)),
    };
    if !seen.insert(said.reference.clone()) {
        let say = ("文件里前面已有同一个文号。", "The same reference stands in the file before.");
        return Ok(Err(wrong("twice", say.0, say.1)));
    }
    let Some(holder) = super::known(&ground.store, &said.holder).await? else {
        return Ok(Err(super::holder_unknown()));
    };
    let Some(profile) = identity::profile(&ground.store, holder).await? else {
        return Ok(Err(super::holder_unknown()));
    };
    if !said.holder_name.is_empty() && said.holder_name != profile.name {
        let say = ("持证人名称与登记的不一致。", "The holder’s name is another one than the register’s.");
        return Ok(Err(wrong("holder-name", say.0, say.1)));
    }
    Ok(Ok(Listed { said, holder, holder_name: profile.name, number_masked: profile.number_masked }))
}

/// What a row says, before its holder is looked up. Pure.
fn checked(columns: &Columns, issuing: &Issuing, cells: &[String], today: Date) -> Result<Said, Wrong> {
    let get = |name: &str| columns.get(cells, name);
    let reference = get("reference").to_owned();
    if reference.is_empty() || reference.chars().count() > REFERENCE_MAX {
        return Err(wrong(
            "reference",
            "缺少文号，或超过80字。",
            "The reference is missing or longer than 80.",
        ));
    }
    let valid_from = columns.needed_day(cells, "valid_from")?;
    let valid_until = columns.day(cells, "valid_until")?;
    if valid_until.is_some_and(|last| last < valid_from) {
        return Err(wrong("validity", "有效期止早于有效期起。", "It would end before it begins."));
    }
    if valid_until.is_some_and(|last| last < today) {
        return Err(wrong("ended", "有效期已经届满。", "Its last day has passed."));
    }
    let (holder, _) = row::holder(get("holder_number"))?;
    let fields: Vec<CertField> = columns.fields(cells, &issuing.public).collect();
    if let Some(empty) = fields.iter().find(|f| f.value.is_empty()) {
        let (zh, key) = (&empty.label.zh, &empty.key);
        return Err(wrong("line", format!("缺少{zh}。"), format!("The line {key} is missing.")));
    }
    let holder_name = get("holder_name").to_owned();
    Ok(Said { reference, holder, holder_name, valid_from, valid_until, fields })
}

async fn keep(
    ground: &Ground,
    issuing: &Issuing,
    batch: &mut Vec<Listed>,
    report: &mut Report,
    rehearse: bool,
) -> Outcome<()> {
    let all = u64::try_from(batch.len()).unwrap_or(u64::MAX);
    let new = if rehearse {
        let mut new = 0;
        for listed in batch.iter() {
            new += u64::from(!rows::is_listed(&ground.store, &issuing.kind, &listed.said.reference).await?);
        }
        new
    } else if batch.is_empty() {
        0
    } else {
        let actor = ActorRef::system();
        command!(ground, Lang::ZhCn, actor, |cx| take(&mut cx, issuing, batch).await)?
    };
    report.taken += new;
    report.known += all - new;
    batch.clear();
    Ok(())
}

/// One commit; whoever reads the same list at the same time loses, and finds the rows there.
async fn take(cx: &mut Cx, issuing: &Issuing, batch: &[Listed]) -> Outcome<u64> {
    let digest = hex(&Sha256::digest(issuing.template.as_bytes()));
    rows::keep_template(&mut cx.commit, &digest, &issuing.template);
    let mut new = 0;
    for listed in batch {
        let reference = &listed.said.reference;
        if rows::is_listed(cx.store(), &issuing.kind, reference).await? {
            continue;
        }
        let id: CertificateId = issue_with(cx, certificate(issuing, listed), &digest).await?;
        rows::put_listed(&mut cx.commit, &issuing.kind, reference, id);
        new += 1;
    }
    Ok(new)
}

fn certificate(issuing: &Issuing, listed: &Listed) -> NewCertificate {
    NewCertificate {
        kind: issuing.kind.clone(),
        type_code: issuing.type_code.clone(),
        name: issuing.name.clone(),
        holder: listed.holder,
        holder_name: listed.holder_name.clone(),
        holder_number_masked: listed.number_masked.clone(),
        issuer: issuing.issuer.clone(),
        issuer_name: issuing.issuer_name.clone(),
        issuer_code: issuing.issuer_code.clone(),
        valid_from: listed.said.valid_from,
        valid_until: listed.said.valid_until,
        fields: listed.said.fields.clone(),
        template: issuing.template.clone(),
        case_number: listed.said.reference.clone(),
    }
}
