//! Whether a remedy comes in time: the law's own term, the reasons that the law lets pass for coming later, and the outermost
//! end (Reconsideration Law arts 20, 21; Administrative Litigation Law arts 46, 48). Whoever is asked for the remedy decides; this
//! only reckons.

use crate::law::{litigation, reconsideration};
use crate::remedy::{in_full, last_moment};
use crate::running::day;
use crate::{Law, RemedyKind};
use jiff::civil::Date;
use jiff::{Span, ToSpan as _};
use kernel::{Calendar, Lang, Text, Timestamp, clock};
use serde::{Deserialize, Serialize};

/// Why somebody comes after the term, as the law knows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "why")]
pub enum Excuse {
    /// 不可抗力, from one day to another, both hindered.
    ForceMajeure {
        /// The first day.
        from: Date,
        /// The last day.
        to: Date,
        /// What it was.
        what: String,
    },
    /// 其他正当理由 (reconsideration), 其他不属于其自身的原因 (suit).
    GoodReason {
        /// The first day.
        from: Date,
        /// The last day.
        to: Date,
        /// What it was.
        what: String,
    },
    /// The decision did not tell of the remedy, its body and its term; they learned of it on this day.
    NotTold {
        /// When they learned, or should have learned, of it.
        learned: Date,
    },
    /// 其他特殊情况: only in a suit; the court decides whether it gives more time.
    Special {
        /// The day on which the obstacle was gone.
        ended: Date,
        /// What it was.
        what: String,
    },
}

impl Excuse {
    /// Its name.
    pub fn name(&self) -> Text {
        match self {
            Self::ForceMajeure { .. } => Text::new("不可抗力", "force majeure"),
            Self::GoodReason { .. } => Text::new("其他正当理由", "another good reason"),
            Self::NotTold { .. } => Text::new("未告知救济途径", "the remedy was not told"),
            Self::Special { .. } => Text::new("其他特殊情况", "other special circumstances"),
        }
    }
}

/// How late a remedy is, with no excuse looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Late {
    /// The last moment that was in time.
    pub last: Timestamp,
    /// So many days after the last day.
    pub days: i32,
}

/// What is sought against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Act {
    /// When it was served on whoever seeks the remedy, or they knew of it.
    pub known: Timestamp,
    /// The day it was made; the outermost end counts from it.
    pub made: Date,
    /// Whether it is about real estate: twenty years instead of five.
    pub real_estate: bool,
}

/// Whether it may be heard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "admission")]
pub enum Admission {
    /// Within the term.
    InTime {
        /// Its last day.
        last: Date,
    },
    /// After it, but within the time that the excuse gives, if it is proven.
    Excused {
        /// The last day with the excuse.
        last: Date,
        /// By which law.
        law: Law,
    },
    /// The court may give more time; it was asked for soon enough.
    CourtDecides {
        /// The last day to ask the court for it.
        ask_by: Date,
        /// By which law.
        law: Law,
    },
    /// Too late.
    Late {
        /// The last day that was in time, with the excuse where there is one.
        last: Date,
        /// So many days after it.
        days: i32,
    },
    /// Beyond the outermost end, whatever the excuse.
    Barred {
        /// The outermost day.
        last: Date,
        /// By which law.
        law: Law,
    },
}

/// How late a remedy filed at `filed` is against what was served at `served`; `None` when it is in time.
pub fn late(served: Timestamp, filed: Timestamp, kind: RemedyKind, calendar: &Calendar) -> Option<Late> {
    let last = last_moment(kind, served, calendar);
    (filed > last).then(|| Late { last, days: days_after(clock::legal_date(last), clock::legal_date(filed)) })
}

/// Whether a remedy may be heard: by the term, then by the excuse, within the outermost end.
pub fn judge(
    act: &Act,
    filed: Timestamp,
    kind: RemedyKind,
    excuse: Option<&Excuse>,
    calendar: &Calendar,
) -> Admission {
    let on = clock::legal_date(filed);
    let (years, law) = match kind {
        RemedyKind::Reconsideration => (if act.real_estate { 20 } else { 5 }, reconsideration(21)),
        RemedyKind::Suit => (if act.real_estate { 20 } else { 5 }, litigation(46)),
    };
    let outermost = plus(act.made, years.years());
    let last = clock::legal_date(last_moment(kind, act.known, calendar));
    if on > outermost {
        return Admission::Barred { last: outermost, law };
    }
    if on <= last {
        return Admission::InTime { last };
    }
    match excuse.and_then(|e| excused(act, kind, e, last, calendar)) {
        Some(Extended::To(last, law)) if on <= last => Admission::Excused { last, law },
        Some(Extended::ByCourt(ask_by, law)) if on <= ask_by => Admission::CourtDecides { ask_by, law },
        Some(Extended::To(last, _) | Extended::ByCourt(last, _)) => {
            Admission::Late { last, days: days_after(last, on) }
        }
        None => Admission::Late { last, days: days_after(last, on) },
    }
}

/// What an excuse gives.
enum Extended {
    /// The term ends on this day.
    To(Date, Law),
    /// More time may be asked for until this day.
    ByCourt(Date, Law),
}

fn excused(
    act: &Act,
    kind: RemedyKind,
    excuse: &Excuse,
    last: Date,
    calendar: &Calendar,
) -> Option<Extended> {
    let known = clock::legal_date(act.known);
    match (excuse, kind) {
        (Excuse::ForceMajeure { from, to, .. } | Excuse::GoodReason { from, to, .. }, _) => {
            // What began after the term, or ended before it began, hindered nobody.
            let first = (*from).max(known.tomorrow().unwrap_or(known));
            if first > last || *to < first {
                return None;
            }
            let lost = days_after(first, *to).saturating_add(1);
            let law = match kind {
                RemedyKind::Reconsideration => reconsideration(20),
                RemedyKind::Suit => litigation(48),
            };
            // The term as it is written, with what was lost; only then a day off moves its end.
            let end = plus(in_full(kind, known), i64::from(lost).days());
            Some(Extended::To(working(end, calendar), law))
        }
        (Excuse::NotTold { learned }, kind) => {
            // A year from knowing what was decided is the most (art. 20; in a suit by the court's interpretation).
            let end = in_full(kind, (*learned).max(known)).min(plus(known, 1.years()));
            let law = match kind {
                RemedyKind::Reconsideration => reconsideration(20),
                RemedyKind::Suit => litigation(46),
            };
            Some(Extended::To(working(end, calendar).max(last), law))
        }
        (Excuse::Special { ended, .. }, RemedyKind::Suit) => {
            Some(Extended::ByCourt(working(plus(*ended, 10.days()), calendar), litigation(48)))
        }
        (Excuse::Special { .. }, RemedyKind::Reconsideration) => None,
    }
}

/// The next working day where the place's practice moves the last day.
fn working(day: Date, calendar: &Calendar) -> Date {
    if crate::law::practice().last_day_moves && !calendar.is_working_day(day) {
        calendar.next_working_day(day)
    } else {
        day
    }
}

fn plus(day: Date, span: Span) -> Date {
    day.checked_add(span).unwrap_or(day)
}

fn days_after(last: Date, on: Date) -> i32 {
    last.until(on).map_or(0, |span| span.get_days())
}

impl Admission {
    /// Whether somebody must still judge an excuse, or it is too late.
    pub fn in_time(&self) -> bool {
        matches!(self, Self::InTime { .. })
    }

    /// What is so, in a sentence.
    pub fn explain(&self, lang: Lang) -> String {
        let say = |d: &Date| day(*d, lang);
        match (self, lang) {
            (Self::InTime { last }, Lang::ZhCn) => format!("在法定期限内提出，期限至{}。", say(last)),
            (Self::InTime { last }, Lang::En) => format!("In time; the term ends on {}.", say(last)),
            (Self::Excused { last, law }, Lang::ZhCn) => {
                format!("超过一般期限；理由成立的，期限顺延至{}（{}）。", say(last), law.cite().zh)
            }
            (Self::Excused { last, law }, Lang::En) => format!(
                "After the usual term; if the reason holds, the term ends on {} ({}).",
                say(last),
                law.cite().en
            ),
            (Self::CourtDecides { ask_by, law }, Lang::ZhCn) => {
                format!("可以在{}前申请延长期限，由人民法院决定（{}）。", say(ask_by), law.cite().zh)
            }
            (Self::CourtDecides { ask_by, law }, Lang::En) => format!(
                "More time may be asked for by {}; the court decides ({}).",
                say(ask_by),
                law.cite().en
            ),
            (Self::Late { last, days }, Lang::ZhCn) => format!("期限至{}届满，逾期{days}日。", say(last)),
            (Self::Late { last, days }, Lang::En) => {
                let s = if *days == 1 { "" } else { "s" };
                format!("The term ended on {}; it is {days} day{s} late.", say(last))
            }
            (Self::Barred { last, law }, Lang::ZhCn) => {
                format!("已超过最长期限{}，不予受理（{}）。", say(last), law.cite().zh)
            }
            (Self::Barred { last, law }, Lang::En) => {
                format!("Beyond the outermost day, {}; it is not heard ({}).", say(last), law.cite().en)
            }
        }
    }
}
