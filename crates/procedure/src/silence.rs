//! Silence (不作为): a term of the law that the agency let pass, since when, and what the person can do about it.

use crate::{Frame, RemedyKind, RunningTerm, TermKind, remedy};
use jiff::civil::Date;
use kernel::{Calendar, Lang, Text, Timestamp, clock};

/// The agency has let a term of the law pass.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Silence {
    /// Which term.
    pub term: TermKind,
    /// Its end.
    pub since: Timestamp,
    /// The last day to apply for reconsideration, which comes before a suit (Reconsideration Law arts 20, 23).
    pub until: Date,
    /// What the person can do, sentence by sentence, with the law.
    pub remedies: Vec<Text>,
}

/// Whether the agency is silent beyond a term of the law, by the earliest such term: what the progress page shows. A promise that
/// passed is no silence in law, nor is the time to accept, whose passing is acceptance.
pub fn silence(frame: Frame, terms: &[RunningTerm], now: Timestamp, calendar: &Calendar) -> Option<Silence> {
    let passed = terms.iter().filter(|t| t.kind.binds_by_law() && t.passed(now));
    let term = passed.min_by_key(|t| t.due.at)?;
    let last = remedy::last_moment(RemedyKind::Reconsideration, term.due.at, calendar);
    let line = |r: crate::Remedy| {
        let cite = r.law.cite();
        Text::new(format!("{}（{}）", r.say.zh, cite.zh), format!("{} ({})", r.say.en, cite.en))
    };
    Some(Silence {
        term: term.kind.clone(),
        since: term.due.at,
        until: clock::legal_date(last),
        remedies: frame.remedies_against_silence().into_iter().map(line).collect(),
    })
}

impl Silence {
    /// What the page says, sentence by sentence.
    pub fn explain(&self, lang: Lang) -> Vec<String> {
        let day = |d| crate::running::day(d, lang);
        let (since, until, name) = (day(clock::legal_date(self.since)), day(self.until), self.term.name());
        let first = match lang {
            Lang::ZhCn => {
                format!(
                    "{}已于{since}届满，行政机关尚未作出处理。可以在{until}前（含当日）申请行政复议。",
                    name.zh
                )
            }
            Lang::En => format!(
                "{} ended on {since} and the agency has not acted. You may apply for reconsideration by the end of {until}.",
                name.en
            ),
        };
        std::iter::once(first).chain(self.remedies.iter().map(|r| r.get(lang).to_owned())).collect()
    }
}
