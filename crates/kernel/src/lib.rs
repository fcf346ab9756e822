//! The ground everything stands on: time, chance, ids, codes, terms and rules, without any input or output.
//!
//! **Invariant:** kernel opens no file, socket or database, and nothing above it reads the wall clock or makes a
//! random number but through [`Clock`] and [`Rng`].

pub mod actor;
pub mod calendar;
pub mod clock;
pub mod codes;
pub mod failure;
pub mod id;
pub mod lang;
pub mod money;
pub mod press;
pub mod rng;
pub mod rules;
pub mod term;

pub use actor::{ActorKind, ActorRef, AgencyCode};
pub use calendar::{Calendar, CalendarError, Due, OfficeHours, Why};
pub use clock::{Clock, FixedClock, SystemClock, Timestamp};
pub use codes::{
    BasicItemCode, CaseNumber, CertificateIdentifier, CitizenId, CodeError, CreditCode, Division,
    HandlingCode, ImplementationCode,
};
pub use failure::{Failure, Fault, FieldError, Outcome, Refusal, RefusalKind};
pub use id::{AccountId, CommandId, FileId, OrganisationId, PersonId, SubjectId};
pub use lang::{Lang, Text};
pub use money::Money;
pub use press::{Press, PressJob};
pub use rng::{Rng, SeededRng, SystemRng};
pub use rules::{Rule, RuleError, Schema, Verdict};
pub use term::{Term, TermUnit};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct ReadmeTests;
