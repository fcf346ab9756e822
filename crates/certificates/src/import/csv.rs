//! Lines of comma-separated values (RFC 4180) from a reader, one record in memory at a time.

use std::io::{self, BufRead};

/// A record longer than this is a file of another kind.
const RECORD_MAX: usize = 256 * 1024;

/// Reads records; a quoted cell may go over several lines.
pub(super) struct Records<R> {
    from: R,
    line: u64,
}

/// A record and the line it begins on, from 1.
pub(super) struct Record {
    pub line: u64,
    pub cells: Vec<String>,
}

impl<R: BufRead> Records<R> {
    pub fn new(from: R) -> Self {
        Self { from, line: 0 }
    }

    /// The next record that is not empty.
    ///
    /// # Errors
    /// What the reader says, or that the text is no UTF-8, a quote is not closed, or a record has no end.
    pub fn next(&mut self) -> io::Result<Option<Record>> {
        let mut text = String::new();
        let mut begun = self.line + 1;
        loop {
            if self.from.read_line(&mut text)? == 0 {
                return match text.trim().is_empty() {
                    true => Ok(None),
                    false if open(&text) => Err(broken(begun, "a quoted cell is not closed")),
                    false => Ok(Some(Record { line: begun, cells: cells(&text) })),
                };
            }
            self.line += 1;
            if text.len() > RECORD_MAX {
                return Err(broken(begun, "a record is longer than any register's"));
            }
            if open(&text) {
                continue;
            }
            if text.trim().is_empty() {
                text.clear();
                begun = self.line + 1;
                continue;
            }
            return Ok(Some(Record { line: begun, cells: cells(&text) }));
        }
    }
}

fn broken(line: u64, what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("line {line}: {what}"))
}

/// Whether a quote is still open at the end of `text`.
fn open(text: &str) -> bool {
    text.matches('"').count() % 2 == 1
}

fn cells(text: &str) -> Vec<String> {
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text).trim_end_matches(['\r', '\n']);
    let (mut cells, mut cell, mut quoted) = (Vec::new(), String::new(), false);
    let mut signs = text.chars().peekable();
    while let Some(sign) = signs.next() {
        match sign {
            '"' if quoted && signs.peek() == Some(&'"') => {
                cell.push('"');
                signs.next();
            }
            '"' => quoted = !quoted,
            ',' if !quoted => cells.push(std::mem::take(&mut cell).trim().to_owned()),
            other => cell.push(other),
        }
    }
    cells.push(cell.trim().to_owned());
    cells
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str) -> Vec<(u64, Vec<String>)> {
        let mut records = Records::new(text.as_bytes());
        std::iter::from_fn(|| records.next().unwrap()).map(|r| (r.line, r.cells)).collect()
    }

    #[test]
    fn cells_are_read_as_spreadsheets_write_them() {
        let read = all("\u{FEFF}a,b\r\n\r\n\"x, \"\"y\"\"\", 甲 \n\"two\nlines\",z");
        assert_eq!(read[0], (1, vec!["a".to_owned(), "b".to_owned()]));
        assert_eq!(read[1], (3, vec!["x, \"y\"".to_owned(), "甲".to_owned()]));
        assert_eq!(read[2], (4, vec!["two\nlines".to_owned(), "z".to_owned()]));
        assert!(Records::new("\"never closed".as_bytes()).next().is_err());
        assert!(Records::new(&b"\xFF\xFE"[..]).next().is_err());
    }
}
