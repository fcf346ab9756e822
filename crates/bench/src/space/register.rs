//! An old register that is taken over through the room's own import: rows are made as they are read, so a million need no room of their own.

use super::town::{BUREAU, TEMPLATE};
use crate::door::Trouble;
use certificates::{Register, Report};
use kernel::{AgencyCode, CertificateIdentifier, Text};
use std::io::{BufReader, Read};
use std::ops::Range;
use store::Ground;

const HEADING: &str =
    "identifier,holder_number,holder_name,valid_from,valid_until,issued_on,line:address:地址";

/// The file of the old register; nothing of it is held but the row that is being read.
struct Rows {
    left: Range<usize>,
    holder: String,
    /// Every so many rows the first day is none of the calendar.
    spoiled: Option<usize>,
    row: Vec<u8>,
    read: usize,
}

impl Rows {
    fn row(&self, n: usize) -> std::io::Result<String> {
        let identifier =
            CertificateIdentifier::new(&format!("{BUREAU}104"), BUREAU, &format!("OLD{n:08}"), 1);
        let identifier = identifier.map_err(std::io::Error::other)?;
        let (holder, year, month, day) = (&self.holder, 2021 + n % 5, 1 + n % 12, 1 + n % 28);
        let from = if self.spoiled.is_some_and(|every| n % every == every - 1) { 13 } else { month };
        Ok(format!(
            "\n{identifier},{holder},合成持有人,{year}-{from:02}-{day:02},2031-{month:02}-{day:02},{year}-{month:02}-{day:02},合成路{n}号"
        ))
    }
}

impl Read for Rows {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        if self.read == self.row.len() {
            let Some(n) = self.left.next() else { return Ok(0) };
            self.row = self.row(n)?.into_bytes();
            self.read = 0;
        }
        let rest = self.row.get(self.read..).unwrap_or_default();
        let most = rest.len().min(into.len());
        let (from, to) = (rest.get(..most), into.get_mut(..most));
        if let (Some(from), Some(to)) = (from, to) {
            to.copy_from_slice(from);
        }
        self.read += most;
        Ok(most)
    }
}

/// Imports the certificates with the serials `which` for `holder`, every `spoiled`th of them with an impossible date.
///
/// # Errors
/// When not exactly the sound ones are taken, with the import's report.
pub async fn import(
    ground: &Ground,
    holder: &str,
    which: Range<usize>,
    spoiled: Option<usize>,
) -> Result<Report, Trouble> {
    let register = Register {
        kind: "old-permit".into(),
        name: Text::new("旧许可证", "Old permit"),
        issuer: AgencyCode::parse("city.licensing").ok_or("no agency")?,
        issuer_name: Text::new("合成市行政审批局", "Licensing Bureau of the synthetic city"),
        template: TEMPLATE.into(),
        public: vec!["address".into()],
    };
    let bad = spoiled.map_or(0, |every| which.clone().filter(|n| n % every == every - 1).count());
    let sound = u64::try_from(which.len() - bad)?;
    let rows =
        Rows { left: which, holder: holder.into(), spoiled, row: HEADING.as_bytes().to_vec(), read: 0 };
    let report = certificates::import(ground, &register, BufReader::new(rows), false).await;
    let report = report.map_err(|e| format!("importing: {e}"))?;
    if report.taken == sound && report.refused == u64::try_from(bad)? {
        Ok(report)
    } else {
        Err(report.text(kernel::Lang::En).into())
    }
}
