//! Line systems (条线系统): steps that another agency's own program takes, called by signed HTTP and answered so.

pub mod demo;
mod receive;
mod send;
pub mod sign;
mod watch;

pub use demo::{DemoLines, demo_line_systems};
pub use receive::{ANSWERED, receive};
pub use send::{Post, courier, dispatch, dispatch_about};
pub use watch::{cancel, counts, dispatches, dispatches_of, resend, sweep};

use kernel::{AgencyCode, Fault, Text, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;
use store::text_column;

kernel::typed_id! {
    /// One task handed to a line system; it stands in every request about it, so that the other side takes it once.
    DispatchId;
}
text_column!(DispatchId, DispatchState, Verdict);

/// The fewest bytes of a secret.
const SECRET_MIN: usize = 32;

/// A secret shared with a line system; printed nowhere.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// The secret `text`; its bytes are the key.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret")
    }
}

/// A key by its name, as it stands in the header `x-yimen-key`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LineKey {
    /// Its name, one among all line systems.
    pub key_id: String,
    /// The secret.
    pub secret: Secret,
}

/// A program of another agency that takes steps, by configuration.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LineSystem {
    /// Its id, as packs name it: `by: external:fire-line`.
    pub id: String,
    /// Its name.
    pub name: Text,
    /// Whose it is.
    pub agency: AgencyCode,
    /// Where dispatches are posted.
    pub url: String,
    /// The name of the key in use.
    pub key_id: String,
    /// Its secret, 32 bytes or more: signs dispatches, checks reports.
    pub secret: Secret,
    /// The other key that reports may be signed with while keys are changed.
    #[serde(default)]
    pub previous: Option<LineKey>,
    /// After how many failures a dispatch counts as stuck. It goes on being tried, ever more rarely.
    #[serde(default = "tries")]
    pub tries: i64,
    /// How many seconds it may take to take a dispatch.
    #[serde(default = "timeout_seconds")]
    pub timeout_seconds: u64,
}

fn tries() -> i64 {
    8
}

fn timeout_seconds() -> u64 {
    10
}

impl LineSystem {
    /// A line system with the usual patience.
    pub fn new(id: &str, name: Text, agency: AgencyCode, url: &str, key: LineKey) -> Self {
        Self {
            id: id.to_owned(),
            name,
            agency,
            url: url.to_owned(),
            key_id: key.key_id,
            secret: key.secret,
            previous: None,
            tries: tries(),
            timeout_seconds: timeout_seconds(),
        }
    }

    /// The keys that it may sign with.
    pub(crate) fn keys(&self) -> impl Iterator<Item = (&str, &Secret)> {
        let previous = self.previous.iter().map(|k| (k.key_id.as_str(), &k.secret));
        std::iter::once((self.key_id.as_str(), &self.secret)).chain(previous)
    }
}

/// The line systems that are plugged in; cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct LineSystems(Arc<BTreeMap<String, LineSystem>>);

impl LineSystems {
    /// The set of `systems`.
    ///
    /// # Errors
    /// A [`Fault`] that names what does not fit: an id or key twice, a short secret, an address that is none.
    pub fn new(systems: Vec<LineSystem>) -> Result<Self, Fault> {
        let (mut all, mut keys) = (BTreeMap::new(), std::collections::BTreeSet::new());
        for system in systems {
            let wrong = |what: &str| Err(Fault::new(format!("the line system {:?}: {what}", system.id)));
            let word = |text: &str| {
                !text.is_empty()
                    && text.len() <= 64
                    && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
            };
            if !word(&system.id) {
                return wrong("its id may hold letters, digits, `-`, `_` and `.` only");
            }
            if !["https://", "http://", "demo:"].iter().any(|scheme| system.url.starts_with(scheme)) {
                return wrong("its url is no address");
            }
            if system.tries < 1 || system.timeout_seconds < 1 {
                return wrong("tries and timeout_seconds are 1 at least");
            }
            for (key_id, secret) in system.keys() {
                if !word(key_id) || !keys.insert(key_id.to_owned()) {
                    return wrong("a key's name is empty, odd, or taken by another key");
                }
                if secret.bytes().len() < SECRET_MIN {
                    return wrong("a secret has 32 bytes at least");
                }
            }
            let id = system.id.clone();
            if all.insert(id.clone(), system).is_some() {
                return Err(Fault::new(format!("the line system {id:?} stands there twice")));
            }
        }
        Ok(Self(Arc::new(all)))
    }

    /// The line system called `id`.
    pub fn get(&self, id: &str) -> Option<&LineSystem> {
        self.0.get(id)
    }

    /// All of them, by id.
    pub fn all(&self) -> impl Iterator<Item = &LineSystem> {
        self.0.values()
    }
}

/// A task to be handed to a line system. `body` carries what the line system needs for it and nothing else.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Dispatch {
    /// The line system's id.
    pub system: String,
    /// The task, handed out once.
    pub task: String,
    /// What it belongs to (`case:…`): the report comes back under it.
    pub subject: String,
    /// The number people know it by.
    pub number: String,
    /// What the line system needs.
    pub body: Value,
}

/// How a dispatch stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DispatchState {
    /// Not taken yet.
    Waiting,
    /// Taken by the line system, not answered yet.
    Sent,
    /// Answered.
    Answered,
    /// Not taken after several tries: somebody must look, meanwhile it is tried on.
    Stuck,
    /// No longer wanted.
    Cancelled,
}

impl DispatchState {
    const ALL: [Self; 5] = [Self::Waiting, Self::Sent, Self::Answered, Self::Stuck, Self::Cancelled];

    /// The stable word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Sent => "sent",
            Self::Answered => "answered",
            Self::Stuck => "stuck",
            Self::Cancelled => "cancelled",
        }
    }
}

impl std::fmt::Display for DispatchState {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.word())
    }
}

impl std::str::FromStr for DispatchState {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL
            .into_iter()
            .find(|s| s.word() == text)
            .ok_or_else(|| format!("unknown state of a dispatch {text:?}"))
    }
}

/// What a line system found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// The step is passed.
    Pass,
    /// It is not; the report says why.
    Fail,
}

impl std::fmt::Display for Verdict {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
        })
    }
}

impl std::str::FromStr for Verdict {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "pass" => Ok(Self::Pass),
            "fail" => Ok(Self::Fail),
            other => Err(format!("unknown outcome {other:?}")),
        }
    }
}

/// What a line system reports; also the body of the message [`ANSWERED`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// Which line system.
    pub system: String,
    /// The task.
    pub task: String,
    /// What it belongs to, as dispatched.
    pub subject: String,
    /// The number people know it by, as dispatched.
    pub number: String,
    /// Passed or not.
    pub outcome: Verdict,
    /// What was found, for people; a failure always says why.
    pub text: String,
    /// When the line system decided.
    pub at: Timestamp,
}

/// A dispatch in a list: what is sealed stays sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DispatchLine {
    /// Its id, also the cursor for the next page.
    pub id: DispatchId,
    /// Which line system.
    pub system: String,
    /// The task.
    pub task: String,
    /// What it belongs to.
    pub subject: String,
    /// The number people know it by.
    pub number: String,
    /// How it stands.
    pub state: DispatchState,
    /// How often it failed since it was (re)sent.
    pub tries: i64,
    /// What went wrong last.
    pub error: Option<String>,
    /// Since when it is there.
    pub created_at: Timestamp,
    /// When the line system took it.
    pub sent_at: Option<Timestamp>,
    /// When it was answered.
    pub answered_at: Option<Timestamp>,
}
