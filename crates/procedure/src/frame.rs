//! The kinds of procedure, each with the law that binds it and the terms that this law sets.

use catalog::ItemKind;
use kernel::{Term, Text};
use serde::{Deserialize, Serialize};

/// The kind of procedure a case runs in; it fixes states, terms, notices and remedies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Frame {
    /// 行政许可: the Administrative Licensing Law (2019).
    Licence,
    /// 行政登记: real-estate and market-entity registration, each by its own regulation.
    Registration,
    /// 行政给付: a benefit, by the rules of that benefit.
    Benefit,
    /// 备案: the agency takes note.
    Filing,
    /// 行政确认: the agency states what is the case.
    Confirmation,
    /// 公共服务: a service without a decision of power.
    PublicService,
}

/// A law and its article, as shown beside what it demands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Law {
    /// The law's title.
    pub title: Text,
    /// The article, `第四十二条` / `article 42`; empty when the whole law is meant.
    pub article: Text,
}

impl Law {
    /// A law by its titles and article number; article 0 means the whole law.
    pub fn new(zh: &str, en: &str, article: u32) -> Self {
        let article = match article {
            0 => Text::default(),
            n => Text::new(format!("第{n}条"), format!("article {n}")),
        };
        Self { title: Text::new(zh, en), article }
    }

    /// Title and article as one phrase.
    pub fn cite(&self) -> Text {
        let en = [self.title.en.as_str(), self.article.en.as_str()];
        Text::new(
            format!("《{}》{}", self.title.zh, self.article.zh),
            en.into_iter().filter(|s| !s.is_empty()).collect::<Vec<_>>().join(", "),
        )
    }
}

/// What somebody can do against a decision, and within what time from its service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remedy {
    /// The sentence for the notice.
    pub say: Text,
    /// By which law.
    pub law: Law,
}

fn licensing(article: u32) -> Law {
    Law::new("中华人民共和国行政许可法", "Administrative Licensing Law", article)
}

fn business_environment(article: u32) -> Law {
    Law::new("优化营商环境条例", "Regulation on Optimising the Business Environment", article)
}

impl Frame {
    /// Every frame, for tables and tests.
    pub const ALL: [Self; 6] = [
        Self::Licence,
        Self::Registration,
        Self::Benefit,
        Self::Filing,
        Self::Confirmation,
        Self::PublicService,
    ];

    /// The frame of an item's kind; `None` where the frame is not built yet (adjudication has hearings and two sides).
    pub fn of(kind: ItemKind) -> Option<Self> {
        match kind {
            ItemKind::Permit => Some(Self::Licence),
            ItemKind::Confirmation => Some(Self::Confirmation),
            ItemKind::Benefit | ItemKind::Reward => Some(Self::Benefit),
            ItemKind::Filing => Some(Self::Filing),
            ItemKind::PublicService | ItemKind::Other => Some(Self::PublicService),
            ItemKind::Adjudication => None,
        }
    }

    /// The frame's name.
    pub fn name(self) -> Text {
        match self {
            Self::Licence => Text::new("行政许可", "licence"),
            Self::Registration => Text::new("行政登记", "registration"),
            Self::Benefit => Text::new("行政给付", "benefit"),
            Self::Filing => Text::new("备案", "filing"),
            Self::Confirmation => Text::new("行政确认", "confirmation"),
            Self::PublicService => Text::new("公共服务", "public service"),
        }
    }

    /// The law that binds the frame as a whole; where there is none, what binds every government service.
    pub fn law(self) -> Law {
        match self {
            Self::Licence => licensing(0),
            Self::Registration | Self::Benefit | Self::Filing | Self::Confirmation | Self::PublicService => {
                business_environment(35)
            }
        }
    }

    /// Within what time it must be said whether the application is accepted, and by which law. When the time passes in
    /// silence the application counts as accepted from the day it was received (licence: article 32).
    pub fn acceptance(self) -> Option<(Term, Law)> {
        match self {
            Self::Licence => Some((Term::working_days(5), licensing(32))),
            _ => None,
        }
    }

    /// The law's own limit for the decision, counted from acceptance; `None` where only the item's own law sets one.
    pub fn decision(self) -> Option<(Term, Law)> {
        match self {
            Self::Licence => Some((Term::working_days(20), licensing(42))),
            _ => None,
        }
    }

    /// Within what time a granted certificate must be issued and delivered.
    pub fn issue(self) -> Option<(Term, Law)> {
        match self {
            Self::Licence => Some((Term::working_days(10), licensing(44))),
            _ => None,
        }
    }

    /// Whether an application that is complete in form is accepted by the program itself. In the licence frame a body
    /// accepts with its seal and date, and may ask for more only before it does, so a person of that body decides —
    /// unless every step of the item is automatic.
    pub fn accepts_by_rule(self) -> bool {
        self != Self::Licence
    }

    /// Whether a supplement may still be asked for after acceptance (never in the licence frame).
    pub fn supplement_after_acceptance(self) -> bool {
        self != Self::Licence
    }

    /// By which law what is missing is told once and completely (一次性告知).
    pub fn supplement_law(self) -> Law {
        match self {
            Self::Licence => licensing(32),
            _ => business_environment(36),
        }
    }

    /// By which law a refusal states its reasons.
    pub fn refusal_law(self) -> Law {
        match self {
            Self::Licence => licensing(38),
            _ => business_environment(36),
        }
    }

    /// What the person can do against a refusal or a non-acceptance; stated on every one of them.
    pub fn remedies(self) -> Vec<Remedy> {
        vec![
            Remedy {
                say: Text::new(
                    "可自收到本决定之日起六十日内申请行政复议",
                    "You may apply for administrative reconsideration within 60 days of receiving this decision",
                ),
                law: Law::new("中华人民共和国行政复议法", "Administrative Reconsideration Law", 20),
            },
            Remedy {
                say: Text::new(
                    "也可自收到本决定之日起六个月内向人民法院提起行政诉讼",
                    "or bring a suit before the people's court within six months of receiving it",
                ),
                law: Law::new("中华人民共和国行政诉讼法", "Administrative Litigation Law", 46),
            },
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_frames_as_a_lawyer_reads_them() {
        let mut table = String::new();
        for frame in Frame::ALL {
            let term = |t: Option<(Term, Law)>| {
                t.map_or_else(
                    || "—".to_owned(),
                    |(term, law)| format!("{} {}", term.text().zh, law.cite().zh),
                )
            };
            table.push_str(&format!(
                "{}: {}\n  受理 {}\n  决定 {}\n  制证送达 {}\n  补正依据 {}，受理后可补正 {}\n  说明理由 {}\n  救济 {}\n",
                frame.name().zh,
                frame.law().cite().zh,
                term(frame.acceptance()),
                term(frame.decision()),
                term(frame.issue()),
                frame.supplement_law().cite().zh,
                frame.supplement_after_acceptance(),
                frame.refusal_law().cite().zh,
                frame.remedies().iter().map(|r| r.law.cite().zh).collect::<Vec<_>>().join("、"),
            ));
        }
        insta::assert_snapshot!(table);
    }
}
