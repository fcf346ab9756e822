//! What the log is made of: subjects, events, heads.

use kernel::{ActorRef, Fault, Timestamp};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::Digest as _;
use std::fmt::Display;
use std::str::FromStr;
use std::sync::atomic::{AtomicU8, Ordering};

/// What events are about, `kind:id`: `case:…`, `certificate:…`, `account:…`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Subject(String);

impl Subject {
    /// The subject `kind:id`. Neither part may hold personal data: subjects are printed in exports and roots.
    pub fn new(kind: &str, id: impl Display) -> Self {
        Self(format!("{kind}:{id}"))
    }

    /// A subject as it was kept.
    pub(crate) fn kept(text: String) -> Self {
        Self(text)
    }

    /// The subject as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Display for Subject {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// Something that happened, as a room defines it; written as JSON, sealed, and read back typed.
pub trait Event: Serialize + DeserializeOwned {
    /// The version of the body's shape; raise it when the shape changes and say in [`Event::upgrade`] how to read the old.
    const VERSION: i64;

    /// The kind of event, a stable word: `filed`, `accepted`. Printed in outlines and exports without opening the body.
    fn kind(&self) -> &'static str;

    /// Turns a body written as version `v` into the shape of today.
    ///
    /// # Errors
    /// A [`Fault`] when version `v` is not known.
    fn upgrade(v: i64, body: serde_json::Value) -> Result<serde_json::Value, Fault> {
        if v == Self::VERSION {
            Ok(body)
        } else {
            Err(Fault::new(format!("event version {v} cannot be read")))
        }
    }
}

/// The end of a subject's chain as it was read; the next event is written right after it or not at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// How many events there are.
    pub seq: i64,
    /// The last one's hash.
    pub hash: [u8; 32],
}

impl Head {
    /// The head of a subject that has no events yet.
    pub fn start() -> Self {
        Self { seq: 0, hash: [0; 32] }
    }
}

/// An event as it stands in the log.
#[derive(Debug, Clone)]
pub struct Recorded<E> {
    /// Its place in the subject's chain, from 1.
    pub seq: i64,
    /// When it happened in law.
    pub occurred_at: Timestamp,
    /// When the clock showed that it was written down.
    pub recorded_at: Timestamp,
    /// Who did it.
    pub actor: ActorRef,
    /// What happened.
    pub event: E,
    /// Its hash.
    pub hash: [u8; 32],
    /// Whether the body was legally deleted, and `event` is what stays of it.
    pub erased: bool,
}

/// An event without its body: what may be shown without opening anything.
#[derive(Debug, Clone, Serialize)]
pub struct Outline {
    /// Its place in the subject's chain, from 1.
    pub seq: i64,
    /// The kind of event.
    pub kind: String,
    /// When it happened in law.
    pub occurred_at: Timestamp,
    /// When it was written down.
    pub recorded_at: Timestamp,
    /// Who did it.
    pub actor: ActorRef,
    /// Its hash in hexadecimal.
    pub hash: String,
    /// Whether the body was legally deleted.
    pub erased: bool,
}

/// The hash function of a record; every record names its own, so that a change needs no rewriting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Algorithm {
    /// SHA-256 (FIPS 180-4).
    #[default]
    Sha256,
    /// SM3 (GB/T 32905).
    Sm3,
}

static CHOSEN: AtomicU8 = AtomicU8::new(0);

/// Chooses the hash function of the records written from now on (configuration `trace.hash`).
pub fn use_algorithm(algorithm: Algorithm) {
    CHOSEN.store(u8::from(algorithm == Algorithm::Sm3), Ordering::Relaxed);
}

impl Algorithm {
    /// The one that new records are written with.
    pub fn chosen() -> Self {
        if CHOSEN.load(Ordering::Relaxed) == 1 { Self::Sm3 } else { Self::Sha256 }
    }

    /// The name that stands in records.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sha256 => "sha256",
            Self::Sm3 => "sm3",
        }
    }

    /// The digest of `bytes`.
    pub fn digest(self, bytes: &[u8]) -> [u8; 32] {
        match self {
            Self::Sha256 => sha2::Sha256::digest(bytes).into(),
            Self::Sm3 => sm3::Sm3::digest(bytes).into(),
        }
    }
}

impl Display for Algorithm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Algorithm {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "sha256" => Ok(Self::Sha256),
            "sm3" => Ok(Self::Sm3),
            other => Err(format!("unknown hash function {other:?}; known are sha256 and sm3")),
        }
    }
}

::store::text_column!(Algorithm);
