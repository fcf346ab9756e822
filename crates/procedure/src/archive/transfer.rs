//! The transfer list (移交清单): one line a package, as CSV that spreadsheets open.

use super::{Package, PackageId};
use crate::running::day;
use catalog::Publicity;
use kernel::{Lang, clock};

/// One line of a transfer list.
#[derive(Debug, Clone, PartialEq)]
pub struct TransferLine {
    /// The package.
    pub package: Package,
}

/// The head of the list, with the mark by which spreadsheets know UTF-8.
pub fn csv_head() -> String {
    "\u{feff}档号,题名,归档年度,办结日期,保管期限,期限依据,公开属性,公开依据,件数,字节数,SHA-256\r\n"
        .to_owned()
}

impl TransferLine {
    pub(super) fn of(package: Package) -> Self {
        Self { package }
    }

    /// Which package.
    pub fn id(&self) -> PackageId {
        self.package.id
    }

    /// The line as CSV.
    pub fn csv(&self) -> String {
        let p = &self.package;
        let keep = p.retention.years.map_or_else(|| "永久".to_owned(), |years| format!("{years}年"));
        let open = match p.openness.attribute {
            Publicity::Open => "主动公开",
            Publicity::OnRequest => "依申请公开",
            Publicity::Closed => "不予公开",
        };
        let cells = [
            p.reference.clone(),
            p.title.clone(),
            p.year.to_string(),
            day(clock::legal_date(p.closed_at), Lang::ZhCn),
            keep,
            p.retention.basis.zh.clone(),
            open.to_owned(),
            p.openness.ground.zh.clone(),
            p.entries.to_string(),
            p.size.to_string(),
            p.digest.clone(),
        ];
        let line: Vec<String> = cells.iter().map(|c| cell(c)).collect();
        format!("{}\r\n", line.join(","))
    }
}

/// One cell: quoted where needed, and never a formula.
fn cell(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let text = if formula { format!("'{text}") } else { text.to_owned() };
    if text.contains([',', '"', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}
