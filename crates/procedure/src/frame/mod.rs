//! The kinds of procedure, each with the law that binds it and the terms that this law sets.

mod benefit;
mod choose;
mod parts;
mod remedies;
mod terms;
#[cfg(test)]
mod tests;

pub use benefit::{Exit, ExitRule};
pub use choose::NoFrame;
pub use parts::{HearingTerms, Inquiry, Law, MoreTime, Remedy, Renewal, Review};

use kernel::Text;
use serde::{Deserialize, Serialize};

/// The kind of procedure a case runs in; it fixes states, terms, notices and remedies. Where one kind of item is bound by
/// several laws, each of them is a frame of its own, which the item names ([`Frame::under`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Frame {
    /// 行政许可: the Administrative Licensing Law (2019).
    Licence,
    /// 行政登记 by the law of the item: household, social insurance, marriage.
    Registration,
    /// 不动产登记: the Interim Regulation on Real Estate Registration (2019).
    RealEstate,
    /// 市场主体登记: the Regulation on the Registration of Market Entities (2022).
    MarketEntity,
    /// 行政给付: a benefit, by the rules of that benefit.
    Benefit,
    /// 社会救助: a benefit by the Interim Measures for Social Assistance (2019).
    SocialRelief,
    /// 备案: the agency takes note.
    Filing,
    /// 行政确认: the agency states what is the case.
    Confirmation,
    /// 公共服务: a service without a decision of power.
    PublicService,
}

crate::words!(Frame);

impl Frame {
    /// Every frame, for tables and tests.
    pub const ALL: [Self; 9] = [
        Self::Licence,
        Self::Registration,
        Self::RealEstate,
        Self::MarketEntity,
        Self::Benefit,
        Self::SocialRelief,
        Self::Filing,
        Self::Confirmation,
        Self::PublicService,
    ];

    /// A stable word for rows.
    pub fn word(self) -> &'static str {
        match self {
            Self::Licence => "licence",
            Self::Registration => "registration",
            Self::RealEstate => "real-estate",
            Self::MarketEntity => "market-entity",
            Self::Benefit => "benefit",
            Self::SocialRelief => "social-relief",
            Self::Filing => "filing",
            Self::Confirmation => "confirmation",
            Self::PublicService => "public-service",
        }
    }

    /// The frame's name.
    pub fn name(self) -> Text {
        match self {
            Self::Licence => Text::new("行政许可", "licence"),
            Self::Registration => Text::new("行政登记", "registration"),
            Self::RealEstate => Text::new("不动产登记", "real-estate registration"),
            Self::MarketEntity => Text::new("市场主体登记", "registration of a market entity"),
            Self::Benefit => Text::new("行政给付", "benefit"),
            Self::SocialRelief => Text::new("社会救助", "social assistance"),
            Self::Filing => Text::new("备案", "filing"),
            Self::Confirmation => Text::new("行政确认", "confirmation"),
            Self::PublicService => Text::new("公共服务", "public service"),
        }
    }

    /// Whether it is a registration, by whichever law.
    pub fn registers(self) -> bool {
        matches!(self, Self::Registration | Self::RealEstate | Self::MarketEntity)
    }

    /// Whether it is a benefit, by whichever law: paid for as long as the conditions hold.
    pub fn pays(self) -> bool {
        matches!(self, Self::Benefit | Self::SocialRelief)
    }

    /// Whether no statute binds procedures of this kind as such: terms and grounds then come from the item's own law, which
    /// must stand in its basis.
    pub fn rests_on_the_item(self) -> bool {
        !matches!(self, Self::Licence | Self::RealEstate | Self::MarketEntity | Self::SocialRelief)
    }
}
