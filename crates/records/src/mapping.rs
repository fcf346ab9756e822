//! The mapping file: which column says what, which words mean which, how moments are written. YAML, checked before anything is read.

use crate::read::Fields;
use kernel::{Refusal, RefusalKind};
use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use std::collections::BTreeMap;

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// A table.
    Csv,
    /// An event log.
    Xes,
}

/// What a row of a table is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Layout {
    /// A case.
    #[default]
    Cases,
    /// An act of a case; the rows of a case stand together.
    Acts,
}

/// How the file's characters are written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
pub enum Encoding {
    /// UTF-8.
    #[default]
    #[serde(rename = "utf-8")]
    Utf8,
    /// GB 18030 and its forerunners GBK and GB 2312: what Chinese spreadsheets save as CSV.
    #[serde(rename = "gb18030", alias = "gbk", alias = "gb2312")]
    Gb18030,
    /// UTF-16: "Unicode text" of spreadsheets.
    #[serde(rename = "utf-16")]
    Utf16,
}

/// Where a value comes from. In YAML the name of a column, or its parts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pick {
    /// The column (in XES the attribute's key).
    pub column: Option<String>,
    /// Which word of the file means which of ours; when given, others are problems unless `otherwise` says what they mean.
    pub values: BTreeMap<String, String>,
    /// What every other word means, and an empty cell.
    pub otherwise: Option<String>,
    /// The value of every case, whatever the file says.
    pub always: Option<String>,
}

/// A value that was looked up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Picked<'a> {
    /// It is this.
    Value(&'a str),
    /// There is none.
    Empty,
    /// The mapping does not say what this word means.
    Unknown(&'a str),
}

impl Pick {
    fn column(name: &str) -> Self {
        Self { column: Some(name.to_owned()), ..Self::default() }
    }

    /// Looks the value up.
    pub(crate) fn of<'a>(&'a self, fields: &'a Fields) -> Picked<'a> {
        if let Some(always) = &self.always {
            return Picked::Value(always);
        }
        let found = self.column.as_ref().and_then(|c| fields.get(c)).map_or("", |v| v.trim());
        if let Some(value) = self.values.get(found) {
            return Picked::Value(value);
        }
        match (&self.otherwise, found.is_empty()) {
            (Some(other), empty) if empty || !self.values.is_empty() => Picked::Value(other),
            (_, true) => Picked::Empty,
            (_, false) if self.values.is_empty() => Picked::Value(found),
            (_, false) => Picked::Unknown(found),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PickParts {
    #[serde(default)]
    column: Option<String>,
    #[serde(default)]
    values: BTreeMap<String, String>,
    #[serde(default)]
    otherwise: Option<String>,
    #[serde(default)]
    always: Option<String>,
}

impl<'de> Deserialize<'de> for Pick {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Either;
        impl<'de> Visitor<'de> for Either {
            type Value = Pick;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("the name of a column, or {column, values, otherwise, always}")
            }
            fn visit_str<E: serde::de::Error>(self, name: &str) -> Result<Pick, E> {
                Ok(Pick::column(name))
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Pick, A::Error> {
                let PickParts { column, values, otherwise, always } =
                    PickParts::deserialize(MapAccessDeserializer::new(map))?;
                Ok(Pick { column, values, otherwise, always })
            }
        }
        from.deserialize_any(Either)
    }
}

/// What of a case is where.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CaseMap {
    /// Its number elsewhere; with the source it makes a case come in once.
    pub number: Option<Pick>,
    /// The item's key.
    pub item: Option<Pick>,
    /// The agency responsible; without it the item's.
    pub agency: Option<Pick>,
    /// The administrative division; without it the agency's.
    pub division: Option<Pick>,
    /// The state's word.
    pub state: Option<Pick>,
    /// What came of it.
    pub outcome: Option<Pick>,
    /// The applicant's name.
    pub applicant: Option<Pick>,
    /// The applicant's identity number or credit code, by which they are found in the registers and find the case in their space.
    pub applicant_number: Option<Pick>,
    /// When it was filed; without it the moment of the first act.
    pub filed_at: Option<Pick>,
    /// When it ended; without it, for a finished case, the moment of the last act.
    pub closed_at: Option<Pick>,
    /// Until when it was promised.
    pub promised_due: Option<Pick>,
    /// Until when the law demanded it.
    pub statutory_due: Option<Pick>,
}

/// What of an act is where, when the file has acts one by one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ActMap {
    /// The act's word or the step's id; an empty word leaves the act out.
    pub name: Option<Pick>,
    /// When.
    pub at: Option<Pick>,
    /// Which agency did it.
    pub agency: Option<Pick>,
    /// `start` or `complete`; without it `complete`.
    pub transition: Option<Pick>,
}

/// An act that has a column of its own in a table of cases.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ActColumn {
    /// The act's word or the step's id.
    pub name: String,
    /// When; an empty cell means that it did not happen.
    pub at: Pick,
    /// Which agency did it.
    #[serde(default)]
    pub agency: Option<Pick>,
    /// Whether it began there.
    #[serde(default)]
    pub start: bool,
}

/// A mapping file.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// The name of where the file comes from.
    pub source: String,
    /// What the file is.
    pub format: Format,
    /// What a row is.
    #[serde(default)]
    pub layout: Layout,
    /// How its characters are written.
    #[serde(default)]
    pub encoding: Encoding,
    /// What stands between cells.
    #[serde(default = "comma")]
    pub delimiter: char,
    /// The zone of moments that name none.
    #[serde(default = "beijing")]
    pub zone: String,
    /// How moments are written, tried in order (`%Y年%m月%d日`); ISO 8601 is always understood.
    #[serde(default)]
    pub dates: Vec<String>,
    /// What of a case is where.
    #[serde(default)]
    pub case: CaseMap,
    /// What of an act is where.
    #[serde(default)]
    pub act: ActMap,
    /// Acts that have columns of their own.
    #[serde(default)]
    pub acts: Vec<ActColumn>,
}

fn comma() -> char {
    ','
}

fn beijing() -> String {
    "Asia/Shanghai".to_owned()
}

/// A source's name has so many characters at most.
const SOURCE_MAX: usize = 60;

impl Mapping {
    /// Reads and checks a mapping file.
    ///
    /// # Errors
    /// A refusal that says what is wrong with it, with the line where the reader knows it.
    pub fn read(text: &str) -> Result<Self, Refusal> {
        let mapping: Self = serde_saphyr::from_str(text).map_err(|e| unread(&e))?;
        mapping.with_usual().checked()
    }

    /// In XES the attributes have names of their own, which need not be said.
    fn with_usual(mut self) -> Self {
        if self.format == Format::Csv {
            return self;
        }
        let usual = |pick: &mut Option<Pick>, key: &str| {
            pick.get_or_insert_with(|| Pick::column(key));
        };
        let case = &mut self.case;
        usual(&mut case.number, "concept:name");
        usual(&mut case.item, "item");
        usual(&mut case.agency, "agency");
        usual(&mut case.division, "division");
        usual(&mut case.state, "state");
        usual(&mut case.outcome, "outcome");
        usual(&mut case.filed_at, "filed_at");
        usual(&mut case.closed_at, "closed_at");
        usual(&mut case.promised_due, "promised_due");
        usual(&mut case.statutory_due, "statutory_due");
        usual(&mut self.act.name, "concept:name");
        usual(&mut self.act.at, "time:timestamp");
        usual(&mut self.act.agency, "org:resource");
        usual(&mut self.act.transition, "lifecycle:transition");
        self
    }

    fn checked(self) -> Result<Self, Refusal> {
        let source = self.source.trim();
        if source.is_empty() || source.chars().count() > SOURCE_MAX || source.contains(char::is_control) {
            return Err(wrong(
                format!("映射文件的source应为1至{SOURCE_MAX}个字符的来源名称。"),
                format!(
                    "`source` in the mapping names where the file comes from, in 1 to {SOURCE_MAX} characters."
                ),
            ));
        }
        if jiff::tz::TimeZone::get(&self.zone).is_err() {
            return Err(wrong(
                format!("映射文件的zone“{}”不是时区，例如Asia/Shanghai。", self.zone),
                format!("`zone` in the mapping, \"{}\", is no time zone such as Asia/Shanghai.", self.zone),
            ));
        }
        if matches!(self.delimiter, '"' | '\r' | '\n' | '\'') {
            return Err(wrong(
                "映射文件的delimiter不能是引号或换行。".to_owned(),
                "`delimiter` in the mapping cannot be a quotation mark or a line end.".to_owned(),
            ));
        }
        for (name, pick) in
            [("number", &self.case.number), ("item", &self.case.item), ("state", &self.case.state)]
        {
            if pick.is_none() {
                return Err(lacks(&format!("case.{name}")));
            }
        }
        if self.case.number.as_ref().is_some_and(|p| p.column.is_none()) {
            return Err(lacks("case.number.column"));
        }
        let acts = self.layout == Layout::Acts || self.format == Format::Xes;
        if acts && (self.act.name.is_none() || self.act.at.is_none()) {
            return Err(lacks("act.name, act.at"));
        }
        if !acts && self.case.filed_at.is_none() && self.acts.is_empty() {
            return Err(lacks("case.filed_at"));
        }
        Ok(self)
    }

    /// The zone of moments that name none.
    pub(crate) fn time_zone(&self) -> jiff::tz::TimeZone {
        jiff::tz::TimeZone::get(&self.zone).unwrap_or_else(|_| kernel::clock::legal_zone())
    }

    /// Every column that the mapping names.
    pub(crate) fn columns(&self) -> Vec<&str> {
        let case = &self.case;
        let of_case = [
            &case.number,
            &case.item,
            &case.agency,
            &case.division,
            &case.state,
            &case.outcome,
            &case.applicant,
            &case.applicant_number,
            &case.filed_at,
            &case.closed_at,
            &case.promised_due,
            &case.statutory_due,
        ];
        let act = &self.act;
        let of_act = [&act.name, &act.at, &act.agency, &act.transition];
        let picks = of_case.into_iter().chain(of_act).flatten();
        let acts = self.acts.iter().flat_map(|a| std::iter::once(&a.at).chain(&a.agency));
        picks.chain(acts).filter(|p| p.always.is_none()).filter_map(|p| p.column.as_deref()).collect()
    }
}

/// Line, column and the word that does not fit, without the parser's own frame.
fn unread(error: &serde_saphyr::Error) -> Refusal {
    let said = error.without_snippet().to_string();
    let said: String = said.lines().map(str::trim).filter(|l| !l.is_empty()).collect::<Vec<_>>().join(" ");
    let said = said.split(" at line ").next().unwrap_or_default().trim_start_matches("error: ");
    let word = said.split('`').nth(1).map(|w| format!("“{w}”")).unwrap_or_default();
    let (zh, en) = match error.location() {
        Some(at) => (
            format!("映射文件第{}行第{}列{word}写得不对。", at.line(), at.column()),
            format!("The mapping file does not fit in line {}, column {}: {said}.", at.line(), at.column()),
        ),
        None => (format!("映射文件{word}写得不对。"), format!("The mapping file does not fit: {said}.")),
    };
    wrong(zh, en)
}

fn wrong(zh: String, en: String) -> Refusal {
    Refusal::new(RefusalKind::Invalid, "records.bad-mapping", zh, en)
        .next("请改正映射文件后再试。", "Correct the mapping file and try again.")
}

fn lacks(what: &str) -> Refusal {
    wrong(format!("映射文件没有写{what}。"), format!("The mapping file does not say {what}."))
}

#[cfg(test)]
mod tests {
    #[test]
    fn what_cannot_be_read_is_told_by_its_place_and_word() {
        let wrong = super::Mapping::read("source: old\nformat: ods\n").unwrap_err();
        assert!(wrong.say.zh.contains("第2行") && wrong.say.zh.contains("“ods”"), "{:?}", wrong.say);
        for mark in ["-->", "|", "^"] {
            assert!(!wrong.say.zh.contains(mark) && !wrong.say.en.contains(mark), "{:?}", wrong.say);
        }
    }

    use super::*;

    #[test]
    fn a_column_or_its_parts() {
        let mapping = Mapping::read(
            "source: old\nformat: csv\ncase:\n  number: 编号\n  item: {always: sticker}\n  state: {column: 状态, values: {办结: closed}}\n  filed_at: 收件\n",
        )
        .unwrap();
        assert_eq!(mapping.columns(), ["编号", "状态", "收件"]);
        let state = mapping.case.state.unwrap();
        let fields = |word: &str| Fields::from([("状态".to_owned(), word.to_owned())]);
        assert_eq!(state.of(&fields(" 办结 ")), Picked::Value("closed"));
        assert_eq!(state.of(&fields("在办")), Picked::Unknown("在办"));
        assert_eq!(state.of(&fields("")), Picked::Empty);
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (text, part) in [
            ("source: old\nformat: ods\n", "ods"),
            ("source: old\nformat: csv\ncase: {number: a}\n", "case.item"),
            ("source: old\nformat: csv\nsheet: 1\n", "sheet"),
            ("source: ' '\nformat: xes\n", "source"),
            ("source: old\nformat: xes\nzone: Mars\n", "zone"),
            ("source: old\nformat: csv\nlayout: acts\ncase: {number: a, item: b, state: c}\n", "act.name"),
            (
                "source: old\nformat: csv\ncase: {number: a, item: b, state: c, filed_at: {colum: d}}\n",
                "colum",
            ),
        ] {
            let refusal = Mapping::read(text).unwrap_err();
            assert!(refusal.say.en.contains(part), "{part}: {}", refusal.say.en);
        }
    }

    #[test]
    fn an_xes_file_of_ours_needs_no_words() {
        let mapping = Mapping::read("source: other-house\nformat: xes\n").unwrap();
        assert_eq!(mapping.case.number, Some(Pick::column("concept:name")));
        assert_eq!(mapping.act.at, Some(Pick::column("time:timestamp")));
    }
}
