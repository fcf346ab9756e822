//! One row of an old register, read and checked. Pure.

use super::Register;
use crate::grounds::Ground;
use crate::model::{CertField, State};
use jiff::civil::Date;
use kernel::codes::{CitizenId, CreditCode};
use kernel::{CertificateIdentifier, Text, clock};
use std::collections::BTreeMap;

/// The columns that every register has.
pub(super) const NEEDED: [&str; 5] =
    ["identifier", "holder_number", "holder_name", "valid_from", "issued_on"];
/// The columns that it may have; lines of the certificate stand in columns called `line:key:label`.
pub(super) const ALLOWED: [&str; 4] = ["valid_until", "state", "reason", "case"];

/// Why a row was not taken; counted by its word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The line of the file, from 1.
    pub line: u64,
    /// The stable word: `holder-unknown`.
    pub word: &'static str,
    /// What is wrong.
    pub say: Text,
    /// Whether the row was taken all the same.
    pub warning: bool,
}

/// Whose certificate it is, before it was looked up. Never printed.
pub(super) enum Holder {
    Person(String),
    Organisation(String),
}

/// A row that can be taken.
pub(super) struct Row {
    pub identifier: CertificateIdentifier,
    pub holder: Holder,
    pub holder_name: String,
    pub number_masked: String,
    pub valid_from: Date,
    pub valid_until: Option<Date>,
    pub issued_on: Date,
    pub state: Ended,
    pub reason: String,
    pub case: String,
    pub fields: Vec<CertField>,
    /// What is odd and was taken as it stands.
    pub warnings: Vec<Text>,
}

/// The state that the old register knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ended {
    Valid,
    Suspended,
    Revoked,
    Cancelled,
    Transferred,
    Forfeited,
}

impl Ended {
    /// Codes of the national scheme; 05 follows from the date here.
    fn from_code(code: &str) -> Option<Self> {
        match code {
            "" | "01" | "05" => Some(Self::Valid),
            "02" => Some(Self::Suspended),
            "03" => Some(Self::Revoked),
            "04" => Some(Self::Cancelled),
            "06" => Some(Self::Transferred),
            "07" => Some(Self::Forfeited),
            _ => None,
        }
    }

    /// The state as kept; `why` is what the old register says.
    pub fn state(self, at: kernel::Timestamp, why: String) -> State {
        let ground: Option<Ground> = None;
        match self {
            Self::Valid => State::Valid,
            Self::Suspended => State::Suspended { at, why, ground },
            Self::Revoked => State::Revoked { at, why, ground },
            Self::Cancelled => State::Cancelled { at, why, ground },
            Self::Transferred => State::Transferred { at, why, ground },
            Self::Forfeited => State::Forfeited { at, why, ground },
        }
    }
}

/// The columns of a file by their names.
pub(super) struct Columns {
    at: BTreeMap<String, usize>,
    lines: Vec<(usize, String, String)>,
}

impl Columns {
    /// Reads the heading of a file that has the columns `needed`, and may have those that are `allowed`.
    ///
    /// # Errors
    /// The columns that are missing, or that nobody knows.
    pub fn read(heading: &[String], needed: &[&str], allowed: &[&str]) -> Result<Self, Text> {
        let (mut at, mut lines, mut unknown) = (BTreeMap::new(), Vec::new(), Vec::new());
        for (n, name) in heading.iter().enumerate() {
            match name.strip_prefix("line:") {
                Some(rest) => {
                    let (key, label) = rest.split_once(':').unwrap_or((rest, rest));
                    lines.push((n, key.to_owned(), label.to_owned()));
                }
                None if needed.contains(&name.as_str()) || allowed.contains(&name.as_str()) => {
                    at.insert(name.clone(), n);
                }
                None => unknown.push(name.as_str()),
            }
        }
        let missing: Vec<&str> = needed.iter().copied().filter(|name| !at.contains_key(*name)).collect();
        if missing.is_empty() && unknown.is_empty() {
            return Ok(Self { at, lines });
        }
        let (missing, unknown) = (missing.join(", "), unknown.join(", "));
        Err(Text::new(
            format!("表头不对：缺少[{missing}]，不认识[{unknown}]。"),
            format!("The heading is wrong: missing [{missing}], unknown [{unknown}]."),
        ))
    }

    /// The cell of the column `name`; empty when there is none.
    pub fn get<'a>(&self, cells: &'a [String], name: &str) -> &'a str {
        self.at.get(name).and_then(|n| cells.get(*n)).map_or("", String::as_str)
    }

    /// The day in the column `name`.
    pub fn day(&self, cells: &[String], name: &str) -> Result<Option<Date>, Wrong> {
        let text = self.get(cells, name);
        if text.is_empty() {
            return Ok(None);
        }
        let bad = || wrong("date", format!("{name}不是日期。"), format!("{name} is no date."));
        text.parse().map(Some).map_err(|_| bad())
    }

    /// The day in the column `name`, which must be there.
    pub fn needed_day(&self, cells: &[String], name: &str) -> Result<Date, Wrong> {
        let missing = || wrong("date", format!("缺少{name}。"), format!("{name} is missing."));
        self.day(cells, name)?.ok_or_else(missing)
    }

    /// The lines of the certificate; those in `public` may be seen by anybody who verifies.
    pub fn fields(&self, cells: &[String], public: &[String]) -> impl Iterator<Item = CertField> {
        self.lines.iter().map(|(n, key, label)| CertField {
            key: key.clone(),
            label: Text::new(label.clone(), key.clone()),
            value: cells.get(*n).cloned().unwrap_or_default(),
            public: public.contains(key),
        })
    }
}

/// The word that is counted, and what is wrong.
pub(super) type Wrong = (&'static str, Text);

pub(super) fn wrong(word: &'static str, zh: impl Into<String>, en: impl Into<String>) -> Wrong {
    (word, Text::new(zh, en))
}

/// Reads a row.
///
/// # Errors
/// The first thing that is wrong with it.
pub(super) fn read(columns: &Columns, register: &Register, cells: &[String]) -> Result<Row, Wrong> {
    let get = |name: &str| columns.get(cells, name);
    let (identifier, odd) = CertificateIdentifier::import(get("identifier"))
        .map_err(|e| wrong("identifier", e.say.zh, e.say.en))?;
    let valid_from = columns.needed_day(cells, "valid_from")?;
    let valid_until = columns.day(cells, "valid_until")?;
    let issued_on = columns.needed_day(cells, "issued_on")?;
    if valid_until.is_some_and(|last| last < valid_from) {
        return Err(wrong("validity", "有效期止早于有效期起。", "It would end before it begins."));
    }
    let state = Ended::from_code(get("state"))
        .ok_or_else(|| wrong("state", "不认识这个状态代码。", "This code of a state is unknown."))?;
    let name = get("holder_name");
    if name.is_empty() {
        return Err(wrong("holder-name", "缺少持证人名称。", "The holder’s name is missing."));
    }
    let (holder, number_masked) = holder(get("holder_number"))?;
    Ok(Row {
        identifier,
        holder,
        holder_name: name.to_owned(),
        number_masked,
        valid_from,
        valid_until,
        issued_on,
        state,
        reason: get("reason").to_owned(),
        case: get("case").to_owned(),
        fields: columns.fields(cells, &register.public).collect(),
        warnings: odd.into_iter().map(|w| w.say).collect(),
    })
}

pub(super) fn holder(number: &str) -> Result<(Holder, String), Wrong> {
    let masked = page::format::mask_id(number);
    if number.parse::<CitizenId>().is_ok() {
        return Ok((Holder::Person(number.to_ascii_uppercase()), masked));
    }
    if number.parse::<CreditCode>().is_ok() {
        return Ok((Holder::Organisation(number.to_ascii_uppercase()), number.to_owned()));
    }
    Err(wrong(
        "holder-number",
        "持证人号码既不是公民身份号码，也不是统一社会信用代码。",
        "The holder’s number is neither a citizen’s nor an organisation’s.",
    ))
}

/// The first moment of a day of legal time.
pub(super) fn start(day: Date) -> Option<kernel::Timestamp> {
    day.to_zoned(clock::legal_zone()).ok().map(|zoned| zoned.timestamp())
}
