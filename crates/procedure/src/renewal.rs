//! Renewal (延续, Licensing Law art. 50): until when to ask, until when to decide, and what silence does.

use crate::running::day;
use crate::{Frame, Law, RunningTerm, TermKind};
use jiff::civil::Date;
use jiff::{ToSpan as _, Unit};
use kernel::{Calendar, Lang, Term, TermUnit, Timestamp, clock};

/// Until when a holder asks for renewal of a certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RenewalWindow {
    /// The last day of validity.
    pub expires: Date,
    /// How long before it one asks.
    pub before: Term,
    /// The last day on which one asks in time.
    pub ask_by: Date,
    /// By which law.
    pub law: Law,
    /// Whether no decision before the end counts as renewal.
    pub silence_renews: bool,
}

/// How an application for renewal stands to the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AskedFor {
    /// In time: the body must decide before the end, or the licence counts as renewed.
    InTime,
    /// Late, but the licence is still valid: the body decides; its silence renews nothing.
    Late,
    /// After the end: it is an application for a new licence (art. 70(1): the old one is struck off).
    Ended,
}

/// A licence that counts as renewed because nobody decided (视为准予延续).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeemedRenewal {
    /// The first day of the renewed validity.
    pub from: Date,
    /// Its last day: as long as before.
    pub to: Date,
    /// By which law.
    pub law: Law,
}

impl RenewalWindow {
    /// The window of a certificate whose last day of validity is `expires`; `own` is the item's own time where another law sets
    /// it (art. 50, second sentence). `None` where the frame knows no renewal.
    pub fn of(frame: Frame, expires: Date, own: Option<Term>, calendar: &Calendar) -> Option<Self> {
        let rule = frame.renewal()?;
        let before = own.unwrap_or(rule.before);
        let ask_by = back(expires, before, calendar);
        Some(Self { expires, before, ask_by, law: rule.law, silence_renews: rule.silence_renews })
    }

    /// How an application of this day stands to it.
    pub fn asked(&self, on: Date) -> AskedFor {
        if on <= self.ask_by {
            AskedFor::InTime
        } else if on <= self.expires {
            AskedFor::Late
        } else {
            AskedFor::Ended
        }
    }

    /// The body's time to decide: to the end of the last day of validity, from the application. `None` after the end.
    pub fn to_decide(&self, filed: Timestamp, calendar: &Calendar) -> Option<RunningTerm> {
        let on = clock::legal_date(filed);
        let left = on.until(self.expires).ok().map(|span| span.get_days())?;
        let days = Term::days(u32::try_from(left).ok()?);
        // The licence ends on its day whatever the hour of the application and whether that day is a day off.
        let plain = calendar.clone().after_hours_next_day(false).last_day_off_moves(false);
        Some(RunningTerm::start(TermKind::Renewal, filed, days, Some(self.law.clone()), &plain))
    }

    /// Whether the licence counts as renewed at `now`: asked for in time, the last day of validity is over, and no decision was
    /// made before. It is then valid as long as it was before.
    pub fn deemed(
        &self,
        began: Date,
        filed: Timestamp,
        decided: Option<Timestamp>,
        now: Timestamp,
    ) -> Option<DeemedRenewal> {
        let in_time = self.asked(clock::legal_date(filed)) == AskedFor::InTime;
        let open = decided.is_none_or(|at| clock::legal_date(at) > self.expires);
        if !(self.silence_renews && in_time && open && clock::legal_date(now) > self.expires) {
            return None;
        }
        let from = self.expires.tomorrow().ok()?;
        let lasted = began.until((Unit::Year, from)).ok()?;
        let to = from.checked_add(lasted).ok()?.yesterday().ok()?;
        Some(DeemedRenewal { from, to, law: self.law.clone() })
    }

    /// The window in sentences.
    pub fn explain(&self, lang: Lang) -> Vec<String> {
        let (expires, ask_by, cite) = (day(self.expires, lang), day(self.ask_by, lang), self.law.cite());
        let before = self.before.text();
        let mut out = vec![match lang {
            Lang::ZhCn => format!(
                "有效期至{expires}。需要延续的，应当在届满{}前提出，即不迟于{ask_by}。依据：{}。",
                before.zh, cite.zh
            ),
            Lang::En => format!(
                "Valid until {expires}. Renewal is asked for {} before that, by {ask_by} at the latest. By law: {}.",
                before.en, cite.en
            ),
        }];
        if self.silence_renews {
            out.push(match lang {
                Lang::ZhCn => format!("按时提出的，至{expires}仍未作出决定的，视为准予延续。"),
                Lang::En => {
                    format!("If it was asked for in time and not decided by {expires}, it counts as renewed.")
                }
            });
        }
        out
    }
}

/// The last day that lies a whole term before `end`: 30 days before 31 December is 1 December.
fn back(end: Date, term: Term, calendar: &Calendar) -> Date {
    let mut at = end;
    match term.unit {
        TermUnit::Days => at.checked_sub(i64::from(term.count).days()).unwrap_or(at),
        // No law counts office hours before an end; each eight of them are taken as a day.
        TermUnit::WorkingDays | TermUnit::OfficeHours => {
            let days = if term.unit == TermUnit::OfficeHours { term.count.div_ceil(8) } else { term.count };
            for _ in 0..days {
                at = at.yesterday().unwrap_or(at);
                while !calendar.is_working_day(at) {
                    let Ok(earlier) = at.yesterday() else { return at };
                    at = earlier;
                }
            }
            at
        }
    }
}
