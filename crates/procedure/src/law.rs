//! Every number that a law sets for a procedure, in one place, with where it was read; what is not certain can be set.
//!
//! Read in the statute's own text: the Administrative Licensing Law (2019), arts 26, 32, 34–38, 42–50, 82; the
//! Administrative Reconsideration Law (2023), arts 20, 23; the Regulation on Optimising the Business Environment, arts 35–37.
//! What is known from practice or from memory only stands in [`Practice`] and can be set for a place.

use crate::Law;
use kernel::Term;
use std::sync::OnceLock;

/// Licensing Law art. 32: to say once what is missing, or to accept; silence is acceptance.
pub const ACCEPTANCE: Term = Term::working_days(5);
/// Licensing Law art. 42: to decide.
pub const DECISION: Term = Term::working_days(20);
/// Licensing Law art. 42: more time, by leave of the head of the body.
pub const EXTENSION: Term = Term::working_days(10);
/// Licensing Law art. 42: to decide where several bodies handle it together (art. 26).
pub const JOINT_DECISION: Term = Term::working_days(45);
/// Licensing Law art. 42: more time for joint handling, by leave of the head of the government.
pub const JOINT_EXTENSION: Term = Term::working_days(15);
/// Licensing Law art. 43: a lower body's review before it sends the application up.
pub const PRELIMINARY_REVIEW: Term = Term::working_days(20);
/// Licensing Law art. 44: to issue and deliver the certificate.
pub const ISSUE: Term = Term::working_days(10);
/// Licensing Law art. 47: to ask for a hearing, from being told of the right.
pub const HEARING_REQUEST: Term = Term::working_days(5);
/// Licensing Law art. 47: to hold the hearing that was asked for.
pub const HEARING_HOLD: Term = Term::working_days(20);
/// Licensing Law art. 48: to tell time and place before the hearing.
pub const HEARING_ANNOUNCE: Term = Term::working_days(7);
/// Reconsideration Law (2023) art. 20: to apply for reconsideration; the law counts calendar days here.
pub const RECONSIDERATION: Term = Term::days(60);

/// What the law leaves to places, or what was not read in the statute itself: to be confirmed by each place, and settable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Practice {
    /// Licensing Law art. 50 says 30 days before expiry; whether these are working days (art. 82 binds the body's periods,
    /// not the holder's) is read generously: calendar days.
    pub renewal: Term,
    /// On-line pre-check: 1 working day in one city's regulation (安阳市优化营商环境条例 art. 42); elsewhere a promise.
    pub precheck: Term,
    /// Litigation Law art. 46: months to bring a suit; from memory (high confidence).
    pub suit_months: u8,
    /// Days after which service by public notice is effective (Civil Procedure Law 2021 art. 95); from memory.
    pub public_notice: Term,
    /// Whether a remedy's last day that is a day off moves to the next working day (Civil Procedure Law art. 85); from memory.
    pub last_day_moves: bool,
}

impl Practice {
    /// What holds unless a place says otherwise.
    pub const USUAL: Self = Self {
        renewal: Term::days(30),
        precheck: Term::working_days(1),
        suit_months: 6,
        public_notice: Term::days(30),
        last_day_moves: true,
    };
}

static PRACTICE: OnceLock<Practice> = OnceLock::new();

/// Sets the place's practice; the first call counts, later ones change nothing.
pub fn configure(practice: Practice) {
    let _ = PRACTICE.set(practice);
}

/// The place's practice.
pub fn practice() -> Practice {
    PRACTICE.get().copied().unwrap_or(Practice::USUAL)
}

/// The Administrative Licensing Law; article 0 is the whole law.
pub fn licensing(article: u32) -> Law {
    Law::new("中华人民共和国行政许可法", "Administrative Licensing Law", article)
}

/// The Regulation on Optimising the Business Environment, which binds every government service.
pub fn business_environment(article: u32) -> Law {
    Law::new("优化营商环境条例", "Regulation on Optimising the Business Environment", article)
}

/// The Administrative Reconsideration Law (2023).
pub fn reconsideration(article: u32) -> Law {
    Law::new("中华人民共和国行政复议法", "Administrative Reconsideration Law", article)
}

/// The Administrative Litigation Law.
pub fn litigation(article: u32) -> Law {
    Law::new("中华人民共和国行政诉讼法", "Administrative Litigation Law", article)
}
