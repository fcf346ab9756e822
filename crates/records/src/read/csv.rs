//! CSV read (RFC 4180, any delimiter, quoted line ends), each row with its line; memory holds one row.

use super::decode::Counting;
use super::{ACTS_MAX, Fields, PIECE_MAX, Raw, RawAct, Rows, Spoilt};
use crate::csv::unguard;
use crate::mapping::Mapping;
use crate::report::Problem;
use std::collections::BTreeSet;
use std::io::BufRead;

/// The rows of a file with a heading.
pub(crate) struct CsvRows<R> {
    from: Counting<R>,
    delimiter: char,
    heading: Vec<String>,
    over: bool,
}

impl<R: BufRead + Send> CsvRows<R> {
    /// Reads the heading and checks that it has the columns that the mapping names.
    pub fn open(from: R, mapping: &Mapping) -> Result<Self, Spoilt> {
        let mut rows = Self {
            from: Counting::new(from),
            delimiter: mapping.delimiter,
            heading: Vec::new(),
            over: false,
        };
        let Some(first) = rows.record() else {
            return Err(Spoilt::fatal(Problem::new(
                1,
                "records.empty",
                "文件是空的。",
                "The file is empty.",
            )));
        };
        let (_, heading) = first.map_err(|s| Spoilt { fatal: true, ..s })?;
        rows.heading = heading.into_iter().map(|h| h.trim().to_owned()).collect();
        let there: BTreeSet<&str> = rows.heading.iter().map(String::as_str).collect();
        let missing: Vec<&str> = mapping.columns().into_iter().filter(|c| !there.contains(c)).collect();
        if missing.is_empty() {
            return Ok(rows);
        }
        let (missing, all) = (missing.join("、"), rows.heading.join("、"));
        Err(Spoilt::fatal(Problem::new(
            1,
            "records.no-column",
            format!("文件里没有映射所写的列：{missing}。文件的列是：{all}。"),
            format!("The file lacks columns that the mapping names: {missing}. It has: {all}."),
        )))
    }

    /// The next row that is not empty, with its line.
    fn record(&mut self) -> Option<Result<(u64, Vec<String>), Spoilt>> {
        loop {
            if self.over {
                return None;
            }
            self.from.begin();
            let line = self.from.line;
            let text = match self.piece() {
                Ok(None) => {
                    self.over = true;
                    return None;
                }
                Ok(Some(text)) => text,
                Err(error) => {
                    self.over = true;
                    return Some(Err(Spoilt::fatal(unreadable(line, &error))));
                }
            };
            if text.contains('\u{FFFD}') {
                return Some(Err(Spoilt::here(Problem::new(
                    line,
                    "records.encoding",
                    "这一行的文字与所说的编码不符。请在映射里写对encoding。",
                    "The text of this row is not in the encoding that the mapping names. Correct `encoding` there.",
                ))));
            }
            let cells = cells(text.trim_end_matches(['\r', '\n']), self.delimiter);
            if cells.iter().any(|c| !c.trim().is_empty()) {
                return Some(Ok((line, cells)));
            }
        }
    }

    /// The text of a row: lines are joined while a quotation mark is open.
    fn piece(&mut self) -> std::io::Result<Option<String>> {
        let mut bytes = Vec::new();
        let mut open = false;
        loop {
            let before = bytes.len();
            self.from.read_until(b'\n', &mut bytes)?;
            let ended = bytes.len() == before;
            let line = bytes.get(before..).unwrap_or_default();
            open ^= line.iter().filter(|b| **b == b'"').count() % 2 == 1;
            if open && ended {
                return Err(std::io::Error::new(
                    std::io::ErrorKind::UnexpectedEof,
                    "a quotation mark is open",
                ));
            }
            if bytes.len() > PIECE_MAX {
                return Err(std::io::Error::new(std::io::ErrorKind::FileTooLarge, "a row is too long"));
            }
            if !open {
                let text = String::from_utf8_lossy(&bytes).into_owned();
                return Ok((!bytes.is_empty()).then_some(text));
            }
        }
    }
}

fn unreadable(line: u64, error: &std::io::Error) -> Problem {
    match error.kind() {
        std::io::ErrorKind::FileTooLarge | std::io::ErrorKind::UnexpectedEof => Problem::new(
            line,
            "records.quote-open",
            "从这一行起有一个引号没有关闭。",
            "A quotation mark opened on this line is never closed.",
        ),
        _ => Problem::new(
            line,
            "records.unreadable",
            "文件读到这里出错。",
            format!("The file cannot be read beyond this line: {error}."),
        ),
    }
}

/// Splits a row into its cells.
fn cells(text: &str, delimiter: char) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut quoted = false;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let Some(cell) = cells.last_mut() else { break };
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                chars.next();
                cell.push('"');
            }
            '"' => quoted = !quoted,
            c if c == delimiter && !quoted => cells.push(String::new()),
            c => cell.push(c),
        }
    }
    cells.into_iter().map(unguard).collect()
}

impl<R: BufRead + Send> Rows for CsvRows<R> {
    fn next(&mut self) -> Option<Result<Raw, Spoilt>> {
        let (line, cells) = match self.record()? {
            Ok(row) => row,
            Err(spoilt) => return Some(Err(spoilt)),
        };
        if cells.len() > self.heading.len() {
            let (has, wants) = (cells.len(), self.heading.len());
            return Some(Err(Spoilt::here(Problem::new(
                line,
                "records.too-many-cells",
                format!("这一行有{has}格，表头只有{wants}列。内容里有逗号的格要加引号。"),
                format!(
                    "This row has {has} cells, the heading {wants}. Cells that hold the delimiter need quotation marks."
                ),
            ))));
        }
        let fields: Fields = self.heading.iter().cloned().zip(cells).collect();
        Some(Ok(Raw { line, fields, acts: Vec::new(), rows: 1 }))
    }
}

/// Rows of acts, joined to cases: those of one case stand together.
pub(crate) struct Grouped<R> {
    rows: R,
    number: String,
    next: Option<Raw>,
    spoilt: Option<Spoilt>,
}

impl<R: Rows> Grouped<R> {
    pub fn new(rows: R, mapping: &Mapping) -> Self {
        let number = mapping.case.number.as_ref().and_then(|p| p.column.clone()).unwrap_or_default();
        Self { rows, number, next: None, spoilt: None }
    }

    fn key(&self, raw: &Raw) -> Option<String> {
        raw.fields.get(&self.number).map(|n| n.trim().to_owned())
    }
}

impl<R: Rows> Rows for Grouped<R> {
    fn next(&mut self) -> Option<Result<Raw, Spoilt>> {
        if let Some(spoilt) = self.spoilt.take() {
            return Some(Err(spoilt));
        }
        let mut case = match self.next.take() {
            Some(row) => row,
            None => match self.rows.next()? {
                Ok(row) => row,
                Err(spoilt) => return Some(Err(spoilt)),
            },
        };
        let key = self.key(&case);
        case.acts.push(RawAct { line: case.line, fields: case.fields.clone() });
        loop {
            match self.rows.next() {
                None => return Some(Ok(case)),
                Some(Err(spoilt)) => {
                    // The case before it is whole as far as it could be read, but an act of it may be what is missing.
                    self.spoilt = Some(Spoilt { fatal: spoilt.fatal, problem: spoilt.problem.clone() });
                    return Some(Err(Spoilt::here(incomplete(&case, &spoilt.problem))));
                }
                Some(Ok(row)) if self.key(&row) == key && case.acts.len() < ACTS_MAX => {
                    case.rows += 1;
                    case.acts.push(RawAct { line: row.line, fields: row.fields });
                }
                Some(Ok(row)) => {
                    self.next = Some(row);
                    return Some(Ok(case));
                }
            }
        }
    }
}

fn incomplete(case: &Raw, why: &Problem) -> Problem {
    let at = why.line;
    Problem::new(
        case.line,
        "records.incomplete",
        format!("第{at}行读不出来，它可能属于这个办件，所以这个办件没有导入。"),
        format!("Line {at} cannot be read and may belong to this case, so the case is left out."),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_of_a_row() {
        for (text, expected) in [
            ("a,b,c", vec!["a", "b", "c"]),
            ("\"a,b\",\"c \"\"d\"\"\"", vec!["a,b", "c \"d\""]),
            ("\"'=1\",'twas,", vec!["=1", "'twas", ""]),
            ("\"one\ntwo\"", vec!["one\ntwo"]),
        ] {
            assert_eq!(cells(text, ','), expected);
        }
    }
}
