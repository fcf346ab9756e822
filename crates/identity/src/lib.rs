//! Who is who: persons and their documents, organisations, accounts, sessions, rights as types, agencies and staff.
#![doc = include_str!("../README.md")]

mod at_window;
mod away;
mod branches;
mod confirm;
mod demo;
mod directory;
mod events;
mod layer;
pub mod letters;
mod mail;
pub mod mandate;
mod model;
pub mod national;
mod number;
mod once;
mod pages;
mod passkey;
mod password;
mod people;
mod phones;
mod places;
pub mod protection;
mod register;
mod rights;
mod second;
mod secrets;
mod settings;
mod sign_in;
mod staff;
mod store;
mod verbs;

pub use at_window::{AtWindow, Principal, Tie, as_party, principals};
pub use away::{
    Delegation, Delegations, acting_for, delegate, delegates_of, delegations, end_delegation, head_on,
};
pub use branches::{Branch, branches};
pub use confirm::{Confirmed, confirm};
pub use demo::{DEMO_PASSWORD, seed_demo};
pub use directory::{Directory, Succession, directory, formerly, successor};
pub use events::{AccountEvent, OrganisationEvent};
pub use layer::layer;
pub use model::{
    Agency, Colleague, DelegationId, DemoAccount, DocumentLine, Level, MemberRole, Membership, NewSession,
    Profile, ProfileKind, RenewalId, Role, Session, SessionId, SessionKind, SessionLine,
};
pub use number::staff_number;
pub use pages::{routes, routes_with};
pub use people::{
    address_for_post, agencies, agency, colleagues, demo_accounts, documents, known_facts,
    known_facts_of_firm, organisation_by_code, person_by_citizen_id, person_by_document, profile,
};
pub use phones::{
    Holders, Indexes, account_by_citizen_id, citizen_index, holders_of_phone, indexes, phone_index,
};
pub use places::{agency_for, division, division_chain, divisions_below};
pub use protection::{address_kept, address_public, any_address_kept};
pub use register::{NewPerson, PersonEvent, Shown, name_by_card, register_at_window};
pub use rights::{
    Applicant, Clerk, Denied, Examiner, Operator, SignedIn, Staff, Supervisor, Sure, sign_in_first,
};
pub use secrets::{Found, Renewal, begin_renewal, change_password, finish_renewal, recover, renewals};
pub use settings::{Settings, configure};
pub use sign_in::{Entered, Origin, enter, enter_code, sign_in, sign_in_from};
pub use staff::{NewStaff, STAFF_LINES, StaffMember, end_membership, remove_staff, set_staff, staff_of};
pub use verbs::{
    Whom, choose_acting, choose_post, end_other_sessions, end_session, session, sessions, sign_out, sweep,
};

/// The room's tables.
pub const MIGRATIONS: ::store::Migrations = ::store::Migrations {
    room: "identity",
    steps: &[
        ("V1__identity", include_str!("../migrations/V1__identity.sql")),
        ("V2__posts", include_str!("../migrations/V2__posts.sql")),
        ("V3__succession", include_str!("../migrations/V3__succession.sql")),
        ("V4__mandates", include_str!("../migrations/V4__mandates.sql")),
        ("V5__second_factor", include_str!("../migrations/V5__second_factor.sql")),
        ("V6__ways_in", include_str!("../migrations/V6__ways_in.sql")),
        ("V9__standing", include_str!("../migrations/V9__standing.sql")),
        ("V10__branches", include_str!("../migrations/V10__branches.sql")),
        ("V11__mail", include_str!("../migrations/V11__mail.sql")),
        ("V12__protection", include_str!("../migrations/V12__protection.sql")),
        ("V13__phone_index", include_str!("../migrations/V13__phone_index.sql")),
    ],
};

/// The room's words.
static WORDS: std::sync::LazyLock<page::Words> = page::words!("identity");
