//! The kinds of procedure, each with the law that binds it and the terms that this law sets.

use crate::law::{self, business_environment, licensing};
use crate::leave::LeaveOf;
use crate::{RemedyKind, SuspensionKind};
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

impl Frame {
    /// A stable word for rows.
    pub fn word(self) -> &'static str {
        match self {
            Self::Licence => "licence",
            Self::Registration => "registration",
            Self::Benefit => "benefit",
            Self::Filing => "filing",
            Self::Confirmation => "confirmation",
            Self::PublicService => "public-service",
        }
    }
}

crate::words!(Frame);

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
    /// Which way it is.
    pub kind: RemedyKind,
    /// The sentence for the notice.
    pub say: Text,
    /// By which law.
    pub law: Law,
}

/// Who may grant more time, how much, and by which law.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MoreTime {
    /// How much at most, once.
    pub term: Term,
    /// By which law.
    pub law: Law,
    /// Whose leave it needs.
    pub of: LeaveOf,
    /// The same in words.
    pub leave: Text,
}

/// The times of a hearing (听证).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HearingTerms {
    /// To ask for it, from being told of the right.
    pub request: Term,
    /// To hold it, from the request.
    pub hold: Term,
    /// To tell time and place, before it is held.
    pub announce: Term,
    /// By which law it is offered and held.
    pub law: Law,
    /// By which law it is announced and conducted.
    pub conduct: Law,
}

/// When a holder asks for renewal (延续), and what silence means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Renewal {
    /// How long before the end of validity.
    pub before: Term,
    /// By which law.
    pub law: Law,
    /// Whether no decision before the end counts as renewal (视为准予延续).
    pub silence_renews: bool,
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
            #[allow(
                unreachable_patterns,
                reason = "the kind of registrations is being added to the catalogue"
            )]
            other => (format!("{other:?}") == "Registration").then_some(Self::Registration),
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
        (self == Self::Licence).then(|| (law::ACCEPTANCE, licensing(32)))
    }

    /// The law's own limit for the decision, counted from acceptance; `None` where only the item's own law sets one.
    /// `joint`: several bodies handle it together (article 26).
    pub fn decision(self, joint: bool) -> Option<(Term, Law)> {
        let term = if joint { law::JOINT_DECISION } else { law::DECISION };
        (self == Self::Licence).then(|| (term, licensing(42)))
    }

    /// How much more time there may be to decide, once, told with reasons; `None` where only the item's own law says so.
    pub fn extension(self, joint: bool) -> Option<MoreTime> {
        let (term, of) = if joint {
            (law::JOINT_EXTENSION, LeaveOf::Government)
        } else {
            (law::EXTENSION, LeaveOf::Agency)
        };
        (self == Self::Licence).then(|| MoreTime { term, law: licensing(42), of, leave: of.name() })
    }

    /// A lower body's time to review what a higher body decides (article 43).
    pub fn preliminary_review(self) -> Option<(Term, Law)> {
        (self == Self::Licence).then(|| (law::PRELIMINARY_REVIEW, licensing(43)))
    }

    /// Within what time a granted certificate must be issued and delivered.
    pub fn issue(self) -> Option<(Term, Law)> {
        (self == Self::Licence).then(|| (law::ISSUE, licensing(44)))
    }

    /// The times of a hearing (articles 47 and 48).
    pub fn hearing(self) -> Option<HearingTerms> {
        (self == Self::Licence).then(|| HearingTerms {
            request: law::HEARING_REQUEST,
            hold: law::HEARING_HOLD,
            announce: law::HEARING_ANNOUNCE,
            law: licensing(47),
            conduct: licensing(48),
        })
    }

    /// When a holder asks for renewal (article 50).
    pub fn renewal(self) -> Option<Renewal> {
        (self == Self::Licence).then(|| Renewal {
            before: law::practice().renewal,
            law: licensing(50),
            silence_renews: true,
        })
    }

    /// By which law the time of such a procedure does not count (article 45); `None` where only the item's own law may say
    /// so, and always for an ordinary suspension.
    pub fn exclusion(self, kind: SuspensionKind) -> Option<Law> {
        (self == Self::Licence && kind.stops()).then(|| licensing(45))
    }

    /// The usual time for the pre-check of an application on line (预审).
    pub fn precheck(self) -> Term {
        law::practice().precheck
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

    /// Until when the applicant may take the application back.
    pub fn withdrawal(self) -> Text {
        match self {
            // 不动产登记暂行条例 art. 15; what is entered is undone only by another registration.
            Self::Registration => Text::new("记载于登记簿之前", "before it is entered in the register"),
            _ => Text::new("作出决定之前", "before the decision"),
        }
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

    /// By which law an act granted wrongly is taken back (撤销); `None` where only the item's own law says so.
    pub fn revocation_law(self) -> Option<Law> {
        (self == Self::Licence).then(|| licensing(69))
    }

    /// What the person can do against a refusal or a non-acceptance; stated on every one of them.
    pub fn remedies(self) -> Vec<Remedy> {
        let months = law::practice().suit_months;
        let (zh, en) = months_in_words(months);
        vec![
            Remedy {
                kind: RemedyKind::Reconsideration,
                say: Text::new(
                    "可自收到本决定之日起六十日内申请行政复议",
                    "You may apply for administrative reconsideration within 60 days of receiving this decision",
                ),
                law: law::reconsideration(20),
            },
            Remedy {
                kind: RemedyKind::Suit,
                say: Text::new(
                    format!("也可自收到本决定之日起{zh}内向人民法院提起行政诉讼"),
                    format!("or bring a suit before the people's court within {en} of receiving it"),
                ),
                law: law::litigation(46),
            },
        ]
    }

    /// What the person can do when the body stays silent beyond its term: reconsideration comes before a suit (since 2024).
    pub fn remedies_against_silence(self) -> Vec<Remedy> {
        vec![Remedy {
            kind: RemedyKind::Reconsideration,
            say: Text::new(
                "对行政机关未在期限内履行法定职责的，应当先申请行政复议，对复议决定不服的可以再提起行政诉讼",
                "Where an agency does not act within its time, apply for administrative reconsideration first; a suit lies \
                 against the outcome of that",
            ),
            law: law::reconsideration(23),
        }]
    }
}

/// A number of months in words: 六个月, six months.
fn months_in_words(months: u8) -> (String, String) {
    match months {
        3 => ("三个月".to_owned(), "three months".to_owned()),
        6 => ("六个月".to_owned(), "six months".to_owned()),
        12 => ("一年".to_owned(), "one year".to_owned()),
        n => (format!("{n}个月"), format!("{n} months")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn term(t: Option<(Term, Law)>) -> String {
        t.map_or_else(
            || "依该事项自身的法律".to_owned(),
            |(t, law)| format!("{} {}", t.text().zh, law.cite().zh),
        )
    }

    fn more(t: Option<MoreTime>) -> String {
        t.map_or_else(
            || "依该事项自身的法律".to_owned(),
            |m| format!("{} 经{}批准 {}", m.term.text().zh, m.leave.zh, m.law.cite().zh),
        )
    }

    fn rows(frame: Frame) -> Vec<(&'static str, String)> {
        let none = || "—".to_owned();
        let hearing = frame.hearing().map_or_else(none, |h| {
            format!(
                "告知后{}内申请，申请后{}内举行，举行{}前通知 {}、{}",
                h.request.text().zh,
                h.hold.text().zh,
                h.announce.text().zh,
                h.law.cite().zh,
                h.conduct.cite().zh
            )
        });
        let renewal = frame.renewal().map_or_else(none, |r| {
            let silence = if r.silence_renews { "，逾期未决定视为准予延续" } else { "" };
            format!("届满{}前{silence} {}", r.before.text().zh, r.law.cite().zh)
        });
        let excluded = SuspensionKind::ALL.into_iter().filter(|k| frame.exclusion(*k).is_some());
        let excluded: Vec<String> = excluded.map(|k| k.name().zh).collect();
        let excluded = if excluded.is_empty() { none() } else { excluded.join("、") };
        vec![
            ("依据", frame.law().cite().zh),
            ("网上预审", frame.precheck().text().zh),
            ("受理", frame.acceptance().map_or_else(|| "当场；完备即受理".to_owned(), |a| term(Some(a)))),
            ("决定", term(frame.decision(false))),
            ("联合办理的决定", term(frame.decision(true))),
            ("延长", more(frame.extension(false))),
            ("联合办理的延长", more(frame.extension(true))),
            ("下级初审", frame.preliminary_review().map_or_else(none, |a| term(Some(a)))),
            ("不计入期限", excluded),
            ("听证", hearing),
            ("制证送达", frame.issue().map_or_else(none, |a| term(Some(a)))),
            ("延续", renewal),
            ("补正依据", frame.supplement_law().cite().zh),
            ("受理后可补正", if frame.supplement_after_acceptance() { "可以" } else { "不可以" }.to_owned()),
            ("撤回申请", frame.withdrawal().zh),
            ("说明理由", frame.refusal_law().cite().zh),
            ("撤销", frame.revocation_law().map_or_else(none, |l| l.cite().zh)),
            ("救济", frame.remedies().iter().map(|r| r.law.cite().zh).collect::<Vec<_>>().join("、")),
            ("不作为", frame.remedies_against_silence().iter().map(|r| r.law.cite().zh).collect()),
        ]
    }

    #[test]
    fn the_frames_as_a_lawyer_reads_them() {
        let mut table = String::new();
        for frame in Frame::ALL {
            table.push_str(&format!("## {}\n", frame.name().zh));
            for (label, value) in rows(frame) {
                table.push_str(&format!("{label}：{value}\n"));
            }
            table.push('\n');
        }
        insta::assert_snapshot!(table);
    }

    #[test]
    fn the_licensing_law_binds_licences_only() {
        for frame in Frame::ALL.into_iter().filter(|f| *f != Frame::Licence) {
            let table: String = rows(frame).into_iter().map(|(_, value)| value).collect();
            assert!(!table.contains("行政许可法"), "{frame:?} borrows from the Licensing Law");
        }
    }
}
