//! What the pages show: plain words, already in the reader's language.

/// A service on the home page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ItemCard {
    /// Its guide's address.
    pub href: String,
    /// Its name.
    pub name: String,
    /// The agency.
    pub agency: String,
    /// The promised term, and that nobody need come: each stays on one line.
    pub notes: Vec<String>,
    /// The icon of its first theme.
    pub icon: &'static str,
}

/// A joint matter on the home page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ThemeCard {
    /// Its guide's address.
    pub href: String,
    /// Its name.
    pub name: String,
    /// What it is.
    pub what: String,
    /// Its icon.
    pub icon: String,
}

/// A theme with the number of its services.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ThemeLink {
    /// The list's address.
    pub href: String,
    /// Its name.
    pub name: String,
    /// Its icon.
    pub icon: &'static str,
    /// How many services.
    pub count: usize,
}

/// A line of my space: a draft, a case, a certificate or a look.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Line {
    /// Where it leads; empty for nowhere.
    pub href: String,
    /// What it is.
    pub title: String,
    /// Who has it, until when, since when.
    pub notes: Vec<String>,
    /// The kind of the state badge.
    pub kind: &'static str,
    /// The word of the state badge; empty for none.
    pub word: String,
    /// The words on the button; empty for none.
    pub action: String,
    /// Whether something must be done by the reader.
    pub mine: bool,
}

pub use supervision::plain::LookLine;

impl From<LookLine> for Line {
    fn from(look: LookLine) -> Self {
        let notes = vec![joined(&[&look.what, &look.why]), look.at];
        Self { title: look.who, notes, ..Self::default() }
    }
}

/// Who is at home in my space.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Me {
    /// The person's name or the firm's.
    pub name: String,
    /// Label and masked number.
    pub number: (String, String),
    /// The masked telephone number.
    pub phone: Option<String>,
    /// The person who acts, when it is a firm's space.
    pub acting: Option<String>,
}

/// Everything in my space.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Space {
    /// Who.
    pub me: Me,
    /// What waits for the reader: drafts and supplements.
    pub waiting: Vec<Line>,
    /// Mandates that are offered to the reader.
    pub offers: Vec<Offer>,
    /// What ends soon.
    pub ending: Vec<Line>,
    /// What is with the agencies.
    pub running: Vec<Line>,
    /// What is finished.
    pub finished: Vec<Line>,
    /// What they hold.
    pub certificates: Vec<Line>,
    /// The latest looks at the person's data.
    pub looks: Vec<Line>,
    /// Whether the reader may see everything of whom they act for.
    pub all: bool,
    /// Whether more waits than is shown.
    pub more_waiting: bool,
    /// How many messages are unread, [`cases::UNREAD_MAX`] at most.
    pub unread: i64,
    /// How many services may be rated, as far as they are counted.
    pub ratable: usize,
    /// Whether the firm has branches and the reader manages it.
    pub branches: bool,
    /// Whether there are more cases than are shown.
    pub more: bool,
    /// Whether there may be more certificates than are shown.
    pub more_certificates: bool,
}

/// A mandate that waits for the reader's yes or no.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Offer {
    /// Where it is read, and answered.
    pub href: String,
    /// From whom.
    pub title: String,
    /// For what, until when.
    pub notes: Vec<String>,
}

/// The panel on the home page of somebody signed in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Panel {
    /// The most urgent lines, three at most.
    pub lines: Vec<Line>,
    /// One sentence: how many wait, run, expire.
    pub summary: String,
}

/// Parts of a note with a point between them, empty ones left out.
pub(crate) fn joined(parts: &[&str]) -> String {
    parts.iter().filter(|p| !p.is_empty()).copied().collect::<Vec<_>>().join(" · ")
}
