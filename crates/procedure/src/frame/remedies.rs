//! What the person can do against a decision, and against silence.

use super::{Frame, Remedy};
use crate::{RemedyKind, law};
use kernel::Text;

impl Frame {
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

    /// What the person can do against what reconsideration made of a decision: a suit within 15 days of receiving it
    /// (Administrative Litigation Law art. 45).
    pub fn remedies_after_reconsideration(self) -> Vec<Remedy> {
        vec![Remedy {
            kind: RemedyKind::Suit,
            say: Text::new(
                "对复议决定不服的，可自收到复议决定书之日起十五日内向人民法院提起行政诉讼",
                "Against the decision on reconsideration a suit may be brought before the people's court within 15 days of \
                 receiving it",
            ),
            law: law::litigation(45),
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
