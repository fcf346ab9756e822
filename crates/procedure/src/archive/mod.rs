//! Archive (归档): a closed subject becomes one package with a manifest of digests, checked for the four properties that an
//! electronic archive must have, listed for transfer, and held against deletion for as long as the rule says.

mod check;
mod pack;
mod transfer;

pub use check::{Finding, Property};
pub use transfer::{TransferLine, csv_head};

use crate::store::packages as rows;
use ::store::{Cx, Store};
use catalog::{Openness, Publicity, Retention};
use jiff::civil::Date;
use kernel::{AgencyCode, Fault, Outcome, Refusal, RefusalKind, Text, Timestamp, clock};

kernel::typed_id! {
    /// An archive package.
    PackageId;
}

/// All entries together are no larger than this; larger ones are scans that belong into several packages.
const BYTES_MAX: usize = 64 * 1024 * 1024;

/// One thing in a package.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Its name: `准予行政许可决定书.pdf`.
    pub name: String,
    /// Its media type: `application/pdf`.
    pub media: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// A package to be made.
#[derive(Debug, Clone)]
pub struct NewPackage {
    /// What it is about: `case:ID`.
    pub subject: String,
    /// The number people know it by.
    pub reference: String,
    /// The agency that keeps it.
    pub agency: AgencyCode,
    /// Its title (题名).
    pub title: String,
    /// How long it is kept, and by which rule.
    pub retention: Retention,
    /// Whether it is open, and on what ground.
    pub openness: Openness,
    /// When the subject was closed.
    pub closed_at: Timestamp,
    /// What goes in.
    pub entries: Vec<Entry>,
}

/// A package that is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Package {
    /// Which.
    pub id: PackageId,
    /// What it is about.
    pub subject: String,
    /// The number people know it by.
    pub reference: String,
    /// The agency that keeps it.
    pub agency: AgencyCode,
    /// Its title.
    pub title: String,
    /// The year it belongs to: in which the subject was closed.
    pub year: i64,
    /// When the subject was closed.
    pub closed_at: Timestamp,
    /// When it was packed.
    pub packed_at: Timestamp,
    /// How long it is kept, and by which rule.
    pub retention: Retention,
    /// The last day it is kept; `None` for ever.
    pub until: Option<Date>,
    /// Whether it is open, and on what ground.
    pub openness: Openness,
    /// How many things are in it.
    pub entries: i64,
    /// Its size in bytes.
    pub size: i64,
    /// The SHA-256 of its bytes, in hex.
    pub digest: String,
}

/// Where a list of packages goes on: after this one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PackageCursor(pub PackageId);

/// The duty to keep something, which goes before any wish to delete it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hold {
    /// The number people know the subject by.
    pub reference: String,
    /// The last day; `None` for ever.
    pub until: Option<Date>,
    /// By which rule.
    pub ground: Text,
}

impl Hold {
    /// Whether it still stands on a day.
    pub fn stands(&self, on: Date) -> bool {
        self.until.is_none_or(|last| on <= last)
    }

    /// The refusal for whoever asks that it be deleted.
    pub fn refusal(&self) -> Refusal {
        let (zh, en) = match self.until {
            None => ("永久".to_owned(), "for ever".to_owned()),
            Some(day) => (
                format!("至{}", crate::running::day(day, kernel::Lang::ZhCn)),
                format!("until {}", crate::running::day(day, kernel::Lang::En)),
            ),
        };
        Refusal::new(
            RefusalKind::Conflict,
            "procedure.archive-holds",
            format!("{}的档案依{}应当保存{zh}，不能删除。", self.reference, self.ground.zh),
            format!(
                "The archive of {} is kept {en} under {} and cannot be deleted.",
                self.reference, self.ground.en
            ),
        )
    }
}

/// As rows and lists write it: `on-request`.
pub fn attribute_word(attribute: Publicity) -> &'static str {
    match attribute {
        Publicity::Open => "open",
        Publicity::OnRequest => "on-request",
        Publicity::Closed => "closed",
    }
}

/// Makes the package of a closed subject and keeps it, sealed, with the caller's commit.
///
/// # Errors
/// `procedure.archive-empty` without entries, `procedure.archive-large` beyond 64 MB.
pub async fn package(cx: &mut Cx, new: NewPackage) -> Outcome<PackageId> {
    let total: usize = new.entries.iter().map(|e| e.bytes.len()).sum();
    if new.entries.is_empty() {
        let refusal = Refusal::new(
            RefusalKind::Invalid,
            "procedure.archive-empty",
            "没有可以归档的内容。",
            "There is nothing to archive.",
        );
        return Err(refusal.into());
    }
    if total > BYTES_MAX {
        let refusal = Refusal::new(
            RefusalKind::TooLarge,
            "procedure.archive-large",
            "归档内容超过 64 MB。",
            "What is to be archived exceeds 64 MB.",
        );
        return Err(refusal.next("请分卷归档。", "Split it into several packages.").into());
    }
    let (id, now): (PackageId, Timestamp) = (cx.new_id(), cx.now);
    let closed = clock::legal_date(new.closed_at);
    let until = end(closed, &new.retention);
    let count = i64::try_from(new.entries.len()).unwrap_or(i64::MAX);
    let mut package = Package {
        id,
        subject: new.subject,
        reference: new.reference,
        agency: new.agency,
        title: new.title,
        year: i64::from(closed.year()),
        closed_at: new.closed_at,
        packed_at: now,
        retention: new.retention,
        until,
        openness: new.openness,
        entries: count,
        size: 0,
        digest: String::new(),
    };
    let entries = new.entries;
    let (package, bytes) = tokio::task::spawn_blocking(move || {
        let bytes = pack::pack(&package, &entries)?;
        package.size = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
        package.digest = pack::sha256(&bytes);
        Ok::<_, Fault>((package, bytes))
    })
    .await
    .map_err(|e| Fault::from("packing an archive", e))??;
    let sealer = cx.store().sealer().clone();
    rows::insert(&mut cx.commit, &sealer, &package, &bytes)?;
    Ok(id)
}

/// Kept for so many years, counted from the year after it was closed, to that year's end.
fn end(closed: Date, retention: &Retention) -> Option<Date> {
    let years = i16::try_from(retention.years?).ok()?;
    Date::new(closed.year().checked_add(years)?, 12, 31).ok()
}

/// One package.
///
/// # Errors
/// A [`Fault`] of the database.
pub async fn get(store: &Store, id: PackageId) -> Result<Option<Package>, Fault> {
    rows::get(store, id).await
}

/// The packages of a subject, the newest first: a subject that was reopened has several.
///
/// # Errors
/// A [`Fault`] of the database.
pub async fn of(store: &Store, subject: &str) -> Result<Vec<Package>, Fault> {
    rows::of(store, subject).await
}

/// The bytes of a package, a ZIP.
///
/// # Errors
/// Not found, or a fault when a part was changed.
pub async fn bytes(store: &Store, id: PackageId) -> Outcome<Vec<u8>> {
    rows::get(store, id).await?.ok_or_else(Refusal::not_found)?;
    Ok(rows::bytes(store, id).await??)
}

/// Checks the four properties of a package: authentic, complete, usable, safe. Each has at least one finding.
///
/// # Errors
/// Not found, or a [`Fault`] of the database; a damaged package is a finding, no error.
pub async fn check(store: &Store, id: PackageId) -> Outcome<Vec<Finding>> {
    let package = rows::get(store, id).await?.ok_or_else(Refusal::not_found)?;
    let bytes = rows::bytes(store, id).await?;
    let found = tokio::task::spawn_blocking(move || check::check(&package, bytes.as_deref().ok()));
    Ok(found.await.map_err(|e| Fault::from("checking an archive", e))?)
}

/// What an agency closed in a year and has to hand over (移交清单), from after `after`.
///
/// # Errors
/// A [`Fault`] of the database.
pub async fn transfer_list(
    store: &Store,
    agency: &AgencyCode,
    year: i64,
    after: Option<&PackageCursor>,
    limit: i64,
) -> Result<Vec<TransferLine>, Fault> {
    let packages = rows::of_year(store, agency.as_str(), year, after, limit.clamp(1, 1_000)).await?;
    Ok(packages.into_iter().map(TransferLine::of).collect())
}

/// The duty to keep what belongs to a subject, the longest one; archive duty goes before deletion.
///
/// # Errors
/// A [`Fault`] of the database.
pub async fn holds(store: &Store, subject: &str) -> Result<Option<Hold>, Fault> {
    let packages = rows::of(store, subject).await?;
    let longest = packages.into_iter().max_by_key(|p| p.until.map_or(Date::MAX, |day| day));
    Ok(longest.map(|p| Hold { reference: p.reference, until: p.until, ground: p.retention.basis }))
}
