//! The reckoning in sentences that people read.

use super::{Due, Why};
use crate::{Lang, TermUnit, Text};
use jiff::civil::{Date, Weekday};

/// A run of days of one sort.
struct Run<'a> {
    from: Date,
    to: Date,
    name: Option<&'a Text>,
}

/// A weekday's name: 周一, Monday.
fn weekday(date: Date) -> Text {
    let (zh, en) = match date.weekday() {
        Weekday::Monday => ("周一", "Monday"),
        Weekday::Tuesday => ("周二", "Tuesday"),
        Weekday::Wednesday => ("周三", "Wednesday"),
        Weekday::Thursday => ("周四", "Thursday"),
        Weekday::Friday => ("周五", "Friday"),
        Weekday::Saturday => ("周六", "Saturday"),
        Weekday::Sunday => ("周日", "Sunday"),
    };
    Text::new(zh, en)
}

/// 2026年2月10日, 10 February 2026.
fn date(date: Date, lang: Lang) -> String {
    match lang {
        Lang::ZhCn => format!("{}年{}月{}日", date.year(), date.month(), date.day()),
        Lang::En => date.strftime("%-d %B %Y").to_string(),
    }
}

/// The date with its weekday.
fn long(day: Date, lang: Lang) -> String {
    match lang {
        Lang::ZhCn => format!("{}（{}）", date(day, lang), weekday(day).zh),
        Lang::En => format!("{}, {}", weekday(day).en, date(day, lang)),
    }
}

/// Without the year: 2月10日, 10 February.
fn short(day: Date, lang: Lang) -> String {
    match lang {
        Lang::ZhCn => format!("{}月{}日", day.month(), day.day()),
        Lang::En => day.strftime("%-d %B").to_string(),
    }
}

fn run(from: Date, to: Date, lang: Lang) -> String {
    match (from == to, lang) {
        (true, _) => short(from, lang),
        (false, Lang::ZhCn) => format!("{}至{}", short(from, lang), short(to, lang)),
        (false, Lang::En) => format!("{} to {}", short(from, lang), short(to, lang)),
    }
}

/// Joins runs that follow each other and have one name.
fn runs<'a>(days: impl Iterator<Item = Run<'a>>) -> Vec<Run<'a>> {
    let mut out: Vec<Run<'a>> = Vec::new();
    for run in days {
        match out.last_mut() {
            Some(last) if last.name == run.name && last.to.tomorrow().ok() == Some(run.from) => {
                last.to = run.to
            }
            _ => out.push(run),
        }
    }
    out
}

/// The runs as a list: 2月15日至2月23日（春节）、2月28日.
fn listed(runs: &[Run<'_>], lang: Lang) -> String {
    let one = |r: &Run<'_>| match (r.name, lang) {
        (None, _) => run(r.from, r.to, lang),
        (Some(name), Lang::ZhCn) => format!("{}（{}）", run(r.from, r.to, lang), name.zh),
        (Some(name), Lang::En) => format!("{} ({})", run(r.from, r.to, lang), name.en),
    };
    let separator = match lang {
        Lang::ZhCn => "、",
        Lang::En => ", ",
    };
    runs.iter().map(one).collect::<Vec<_>>().join(separator)
}

fn clock(time: jiff::civil::Time) -> String {
    time.strftime("%H:%M").to_string()
}

impl Due {
    /// The reckoning, sentence by sentence: where it starts, what counted, what was skipped and why, where it ends.
    pub fn explain(&self, lang: Lang) -> Vec<String> {
        let mut out: Vec<String> = self.start(lang).into_iter().collect();
        out.extend(self.counted(lang));
        out.extend(self.skipped(lang));
        out.extend(self.marks(lang));
        out.push(self.end(lang));
        out
    }

    fn start(&self, lang: Lang) -> Option<String> {
        let Some(Why::From { date: day, time }) = self.why.first() else { return None };
        let received = self.why.iter().find_map(|w| match w {
            Why::ReceivedOn { date } => Some(*date),
            _ => None,
        });
        let (term, first) = (self.term.text(), long(*day, lang));
        Some(match (lang, received, self.term.unit) {
            (Lang::ZhCn, Some(next), _) => format!(
                "{}，收到时间为{first}{}，不在办公时间内，视为{}收到，当日不计。",
                term.zh,
                clock(*time),
                long(next, lang)
            ),
            (Lang::En, Some(next), _) => format!(
                "{}: it arrived on {first} at {}, outside office hours, and counts as received on {}, which is not counted.",
                term.en,
                clock(*time),
                long(next, lang)
            ),
            (Lang::ZhCn, None, TermUnit::OfficeHours) => {
                format!("{}，自{first}{}起，只计办公时间。", term.zh, clock(*time))
            }
            (Lang::En, None, TermUnit::OfficeHours) => {
                format!("{}, from {first} at {}; only office hours count.", term.en, clock(*time))
            }
            (Lang::ZhCn, None, _) => format!("{}，{first}收到，当日不计。", term.zh),
            (Lang::En, None, _) => format!("{}, received on {first}, which is not counted.", term.en),
        })
    }

    fn counted(&self, lang: Lang) -> Vec<String> {
        let counted = || {
            self.why.iter().filter_map(|w| match w {
                Why::Counted { from, to, make_up, .. } => Some((*from, *to, make_up.as_ref())),
                _ => None,
            })
        };
        let mut out = Vec::new();
        let all = runs(counted().map(|(from, to, _)| Run { from, to, name: None }));
        if let Some(first) = all.first() {
            let (from, all) = (date(first.from, lang), listed(&all, lang));
            out.push(match lang {
                Lang::ZhCn => format!("自{from}起算，计入：{all}。"),
                Lang::En => format!("Counted from {from}: {all}."),
            });
        }
        let make_up = counted().filter(|c| c.2.is_some()).map(|(from, to, name)| Run { from, to, name });
        let make_up: Vec<Run<'_>> = make_up.collect();
        if !make_up.is_empty() {
            let all = listed(&make_up, lang);
            out.push(match lang {
                Lang::ZhCn => format!("其中调休上班的周末也计入：{all}。"),
                Lang::En => format!("Weekend days worked instead of a holiday count: {all}."),
            });
        }
        out.extend(self.why.iter().filter_map(|w| match (w, lang) {
            (Why::Hours { date: day, from, to, minutes }, Lang::ZhCn) => {
                Some(format!("{}{}–{}，计{minutes}分钟。", long(*day, lang), clock(*from), clock(*to)))
            }
            (Why::Hours { date: day, from, to, minutes }, Lang::En) => {
                Some(format!("{}, {}–{}: {minutes} minutes.", long(*day, lang), clock(*from), clock(*to)))
            }
            _ => None,
        }));
        out
    }

    fn skipped(&self, lang: Lang) -> Vec<String> {
        let weekends = runs(self.why.iter().filter_map(|w| match w {
            Why::Weekend { from, to } => Some(Run { from: *from, to: *to, name: None }),
            _ => None,
        }));
        let holidays = runs(self.why.iter().filter_map(|w| match w {
            Why::Holiday { from, to, name } => Some(Run { from: *from, to: *to, name: Some(name) }),
            _ => None,
        }));
        let mut out = Vec::new();
        if !holidays.is_empty() {
            let all = listed(&holidays, lang);
            out.push(match lang {
                Lang::ZhCn => format!("跳过法定节假日：{all}。"),
                Lang::En => format!("Holidays skipped: {all}."),
            });
        }
        if !weekends.is_empty() {
            let all = listed(&weekends, lang);
            out.push(match lang {
                Lang::ZhCn => format!("跳过周末：{all}。"),
                Lang::En => format!("Weekends skipped: {all}."),
            });
        }
        out.extend(self.why.iter().filter_map(|w| match (w, lang) {
            (Why::Excluded { from, to, article }, Lang::ZhCn) => {
                Some(format!("{}依{}不计入期限。", run(*from, *to, lang), article.zh))
            }
            (Why::Excluded { from, to, article }, Lang::En) => {
                Some(format!("{} not counted: {}.", run(*from, *to, lang), article.en))
            }
            _ => None,
        }));
        out
    }

    fn marks(&self, lang: Lang) -> Vec<String> {
        let mut out: Vec<String> = Vec::new();
        for w in &self.why {
            match (w, lang) {
                (Why::Moved { date: day }, Lang::ZhCn) => {
                    out.push(format!("最后一日为休息日，顺延至{}。", long(*day, lang)));
                }
                (Why::Moved { date: day }, Lang::En) => {
                    out.push(format!("The last day is a day off: moved to {}.", long(*day, lang)));
                }
                _ => {}
            }
        }
        if self.provisional {
            out.push(match lang {
                Lang::ZhCn => "部分日期的节假日安排尚未公布，截止日期为暂定。".to_owned(),
                Lang::En => "Holidays of some of these days are not announced yet: the date is provisional."
                    .to_owned(),
            });
        }
        out
    }

    fn end(&self, lang: Lang) -> String {
        let day = long(self.date, lang);
        let at = clock(super::civil(self.at).time());
        match (lang, self.term.unit) {
            (Lang::ZhCn, TermUnit::OfficeHours) => format!("截止时间：{day}{at}。"),
            (Lang::En, TermUnit::OfficeHours) => format!("Due on {day} at {at}."),
            (Lang::ZhCn, _) => format!("截止日期：{day}，当日结束前有效。"),
            (Lang::En, _) => format!("Due by the end of {day}."),
        }
    }
}
