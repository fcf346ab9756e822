//! A proof (证明材料) as this room knows it: what is kept of a paper, how far it is believed, and where it was used.

use ::store::Sealer;
use jiff::civil::Date;
use kernel::{AgencyCode, FileId, SubjectId, Text, Timestamp, clock};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

kernel::typed_id! {
    /// One kept proof.
    ProofId;
}
store::text_column!(ProofId);

/// How far a paper is believed; stays with it into every later case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Grade {
    /// A: issued by an agency as an electronic certificate or taken from its register.
    Issued,
    /// B: compared with the original by staff.
    Checked,
    /// C: uploaded by the person; still to be checked.
    Uploaded,
    /// D: declared in writing (告知承诺).
    Declared,
}

impl Grade {
    /// Every grade, the best first.
    pub const ALL: [Self; 4] = [Self::Issued, Self::Checked, Self::Uploaded, Self::Declared];

    /// The stable word for rows, the API and CSS classes.
    pub fn word(self) -> &'static str {
        match self {
            Self::Issued => "issued",
            Self::Checked => "checked",
            Self::Uploaded => "uploaded",
            Self::Declared => "declared",
        }
    }

    /// The letter that staff say: A, B, C, D.
    pub fn letter(self) -> char {
        match self {
            Self::Issued => 'A',
            Self::Checked => 'B',
            Self::Uploaded => 'C',
            Self::Declared => 'D',
        }
    }

    /// Whether it is believed as far as `other`, or farther.
    pub fn at_least(self, other: Self) -> bool {
        self.letter() <= other.letter()
    }

    /// The better of two.
    #[must_use]
    pub fn best(self, other: Self) -> Self {
        if self.at_least(other) { self } else { other }
    }
}

impl fmt::Display for Grade {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl FromStr for Grade {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|g| g.word() == text).ok_or_else(|| format!("{text} is no grade"))
    }
}
store::text_column!(Grade);

/// Where a proof stands with one case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Use {
    /// The case's number.
    pub case: String,
    /// The demand in that case which it answers, by the id the case knows it by.
    pub demand: String,
    /// The item's name.
    pub item: Text,
}

/// A use as it was written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Used {
    /// Where.
    pub what: Use,
    /// When.
    pub at: Timestamp,
}

/// What is to be kept of a paper that was handed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewProof {
    /// In whose drawer it lies: the person or firm that it speaks of, or that handed it in for somebody without an account.
    pub subject: SubjectId,
    /// The kind of material, the dictionary's word: `citizen-card`.
    pub kind: String,
    /// Whose paper it is, seen from `subject`: `applicant` for its own, else `child`, `dwelling`, `vehicle` …
    pub holder: String,
    /// The paper's name.
    pub name: Text,
    /// How far it is believed now.
    pub grade: Grade,
    /// What it was handed in for, in words of the citizen.
    pub purpose: Text,
    /// The cases that use it; the first one is where it comes from. A matter's cases share one paper: name them all here.
    pub uses: Vec<Use>,
    /// Its pages. What is kept nowhere else (a declaration) may have none.
    pub files: Vec<FileId>,
    /// The day on which it was issued, where somebody said so.
    pub issued: Option<Date>,
    /// The last day on which it may be used again, counted from the day of issue, else from today; none when it does not age.
    pub valid_until: Option<Date>,
    /// The law that has it kept, when one does: then the holder cannot withdraw it.
    pub kept_by_law: Option<Text>,
}

/// How staff looked at a paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Compared {
    /// With the original in hand (验原件): it is believed from then on (B).
    Original,
    /// The upload alone, on the screen, beside the form: it is noted, and the paper stays an upload (C).
    OnScreen,
}

/// Who looked at it, when, and how.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// The agency.
    pub by: AgencyCode,
    /// When.
    pub at: Timestamp,
    /// How; not said in old rows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub how: Option<Compared>,
}

/// Whether it is still offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Offered in the next case.
    Kept,
    /// A newer one stands in its place.
    Replaced,
    /// Taken back by its holder.
    Withdrawn,
}

impl State {
    /// The stable word for rows and CSS classes.
    pub fn word(self) -> &'static str {
        match self {
            Self::Kept => "kept",
            Self::Replaced => "replaced",
            Self::Withdrawn => "withdrawn",
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl FromStr for State {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        [Self::Kept, Self::Replaced, Self::Withdrawn]
            .into_iter()
            .find(|s| s.word() == text)
            .ok_or_else(|| format!("{text} is no state of a proof"))
    }
}
store::text_column!(State);

/// What is sealed of a proof: everything that says what the paper is about.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(crate) struct Body {
    pub name: Text,
    pub purpose: Text,
    pub item: Text,
    pub files: Vec<FileId>,
    /// The keyed digests of the files, in their order: the same paper gives the same.
    pub digests: Vec<String>,
    #[serde(default)]
    pub issued: Option<Date>,
    #[serde(default)]
    pub kept_by_law: Option<Text>,
    #[serde(default)]
    pub checked: Option<Check>,
    #[serde(default)]
    pub replaced_by: Option<ProofId>,
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Body(sealed)")
    }
}

/// A kept proof.
#[derive(Debug, Clone)]
pub struct Proof {
    /// Its id.
    pub id: ProofId,
    /// In whose drawer it lies.
    pub subject: SubjectId,
    /// The kind of material, the dictionary's word.
    pub kind: String,
    /// Whose paper it is, seen from `subject`.
    pub holder: String,
    /// The paper's name.
    pub name: Text,
    /// How far it is believed.
    pub grade: Grade,
    /// What it was handed in for.
    pub purpose: Text,
    /// The case it comes from.
    pub case: String,
    /// The item of that case.
    pub item: Text,
    /// Its pages.
    pub files: Vec<FileId>,
    /// When it was handed in.
    pub at: Timestamp,
    /// The day on which it was issued, where somebody said so.
    pub issued: Option<Date>,
    /// The last day on which it may be used again.
    pub valid_until: Option<Date>,
    /// Whether it is still offered.
    pub state: State,
    /// The law that has it kept.
    pub kept_by_law: Option<Text>,
    /// Who looked at it.
    pub checked: Option<Check>,
    /// The one that stands in its place.
    pub replaced_by: Option<ProofId>,
    pub(crate) digests: Vec<String>,
    /// Which thing it is about, as a keyed index; empty where it is about its holder.
    pub(crate) about: String,
    /// The version of the row, for guards.
    pub rev: i64,
}

impl Proof {
    /// The day from which its age is counted: that of issue where it is known, else that of handing in.
    pub fn since(&self) -> Date {
        self.issued.unwrap_or_else(|| clock::legal_date(self.at))
    }

    /// Whether it has pages that another case can be handed. What has none (a certificate that was shown, a register that was asked,
    /// a word given) is a record of what was proven: it is asked for anew, for registers and certificates live on.
    pub fn has_pages(&self) -> bool {
        !self.files.is_empty()
    }

    /// Whether it may be used on `day`.
    pub fn usable(&self, day: Date) -> bool {
        self.state == State::Kept && !self.expired(day)
    }

    /// Whether it is about the thing with this key (a title number, a child's number); with none, whether it is about its holder. A
    /// paper about a house is never offered for another house, nor before one knows which.
    pub fn fits(&self, sealer: &Sealer, thing: Option<&str>) -> bool {
        self.about == about_of(sealer, thing)
    }

    /// Whether its last day lies before `day`.
    pub fn expired(&self, day: Date) -> bool {
        self.valid_until.is_some_and(|last| last < day)
    }

    /// Where a list goes on after this one.
    pub fn cursor(&self) -> Cursor {
        Cursor { at: self.at, id: self.id }
    }

    pub(crate) fn body(&self) -> Body {
        Body {
            name: self.name.clone(),
            purpose: self.purpose.clone(),
            item: self.item.clone(),
            files: self.files.clone(),
            digests: self.digests.clone(),
            issued: self.issued,
            kept_by_law: self.kept_by_law.clone(),
            checked: self.checked.clone(),
            replaced_by: self.replaced_by,
        }
    }
}

/// The keyed index of a thing's key, however it is spaced or written.
pub(crate) fn about_of(sealer: &Sealer, thing: Option<&str>) -> String {
    let key: String = thing.unwrap_or_default().chars().filter(|c| !c.is_whitespace()).collect();
    if key.is_empty() { String::new() } else { sealer.blind("proofs_proof.about", &key.to_uppercase()) }
}

/// Where a page of proofs goes on: the last row of the page before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    /// When that proof was handed in.
    pub at: Timestamp,
    /// Its id.
    pub id: ProofId,
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.at.as_microsecond(), self.id)
    }
}

impl FromStr for Cursor {
    type Err = NotACursor;
    fn from_str(text: &str) -> Result<Self, NotACursor> {
        let (at, id) = text.split_once('.').ok_or(NotACursor)?;
        Ok(Self {
            at: clock::from_micros(at.parse().map_err(|_| NotACursor)?),
            id: id.parse().map_err(|_| NotACursor)?,
        })
    }
}

/// Text that is no cursor of this list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotACursor;

impl fmt::Display for NotACursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a place in a list of proofs")
    }
}

impl std::error::Error for NotACursor {}
