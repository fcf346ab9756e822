//! The socket: sources, questions and what comes back.

use async_trait::async_trait;
use kernel::{AgencyCode, Text, Timestamp};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

/// Under which conditions a register may be asked (共享类型).
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SharingClass {
    /// 无条件共享: by any agency for its work.
    Free,
    /// 有条件共享: for a stated ground.
    Conditional,
    /// 不予共享: not through this platform.
    Never,
}

/// A question: the keys and their values, as `packs/sources.yaml` names them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Query {
    /// `citizen_id`, `credit_code`, `plate`, …
    pub keys: Map<String, Value>,
}

impl Query {
    /// A question with one key.
    pub fn by(key: &str, value: impl Into<Value>) -> Self {
        Self { keys: Map::from_iter([(key.to_owned(), value.into())]) }
    }
}

/// The source does not answer at the moment.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{why}")]
pub struct SourceDown {
    /// Why, for the log and the operator.
    pub why: String,
}

/// A register of another agency.
#[async_trait]
pub trait Source: Send + Sync {
    /// Its id in `packs/sources.yaml`.
    fn id(&self) -> &str;
    /// Its name.
    fn name(&self) -> Text;
    /// The agency that keeps it.
    fn agency(&self) -> AgencyCode;
    /// Under which conditions it may be asked.
    fn sharing(&self) -> SharingClass;
    /// How long an answer may take.
    fn timeout(&self) -> Duration {
        Duration::from_secs(3)
    }
    /// Asks; `None` when the register holds nothing.
    ///
    /// # Errors
    /// [`SourceDown`] when it cannot be asked.
    async fn fetch(&self, q: &Query) -> Result<Option<Value>, SourceDown>;
}

/// The sources that are plugged in.
#[derive(Clone, Default)]
pub struct Sources(Arc<BTreeMap<String, Arc<dyn Source>>>);

impl Sources {
    /// The set of `sources`.
    pub fn new(sources: Vec<Arc<dyn Source>>) -> Self {
        Self(Arc::new(sources.into_iter().map(|s| (s.id().to_owned(), s)).collect()))
    }

    /// The source called `id`.
    pub fn get(&self, id: &str) -> Option<&Arc<dyn Source>> {
        self.0.get(id)
    }

    /// All of them, by id.
    pub fn all(&self) -> impl Iterator<Item = &Arc<dyn Source>> {
        self.0.values()
    }
}

impl std::fmt::Debug for Sources {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

/// What came back.
#[derive(Debug, Clone, PartialEq)]
pub enum Fetched {
    /// The register's record.
    Found(Value),
    /// The register answered that it holds none.
    NotFound,
    /// It does not answer: go on without, and ask again later.
    Down {
        /// Which source.
        source: String,
        /// Since when.
        since: Timestamp,
    },
}
