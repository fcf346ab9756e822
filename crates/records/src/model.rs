//! A case as it leaves or arrives, and the selection of cases that is wanted. No input or output.

use jiff::civil::Date;
use kernel::{Refusal, RefusalKind, Text, Timestamp, clock};
use serde::{Deserialize, Serialize};

kernel::typed_id! {
    /// One file that went out.
    LeavingId;
}
::store::text_column!(LeavingId);

/// Who acted where the applicant did.
pub const APPLICANT: &str = "applicant";
/// Who acted where the program did.
pub const AUTOMATIC: &str = "automatic";

/// Whether an act begins or ends something (the standard lifecycle of XES knows both).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Transition {
    /// A task was opened.
    Start,
    /// A task was done, or an act happened.
    Complete,
}

impl Transition {
    /// The word of XES.
    pub fn word(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Complete => "complete",
        }
    }
}

/// One act of a case, without any personal data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActRecord {
    /// What: a stable word (`accepted`) or the id of a step.
    pub name: String,
    /// What it is called.
    pub label: Text,
    /// When it happened in law.
    pub at: Timestamp,
    /// Which agency did it; [`APPLICANT`] or [`AUTOMATIC`] where none did. Never a person.
    pub resource: String,
    /// Whether it began or ended.
    pub transition: Transition,
}

/// A case as it leaves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseRecord {
    /// Its number.
    pub number: String,
    /// The item's key.
    pub item: String,
    /// The item's name.
    pub item_name: Text,
    /// The agency responsible.
    pub agency: String,
    /// The administrative division it works for.
    pub division: String,
    /// The state's word.
    pub state: String,
    /// The state's name.
    pub state_name: Text,
    /// What came of it.
    pub outcome: Option<String>,
    /// The applicant's name, masked.
    pub applicant: String,
    /// When it was filed.
    pub filed_at: Timestamp,
    /// Until when it must be decided, whichever term ends first.
    pub due: Option<Timestamp>,
    /// Until when it was promised.
    pub promised: Option<Timestamp>,
    /// Until when the law demands it.
    pub statutory: Option<Timestamp>,
    /// When it ended.
    pub closed_at: Option<Timestamp>,
    /// Whether a term was not kept.
    pub late: bool,
    /// What happened, in order; empty when only the row was asked for.
    pub acts: Vec<ActRecord>,
}

/// Days from and to, both included, in the legal zone; either may be open.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Between {
    /// The first day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Date>,
    /// The last day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Date>,
}

impl Between {
    /// Whether both ends are open.
    pub fn open(&self) -> bool {
        self.from.is_none() && self.to.is_none()
    }

    /// Whether the moment lies on one of the days.
    pub fn holds(&self, at: Timestamp) -> bool {
        let day = clock::legal_date(at);
        self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| day <= to)
    }

    fn read(name: &str, from: &str, to: &str) -> Result<Self, Refusal> {
        let day = |end: &str, text: &str| match text.trim() {
            "" => Ok(None),
            text => text.parse::<Date>().map(Some).map_err(|_| bad_day(&format!("{name}_{end}"), text)),
        };
        let between = Self { from: day("from", from)?, to: day("to", to)? };
        match (between.from, between.to) {
            (Some(from), Some(to)) if to < from => Err(turned(&format!("{name}_to"))),
            _ => Ok(between),
        }
    }
}

/// Which cases are wanted, within what the asker may see at all.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Selection {
    /// Of one item.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<String>,
    /// Of one agency, its parts included.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agency: Option<kernel::AgencyCode>,
    /// In one state.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// Filed on these days.
    #[serde(default, skip_serializing_if = "Between::open")]
    pub filed: Between,
    /// Ended on these days.
    #[serde(default, skip_serializing_if = "Between::open")]
    pub closed: Between,
}

impl Selection {
    /// Reads a selection from the fields `item`, `agency`, `state`, `filed_from`, `filed_to`, `closed_from`, `closed_to`;
    /// what is empty selects nothing out.
    ///
    /// # Errors
    /// A refusal that names the wrong field.
    pub fn read<'a>(get: impl Fn(&str) -> &'a str) -> Result<Self, Refusal> {
        let word = |name: &str| Some(get(name).trim().to_owned()).filter(|t| !t.is_empty());
        let agency = match word("agency") {
            None => None,
            Some(code) => Some(kernel::AgencyCode::parse(&code).ok_or_else(|| bad_agency(&code))?),
        };
        Ok(Self {
            item: word("item"),
            agency,
            state: word("state"),
            filed: Between::read("filed", get("filed_from"), get("filed_to"))?,
            closed: Between::read("closed", get("closed_from"), get("closed_to"))?,
        })
    }

    /// Whether the case is among those wanted.
    pub fn holds(&self, case: &CaseRecord) -> bool {
        let agency = |wanted: &kernel::AgencyCode| {
            kernel::AgencyCode::parse(&case.agency).is_some_and(|own| wanted.contains(&own))
        };
        self.item.as_ref().is_none_or(|i| *i == case.item)
            && self.agency.as_ref().is_none_or(agency)
            && self.state.as_ref().is_none_or(|s| *s == case.state)
            && self.filed.holds(case.filed_at)
            && (self.closed.open() || case.closed_at.is_some_and(|at| self.closed.holds(at)))
    }
}

fn invalid(code: &'static str, field: &str, zh: String, en: String) -> Refusal {
    Refusal::new(RefusalKind::Invalid, code, zh.clone(), en.clone()).field(field, zh, en)
}

fn bad_day(field: &str, text: &str) -> Refusal {
    invalid(
        "records.bad-day",
        field,
        format!("“{text}”不是日期，请按2026-11-22的样子填写。"),
        format!("\"{text}\" is no date; write it like 2026-11-22."),
    )
}

fn turned(field: &str) -> Refusal {
    invalid(
        "records.days-turned",
        field,
        "结束日期早于开始日期。".to_owned(),
        "The last day lies before the first.".to_owned(),
    )
}

fn bad_agency(code: &str) -> Refusal {
    invalid(
        "records.bad-agency",
        "agency",
        format!("“{code}”不是部门代码。"),
        format!("\"{code}\" is no agency's code."),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(fields: &[(&str, &str)]) -> Result<Selection, Refusal> {
        let fields: Vec<(String, String)> =
            fields.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
        Selection::read(|name| fields.iter().find(|(n, _)| n == name).map_or("", |(_, v)| v.as_str()))
    }

    #[test]
    fn days_are_whole_days_of_the_legal_zone() {
        let chosen = read(&[("filed_from", "2026-11-22"), ("filed_to", "2026-11-22")]).unwrap();
        // 2026-11-22 begins at 16:00 UTC of the day before.
        for (at, inside) in [
            ("2026-11-21T15:59:59Z", false),
            ("2026-11-21T16:00:00Z", true),
            ("2026-11-22T15:59:59Z", true),
            ("2026-11-22T16:00:00Z", false),
        ] {
            assert_eq!(chosen.filed.holds(at.parse().unwrap()), inside, "{at}");
        }
    }

    #[test]
    fn a_wrong_selection_names_its_field() {
        for (fields, field) in [
            (vec![("filed_from", "22.11.2026")], "filed_from"),
            (vec![("closed_from", "2026-11-22"), ("closed_to", "2026-11-21")], "closed_to"),
            (vec![("agency", "Nanjing Transport")], "agency"),
        ] {
            let refusal = read(&fields).unwrap_err();
            assert_eq!(refusal.fields.first().unwrap().field, field);
        }
        assert_eq!(read(&[("item", " ")]).unwrap(), Selection::default());
    }
}
