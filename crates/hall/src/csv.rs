//! Comma-separated text (RFC 4180): records with the line they begin on.

/// The records of `text`; quoted fields may hold commas, line ends and doubled quotes.
pub(crate) fn records(text: &str) -> Vec<(usize, Vec<String>)> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let (mut records, mut record, mut field) = (Vec::new(), Vec::new(), String::new());
    let (mut line, mut begun, mut quoted) = (1, 1, false);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                chars.next();
                field.push('"');
            }
            '"' if quoted => quoted = false,
            '"' if field.is_empty() => quoted = true,
            ',' if !quoted => record.push(std::mem::take(&mut field)),
            '\n' if !quoted => {
                record.push(std::mem::take(&mut field));
                end(&mut records, begun, &mut record);
                line += 1;
                begun = line;
            }
            '\r' if !quoted => {}
            '\n' => {
                line += 1;
                field.push(c);
            }
            _ => field.push(c),
        }
    }
    record.push(field);
    end(&mut records, begun, &mut record);
    records
}

/// An empty line is none.
fn end(records: &mut Vec<(usize, Vec<String>)>, line: usize, record: &mut Vec<String>) {
    let record = std::mem::take(record);
    if record.iter().any(|f| !f.is_empty()) {
        records.push((line, record));
    }
}

#[cfg(test)]
mod tests {
    use super::records;

    #[test]
    fn quotes_lines_and_blanks() {
        let text = "\u{feff}a,b\r\n\"x, \"\"y\"\"\nz\",2\n\n,\nlast,3";
        let fields = |a: &str, b: &str| vec![a.to_owned(), b.to_owned()];
        let expected = vec![(1, fields("a", "b")), (2, fields("x, \"y\"\nz", "2")), (6, fields("last", "3"))];
        assert_eq!(records(text), expected);
    }
}
