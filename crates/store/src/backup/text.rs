//! The text a table is kept in: PostgreSQL's COPY format, one line a row, tabs between columns; readable by both databases.

use crate::Value;
use kernel::Fault;
use std::fmt::Write;

/// Appends one row.
pub(super) fn write(line: &mut String, values: &[Value]) {
    for (index, value) in values.iter().enumerate() {
        if index > 0 {
            line.push('\t');
        }
        match value {
            Value::Null => line.push_str("\\N"),
            Value::Int(n) => {
                let _ = write!(line, "{n}");
            }
            Value::Text(text) => escape(line, text),
            Value::Bytes(bytes) => {
                line.push_str("\\\\x");
                line.push_str(&hex::encode(bytes));
            }
        }
    }
    line.push('\n');
}

fn escape(line: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '\\' => line.push_str("\\\\"),
            '\n' => line.push_str("\\n"),
            '\r' => line.push_str("\\r"),
            '\t' => line.push_str("\\t"),
            '\u{8}' => line.push_str("\\b"),
            '\u{b}' => line.push_str("\\v"),
            '\u{c}' => line.push_str("\\f"),
            other => line.push(other),
        }
    }
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(super) enum Kind {
    Bigint,
    Text,
    Bytea,
}

impl Kind {
    pub fn of(declared: &str) -> Result<Self, Fault> {
        match declared.to_ascii_uppercase().as_str() {
            "BIGINT" => Ok(Self::Bigint),
            "TEXT" => Ok(Self::Text),
            "BYTEA" => Ok(Self::Bytea),
            other => Err(Fault::new(format!("a column of type {other} cannot be backed up"))),
        }
    }
}

/// Reads one row, without its line end.
pub(super) fn read(line: &str, kinds: &[Kind]) -> Result<Vec<Value>, Fault> {
    let fields: Vec<&str> = line.split('\t').collect();
    if fields.len() != kinds.len() {
        return Err(Fault::new("a row of the backup has another number of columns"));
    }
    fields.iter().zip(kinds).map(|(field, kind)| value(field, *kind)).collect()
}

fn value(field: &str, kind: Kind) -> Result<Value, Fault> {
    if field == "\\N" {
        return Ok(Value::Null);
    }
    match kind {
        Kind::Bigint => {
            field.parse().map(Value::Int).map_err(|e| Fault::from("reading a number of the backup", e))
        }
        Kind::Text => Ok(Value::Text(unescape(field))),
        Kind::Bytea => {
            let digits =
                field.strip_prefix("\\\\x").ok_or_else(|| Fault::new("bytes of the backup are broken"))?;
            hex::decode(digits).map(Value::Bytes).map_err(|e| Fault::from("reading bytes of the backup", e))
        }
    }
}

fn unescape(field: &str) -> String {
    let mut out = String::with_capacity(field.len());
    let mut chars = field.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match chars.next() {
            Some('n') => out.push('\n'),
            Some('r') => out.push('\r'),
            Some('t') => out.push('\t'),
            Some('b') => out.push('\u{8}'),
            Some('v') => out.push('\u{b}'),
            Some('f') => out.push('\u{c}'),
            Some(other) => out.push(other),
            None => {}
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_comes_back_as_it_went() {
        let row = vec![
            Value::Int(i64::MIN),
            Value::Text("a\\N\tb\nc\r\u{b}\u{8}\u{c}䶮".to_owned()),
            Value::Text("\\N".to_owned()),
            Value::Null,
            Value::Bytes(vec![0, 255, b'\\']),
            Value::Bytes(vec![]),
        ];
        let mut line = String::new();
        write(&mut line, &row);
        assert_eq!(line.matches('\n').count(), 1);
        let kinds = [Kind::Bigint, Kind::Text, Kind::Text, Kind::Text, Kind::Bytea, Kind::Bytea];
        assert_eq!(read(line.trim_end_matches('\n'), &kinds).unwrap(), row);
    }
}
