//! Typed ids: UUIDv7 (RFC 9562), so that rows made later sort later, and a case id can never be passed for a task's.

use crate::{Rng, Timestamp, rng};
use serde::{Deserialize, Serialize};

/// Makes the UUIDv7 of this moment; 74 of its bits are random.
pub fn uuid_v7(now: Timestamp, rng: &dyn Rng) -> uuid::Uuid {
    let millis = u64::try_from(now.as_millisecond()).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(millis, &rng::bytes::<10>(rng)).into_uuid()
}

/// Something that can be made from a UUID: every typed id.
pub trait TypedId: Copy {
    /// Wraps the bare UUID.
    fn from_uuid(uuid: uuid::Uuid) -> Self;
    /// A new id of this moment.
    fn new_at(now: Timestamp, rng: &dyn Rng) -> Self {
        Self::from_uuid(uuid_v7(now, rng))
    }
}

/// Declares typed ids: `typed_id!(/// A case. CaseId);` Printed and parsed in the hyphenated form, stored as TEXT.
#[macro_export]
macro_rules! typed_id {
    ($($(#[$doc:meta])* $name:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(transparent)]
        pub struct $name(uuid::Uuid);

        impl $crate::id::TypedId for $name {
            fn from_uuid(uuid: uuid::Uuid) -> Self {
                Self(uuid)
            }
        }

        impl $name {
            /// The bare UUID.
            pub fn uuid(self) -> uuid::Uuid {
                self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.hyphenated().fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, uuid::Error> {
                uuid::Uuid::try_parse(text).map(Self)
            }
        }
    )+};
}

typed_id! {
    /// A natural person (自然人), however many documents they have.
    PersonId;
    /// A legal person or other organisation (法人及非法人组织).
    OrganisationId;
    /// A sign-in account.
    AccountId;
    /// One command, that is one commit; looked up when its fate is unknown.
    CommandId;
    /// A stored file (附件).
    FileId;
}

/// Whoever can be a party to a case: a person or an organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", content = "id")]
pub enum SubjectId {
    /// A natural person.
    Person(PersonId),
    /// An organisation.
    Organisation(OrganisationId),
}

/// `person:<uuid>` or `organisation:<uuid>`: the form kept in rows and URLs.
impl std::fmt::Display for SubjectId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Person(id) => write!(f, "person:{id}"),
            Self::Organisation(id) => write!(f, "organisation:{id}"),
        }
    }
}

/// Text that is no subject reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a subject reference (person:… or organisation:…)")]
pub struct NotASubject;

impl std::str::FromStr for SubjectId {
    type Err = NotASubject;
    fn from_str(text: &str) -> Result<Self, NotASubject> {
        let (kind, id) = text.split_once(':').ok_or(NotASubject)?;
        match kind {
            "person" => id.parse().map(Self::Person).map_err(|_| NotASubject),
            "organisation" => id.parse().map(Self::Organisation).map_err(|_| NotASubject),
            _ => Err(NotASubject),
        }
    }
}
