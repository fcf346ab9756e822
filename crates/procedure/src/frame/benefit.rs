//! Benefits after the grant: looked at again from time to time, changed, and ended; and what is asked before.

use super::{Frame, Inquiry, Law, Review};
use crate::law::{self, social_relief};
use jiff::ToSpan as _;
use jiff::civil::Date;
use kernel::Text;
use serde::{Deserialize, Serialize};

/// Why a benefit ends (退出).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Exit {
    /// 不再符合条件: what it was granted on holds no more.
    NoLongerEntitled,
    /// 死亡.
    Death,
    /// 迁出: the household lives under another body now.
    MovedAway,
    /// 自愿放弃.
    OwnWish,
    /// 骗取: hidden or forged facts.
    Fraud,
}

crate::words!(Exit);

/// How a benefit ends for a reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExitRule {
    /// By which law; `None` where only the benefit's own rules say so.
    pub law: Option<Law>,
    /// Whether the decision is written, with its reasons.
    pub reasoned: bool,
    /// Whether it is shown where the household lives.
    pub shown: bool,
    /// Whether what was paid is given back.
    pub repaid: bool,
    /// The first day for which nothing is paid.
    pub from: Date,
}

impl Exit {
    /// Every reason.
    pub const ALL: [Self; 5] =
        [Self::NoLongerEntitled, Self::Death, Self::MovedAway, Self::OwnWish, Self::Fraud];

    /// A stable word for rows and forms.
    pub fn word(self) -> &'static str {
        match self {
            Self::NoLongerEntitled => "no-longer-entitled",
            Self::Death => "death",
            Self::MovedAway => "moved-away",
            Self::OwnWish => "own-wish",
            Self::Fraud => "fraud",
        }
    }

    /// Its name.
    pub fn name(self) -> Text {
        match self {
            Self::NoLongerEntitled => Text::new("不再符合条件", "the conditions hold no more"),
            Self::Death => Text::new("死亡", "death"),
            Self::MovedAway => Text::new("迁出本辖区", "moved away"),
            Self::OwnWish => Text::new("自愿放弃", "given up by the person"),
            Self::Fraud => Text::new("虚报、隐瞒、伪造", "false, hidden or forged facts"),
        }
    }
}

impl Frame {
    /// How often a benefit is looked at again; `None` where the frame pays nothing or only its own rules say so.
    pub fn review(self) -> Option<Review> {
        (self == Self::SocialRelief).then(|| Review {
            months: law::practice().review_months,
            law: social_relief(13),
            report: social_relief(13),
        })
    }

    /// What is asked and shown before the grant.
    pub fn inquiry(self) -> Option<Inquiry> {
        (self == Self::SocialRelief).then(|| Inquiry {
            consent: social_relief(58),
            visit: social_relief(11),
            publicity: law::practice().publicity,
            law: social_relief(11),
        })
    }

    /// How a benefit ends for this reason, found on `found`; `None` in frames that pay nothing. What was paid before is given
    /// back only where it was got by fraud, and then from the first day.
    pub fn exit(self, why: Exit, found: Date) -> Option<ExitRule> {
        if !self.pays() {
            return None;
        }
        let relief = self == Self::SocialRelief;
        let law = match why {
            Exit::Fraud => Some(social_relief(68)),
            Exit::NoLongerEntitled | Exit::Death | Exit::MovedAway => Some(social_relief(13)),
            Exit::OwnWish => None,
        };
        Some(ExitRule {
            law: law.filter(|_| relief),
            reasoned: !matches!(why, Exit::Death | Exit::OwnWish),
            // Asked for by art. 18 where somebody in special hardship (特困) is concerned; shown here for all.
            shown: relief && why == Exit::NoLongerEntitled,
            repaid: why == Exit::Fraud,
            from: next_month(found),
        })
    }
}

/// The first day of the month after: benefits are paid by the month (社会救助暂行办法第十二条: 按月发给).
fn next_month(day: Date) -> Date {
    day.last_of_month().tomorrow().unwrap_or(day)
}

impl Review {
    /// The day by which it is looked at again, so many months after the grant or the last look; the last day of a shorter
    /// month where there is no such day.
    pub fn next(&self, last: Date) -> Date {
        last.checked_add(i32::from(self.months).months()).unwrap_or(last)
    }

    /// Whether it should have been looked at again by now.
    pub fn overdue(&self, last: Date, today: Date) -> bool {
        today > self.next(last)
    }
}
