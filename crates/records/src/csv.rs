//! CSV (RFC 4180) written: one row per case, columns as chosen, no cell that a spreadsheet would run as a formula.

use crate::feed::Depth;
use crate::model::CaseRecord;
use crate::stream::Shape;
use kernel::{Fault, Lang, Refusal, RefusalKind, Timestamp, clock};

/// A column of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is named by its own words below")]
pub enum Column {
    Number,
    Item,
    ItemName,
    Agency,
    Division,
    State,
    StateName,
    Outcome,
    Applicant,
    FiledAt,
    Due,
    Promised,
    Statutory,
    ClosedAt,
    Late,
    Acts,
}

impl Column {
    /// Every column, in the order of the table.
    pub const ALL: &'static [Self] = &[
        Self::Number,
        Self::Item,
        Self::ItemName,
        Self::Agency,
        Self::Division,
        Self::State,
        Self::StateName,
        Self::Outcome,
        Self::Applicant,
        Self::FiledAt,
        Self::Due,
        Self::Promised,
        Self::Statutory,
        Self::ClosedAt,
        Self::Late,
        Self::Acts,
    ];

    /// The stable word, as chosen on the page and on the command line.
    pub fn word(self) -> &'static str {
        self.words().0
    }

    /// The heading.
    pub fn heading(self, lang: Lang) -> &'static str {
        let (_, zh, en) = self.words();
        if lang == Lang::En { en } else { zh }
    }

    fn words(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Number => ("number", "办件编号", "Case number"),
            Self::Item => ("item", "事项标识", "Item key"),
            Self::ItemName => ("item_name", "事项名称", "Item"),
            Self::Agency => ("agency", "实施机构", "Agency"),
            Self::Division => ("division", "行政区划", "Division"),
            Self::State => ("state", "状态代码", "State code"),
            Self::StateName => ("state_name", "状态", "State"),
            Self::Outcome => ("outcome", "结果", "Outcome"),
            Self::Applicant => ("applicant", "申请人", "Applicant"),
            Self::FiledAt => ("filed_at", "收件时间", "Filed at"),
            Self::Due => ("due", "最近期限", "Next due"),
            Self::Promised => ("promised_due", "承诺期限", "Promised due"),
            Self::Statutory => ("statutory_due", "法定期限", "Statutory due"),
            Self::ClosedAt => ("closed_at", "办结时间", "Closed at"),
            Self::Late => ("late", "超期", "Late"),
            Self::Acts => ("acts", "环节数", "Acts"),
        }
    }

    /// Reads a column's word.
    ///
    /// # Errors
    /// A refusal that lists the columns there are.
    pub fn read(word: &str) -> Result<Self, Refusal> {
        Self::ALL.iter().copied().find(|c| c.word() == word).ok_or_else(|| {
            let all = Self::ALL.iter().map(|c| c.word()).collect::<Vec<_>>().join(", ");
            Refusal::new(
                RefusalKind::Invalid,
                "records.no-such-column",
                format!("没有“{word}”这一列。"),
                format!("There is no column \"{word}\"."),
            )
            .next(format!("可选的列：{all}。"), format!("Columns: {all}."))
        })
    }

    /// Whether the case's history must be read for it.
    fn needs_history(self) -> bool {
        matches!(self, Self::Promised | Self::Statutory | Self::Late | Self::Acts)
    }
}

/// The writer of CSV.
#[derive(Debug, Clone)]
pub struct Csv {
    /// The columns, in their order.
    pub columns: Vec<Column>,
    /// For spreadsheets: a byte-order mark before everything, and moments that they read as such.
    pub excel: bool,
    /// The language of the headings.
    pub lang: Lang,
}

impl Csv {
    /// The columns that need no history, for spreadsheets, in this language.
    pub fn usual(lang: Lang) -> Self {
        let columns = Column::ALL.iter().copied().filter(|c| !c.needs_history()).collect();
        Self { columns, excel: true, lang }
    }

    fn moment(&self, at: Option<Timestamp>) -> String {
        let pattern = if self.excel { "%Y-%m-%d %H:%M:%S" } else { "%Y-%m-%dT%H:%M:%S+08:00" };
        at.map(|at| at.to_zoned(clock::legal_zone()).strftime(pattern).to_string()).unwrap_or_default()
    }

    fn cell(&self, column: Column, case: &CaseRecord) -> String {
        match column {
            Column::Number => case.number.clone(),
            Column::Item => case.item.clone(),
            Column::ItemName => case.item_name.get(self.lang).to_owned(),
            Column::Agency => case.agency.clone(),
            Column::Division => case.division.clone(),
            Column::State => case.state.clone(),
            Column::StateName => case.state_name.get(self.lang).to_owned(),
            Column::Outcome => case.outcome.clone().unwrap_or_default(),
            Column::Applicant => case.applicant.clone(),
            Column::FiledAt => self.moment(Some(case.filed_at)),
            Column::Due => self.moment(case.due),
            Column::Promised => self.moment(case.promised),
            Column::Statutory => self.moment(case.statutory),
            Column::ClosedAt => self.moment(case.closed_at),
            Column::Late => if case.late { "1" } else { "0" }.to_owned(),
            Column::Acts => case.acts.len().to_string(),
        }
    }
}

impl Shape for Csv {
    fn depth(&self) -> Depth {
        if self.columns.iter().any(|c| c.needs_history()) { Depth::History } else { Depth::Row }
    }

    fn head(&self, out: &mut Vec<u8>) -> Result<(), Fault> {
        if self.excel {
            out.extend_from_slice("\u{FEFF}".as_bytes());
        }
        row(out, self.columns.iter().map(|c| c.heading(self.lang).to_owned()));
        Ok(())
    }

    fn case(&self, out: &mut Vec<u8>, case: &CaseRecord) -> Result<(), Fault> {
        row(out, self.columns.iter().map(|c| self.cell(*c, case)));
        Ok(())
    }

    fn tail(&self, _: &mut Vec<u8>) -> Result<(), Fault> {
        Ok(())
    }
}

/// One line of a table, as every table of the house is written: no cell is a formula.
pub fn row(out: &mut Vec<u8>, cells: impl IntoIterator<Item = String>) {
    for (i, cell) in cells.into_iter().enumerate() {
        if i > 0 {
            out.push(b',');
        }
        push_cell(out, &cell);
    }
    out.extend_from_slice(b"\r\n");
}

/// Characters with which spreadsheets begin a formula, also after a tab or line end.
const FORMULA: &[char] = &['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// Writes one cell. One that a spreadsheet would take for a formula gets an apostrophe in front, within quotation marks:
/// it is shown as text, and [`unguard`] takes it off again.
fn push_cell(out: &mut Vec<u8>, cell: &str) {
    let guarded = cell.starts_with(FORMULA) || guard_like(cell);
    if !guarded && !cell.contains([',', '"', '\r', '\n', ';', '\t']) {
        out.extend_from_slice(cell.as_bytes());
        return;
    }
    out.push(b'"');
    if guarded {
        out.push(b'\'');
    }
    out.extend_from_slice(cell.replace('"', "\"\"").as_bytes());
    out.push(b'"');
}

/// Whether a text looks as if it were guarded already, so that it needs a guard of its own to come back the same.
fn guard_like(cell: &str) -> bool {
    cell.strip_prefix('\'').is_some_and(|rest| rest.starts_with(FORMULA) || guard_like(rest))
}

/// Takes the guard off a cell that was read.
pub(crate) fn unguard(cell: String) -> String {
    match cell.strip_prefix('\'') {
        Some(rest) if rest.starts_with(FORMULA) || guard_like(rest) => rest.to_owned(),
        _ => cell,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(cell: &str) -> String {
        let mut out = Vec::new();
        push_cell(&mut out, cell);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn no_cell_is_a_formula_and_each_comes_back() {
        for (cell, expected) in [
            ("金陵客运", "金陵客运"),
            ("=cmd|' /C calc'!A0", "\"'=cmd|' /C calc'!A0\""),
            ("+86 25", "\"'+86 25\""),
            ("-1", "\"'-1\""),
            ("@SUM(A1)", "\"'@SUM(A1)\""),
            ("\t=1", "\"'\t=1\""),
            ("a,\"b\"", "\"a,\"\"b\"\"\""),
            ("'=1", "\"''=1\""),
            ("'twas", "'twas"),
        ] {
            assert_eq!(written(cell), expected);
            let inner = expected.strip_prefix('"').and_then(|t| t.strip_suffix('"')).unwrap_or(expected);
            assert_eq!(unguard(inner.replace("\"\"", "\"")), cell);
        }
    }

    #[test]
    fn every_column_has_a_word_of_its_own() {
        for column in Column::ALL {
            assert_eq!(Column::read(column.word()).unwrap(), *column);
        }
        assert_eq!(Column::read("phone").unwrap_err().code, "records.no-such-column");
    }
}
