//! A person, a firm or a certificate as a mould: the rows that a really made one left in whatever tables, with its id, the id of
//! whoever it belongs to, its moments and whatever must be unique left open. Everything is kept at full length.

use crate::door::Trouble;
use crate::million::bare::{Row, Table};
use crate::million::stencil::Snapshot;
use store::Value;

/// Rows that say nothing of the one that is cast: housekeeping, and the roots that are signed over many at once.
const NOT_CAST: [&str; 3] = ["store_", "trace_root", "trace_leaf"];

/// How many certificates share a status list; places in pairs of numbers are counted like that.
const LIST: u64 = 65_536;

/// A piece of a text.
#[derive(Debug, Clone, PartialEq)]
enum Part {
    Literal(String),
    Own,
    Other,
}

/// A column of a mould's row.
#[derive(Debug, Clone, PartialEq)]
enum Cell {
    Fixed(Value),
    Text(Vec<Part>),
    /// So many characters by chance, as a keyed digest (hexadecimal) or a token (base 32) has them.
    Chance {
        salt: u64,
        hex: bool,
        length: usize,
    },
    /// The text without its last characters, and a number in their place.
    Serial(String),
    /// So many microseconds after the moment of the cast.
    Moment(i64),
    /// The cast's number, divided in two.
    High,
    Low,
}

impl Cell {
    /// Whether it differs from cast to cast.
    fn differs(&self) -> bool {
        match self {
            Self::Text(parts) => parts.contains(&Part::Own),
            Self::Chance { .. } | Self::Serial(_) | Self::Low => true,
            Self::Fixed(_) | Self::Moment(_) | Self::High => false,
        }
    }
}

/// One that is cast.
#[derive(Debug, Clone, Copy)]
pub struct Cast<'a> {
    /// Its number; no two of a mould have the same.
    pub n: u64,
    /// When it was made, in microseconds.
    pub at: i64,
    /// Its id.
    pub id: &'a str,
    /// Whose it is; empty when it is nobody's.
    pub other: &'a str,
}

/// A mould.
pub struct Mould(Vec<(usize, Vec<Cell>)>);

impl Mould {
    /// Cuts the mould of whatever has the id `own` and belongs to `other`, made about `begun`.
    ///
    /// # Errors
    /// When it left no rows.
    pub fn cut(
        tables: &[Table],
        after: &Snapshot,
        own: &str,
        other: &str,
        begun: i64,
    ) -> Result<Self, Trouble> {
        let mut rows = Vec::new();
        for (at, row) in after.mentioning(own) {
            let Some(table) = tables.get(at) else { continue };
            if NOT_CAST.iter().any(|prefix| table.name.starts_with(prefix)) {
                continue;
            }
            let mut cells: Vec<Cell> = row.iter().map(|value| cell(value, own, other, begun)).collect();
            for (salt, unique) in (1..).zip(&table.uniques) {
                open(&mut cells, unique, salt);
            }
            rows.push((at, cells));
        }
        if rows.is_empty() { Err(format!("{own} left no rows").into()) } else { Ok(Self(rows)) }
    }

    /// How many rows a cast has.
    pub fn rows(&self) -> usize {
        self.0.len()
    }

    /// Adds the rows of one more.
    pub fn cast(&self, cast: &Cast<'_>, out: &mut Vec<Row>) {
        for (table, cells) in &self.0 {
            out.push((*table, cells.iter().map(|cell| value(cell, cast)).collect()));
        }
    }
}

fn cell(value: &Value, own: &str, other: &str, begun: i64) -> Cell {
    const DAY: i64 = 24 * 3_600_000_000;
    match value {
        Value::Text(text) if text.contains(own) || (!other.is_empty() && text.contains(other)) => {
            Cell::Text(parts(text, own, other))
        }
        Value::Int(n) if (begun - DAY..begun + DAY).contains(n) => Cell::Moment(n - begun),
        same => Cell::Fixed(same.clone()),
    }
}

fn parts(text: &str, own: &str, other: &str) -> Vec<Part> {
    let (mut parts, mut rest) = (Vec::new(), text);
    let first = |text: &str| {
        let open = [(own, Part::Own), (other, Part::Other)];
        let found = open.into_iter().filter(|(needle, _)| !needle.is_empty());
        found.filter_map(|(needle, part)| Some((text.find(needle)?, needle.len(), part))).min_by_key(|f| f.0)
    };
    while let Some((at, length, part)) = first(rest) {
        let literal = rest.get(..at).unwrap_or_default();
        if !literal.is_empty() {
            parts.push(Part::Literal(literal.to_owned()));
        }
        parts.push(part);
        rest = rest.get(at + length..).unwrap_or_default();
    }
    if !rest.is_empty() {
        parts.push(Part::Literal(rest.to_owned()));
    }
    parts
}

/// Sees to it that the columns of `unique` differ from cast to cast: the longest text among them becomes another one of the same kind and
/// length, and where there are numbers only, they count.
fn open(cells: &mut [Cell], unique: &[usize], salt: u64) {
    if unique.iter().any(|at| cells.get(*at).is_some_and(Cell::differs)) {
        return;
    }
    let text = |at: &usize| match cells.get(*at) {
        Some(Cell::Fixed(Value::Text(text))) => Some((text.len(), *at, text.clone())),
        _ => None,
    };
    if let Some((length, at, text)) = unique.iter().filter_map(text).max() {
        let made = match text.bytes().all(|b| b.is_ascii_alphanumeric()) && length >= 20 {
            true => Cell::Chance { salt, hex: text.bytes().all(|b| !b.is_ascii_uppercase()), length },
            false => Cell::Serial(text.get(..length.saturating_sub(12)).unwrap_or_default().to_owned()),
        };
        if let Some(cell) = cells.get_mut(at) {
            *cell = made;
        }
    } else if let [.., high, low] = unique {
        for (at, made) in [(*high, Cell::High), (*low, Cell::Low)] {
            if let Some(cell) = cells.get_mut(at) {
                *cell = made;
            }
        }
    }
}

fn value(cell: &Cell, cast: &Cast<'_>) -> Value {
    let number = |n: u64| Value::Int(i64::try_from(n).unwrap_or(i64::MAX));
    match cell {
        Cell::Fixed(value) => value.clone(),
        Cell::Text(parts) => {
            let part = |part: &Part| match part {
                Part::Literal(text) => text.clone(),
                Part::Own => cast.id.to_owned(),
                Part::Other => cast.other.to_owned(),
            };
            Value::Text(parts.iter().map(part).collect())
        }
        Cell::Chance { salt, hex, length } => Value::Text(chance(cast.n, *salt, *hex, *length)),
        Cell::Serial(head) => Value::Text(format!("{head}{:012}", cast.n)),
        Cell::Moment(after) => Value::Int(cast.at.saturating_add(*after)),
        // The first lists are those of the really issued ones.
        Cell::High => number(100 + cast.n / LIST),
        Cell::Low => number(cast.n % LIST),
    }
}

/// Stirs a number (splitmix64): nearby numbers become far apart, and the same one always becomes the same.
pub fn mix(n: u64) -> u64 {
    let mut z = n.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

fn chance(n: u64, salt: u64, hex: bool, length: usize) -> String {
    let signs: &[u8] = if hex { b"0123456789abcdef" } else { b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567" };
    let mut bits = mix(n ^ (salt << 56));
    let mut out = String::with_capacity(length);
    while out.len() < length {
        let mut word = bits;
        for _ in 0..12.min(length - out.len()) {
            let at = usize::try_from(word % 32).unwrap_or(0) % signs.len();
            out.push(signs.get(at).copied().map_or('0', char::from));
            word >>= 5;
        }
        bits = mix(bits);
    }
    out
}

/// The id (UUID, version 7) of the `n`th of a kind, made at `at` microseconds: always the same.
pub fn id(kind: u64, n: u64, at: i64) -> String {
    let ms = u64::try_from(at / 1_000).unwrap_or(0);
    let (a, b) = (mix(n ^ (kind << 56)), mix(mix(n ^ (kind << 56)) ^ kind));
    format!(
        "{:08x}-{:04x}-7{:03x}-{:04x}-{:012x}",
        (ms >> 16) & 0xffff_ffff,
        ms & 0xffff,
        a & 0xfff,
        0x8000 | ((a >> 12) & 0x3fff),
        b & 0xffff_ffff_ffff
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    const OWN: &str = "01930000-0000-7000-8000-000000000001";
    const HOLDER: &str = "01930000-0000-7000-8000-000000000002";

    fn text(s: &str) -> Value {
        Value::Text(s.to_owned())
    }

    #[test]
    fn casts_have_their_own_ids_moments_and_unique_values() {
        let column = |names: &[&str]| names.iter().map(|n| (*n).to_owned()).collect();
        let tables = [
            Table {
                name: "certificates_certificate".to_owned(),
                columns: column(&["id", "identifier", "token", "holder", "at", "body"]),
                uniques: vec![vec![0], vec![1], vec![2]],
            },
            Table {
                name: "certificates_status".to_owned(),
                columns: column(&["list", "place", "certificate"]),
                uniques: vec![vec![0, 1]],
            },
            Table { name: "store_outbox".to_owned(), columns: column(&["key"]), uniques: Vec::new() },
        ];
        let token = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
        let begun = 1_790_000_000_000_000;
        let whole = Value::Bytes(vec![7; 40]);
        let certificate = vec![
            text(OWN),
            text("1.2.156.3005.2.X.20260000001.001.4"),
            text(token),
            text(&format!("person:{HOLDER}")),
            Value::Int(begun + 5),
            whole.clone(),
        ];
        let place = vec![Value::Int(0), Value::Int(77), text(OWN)];
        let after = Snapshot::of(vec![vec![certificate], vec![place], vec![vec![text(OWN)]]]);
        let mould = Mould::cut(&tables, &after, OWN, HOLDER, begun).unwrap();
        assert_eq!(mould.rows(), 2, "messages are not cast");
        let mut rows = Vec::new();
        for n in [3, 65_540] {
            mould.cast(&Cast { n, at: 1_700_000_000_000_000, id: "new", other: "somebody" }, &mut rows);
        }
        let (first, second) = (&rows[0].1, &rows[2].1);
        assert_eq!(first[0], text("new"));
        assert_eq!(first[1], text("1.2.156.3005.2.X.20260000000000003"));
        assert_eq!(first[3], text("person:somebody"));
        assert_eq!((&first[4], &first[5]), (&Value::Int(1_700_000_000_000_005), &whole));
        let (Value::Text(one), Value::Text(other)) = (&first[2], &second[2]) else { panic!("{first:?}") };
        assert!(one.len() == 26 && other.len() == 26 && one != other && one != token, "{one} {other}");
        assert_eq!(rows[1].1[..2], [Value::Int(100), Value::Int(3)]);
        assert_eq!(rows[3].1[..2], [Value::Int(101), Value::Int(4)]);
        assert!(Mould::cut(&tables, &after, HOLDER.trim_end_matches('2'), "", begun).is_ok());
        assert!(Mould::cut(&tables, &after, "nobody", "", begun).is_err());
    }

    #[test]
    fn ids_are_uuids_in_the_order_of_their_moments_and_digests_are_not_in_order() {
        let ids: Vec<String> =
            (0..1_000).map(|n| id(1, n, 1_700_000_000_000_000 + 9_000_000 * n as i64)).collect();
        assert!(ids.windows(2).all(|w| w[0] < w[1]) && ids[0].len() == 36, "{}", ids[0]);
        assert_eq!(ids[5], id(1, 5, 1_700_000_000_000_000 + 45_000_000));
        let digests: Vec<String> = (0..1_000).map(|n| chance(n, 1, true, 64)).collect();
        assert_eq!(digests.iter().collect::<BTreeSet<_>>().len(), 1_000);
        assert!(digests.windows(2).any(|w| w[0] > w[1]) && digests[0].len() == 64);
    }
}
