//! The ground everything stands on: time, chance, ids, codes, terms and rules, without any input or output.
//!
//! **Invariant:** kernel opens no file, socket or database, and nothing above it reads the wall clock or makes a
//! random number but through [`Clock`] and [`Rng`].

pub mod actor;
pub mod clock;
pub mod failure;
pub mod id;
pub mod lang;
pub mod press;
pub mod rng;

pub use actor::{ActorKind, ActorRef, AgencyCode};
pub use clock::{Clock, FixedClock, SystemClock, Timestamp};
pub use failure::{Failure, Fault, FieldError, Outcome, Refusal, RefusalKind};
pub use id::{AccountId, CommandId, FileId, OrganisationId, PersonId, SubjectId};
pub use lang::{Lang, Text};
pub use press::{Press, PressJob};
pub use rng::{Rng, SeededRng, SystemRng};
