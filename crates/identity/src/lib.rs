//! Who is who: persons and their documents, organisations, accounts, sessions, rights as types, agencies and staff.
#![doc = include_str!("../README.md")]

mod demo;
mod events;
mod layer;
mod model;
mod pages;
mod password;
mod people;
mod rights;
mod settings;
mod sign_in;
mod store;
mod verbs;

pub use demo::{DEMO_PASSWORD, seed_demo};
pub use events::{AccountEvent, OrganisationEvent};
pub use layer::layer;
pub use model::{
    Agency, DemoAccount, DocumentLine, Mandate, MemberRole, NewSession, Profile, ProfileKind, Role, Session,
    SessionId, SessionKind, SessionLine,
};
pub use pages::routes;
pub use people::{
    agencies, agency, demo_accounts, division, documents, known_facts, organisation_by_code,
    person_by_citizen_id, person_by_document, profile,
};
pub use rights::{Applicant, Clerk, Denied, Examiner, Operator, SignedIn, Staff, Supervisor, sign_in_first};
pub use settings::{Settings, configure};
pub use sign_in::{Origin, sign_in, sign_in_from};
pub use verbs::{
    choose_acting, end_mandate, end_other_sessions, end_session, guard_mandate, mandates, session, sessions,
    sign_out, sweep,
};

/// The room's tables.
pub const MIGRATIONS: ::store::Migrations = ::store::Migrations {
    room: "identity",
    steps: &[("V1__identity", include_str!("../migrations/V1__identity.sql"))],
};

/// The room's words.
static WORDS: std::sync::LazyLock<page::Words> = page::words!("identity");
