//! What the room knows: sessions, posts, profiles, agencies.

use crate::mandate::InForce;
use kernel::codes::{Division, DivisionLevel};
use kernel::{
    AccountId, ActorKind, ActorRef, AgencyCode, OrganisationId, PersonId, SubjectId, Text, Timestamp,
};
use std::str::FromStr;

kernel::typed_id! {
    /// One sign-in; not the secret token, which is kept nowhere.
    SessionId;
    /// One time away, for which a colleague stands in.
    DelegationId;
    /// One recovery of an account at a window.
    RenewalId;
    /// One passkey of an account.
    PasskeyId;
}

/// What carries the session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SessionKind {
    /// A browser's cookie.
    Cookie,
    /// A bearer token of the API.
    Token,
}

impl SessionKind {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Cookie => "cookie",
            Self::Token => "token",
        }
    }
}

impl std::fmt::Display for SessionKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for SessionKind {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "cookie" => Ok(Self::Cookie),
            "token" => Ok(Self::Token),
            other => Err(format!("unknown kind of session {other:?}")),
        }
    }
}

/// A post's role (岗位角色).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Examiner (审查人员).
    Examiner,
    /// Window clerk (窗口人员).
    Clerk,
    /// Supervisor (监督人员).
    Supervisor,
    /// Operator (运维人员).
    Operator,
}

impl Role {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Examiner => "examiner",
            Self::Clerk => "clerk",
            Self::Supervisor => "supervisor",
            Self::Operator => "operator",
        }
    }

    pub(crate) fn actor_kind(self) -> ActorKind {
        match self {
            Self::Examiner => ActorKind::Examiner,
            Self::Clerk => ActorKind::Clerk,
            Self::Supervisor => ActorKind::Supervisor,
            Self::Operator => ActorKind::Operator,
        }
    }
}

impl std::fmt::Display for Role {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Role {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        [Self::Examiner, Self::Clerk, Self::Supervisor, Self::Operator]
            .into_iter()
            .find(|r| r.name() == text)
            .ok_or_else(|| format!("unknown role {text:?}"))
    }
}

/// What a person is to an organisation (单位成员角色).
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MemberRole {
    /// Legal representative (法定代表人).
    LegalRepresentative,
    /// Administrator, who may do everything on line (管理员).
    Administrator,
    /// Somebody who files for it (经办人).
    Agent,
}

impl MemberRole {
    /// Whether it manages the firm's people and signs for it: the legal representative (Civil Code art. 61) or an administrator.
    pub fn manages(self) -> bool {
        matches!(self, Self::LegalRepresentative | Self::Administrator)
    }
}

impl std::fmt::Display for MemberRole {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::LegalRepresentative => "legal-representative",
            Self::Administrator => "administrator",
            Self::Agent => "agent",
        })
    }
}

impl FromStr for MemberRole {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "legal-representative" => Ok(Self::LegalRepresentative),
            "administrator" => Ok(Self::Administrator),
            "agent" => Ok(Self::Agent),
            other => Err(format!("unknown member role {other:?}")),
        }
    }
}

/// How far up an agency stands: the level of the division it works for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// 镇街.
    Town,
    /// 县区.
    County,
    /// 市.
    City,
    /// 省.
    Province,
}

impl Level {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Town => "town",
            Self::County => "county",
            Self::City => "city",
            Self::Province => "province",
        }
    }

    /// The level of a division; a village has no agency of its own and counts with its town.
    pub fn of(division: &Division) -> Self {
        match division.level() {
            DivisionLevel::Province => Self::Province,
            DivisionLevel::City => Self::City,
            DivisionLevel::County => Self::County,
            DivisionLevel::Township | DivisionLevel::Village => Self::Town,
        }
    }
}

impl std::fmt::Display for Level {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Level {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        [Self::Town, Self::County, Self::City, Self::Province]
            .into_iter()
            .find(|l| l.name() == text)
            .ok_or_else(|| format!("unknown level {text:?}"))
    }
}

store::text_column!(SessionId, DelegationId, RenewalId, PasskeyId, SessionKind, Role, MemberRole);

/// A post that an account holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Post {
    pub(crate) role: Role,
    pub(crate) agency: AgencyCode,
    pub(crate) window: Option<String>,
    pub(crate) division: Option<String>,
    pub(crate) head: bool,
}

impl Post {
    /// The post as it is chosen: `examiner@nanjing.transport`.
    pub(crate) fn key(&self) -> String {
        format!("{}@{}", self.role, self.agency)
    }
}

/// For whom a session acts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Acting {
    /// For the person itself.
    Myself,
    /// For a firm, as one of its people (职务代理, Civil Code art. 170).
    Firm {
        /// Which.
        id: OrganisationId,
        /// Its name.
        name: String,
        /// What the person is to it.
        role: MemberRole,
    },
    /// For a person or a firm, under a mandate.
    Under(Box<InForce>),
    /// For somebody for whom one may act no longer: nothing may be done until chosen anew.
    Ended,
}

impl Acting {
    /// In whose name a person acts.
    pub(crate) fn subject(&self, person: PersonId) -> SubjectId {
        match self {
            Self::Firm { id, .. } => SubjectId::Organisation(*id),
            Self::Under(mandate) => mandate.principal,
            Self::Myself | Self::Ended => SubjectId::Person(person),
        }
    }

    /// The name of whoever is acted for; none when one acts for oneself.
    pub(crate) fn name(&self) -> Option<&str> {
        match self {
            Self::Firm { name, .. } => Some(name),
            Self::Under(mandate) => Some(&mandate.principal_name),
            Self::Myself | Self::Ended => None,
        }
    }

    /// The mandate under which one acts.
    pub(crate) fn mandate(&self) -> Option<&InForce> {
        match self {
            Self::Under(mandate) => Some(mandate),
            Self::Myself | Self::Firm { .. } | Self::Ended => None,
        }
    }

    /// The firm in whose name one acts.
    pub(crate) fn firm(&self) -> Option<OrganisationId> {
        match self {
            Self::Firm { id, .. } => Some(*id),
            Self::Under(mandate) => match mandate.principal {
                SubjectId::Organisation(id) => Some(id),
                SubjectId::Person(_) => None,
            },
            Self::Myself | Self::Ended => None,
        }
    }
}

/// A sign-in that is valid at this moment; minted only from a token that was checked.
#[derive(Clone)]
pub struct Session {
    pub(crate) id: SessionId,
    pub(crate) kind: SessionKind,
    pub(crate) csrf: String,
    pub(crate) account: AccountId,
    pub(crate) account_name: String,
    pub(crate) person: PersonId,
    pub(crate) person_name: String,
    pub(crate) acting: Acting,
    pub(crate) mandates: i64,
    pub(crate) confirmed_at: Option<Timestamp>,
    /// The moment at which it was found valid.
    pub(crate) at: Timestamp,
    pub(crate) posts: Vec<Post>,
    pub(crate) expires_at: Timestamp,
}

/// Neither the form token nor a name: what is printed may end in a log.
impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Session {} of account {}", self.id, self.account)
    }
}

impl Session {
    /// The session's id.
    pub fn id(&self) -> SessionId {
        self.id
    }

    /// What carries it.
    pub fn kind(&self) -> SessionKind {
        self.kind
    }

    /// The account.
    pub fn account(&self) -> AccountId {
        self.account
    }

    /// The name one signs in with.
    pub fn account_name(&self) -> &str {
        &self.account_name
    }

    /// The natural person behind the account.
    pub fn person(&self) -> PersonId {
        self.person
    }

    /// That person's name.
    pub fn person_name(&self) -> &str {
        &self.person_name
    }

    /// The firm acted for, as one of its people or under a mandate.
    pub fn acting(&self) -> Option<OrganisationId> {
        self.acting.firm()
    }

    /// The name of the person or firm acted for.
    pub fn acting_name(&self) -> Option<&str> {
        self.acting.name()
    }

    /// Whether there is somebody else to act for, or a choice to make anew because a mandate has ended.
    pub(crate) fn can_switch(&self) -> bool {
        !self.is_staff() && (self.mandates > 0 || self.acting == Acting::Ended)
    }

    /// Whether it is a member of staff.
    pub fn is_staff(&self) -> bool {
        !self.posts.is_empty()
    }

    /// When it ends whatever is done.
    pub fn expires_at(&self) -> Timestamp {
        self.expires_at
    }

    /// Who acts, for the trace, before any right is minted: sign-out, choosing for whom to act.
    pub fn actor_ref(&self) -> ActorRef {
        let post = self.posts.first();
        ActorRef {
            kind: post.map_or(ActorKind::Applicant, |p| p.role.actor_kind()),
            account: Some(self.account),
            person: Some(self.person),
            organisation: self.acting(),
            agency: post.map(|p| p.agency.clone()),
        }
    }
}

/// A session as the account page lists it.
#[derive(Debug, Clone)]
pub struct SessionLine {
    /// Its id.
    pub id: SessionId,
    /// What carries it.
    pub kind: SessionKind,
    /// The browser or program, as it named itself.
    pub device: String,
    /// Since when.
    pub created_at: Timestamp,
    /// When it was last used (to the minute).
    pub seen_at: Timestamp,
}

/// A fresh sign-in. The token is told once and kept nowhere.
#[derive(Clone)]
pub struct NewSession {
    /// The secret.
    pub token: String,
    /// When it ends whatever is done.
    pub expires_at: Timestamp,
}

impl std::fmt::Debug for NewSession {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "NewSession until {}", self.expires_at)
    }
}

/// Whether a profile is a person's or an organisation's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProfileKind {
    /// A natural person.
    Person,
    /// An organisation.
    Organisation,
}

/// Who somebody is, with everything secret masked: reading it is no look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// The name.
    pub name: String,
    /// The name as strangers may see it.
    pub name_masked: String,
    /// The first document's number, or the credit code, masked.
    pub number_masked: String,
    /// The telephone number, masked.
    pub phone_masked: Option<String>,
    /// A person or an organisation.
    pub kind: ProfileKind,
}

/// A document of a person, masked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentLine {
    /// The type, GA/T 2000.156: `111` identity card, `414` passport, …
    pub kind: String,
    /// The issuing country, ISO 3166 alpha-3.
    pub country: String,
    /// The number, masked.
    pub number_masked: String,
}

/// An organisation of which somebody is one of the people (企业办事人员).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    /// The organisation.
    pub organisation: OrganisationId,
    /// Its name.
    pub name: String,
    /// Its credit code, masked.
    pub code_masked: String,
    /// What the person is to it.
    pub role: MemberRole,
}

/// An agency or one of its divisions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agency {
    /// Its code.
    pub code: AgencyCode,
    /// Its name.
    pub name: Text,
    /// Its unified social credit code.
    pub credit_code: String,
    /// The administrative division it works for (GB/T 2260).
    pub division: String,
    /// What it does, one word for the same office in every division: `civil-affairs`, `market`.
    pub function: Option<String>,
    /// How far up it stands, by its division.
    pub level: Option<Level>,
    /// Its telephone number.
    pub phone: String,
    /// Where it is.
    pub address: Text,
}

/// A demonstration account, as the sign-in page lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoAccount {
    /// What one signs in with.
    pub name: String,
    /// Who that is.
    pub note: Text,
}

/// Somebody who holds a post in an agency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Colleague {
    /// The account.
    pub account: AccountId,
    /// The person's name.
    pub name: String,
    /// The post's role.
    pub role: Role,
    /// Whether it is a person in charge (负责人).
    pub head: bool,
}
