//! What somebody asks the inbox for: filter, columns, place; read from the address and written back to it, so that a view is
//! nothing but an address.

use cases::{Claimed, InboxFilter, Urgency};
use kernel::AgencyCode;

/// A column of the inbox that may be left out; the item stands always.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Col {
    Due,
    Number,
    Step,
    Subject,
    State,
    Division,
    Filed,
    Opened,
    Holder,
    Absent,
    External,
}

impl Col {
    pub const ALL: [Self; 11] = [
        Self::Due,
        Self::Number,
        Self::Step,
        Self::Subject,
        Self::State,
        Self::Division,
        Self::Filed,
        Self::Opened,
        Self::Holder,
        Self::Absent,
        Self::External,
    ];
    const USUAL: [Self; 7] =
        [Self::Due, Self::Number, Self::Step, Self::Subject, Self::Filed, Self::Holder, Self::External];

    pub fn word(self) -> &'static str {
        match self {
            Self::Due => "due",
            Self::Number => "number",
            Self::Step => "step",
            Self::Subject => "subject",
            Self::State => "state",
            Self::Division => "division",
            Self::Filed => "filed",
            Self::Opened => "opened",
            Self::Holder => "holder",
            Self::Absent => "absent",
            Self::External => "external",
        }
    }

    fn read(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|c| c.word() == word)
    }
}

/// How many lines a page may have.
pub(crate) const LENGTHS: [i64; 3] = [50, 100, 200];
/// The longest word of a filter, in characters.
const LONG: usize = 100;
/// No more fields are read than one more than may be columns, which is told.
const FIELDS_READ: usize = cases::FIELDS_MAX + 1;

/// What is asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Asked {
    pub item: String,
    pub step: String,
    pub state: String,
    pub urgency: String,
    pub claimed: String,
    pub text: String,
    /// A part (科室) of the agency; its own tasks without one.
    pub unit: String,
    /// Empty for the usual columns.
    cols: Vec<Col>,
    /// Fields of the item's form that are columns too.
    pub fields: Vec<String>,
    lines: i64,
    pub after: Option<String>,
}

impl Asked {
    /// Reads the pairs of an address; what it does not know it leaves.
    pub fn read(pairs: &[(String, String)]) -> Self {
        let get = |name: &str| {
            let value = pairs.iter().find(|(n, _)| n == name).map_or("", |(_, v)| v.trim());
            value.chars().take(LONG).collect::<String>()
        };
        let one_of = |name: &str, known: &[&str]| Some(get(name)).filter(|v| known.contains(&v.as_str()));
        let mut cols: Vec<Col> =
            pairs.iter().filter(|(n, _)| n == "col").filter_map(|(_, v)| Col::read(v)).collect();
        cols.sort_unstable();
        cols.dedup();
        // Ticks that stood beside another item are no choice for this one.
        let of = pairs.iter().find(|(n, _)| n == "fields_of").map(|(_, v)| v.trim());
        let own = of.is_none_or(|of| of == get("item"));
        let ticked = pairs.iter().filter(|(n, v)| own && n == "field" && !v.trim().is_empty());
        let mut fields: Vec<String> = ticked.map(|(_, v)| v.trim().chars().take(LONG).collect()).collect();
        fields.sort_unstable();
        fields.dedup();
        fields.truncate(FIELDS_READ);
        Self {
            fields,
            item: get("item"),
            step: get("step"),
            state: one_of("state", &cases::CaseState::WORDS).unwrap_or_default(),
            urgency: one_of("urgency", &["overdue", "soon"]).unwrap_or_default(),
            claimed: one_of("claimed", &["me", "free"]).unwrap_or_default(),
            text: get("text"),
            unit: AgencyCode::parse(&get("unit")).map(String::from).unwrap_or_default(),
            cols: if cols == Col::USUAL { Vec::new() } else { cols },
            lines: get("lines").parse().ok().filter(|n| LENGTHS.contains(n)).unwrap_or(LENGTHS[0]),
            after: Some(get("after")).filter(|a| !a.is_empty()),
        }
    }

    /// Reads an address's query.
    pub fn parse(query: &str) -> Self {
        Self::read(&pairs(query))
    }

    /// The query of this view, without the place in the list.
    pub fn query(&self) -> String {
        let mut out: Vec<String> = Vec::new();
        let fields = [
            ("item", &self.item),
            ("step", &self.step),
            ("state", &self.state),
            ("urgency", &self.urgency),
            ("claimed", &self.claimed),
            ("text", &self.text),
            ("unit", &self.unit),
        ];
        for (name, value) in fields {
            if !value.is_empty() {
                out.push(format!("{name}={}", escape(value)));
            }
        }
        out.extend(self.cols.iter().map(|c| format!("col={}", c.word())));
        out.extend(self.fields.iter().map(|f| format!("field={}", escape(f))));
        if self.lines != LENGTHS[0] && self.lines != 0 {
            out.push(format!("lines={}", self.lines));
        }
        out.join("&")
    }

    /// The address of this view.
    pub fn href(&self) -> String {
        let query = self.query();
        if query.is_empty() { "/desk?all=1".to_owned() } else { format!("/desk?{query}") }
    }

    /// The same part of the agency, columns and length, filtered only so.
    pub fn only(&self, urgency: &str, claimed: &str) -> Self {
        let (urgency, claimed) = (urgency.to_owned(), claimed.to_owned());
        let (unit, cols) = (self.unit.clone(), self.cols.clone());
        Self { urgency, claimed, unit, cols, lines: self.lines, ..Self::default() }
    }

    /// Whether anything is filtered.
    pub fn filters(&self) -> bool {
        [&self.item, &self.step, &self.state, &self.urgency, &self.claimed, &self.text, &self.unit]
            .iter()
            .any(|f| !f.is_empty())
    }

    pub fn shows(&self, col: impl std::borrow::Borrow<Col>) -> bool {
        let col = *col.borrow();
        if self.cols.is_empty() { Col::USUAL.contains(&col) } else { self.cols.contains(&col) }
    }

    /// How many lines a page has.
    pub fn lines(&self) -> i64 {
        if self.lines == 0 { LENGTHS[0] } else { self.lines }
    }

    /// The part of the agency whose tasks are asked for.
    pub fn unit(&self) -> Option<AgencyCode> {
        AgencyCode::parse(&self.unit)
    }

    pub fn filter(&self) -> InboxFilter {
        let some = |text: &str| Some(text.to_owned()).filter(|t| !t.is_empty());
        InboxFilter {
            item: some(&self.item),
            step: some(&self.step),
            state: some(&self.state),
            urgency: match self.urgency.as_str() {
                "overdue" => Urgency::Overdue,
                "soon" => Urgency::Soon,
                _ => Urgency::Any,
            },
            claimed: match self.claimed.as_str() {
                "me" => Claimed::Me,
                "free" => Claimed::Nobody,
                _ => Claimed::Any,
            },
            text: some(&self.text),
            unit: self.unit(),
        }
    }
}

/// The pairs of a query.
pub(crate) fn pairs(query: &str) -> Vec<(String, String)> {
    let uri: Result<axum::http::Uri, _> = format!("/?{query}").parse();
    let read = |uri| axum::extract::Query::<Vec<(String, String)>>::try_from_uri(&uri).ok();
    uri.ok().and_then(read).map(|q| q.0).unwrap_or_default()
}

/// Text as part of a query.
pub(crate) fn escape(text: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b'~');
    let mut out = String::with_capacity(text.len());
    for b in text.bytes() {
        if plain(b) { out.push(char::from(b)) } else { out.push_str(&format!("%{b:02X}")) }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_view_is_its_address() {
        let asked =
            Asked::parse("item=a%20b&urgency=soon&claimed=me&text=%E6%9D%8E&col=due&col=state&lines=200&x=1");
        assert_eq!(asked.item, "a b");
        assert_eq!(asked.text, "李");
        assert_eq!(
            asked.query(),
            "item=a%20b&urgency=soon&claimed=me&text=%E6%9D%8E&col=due&col=state&lines=200"
        );
        assert_eq!(Asked::parse(&asked.query()), asked);
        assert!(asked.shows(Col::State) && !asked.shows(Col::Subject));
        let hostile = Asked::parse("urgency=x&state=nothing&lines=100000&col=%3Cscript%3E");
        assert_eq!((hostile.query().as_str(), hostile.lines()), ("", 50));
        assert_eq!(hostile.href(), "/desk?all=1");
    }
}
