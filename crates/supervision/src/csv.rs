//! Lines of a table as spreadsheets read them (RFC 4180), no cell of which they would run as a formula.

use kernel::{Timestamp, clock};

/// By this mark at its beginning spreadsheets know a file as UTF-8.
pub const MARK: &str = "\u{FEFF}";

/// Adds a line.
pub fn row<'a>(out: &mut Vec<u8>, cells: impl IntoIterator<Item = &'a str>) {
    for (n, cell) in cells.into_iter().enumerate() {
        if n > 0 {
            out.push(b',');
        }
        let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
        let quoted = formula || cell.contains(['"', ',', '\n', '\r']);
        if quoted {
            let guard = if formula { "'" } else { "" };
            out.extend_from_slice(format!("\"{guard}{}\"", cell.replace('"', "\"\"")).as_bytes());
        } else {
            out.extend_from_slice(cell.as_bytes());
        }
    }
    out.extend_from_slice(b"\r\n");
}

/// A moment as spreadsheets read it, in legal time.
pub fn moment(at: Timestamp) -> String {
    at.to_zoned(clock::legal_zone()).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        let mut out = Vec::new();
        row(&mut out, ["=1+1", "a\"b", "甲,乙", "plain"]);
        assert_eq!(String::from_utf8(out).unwrap(), "\"'=1+1\",\"a\"\"b\",\"甲,乙\",plain\r\n");
    }
}
