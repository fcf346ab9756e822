//! Rights as types: whoever holds one has been checked, and its scope comes with it.

use crate::confirm::Confirmed;
use crate::mandate::{Basis, InForce, Matters};
use crate::model::{Acting, MemberRole, Post, Role, Session};
use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use axum::http::request::Parts;
use axum::http::{Method, header};
use axum::response::{IntoResponse, Response};
use kernel::{
    AccountId, ActorKind, ActorRef, AgencyCode, Failure, OrganisationId, Outcome, PersonId, Refusal,
    RefusalKind, SubjectId,
};
use page::Problem;
use std::convert::Infallible;

/// Somebody who is signed in, in whatever capacity.
#[derive(Debug, Clone)]
pub struct SignedIn(Session);

impl SignedIn {
    /// The sign-in.
    pub fn session(&self) -> &Session {
        &self.0
    }
}

/// Somebody who applies, for themselves, for their firm, or for somebody under a mandate (申请人).
#[derive(Debug, Clone)]
pub struct Applicant {
    account: AccountId,
    person: PersonId,
    person_name: String,
    /// Never [`Acting::Ended`]: nobody applies for whom they may not act.
    pub(crate) acting: Acting,
}

impl Applicant {
    /// The account.
    pub fn account(&self) -> AccountId {
        self.account
    }

    /// The natural person who acts.
    pub fn person(&self) -> PersonId {
        self.person
    }

    /// The natural person's name.
    pub fn person_name(&self) -> &str {
        &self.person_name
    }

    /// The firm in whose name it is, as one of its people or under a mandate.
    pub fn acting(&self) -> Option<OrganisationId> {
        self.acting.firm()
    }

    /// The mandate under which they act.
    pub fn mandate(&self) -> Option<&InForce> {
        self.acting.mandate()
    }

    /// Whether they manage the firm they act for: its legal representative or an administrator.
    pub fn manages(&self) -> bool {
        matches!(&self.acting, Acting::Firm { role, .. } if MemberRole::manages(*role))
    }

    /// Whether an item is among the matters they may act in.
    pub fn covers(&self, item: &str) -> bool {
        self.mandate().is_none_or(|m| m.matters.cover(item))
    }

    /// Whether they may see everything of whom they act for: an agent with some matters sees those only.
    pub fn sees_all(&self) -> bool {
        self.mandate().is_none_or(|m| m.matters == Matters::All)
    }

    /// Whose own data they look after: their own, or those of the child for whom they act as guardian (PIPL 31).
    pub fn data_subject(&self) -> PersonId {
        match self.mandate() {
            Some(InForce { basis: Basis::Guardian, principal: SubjectId::Person(child), .. }) => *child,
            _ => self.person,
        }
    }

    /// Whether they act as that person: for themselves, or for a child as guardian.
    pub fn as_person(&self) -> bool {
        self.subject() == SubjectId::Person(self.data_subject())
    }

    /// Refuses what shows more of a principal than an agent with some matters may see.
    ///
    /// # Errors
    /// `identity.mandate-partial`.
    pub fn must_see_all(&self) -> Result<(), Refusal> {
        if self.sees_all() {
            return Ok(());
        }
        Err(Refusal::new(
            RefusalKind::Forbidden,
            "identity.mandate-partial",
            "您受托办理的只是部分事项，不能查看委托人的其他资料。",
            "Your mandate is for some matters only; the principal's other papers are not for you to see.",
        )
        .next("需要时请由委托人本人查看。", "The principal can look at them."))
    }

    /// In whose name: whoever is acted for, else the person.
    pub fn subject(&self) -> SubjectId {
        self.acting.subject(self.person)
    }

    /// The name of whoever it is in the name of.
    pub fn subject_name(&self) -> &str {
        self.acting.name().unwrap_or(&self.person_name)
    }

    /// Who acts, for the trace.
    pub fn actor_ref(&self) -> ActorRef {
        ActorRef {
            kind: ActorKind::Applicant,
            account: Some(self.account),
            person: Some(self.person),
            organisation: self.acting(),
            agency: None,
        }
    }
}

/// What all posts share.
#[derive(Debug, Clone)]
struct Holder {
    account: AccountId,
    person: PersonId,
    name: String,
    post: Post,
}

impl Holder {
    fn actor_ref(&self) -> ActorRef {
        ActorRef {
            kind: self.post.role.actor_kind(),
            account: Some(self.account),
            person: Some(self.person),
            organisation: None,
            agency: Some(self.post.agency.clone()),
        }
    }
}

macro_rules! posts {
    ($($(#[$doc:meta])* $name:ident, $verb:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone)]
        pub struct $name(Holder);

        impl $name {
            /// The account.
            pub fn account(&self) -> AccountId {
                self.0.account
            }

            /// The natural person who holds the post.
            pub fn person(&self) -> PersonId {
                self.0.person
            }

            /// That person's name.
            pub fn name(&self) -> &str {
                &self.0.name
            }

            /// The agency or division of the post.
            pub fn agency(&self) -> &AgencyCode {
                &self.0.post.agency
            }

            /// Who acts, for the trace.
            pub fn actor_ref(&self) -> ActorRef {
                self.0.actor_ref()
            }
        }

        impl Session {
            /// The right of this post, if the account holds one.
            ///
            /// # Errors
            /// The refusal `identity.forbidden`.
            pub fn $verb(&self) -> Outcome<$name> {
                self.holder(Role::$name).map($name)
            }
        }
    )+};
}

posts! {
    /// A window clerk (窗口人员).
    Clerk, clerk;
    /// An examiner of an agency (审查人员).
    Examiner, examiner;
    /// A supervisor (监督人员).
    Supervisor, supervisor;
    /// An operator of the platform (运维人员).
    Operator, operator;
}

impl Examiner {
    /// Whether it is a person in charge of the agency (负责人), who may extend, void and revoke (Licensing Law art. 42, 69).
    /// Somebody who stands in for one while away: see [`crate::head_on`].
    pub fn is_head(&self) -> bool {
        self.0.post.head
    }
}

impl Clerk {
    /// Whether it is the person in charge of the hall (大厅负责人).
    pub fn is_head(&self) -> bool {
        self.0.post.head
    }

    /// The window.
    pub fn window(&self) -> Option<&str> {
        self.0.post.window.as_deref()
    }
}

impl Supervisor {
    /// The administrative division supervised (GB/T 2260).
    pub fn division(&self) -> &str {
        self.0.post.division.as_deref().unwrap_or("")
    }

    /// The beginning that the codes of all divisions supervised share. The codes go in pairs, from province to county; pairs of
    /// noughts at the end mean all below. None where the post names no division.
    pub fn divisions(&self) -> Option<&str> {
        let mut prefix = self.division();
        while let Some(shorter) = prefix.strip_suffix("00").filter(|p| p.len() % 2 == 0) {
            prefix = shorter;
        }
        (!prefix.is_empty() && prefix.bytes().all(|b| b.is_ascii_digit())).then_some(prefix)
    }
}

/// Any member of staff, in the post they chose, else the first of their posts.
#[derive(Debug, Clone)]
pub enum Staff {
    /// A window clerk.
    Clerk(Clerk),
    /// An examiner.
    Examiner(Examiner),
    /// A supervisor.
    Supervisor(Supervisor),
    /// An operator.
    Operator(Operator),
}

impl Staff {
    fn holder(&self) -> &Holder {
        match self {
            Self::Clerk(Clerk(h))
            | Self::Examiner(Examiner(h))
            | Self::Supervisor(Supervisor(h))
            | Self::Operator(Operator(h)) => h,
        }
    }

    /// The account.
    pub fn account(&self) -> AccountId {
        self.holder().account
    }

    /// The name of the person.
    pub fn name(&self) -> &str {
        &self.holder().name
    }

    /// The agency or division of the post.
    pub fn agency(&self) -> &AgencyCode {
        &self.holder().post.agency
    }

    /// Who acts, for the trace.
    pub fn actor_ref(&self) -> ActorRef {
        self.holder().actor_ref()
    }
}

const MANDATE_ENDED: &str = "identity.mandate-ended";

/// The refusal for whoever may no longer act for whom they had chosen.
pub(crate) fn mandate_ended() -> Refusal {
    Refusal::new(
        RefusalKind::Forbidden,
        MANDATE_ENDED,
        "您已不能代表原来选择的人或单位办事。",
        "You may no longer act for the person or organisation you had chosen.",
    )
    .next("请重新选择代表谁办事。", "Please choose again for whom you act.")
}

pub(crate) fn forbidden() -> Refusal {
    Refusal::new(
        RefusalKind::Forbidden,
        "identity.forbidden",
        "您现在的身份不能办这件事。",
        "You may not do this in your present capacity.",
    )
    .next("如果您有别的账号或身份，请换用后再试。", "If you have another account or capacity, use that one.")
}

/// The refusal for whoever is not signed in.
pub fn sign_in_first() -> Refusal {
    Refusal::new(RefusalKind::SignIn, "identity.sign-in", "请先登录。", "Please sign in first.")
        .next("登录后会回到这里。", "You will come back here afterwards.")
}

impl Session {
    fn holder(&self, role: Role) -> Outcome<Holder> {
        let post = self.posts.iter().find(|p| p.role == role).ok_or_else(forbidden)?;
        Ok(Holder {
            account: self.account,
            person: self.person,
            name: self.person_name.clone(),
            post: post.clone(),
        })
    }

    /// The right to apply: for the person itself, or for whoever was chosen.
    ///
    /// # Errors
    /// `identity.staff-account` for staff accounts, `identity.mandate-ended` when they may no longer act for whom they had chosen.
    pub fn applicant(&self) -> Outcome<Applicant> {
        if self.is_staff() {
            return Err(Refusal::new(
                RefusalKind::Forbidden,
                "identity.staff-account",
                "工作账号不能用来申请事项。",
                "A staff account cannot be used to apply.",
            )
            .next("请退出后用您自己的账号登录。", "Please sign out and sign in with your own account.")
            .into());
        }
        if self.acting == Acting::Ended {
            return Err(mandate_ended().into());
        }
        Ok(Applicant {
            account: self.account,
            person: self.person,
            person_name: self.person_name.clone(),
            acting: self.acting.clone(),
        })
    }

    /// The right of any member of staff, in the post they chose, else the first of their posts.
    ///
    /// # Errors
    /// The refusal `identity.forbidden`.
    pub fn staff(&self) -> Outcome<Staff> {
        let role = self.posts.first().map(|p| p.role).ok_or_else(forbidden)?;
        let holder = self.holder(role)?;
        Ok(match role {
            Role::Clerk => Staff::Clerk(Clerk(holder)),
            Role::Examiner => Staff::Examiner(Examiner(holder)),
            Role::Supervisor => Staff::Supervisor(Supervisor(holder)),
            Role::Operator => Staff::Operator(Operator(holder)),
        })
    }
}

/// Why a right was not given: to the sign-in page, or a refusal.
#[derive(Debug)]
pub struct Denied(Response);

impl IntoResponse for Denied {
    fn into_response(self) -> Response {
        self.0
    }
}

/// Whether a person opens a page, and can be led to another; the path to come back to.
fn page_asked(parts: &Parts) -> Option<&str> {
    let accept = parts.headers.get(header::ACCEPT).and_then(|v| v.to_str().ok()).unwrap_or("");
    let page = parts.method == Method::GET
        && !parts.uri.path().starts_with("/api/")
        && !accept.starts_with("application/json");
    page.then(|| parts.uri.path_and_query().map_or("/", |p| p.as_str()))
}

fn session_of(parts: &Parts) -> Result<&Session, Denied> {
    parts.extensions.get::<Session>().ok_or_else(|| {
        Denied(match page_asked(parts) {
            Some(back) => page::see_other(page::problem::sign_in_path(back)),
            None => Problem::from(sign_in_first()).into_response(),
        })
    })
}

/// A page whose reader's mandate has ended leads to the choice; every other refusal is told.
fn denied(parts: &Parts, failure: Failure) -> Denied {
    let ended = matches!(&failure, Failure::Refused(refusal) if refusal.code == MANDATE_ENDED);
    Denied(match page_asked(parts).filter(|_| ended) {
        Some(back) => page::see_other(page::problem::sign_in_path(back).replacen("/login", "/acting", 1)),
        None => Problem(failure).into_response(),
    })
}

macro_rules! extract {
    ($($name:ty, $mint:expr;)+) => {$(
        impl<S: Send + Sync> FromRequestParts<S> for $name {
            type Rejection = Denied;
            async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Denied> {
                let session = session_of(parts)?;
                $mint(session).map_err(|failure| denied(parts, failure))
            }
        }
    )+};
}

extract! {
    SignedIn, |s: &Session| Outcome::Ok(SignedIn(s.clone()));
    Applicant, Session::applicant;
    Clerk, Session::clerk;
    Examiner, Session::examiner;
    Supervisor, Session::supervisor;
    Operator, Session::operator;
    Staff, Session::staff;
}

macro_rules! extract_optional {
    ($($name:ty, $mint:expr;)+) => {$(
        impl<S: Send + Sync> OptionalFromRequestParts<S> for $name {
            type Rejection = Infallible;
            async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Option<Self>, Infallible> {
                Ok(parts.extensions.get::<Session>().and_then($mint))
            }
        }
    )+};
}

extract_optional! {
    SignedIn, |s: &Session| Some(SignedIn(s.clone()));
    Applicant, |s: &Session| s.applicant().ok();
    Staff, |s: &Session| s.staff().ok();
}

/// That whoever asks has shown lately who they are: an argument of acts whose form holds nothing that was typed. Whoever has not is led
/// to where they can, and from there back to the page they came from.
pub struct Sure(pub Confirmed);

impl<S: Send + Sync> FromRequestParts<S> for Sure {
    type Rejection = Denied;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Denied> {
        let session = session_of(parts)?;
        session.confirmed(session.at).map(Sure).map_err(|_| {
            let from = parts.headers.get(header::REFERER).and_then(|v| v.to_str().ok()).unwrap_or_default();
            let from = from.parse::<axum::http::Uri>().ok();
            let back = from.as_ref().and_then(|uri| uri.path_and_query()).map_or("/", |p| p.as_str());
            Denied(page::see_other(page::problem::sign_in_path(back).replacen(
                "/login",
                "/account/confirm",
                1,
            )))
        })
    }
}
