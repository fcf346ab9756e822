//! A case as a stencil: the rows that a really filed case left, with its ids, its number, its agencies and its moments left open.
//! It knows no table: whatever the rooms write for a case is found by comparing the database before and after.

use super::bare::{Bare, Row, Table};
use crate::door::Trouble;
use std::collections::{BTreeSet, HashSet};
use store::Value;

/// Rooms whose rows are no part of a case: housekeeping, people, items, and the certificates that come of it.
const NOT_OF_CASES: [&str; 7] =
    ["store_", "identity_", "catalog_", "certificates_", "trace_root", "trace_leaf", "trace_look"];

/// How many bytes of what is sealed or hashed the mass keeps: nobody reads it, and a million full ones need twenty gigabytes.
const SHORT: usize = 8;

/// Everything in the database.
pub struct Snapshot(Vec<Vec<Vec<Value>>>);

impl Snapshot {
    /// Reads everything.
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn take(bare: &Bare, tables: &[Table]) -> Result<Self, Trouble> {
        let mut all = Vec::with_capacity(tables.len());
        for table in tables {
            all.push(bare.rows(table).await?);
        }
        Ok(Self(all))
    }

    /// One column of a table as texts.
    pub fn texts(&self, tables: &[Table], table: &str, column: &str) -> Vec<String> {
        let Some(at) = tables.iter().position(|t| t.name == table) else { return Vec::new() };
        let place = tables.get(at).and_then(|t| t.columns.iter().position(|c| c == column));
        let rows = self.0.get(at).into_iter().flatten();
        let cells = rows.filter_map(|row| match row.get(place?)? {
            Value::Text(text) => Some(text.clone()),
            _ => None,
        });
        cells.collect()
    }

    /// Every row in which a text names `id`, with its table.
    pub fn mentioning(&self, id: &str) -> Vec<(usize, &Vec<Value>)> {
        let all = self.0.iter().enumerate();
        let each = all.flat_map(|(table, rows)| rows.iter().map(move |row| (table, row)));
        each.filter(|(_, row)| names(row, id)).collect()
    }

    /// The same without the rows that name `id`.
    #[must_use]
    pub fn without(&self, id: &str) -> Self {
        let rest = |rows: &Vec<Vec<Value>>| rows.iter().filter(|row| !names(row, id)).cloned().collect();
        Self(self.0.iter().map(rest).collect())
    }

    /// A database that holds these rows, table by table.
    #[cfg(test)]
    pub fn of(rows: Vec<Vec<Vec<Value>>>) -> Self {
        Self(rows)
    }

    fn uuids(&self) -> HashSet<String> {
        self.0.iter().flatten().flatten().flat_map(uuids).collect()
    }
}

fn names(row: &[Value], id: &str) -> bool {
    row.iter().any(|cell| matches!(cell, Value::Text(text) if text.contains(id)))
}

/// A piece of a text.
#[derive(Debug, Clone)]
enum Part {
    Literal(String),
    Fresh(usize),
    Number,
    Subject,
    Agency(usize),
    Ordinal,
}

/// A column of a stencil's row.
#[derive(Debug, Clone)]
enum Cell {
    Fixed(Value),
    /// Whole where it can be read, else short.
    Long(Value, Value),
    Text(Vec<Part>),
    /// So many microseconds after the filing.
    Moment(i64),
}

impl Cell {
    /// Whether it differs from case to case.
    fn differs(&self) -> bool {
        let open = |p: &Part| matches!(p, Part::Fresh(_) | Part::Number | Part::Ordinal);
        matches!(self, Self::Text(parts) if parts.iter().any(open))
    }
}

/// What fills a stencil.
#[derive(Debug, Clone)]
pub struct Filling {
    /// When it was filed, in microseconds.
    pub at: i64,
    /// Ids, as many as the stencil has.
    pub ids: Vec<String>,
    /// The case's number.
    pub number: String,
    /// Whoever applied.
    pub subject: String,
    /// The agencies, as many as the stencil has.
    pub agencies: Vec<String>,
    /// Which filling this is; no two have the same.
    pub ordinal: usize,
    /// Whether the events of the case are left out, because they are recorded properly.
    pub without_events: bool,
}

/// A case as a stencil.
pub struct Stencil {
    rows: Vec<(usize, bool, Vec<Cell>)>,
    /// The ids that the case brought with it.
    pub ids: Vec<String>,
    /// The agencies that have to do with it.
    pub agencies: Vec<String>,
    /// Its number.
    pub number: String,
    /// Its own id.
    pub case: String,
    /// When it was filed, in microseconds.
    pub begun: i64,
    /// The kinds of its events, in order, and the version of their shape.
    pub kinds: Vec<String>,
    /// The version of its events' shape.
    pub version: i64,
}

/// What a stencil is cut around.
pub struct Around<'a> {
    /// The tables.
    pub tables: &'a [Table],
    /// Everything before the case was filed.
    pub before: &'a Snapshot,
    /// Everything afterwards.
    pub after: &'a Snapshot,
    /// When it was filed, in microseconds.
    pub begun: i64,
    /// The case's number.
    pub number: String,
    /// The key it was filed under.
    pub key: String,
    /// The id of whoever applied.
    pub subject: String,
    /// All agencies of the city.
    pub agencies: &'a [String],
}

impl Stencil {
    /// Cuts the stencil of one case.
    ///
    /// # Errors
    /// When the case left no events.
    pub fn cut(around: &Around<'_>) -> Result<Self, Trouble> {
        let known = around.before.uuids();
        let mut new: Vec<(usize, &Vec<Value>)> = Vec::new();
        for (table, (before, after)) in around.before.0.iter().zip(&around.after.0).enumerate() {
            let name = around.tables.get(table).map_or("", |t| t.name.as_str());
            if NOT_OF_CASES.iter().any(|prefix| name.starts_with(prefix)) {
                continue;
            }
            let old: HashSet<String> = before.iter().map(|row| format!("{row:?}")).collect();
            new.extend(after.iter().filter(|row| !old.contains(&format!("{row:?}"))).map(|row| (table, row)));
        }
        let ids: BTreeSet<String> = new.iter().flat_map(|(_, row)| row.iter().flat_map(uuids)).collect();
        let ids: Vec<String> = ids.into_iter().filter(|id| !known.contains(id)).collect();
        let texts: BTreeSet<&String> = new
            .iter()
            .flat_map(|(_, row)| row.iter())
            .filter_map(|cell| if let Value::Text(text) = cell { Some(text) } else { None })
            .collect();
        let agencies = around.agencies.iter().filter(|a| texts.contains(a)).cloned().collect();
        let mut stencil = Self {
            rows: Vec::new(),
            ids,
            agencies,
            number: around.number.clone(),
            case: String::new(),
            begun: around.begun,
            kinds: Vec::new(),
            version: 0,
        };
        stencil.events(around.tables, &new)?;
        for (table, row) in new {
            let Some(of) = around.tables.get(table) else { continue };
            let event = row.iter().any(|cell| *cell == Value::Text(format!("case:{}", stencil.case)));
            if of.name == "trace_event" && !event {
                continue;
            }
            let cells = stencil.cells(around, of, row);
            if cells.iter().any(Cell::differs) {
                stencil.rows.push((table, event, cells));
            }
        }
        Ok(stencil)
    }

    /// Learns which events the case has.
    fn events(&mut self, tables: &[Table], new: &[(usize, &Vec<Value>)]) -> Result<(), Trouble> {
        let at = tables.iter().position(|t| t.name == "trace_event").ok_or("there is no trace")?;
        let columns = &tables.get(at).ok_or("there is no trace")?.columns;
        let place = |name: &str| columns.iter().position(|c| c == name).ok_or("the trace has other columns");
        let (subject, seq, kind, v) = (place("subject")?, place("seq")?, place("kind")?, place("v")?);
        let mut events = Vec::new();
        for (_, row) in new.iter().filter(|(table, _)| *table == at) {
            let (Some(Value::Text(subject)), Some(Value::Int(seq))) = (row.get(subject), row.get(seq)) else {
                continue;
            };
            let (Some(Value::Text(kind)), Some(Value::Int(v))) = (row.get(kind), row.get(v)) else {
                continue;
            };
            if let Some(id) =
                subject.strip_prefix("case:").filter(|id| self.ids.iter().any(|known| known == id))
            {
                id.clone_into(&mut self.case);
                self.version = *v;
                events.push((*seq, kind.clone()));
            }
        }
        events.sort();
        self.kinds = events.into_iter().map(|(_, kind)| kind).collect();
        if self.kinds.is_empty() { Err("the case left no events".into()) } else { Ok(()) }
    }

    fn cells(&self, around: &Around<'_>, table: &Table, row: &[Value]) -> Vec<Cell> {
        let trace = table.name == "trace_event";
        let cell = |(at, value): (usize, &Value)| match (table.columns.get(at).map(String::as_str), value) {
            // Every event is long covered by a signed root.
            (Some("root"), _) if trace => Cell::Fixed(Value::Int(1)),
            (Some("actor"), _) if trace => Cell::Fixed(Value::Text("{\"kind\":\"system\"}".to_owned())),
            (_, Value::Bytes(bytes)) if bytes.len() > SHORT => {
                Cell::Long(value.clone(), Value::Bytes(bytes.iter().take(SHORT).copied().collect()))
            }
            (_, Value::Text(text)) => self.text(around, text),
            (_, Value::Int(n)) => moment(*n, around.begun),
            (_, other) => Cell::Fixed(other.clone()),
        };
        let mut cells: Vec<Cell> = row.iter().enumerate().map(cell).collect();
        for unique in &table.uniques {
            if unique.iter().any(|at| cells.get(*at).is_some_and(Cell::differs)) {
                continue;
            }
            let text = unique
                .iter()
                .find(|at| matches!(cells.get(**at), Some(Cell::Text(_) | Cell::Fixed(Value::Text(_)))));
            let Some(cell) = text.and_then(|at| cells.get_mut(*at)) else { continue };
            match cell {
                Cell::Text(parts) => parts.push(Part::Ordinal),
                Cell::Fixed(Value::Text(text)) => {
                    *cell = Cell::Text(vec![Part::Literal(std::mem::take(text)), Part::Ordinal]);
                }
                Cell::Fixed(_) | Cell::Long(..) | Cell::Moment(_) => {}
            }
        }
        cells
    }

    fn text(&self, around: &Around<'_>, text: &str) -> Cell {
        if let Some(at) = self.agencies.iter().position(|a| a == text) {
            return Cell::Text(vec![Part::Agency(at)]);
        }
        let mut open: Vec<(&str, Part)> =
            self.ids.iter().enumerate().map(|(i, id)| (id.as_str(), Part::Fresh(i))).collect();
        open.push((&around.number, Part::Number));
        open.push((&around.subject, Part::Subject));
        open.push((&around.key, Part::Ordinal));
        let (mut parts, mut rest) = (Vec::new(), text);
        while let Some((at, needle, part)) =
            open.iter().filter_map(|(n, p)| Some((rest.find(n)?, *n, p))).min_by_key(|(at, ..)| *at)
        {
            let (literal, after) = rest.split_at(at);
            if !literal.is_empty() {
                parts.push(Part::Literal(literal.to_owned()));
            }
            parts.push(part.clone());
            rest = after.get(needle.len()..).unwrap_or_default();
        }
        if parts.is_empty() {
            return Cell::Fixed(Value::Text(text.to_owned()));
        }
        if !rest.is_empty() {
            parts.push(Part::Literal(rest.to_owned()));
        }
        Cell::Text(parts)
    }

    /// Adds the rows of one more case.
    pub fn fill(&self, filling: &Filling, out: &mut Vec<Row>) {
        for (table, event, cells) in &self.rows {
            if *event && filling.without_events {
                continue;
            }
            let row = cells.iter().map(|cell| match cell {
                Cell::Fixed(value) => value.clone(),
                Cell::Long(whole, short) => if filling.without_events { whole } else { short }.clone(),
                Cell::Moment(after) => Value::Int(filling.at + after),
                Cell::Text(parts) => Value::Text(parts.iter().map(|part| filling.part(part)).collect()),
            });
            out.push((*table, row.collect()));
        }
    }

    /// A text of this case as it would stand in the filled one: for the bodies of events.
    pub fn rewrite(&self, text: &str, filling: &Filling) -> String {
        let mut text = text.replace(&self.number, &filling.number);
        for (old, new) in self.ids.iter().zip(&filling.ids) {
            text = text.replace(old, new);
        }
        for (old, new) in self.agencies.iter().zip(&filling.agencies) {
            text = text.replace(&format!("\"{old}\""), &format!("\"{new}\""));
        }
        text
    }
}

impl Filling {
    fn part(&self, part: &Part) -> std::borrow::Cow<'_, str> {
        match part {
            Part::Literal(text) => text.clone().into(),
            Part::Fresh(at) => self.ids.get(*at).map_or("", String::as_str).into(),
            Part::Number => self.number.as_str().into(),
            Part::Subject => self.subject.as_str().into(),
            Part::Agency(at) => self.agencies.get(*at).map_or("", String::as_str).into(),
            Part::Ordinal => format!("-{}", self.ordinal).into(),
        }
    }
}

/// Numbers that are moments around the filing move with it; all others stay.
fn moment(n: i64, begun: i64) -> Cell {
    const HOUR: i64 = 3_600_000_000;
    let near = begun - HOUR..begun + 400 * 24 * HOUR;
    if near.contains(&n) { Cell::Moment(n - begun) } else { Cell::Fixed(Value::Int(n)) }
}

/// The UUIDs in a value.
fn uuids(value: &Value) -> Vec<String> {
    let Value::Text(text) = value else { return Vec::new() };
    let bytes = text.as_bytes();
    let is = |at: usize, b: u8| match at {
        8 | 13 | 18 | 23 => b == b'-',
        _ => b.is_ascii_hexdigit(),
    };
    let found = bytes.windows(36).filter(|w| w.iter().enumerate().all(|(at, b)| is(at, *b)));
    found.filter_map(|w| std::str::from_utf8(w).ok().map(str::to_owned)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "01930000-0000-7000-8000-000000000001";
    const NEW: &str = "01940000-0000-7000-8000-00000000000f";

    fn text(s: &str) -> Value {
        Value::Text(s.to_owned())
    }

    fn tables() -> [Table; 2] {
        let trace = ["subject", "seq", "v", "kind", "body", "root"].map(str::to_owned).to_vec();
        let case = ["id", "number", "agency", "filed_at", "due_at", "token"].map(str::to_owned).to_vec();
        [
            Table { name: "trace_event".to_owned(), columns: trace, uniques: vec![vec![0, 1]] },
            Table { name: "cases_case".to_owned(), columns: case, uniques: vec![vec![0], vec![5]] },
        ]
    }

    #[test]
    fn a_filled_stencil_has_its_own_ids_moments_and_agencies() {
        let tables = tables();
        let before = Snapshot(vec![vec![], vec![]]);
        let (one, three) = (Value::Int(1), Value::Int(3));
        let event = vec![text(&format!("case:{ID}")), one, three, text("filed"), Value::Null, Value::Null];
        let begun = 1_790_000_000_000_000;
        let case = vec![
            text(ID),
            text("N-1"),
            text("city.a"),
            Value::Int(begun + 5),
            Value::Int(i64::MAX),
            text("xyz"),
        ];
        let after = Snapshot(vec![vec![event], vec![case]]);
        let agencies = ["city.a".to_owned(), "city.b".to_owned()];
        let (number, key, subject) = ("N-1".to_owned(), "k-1".to_owned(), "nobody".to_owned());
        let around = Around {
            tables: &tables,
            before: &before,
            after: &after,
            begun,
            number,
            key,
            subject,
            agencies: &agencies,
        };
        let stencil = Stencil::cut(&around).unwrap();
        assert_eq!(
            (stencil.case.as_str(), stencil.version, stencil.kinds.as_slice()),
            (ID, 3, &["filed".to_owned()][..])
        );
        let filling = Filling {
            at: 1_700_000_000_000_000,
            ids: vec![NEW.to_owned()],
            number: "N-2".to_owned(),
            subject: String::new(),
            agencies: vec!["city.b".to_owned()],
            ordinal: 9,
            without_events: true,
        };
        let mut rows = Vec::new();
        stencil.fill(&filling, &mut rows);
        let at = Value::Int(1_700_000_000_000_005);
        let wanted = vec![text(NEW), text("N-2"), text("city.b"), at, Value::Int(i64::MAX), text("xyz-9")];
        assert_eq!(rows, [(1, wanted)]);
        assert_eq!(
            stencil.rewrite(&format!("{{\"{ID}\":\"city.a\"}}"), &filling),
            format!("{{\"{NEW}\":\"city.b\"}}")
        );
    }
}
