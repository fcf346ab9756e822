//! Why a certificate may be suspended, given back, revoked or cancelled: the grounds that the law names, each with its article.

use kernel::Text;
use serde::{Deserialize, Serialize};

/// An act of the issuing agency that needs a ground.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ActKind {
    /// 暂扣.
    Suspend,
    /// 暂扣发还.
    Restore,
    /// 撤销.
    Revoke,
    /// 注销.
    Cancel,
    /// 吊销.
    Forfeit,
    /// 转出.
    Transfer,
}

impl ActKind {
    /// All of them, in the order of the page.
    pub const ALL: [Self; 6] =
        [Self::Suspend, Self::Restore, Self::Revoke, Self::Cancel, Self::Forfeit, Self::Transfer];

    /// The stable word: `suspend`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Suspend => "suspend",
            Self::Restore => "restore",
            Self::Revoke => "revoke",
            Self::Cancel => "cancel",
            Self::Forfeit => "forfeit",
            Self::Transfer => "transfer",
        }
    }

    /// The act called `word`.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

/// A ground of an act (事由). Sources: Administrative Licensing Law (2019) art. 69 and 70, Administrative Penalties Law (2021) art. 9.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ground {
    /// A penalty suspends it (Penalties Law art. 9 no. 3).
    Penalty,
    /// Another law lets it be suspended; the reason names it.
    OtherSuspension,
    /// The time of the suspension has passed.
    SuspensionOver,
    /// The suspension was lifted or annulled.
    SuspensionLifted,
    /// Given by abuse or neglect of office (art. 69 para. 1 no. 1).
    AbuseOfOffice,
    /// Given beyond the agency's powers (no. 2).
    BeyondPowers,
    /// Given against the procedure of the law (no. 3).
    AgainstProcedure,
    /// Given to somebody who does not qualify (no. 4).
    Unqualified,
    /// Another case of the law (no. 5); the reason names it.
    OtherRevocation,
    /// The decision it rests on has fallen (no. 5); not chosen by hand.
    DecisionGone,
    /// Got by deceit, bribery or other improper means (para. 2).
    Fraud,
    /// Its time has passed and it was not renewed (art. 70 no. 1).
    NotRenewed,
    /// The person died or lost capacity (no. 2).
    DeadOrIncapable,
    /// The organisation has ended (no. 3).
    Dissolved,
    /// Revoked, withdrawn or forfeited by law (no. 4).
    TakenBack,
    /// What it allows cannot be done any more (no. 5).
    ForceMajeure,
    /// The holder gives it up (no. 6 with the law of the trade).
    GivenUp,
    /// Another case of law or regulation (no. 6); the reason names it.
    OtherCancellation,
    /// A penalty takes it away (Penalties Law art. 9 no. 3).
    Forfeiture,
    /// Another body is responsible for the holder now; the reason names it.
    Moved,
}

impl Ground {
    /// All of them, in the order of the law.
    pub const ALL: [Self; 20] = [
        Self::Penalty,
        Self::OtherSuspension,
        Self::SuspensionOver,
        Self::SuspensionLifted,
        Self::AbuseOfOffice,
        Self::BeyondPowers,
        Self::AgainstProcedure,
        Self::Unqualified,
        Self::OtherRevocation,
        Self::DecisionGone,
        Self::Fraud,
        Self::NotRenewed,
        Self::DeadOrIncapable,
        Self::Dissolved,
        Self::TakenBack,
        Self::ForceMajeure,
        Self::GivenUp,
        Self::OtherCancellation,
        Self::Forfeiture,
        Self::Moved,
    ];

    /// The stable word: `against-procedure`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Penalty => "penalty",
            Self::OtherSuspension => "other-suspension",
            Self::SuspensionOver => "suspension-over",
            Self::SuspensionLifted => "suspension-lifted",
            Self::AbuseOfOffice => "abuse-of-office",
            Self::BeyondPowers => "beyond-powers",
            Self::AgainstProcedure => "against-procedure",
            Self::Unqualified => "unqualified",
            Self::OtherRevocation => "other-revocation",
            Self::DecisionGone => "decision-gone",
            Self::Fraud => "fraud",
            Self::NotRenewed => "not-renewed",
            Self::DeadOrIncapable => "dead-or-incapable",
            Self::Dissolved => "dissolved",
            Self::TakenBack => "taken-back",
            Self::ForceMajeure => "force-majeure",
            Self::GivenUp => "given-up",
            Self::OtherCancellation => "other-cancellation",
            Self::Forfeiture => "forfeiture",
            Self::Moved => "moved",
        }
    }

    /// The ground called `word`.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|ground| ground.word() == word)
    }

    /// The act it is a ground of.
    pub fn act(self) -> ActKind {
        match self {
            Self::Penalty | Self::OtherSuspension => ActKind::Suspend,
            Self::SuspensionOver | Self::SuspensionLifted => ActKind::Restore,
            Self::AbuseOfOffice
            | Self::BeyondPowers
            | Self::AgainstProcedure
            | Self::Unqualified
            | Self::OtherRevocation
            | Self::DecisionGone
            | Self::Fraud => ActKind::Revoke,
            Self::NotRenewed
            | Self::DeadOrIncapable
            | Self::Dissolved
            | Self::TakenBack
            | Self::ForceMajeure
            | Self::GivenUp
            | Self::OtherCancellation => ActKind::Cancel,
            Self::Forfeiture => ActKind::Forfeit,
            Self::Moved => ActKind::Transfer,
        }
    }

    /// The grounds that staff may choose for `act`.
    pub fn choices(act: ActKind) -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().filter(move |g| g.act() == act && *g != Self::DecisionGone)
    }

    /// What it says.
    pub fn say(self) -> Text {
        let (zh, en) = match self {
            Self::Penalty => ("依行政处罚决定暂扣", "suspended by a penalty"),
            Self::OtherSuspension => ("其他法律、行政法规规定可以暂扣", "another law allows suspension"),
            Self::SuspensionOver => ("暂扣期限届满", "the time of the suspension has passed"),
            Self::SuspensionLifted => {
                ("暂扣决定已解除、变更或被撤销", "the suspension was lifted, changed or annulled")
            }
            Self::AbuseOfOffice => ("工作人员滥用职权、玩忽职守颁发", "given by abuse or neglect of office"),
            Self::BeyondPowers => ("超越法定职权颁发", "given beyond the agency’s powers"),
            Self::AgainstProcedure => ("违反法定程序颁发", "given against the procedure of the law"),
            Self::Unqualified => (
                "持证人不具备申请资格或者不符合法定条件",
                "the holder does not meet the conditions of the law",
            ),
            Self::OtherRevocation => ("依法可以撤销的其他情形", "another case in which the law allows it"),
            Self::DecisionGone => ("所依据的决定已经失去效力", "the decision it rests on has fallen"),
            Self::Fraud => ("以欺骗、贿赂等不正当手段取得", "got by deceit, bribery or other improper means"),
            Self::NotRenewed => ("有效期届满未延续", "its time has passed and it was not renewed"),
            Self::DeadOrIncapable => ("持证人死亡或者丧失行为能力", "the holder died or lost legal capacity"),
            Self::Dissolved => ("持证单位依法终止", "the organisation has ended by law"),
            Self::TakenBack => ("依法被撤销、撤回或者吊销", "revoked, withdrawn or forfeited by law"),
            Self::ForceMajeure => ("因不可抗力无法实施", "made impossible by force majeure"),
            Self::GivenUp => ("持证人申请注销", "the holder gives it up"),
            Self::OtherCancellation => {
                ("法律、法规规定应当注销的其他情形", "another case in which law or regulation demands it")
            }
            Self::Forfeiture => ("依行政处罚决定吊销", "forfeited by a penalty"),
            Self::Moved => ("持证人已转由其他机关管理", "another body is responsible for the holder now"),
        };
        Text::new(zh, en)
    }

    /// The article that it stands in.
    pub fn law(self) -> Text {
        match self {
            Self::Penalty | Self::Forfeiture => {
                Text::new("《行政处罚法》第九条第三项", "Administrative Penalties Law, art. 9 no. 3")
            }
            Self::OtherSuspension | Self::Moved => {
                Text::new("以理由中写明的规定为准", "as named in the reason")
            }
            Self::SuspensionOver | Self::SuspensionLifted => {
                Text::new("以暂扣决定为准", "the decision on the suspension")
            }
            Self::AbuseOfOffice => licensing("第六十九条第一款第一项", "art. 69 para. 1 no. 1"),
            Self::BeyondPowers => licensing("第六十九条第一款第二项", "art. 69 para. 1 no. 2"),
            Self::AgainstProcedure => licensing("第六十九条第一款第三项", "art. 69 para. 1 no. 3"),
            Self::Unqualified => licensing("第六十九条第一款第四项", "art. 69 para. 1 no. 4"),
            Self::OtherRevocation | Self::DecisionGone => {
                licensing("第六十九条第一款第五项", "art. 69 para. 1 no. 5")
            }
            Self::Fraud => licensing("第六十九条第二款", "art. 69 para. 2"),
            Self::NotRenewed => licensing("第七十条第一项", "art. 70 no. 1"),
            Self::DeadOrIncapable => licensing("第七十条第二项", "art. 70 no. 2"),
            Self::Dissolved => licensing("第七十条第三项", "art. 70 no. 3"),
            Self::TakenBack => licensing("第七十条第四项", "art. 70 no. 4"),
            Self::ForceMajeure => licensing("第七十条第五项", "art. 70 no. 5"),
            Self::GivenUp | Self::OtherCancellation => licensing("第七十条第六项", "art. 70 no. 6"),
        }
    }
}

fn licensing(zh: &str, en: &str) -> Text {
    Text::new(format!("《行政许可法》{zh}"), format!("Administrative Licensing Law, {en}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_ground_is_found_by_its_word_and_names_its_article() {
        for ground in Ground::ALL {
            assert_eq!(Ground::from_word(ground.word()), Some(ground));
            assert_eq!(serde_json::to_value(ground).unwrap(), ground.word(), "rows and pages use one word");
            assert!(!ground.say().zh.is_empty() && !ground.law().en.is_empty());
        }
        assert_eq!(Ground::Fraud.law().zh, "《行政许可法》第六十九条第二款");
        assert_eq!(ActKind::from_word("revoke"), Some(ActKind::Revoke));
        assert_eq!(Ground::choices(ActKind::Revoke).count(), 6, "a fallen decision is not chosen by hand");
    }
}
