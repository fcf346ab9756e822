//! What a notice is written about, in types that keep one date from standing for another.

use crate::running::day;
use crate::{Exit, Notice, NoticeKind, NoticeLine, RemedyKind, RunningTerm, SuspensionKind};
use jiff::civil::Date;
use kernel::{Lang, Term, Text, Timestamp, clock};
use serde::{Deserialize, Serialize};

/// What follows when a paper promised later does not come (容缺受理).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Consequence {
    /// 不予许可: the application is refused, with reasons and remedies.
    Refuse,
    /// 终止办理: it ends, and one may apply again.
    Lapse,
}

crate::words!(Consequence);

impl Consequence {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Refuse, Self::Lapse];

    /// As packs and rows write it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Refuse => "refuse",
            Self::Lapse => "lapse",
        }
    }

    /// What follows, as told to the applicant.
    pub fn say(self) -> Text {
        match self {
            Self::Refuse => Text::new(
                "逾期未补交的，作出不予决定",
                "If it does not come in time, the application is refused",
            ),
            Self::Lapse => {
                Text::new("逾期未补交的，终止办理", "If it does not come in time, the application ends")
            }
        }
    }
}

/// A decision that was made before, by its own date and number. It can only be had from that decision's notice, or from the
/// certificate where the grant is the certificate itself; never from the day of the application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Granted {
    on: Date,
    number: String,
}

impl Granted {
    /// Of the notice of a decision; `None` of any other notice.
    pub fn of(notice: &Notice) -> Option<Self> {
        Self::told(notice.kind, notice.at, &notice.number)
    }

    /// Of a notice in a list; `None` of any other than a decision.
    pub fn of_line(line: &NoticeLine) -> Option<Self> {
        Self::told(line.kind, line.at, &line.number)
    }

    /// Where the grant is the certificate itself: when it was issued, and its number.
    pub fn certificate(issued: Timestamp, number: &str) -> Self {
        Self { on: clock::legal_date(issued), number: number.to_owned() }
    }

    /// Of a notice as the subject's own events keep it: what it told, when, under which number; `None` of any other than a
    /// decision.
    pub fn told(kind: NoticeKind, at: Timestamp, number: &str) -> Option<Self> {
        let decides = matches!(kind, NoticeKind::Grant | NoticeKind::Refusal);
        (decides && !number.is_empty()).then(|| Self { on: clock::legal_date(at), number: number.to_owned() })
    }

    /// Its date.
    pub fn on(&self) -> Date {
        self.on
    }

    /// Its number.
    pub fn number(&self) -> &str {
        &self.number
    }
}

/// What a notice is written about; what a kind does not need stays empty.
#[derive(Debug, Clone, Default)]
pub struct Matter {
    /// The item's name.
    pub item: Text,
    /// When the application was received.
    pub received: Option<Date>,
    /// The decision that is taken back or was changed.
    pub granted: Option<Granted>,
    /// Whose application it is, for those whom it concerns.
    pub applicant: Option<String>,
    /// The day it is all about: to decide, to supply, to ask for a hearing, to bring what was promised, to deliver; the last of the
    /// renewed validity.
    pub due: Option<Date>,
    /// What was told before (extension, resumption).
    pub before: Option<Date>,
    /// How long: the special procedure, the extension, the later check.
    pub term: Option<Term>,
    /// Which special procedure.
    pub procedure: Option<SuspensionKind>,
    /// The body that is right, that it is sent to, or whose head gave leave.
    pub body: Option<Text>,
    /// When the hearing is; when the procedure ended, the application was withdrawn, the decision was changed.
    pub at: Option<Timestamp>,
    /// Where the hearing is.
    pub place: Option<String>,
    /// Who conducts it.
    pub chair: Option<String>,
    /// What follows when a promised paper does not come.
    pub consequence: Option<Consequence>,
    /// Until when it is decided, beside the day of a promised paper.
    pub decide_by: Option<Date>,
    /// What changed the decision.
    pub remedy: Option<RemedyKind>,
    /// The first day: on which the time stands still, of the renewed validity, for which a benefit is no longer paid.
    pub from: Option<Date>,
    /// Why a benefit ends.
    pub exit: Option<Exit>,
}

/// Every term that got a new end, as facts for a notice: its name, the end told before, the end now.
pub fn moved(terms: &[RunningTerm]) -> Vec<(Text, String)> {
    let one = |t: &RunningTerm| {
        let before = t.earlier.last()?;
        let (before, now) = (day(before.date, Lang::ZhCn), day(t.due.date, Lang::ZhCn));
        Some((t.kind.name(), format!("原{before}，现{now}")))
    };
    terms.iter().filter_map(one).collect()
}
