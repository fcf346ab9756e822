//! What a row of a file means: pure rules from what was read to a case that may come in, or to what is wrong with it.

use crate::mapping::{ActColumn, Mapping, Pick, Picked};
use crate::model::{APPLICANT, AUTOMATIC, Transition};
use crate::moment::{moment, shown};
use crate::read::{Fields, Raw, RawAct};
use crate::report::Problem;
use jiff::tz::TimeZone;
use kernel::{AgencyCode, Timestamp, clock};
use std::collections::{BTreeMap, BTreeSet};

/// A case that may come in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arriving {
    /// The line it begins on.
    pub line: u64,
    /// Its number elsewhere.
    pub external: String,
    /// The item's key.
    pub item: String,
    /// The agency responsible.
    pub agency: AgencyCode,
    /// The administrative division.
    pub division: String,
    /// The state's word.
    pub state: String,
    /// Whether that state is an end.
    pub finished: bool,
    /// What came of it.
    pub outcome: Option<String>,
    /// The applicant's name; may be empty.
    pub applicant: String,
    /// The applicant's identity number or credit code, where the file tells it.
    pub applicant_number: Option<String>,
    /// When it was filed.
    pub filed_at: Timestamp,
    /// When it ended.
    pub closed_at: Option<Timestamp>,
    /// Until when it was promised.
    pub promised: Option<Timestamp>,
    /// Until when the law demanded it.
    pub statutory: Option<Timestamp>,
    /// What happened, in order.
    pub acts: Vec<ArrivingAct>,
}

/// An act of a case that may come in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArrivingAct {
    /// Its word, or a step's id.
    pub name: String,
    /// When.
    pub at: Timestamp,
    /// Which agency did it; none for the applicant and the program.
    pub agency: Option<AgencyCode>,
    /// Who, in the words of [`crate::model::ActRecord::resource`].
    pub resource: String,
    /// Whether it began or ended.
    pub transition: Transition,
}

/// What is known of an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownItem {
    /// Its agency.
    pub agency: AgencyCode,
    /// The ids of its steps.
    pub steps: BTreeSet<String>,
}

/// What is known here, against which a file is read.
#[derive(Debug, Clone)]
pub struct Known {
    /// The agencies, with their divisions.
    pub agencies: BTreeMap<AgencyCode, String>,
    /// The items that were asked for; none when there is no such item.
    pub items: BTreeMap<String, Option<KnownItem>>,
    /// The states: running ones and ends.
    pub states: &'static [(&'static str, bool)],
    /// What can come of a case.
    pub outcomes: &'static [&'static str],
    /// The words of acts that are no steps.
    pub acts: &'static [&'static str],
    /// The present moment.
    pub now: Timestamp,
}

/// The item that a row names, so that it can be looked up first.
pub(crate) fn item_of<'a>(raw: &'a Raw, mapping: &'a Mapping) -> Option<&'a str> {
    match mapping.case.item.as_ref()?.of(&raw.fields) {
        // A zero character names nothing, and no database keeps one.
        Picked::Value(item) if !item.contains('\0') => Some(item),
        _ => None,
    }
}

/// A number has so many characters at most.
const NUMBER_MAX: usize = 100;
const NAME_MAX: usize = 200;
/// Earlier moments are slips of the pen, and the trace keeps none from before 1900.
const YEAR_MIN: i16 = 1949;

struct Reading<'a> {
    mapping: &'a Mapping,
    known: &'a Known,
    zone: TimeZone,
    problems: Vec<Problem>,
}

/// Reads a row, a trace: a case, or everything that is wrong with it.
///
/// # Errors
/// Each problem with its line.
pub(crate) fn arrive(raw: &Raw, mapping: &Mapping, known: &Known) -> Result<Arriving, Vec<Problem>> {
    let mut r = Reading { mapping, known, zone: mapping.time_zone(), problems: Vec::new() };
    let case = r.case(raw);
    match case {
        Some(case) if r.problems.is_empty() => Ok(case),
        _ => Err(r.problems),
    }
}

impl Reading<'_> {
    fn case(&mut self, raw: &Raw) -> Option<Arriving> {
        let (map, line) = (&self.mapping.case, raw.line);
        let external = self.needed(line, "number", &map.number, &raw.fields).filter(|n| self.short(line, n));
        let item = self.needed(line, "item", &map.item, &raw.fields);
        let item_known = item.as_deref().and_then(|item| self.item(line, item));
        let agency = self.agency(line, &map.agency, &raw.fields, item_known.as_ref());
        let division = self.division(line, &map.division, &raw.fields, agency.as_ref());
        let state = self.needed(line, "state", &map.state, &raw.fields);
        let finished = state.as_deref().and_then(|state| self.state(line, state));
        let outcome = self.outcome(line, &map.outcome, &raw.fields);
        let applicant = self.word(line, "applicant", &map.applicant, &raw.fields).unwrap_or_default();
        let applicant = applicant.replace(char::is_control, " ");
        if applicant.chars().count() > NAME_MAX {
            self.wrong(line, "records.name-long", "申请人名称太长。", "The applicant's name is too long.");
        }
        let number = self.word(line, "applicant_number", &map.applicant_number, &raw.fields);
        let acts = self.acts(raw, item_known.as_ref());
        let filed = self.moment(line, "filed_at", &map.filed_at, &raw.fields);
        let filed = filed.or_else(|| acts.first().map(|a| a.at));
        if filed.is_none() && self.problems.is_empty() {
            self.wrong(
                line,
                "records.no-filed",
                "没有收件时间，也没有任何环节。",
                "There is neither a moment of filing nor any act.",
            );
        }
        let closed = self.moment(line, "closed_at", &map.closed_at, &raw.fields);
        let promised = self.moment(line, "promised_due", &map.promised_due, &raw.fields);
        let statutory = self.moment(line, "statutory_due", &map.statutory_due, &raw.fields);
        let finished = finished?;
        let closed = closed.or_else(|| if finished { acts.last().map(|a| a.at) } else { None });
        let case = Arriving {
            line,
            external: external?,
            item: item?,
            agency: agency?,
            division,
            state: state?,
            finished,
            outcome,
            applicant,
            applicant_number: number.filter(|n| !n.trim().is_empty()),
            filed_at: filed?,
            closed_at: closed,
            promised,
            statutory,
            acts,
        };
        self.consistent(&case);
        Some(case)
    }

    /// What holds between the parts of a case.
    fn consistent(&mut self, case: &Arriving) {
        let line = case.line;
        if clock::legal_date(case.filed_at).year() < YEAR_MIN {
            self.wrong(
                line,
                "records.too-old",
                format!("收件时间早于{YEAR_MIN}年。"),
                format!("It was filed before {YEAR_MIN}."),
            );
        }
        if case.filed_at > self.known.now {
            self.wrong(
                line,
                "records.future",
                "收件时间在将来。",
                "The moment of filing lies in the future.",
            );
        }
        match case.closed_at {
            Some(at) if at < case.filed_at => self.wrong(
                line,
                "records.closed-early",
                "办结时间早于收件时间。",
                "It ended before it was filed.",
            ),
            Some(at) if at > self.known.now => {
                self.wrong(
                    line,
                    "records.future",
                    "办结时间在将来。",
                    "The moment of its end lies in the future.",
                );
            }
            None if case.finished => self.wrong(
                line,
                "records.no-end",
                "这个办件已经结束，但没有办结时间。",
                "This case has ended, but nothing says when.",
            ),
            Some(_) if !case.finished => self.wrong(
                line,
                "records.runs-closed",
                "这个办件还在办理，却有办结时间。",
                "This case still runs, yet has a moment of its end.",
            ),
            _ => {}
        }
        self.acts_fit(case);
    }

    /// What holds of the acts of a case.
    fn acts_fit(&mut self, case: &Arriving) {
        let line = case.line;
        if case.acts.iter().any(|a| a.at < case.filed_at) {
            self.wrong(line, "records.act-early", "有环节早于收件时间。", "An act lies before the filing.");
        }
        if case.closed_at.is_some_and(|end| case.acts.iter().any(|a| a.at > end)) {
            self.wrong(
                line,
                "records.act-late",
                "有环节晚于办结时间。",
                "An act lies after the end of the case.",
            );
        }
        if case.acts.iter().any(|a| a.at > self.known.now) {
            self.wrong(line, "records.future", "有环节在将来。", "An act lies in the future.");
        }
    }

    fn wrong(&mut self, line: u64, code: &str, zh: impl Into<String>, en: impl Into<String>) {
        self.problems.push(Problem::new(line, code, zh, en));
    }

    fn short(&mut self, line: u64, number: &str) -> bool {
        let fine = number.chars().count() <= NUMBER_MAX && !number.contains(char::is_control);
        if !fine {
            self.wrong(
                line,
                "records.bad-number",
                "编号太长或含有控制字符。",
                "The number is too long or holds control characters.",
            );
        }
        fine
    }

    fn word(&mut self, line: u64, name: &str, pick: &Option<Pick>, fields: &Fields) -> Option<String> {
        match pick.as_ref()?.of(fields) {
            Picked::Value(value) if value.contains('\0') => {
                self.wrong(
                    line,
                    "records.zero",
                    format!("{name}里有零字符。"),
                    format!("There is a zero character in {name}."),
                );
                None
            }
            Picked::Value(value) => Some(value.to_owned()),
            Picked::Empty => None,
            Picked::Unknown(word) => {
                let word = shown(word);
                self.wrong(
                    line,
                    "records.unmapped",
                    format!("映射没有说“{word}”是什么（{name}）。"),
                    format!("The mapping does not say what \"{word}\" means ({name})."),
                );
                None
            }
        }
    }

    fn needed(&mut self, line: u64, name: &str, pick: &Option<Pick>, fields: &Fields) -> Option<String> {
        let before = self.problems.len();
        let word = self.word(line, name, pick, fields).filter(|w| !w.is_empty());
        if word.is_none() && self.problems.len() == before {
            self.wrong(line, "records.empty-value", format!("没有{name}。"), format!("There is no {name}."));
        }
        word
    }

    fn item(&mut self, line: u64, item: &str) -> Option<KnownItem> {
        let known = self.known.items.get(item).cloned().flatten();
        if known.is_none() {
            self.wrong(
                line,
                "records.no-item",
                format!("没有标识为“{item}”的事项。"),
                format!("There is no item \"{item}\"."),
            );
        }
        known
    }

    fn agency(
        &mut self,
        line: u64,
        pick: &Option<Pick>,
        fields: &Fields,
        item: Option<&KnownItem>,
    ) -> Option<AgencyCode> {
        match self.word(line, "agency", pick, fields) {
            Some(code) => self.known_agency(line, &code),
            None => item.map(|i| i.agency.clone()),
        }
    }

    fn known_agency(&mut self, line: u64, code: &str) -> Option<AgencyCode> {
        let agency = AgencyCode::parse(code).filter(|a| self.known.agencies.contains_key(a));
        if agency.is_none() {
            self.wrong(
                line,
                "records.no-agency",
                format!("没有代码为“{code}”的部门。"),
                format!("There is no agency \"{code}\"."),
            );
        }
        agency
    }

    fn division(
        &mut self,
        line: u64,
        pick: &Option<Pick>,
        fields: &Fields,
        agency: Option<&AgencyCode>,
    ) -> String {
        let own = || agency.and_then(|a| self.known.agencies.get(a)).cloned().unwrap_or_default();
        let own = own();
        let Some(code) = self.word(line, "division", pick, fields) else { return own };
        let fine = matches!(code.len(), 6 | 9 | 12) && code.bytes().all(|b| b.is_ascii_digit());
        if !fine {
            self.wrong(
                line,
                "records.bad-division",
                format!("“{code}”不是行政区划代码。"),
                format!("\"{code}\" is no division's code."),
            );
        }
        code
    }

    fn state(&mut self, line: u64, state: &str) -> Option<bool> {
        let known = self.known.states.iter().find(|(word, _)| *word == state).map(|(_, ended)| *ended);
        if known.is_none() {
            let all = self.known.states.iter().map(|(word, _)| *word).collect::<Vec<_>>().join(", ");
            self.wrong(
                line,
                "records.no-state",
                format!("没有“{state}”这个状态；可用：{all}。"),
                format!("There is no state \"{state}\"; known are {all}."),
            );
        }
        known
    }

    fn outcome(&mut self, line: u64, pick: &Option<Pick>, fields: &Fields) -> Option<String> {
        let outcome = self.word(line, "outcome", pick, fields).filter(|o| !o.is_empty())?;
        if !self.known.outcomes.contains(&outcome.as_str()) {
            let all = self.known.outcomes.join(", ");
            self.wrong(
                line,
                "records.no-outcome",
                format!("没有“{outcome}”这个结果；可用：{all}。"),
                format!("There is no outcome \"{outcome}\"; known are {all}."),
            );
        }
        Some(outcome)
    }

    fn moment(&mut self, line: u64, name: &str, pick: &Option<Pick>, fields: &Fields) -> Option<Timestamp> {
        let text = self.word(line, name, pick, fields).filter(|t| !t.is_empty())?;
        let at = moment(&text, &self.mapping.dates, &self.zone);
        if at.is_none() {
            let text = shown(&text);
            self.wrong(
                line,
                "records.bad-moment",
                format!("“{text}”不是时间（{name}）。可在映射的dates里写明格式。"),
                format!("\"{text}\" is no moment ({name}). `dates` in the mapping can say how moments are written."),
            );
        }
        at
    }

    fn acts(&mut self, raw: &Raw, item: Option<&KnownItem>) -> Vec<ArrivingAct> {
        let mut acts: Vec<ArrivingAct> = raw.acts.iter().filter_map(|act| self.act(act, item)).collect();
        let mapping = self.mapping;
        acts.extend(mapping.acts.iter().filter_map(|column| self.act_column(raw, column, item)));
        // Stable: acts of the same moment stay in the order of the file.
        acts.sort_by_key(|a| a.at);
        acts
    }

    fn act(&mut self, raw: &RawAct, item: Option<&KnownItem>) -> Option<ArrivingAct> {
        let (map, line) = (&self.mapping.act, raw.line);
        let name = self.needed_act(line, &map.name, &raw.fields)?;
        let before = self.problems.len();
        let at = self.moment(line, "act.at", &map.at, &raw.fields);
        if at.is_none() && self.problems.len() == before {
            self.wrong(line, "records.no-moment", "环节没有时间。", "The act has no moment.");
        }
        let transition = match self.word(line, "act.transition", &map.transition, &raw.fields).as_deref() {
            None | Some("" | "complete") => Transition::Complete,
            Some("start") => Transition::Start,
            Some(other) => {
                let other = shown(other);
                self.wrong(
                    line,
                    "records.bad-transition",
                    format!("“{other}”应为start或complete。"),
                    format!("\"{other}\" should be start or complete."),
                );
                Transition::Complete
            }
        };
        let who = self.word(line, "act.agency", &map.agency, &raw.fields);
        self.known_act(line, name, at?, who, transition, item)
    }

    /// The act's name; none, and no problem, when the mapping leaves the act out.
    fn needed_act(&mut self, line: u64, pick: &Option<Pick>, fields: &Fields) -> Option<String> {
        if matches!(pick.as_ref().map(|p| p.of(fields)), Some(Picked::Value(""))) {
            return None;
        }
        self.needed(line, "act.name", pick, fields)
    }

    fn act_column(&mut self, raw: &Raw, column: &ActColumn, item: Option<&KnownItem>) -> Option<ArrivingAct> {
        let at = Some(column.at.clone());
        let at = self.moment(raw.line, &column.name, &at, &raw.fields)?;
        let who = self.word(raw.line, "acts.agency", &column.agency, &raw.fields);
        let transition = if column.start { Transition::Start } else { Transition::Complete };
        self.known_act(raw.line, column.name.clone(), at, who, transition, item)
    }

    fn known_act(
        &mut self,
        line: u64,
        name: String,
        at: Timestamp,
        who: Option<String>,
        transition: Transition,
        item: Option<&KnownItem>,
    ) -> Option<ArrivingAct> {
        let step = item.is_none_or(|i| i.steps.contains(&name));
        if !step && !self.known.acts.contains(&name.as_str()) {
            self.wrong(
                line,
                "records.no-act",
                format!("“{name}”既不是这个事项的环节，也不是已知的行为。请在映射的values里说明，写成空的就略去。"),
                format!(
                    "\"{name}\" is neither a step of the item nor a known act. Say in `values` what it is; an empty word leaves it out."
                ),
            );
            return None;
        }
        let who = who.filter(|w| !w.is_empty()).unwrap_or_else(|| AUTOMATIC.to_owned());
        let agency = match who.as_str() {
            APPLICANT | AUTOMATIC => None,
            code => Some(self.known_agency(line, code)?),
        };
        Some(ArrivingAct { name, at, agency, resource: who, transition })
    }
}
