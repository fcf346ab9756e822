//! What a notice holds.

use crate::{Frame, Law, NoticeKind};
use kernel::{AgencyCode, FileId, Text, Timestamp};
use serde::{Deserialize, Serialize};

kernel::typed_id! {
    /// A notice that was issued.
    NoticeId;
}

/// What a notice says, beside its head and its seal.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct NoticeContent {
    /// The matter it is about: the item's name.
    pub item: Text,
    /// Facts in two columns: what, and its value.
    #[serde(default)]
    pub facts: Vec<(Text, String)>,
    /// The body, paragraph by paragraph.
    #[serde(default)]
    pub paragraphs: Vec<Text>,
    /// Why, reason by reason.
    #[serde(default)]
    pub reasons: Vec<Text>,
    /// What is asked for: the field or paper, and what is wrong with it.
    #[serde(default)]
    pub demands: Vec<(String, String)>,
    /// How a date was reckoned.
    #[serde(default)]
    pub reckoning: Vec<Text>,
    /// By which laws.
    #[serde(default)]
    pub laws: Vec<Law>,
    /// What the person can do against it.
    #[serde(default)]
    pub remedies: Vec<Text>,
}

/// A notice to be issued.
#[derive(Debug, Clone)]
pub struct NewNotice {
    /// What it tells.
    pub kind: NoticeKind,
    /// In which frame.
    pub frame: Frame,
    /// What it is about: `case:ID`.
    pub subject: String,
    /// The number people know the subject by: the case number.
    pub reference: String,
    /// The agency that issues it.
    pub agency: AgencyCode,
    /// Its name.
    pub agency_name: Text,
    /// To whom.
    pub addressee: String,
    /// What it says.
    pub content: NoticeContent,
    /// Its date in law.
    pub at: Timestamp,
    /// Whether the program issues it by rule; then the seal must be one that it may apply.
    pub auto: bool,
}

/// A notice in a list: nothing of its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoticeLine {
    /// Which.
    pub id: NoticeId,
    /// What it tells.
    pub kind: NoticeKind,
    /// Its number.
    pub number: String,
    /// Its date in law.
    pub at: Timestamp,
    /// The name of the seal it bears.
    pub seal: Option<String>,
    /// What it is called.
    pub name: Text,
}

/// A notice with its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Which.
    pub id: NoticeId,
    /// What it tells.
    pub kind: NoticeKind,
    /// In which frame.
    pub frame: Frame,
    /// What it is about.
    pub subject: String,
    /// The number people know the subject by.
    pub reference: String,
    /// Its number.
    pub number: String,
    /// The agency that issued it.
    pub agency: AgencyCode,
    /// Its name then.
    pub agency_name: Text,
    /// To whom.
    pub addressee: String,
    /// What it says.
    pub content: NoticeContent,
    /// Its date in law.
    pub at: Timestamp,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// The seal it bears.
    pub seal: Option<crate::seal::Imprint>,
    /// Whether the program issued it by rule.
    pub auto: bool,
    /// The laid-out original, once somebody asked for it.
    pub file: Option<FileId>,
}

impl Notice {
    /// What it is called.
    pub fn name(&self) -> Text {
        self.kind.name(self.frame)
    }

    /// The body in whose name it speaks: whose seal it bears, else the agency that issued it.
    pub fn body(&self) -> Text {
        match &self.seal {
            Some(seal) if seal.ring != self.agency_name.zh => {
                Text::new(seal.ring.clone(), seal.ring_en.clone())
            }
            _ => self.agency_name.clone(),
        }
    }
}
