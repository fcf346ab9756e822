//! The canonical encoding that the hashes are made over, byte for byte as the README tells a stranger.

use crate::Algorithm;
use kernel::Timestamp;
use serde_json::Value;

/// The fields of one record that its hash covers.
#[derive(Debug, Clone, Copy)]
pub struct Fields<'a> {
    /// The hash function.
    pub algorithm: Algorithm,
    /// The subject.
    pub subject: &'a str,
    /// The place in the chain.
    pub seq: i64,
    /// The version of the body's shape.
    pub v: i64,
    /// The kind of event.
    pub kind: &'a str,
    /// When it happened.
    pub occurred_at: Timestamp,
    /// When it was written down.
    pub recorded_at: Timestamp,
    /// The actor as canonical JSON.
    pub actor: &'a str,
    /// The commitment to the body.
    pub commitment: &'a [u8; 32],
    /// The hash of the record before it.
    pub prev: &'a [u8; 32],
}

/// Appends `field` with its length (four bytes, big-endian) in front.
fn put(out: &mut Vec<u8>, field: &[u8]) {
    out.extend_from_slice(&u32::try_from(field.len()).unwrap_or(u32::MAX).to_be_bytes());
    out.extend_from_slice(field);
}

/// The length-prefixed encoding of `fields`.
pub fn encode(fields: &[&[u8]]) -> Vec<u8> {
    let mut out = Vec::with_capacity(fields.iter().map(|f| f.len() + 4).sum());
    for field in fields {
        put(&mut out, field);
    }
    out
}

/// The hash of a record.
pub fn event_hash(f: &Fields<'_>) -> [u8; 32] {
    f.algorithm.digest(&encode(&[
        b"yimen.trace.event.1",
        f.algorithm.name().as_bytes(),
        f.subject.as_bytes(),
        &f.seq.to_be_bytes(),
        &f.v.to_be_bytes(),
        f.kind.as_bytes(),
        &f.occurred_at.as_microsecond().to_be_bytes(),
        &f.recorded_at.as_microsecond().to_be_bytes(),
        f.actor.as_bytes(),
        f.commitment,
        f.prev,
    ]))
}

/// The salted commitment to a body (canonical JSON): without the salt nothing can be learnt from it.
pub fn commitment(algorithm: Algorithm, salt: &[u8; 32], body: &str) -> [u8; 32] {
    algorithm.digest(&encode(&[b"yimen.trace.body.1", salt, body.as_bytes()]))
}

/// The digest under which a subject stands in published roots.
pub fn subject_digest(algorithm: Algorithm, subject: &str) -> [u8; 32] {
    algorithm.digest(&encode(&[b"yimen.trace.subject.1", subject.as_bytes()]))
}

/// A leaf of a root's tree: the head of one subject.
pub fn leaf_hash(algorithm: Algorithm, subject_digest: &[u8; 32], seq: i64, hash: &[u8; 32]) -> [u8; 32] {
    algorithm.digest(&encode(&[b"yimen.trace.leaf.1", subject_digest, &seq.to_be_bytes(), hash]))
}

/// An inner node of a root's tree.
pub fn node_hash(algorithm: Algorithm, left: &[u8; 32], right: &[u8; 32]) -> [u8; 32] {
    algorithm.digest(&encode(&[b"yimen.trace.node.1", left, right]))
}

/// The bytes that a root's signature covers and whose digest is the root's hash.
pub fn root_statement(
    algorithm: Algorithm,
    number: i64,
    at: Timestamp,
    leaves: i64,
    merkle: &[u8; 32],
    prev: &[u8; 32],
) -> Vec<u8> {
    encode(&[
        b"yimen.trace.root.1",
        algorithm.name().as_bytes(),
        &number.to_be_bytes(),
        &at.as_microsecond().to_be_bytes(),
        &leaves.to_be_bytes(),
        merkle,
        prev,
    ])
}

/// Canonical JSON (RFC 8785): no spaces, keys by their UTF-16 units, numbers as ECMAScript prints them; whole numbers
/// beyond 2^53 keep all their digits.
pub fn json(value: &Value) -> String {
    let mut out = String::new();
    write(&mut out, value);
    out
}

fn write(out: &mut String, value: &Value) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(b) => out.push_str(if *b { "true" } else { "false" }),
        Value::Number(n) => match (n.as_i64(), n.as_u64(), n.as_f64()) {
            (Some(i), _, _) => out.push_str(&i.to_string()),
            (_, Some(u), _) => out.push_str(&u.to_string()),
            (_, _, f) => out.push_str(&float(f.unwrap_or(0.0))),
        },
        Value::String(s) => text(out, s),
        Value::Array(items) => {
            out.push('[');
            for (i, item) in items.iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                write(out, item);
            }
            out.push(']');
        }
        Value::Object(map) => {
            let mut keys: Vec<&String> = map.keys().collect();
            keys.sort_by(|a, b| a.encode_utf16().cmp(b.encode_utf16()));
            out.push('{');
            for (i, key) in keys.into_iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                text(out, key);
                out.push(':');
                write(out, map.get(key).unwrap_or(&Value::Null));
            }
            out.push('}');
        }
    }
}

/// A JSON string with the fewest escapes.
fn text(out: &mut String, s: &str) {
    out.push('"');
    for c in s.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{8}' => out.push_str("\\b"),
            '\u{9}' => out.push_str("\\t"),
            '\u{a}' => out.push_str("\\n"),
            '\u{c}' => out.push_str("\\f"),
            '\u{d}' => out.push_str("\\r"),
            c if u32::from(c) < 0x20 => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
}

/// ECMAScript `Number::toString` of a finite number.
fn float(f: f64) -> String {
    if f == 0.0 {
        return "0".to_owned();
    }
    let printed = format!("{:e}", f.abs());
    let (mantissa, exponent) = printed.split_once('e').unwrap_or((&printed, "0"));
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    let k = i32::try_from(digits.len()).unwrap_or(1);
    let n = exponent.parse::<i32>().unwrap_or(0) + 1;
    let zeros = |count: i32| "0".repeat(usize::try_from(count).unwrap_or(0));
    let split = |at: i32| digits.split_at(usize::try_from(at).unwrap_or(0).min(digits.len()));
    let body = if k <= n && n <= 21 {
        format!("{digits}{}", zeros(n - k))
    } else if 0 < n && n <= 21 {
        let (whole, part) = split(n);
        format!("{whole}.{part}")
    } else if -6 < n && n <= 0 {
        format!("0.{}{digits}", zeros(-n))
    } else {
        let (first, rest) = split(1);
        let point = if rest.is_empty() { "" } else { "." };
        let sign = if n > 0 { "+" } else { "-" };
        format!("{first}{point}{rest}e{sign}{}", (n - 1).abs())
    };
    if f < 0.0 { format!("-{body}") } else { body }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn canonical_json_is_that_of_rfc_8785() {
        let value: Value = serde_json::from_str(
            r#"{"\u20ac":"Euro Sign","\r":"Carriage Return","\ufb33":"Hebrew","1":"One","\ud83d\ude00":"Smiley","\u0080":"Control","\u00f6":"o"}"#,
        )
        .unwrap();
        let printed = json(&value);
        let order: Vec<usize> = ["Carriage", "One", "Control", "\"o\"", "Euro", "Smiley", "Hebrew"]
            .iter()
            .map(|k| printed.find(k).unwrap())
            .collect();
        assert!(order.is_sorted(), "{printed}");
        let numbers: Value = serde_json::from_str("[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001,1e21,123456789012345680000.0,-0.0,9007199254740993]").unwrap();
        assert_eq!(
            json(&numbers),
            "[333333333.3333333,1e+30,4.5,0.002,1e-27,1e+21,123456789012345680000,0,9007199254740993]"
        );
        assert_eq!(
            json(&Value::String("\u{1}\t\"买买提·艾力䶮/".into())),
            "\"\\u0001\\t\\\"买买提·艾力䶮/\""
        );
    }

    #[test]
    fn fields_cannot_run_into_each_other() {
        assert_ne!(encode(&[b"ab", b"c"]), encode(&[b"a", b"bc"]));
        assert_eq!(encode(&[b"ab"]), vec![0, 0, 0, 2, b'a', b'b']);
    }
}
