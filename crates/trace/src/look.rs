//! Looks at personal data: who opened what of whom, when, and for which case; shown to the person concerned.

use crate::store::{self, LookLine};
use ::store::{Cx, Store};
use kernel::{ActorRef, Fault, PersonId, Timestamp};

/// Why a secret is opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Purpose {
    /// The ground, a stable machine word: `prefill`, `examine`, `verify`.
    pub ground: String,
    /// The number of the case it is for.
    pub case: Option<String>,
}

impl Purpose {
    /// A purpose without a case.
    pub fn new(ground: &str) -> Self {
        Self { ground: ground.to_owned(), case: None }
    }

    /// A purpose within a case.
    pub fn in_case(ground: &str, case: impl std::fmt::Display) -> Self {
        Self { ground: ground.to_owned(), case: Some(case.to_string()) }
    }
}

/// One look at data about one person.
#[derive(Debug, Clone)]
pub struct Look {
    /// Whose data.
    pub person: PersonId,
    /// Which fields, by element or register name; never their content.
    pub fields: Vec<String>,
    /// Why.
    pub purpose: Purpose,
}

/// A look as it was recorded.
#[derive(Debug, Clone)]
pub struct LookRow {
    /// The cursor for the next page.
    pub id: i64,
    /// When.
    pub at: Timestamp,
    /// Who looked.
    pub actor: ActorRef,
    /// Which fields.
    pub fields: Vec<String>,
    /// Why.
    pub purpose: Purpose,
}

/// Adds the record of a look to the commit; open the data only in a command whose commit carries the look.
///
/// # Errors
/// A [`Fault`] when the look cannot be written.
pub fn look(cx: &mut Cx, look: &Look) -> Result<(), Fault> {
    let doing = |e| Fault::from("recording a look", e);
    let line = LookLine {
        // Sorted by time; the last ten bits are chance, and a clash is an ordinary conflict that is run again.
        id: cx.now.as_microsecond().saturating_mul(1024)
            | i64::try_from(cx.ground.rng.next_u64() % 1024).unwrap_or(0),
        at: cx.now,
        actor: serde_json::to_string(&cx.actor).map_err(doing)?,
        fields: serde_json::to_string(&look.fields).map_err(doing)?,
        ground: look.purpose.ground.clone(),
        case: look.purpose.case.clone(),
    };
    let agency = cx.actor.agency.as_ref().map(|a| a.as_str().to_owned());
    store::insert_look(&mut cx.commit, look.person, agency.as_deref(), line);
    Ok(())
}

/// The looks at data about `person`, newest first, before the cursor `before`.
///
/// # Errors
/// A [`Fault`] when the database does not answer.
pub async fn looks_of(
    store: &Store,
    person: PersonId,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<LookRow>, Fault> {
    let doing = |e| Fault::from("reading a look", e);
    store::looks(store, person, before.unwrap_or(i64::MAX), limit.clamp(1, 200))
        .await?
        .into_iter()
        .map(|line| {
            Ok(LookRow {
                id: line.id,
                at: line.at,
                actor: serde_json::from_str(&line.actor).map_err(doing)?,
                fields: serde_json::from_str(&line.fields).map_err(doing)?,
                purpose: Purpose { ground: line.ground, case: line.case },
            })
        })
        .collect()
}
