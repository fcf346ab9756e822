//! Every number that a law sets for a procedure, in one place, with where it was read; what is not certain can be set.
//!
//! Read in the statute's own text: the Administrative Licensing Law (2019), arts 26, 32, 34–38, 42–50, 69, 82; the
//! Administrative Reconsideration Law (2023), arts 20, 21, 23; the Administrative Litigation Law, arts 45, 46, 48; the Civil
//! Procedure Law (2023), arts 85, 87–91, 95; the Regulation on Optimising the Business Environment, arts 35–37, 39; the
//! Interim Regulation on Real Estate Registration (2019), arts 15, 17, 20–22; the Regulation on the Registration of Market
//! Entities (2022), arts 19–21, 40; the Interim Measures for Social Assistance (2019), arts 11–13, 18, 58, 68.
//! What is known from practice or from memory only stands in [`Practice`] and can be set for a place.

use crate::Law;
use kernel::{Fault, Term};
use serde::Deserialize;
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
/// 不动产登记暂行条例 art. 17: what is missing is told on the spot and in writing, by the end of the working day.
pub const ON_THE_SPOT: Term = Term::working_days(0);
/// 不动产登记暂行条例 art. 20: to finish the registration, from acceptance.
pub const REAL_ESTATE_ENTRY: Term = Term::working_days(30);
/// 市场主体登记管理条例 art. 19: to register what cannot be registered on the spot.
pub const MARKET_ENTRY: Term = Term::working_days(3);
/// 市场主体登记管理条例 art. 19: more time where it is complicated, by leave of the head of the body.
pub const MARKET_EXTENSION: Term = Term::working_days(3);
/// Reconsideration Law (2023) art. 20: to apply for reconsideration; the law counts calendar days here.
pub const RECONSIDERATION: Term = Term::days(60);

/// What the law leaves to places, or what was not read in the statute itself: to be confirmed by each place, and settable
/// (`[law]` in the configuration).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Practice {
    /// Licensing Law art. 50 says 30 days before expiry; whether these are working days (art. 82 binds the body's periods,
    /// not the holder's) is read generously: calendar days.
    pub renewal: Term,
    /// On-line pre-check: 1 working day in one city's regulation (安阳市优化营商环境条例 art. 42); elsewhere a promise.
    pub precheck: Term,
    /// Litigation Law art. 46: months to bring a suit; another law may set another time.
    pub suit_months: u8,
    /// Days after which service by public notice counts (Civil Procedure Law art. 95, followed here by analogy).
    pub public_notice: Term,
    /// Whether a remedy's last day that is a day off moves to the next working day (Civil Procedure Law art. 85).
    pub last_day_moves: bool,
    /// Months between two looks at a benefit that is being paid; the law says "regularly" (社会救助暂行办法 art. 13).
    pub review_months: u8,
    /// How long the outcome of an inquiry for a benefit is shown (art. 11 sets no length); seven days are usual.
    pub publicity: Term,
}

impl Practice {
    /// What holds unless a place says otherwise.
    pub const USUAL: Self = Self {
        renewal: Term::days(30),
        precheck: Term::working_days(1),
        suit_months: 6,
        public_notice: Term::days(30),
        last_day_moves: true,
        review_months: 12,
        publicity: Term::days(7),
    };
}

impl Practice {
    /// Whether what a place has set can be.
    ///
    /// # Errors
    /// A [`Fault`] that names the key, what it says and what it may say.
    pub fn check(&self) -> Result<(), Fault> {
        for (key, months) in [("suit_months", self.suit_months), ("review_months", self.review_months)] {
            if !(1..=60).contains(&months) {
                return Err(Fault::new(format!("law.{key} = {months}: from 1 to 60 months")));
            }
        }
        let terms = [
            ("renewal", self.renewal),
            ("precheck", self.precheck),
            ("public_notice", self.public_notice),
            ("publicity", self.publicity),
        ];
        for (key, term) in terms {
            if term.count == 0 {
                return Err(Fault::new(format!("law.{key} = \"{term}\": at least one day or hour")));
            }
        }
        Ok(())
    }
}

impl Default for Practice {
    fn default() -> Self {
        Self::USUAL
    }
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

/// The Interim Regulation on Real Estate Registration.
pub fn real_estate(article: u32) -> Law {
    Law::new("不动产登记暂行条例", "Interim Regulation on Real Estate Registration", article)
}

/// The Regulation on the Registration of Market Entities.
pub fn market_entity(article: u32) -> Law {
    Law::new(
        "中华人民共和国市场主体登记管理条例",
        "Regulation on the Administration of the Registration of Market Entities",
        article,
    )
}

/// The Interim Measures for Social Assistance.
pub fn social_relief(article: u32) -> Law {
    Law::new("社会救助暂行办法", "Interim Measures for Social Assistance", article)
}

/// The Civil Procedure Law (2023), which the laws on reconsideration and suits refer to for periods and service.
pub fn civil_procedure(article: u32) -> Law {
    Law::new("中华人民共和国民事诉讼法", "Civil Procedure Law", article)
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
